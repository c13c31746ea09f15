"""Asks one address what the provisioning probe wants to know: single requests, without credentials."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from stdiag.model import Fault, FaultReason, bracketed
from stdiag.net.faults import NetError
from stdiag.net.side_by_side import side_by_side
from stdiag.net.stage import Stage
from stdiag.net.web import WebAnswer, ask
from stdiag.probes.contract import Tools
from stdiag.probes.provisioning.observation import AddressAnswers, Exchange
from stdiag.probes.provisioning.page import body_kind, page_facts, proxy_info_of

if TYPE_CHECKING:
    from collections.abc import Callable

PROXY_INFO = "/stwebapi/proxyinfo"
HOPS_AT_MOST = 5
OTHER_MODE_S = 3.0
"""How long the mode that the URL does not name is waited for."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADER_LIMIT = 300
# What a server says by a status of its own to plain HTTP at a TLS port is 400 (nginx, Apache, Tomcat).
BAD_REQUEST = 400


class AddressQuestions:
    """The requests to one address of the URL's host."""

    def __init__(
        self,
        address: tuple[str, int],
        host: str,
        port: int,
        tools: Tools,
        *,
        tls: bool,
        through_proxy: bool,
        photo: tuple[str, int] | None,
        asks_root: bool,
    ) -> None:
        """`address` and `photo` are where to connect to; `through_proxy`: the dialer's way is a tunnel; `asks_root`:
        ask `/` too, whatever the first answer is."""
        self._pin = address
        self._host = host
        self._port = port
        self._tools = tools
        self._tls = tls
        self._through_proxy = through_proxy
        self._photo = photo
        self._asks_root = asks_root

    def ask(self) -> AddressAnswers:
        """Everything."""
        answers = AddressAnswers(address=self._pin[0], port=self._pin[1])

        def main() -> None:
            self._ask_main(answers)

        def photo() -> None:
            self._ask_photo(answers)

        calls: list[Callable[[], None]] = [main, photo] if self._photo else [main]
        side_by_side(calls, self._tools.deadline)
        return answers

    def _ask_main(self, answers: AddressAnswers) -> None:
        scheme = "https" if self._tls else "http"
        first = self._exchange(f"{scheme}://{self._authority()}{PROXY_INFO}", self._pin)
        answers.proxyinfo = [first]
        if first.stage in (Stage.NAME, Stage.TCP) or _cancelled(first.fault):
            return
        if self._may_be_the_other_mode(first):
            answers.other_mode = self._ask_other_mode()
        if first.status is None:
            return
        answers.proxyinfo = self._followed(first)
        if self._asks_root or answers.proxyinfo[-1].proxy_info is None:
            answers.root = self._followed(self._exchange(f"{scheme}://{self._authority()}/", self._pin))

    def _may_be_the_other_mode(self, first: Exchange) -> bool:
        if self._tls:
            return first.stage is Stage.TLS
        return first.status in (None, BAD_REQUEST) or leads_to_tls(first, self._port)

    def _ask_other_mode(self) -> Exchange:
        scheme = "http" if self._tls else "https"
        return self._exchange(f"{scheme}://{self._authority()}{PROXY_INFO}", self._pin, OTHER_MODE_S)

    def _ask_photo(self, answers: AddressAnswers) -> None:
        if self._photo is None:
            return
        authority = f"{bracketed(self._host)}:{self._photo[1]}"
        over_tls = self._exchange(f"https://{authority}/", self._photo)
        answers.photo = [over_tls]
        if over_tls.stage is Stage.TLS and not _cancelled(over_tls.fault):
            answers.photo.append(self._exchange(f"http://{authority}/", self._photo, OTHER_MODE_S))

    def _authority(self, port: int | None = None) -> str:
        return f"{bracketed(self._host)}:{port or self._port}"

    def _followed(self, first: Exchange) -> list[Exchange]:
        """`first` and the redirects after it, as far as they stay on this host."""
        hops = [first]
        asked = {first.url}
        while len(hops) <= HOPS_AT_MOST and (at := hops[-1].location) and at not in asked:
            parts = urlsplit(at)
            if parts.hostname != self._host.lower() or parts.scheme not in ("http", "https"):
                break
            port = parts.port or (443 if parts.scheme == "https" else 80)
            asked.add(at)
            hops.append(self._exchange(at, self._pin_of(port)))
        return hops

    def _pin_of(self, port: int) -> tuple[str, int]:
        """Where another port of the same host is: at this address, unless a --resolve says otherwise."""
        if port == self._port:
            return self._pin
        try:
            there = self._tools.resolver.resolve(self._host, port, self._tools.deadline, self._tools.steps)
        except NetError:
            return self._pin[0], port
        return next((one for one in there if one[0] == self._pin[0]), there[0])

    def _exchange(self, url: str, pin: tuple[str, int], seconds: float | None = None) -> Exchange:
        tools = self._tools
        wait = min(seconds or tools.timeouts.step, tools.timeouts.step)
        try:
            if self._through_proxy:
                # The proxy's verdict has a limit of its own; the server's time begins with the open tunnel.
                stream = tools.dialer.connect(*pin, tools.deadline, tools.steps)
                over_it = tools.deadline.within(wait)
                return exchange_of(ask(url, over_it, tools.steps, tools.resolver, over=stream))
            deadline = tools.deadline.within(wait)
            with tools.dialer.place(*pin, deadline, tools.steps):
                answer = ask(url, deadline, tools.steps, tools.resolver, pin=pin, connect_s=tools.timeouts.connect)
        except NetError as error:
            return Exchange(url=url, stage=Stage.TCP, fault=error.fault)
        return exchange_of(answer)


def exchange_of(answer: WebAnswer) -> Exchange:
    """The facts of an answer that are kept."""
    info = proxy_info_of(answer.body) if answer.status == 200 else None
    kind = body_kind(answer.body) if answer.body or answer.fault is None else "unread"
    challenge = "proxy-authenticate" if answer.status == 407 else "www-authenticate"
    return Exchange(
        url=answer.url,
        stage=answer.stage,
        status=answer.status,
        fault=answer.fault,
        duration_us=answer.duration_us,
        protocol=answer.protocol,
        server=_header(answer, "server"),
        content_type=_header(answer, "content-type"),
        challenge=_header(answer, challenge),
        location=_location(answer),
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


def _location(answer: WebAnswer) -> str | None:
    """Where a redirect leads to, as far as it is a URL; without user, query and fragment, which may hold tokens."""
    location = answer.headers.get("location")
    if answer.status not in _REDIRECTS or not location:
        return None
    try:
        parts = urlsplit(urljoin(answer.url, location[:2000]))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if not host or not re.fullmatch(r"[a-z][a-z0-9+.-]*", parts.scheme):
        return None
    at = f":{port}" if port is not None and port != {"http": 80, "https": 443}.get(parts.scheme) else ""
    return f"{parts.scheme}://{bracketed(host)}{at}{parts.path or '/'}"[:_HEADER_LIMIT]


def _cancelled(fault: Fault | None) -> bool:
    return fault is not None and fault.reason in (FaultReason.CANCELLED, FaultReason.LOCAL)
