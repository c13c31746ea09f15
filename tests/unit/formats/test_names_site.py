"""[names] of a site file: hosts with or without a port, and networks."""

from __future__ import annotations

import pytest

from stdiag.formats.errors import FormatError
from stdiag.formats.names_site import MOST_HOSTS, canonical_named_host, canonical_network, parse_named_host
from stdiag.formats.site_file import parse_site


@pytest.mark.parametrize(
    ("typed", "read", "canonical"),
    [
        (" DB2.Example.com. ", ("db2.example.com", None), "db2.example.com"),
        ("db2.example.com:50000", ("db2.example.com", 50000), "db2.example.com:50000"),
        ("Bücher.example:1516", ("xn--bcher-kva.example", 1516), "xn--bcher-kva.example:1516"),
        ("db2", ("db2", None), "db2"),
        ("192.0.2.10", ("192.0.2.10", None), "192.0.2.10"),
        ("192.0.2.10:389", ("192.0.2.10", 389), "192.0.2.10:389"),
        ("2001:DB8::1", ("2001:db8::1", None), "2001:db8::1"),
        ("[2001:db8::1]", ("2001:db8::1", None), "2001:db8::1"),
        ("[2001:db8::1]:389", ("2001:db8::1", 389), "[2001:db8::1]:389"),
    ],
)
def test_a_host_with_and_without_a_port(typed: str, read: tuple[str, int | None], canonical: str) -> None:
    assert parse_named_host(typed) == read
    assert canonical_named_host(typed) == canonical
    assert parse_named_host(canonical) == read


@pytest.mark.parametrize("typed", ["", "[db2]:1", "[::1", "[::1]1", "a:b:c", "db2:", "db2:x", "u:hunter2@db2", "a/b"])
def test_what_is_no_host(typed: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_named_host(typed)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("10.99.0.0/16", "10.99.0.0/16"),
        (" 10.99.0.0/255.255.0.0", "10.99.0.0/16"),
        ("10.99.0.7", "10.99.0.7/32"),
        ("FD00:99::/64", "fd00:99::/64"),
    ],
)
def test_a_network(typed: str, canonical: str) -> None:
    assert canonical_network(typed) == canonical


@pytest.mark.parametrize("typed", ["", "10.99", "10.99.0.0/33", "10.99.0.7/16", "::/0", "management", "10.0.0.0/"])
def test_what_is_no_network(typed: str) -> None:
    with pytest.raises(FormatError):
        canonical_network(typed)


def test_a_site_holds_the_canonical_form() -> None:
    text = '[names]\nhosts = ["DB2.example.com:50000"]\nmanagement_networks = ["10.99.0.0/255.255.0.0"]'
    site = parse_site(text, "s")
    assert site.names.hosts == ["db2.example.com:50000"]
    assert site.names.management_networks == ["10.99.0.0/16"]


def test_hosts_are_bounded() -> None:
    hosts = ", ".join(f'"h{number}.example.com"' for number in range(MOST_HOSTS + 1))
    with pytest.raises(FormatError, match="more than 100 of them"):
        parse_site(f"[names]\nhosts = [{hosts}]", "s")
