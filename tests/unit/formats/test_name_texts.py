"""What names, addresses and a hosts file tell by their text."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.formats.address_range import AddressRange, network_of, range_of, same_address
from stdiag.formats.hosts_file import MOST_LINES, lines_naming
from stdiag.formats.special_names import is_reserved, is_this_machine, labels_of, own_domain


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", AddressRange.PUBLIC),
        ("2606:4700::1", AddressRange.PUBLIC),
        ("10.0.0.1", AddressRange.PRIVATE),
        ("172.31.255.255", AddressRange.PRIVATE),
        ("172.32.0.0", AddressRange.PUBLIC),
        ("192.168.1.1", AddressRange.PRIVATE),
        ("100.64.0.1", AddressRange.PRIVATE),
        ("fd00::1", AddressRange.PRIVATE),
        ("127.0.1.1", AddressRange.LOOPBACK),
        ("::1", AddressRange.LOOPBACK),
        ("::ffff:127.0.0.1", AddressRange.LOOPBACK),
        ("169.254.1.2", AddressRange.LINK_LOCAL),
        ("fe80::1%eth0", AddressRange.LINK_LOCAL),
        ("0.0.0.0", AddressRange.UNSPECIFIED),  # noqa: S104 - nothing is bound
        ("::", AddressRange.UNSPECIFIED),
        ("192.0.2.1", AddressRange.DOCUMENTATION),
        ("2001:db8::1", AddressRange.DOCUMENTATION),
        ("224.0.0.251", AddressRange.OTHER),
        ("255.255.255.255", AddressRange.OTHER),
        ("chat.example.com", AddressRange.UNKNOWN),
        ("", AddressRange.UNKNOWN),
    ],
)
def test_ranges(address: str, expected: AddressRange) -> None:
    assert range_of(address) is expected


@given(st.ip_addresses())
def test_public_addresses_are_public_for_the_library_too(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    inner = getattr(address, "ipv4_mapped", None) or address
    if inner.is_global and not inner.is_multicast:
        assert range_of(str(address)) is AddressRange.PUBLIC


def test_a_network_holds_its_addresses() -> None:
    networks = ["not a network", "10.98.0.0/16", "10.99.0.0/16", "fd00:99::/64"]
    assert network_of("10.99.3.4", networks) == "10.99.0.0/16"
    assert network_of("fd00:99::7%2", networks) == "fd00:99::/64"
    assert network_of("10.100.0.1", networks) is None
    assert network_of("no address", networks) is None


def test_an_address_is_the_same_however_it_is_written() -> None:
    assert same_address("fe80::1%eth0", "FE80:0::1")
    assert same_address("::ffff:192.0.2.1", "192.0.2.1")
    assert not same_address("192.0.2.1", "192.0.2.2")
    assert not same_address("x", "x")


@pytest.mark.parametrize("name", ["chat.lab.example", "a.test", "example", "www.EXAMPLE.com", "x.invalid."])
def test_reserved(name: str) -> None:
    assert is_reserved(name)


@pytest.mark.parametrize("name", ["chat.acme.com", "example.de", "notexample.com", "test.de", ""])
def test_not_reserved(name: str) -> None:
    assert not is_reserved(name)


def test_names_of_the_machine_and_of_everybody() -> None:
    assert is_this_machine("localhost")
    assert is_this_machine("chat.localhost.")
    assert not is_this_machine("localhost.acme.com")
    assert own_domain("chat.Local") == "local"
    assert own_domain("chat.corp.internal") == "internal"
    assert own_domain("nas.home.arpa") == "home.arpa"
    assert own_domain("local.acme.com") is None
    assert labels_of("chat.acme.com.") == ["chat", "acme", "com"]


HOSTS = """\ufeff# comment
127.0.0.1 localhost
10.1.1.5\tchat.acme.com CHAT # the proxy
fe80::1%lo0 chat.acme.com
::ffff chat.acme.com.\r
10.1.1 chat.acme.com
10.1.1.9
#10.1.1.7 chat.acme.com
"""


def test_lines_that_answer_for_a_name() -> None:
    found = list(lines_naming(HOSTS, "Chat.acme.com."))
    assert [(line.line, line.address) for line in found] == [(3, "10.1.1.5"), (4, "fe80::1%lo0"), (5, "::ffff")]
    assert next(lines_naming(HOSTS, "chat")).names == ("chat.acme.com", "chat")
    assert list(lines_naming(HOSTS, "acme.com")) == []


@given(st.text(), st.text())
def test_any_text_is_read(text: str, name: str) -> None:
    for line in lines_naming(text, name):
        assert name.lower().rstrip(".") in line.names


def test_a_long_file_is_read_to_its_bound() -> None:
    text = "0.0.0.0 ads.example\n" * (MOST_LINES - 1) + "10.1.1.5 chat.acme.com\n" + "10.1.1.6 chat.acme.com\n"
    assert [line.address for line in lines_naming(text, "chat.acme.com")] == ["10.1.1.5"]
