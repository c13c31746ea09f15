"""The names probe against a name server, a hosts file and ports on loopback."""

from __future__ import annotations

import importlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.lab import peers_faulty as peers
from tests.lab.name_server import SILENT, NameServer, ask_there, name_server

from stdiag.model import FaultReason, NamesSite, Site, StproxySite
from stdiag.net.credentials import Credentials
from stdiag.net.deadline import Deadline, Timeouts
from stdiag.net.dial import Dialer
from stdiag.net.fetch_once import Fetcher
from stdiag.net.interfaces import OwnAddress
from stdiag.net.name_records import DnsStatus
from stdiag.net.resolve import Resolver
from stdiag.net.trace import StepRecorder
from stdiag.probes.contract import Tools
from stdiag.probes.names import hosts
from stdiag.probes.names.observation import NameObservation
from stdiag.probes.names.plan import plan

NAME = "chat.acme.com"
ZONE = {
    NAME: {"A": ["10.1.1.5", "10.99.1.5"]},
    "5.1.1.10.in-addr.arpa": {"PTR": ["chat.acme.com."]},
    "chat.corp.acme.com": {"A": ["10.1.1.8"]},
}

observe = importlib.import_module("stdiag.probes.names.observe")
"""The module: its package exports the function under the same name."""

See = Callable[..., NameObservation]


class System:
    """A system resolver that gives what it is told, and counts."""

    def __init__(self, *addresses: str, error: OSError | None = None) -> None:
        self.addresses, self.error = list(addresses), error
        self.asked: list[str] = []

    def __call__(self, name: str) -> list[str]:
        self.asked.append(name)
        if self.error is not None:
            raise self.error
        return self.addresses


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    with name_server(ZONE) as running:
        ask_there(monkeypatch, running.port, "corp.acme.com")
        yield running


@pytest.fixture
def hosts_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """In place of this machine's own; empty."""
    file = tmp_path / "hosts"
    file.write_text("127.0.0.1 localhost\n", encoding="utf-8")
    monkeypatch.setattr(hosts, "hosts_file", lambda: file)
    return file


@pytest.fixture
def see(server: NameServer, hosts_file: Path) -> See:  # noqa: ARG001 - both stand in for this machine's own
    """`see(site or host, system, **options)` → what was observed of the site's first host."""

    def observed(what: Site | str, system: System, *, offline: bool = False, factor: float = 0.1) -> NameObservation:
        site = what if isinstance(what, Site) else Site(names=NamesSite(hosts=[what]))
        timeouts = Timeouts().scaled(factor)
        resolver = Resolver(site.resolve, lookup=system, evidence=lambda _: "")
        tools = Tools(
            deadline=Deadline(timeouts.check),
            timeouts=timeouts,
            steps=StepRecorder(time.monotonic()),
            resolver=resolver,
            dialer=Dialer(timeouts),
            fetcher=Fetcher(resolver),
            offline=offline,
            credentials=Credentials(),
        )
        seen: NameObservation = observe.observe(plan(site)[0][0], tools)
        return seen

    return observed


def site(*hosts: str, resolve: dict[str, str] | None = None, networks: tuple[str, ...] = ()) -> Site:
    names = NamesSite(hosts=list(hosts), management_networks=list(networks))
    return Site(names=names, resolve=resolve or {})


@pytest.mark.usefixtures("hosts_file")
def test_system_and_dns_side_by_side(see: See, server: NameServer) -> None:
    seen = see(NAME, System("10.1.1.5"))
    assert (seen.system_asked, seen.system, seen.name_fault) == (True, ["10.1.1.5"], None)
    assert seen.dns is not None
    assert (seen.dns.status, sorted(seen.dns.addresses)) == (DnsStatus.ANSWERED, ["10.1.1.5", "10.99.1.5"])
    (address,) = seen.addresses
    assert (address.address, address.range, address.tried) == ("10.1.1.5", "private", [])
    assert (address.reverse_status, address.reverse) == (DnsStatus.ANSWERED, [NAME])
    assert ("5.1.1.10.in-addr.arpa", "PTR") in server.asked
    assert seen.left_out == []


