"""Was the port reached, and does it speak TLS? Each reason is told by its own name."""

from __future__ import annotations

import pytest
from tests.unit.probes.tls.observations import (
    DIRECT,
    HOST,
    ONE,
    OTHER,
    SIX,
    at,
    endpoint,
    failed,
    found,
    healthy,
    judged,
    one_address,
    only,
    said,
    shaken,
    unconnected,
)

from stdiag.model import Fault, FaultReason, Severity, SubjectKind
from stdiag.probes.tls.judge import judge
from stdiag.probes.tls.observation import TlsObservation

ERROR, WARNING, INFO = "error", "warning", "info"

# Reason of a failed look-up → the code. Every other reason says no more than that the name service did not do it.
NAMES = {FaultReason.NAME_NOT_FOUND: "net-name-not-found", FaultReason.NAME_TIMEOUT: "net-name-timeout"}

CONNECTS = {
    FaultReason.REFUSED: ("net-refused", ERROR),
    FaultReason.TIMEOUT: ("net-timeout", ERROR),
    FaultReason.UNREACHABLE: ("net-unreachable", ERROR),
    FaultReason.RESET: ("net-reset", ERROR),
    FaultReason.CLOSED: ("net-reset", ERROR),
    FaultReason.LOCAL: ("net-local-limit", WARNING),
}

HANDSHAKES = {
    FaultReason.NOT_TLS: ("tls-not-tls", ERROR),
    FaultReason.SILENT: ("tls-handshake-silent", ERROR),
    FaultReason.TIMEOUT: ("tls-handshake-silent", ERROR),
    FaultReason.SLOW: ("tls-handshake-slow", ERROR),
    FaultReason.CLOSED: ("tls-handshake-closed", ERROR),
    FaultReason.RESET: ("net-reset", ERROR),
    FaultReason.REFUSED: ("net-refused", ERROR),
    FaultReason.TLS_ALERT: ("tls-handshake-refused", ERROR),
    FaultReason.LOCAL: ("net-local-limit", WARNING),
    FaultReason.CANCELLED: None,
}


def test_a_healthy_server_has_no_finding() -> None:
    analysis, findings = judged(one_address(*healthy()))
    assert findings == []
    assert (analysis.undecided, analysis.unmeasured) == ([], [])


@pytest.mark.parametrize("reason", DIRECT)
def test_a_failed_look_up_by_its_reason(reason: FaultReason) -> None:
    observation = endpoint(name_fault=Fault(reason=reason, words="as the resolver said"), name_waited_us=2_000_000)
    finding = only(observation)
    assert finding.code == NAMES.get(reason, "net-name-server-failure")
    assert (finding.severity, finding.subject.kind) == (Severity.ERROR, SubjectKind.NAME)
    assert finding.params["words"] == "as the resolver said"


@pytest.mark.parametrize("reason", DIRECT)
def test_a_failed_connect_by_its_reason(reason: FaultReason) -> None:
    observation = endpoint(unconnected(ONE, reason))
    expected = {(*CONNECTS[reason], "endpoint")} if reason in CONNECTS else set()
    assert found(observation) == expected
    undecided = bool(judged(observation)[0].undecided)
    assert undecided == (reason not in CONNECTS or reason is FaultReason.LOCAL)


@pytest.mark.parametrize("reason", DIRECT)
def test_a_failed_handshake_by_its_reason(reason: FaultReason) -> None:
    observation = one_address(failed(reason=reason, words="x"))
    expected = HANDSHAKES.get(reason, ("tls-handshake-failed", ERROR))
    assert found(observation) == ({(*expected, "endpoint")} if expected else set())
    undecided = bool(judged(observation)[0].undecided)
    assert undecided == (reason in (FaultReason.CANCELLED, FaultReason.LOCAL))


@pytest.mark.parametrize("reason", list(FaultReason))
def test_a_usual_hello_that_fails_is_never_passed_over(reason: FaultReason) -> None:
    """Another ClientHello went through: clients of today do not get in all the same."""
    analysis, findings = judged(one_address(failed(reason=reason), shaken("small")))
    assert analysis.undecided or any(finding.severity is Severity.ERROR for finding in findings)


def test_no_address_and_no_handshake_are_undecided() -> None:
    for observation in (endpoint(), one_address(), one_address(shaken(chain=[]))):
        analysis, findings = judged(observation)
        assert findings == []
        assert analysis.undecided


