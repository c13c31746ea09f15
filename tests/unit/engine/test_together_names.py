"""Names over several checks: as whom this machine is seen, whose name an address has, what a proxy makes of a name."""

from __future__ import annotations

import pytest
from tests.unit.engine.fakes import check, name

from stdiag.catalogue.prose import words
from stdiag.engine.together import judge_together
from stdiag.model import Check, Finding, Path, Severity, to_raw
from stdiag.net.interfaces import OwnAddress
from stdiag.probes.names.analysis import NamesAnalysis
from stdiag.probes.names.observation import NamedAddress, NameObservation
from stdiag.probes.paths.analysis import PathAnalysis, PathsAnalysis
from stdiag.probes.paths.observation import PathObservation, PathsObservation, SametimeReply
from stdiag.probes.paths.reasons import PathStage

MUX = "mux.acme.com"
NETWORK = "10.99.0.0/16"
CARDS = [OwnAddress("lo", "127.0.0.1"), OwnAddress("eth0", "10.1.1.77"), OwnAddress("eth1", "10.99.1.77")]


def named(host: str, *addresses: NamedAddress) -> Check:
    made = check(subject=name(host), probe="names")
    made.observation = to_raw(NameObservation(host=host, addresses=list(addresses), own=CARDS))
    made.analysis = to_raw(NamesAnalysis(management_networks=[NETWORK]))
    return made


def reached(address: str, source: str, *, management: str | None = None, reverse: tuple[str, ...] = ()) -> NamedAddress:
    by_management = source.startswith("10.99.")
    return NamedAddress(
        address=address,
        management=management,
        source=source,
        source_management=NETWORK if by_management else None,
        source_interface="eth1" if by_management else "eth0",
        reverse=list(reverse),
    )


def walked(*paths: tuple[PathObservation, PathAnalysis]) -> Check:
    made = check(subject=name(MUX), probe="paths")
    made.observation = to_raw(PathsObservation(host=MUX, paths=[observed for observed, _ in paths]))
    made.analysis = to_raw(PathsAnalysis(paths=[said for _, said in paths]))
    return made


def direct(seen: str | None, local: str = "10.1.1.77") -> tuple[PathObservation, PathAnalysis]:
    reply = SametimeReply(spoke="ack", seen_address=seen)
    observed = PathObservation(path=Path(), port=1533, local_address=local, sametime=reply)
    return observed, PathAnalysis(path="direct", port=1533, setting="direct", stage=PathStage.OK)


def proxied(
    scheme: str, stage: PathStage | None = PathStage.OK, *, version: str | None = "30.1", seen: str | None = None
) -> tuple[PathObservation, PathAnalysis]:
    proxy = f"{scheme}://proxy.acme.com:1080"
    observed = PathObservation(path=Path(kind="proxy", proxy=proxy), port=1533)
    if seen:
        observed.sametime = SametimeReply(spoke="ack", seen_address=seen)
    said = PathAnalysis(path=proxy, port=1533, setting="socks", stage=stage, server_version=version)
    return observed, said


def found(*checks: Check) -> list[Finding]:
    return judge_together(list(checks))


def only(*checks: Check) -> Finding:
    (one,) = found(*checks)
    return one


# From where this machine comes


def test_connections_that_leave_by_the_management_card_are_one_cause() -> None:
    away = reached("10.1.1.5", "10.99.1.77")
    one = only(named("chat.acme.com", away), named(MUX, reached("10.1.1.6", "10.99.1.77")))
    assert (one.code, one.severity, str(one.subject)) == (
        "names-source-management",
        Severity.WARNING,
        "this machine",
    )
    assert one.params["peers"] == ["chat.acme.com", MUX]
    assert (one.params["local"], one.params["card"]) == ("10.99.1.77", "eth1")
    assert one.evidence == ["/checks/0/observation/addresses/0", "/checks/1/observation/addresses/0"]


def test_into_the_management_network_leads_the_management_card() -> None:
    inside = reached("10.99.1.5", "10.99.1.77", management=NETWORK)
    assert found(named("chat.acme.com", inside, reached("10.1.1.5", "10.1.1.77"))) == []


# As whom the server sees it