def test_management_networks_are_recorded_with_the_addresses(see: See) -> None:
    seen = see(site(NAME, networks=("10.99.0.0/16", "127.0.0.0/8")), System("10.99.1.5", "127.0.0.1"))
    assert [(one.address, one.management) for one in seen.addresses] == [
        ("10.99.1.5", "10.99.0.0/16"),
        ("127.0.0.1", "127.0.0.0/8"),
    ]
    assert seen.dns_management == ["10.99.1.5"]
    assert (seen.addresses[1].source, seen.addresses[1].source_management) == ("127.0.0.1", "127.0.0.0/8")
    assert seen.addresses[1].interface == seen.addresses[1].source_interface
    assert seen.addresses[1].interface is not None


def test_own_cards_are_known(see: See, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [OwnAddress("eth7", "10.1.1.5"), OwnAddress("eth8", "fe80::1")]
    monkeypatch.setattr(observe, "own_addresses", lambda: cards)
    seen = see(NAME, System("10.1.1.5", "fe80::1%eth8", "10.1.1.6"))
    assert [one.interface for one in seen.addresses] == ["eth7", "eth8", None]
    assert seen.own == cards


def test_lines_of_the_hosts_file(see: See, hosts_file: Path) -> None:
    hosts_file.write_text("# x\n10.1.1.5 node1 CHAT.acme.com\n10.1.1.6 other\n", encoding="utf-8")
    seen = see(NAME, System("10.1.1.5"))
    assert [(entry.line, entry.address) for entry in seen.hosts] == [(2, "10.1.1.5")]
    assert seen.hosts_problem is None


@pytest.mark.parametrize(
    "break_it",
    [
        lambda file: file.write_bytes(b"#" * (hosts.FILE_LIMIT + 1)),
        lambda file: (file.unlink(), file.mkdir()),
    ],
    ids=["too large", "a folder"],
)
def test_a_hosts_file_that_cannot_be_read_whole(see: See, hosts_file: Path, break_it: Callable[[Path], Any]) -> None:
    break_it(hosts_file)
    assert "hosts" in str(see(NAME, System("10.1.1.5")).hosts_problem)


def test_no_hosts_file_and_one_of_nonsense(see: See, hosts_file: Path) -> None:
    hosts_file.write_bytes(bytes(range(256)) * 100)
    assert see(NAME, System("10.1.1.5")).hosts == []
    hosts_file.unlink()
    assert (see(NAME, System("10.1.1.5")).hosts_problem, see(NAME, System("10.1.1.5")).hosts) == (None, [])


def test_a_search_domain(see: See) -> None:
    seen = see("chat", System("10.1.1.8"))
    assert seen.dns is not None
    assert (seen.dns.status, seen.dns.searched_as) == (DnsStatus.NXDOMAIN, "chat.corp.acme.com")


def test_a_name_that_fails_is_not_asked_for_twice(see: See, server: NameServer) -> None:
    error = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    seen = see(NAME, System(error=error))
    assert seen.name_fault is not None
    assert seen.name_fault.reason is FaultReason.NAME_NOT_FOUND
    assert (seen.addresses, server.asked) == ([], [])


def test_offline_asks_the_system_alone(see: See, server: NameServer) -> None:
    seen = see(NAME, System("10.1.1.5"), offline=True)
    assert (seen.dns, server.asked) == (None, [])
    assert any("--offline" in reason for reason in seen.left_out)


# --resolve


def test_a_reserved_name_that_is_answered_here_is_asked_of_nobody(see: See, server: NameServer) -> None:
    system = System("10.1.1.5")
    seen = see(site("db2.lab.example", resolve={"db2.lab.example": "127.0.0.1"}), system)
    assert (system.asked, server.asked, seen.system_asked) == ([], [], False)
    assert [(one.address, one.told_by_resolve) for one in seen.addresses] == [("127.0.0.1", True)]


def test_another_name_is_compared_with_the_system(see: See) -> None:
    seen = see(site(NAME, resolve={NAME: "192.0.2.10"}), System("10.1.1.5"))
    assert [(one.address, one.told_by_resolve) for one in seen.addresses] == [("192.0.2.10", True)]
    assert (seen.system, seen.addresses[0].reverse_status) == (["10.1.1.5"], None)
    failing = see(site(NAME, resolve={NAME: "192.0.2.10"}), System(error=socket.gaierror(socket.EAI_NONAME, "no")))
    assert failing.name_fault is None
    assert failing.system_fault is not None


def test_a_port_that_resolve_does_not_speak_of_is_the_systems(see: See) -> None:
    there = Site(
        stproxy=StproxySite(url=f"https://{NAME}"),
        names=NamesSite(hosts=[f"{NAME}:1533"]),
        resolve={f"{NAME}:443": "127.0.0.3"},
    )
    seen = see(there, System("127.0.0.2"))
    assert [(one.address, one.told_by_resolve) for one in seen.addresses] == [("127.0.0.2", False), ("127.0.0.3", True)]
    assert [[tried.port for tried in one.tried] for one in seen.addresses] == [[1533], [443]]


# Which addresses accept


def test_several_addresses_are_tried_at_the_named_port(see: See) -> None:
    with peers.watched_peer(peers.silent) as log, peers.refusing() as dead:
        where = {f"{NAME}:1533": f"127.0.0.1:{log.port}, 127.0.0.2:{dead}"}
        seen = see(site(f"{NAME}:1533", resolve=where), System("10.1.1.5"))
    alive, refused = (one.tried[0] for one in seen.addresses)
    assert (alive.port, alive.real_port, alive.fault) == (1533, log.port, None)
    assert refused.fault is not None
    assert refused.fault.reason is FaultReason.REFUSED
    assert b"".join(log.received) == b""


def test_two_ports_of_one_address_are_two_places(see: See) -> None:
    """So a resolve stands in for two machines where there is one."""
    with peers.peer(peers.silent) as alive, peers.refusing() as dead:
        where = {f"{NAME}:1533": f"127.0.0.1:{alive}, 127.0.0.1:{dead}"}
        seen = see(site(f"{NAME}:1533", resolve=where), System("10.1.1.5"))
    assert [one.tried[0].real_port for one in seen.addresses] == [alive, dead]
    assert [one.tried[0].fault is None for one in seen.addresses] == [True, False]


def test_a_name_that_is_sent_to_another_port_is_one_place(see: See) -> None:
    seen = see(site("db2.lab.example:50000", resolve={"db2.lab.example": "127.0.0.1:50001"}), System())
    assert [one.address for one in seen.addresses] == ["127.0.0.1"]


def test_one_address_is_not_tried_unless_it_is_a_doubtful_one(see: See) -> None:
    with peers.watched_peer(peers.silent) as log:
        where = {f"{NAME}:1533": f"127.0.0.1:{log.port}"}
        assert see(site(f"{NAME}:1533", resolve=where), System()).addresses[0].tried == []
        assert log.accepted == 0
        inside = site(f"{NAME}:1533", resolve=where, networks=("127.0.0.0/8",))
        assert [tried.fault for tried in see(inside, System()).addresses[0].tried] == [None]


def test_a_host_without_a_port_is_connected_to_nowhere(see: See) -> None:
    seen = see(site(NAME, networks=("127.0.0.0/8",)), System("127.0.0.1", "127.0.0.2"))
    assert [one.tried for one in seen.addresses] == [[], []]


def test_what_cannot_be_a_server_is_left_alone(see: See) -> None:
    seen = see(f"{NAME}:443", System("0.0.0.0", "169.254.1.1", "224.0.0.1"))  # noqa: S104 - nothing is bound
    assert [(one.tried, one.source) for one in seen.addresses] == [([], None)] * 3


def test_a_dead_address_and_a_dead_name_server_cost_one_time_out(see: See, monkeypatch: pytest.MonkeyPatch) -> None:
    with name_server(SILENT) as mute, peers.full_backlog() as dead, peers.peer(peers.silent) as alive:
        ask_there(monkeypatch, mute.port)
        monkeypatch.setattr(observe, "is_reserved", lambda _: False)
        where = {f"{NAME}:1533": f"127.0.0.1:{dead}, 127.0.0.2:{alive}"}
        threads = threading.active_count()
        began = time.monotonic()
        seen = see(site(f"{NAME}:1533", resolve=where), System("10.1.1.5"))
        assert time.monotonic() - began < 1.5
    assert seen.dns is not None
    assert seen.dns.status is DnsStatus.TIMEOUT
    fault = seen.addresses[0].tried[0].fault
    assert fault is not None
    assert fault.reason is FaultReason.TIMEOUT
    assert threading.active_count() <= threads + 1


def test_addresses_are_bounded(see: See) -> None:
    seen = see(NAME, System(*(f"10.1.2.{number}" for number in range(40))))
    assert len(seen.addresses) == observe.ADDRESSES_AT_MOST
    assert seen.left_out == ["32 of 40 addresses"]


def test_a_hostile_name_is_a_fault_and_no_crash(see: See) -> None:
    system = System("10.1.1.5")
    seen = see(site("a" * 60 + ".acme.com"), system)
    assert seen.system == ["10.1.1.5"]
