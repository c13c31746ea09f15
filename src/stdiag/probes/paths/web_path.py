"""A path that carries the Sametime protocol inside HTTP requests: HTTP tunnelling, directly, through an HTTP proxy, or
to a reverse proxy.

What goes on inside the tunnel is not documented, so nothing of it is imitated: one GET for the tunnel's address in
each of its two spellings, and one for a page that nobody has, to tell a server that knows the tunnel from one that
says yes to everything.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from stdiag import __version__
from stdiag.formats.via import ViaKind
from stdiag.model import Fault, FaultReason, Proxy, ProxyKind
from stdiag.net.byte_stream import ByteStream
from stdiag.net.credentials import Secret, Turn
from stdiag.net.faults import NetError, failed
from stdiag.net.http_connect import NOT_TAKEN, auth_schemes, basic
from stdiag.net.http_glance import HttpAnswer, exchange
from stdiag.net.resolve import is_address
from stdiag.net.side_by_side import side_by_side
from stdiag.net.tls import TlsOffer, handshake
from stdiag.net.tls_stream import TlsStream
from stdiag.net.tunnel import PROXIES_AT_MOST
from stdiag.net.web import ask
from stdiag.probes.paths.observation import HttpReply
from stdiag.probes.paths.walk import Walk, shown_headers

SPELLINGS = {"cbr": "/CommunityCBR", "cbr-lower": "/communityCBR"}
"""Clients of different making use both, and proxies tell upper case from lower."""
CONTROL = "/stdiag-no-such-page"

_BODY_KEPT = 600
_FROM_PROXY = (407, 511)

Ask = Callable[[str, str], HttpReply]
"""(what for, path) → the answer."""


def walk_web(walk: Walk) -> None:
    """Asks for the tunnel's address, and where a web server answers, for its other spelling and a page that nobody
    has."""
    if walk.spec.via.kind is ViaKind.REVERSE:
        asking: Ask = partial(_ask_reverse, walk)
    else:
        asking = partial(_ask_plainly, walk)
    first = asking("cbr", SPELLINGS["cbr"])
    walk.observed.http = [first]
    if first.status is None:
        walk.observed.fault = first.fault
        return
    if first.status in _FROM_PROXY or "x-squid-error" in first.headers:
        return
    others = [partial(asking, "cbr-lower", SPELLINGS["cbr-lower"]), partial(asking, "control", CONTROL)]
    answers = side_by_side(others, walk.tools.deadline)
    walk.observed.http = [first, *(answer for answer in answers if answer is not None)]


def _ask_plainly(walk: Walk, asked: str, path: str) -> HttpReply:
    """Over a connection of our own: every byte of a proxy's refusal counts."""
    url = f"http://{walk.authority}{path}"
    proxy = walk.spec.proxy
    if proxy is None:
        return _over(walk, HttpReply(url=url, asked=asked), lambda: walk.connect(first=asked == "cbr"), path, None)
    opened = partial(_proxy_stream, walk, proxy, asked)
    if walk.tools.credentials.may_send(proxy):
        secret = walk.tools.credentials.for_proxy(proxy)
        return _over(walk, HttpReply(url=url, asked=asked), opened, url, secret)
    reply = _over(walk, HttpReply(url=url, asked=asked), opened, url, None)
    schemes = [scheme.lower() for scheme in auth_schemes([reply.headers.get("proxy-authenticate", "")])]
    if reply.status != 407 or "basic" not in schemes:
        return reply

    def again(secret: Secret) -> HttpReply:
        return _over(walk, HttpReply(url=url, asked=asked), opened, url, secret)

    return _with_password(walk, proxy, reply, again, rejected_by=NOT_TAKEN)


def _with_password(
    walk: Walk, proxy: Proxy, reply: HttpReply, again: Callable[[Secret], HttpReply], *, rejected_by: tuple[int, ...]
) -> HttpReply:
    """The same question with the password, when it may be sent; else the demand for it as it came."""
    credentials = walk.tools.credentials
    secret = credentials.for_proxy(proxy)
    if secret is None:
        return reply
    if walk.proxy_tls is not None and walk.proxy_tls.handshake.verify_errors:
        reply.fault = Fault(
            FaultReason.PROXY_AUTH_REQUIRED, "the password is not sent: the proxy's certificate is not verified"
        )
        return reply
    try:
        turn = credentials.wait_for_turn(proxy, walk.tools.deadline, walk.tools.timeouts.connect)
    except NetError as error:
        reply.fault = error.fault
        return reply
    match turn:
        case Turn.REJECTED:
            words = "the password is not sent again: the proxy has rejected it in this run"
            reply.fault = Fault(FaultReason.PROXY_AUTH_REJECTED, words)
            return reply
        case Turn.NO_PASSWORD | Turn.WITHHELD | Turn.WAIT:
            return reply
        case Turn.FIRST | Turn.ACCEPTED:
            answer = again(secret)
    if answer.status is None:
        credentials.no_verdict(proxy, ended=bool(answer.fault and answer.fault.reason is FaultReason.CLOSED))
    elif answer.status in rejected_by:
        credentials.rejected(proxy)
    else:
        credentials.accepted(proxy)
    return answer


