"""What answered on a path that carries the Sametime protocol inside HTTP.

Only what HTTP proves is claimed: the tunnel's inner format is not documented.
"""

from __future__ import annotations

import re

import msgspec

from stdiag.formats.via import ViaKind
from stdiag.model import FaultReason, ProxyKind
from stdiag.probes.paths.end import UNDECIDED, End, by_connect, by_name
from stdiag.probes.paths.judge_hop import hop_end, http_refusal
from stdiag.probes.paths.observation import HttpReply, PathObservation
from stdiag.probes.paths.reasons import POLICY, REMOTE_DNS, REMOTE_TCP, Answer, PathStage, Reason

_LOGIN_PLACE = re.compile(r"(?i)log-?in|log-?on|sign-?in|auth|sso|saml|oauth|pkmslogin|adfs|names\.nsf\?login")
_LOGIN_FORM = re.compile(r"""(?i)<input[^>]{0,200}type\s*=\s*["']?password""")
_BASIC = re.compile(r"(?i)(?:^|,)\s*basic\b")

_OF_THE_SERVER = {
    Reason.PROXY_PROTOCOL_SILENT: Reason.TARGET_SILENT,
    Reason.PROXY_PROTOCOL_CLOSED: Reason.TARGET_CLOSED,
}
"""What a proxy does with a plain request → what the server behind it may have done."""

_UNAVAILABLE = frozenset({500, 502, 503, 504})


def web_end(observed: PathObservation, via: ViaKind, kind: ProxyKind | None) -> End:
    """The end of an HTTP path; `kind` is None for a direct one."""
    if observed.fault is not None and observed.fault.reason in UNDECIDED:
        return End((), said=observed.fault.words)
    if not observed.http:
        return End(())
    first = observed.http[0]
    if first.status is None:
        return _no_answer(observed, first, via, kind)
    if via is ViaKind.REVERSE:
        return _by_reverse(observed.http)
    if kind is not None:
        refused = _by_proxy(observed, first)
        if refused is not None:
            return refused
    return _by_server(observed.http)


def status_line(reply: HttpReply) -> str:
    """An answer for a reader: `/CommunityCBR: 502 (Server: nginx)`."""
    place = "/" + reply.url.rsplit("/", 1)[-1]
    server = reply.headers.get("x-squid-error") or reply.headers.get("server")
    location = reply.headers.get("location")
    more = ", ".join(part for part in (server, f"to {location}" if location else None) if part)
    return f"{place}: HTTP {reply.status}" + (f" ({more})" if more else "")


def knows_spelling(replies: list[HttpReply]) -> dict[str, bool]:
    """For each spelling of the tunnel's address that was asked for: is it answered otherwise than a page that nobody
    has, and not with "not found"? Empty when there is nothing to compare with."""
    control = next((reply for reply in replies if reply.asked == "control"), None)
    if control is None or control.status is None:
        return {}
    return {
        reply.url.rsplit("/", 1)[-1]: reply.status not in (None, 404, 410) and reply.status != control.status
        for reply in replies
        if reply.asked != "control"
    }


def _no_answer(observed: PathObservation, first: HttpReply, via: ViaKind, kind: ProxyKind | None) -> End:
    fault = first.fault
    if fault is None or fault.reason in UNDECIDED:
        return End((), said=fault.words if fault else "")
    if via is ViaKind.REVERSE:
        return _no_answer_of_reverse(first)
    if kind is None:
        if first.stage == "name":
            return End(by_name(PathStage.LOCAL_DNS, fault) or by_connect(PathStage.REMOTE_TCP, fault), said=fault.words)
        match fault.reason:
            case FaultReason.SILENT | FaultReason.SLOW:
                return End((Reason.TARGET_SILENT,), Answer.SILENT)
            case FaultReason.CLOSED:
                return End((Reason.TARGET_CLOSED,), Answer.CLOSED)
            case FaultReason.RESET:
                return End((Reason.TARGET_RESET,), Answer.RESET)
            case _:
                return End((Reason.TARGET_NOT_SAMETIME,), Answer.OTHER, fault.words)
    if observed.ended_at == "request" and fault.reason is FaultReason.MALFORMED:
        return End((Reason.PROXY_PROTOCOL_WRONG_KIND, Reason.PROXY_PROTOCOL_GARBAGE), said=fault.words)
    end = hop_end(observed, kind)
    # It takes the request and passes it on: what it does then may be what the server did.
    of_server = _OF_THE_SERVER.get(end.reasons[0]) if end.reasons and observed.ended_at == "request" else None
    return msgspec.structs.replace(end, reasons=(*end.reasons, of_server)) if of_server else end


def _no_answer_of_reverse(first: HttpReply) -> End:
    fault = first.fault
    if fault is None:
        return End(())
    match first.stage:
        case "name":
            return End(by_name(PathStage.PROXY_DNS, fault), said=fault.words)
        case "tcp":
            return End(by_connect(PathStage.PROXY_TCP, fault), said=fault.words)
        case "tls":
            return End((Reason.PROXY_TLS_NOT_TLS,), said=fault.words)
    match fault.reason:
        case FaultReason.SILENT | FaultReason.SLOW:
            return End((Reason.PROXY_PROTOCOL_SILENT, Reason.REVERSE_GATEWAY_TIMEOUT), Answer.SILENT)
        case FaultReason.CLOSED | FaultReason.RESET:
            return End((Reason.PROXY_PROTOCOL_CLOSED,), Answer.CLOSED, fault.words)
        case _:
            return End((Reason.PROXY_PROTOCOL_GARBAGE,), Answer.OTHER, fault.words)


