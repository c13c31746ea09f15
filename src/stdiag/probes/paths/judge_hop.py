"""Why a proxy gave no way to the server: from its replies to reasons.

Many proxies answer several causes alike; what each was seen to answer is in the tests against the real programs. One
reason is named only where the reply allows no other.
"""

from __future__ import annotations

from stdiag.model import Fault, FaultReason, ProxyKind
from stdiag.probes.paths.end import End, by_connect, by_name, first_words
from stdiag.probes.paths.observation import HopReply, PathObservation
from stdiag.probes.paths.reasons import POLICY, REMOTE_DNS, REMOTE_TCP, PathStage, Reason

HTTP = (ProxyKind.HTTP, ProxyKind.HTTPS)
SOCKS4 = (ProxyKind.SOCKS4, ProxyKind.SOCKS4A)

# errno of Linux, the BSDs and macOS, and Winsock, as squid prints it behind ERR_CONNECT_FAIL.
_ERRNO = {
    **dict.fromkeys((111, 61, 10061), Reason.REMOTE_TCP_REFUSED),
    **dict.fromkeys((110, 60, 10060), Reason.REMOTE_TCP_TIMEOUT),
    **dict.fromkeys((113, 101, 65, 51, 64, 50, 10065, 10051), Reason.REMOTE_TCP_UNREACHABLE),
    **dict.fromkeys((104, 54, 10054), Reason.TARGET_RESET),
}

_WRONG_KIND_STATUS = frozenset({400, 404, 405, 501})
"""What web servers, which know no CONNECT, answer to it."""

_IN_PROTOCOL = {"http": HTTP, "socks4": SOCKS4, "socks5": (ProxyKind.SOCKS5, ProxyKind.SOCKS5H)}


def hop_end(observed: PathObservation, kind: ProxyKind) -> End:
    """The end of a path that did not come past its proxy."""
    fault = observed.fault
    if fault is None:
        return End(())
    match observed.ended_at:
        case "target-dns":
            return End(by_name(PathStage.LOCAL_DNS, fault), said=fault.words)
        case "proxy-dns":
            return End(by_name(PathStage.PROXY_DNS, fault), said=fault.words)
        case "proxy-tcp":
            return End(by_connect(PathStage.PROXY_TCP, fault), said=fault.words)
        case "proxy-tls":
            return End(_by_tls(fault), said=fault.words or str(fault.reason))
        case _:
            return _by_talk(observed, kind, fault)


def _by_tls(fault: Fault) -> tuple[Reason, ...]:
    match fault.reason:
        case FaultReason.NOT_TLS | FaultReason.TLS_PROTOCOL:
            return (Reason.PROXY_TLS_NOT_TLS,)
        case FaultReason.SILENT | FaultReason.SLOW:
            return (Reason.PROXY_PROTOCOL_SILENT, Reason.PROXY_TLS_NOT_TLS)
        case FaultReason.CLOSED | FaultReason.RESET:
            return (Reason.PROXY_PROTOCOL_CLOSED, Reason.PROXY_TLS_NOT_TLS)
        case FaultReason.TLS_ALERT:
            return (Reason.PROXY_PROTOCOL_CLOSED,)
        case _:
            return ()


def _by_talk(observed: PathObservation, kind: ProxyKind, fault: Fault) -> End:
    last = observed.replies[-1] if observed.replies else HopReply(step="request")
    said = _said(last, kind)
    resolved = observed.resolved_by == "proxy"
    match fault.reason:
        case FaultReason.SILENT | FaultReason.SLOW | FaultReason.PROXY_SILENT:
            return End(_silent(last, kind, resolved=resolved), said=said)
        case FaultReason.CLOSED | FaultReason.RESET | FaultReason.PROXY_CLOSED:
            return End(_closed(last, kind, resolved=resolved), said=said)
        case FaultReason.PROXY_PROTOCOL:
            own = kind in _IN_PROTOCOL.get(fault.seen or "", ())
            foreign = fault.seen not in (None, "unknown") and not own
            reason = Reason.PROXY_PROTOCOL_WRONG_KIND if foreign else Reason.PROXY_PROTOCOL_GARBAGE
            return End((reason,), said=f"it speaks {fault.seen}: {said}" if foreign else said)
        case FaultReason.TOO_LARGE | FaultReason.MALFORMED:
            return End((Reason.PROXY_PROTOCOL_GARBAGE,), said=fault.words)
        case FaultReason.PROXY_FALSE_SUCCESS:
            return End((Reason.PROXY_PROTOCOL_FALSE_SUCCESS,), said=said)
        case FaultReason.PROXY_AUTH_REQUIRED:
            return End((Reason.PROXY_AUTH_REQUIRED,), said=fault.words or said)
        case FaultReason.PROXY_AUTH_REJECTED:
            identd = kind in SOCKS4 and last.status == 0x5C
            return End((Reason.PROXY_AUTH_METHOD if identd else Reason.PROXY_AUTH_REJECTED,), said=said)
        case FaultReason.PROXY_AUTH_METHOD:
            reason = Reason.PROXY_AUTH_SCHEME_UNSUPPORTED if kind in HTTP else Reason.PROXY_AUTH_METHOD
            return End((reason,), said=said)
        case FaultReason.PROXY_REFUSED_REQUEST:
            return End(_refused(last, kind, resolved=resolved), said=said)
        case _:
            return End((), said=fault.words)