def _over(
    walk: Walk, reply: HttpReply, opened: Callable[[], ByteStream | None], target: str, secret: Secret | None
) -> HttpReply:
    """One GET for `target` over a new connection."""
    proxy = walk.spec.proxy
    lines = [f"GET {target} HTTP/1.1", f"Host: {walk.authority}", f"User-Agent: stdiag/{__version__}", "Accept: */*"]
    if secret is not None and proxy is not None:
        lines.append(f"Proxy-Authorization: {basic(proxy.user or '', secret)}")
        reply.sent_credentials = True
    request = "\r\n".join([*lines, "Connection: close", "", ""]).encode("ascii")
    reply.stage = "name"
    try:
        stream = opened()
        if stream is None:
            reply.fault = walk.observed.fault
            return reply
        reply.stage = "http"
        wait = walk.tools.timeouts.step if proxy is None else walk.tools.timeouts.proxy
        try:
            with walk.tools.steps.step("http", f"GET {target}", stream.peer) as note:
                answer = exchange(stream, request, walk.tools.deadline.within(wait))
                note.detail = f"status {answer.status}"
        finally:
            stream.close()
    except NetError as error:
        reply.fault = error.fault
        return reply
    return _filled(reply, answer)


def _filled(reply: HttpReply, answer: HttpAnswer) -> HttpReply:
    reply.status = answer.status
    reply.headers = shown_headers(answer.headers)
    reply.body = answer.body[:_BODY_KEPT].decode("utf-8", "replace")
    return reply


def _proxy_stream(walk: Walk, proxy: Proxy, asked: str) -> ByteStream:
    """A connection to the proxy itself, with TLS where it is an https proxy. Raises NetError, and has recorded at
    which step."""
    tools, observed = walk.tools, walk.observed
    first = asked == "cbr"

    def at(step: str) -> None:
        if first:
            observed.ended_at = step

    at("proxy-dns")
    addresses = tools.resolver.resolve(proxy.host, proxy.port, tools.deadline, tools.steps)
    at("proxy-tcp")
    stream = _first_connected(walk, addresses[:PROXIES_AT_MOST])
    if proxy.kind is not ProxyKind.HTTPS:
        at("request")
        return stream
    at("proxy-tls")
    server_name = None if is_address(proxy.host) else proxy.host
    offer = TlsOffer(label="to the proxy", server_name=server_name, alpn=("http/1.1",))
    with tools.steps.step("tls", "TLS handshake with the proxy", stream.peer) as note:
        session = handshake(stream, offer, walk.step_deadline(), walk.trust, name=proxy.host)
        note.fault = session.result.fault
    walk.record_proxy_tls(proxy, session.result)
    if session.result.fault is not None:
        session.close()
        raise NetError(session.result.fault)
    at("request")
    return TlsStream(session, stream.peer)


def _first_connected(walk: Walk, addresses: list[tuple[str, int]]) -> ByteStream:
    fault: NetError | None = None
    for address, port in addresses:
        try:
            return walk.tools.dialer.connect(address, port, walk.tools.deadline, walk.tools.steps)
        except NetError as error:
            fault = fault or error
    raise fault or failed(FaultReason.NAME_NOT_FOUND)


def _ask_reverse(walk: Walk, asked: str, path: str) -> HttpReply:
    """To a reverse proxy, which is a web server to its clients."""
    proxy, base = walk.spec.proxy, walk.spec.via.url or ""
    if proxy is not None and asked == "cbr" and proxy.kind is ProxyKind.HTTPS:
        _look_at_tls(walk, proxy)
    reply = _reverse_reply(walk, asked, f"{base}{path}", None)
    if proxy is None or reply.status != 401:
        return reply
    schemes = [scheme.lower() for scheme in auth_schemes([reply.headers.get("www-authenticate", "")])]
    if "basic" not in schemes:
        return reply
    again = partial(_reverse_reply, walk, asked, f"{base}{path}")
    return _with_password(walk, proxy, reply, again, rejected_by=(401,))


def _look_at_tls(walk: Walk, proxy: Proxy) -> None:
    """Its certificate, which decides whether a password may be sent, and whether clients believe it."""
    try:
        stream = _proxy_stream(walk, proxy, "certificate")
    except NetError:
        return  # the request itself will say why
    stream.close()


def _reverse_reply(walk: Walk, asked: str, url: str, secret: Secret | None) -> HttpReply:
    proxy, tools = walk.spec.proxy, walk.tools
    headers = {}
    if secret is not None and proxy is not None:
        headers["Authorization"] = basic(proxy.user or "", secret)
    deadline = tools.deadline.within(tools.timeouts.proxy)
    answer = ask(
        url,
        deadline,
        tools.steps,
        tools.resolver,
        headers=headers,
        limit_bytes=4096,
        connect_s=tools.timeouts.connect,
    )
    return HttpReply(
        url=url,
        asked=asked,
        stage=answer.stage.value,
        status=answer.status,
        headers=shown_headers(answer.headers),
        body=answer.body[:_BODY_KEPT].decode("utf-8", "replace"),
        sent_credentials=secret is not None,
        fault=answer.fault if answer.status is None else None,
    )