def test_a_server_that_sees_the_management_address() -> None:
    one = only(named(MUX), walked(direct("10.99.1.77"), direct("10.99.1.77")))
    assert (one.code, str(one.subject)) == ("names-seen-address", f"{MUX}:1533")
    assert one.params["seen"] == "10.99.1.77"
    assert one.params["what"] == f"in the management network {NETWORK}"
    assert one.evidence == ["/checks/1/observation/paths/0", "/checks/1/observation/paths/1"]
    assert "sees this machine as 10.99.1.77" in words(one).summary


def test_a_server_that_sees_another_card() -> None:
    other = named(MUX)
    other.analysis = to_raw(NamesAnalysis())
    assert only(other, walked(direct("10.99.1.77"))).params["what"] == "the address of another network card (eth1)"


@pytest.mark.parametrize("seen", ["10.1.1.77", "203.0.113.9", None])
def test_the_same_address_and_a_translated_one_are_no_matter_of_names(seen: str | None) -> None:
    assert found(named(MUX), walked(direct(seen))) == []


def test_a_proxy_is_seen_in_this_machines_place() -> None:
    assert found(named(MUX), walked(proxied("socks5", seen="10.1.1.77"))) == []
    one = only(named(MUX), walked(proxied("socks5", seen="10.99.1.9")))
    assert one.params["local"] == "socks5://proxy.acme.com:1080"


def test_without_names_nothing_is_known_of_networks() -> None:
    assert found(walked(direct("10.99.1.77"))) == []


# Whose name an address has


def test_an_address_with_the_name_of_a_server_that_is_elsewhere() -> None:
    one = only(
        named("chat.acme.com", reached("10.1.1.5", "10.1.1.77", reverse=(MUX,))),
        named(MUX, reached("10.1.1.6", "10.1.1.77")),
    )
    assert (one.code, str(one.subject)) == ("names-reverse-other", "chat.acme.com")
    assert (one.params["other"], one.params["there"]) == (MUX, ["10.1.1.6"])


@pytest.mark.parametrize("reverse", [(), ("node1.acme.com",), ("chat.acme.com", MUX)])
def test_no_name_a_strangers_name_and_its_own_are_fine(reverse: tuple[str, ...]) -> None:
    chat = named("chat.acme.com", reached("10.1.1.5", "10.1.1.77", reverse=reverse))
    assert found(chat, named(MUX, reached("10.1.1.6", "10.1.1.77"))) == []


def test_two_hosts_on_one_address() -> None:
    shared = reached("10.1.1.5", "10.1.1.77", reverse=(MUX,))
    assert found(named("chat.acme.com", shared), named(MUX, shared)) == []


# What a proxy makes of a name


def test_a_proxy_that_leads_to_another_version() -> None:
    one = only(walked(proxied("socks5", version="30.1"), proxied("socks5h", version="29.0")))
    assert (one.code, str(one.subject)) == (
        "names-proxy-differs",
        f"{MUX}:1533 via socks5h://proxy.acme.com:1080",
    )
    assert one.params["by_proxy"] == "a server of version 29.0 answers"
    assert one.params["from_here"] == "one of version 30.1 answers"
    assert one.evidence == ["/checks/0/observation/paths/1", "/checks/0/observation/paths/0"]


@pytest.mark.parametrize("stage", [PathStage.REMOTE_TCP, PathStage.TARGET])
def test_a_proxy_that_leads_to_where_no_server_answers(stage: PathStage) -> None:
    one = only(walked(proxied("socks4"), proxied("socks4a", stage, version=None)))
    assert one.params["from_here"] == "the server answers"
    one = only(walked(proxied("socks4", stage, version=None), proxied("socks4a")))
    assert one.params["by_proxy"] == "the server answers"


@pytest.mark.parametrize(
    "stages",
    [
        (PathStage.OK, PathStage.OK),
        (PathStage.OK, PathStage.REMOTE_DNS),  # that is said on its own
        (PathStage.TARGET, PathStage.REMOTE_TCP),
        (PathStage.OK, None),
    ],
)
def test_what_an_address_does_not_explain(stages: tuple[PathStage, PathStage | None]) -> None:
    assert found(walked(proxied("socks5", stages[0]), proxied("socks5h", stages[1]))) == []


def test_two_proxies_are_not_compared() -> None:
    other = proxied("socks5h", version="29.0")
    other[0].path = Path(kind="proxy", proxy="socks5h://other.acme.com:1080")
    assert found(walked(proxied("socks5"), other)) == []
