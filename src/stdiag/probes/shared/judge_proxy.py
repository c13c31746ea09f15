"""The way went through a proxy and ended there: what that means."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.catalogue.kinds import path as kinds
from stdiag.formats.errors import FormatError
from stdiag.formats.proxy import parse_proxy
from stdiag.model import Fault, FaultReason, Finding, Subject, SubjectKind

AFFECTS = "whoever takes this proxy to the server"

_CAUSES = {
    FaultReason.PROXY_NAME: "its name cannot be looked up",
    FaultReason.PROXY_UNREACHABLE: "no connection to it was made",
    FaultReason.PROXY_TLS: "the TLS handshake with it failed",
    FaultReason.PROXY_SILENT: "it takes the request and gives no answer in time",
    FaultReason.PROXY_CLOSED: "it ends the connection before it has answered",
    FaultReason.PROXY_FALSE_SUCCESS: "it says that the tunnel is open, and sends a page of its own",
    FaultReason.PROXY_AUTH_REQUIRED: "it asks for a user and a password, and none was sent",
    FaultReason.PROXY_AUTH_REJECTED: "it rejects this user and password",
    FaultReason.PROXY_AUTH_METHOD: "it wants a way of authentication that cannot be offered",
}

_UNDER = {
    FaultReason.NAME_NOT_FOUND: "its name does not exist",
    FaultReason.NAME_SERVER_FAILURE: "the DNS server could not say which address it has",
    FaultReason.NAME_TIMEOUT: "the DNS server did not answer the question for its name",
    FaultReason.REFUSED: "it refuses the connection",
    FaultReason.TIMEOUT: "it does not answer the connection",
    FaultReason.UNREACHABLE: "there is no way to it from here",
    FaultReason.NOT_TLS: "it speaks no TLS",
    FaultReason.TLS_ALERT: "it refuses the TLS handshake",
    FaultReason.RESET: "it cuts the connection",
}

_SPOKEN = {
    "http": "it answers in HTTP",
    "tls": "it answers in TLS",
    "ssh": "it answers in SSH",
    "smtp": "it answers in SMTP",
    "ftp": "it answers in FTP",
    "imap": "it answers in IMAP",
    "pop3": "it answers in POP3",
    "sametime": "it answers in the Sametime protocol",
    "socks4": "its answer is one of SOCKS4",
    "socks5": "its answer is one of SOCKS5",
}

_CANDIDATES = ["the server refuses the connection", "the server does not answer", "the proxy does not know its name"]
_APART = "a connection from the proxy's own machine, and its log"


def is_of_proxy(fault: Fault | None) -> bool:
    """True when it was a proxy on the way, and not the server, that failed."""
    return fault is not None and fault.reason.startswith("proxy-")


def judge_proxy(fault: Fault, target: Subject, evidence: Sequence[str]) -> list[Finding]:
    """What one fault of the proxy means; `target` is the endpoint behind it, with the proxy as its `via`."""
    proxy = target.via or ""
    at_proxy = _subject_of(proxy) or target
    cause = _UNDER.get(fault.cause or fault.reason) or _CAUSES.get(fault.reason, "")
    paths = [f"{proxy} to port {target.port}"]
    match fault.reason:
        case FaultReason.PROXY_NAME | FaultReason.PROXY_UNREACHABLE:
            found = kinds.PATH_PROXY_UNREACHABLE.found(
                at_proxy, evidence=evidence, affects=AFFECTS, proxy=proxy, cause=cause, paths=paths
            )
        case FaultReason.PROXY_TLS:
            found = kinds.PATH_PROXY_TLS.found(
                at_proxy, evidence=evidence, affects=AFFECTS, proxy=proxy, cause=cause, paths=paths
            )
        case FaultReason.PROXY_AUTH_REQUIRED | FaultReason.PROXY_AUTH_REJECTED | FaultReason.PROXY_AUTH_METHOD:
            found = kinds.PATH_PROXY_LOGIN.found(
                at_proxy,
                evidence=evidence,
                affects=AFFECTS,
                proxy=proxy,
                cause=cause,
                schemes=_schemes(fault),
                paths=paths,
            )
        case FaultReason.PROXY_DENIED:
            found = kinds.PATH_PROXY_DENIED.found(
                target,
                evidence=evidence,
                affects=AFFECTS,
                proxy=proxy,
                ports=f"port {target.port}",
                said=fault.words or None,
                candidates=[],
                paths=paths,
            )
        case FaultReason.PROXY_REFUSED_REQUEST:
            found = kinds.PATH_PROXY_SAYS_NO.found(
                target,
                evidence=evidence,
                affects=AFFECTS,
                proxy=proxy,
                ports=f"port {target.port}",
                said=fault.words or None,
                candidates=_CANDIDATES,
                apart=_APART,
                paths=paths,
            )
        case _:
            found = kinds.PATH_PROXY_ANSWER.found(
                at_proxy,
                evidence=evidence,
                affects=AFFECTS,
                proxy=proxy,
                cause=cause or _SPOKEN.get(fault.seen or "", "its answer is not one of a proxy"),
                said=fault.words or None,
                paths=paths,
            )
    return [found]


def judge_no_ipv4(target: Subject, evidence: Sequence[str]) -> list[Finding]:
    """SOCKS4 was asked for, and the name has no address that it can carry."""
    proxy = target.via or ""
    paths = [f"{proxy} to port {target.port}"]
    return [kinds.PATH_NO_IPV4.found(target, evidence=evidence, affects=AFFECTS, proxy=proxy, paths=paths)]


def _schemes(fault: Fault) -> list[str]:
    return fault.seen.split(", ") if fault.seen else []


def _subject_of(via: str) -> Subject | None:
    """The proxy's own endpoint."""
    try:
        proxy, _ = parse_proxy(via)
    except FormatError:  # a report by another hand
        return None
    return Subject(kind=SubjectKind.ENDPOINT, host=proxy.host, port=proxy.port)