@pytest.mark.parametrize(
    ("spoken", "told"),
    [
        ("http", "plain HTTP"),
        ("smtp", "SMTP"),
        ("ssh", "SSH"),
        ("sametime", "the Sametime protocol"),
        ("ftp", "FTP"),
        ("imap", "IMAP"),
        ("pop3", "POP3"),
    ],
)
def test_another_protocol_is_named(spoken: str, told: str) -> None:
    at_once = only(one_address(failed(reason=FaultReason.NOT_TLS, seen=spoken, first_bytes=b"220 x\r\n".hex())))
    assert at_once.params == {"spoken": told, "first_bytes": "220 x"}
    asked = only(one_address(failed(reason=FaultReason.SILENT), plain=[said("nothing", None), said("http", spoken)]))
    assert (asked.code, asked.params["spoken"]) == ("tls-not-tls", told)
    assert asked.evidence == ["/observation/addresses/0/handshakes/0", "/observation/addresses/0/plain/1"]


def test_an_unknown_protocol_is_shown_in_hex() -> None:
    finding = only(one_address(failed(reason=FaultReason.NOT_TLS, seen="unknown", first_bytes="00ff1b5b")))
    assert finding.params == {"spoken": "an unknown protocol", "first_bytes": "00ff1b5b"}


def test_a_plain_answer_of_no_known_protocol_proves_nothing() -> None:
    observation = one_address(failed(reason=FaultReason.SILENT), plain=[said("http", "unknown", b"\x00")])
    assert found(observation) == {("tls-handshake-silent", ERROR, "endpoint")}


@pytest.mark.parametrize(
    ("alert", "words"), [("certificate_required", "alert certificate_required"), (None, "the connection was ended")]
)
def test_a_handshake_that_broke_for_want_of_a_client_certificate(alert: str | None, words: str) -> None:
    reason = FaultReason.TLS_ALERT if alert else FaultReason.CLOSED
    finding = only(one_address(failed(reason=reason, alert=alert, client_cert_requested=True)))
    assert finding.code == "tls-client-cert-required"
    assert words in str(finding.params["seen"])


# Several addresses


def test_an_ipv6_address_without_a_route_next_to_a_good_one_is_a_note() -> None:
    observation = endpoint(at(ONE, *healthy()), unconnected(SIX, FaultReason.UNREACHABLE))
    analysis, findings = judged(observation)
    assert [(finding.code, finding.severity) for finding in findings] == [("net-unreachable", Severity.INFO)]
    assert findings[0].affects is not None
    assert [entry.startswith(SIX) for entry in analysis.unmeasured] == [True]
    assert analysis.undecided == []


@pytest.mark.parametrize("addresses", [[SIX], [SIX, "2001:db8::2"]], ids=["one", "two"])
def test_without_a_route_to_any_address_it_is_an_error(addresses: list[str]) -> None:
    observation = endpoint(*(unconnected(address, FaultReason.UNREACHABLE) for address in addresses))
    assert found(observation) == {("net-unreachable", ERROR, "endpoint")}


def test_an_ipv4_address_without_a_route_is_an_error() -> None:
    observation = endpoint(unconnected(ONE, FaultReason.UNREACHABLE), at(SIX, *healthy()))
    assert ("net-unreachable", ERROR, f"address {ONE}") in found(observation)


def test_one_of_two_addresses_refuses() -> None:
    observation = endpoint(unconnected(ONE, FaultReason.REFUSED), at(OTHER, *healthy()))
    assert found(observation) == {
        ("net-refused", ERROR, f"address {ONE}"),
        ("tls-addresses-differ", WARNING, "endpoint"),
    }


def test_the_same_fault_at_all_addresses_is_the_endpoints() -> None:
    first, second = unconnected(ONE, FaultReason.TIMEOUT), unconnected(OTHER, FaultReason.TIMEOUT)
    second.connect_waited_us = 5_100_000
    finding = only(endpoint(first, second))
    assert finding.subject.kind is SubjectKind.ENDPOINT
    assert finding.params["address"] == f"{ONE}, {OTHER}"
    assert finding.evidence == [f"/observation/addresses/{number}/connect_fault" for number in (0, 1)]


def test_an_address_that_was_never_asked_is_undecided() -> None:
    analysis, _ = judged(endpoint(at(ONE, *healthy()), unconnected(OTHER, FaultReason.CANCELLED)))
    assert len(analysis.undecided) == 1
    assert analysis.undecided[0].startswith(OTHER)


def test_a_port_that_resolve_changed_shows_in_the_subject() -> None:
    observation = endpoint(unconnected(ONE, FaultReason.REFUSED), at(OTHER, *healthy()))
    observation.addresses[0].port = 10443
    assert ("net-refused", ERROR, f"address {ONE}:10443") in found(observation)


def test_judging_does_not_need_a_host_that_is_a_name() -> None:
    observation = TlsObservation(
        host=ONE, port=443, server_name=None, addresses=[at(ONE, failed(reason=FaultReason.SILENT))]
    )
    from tests.unit.probes.tls.observations import context

    assert {finding.code for finding in judge(observation, context())[1]} == {"tls-handshake-silent"}
    assert HOST not in repr(judge(observation, context()))
