"""Records what a web server gives for the pages that Sametime's users open, at each address of its host."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from stdiag.formats.web_url import WebUrl, parse_web_url
from stdiag.net.faults import NetError
from stdiag.net.side_by_side import side_by_side
from stdiag.probes.contract import Planned, Tools
from stdiag.probes.health.observation import AddressPages, HealthObservation, Walk
from stdiag.probes.health.plan import HTTP, asks_plain
from stdiag.probes.health.walk import Walker
from stdiag.probes.shared.web_exchange import PROXY_INFO

ADDRESSES_AT_MOST = 16


def observe(planned: Planned, tools: Tools) -> HealthObservation:
    """The facts about one Sametime Proxy, or about one page that the site names."""
    url = parse_web_url(planned.subject.url or "")
    role = planned.options.get("role")
    observation = HealthObservation(
        url=planned.subject.url or "",
        role=str(role) if role else None,
        host=url.host,
        port=url.port,
        tls=url.tls,
        via=planned.subject.via,
    )
    started = time.monotonic()
    try:
        addresses = tools.resolver.resolve(url.host, url.port, tools.deadline, tools.steps)
    except NetError as error:
        observation.name_fault = error.fault
        observation.name_waited_us = round((time.monotonic() - started) * 1_000_000)
        return observation
    if len(addresses) > ADDRESSES_AT_MOST:
        left = len(addresses) - ADDRESSES_AT_MOST
        observation.left_out.append(f"{left} of {len(addresses)} addresses: at most {ADDRESSES_AT_MOST} are asked")
        del addresses[ADDRESSES_AT_MOST:]
    pages = str(planned.options.get("pages", "")).split()
    asked = [_Address(url, pin, tools, through_proxy=observation.via is not None) for pin in addresses]
    calls: list[Callable[[], AddressPages]] = [
        partial(one.ask_page, str(url)) if role else partial(one.ask_stproxy, pages) for one in asked
    ]
    answers = side_by_side(calls, tools.deadline)
    for (address, _), answer in zip(addresses, answers, strict=True):
        if answer is None:
            observation.left_out.append(f"{address}: it did not end in the time of its check")
    observation.addresses = [answer for answer in answers if answer is not None]
    if not role and asks_plain(url) and any(not one.knows_plain for one in asked):
        observation.left_out.append(
            f"http://{url.host}/: --resolve moves port {url.port}, and says nothing of port {HTTP}"
        )
    return observation


class _Address:
    """The questions to one address: those that the first answer makes worth while are asked side by side."""

    def __init__(self, url: WebUrl, pin: tuple[str, int], tools: Tools, *, through_proxy: bool) -> None:
        self._url = url
        self._tools = tools
        self._answers = AddressPages(address=pin[0], port=pin[1])
        self._walker = Walker(url.host, url.port, pin, tools, through_proxy=through_proxy)
        self.knows_plain = self._walker.knows(HTTP)

    def ask_page(self, page: str) -> AddressPages:
        """One page that the site names."""
        self._answers.pages = [self._walker.walk(page, page)]
        return self._answers

    def ask_stproxy(self, pages: list[str]) -> AddressPages:
        """STProxy's own. A server that does not speak HTTP is asked nothing more."""
        first = self._answers.proxyinfo = self._walker.walk(PROXY_INFO, self._url.base + PROXY_INFO)
        if first.hops[0].status is None:
            return self._answers
        walks: list[Callable[[], Walk]] = [partial(self._walker.walk, page, self._url.base + page) for page in pages]
        if asks_plain(self._url) and self.knows_plain:
            plain = f"http://{self._url.base.partition('://')[2]}/"
            walks.append(partial(self._walker.walk, plain, plain))
        done = side_by_side(walks, self._tools.deadline)
        self._answers.pages = [walk for walk in done[: len(pages)] if walk is not None]
        self._answers.plain = done[len(pages)] if len(done) > len(pages) else None
        return self._answers
