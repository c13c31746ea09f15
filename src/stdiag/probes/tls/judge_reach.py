"""Was the port reached, and does it speak TLS? What a failed connection or handshake means."""

from __future__ import annotations

from typing import assert_never

from stdiag.catalogue.kinds import net as net_kinds
from stdiag.catalogue.kinds import tls as kinds
from stdiag.catalogue.reach import connect_findings, name_findings, seconds
from stdiag.model import Fault, FaultReason, Finding, Severity, Subject
from stdiag.probes.tls.observation import AddressObservation, Handshake, TlsObservation

SPOKEN = {
    "http": "plain HTTP",
    "smtp": "SMTP",
    "ssh": "SSH",
    "sametime": "the Sametime protocol",
    "ftp": "FTP",
    "imap": "IMAP",
    "pop3": "POP3",
}

CONNECT_REASONS = frozenset(
    {
        FaultReason.REFUSED,
        FaultReason.TIMEOUT,
        FaultReason.UNREACHABLE,
        FaultReason.RESET,
        FaultReason.CLOSED,
        FaultReason.LOCAL,
    }
)
"""Why a TCP connect fails, as far as it means anything: what `judge_connect` has a finding for."""


def judge_name(observation: TlsObservation, subject: Subject) -> list[Finding]:
    """What a failed look-up means; `subject` is the name."""
    if observation.name_fault is None:
        return []
    return name_findings(observation.name_fault, subject, observation.name_waited_us, ["/observation/name_fault"])


def judge_connect(observed: AddressObservation, pointer: str, subject: Subject) -> list[Finding]:
    """What a failed TCP connect means."""
    fault = observed.connect_fault
    if fault is None:
        return []
    evidence = [f"{pointer}/connect_fault"]
    return connect_findings(fault, subject, observed.address, observed.connect_waited_us, evidence)


def judge_no_handshake(observed: AddressObservation, pointer: str, subject: Subject) -> list[Finding]:
    """No ClientHello was answered with a finished handshake: what the port is, or does, instead."""
    if not observed.handshakes:
        return []
    first = observed.handshakes[0]
    evidence = [f"{pointer}/handshakes/0"]
    spoken = next((glance for glance in observed.plain if glance.spoken in SPOKEN), None)
    if spoken is not None:
        index = observed.plain.index(spoken)
        return [
            kinds.TLS_NOT_TLS.found(
                subject,
                evidence=[*evidence, f"{pointer}/plain/{index}"],
                spoken=SPOKEN[spoken.spoken or ""],
                first_bytes=_shown(spoken.first_bytes),
            )
        ]
    if first.fault is None:
        return []
    if demanded := judge_refused_for_certificate(observed, pointer, subject):
        return demanded
    return judge_fault(first, first.fault, evidence, subject, observed.address)


def judge_clients_of_today(
    observed: AddressObservation, found: list[Finding], pointer: str, subject: Subject
) -> list[Finding]:
    """Some other ClientHello went through and the usual one did not: where no finding says why, its own fault does."""
    default = next((record for record in observed.handshakes if record.offer == "default"), None)
    if default is None or default.completed or default.fault is None:
        return []
    if any(finding.severity is Severity.ERROR for finding in found):
        return []
    if demanded := judge_refused_for_certificate(observed, pointer, subject):
        return demanded
    evidence = [f"{pointer}/handshakes/{observed.handshakes.index(default)}"]
    return judge_fault(default, default.fault, evidence, subject, observed.address)


def judge_refused_for_certificate(observed: AddressObservation, pointer: str, subject: Subject) -> list[Finding]:
    """A handshake that broke after the server had asked for a client certificate broke for want of it."""
    for index, record in enumerate(observed.handshakes):
        if record.completed or not record.client_cert_requested or not record.fault:
            continue
        if record.fault.reason not in (FaultReason.TLS_ALERT, FaultReason.CLOSED, FaultReason.RESET):
            continue  # silence after the demand may have any cause
        alert = record.fault.alert
        how = f"alert {alert}" if alert else "the connection was ended"
        return [
            kinds.TLS_CLIENT_CERT_REQUIRED.found(
                subject,
                evidence=[f"{pointer}/handshakes/{index}"],
                seen=f"the server asked for a certificate, got none, and answered: {how}",
            )
        ]
    return []


