"""What the DNS says itself, asked of a name server on loopback."""

from __future__ import annotations

import time
from pathlib import Path

import dns.rcode
import pytest
from tests.lab.name_server import SILENT, ask_there, name_server

from stdiag.net.deadline import Deadline
from stdiag.net.name_records import ALIASES_AT_MOST, NAMES_AT_MOST, DnsAsker, DnsStatus, Pointer

ZONE = {
    "chat.acme.com": {"A": ["10.1.1.5", "10.1.1.6"], "AAAA": ["fd00::5"]},
    "www.acme.com": {"CNAME": ["front.acme.com"]},
    "front.acme.com": {"CNAME": ["chat.acme.com"]},
    "old.acme.com": {"A": ["10.1.1.9"]},
    "empty.acme.com": {"TXT": ['"nothing"']},
    "5.1.1.10.in-addr.arpa": {"PTR": ["chat.acme.com.", "Node1.acme.com."]},
    "6.1.1.10.in-addr.arpa": {"TXT": ['"nothing"']},
}


def test_addresses_of_both_kinds_with_aliases_and_time_to_live(monkeypatch: pytest.MonkeyPatch) -> None:
    with name_server(ZONE) as server:
        ask_there(monkeypatch, server.port)
        found = DnsAsker(2).addresses_of("www.acme.com", Deadline(5), search=True)
    assert found.status is DnsStatus.ANSWERED
    assert sorted(found.addresses) == ["10.1.1.5", "10.1.1.6", "fd00::5"]
    assert found.aliases == ["front.acme.com", "chat.acme.com"]
    assert (found.ttl_s, found.searched_as) == (60, None)
    assert found.servers == ["127.0.0.1"]
    assert sorted(server.asked) == [("www.acme.com", "A"), ("www.acme.com", "AAAA")]


def test_one_kind_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    with name_server(ZONE) as server:
        ask_there(monkeypatch, server.port)
        found = DnsAsker(2).addresses_of("old.acme.com", Deadline(5), search=True)
    assert (found.status, found.addresses) == (DnsStatus.ANSWERED, ["10.1.1.9"])


@pytest.mark.parametrize(
    ("name", "status"), [("no.acme.com", DnsStatus.NXDOMAIN), ("empty.acme.com", DnsStatus.NO_DATA)]
)
def test_no_addresses(name: str, status: DnsStatus, monkeypatch: pytest.MonkeyPatch) -> None:
    with name_server(ZONE) as server:
        ask_there(monkeypatch, server.port)
        found = DnsAsker(2).addresses_of(name, Deadline(5), search=True)
    assert (found.status, found.addresses, found.searched_as) == (status, [], None)


def test_a_name_that_a_search_domain_completes(monkeypatch: pytest.MonkeyPatch) -> None:
    with name_server(ZONE) as server:
        ask_there(monkeypatch, server.port, "corp.acme.com", "acme.com")
        asker = DnsAsker(2)
        found = asker.addresses_of("chat", Deadline(5), search=True)
        assert (found.status, found.searched_as) == (DnsStatus.NXDOMAIN, "chat.acme.com")
        server.asked.clear()
        assert asker.addresses_of("chat", Deadline(5), search=False).searched_as is None
        assert {name for name, _ in server.asked} == {"chat"}


@pytest.mark.parametrize(
    ("rcode", "status"),
    [
        (dns.rcode.SERVFAIL, DnsStatus.FAILED),
        (dns.rcode.REFUSED, DnsStatus.FAILED),
        (dns.rcode.NXDOMAIN, DnsStatus.NXDOMAIN),
        (dns.rcode.NOERROR, DnsStatus.NO_DATA),
    ],
)
def test_what_the_server_does_not_say(
    rcode: dns.rcode.Rcode, status: DnsStatus, monkeypatch: pytest.MonkeyPatch
) -> None:
    with name_server({}, rcode) as server:
        ask_there(monkeypatch, server.port)
        assert DnsAsker(0.5).addresses_of("chat.acme.com", Deadline(5), search=False).status is status


def test_a_dead_server_costs_one_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with name_server(SILENT) as server:
        ask_there(monkeypatch, server.port)
        asker = DnsAsker(0.2)
        began = time.monotonic()
        found = asker.addresses_of("chat.acme.com", Deadline(5), search=True)
        pointers = asker.names_of([f"10.1.1.{number}" for number in range(8)], Deadline(5))
        assert time.monotonic() - began < 1.0
    assert (found.status, found.words) == (DnsStatus.TIMEOUT, "no answer within 0.2 s")
    assert {pointer.status for pointer in pointers} == {DnsStatus.TIMEOUT}


def test_names_of_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    with name_server(ZONE) as server:
        ask_there(monkeypatch, server.port)
        found = DnsAsker(2).names_of(["10.1.1.5", "10.1.1.6", "10.1.1.7", "fe80::1%eth0", "x"], Deadline(5))
    assert found == [
        Pointer(DnsStatus.ANSWERED, ("chat.acme.com", "node1.acme.com")),
        Pointer(DnsStatus.NO_DATA),
        Pointer(DnsStatus.NXDOMAIN),
        Pointer(DnsStatus.NXDOMAIN),
        Pointer(DnsStatus.FAILED),
    ]


def test_a_hostile_answer_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"host{number}.acme.com." for number in range(40)]
    endless = {f"a{number}.acme.com": {"CNAME": [f"a{number + 1}.acme.com"]} for number in range(60)}
    zone = {**endless, "5.1.1.10.in-addr.arpa": {"PTR": names}}
    with name_server(zone) as server:
        ask_there(monkeypatch, server.port)
        asker = DnsAsker(0.5)
        (pointer,) = asker.names_of(["10.1.1.5"], Deadline(5))
        found = asker.addresses_of("a0.acme.com", Deadline(5), search=False)
    assert len(pointer.names) <= NAMES_AT_MOST
    assert found.addresses == []
    assert len(found.aliases) <= ALIASES_AT_MOST


def test_control_characters_in_a_name_stay_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    zone = {"5.1.1.10.in-addr.arpa": {"PTR": [r"\027[31mred.acme.com."]}}
    with name_server(zone) as server:
        ask_there(monkeypatch, server.port)
        (pointer,) = DnsAsker(0.5).names_of(["10.1.1.5"], Deadline(5))
    assert pointer.names[0].isprintable()


def test_a_machine_without_name_servers(tmp_path: Path) -> None:
    asker = DnsAsker(0.5, str(tmp_path / "missing"))
    assert asker.servers == []
    assert asker.addresses_of("chat.acme.com", Deadline(5), search=True).status is DnsStatus.NO_SERVER
    assert asker.names_of(["10.1.1.5"], Deadline(5)) == [Pointer(DnsStatus.NO_SERVER)]
