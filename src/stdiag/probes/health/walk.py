"""Asks one address for pages as a fresh browser does: along redirects, with the cookies that come on the way."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from stdiag.net.stage import Stage
from stdiag.net.web import WebAnswer
from stdiag.probes.contract import Tools
from stdiag.probes.health.observation import Walk, WalkEnd
from stdiag.probes.shared.web_exchange import DEFAULT_PORTS, WebAsker, exchange_of, location_of

HOPS_AT_MOST = 10
"""Requests for one page. Browsers give up after twenty; nobody waits for so many."""

_COOKIES_AT_MOST = 30
_COOKIE_LIMIT = 4096  # bytes that browsers take of one (RFC 6265 §6.1)
# Set-Cookie is the one header whose repetitions cannot be joined by commas; a comma before NAME= begins the next.
_NEXT_COOKIE = re.compile(r",\s*(?=[!#$%&'*+.^_`|~0-9A-Za-z-]+=)")
_PAIR = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=([^;\x00-\x20\x7f]*)")
_GONE = re.compile(
    r";\s*max-age\s*=\s*(?:0+|-\d*)\s*(?:;|$)|;\s*expires\s*=\s*\w{3},[ \d\w-]*(?:19\d\d|-70)\b", re.IGNORECASE
)


class Walker:
    """Asks one address of a host. A URL that several walks come to is asked once, as long as no cookie is sent."""

    def __init__(self, host: str, port: int, pin: tuple[str, int], tools: Tools, *, through_proxy: bool) -> None:
        """`pin` is where `port` of the host is to be connected to; `through_proxy`: the dialer's way is a tunnel."""
        self._host = host.lower()
        self._port = port
        self._pin = pin
        self._tools = tools
        self._asker = WebAsker(host, tools, through_proxy=through_proxy)
        self._lock = threading.Lock()
        self._asked: dict[str, _Once] = {}

    def walk(self, page: str, url: str) -> Walk:
        """The answers for `url`, which is called `page`."""
        jar = _Jar()
        been = {jar.state(url)}
        hops = [self._answer(url, self._pin_of(url) or self._pin, jar)]
        while True:
            at = location_of(hops[-1])
            if at is None:
                end = WalkEnd.ANSWERED
                break
            parts = urlsplit(at)
            if parts.hostname != self._host or parts.scheme not in DEFAULT_PORTS:
                end = WalkEnd.OTHER_HOST
                break
            if jar.state(at) in been:
                end = WalkEnd.LOOP
                break
            if len(hops) == HOPS_AT_MOST:
                end = WalkEnd.TOO_MANY
                break
            pin = self._pin_of(at)
            if pin is None:
                end = WalkEnd.NOT_TOLD
                break
            been.add(jar.state(at))
            hops.append(self._answer(at, pin, jar))
        return Walk(page=page, hops=[exchange_of(hop) for hop in hops], end=end, cookies=jar.ever)

    def knows(self, port: int) -> bool:
        """False where a --resolve moved the host's own port to another one, and says nothing of `port`: whoever
        listens there has nothing to do with it."""
        return self._pin_at(port) is not None

    def _pin_of(self, url: str) -> tuple[str, int] | None:
        parts = urlsplit(url)
        return self._pin_at(parts.port or DEFAULT_PORTS[parts.scheme])

    def _pin_at(self, port: int) -> tuple[str, int] | None:
        """Where another port of the host is: at the same address, unless a --resolve says otherwise."""
        if port == self._port:
            return self._pin
        told = self._tools.resolver.told(self._host, port)
        if told:
            return next((one for one in told if one[0] == self._pin[0]), told[0])
        return None if self._pin[1] != self._port else (self._pin[0], port)

    def _answer(self, url: str, pin: tuple[str, int], jar: _Jar) -> WebAnswer:
        sent = jar.header(url)
        if sent:
            answer = self._asker.answer(url, pin, headers={"Cookie": sent})
        else:
            answer = self._once(url, lambda: self._asker.answer(url, pin))
        jar.take(answer)
        return answer

    def _once(self, url: str, ask: Callable[[], WebAnswer]) -> WebAnswer:
        with self._lock:
            known = self._asked.get(url)
            once = known or self._asked.setdefault(url, _Once())
        if known is None:
            try:
                once.answer = ask()
            finally:
                once.done.set()
        once.done.wait(self._tools.deadline.remaining() + 1.0)
        return once.answer or WebAnswer(url=url, stage=Stage.HTTP)


class _Once:
    """An answer that one walk waits for and others get."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.answer: WebAnswer | None = None


class _Jar:
    """The cookies of one walk. They live as long as it does, and are never recorded."""

    def __init__(self) -> None:
        self._cookies: dict[str, tuple[str, bool]] = {}
        self.ever = False

    def take(self, answer: WebAnswer) -> None:
        """Keeps what an answer sets."""
        for one in _NEXT_COOKIE.split(answer.headers.get("set-cookie", "")):
            found = _PAIR.match(one)
            if found is None or len(one) > _COOKIE_LIMIT:
                continue
            self.ever = True
            name, value = found[1], found[2]
            if not value or _GONE.search(one):
                self._cookies.pop(name, None)
            elif name in self._cookies or len(self._cookies) < _COOKIES_AT_MOST:
                self._cookies[name] = (value, re.search(r";\s*secure\s*(?:;|$)", one, re.IGNORECASE) is not None)

    def header(self, url: str) -> str:
        """What is sent with a request: of what is marked Secure nothing goes over http (RFC 6265 §4.1.2.5)."""
        tls = url.startswith("https:")
        return "; ".join(f"{name}={value}" for name, (value, secure) in self._cookies.items() if tls or not secure)

    def state(self, url: str) -> tuple[str, str]:
        """What tells one request from another."""
        return url, self.header(url)