def judge_fault(record: Handshake, fault: Fault, evidence: list[str], subject: Subject, address: str) -> list[Finding]:
    """What one failed handshake means by itself."""
    waited = seconds(record.waited_us or record.duration_us)
    match fault.reason:
        case FaultReason.NOT_TLS:
            spoken = SPOKEN.get(fault.seen or "", "an unknown protocol")
            found = kinds.TLS_NOT_TLS.found(
                subject, evidence=evidence, spoken=spoken, first_bytes=_shown(record.first_bytes)
            )
        case FaultReason.SILENT | FaultReason.TIMEOUT:
            found = kinds.TLS_HANDSHAKE_SILENT.found(subject, evidence=evidence, waited_s=waited)
        case FaultReason.SLOW:
            found = kinds.TLS_HANDSHAKE_SLOW.found(
                subject, evidence=evidence, waited_s=waited, bytes_received=record.bytes_received
            )
        case FaultReason.CLOSED:
            found = kinds.TLS_HANDSHAKE_CLOSED.found(subject, evidence=evidence, bytes_received=record.bytes_received)
        case FaultReason.RESET:
            found = net_kinds.NET_RESET.found(
                subject, evidence=evidence, address=address, stage="during the TLS handshake"
            )
        case FaultReason.REFUSED:
            found = net_kinds.NET_REFUSED.found(subject, evidence=evidence, address=address)
        case FaultReason.TLS_ALERT:
            found = kinds.TLS_HANDSHAKE_REFUSED.found(subject, evidence=evidence, alert=fault.alert or "unknown")
        case FaultReason.TLS_LOCAL:
            found = kinds.TLS_HANDSHAKE_FAILED.found(
                subject,
                evidence=evidence,
                problem="the server asks for something that a current TLS library does not do",
                words=fault.words or None,
            )
        case FaultReason.LOCAL:
            found = net_kinds.NET_LOCAL_LIMIT.found(subject, evidence=evidence, words=fault.words)
        case (
            FaultReason.CANCELLED
            | FaultReason.NO_IPV4
            | FaultReason.PROXY_NAME
            | FaultReason.PROXY_UNREACHABLE
            | FaultReason.PROXY_TLS
            | FaultReason.PROXY_SILENT
            | FaultReason.PROXY_CLOSED
            | FaultReason.PROXY_PROTOCOL
            | FaultReason.PROXY_FALSE_SUCCESS
            | FaultReason.PROXY_AUTH_REQUIRED
            | FaultReason.PROXY_AUTH_REJECTED
            | FaultReason.PROXY_AUTH_METHOD
            | FaultReason.PROXY_DENIED
            | FaultReason.PROXY_REFUSED_REQUEST
        ):
            return []  # no handshake was made on this connection: a proxy gave none, as it gave others
        case (
            FaultReason.TLS_PROTOCOL
            | FaultReason.TOO_LARGE
            | FaultReason.MALFORMED
            | FaultReason.UNREACHABLE
            | FaultReason.NAME_NOT_FOUND
            | FaultReason.NAME_SERVER_FAILURE
            | FaultReason.NAME_TIMEOUT
            | FaultReason.HTTP_STATUS
            | FaultReason.REDIRECT
            | FaultReason.FORBIDDEN_TARGET
        ):
            found = kinds.TLS_HANDSHAKE_FAILED.found(
                subject,
                evidence=evidence,
                problem="the server's answer is not a valid TLS handshake",
                words=fault.words or None,
            )
        case _:
            assert_never(fault.reason)
    return [found]


def lacks_route(observed: AddressObservation) -> bool:
    """True when this machine has no way to an IPv6 address at all: that says nothing about the server."""
    fault = observed.connect_fault
    return fault is not None and fault.reason is FaultReason.UNREACHABLE and ":" in observed.address


def as_unmeasured(findings: list[Finding]) -> list[Finding]:
    """The same findings as mere notes."""
    for finding in findings:
        finding.severity = Severity.INFO
        finding.affects = "clients that come by IPv6: this machine cannot tell how they fare"
    return findings


def _shown(first_bytes: str | None) -> str | None:
    """The first bytes for a reader: as text where they are text, else as hex."""
    if not first_bytes:
        return None
    try:
        raw = bytes.fromhex(first_bytes)
    except ValueError:  # a report that was tampered with
        return first_bytes
    text = raw.decode("ascii", "replace").split("\r\n")[0].split("\n")[0]
    return text if text.isprintable() and "\ufffd" not in text and text else first_bytes