def _by_proxy(observed: PathObservation, first: HttpReply) -> End | None:
    """The forward proxy's own page; None when the server answered. A proxy's answer does not depend on the page that
    is asked for, a server's does."""
    status, said = first.status or 0, status_line(first)
    resolved = observed.resolved_by == "proxy"
    if status == 407:
        return End((_by_407(first),), Answer.HTTP_PROXY_PAGE, said)
    if status == 401 and first.sent_credentials:
        # tinyproxy's word for a wrong password; it may be the server's as well.
        return End((Reason.PROXY_AUTH_REJECTED, Reason.TARGET_NOT_SAMETIME), Answer.HTTP, said)
    if "x-squid-error" in first.headers:
        reasons = http_refusal(status, first.headers, resolved=resolved, connect=False)
        return End(reasons, Answer.HTTP_PROXY_PAGE, said) if reasons else None
    if any(knows_spelling(observed.http).values()):
        return None
    if status in (403, 451):
        return End((*POLICY, Reason.TARGET_NOT_SAMETIME), Answer.HTTP, said)
    if status in _UNAVAILABLE:
        remote = (*REMOTE_TCP, *(REMOTE_DNS if resolved else ()))
        return End((*remote, Reason.TARGET_NOT_SAMETIME), Answer.HTTP, said)
    if status in (400, 405, 501):
        return End((Reason.PROXY_PROTOCOL_WRONG_KIND, Reason.TARGET_NOT_SAMETIME), Answer.HTTP, said)
    return None


def _by_407(reply: HttpReply) -> Reason:
    if not _BASIC.search(reply.headers.get("proxy-authenticate", "")):
        return Reason.PROXY_AUTH_SCHEME_UNSUPPORTED
    rejected = reply.fault is not None and reply.fault.reason is FaultReason.PROXY_AUTH_REJECTED
    return Reason.PROXY_AUTH_REJECTED if reply.sent_credentials or rejected else Reason.PROXY_AUTH_REQUIRED


def _by_server(replies: list[HttpReply]) -> End:
    """A web server answered: does it know the tunnel?"""
    known = knows_spelling(replies)
    said = "; ".join(status_line(reply) for reply in replies)
    if any(known.values()):
        good = any(reply.asked != "control" and (reply.status or 0) < 400 for reply in replies)
        reasons = (Reason.OK,) if good else (Reason.OK, Reason.TARGET_NOT_SAMETIME)
        return End(reasons, Answer.HTTP_CBR, said)
    if (replies[0].status or 0) < 300:
        # It says yes to everything: a mux may, and so may any web server.
        return End((Reason.TARGET_NOT_SAMETIME, Reason.OK), Answer.HTTP, said)
    return End((Reason.TARGET_NOT_SAMETIME,), Answer.HTTP, said)


def _by_reverse(replies: list[HttpReply]) -> End:
    first = replies[0]
    status, said = first.status or 0, status_line(first)
    if _LOGIN_FORM.search(first.body):
        return End((Reason.REVERSE_FORM_LOGIN,), Answer.HTTP, f"{said}, a page with a field for a password")
    if 300 <= status < 400:
        location = first.headers.get("location", "")
        reason = Reason.REVERSE_FORM_LOGIN if _LOGIN_PLACE.search(location) else Reason.REVERSE_MOVED
        return End((reason,), Answer.HTTP, said)
    match status:
        case 401 | 407:
            rejected = first.fault is not None and first.fault.reason is FaultReason.PROXY_AUTH_REJECTED
            sent = first.sent_credentials or rejected
            asked = first.headers.get("www-authenticate", "")
            reason = Reason.REVERSE_AUTH_REJECTED if sent else Reason.REVERSE_AUTH_REQUIRED
            return End((reason,), Answer.HTTP, f"{said}, asks for: {asked or 'no scheme'}")
        case 403:
            return End((Reason.REVERSE_FORBIDDEN,), Answer.HTTP, said)
        case 502:
            # Apache says 502 for a silent server too.
            apache = "apache" in first.headers.get("server", "").lower() or not first.headers.get("server")
            silent = (Reason.REVERSE_GATEWAY_TIMEOUT,) if apache else ()
            return End((Reason.REVERSE_BAD_GATEWAY, *silent), Answer.HTTP, said)
        case 503:
            return End((Reason.REVERSE_BAD_GATEWAY,), Answer.HTTP, said)
        case 504:
            return End((Reason.REVERSE_GATEWAY_TIMEOUT,), Answer.HTTP, said)
    said = "; ".join(status_line(reply) for reply in replies)
    if any(knows_spelling(replies).values()):
        good = any(reply.asked != "control" and 200 <= (reply.status or 0) < 300 for reply in replies)
        reasons = (Reason.OK,) if good else (Reason.OK, Reason.REVERSE_WRONG_BACKEND)
        return End(reasons, Answer.HTTP_CBR, said)
    return End((Reason.REVERSE_WRONG_BACKEND,), Answer.HTTP, said)