def _silent(last: HopReply, kind: ProxyKind, *, resolved: bool) -> tuple[Reason, ...]:
    waits_for_server = (Reason.REMOTE_TCP_TIMEOUT, *([Reason.REMOTE_DNS_TIMEOUT] if resolved else []))
    if last.received:
        return (Reason.PROXY_PROTOCOL_SILENT,)  # half a reply, and no more
    if last.step != "request":
        return (Reason.PROXY_PROTOCOL_SILENT, Reason.PROXY_PROTOCOL_WRONG_KIND)
    if kind in HTTP or kind in SOCKS4:
        return (Reason.PROXY_PROTOCOL_SILENT, *waits_for_server, Reason.PROXY_PROTOCOL_WRONG_KIND)
    # It took the greeting, so it is a SOCKS5 server at work: some say nothing while they wait for the server.
    return (*waits_for_server, Reason.PROXY_PROTOCOL_SILENT)


def _closed(last: HopReply, kind: ProxyKind, *, resolved: bool) -> tuple[Reason, ...]:
    if last.received:
        return (Reason.PROXY_PROTOCOL_CLOSED,)
    if kind in HTTP or last.step != "request":
        return (Reason.PROXY_PROTOCOL_CLOSED, Reason.PROXY_PROTOCOL_WRONG_KIND)
    # OpenSSH's SOCKS server ends the connection for every failure behind it.
    wrong = (Reason.PROXY_PROTOCOL_WRONG_KIND,) if kind in SOCKS4 else ()
    return (Reason.PROXY_PROTOCOL_CLOSED, *wrong, *_remote(resolved=resolved))


def _refused(last: HopReply, kind: ProxyKind, *, resolved: bool) -> tuple[Reason, ...]:
    if kind in HTTP:
        return http_refusal(last.status or 0, last.headers, resolved=resolved, connect=True)
    if kind in SOCKS4:
        unsupported = (Reason.PROXY_PROTOCOL_SOCKS4A_UNSUPPORTED,) if resolved else ()
        return (*unsupported, *_remote(resolved=resolved), *POLICY, Reason.PROXY_AUTH_REQUIRED)
    return _by_socks5_code(last.status or 0, resolved=resolved)


def _by_socks5_code(code: int, *, resolved: bool) -> tuple[Reason, ...]:
    """RFC 1928 §6; dante says 4 for a name that it cannot look up as well."""
    match code:
        case 2:
            return POLICY
        case 3:
            return (Reason.REMOTE_TCP_UNREACHABLE,)
        case 4:
            return (Reason.REMOTE_TCP_UNREACHABLE, *(REMOTE_DNS if resolved else ()))
        case 5:
            return (Reason.REMOTE_TCP_REFUSED,)
        case 6:
            return (Reason.REMOTE_TCP_TIMEOUT,)
        case 7 | 8:
            return (Reason.PROXY_PROTOCOL_WRONG_KIND,)
        case _:
            return (*_remote(resolved=resolved), *POLICY)


def _remote(*, resolved: bool) -> tuple[Reason, ...]:
    return (*REMOTE_TCP, *(REMOTE_DNS if resolved else ()))


def http_refusal(status: int, headers: dict[str, str], *, resolved: bool, connect: bool) -> tuple[Reason, ...]:
    """What a proxy's refusal by HTTP status leaves open; `connect`: it was asked for a tunnel."""
    if said := headers.get("x-squid-error"):
        found = _by_squid(said, resolved=resolved)
        if found:
            return found
    if status in (403, 451, 429):
        return POLICY
    if status in (500, 502, 503, 504):
        remote = _remote(resolved=resolved)
        likeliest = (Reason.REMOTE_TCP_TIMEOUT,) if status == 504 else ()
        return (*likeliest, *(one for one in remote if one not in likeliest))
    if connect and (status in _WRONG_KIND_STATUS or 300 <= status < 400):
        return (Reason.PROXY_PROTOCOL_WRONG_KIND,)
    return (Reason.PROXY_PROTOCOL_GARBAGE,) if connect else ()


def _by_squid(said: str, *, resolved: bool) -> tuple[Reason, ...]:
    """squid names the cause in X-Squid-Error: `ERR_CONNECT_FAIL 111`."""
    name, _, number = said.partition(" ")
    reason = _ERRNO.get(int(number)) if number.isdecimal() and len(number) < 6 else None
    match name:
        case "ERR_CONNECT_FAIL":
            return (reason,) if reason else REMOTE_TCP
        case "ERR_READ_ERROR" if reason is Reason.TARGET_RESET:
            return (reason,)  # the server cut the connection after it had taken the request
        case "ERR_ZERO_SIZE_OBJECT":
            return (Reason.TARGET_CLOSED,)
        case "ERR_READ_TIMEOUT":
            return (Reason.TARGET_SILENT,)
        case "ERR_INVALID_RESP":
            return (Reason.TARGET_NOT_SAMETIME,)
        case "ERR_ACCESS_DENIED":
            return POLICY
        case "ERR_DNS_FAIL":
            return REMOTE_DNS
        case "ERR_CANNOT_FORWARD" | "ERR_READ_ERROR":
            # Said for names that it cannot look up, and where it has no way.
            return (*(REMOTE_DNS if resolved else ()), Reason.REMOTE_TCP_UNREACHABLE, Reason.REMOTE_TCP_TIMEOUT)
        case _:
            return ()


def _said(reply: HopReply, kind: ProxyKind) -> str:
    """The reply for a reader."""
    if kind in HTTP:
        line = first_words(reply.received)
        squid = reply.headers.get("x-squid-error")
        return f"{line} ({squid})" if line and squid else line
    if not reply.received:
        return ""
    data = reply.received[:4]
    return f"bytes {data[:2]} {data[2:]} at the {reply.step}".replace("  ", " ")
