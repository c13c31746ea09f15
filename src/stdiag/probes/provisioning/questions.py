"""Asks one address what the provisioning probe wants to know: single requests, without credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from stdiag.model import bracketed
from stdiag.net.side_by_side import side_by_side
from stdiag.net.stage import Stage
from stdiag.probes.contract import Tools
from stdiag.probes.provisioning.observation import AddressAnswers
from stdiag.probes.shared.web_exchange import BAD_REQUEST, PROXY_INFO, WebAsker, is_cancelled, leads_to_tls
from stdiag.probes.shared.web_facts import Exchange

if TYPE_CHECKING:
    from collections.abc import Callable

HOPS_AT_MOST = 5
OTHER_MODE_S = 3.0
"""How long the mode that the URL does not name is waited for."""


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
        self._asker = WebAsker(host, tools, through_proxy=through_proxy)
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
        if first.stage in (Stage.NAME, Stage.TCP) or is_cancelled(first.fault):
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
        if over_tls.stage is Stage.TLS and not is_cancelled(over_tls.fault):
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
        return self._pin if port == self._port else self._asker.pin_of(port, self._pin)

    def _exchange(self, url: str, pin: tuple[str, int], seconds: float | None = None) -> Exchange:
        return self._asker.exchange(url, pin, seconds)
