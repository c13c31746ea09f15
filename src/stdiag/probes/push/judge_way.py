"""Why an endpoint was not reached, directly or through a proxy. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.catalogue.kinds import push
from stdiag.catalogue.reach import seconds
from stdiag.model import Fault, FaultReason, Finding, Severity, Subject, SubjectKind, bracketed
from stdiag.probes.push.analysis import PushStage
from stdiag.probes.push.observation import ProxyAnswer, ProxyWay, PushObservation
from stdiag.probes.push.reach import telling
from stdiag.probes.push.services import DEVICE_USES, GOOGLE_USES, LEGACY_SHUT_DOWN, PushQuestion

_DNS = {
    FaultReason.NAME_NOT_FOUND: ("not-found", "the name does not exist in the DNS that was asked"),
    FaultReason.NAME_TIMEOUT: ("timeout", "the DNS server did not answer"),
    FaultReason.NAME_SERVER_FAILURE: ("server-failure", "the DNS server could not say its address"),
    FaultReason.NO_IPV4: ("no-ipv4", "the name has IPv6 addresses only"),
}
_TCP = {
    FaultReason.REFUSED: ("refused", "the connection was refused"),
    FaultReason.TIMEOUT: ("timeout", "no answer"),
    FaultReason.UNREACHABLE: ("unreachable", "there is no route"),
    FaultReason.RESET: ("refused", "the connection was reset"),
    FaultReason.CLOSED: ("refused", "the connection was closed"),
}
_ESSENTIAL = ("fcm.googleapis.com", "oauth2.googleapis.com")

# What squid says of its own failure, in X-Squid-Error: NAME ERRNO.
_SQUID = {
    "ERR_CONNECT_FAIL 111": ("remote-tcp:refused",),
    "ERR_CONNECT_FAIL 110": ("remote-tcp:timeout",),
    "ERR_CONNECT_FAIL 113": ("remote-tcp:unreachable",),
    "ERR_DNS_FAIL": ("remote-dns:not-found", "remote-dns:server-failure"),
    "ERR_CANNOT_FORWARD": ("remote-dns:not-found", "remote-dns:server-failure", "remote-dns:timeout"),
}
# SOCKS5's replies (RFC 1928 §6), as programs use them: 1 for everything, 4 for a name that is not known too.
_SOCKS5 = {
    2: ("proxy-policy:denied",),
    3: ("remote-tcp:unreachable",),
    4: ("remote-tcp:unreachable", "remote-dns:not-found"),
    5: ("remote-tcp:refused",),
    6: ("remote-tcp:timeout",),
}
_ANY_REMOTE = (
    "remote-tcp:timeout",
    "remote-tcp:refused",
    "remote-dns:not-found",
    "remote-tcp:unreachable",
    "remote-dns:server-failure",
)
_WORDS = {
    "remote-tcp:timeout": "no answer from there",
    "remote-tcp:refused": "refused there",
    "remote-tcp:unreachable": "no route from the proxy",
    "remote-dns:not-found": "the proxy's DNS does not know the name",
    "remote-dns:server-failure": "the proxy's DNS fails",
    "remote-dns:timeout": "the proxy's DNS does not answer",
    "proxy-policy:denied": "a rule of the proxy forbids it",
    "proxy-policy:port-denied": "the proxy allows CONNECT to other ports only",
    "proxy-protocol:silent": "the proxy itself hangs",
}

Ended = tuple[PushStage, list[str], list[Finding]]


def not_reached(observation: PushObservation, subject: Subject) -> Ended | None:
    """Where the way ended and why; None when it did not, or when nothing was tried to its end."""
    if observation.way is not None:
        return _through_proxy(observation, observation.way, subject)
    if observation.name_fault is not None:
        word, how = _DNS.get(observation.name_fault.reason, _DNS[FaultReason.NAME_SERVER_FAILURE])
        finding = blocked(observation, subject, how, "/observation/name_fault")
        return PushStage.LOCAL_DNS, [f"local-dns:{word}"], finding
    attempt = telling(observation.attempts)
    if observation.address is not None or attempt is None or attempt.fault is None:
        return None
    if attempt.fault.reason not in _TCP:
        return None  # cancelled, or a limit of this machine: it says nothing of the service
    word, how = _TCP[attempt.fault.reason]
    if attempt.fault.reason is FaultReason.TIMEOUT:
        how = f"no answer within {seconds(attempt.waited_us):g} s"
    finding = blocked(observation, subject, how, "/observation/attempts")
    return PushStage.REMOTE_TCP, [f"remote-tcp:{word}"], finding


def blocked(observation: PushObservation, subject: Subject, how: str, evidence: str) -> list[Finding]:
    """The finding that there is no way, by what was asked."""
    pointers = [evidence]
    match observation.question:
        case PushQuestion.APNS if not observation.needed:
            return [push.PUSH_DIRECT_BLOCKED.found(subject, evidence=pointers, how=how)]
        case PushQuestion.GOOGLE:
            use = GOOGLE_USES.get(observation.host, "a service that the site names")
            essential = observation.host in _ESSENTIAL or observation.service_of != "google"
            severity = Severity.ERROR if essential else Severity.WARNING
            return [push.PUSH_GOOGLE_BLOCKED.found(subject, evidence=pointers, severity=severity, how=how, use=use)]
        case PushQuestion.DEVICE:
            use = DEVICE_USES.get(observation.host, "phones")
            return [push.PUSH_DEVICE_BLOCKED.found(subject, evidence=pointers, how=how, use=use)]
        case PushQuestion.LEGACY if observation.service_of == "apple":
            return [push.PUSH_LEGACY_RETIRED.found(subject, evidence=pointers, how=how, date=LEGACY_SHUT_DOWN)]
        case _:
            tried = [f"{bracketed(one.address)}:{one.port}" for one in observation.attempts]
            return [
                push.PUSH_BLOCKED.found(
                    subject,
                    evidence=pointers,
                    severity=severity_here(observation),
                    how=how,
                    addresses=tried,
                    alternatives=observation.alternatives,
                )
            ]


def severity_here(observation: PushObservation) -> Severity:
    """An endpoint beside which others do the same is no error by itself: whether one is left is judged together."""
    return Severity.WARNING if observation.alternatives else Severity.ERROR


def _through_proxy(observation: PushObservation, way: ProxyWay, subject: Subject) -> Ended | None:
    fault = way.fault
    if fault is None or fault.reason in (FaultReason.CANCELLED, FaultReason.LOCAL):
        return None
    stage, reasons, how = _proxy_reasons(way, fault)
    said = _said(way.replies)
    evidence = ["/observation/way"]
    severity = severity_here(observation)
    if how is not None:
        # What it allows differs from port to port; everything else is the proxy's own matter, and one cause for all.
        of_this = stage in (PushStage.PROXY_POLICY, PushStage.LOCAL_DNS)
        about = subject if of_this else Subject(kind=SubjectKind.ENDPOINT, host=way.host, port=way.port)
        failed = push.PUSH_PROXY_FAILED.found(
            about, evidence=evidence, severity=severity if of_this else None, proxy=way.proxy, how=how, said=said
        )
        return stage, reasons, [failed]
    candidates = [_WORDS.get(reason, reason) for reason in reasons]
    finding = push.PUSH_PROXY_TARGET.found(
        subject, evidence=evidence, severity=severity, proxy=way.proxy, candidates=candidates, said=said
    )
    return stage, reasons, [finding]


def _proxy_reasons(way: ProxyWay, fault: Fault) -> tuple[PushStage, list[str], str | None]:
    """(stage, reasons, how the proxy itself failed); the last is None where the way behind it may be what fails."""
    match way.ended_at:
        case "target-dns":
            word, how = _DNS.get(fault.reason, _DNS[FaultReason.NAME_SERVER_FAILURE])
            return PushStage.LOCAL_DNS, [f"local-dns:{word}"], f"the service's own name: {how}"
        case "proxy-dns":
            word, how = _DNS.get(fault.reason, _DNS[FaultReason.NAME_SERVER_FAILURE])
            return PushStage.PROXY_DNS, [f"proxy-dns:{word}"], f"its own name: {how}"
        case "proxy-tcp":
            word, how = _TCP.get(fault.reason, _TCP[FaultReason.UNREACHABLE])
            return PushStage.PROXY_TCP, [f"proxy-tcp:{word}"], f"at its port: {how}"
        case "proxy-tls":
            return PushStage.PROXY_TLS, ["proxy-tls:not-tls"], "there is no TLS with it"
    match fault.reason:
        case FaultReason.PROXY_AUTH_REQUIRED:
            return PushStage.PROXY_AUTH, ["proxy-auth:required"], "it asks for a user name and a password"
        case FaultReason.PROXY_AUTH_REJECTED:
            return PushStage.PROXY_AUTH, ["proxy-auth:rejected"], "it does not accept the user name or the password"
        case FaultReason.PROXY_AUTH_METHOD:
            return PushStage.PROXY_AUTH, ["proxy-auth:scheme-unsupported"], "it does not take Basic authentication"
        case FaultReason.PROXY_REFUSED_REQUEST:
            return _refused(way)
        case FaultReason.SILENT | FaultReason.SLOW:
            reasons = ["remote-tcp:timeout", "remote-dns:timeout", "proxy-protocol:silent"]
            return PushStage.REMOTE_TCP, reasons, None
        case FaultReason.PROXY_FALSE_SUCCESS:
            return PushStage.PROXY_PROTOCOL, ["proxy-protocol:false-success"], "it says connected, and makes no tunnel"
        case FaultReason.CLOSED | FaultReason.RESET:
            return PushStage.PROXY_PROTOCOL, ["proxy-protocol:closed"], "it ends the connection without an answer"
        case _:
            return PushStage.PROXY_PROTOCOL, ["proxy-protocol:wrong-kind"], "it does not speak the protocol of a proxy"


def _refused(way: ProxyWay) -> tuple[PushStage, list[str], str | None]:
    last = way.replies[-1] if way.replies else ProxyAnswer(step="", received="")
    is_http = way.proxy.startswith("http")
    if is_http and last.status == 403:
        reasons = ["proxy-policy:port-denied", "proxy-policy:denied"]
        return PushStage.PROXY_POLICY, reasons, "it forbids this connection: CONNECT to this port, or to this host"
    if is_http:
        error = last.x_squid_error or ""
        exact = next((found for name, found in _SQUID.items() if error.startswith(name)), _ANY_REMOTE)
    else:
        exact = _SOCKS5.get(last.status or 0, _ANY_REMOTE) if way.proxy.startswith("socks5") else _ANY_REMOTE
    reasons = list(exact)
    return PushStage(reasons[0].partition(":")[0]), reasons, None


def _said(replies: Sequence[ProxyAnswer]) -> str | None:
    if not replies or replies[-1].status is None:
        return None
    last = replies[-1]
    line = bytes.fromhex(last.received).split(b"\r\n")[0].decode("latin-1")
    said = line if line.startswith("HTTP/") else f"code {last.status}"
    offers = f", offers {', '.join(last.schemes)}" if last.schemes else ""
    return said + offers
