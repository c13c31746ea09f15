"""Asks a web server single questions without credentials, and keeps the facts of the answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from stdiag.model import Fault, FaultReason, bracketed
from stdiag.net.faults import NetError
from stdiag.net.stage import Stage
from stdiag.net.web import WebAnswer, ask
from stdiag.probes.contract import Tools
from stdiag.probes.shared.web_facts import Exchange
from stdiag.probes.shared.web_page import body_kind, page_facts, proxy_info_of

PROXY_INFO = "/stwebapi/proxyinfo"
BAD_REQUEST = 400
"""What a server says by a status of its own to plain HTTP at a TLS port (nginx, Apache, Tomcat)."""
DEFAULT_PORTS: Mapping[str, int] = {"http": 80, "https": 443}

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADER_LIMIT = 300
_LOCATION_LIMIT = 2000
_BODY_LIMIT = 64 * 1024


class WebAsker:
    """Asks one host, at addresses that the caller names."""

    def __init__(self, host: str, tools: Tools, *, through_proxy: bool) -> None:
        """`through_proxy`: the dialer's way is a tunnel."""
        self._host = host
        self._tools = tools
        self._through_proxy = through_proxy

    def exchange(self, url: str, pin: tuple[str, int], seconds: float | None = None) -> Exchange:
        """The facts of one answer. `pin` is the address and port to connect to, `seconds` a shorter wait than usual."""
        return exchange_of(self.answer(url, pin, seconds))

    def answer(
        self,
        url: str,
        pin: tuple[str, int],
        seconds: float | None = None,
        headers: Mapping[str, str] = {},
        *,
        limit_bytes: int = _BODY_LIMIT,
    ) -> WebAnswer:
        """The answer itself, for who must look into it before its facts are all that is left; of its body at most
        `limit_bytes`."""
        tools = self._tools
        wait = min(seconds or tools.timeouts.step, tools.timeouts.step)
        try:
            if self._through_proxy:
                # The proxy's verdict has a limit of its own; the server's time begins with the open tunnel.
                stream = tools.dialer.connect(*pin, tools.deadline, tools.steps)
                over_it = tools.deadline.within(wait)
                return ask(
                    url,
                    over_it,
                    tools.steps,
                    tools.resolver,
                    headers=headers,
                    limit_bytes=limit_bytes,
                    over=stream,
                )
            deadline = tools.deadline.within(wait)
            with tools.dialer.place(*pin, deadline, tools.steps):
                return ask(
                    url,
                    deadline,
                    tools.steps,
                    tools.resolver,
                    headers=headers,
                    limit_bytes=limit_bytes,
                    pin=pin,
                    connect_s=tools.timeouts.connect,
                )
        except NetError as error:
            return WebAnswer(url=url, stage=Stage.TCP, fault=error.fault)

    def pin_of(self, port: int, pin: tuple[str, int]) -> tuple[str, int]:
        """Where another port of the same host is: at the address of `pin`, unless a --resolve says otherwise."""
        try:
            there = self._tools.resolver.resolve(self._host, port, self._tools.deadline, self._tools.steps)
        except NetError:
            return pin[0], port
        return next((one for one in there if one[0] == pin[0]), there[0])


def exchange_of(answer: WebAnswer) -> Exchange:
    """The facts of an answer that are kept."""
    info = proxy_info_of(answer.body) if answer.status == 200 else None
    kind = body_kind(answer.body) if answer.body or answer.fault is None else "unread"
    challenge = "proxy-authenticate" if answer.status == 407 else "www-authenticate"
    return Exchange(
        url=answer.url.partition("?")[0],
        stage=answer.stage,
        status=answer.status,
        fault=answer.fault,
        duration_us=answer.duration_us,
        waited_us=answer.waited_us,
        protocol=answer.protocol,
        server=_header(answer, "server"),
        content_type=_header(answer, "content-type"),
        challenge=_header(answer, challenge),
        location=_shown(location_of(answer)),
        hsts=_header(answer, "strict-transport-security"),
        body=kind,
        proxy_info=info,
        page=page_facts(answer.body) if answer.body and info is None and kind in ("html", "text") else None,
    )


def leads_to_tls(exchange: Exchange, port: int) -> bool:
    """True when a redirect names TLS at the same port: a TLS port that was asked in plain may answer so."""
    if exchange.location is None:
        return False
    there, here = urlsplit(exchange.location), urlsplit(exchange.url)
    return there.scheme == "https" and there.hostname == here.hostname and (there.port or 443) == port


def _header(answer: WebAnswer, name: str) -> str | None:
    return answer.headers.get(name, "")[:_HEADER_LIMIT] or None


def location_of(answer: WebAnswer) -> str | None:
    """Where a redirect leads to, made absolute, as far as it is a URL; with its query, which may hold tokens, and so
    not for the record."""
    location = answer.headers.get("location")
    if answer.status not in _REDIRECTS or not location:
        return None
    try:
        parts = urlsplit(urljoin(answer.url, location[:_LOCATION_LIMIT]))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if not host or not re.fullmatch(r"[a-z][a-z0-9+.-]*", parts.scheme):
        return None
    at = f":{port}" if port is not None and port != DEFAULT_PORTS.get(parts.scheme) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{bracketed(host)}{at}{parts.path or '/'}{query}"


def is_cancelled(fault: Fault | None) -> bool:
    """True when this side ended it, so that it says nothing about the server."""
    return fault is not None and fault.reason in (FaultReason.CANCELLED, FaultReason.LOCAL)


def _shown(location: str | None) -> str | None:
    """As it is kept: without its query."""
    return location and location.partition("?")[0][:_HEADER_LIMIT]
