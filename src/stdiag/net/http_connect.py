"""CONNECT (RFC 9110 §9.3.6): the request, and a parser of its answer that is bounded and keeps everything."""

from __future__ import annotations

import re
from collections.abc import Callable

from stdiag import __version__
from stdiag.model import FaultReason, bracketed
from stdiag.net.credentials import Secret
from stdiag.net.faults import failed
from stdiag.net.proxy_talk import ProxyReply, ProxyTalk, TunnelStep

MAX_HEAD = 32 * 1024
"""A longer head is given up."""

NOT_TAKEN = (407, 401)
"""Refusals of a password. 401 is a web server's word (RFC 9110 §15.5.2), and what tinyproxy says of a wrong one."""

MAX_PAGE = 4 * 1024
"""So much of a refusal's page is kept: a proxy's own page names it, and often the cause."""

_PAGE_S = 0.5
_MAX_INTERIM = 8
_FALSE_SUCCESS_S = 1.0

_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})(?: |$)")
_SCHEME = re.compile(r"\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)(?:\s+(?!=)|\s*$)")
_QUOTED_OR_COMMA = re.compile(r'"(?:[^"\\]|\\.)*"?|,')


def connect_request(host: str, port: int, user: str | None = None, password: Secret | None = None) -> bytes:
    """The request for a tunnel to `host` (an address, or a name in A-labels), with Basic (RFC 7617) when there is a
    password."""
    authority = f"{bracketed(host.partition('%')[0])}:{port}"  # a zone stays on this machine (RFC 6874 §4)
    lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}", f"User-Agent: stdiag/{__version__}"]
    if password is not None:
        lines.append(f"Proxy-Authorization: {basic(user or '', password)}")
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def basic(user: str, password: Secret) -> str:
    """The value of an Authorization header (RFC 7617 §2, UTF-8 as in §2.1)."""
    import base64

    return "Basic " + base64.b64encode(f"{user}:{password.reveal()}".encode()).decode("ascii")


def ask_connect(
    talk: ProxyTalk, host: str, port: int, user: str | None, password: Secret | None, on_verdict: Callable[[bool], None]
) -> None:
    """Asks for a tunnel; any 2xx is one. Raises NetError: proxy-auth-required (407, and nothing was sent),
    proxy-auth-rejected, proxy-auth-method (no Basic among the schemes), proxy-refused-request for any other status,
    proxy-false-success, or what the connection did.

    `on_verdict` hears whether the password was taken: any answer but 407 or 401 means that it was.
    """
    talk.say(connect_request(host, port, user, password))
    with talk.reply(TunnelStep.REQUEST, sent_credentials=password is not None) as reply:
        _read_head(talk, reply)
        status = reply.status or 0
        if password is not None:
            on_verdict(status not in NOT_TAKEN)
        if 200 <= status < 300:
            if announces_body(reply) and talk.awaited(_FALSE_SUCCESS_S):
                talk.page(MAX_PAGE, _PAGE_S)
                raise failed(FaultReason.PROXY_FALSE_SUCCESS, f"status {status} with the length of a page")
            return
        talk.page(_page_size(reply), _PAGE_S)
        if password is not None and status == 401:
            raise failed(FaultReason.PROXY_AUTH_REJECTED, "status 401")
        if status != 407:
            raise failed(FaultReason.PROXY_REFUSED_REQUEST, f"status {status}")
        if "basic" not in (scheme.lower() for scheme in reply.schemes):
            raise failed(FaultReason.PROXY_AUTH_METHOD, f"status 407 with {', '.join(reply.schemes) or 'no scheme'}")
        if password is None:
            raise failed(FaultReason.PROXY_AUTH_REQUIRED, "status 407")
        raise failed(FaultReason.PROXY_AUTH_REJECTED, "status 407")


def announces_body(reply: ProxyReply) -> bool:
    """True when the answer to CONNECT says that a page follows: a proxy that opens a tunnel must not (RFC 9110
    §9.3.6), a web server that does not know CONNECT does."""
    length = reply.headers.get("content-length", "").strip()
    return "transfer-encoding" in reply.headers or length.strip("0") != ""


def auth_schemes(values: list[str]) -> list[str]:
    """The names of the schemes in Proxy-Authenticate or WWW-Authenticate headers (RFC 9110 §11.6.1)."""
    found: list[str] = []
    for value in values:
        for part in _split_at_commas(value):
            scheme = _SCHEME.match(part)
            if scheme and scheme[1] not in found:
                found.append(scheme[1])
    return found


def _split_at_commas(value: str) -> list[str]:
    """`value` at its commas, except those in quoted strings."""
    parts, start = [], 0
    for found in _QUOTED_OR_COMMA.finditer(value):
        if found[0] == ",":
            parts.append(value[start : found.start()])
            start = found.end()
    return [*parts, value[start:]]


def _read_head(talk: ProxyTalk, reply: ProxyReply) -> None:
    """Fills in status, headers and schemes; interim answers (1xx) are passed over."""
    for _ in range(_MAX_INTERIM):
        first, *lines = re.split(rb"\r?\n", talk.head(MAX_HEAD))
        status_line = _STATUS_LINE.match(first)
        if status_line is None:
            raise failed(FaultReason.PROXY_PROTOCOL, "the status line is not HTTP/1.x's", seen="http")
        reply.status = int(status_line[1])
        challenges: list[str] = []
        reply.headers = {}
        for line in lines:
            name, colon, value = line.partition(b":")
            if not colon:
                continue  # a folded or broken line: nothing that a diagnosis rests on
            key = name.strip().decode("latin-1").lower()
            text = value.strip().decode("latin-1")
            reply.headers[key] = f"{reply.headers[key]}, {text}" if key in reply.headers else text
            if key == "proxy-authenticate":
                challenges.append(text)
        reply.schemes = auth_schemes(challenges)
        if reply.status >= 200:
            return
    raise failed(FaultReason.PROXY_PROTOCOL, f"more than {_MAX_INTERIM} interim answers", seen="http")


def _page_size(reply: ProxyReply) -> int:
    length = reply.headers.get("content-length", "")
    return min(MAX_PAGE, int(length)) if length.isdecimal() and len(length) < 10 else MAX_PAGE
