"""Asks one address for a photo: without a cookie, with the cookies that let through, and in lower case."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from stdiag.formats.image import image_facts
from stdiag.formats.photo_url import PhotoUrl
from stdiag.model import FaultReason, PhotoAccess, bracketed
from stdiag.net.credentials import Secret, TokenPlace, Turn
from stdiag.net.faults import NetError
from stdiag.net.side_by_side import side_by_side
from stdiag.net.tls import TlsOffer, handshake
from stdiag.net.web import WebAnswer
from stdiag.probes.contract import Tools
from stdiag.probes.photo.cookies import LTPA_COOKIES, MADE_UP, MEETING_COOKIE, MEETING_VALUE
from stdiag.probes.photo.observation import PhotoAddress, PhotoAnswer, PhotoImage, PhotoRole
from stdiag.probes.photo.outcome import PhotoOutcome, best_of, outcome_of
from stdiag.probes.photo.plan import PhotoAsked
from stdiag.probes.shared.handshake import Handshake
from stdiag.probes.shared.record import handshake_record
from stdiag.probes.shared.verifying_store import verifying_store
from stdiag.probes.shared.web_exchange import DEFAULT_PORTS, WebAsker, exchange_of, location_of

BODY_LIMIT = 1 << 20
"""Bytes of a picture that are read; photos of a directory have some thousands."""
HOPS_AT_MOST = 3


class PhotoQuestions:
    """The requests to one address of a photo's host. `withheld` names tokens that were not shown any more."""

    def __init__(
        self, address: tuple[str, int], url: PhotoUrl, asked: PhotoAsked, tools: Tools, *, through_proxy: bool
    ) -> None:
        self._pin = address
        self._url = url
        self._asked = asked
        self._tools = tools
        self._web = WebAsker(url.host, tools, through_proxy=through_proxy)
        self.withheld: list[str] = []

    def ask(self) -> PhotoAddress:
        """Everything."""
        found = PhotoAddress(address=self._pin[0], port=self._pin[1])

        def photo() -> None:
            self._ask_photo(found)

        def trust() -> None:
            found.handshake = self._shake_hands()

        calls: list[Callable[[], None]] = [photo, trust] if self._asked.trust else [photo]
        side_by_side(calls, self._tools.deadline)
        return found

    def _ask_photo(self, found: PhotoAddress) -> None:
        found.plain = self._answer(self._url.request)
        outcome = outcome_of(found.plain)
        if outcome is PhotoOutcome.IMAGE or not outcome.answered:
            self._ask_in_lower_case(found)
            return
        asks = [] if outcome is PhotoOutcome.SERVER_ERROR else self._with_cookies()
        answers = side_by_side(asks, self._tools.deadline)
        found.cookies = [answer for answer in answers if answer is not None]
        self._ask_in_lower_case(found)

    def _with_cookies(self) -> list[Callable[[], PhotoAnswer | None]]:
        """STProxy's own copy is asked for with a login's real tokens only; a public photo without any."""
        copy = self._asked.role is PhotoRole.COPY
        if self._asked.access is PhotoAccess.PUBLIC and not copy:
            return []
        real: list[Callable[[], PhotoAnswer | None]] = [partial(self._with_token, name) for name in self._asked.tokens]
        if copy:
            return real
        lacking = [name for name in LTPA_COOKIES if name not in self._asked.tokens]
        # With a real token for both, one question tells whether the name alone would do.
        groups = [[name] for name in lacking] or [list(LTPA_COOKIES)]
        made_up = [partial(self._with_made_up, names) for names in groups]
        return [*real, *made_up, self._as_in_meeting]

    def _with_token(self, name: str) -> PhotoAnswer | None:
        """With the real token, as long as this host has not refused it; None when it is not shown."""
        credentials = self._tools.credentials
        place = TokenPlace(host=self._url.host, port=self._url.port or 0, user=name)
        try:
            turn = credentials.wait_for_turn(place, self._tools.deadline)
        except NetError:
            return None
        token = credentials.for_proxy(place)
        if turn not in (Turn.FIRST, Turn.ACCEPTED) or token is None:
            self.withheld += [] if turn is Turn.NO_PASSWORD else [name]
            return None
        answer = self._answer(self._url.request, name, token)
        if turn is Turn.FIRST:
            match outcome_of(answer):
                case PhotoOutcome.IMAGE | PhotoOutcome.MISSING:
                    credentials.accepted(place)
                case outcome if outcome.kept_out:
                    credentials.rejected(place)
                case _:
                    credentials.no_verdict(place, ended=False)
        return answer

    def _with_made_up(self, names: list[str]) -> PhotoAnswer:
        return self._answer(
            self._url.request, ", ".join(names), cookie="; ".join(f"{name}={MADE_UP}" for name in names)
        )

    def _as_in_meeting(self) -> PhotoAnswer:
        return self._answer(self._url.request, MEETING_COOKIE, cookie=f"{MEETING_COOKIE}={MEETING_VALUE}")

    def _ask_in_lower_case(self, found: PhotoAddress) -> None:
        """With whatever brought the best answer to the URL itself."""
        url = self._url.in_lower_case
        best = best_of(found)
        if self._asked.role is PhotoRole.COPY or url is None or best is None or not outcome_of(best).answered:
            return
        if not best.shown:
            found.in_lower_case = self._answer(url)
        elif best.shown == MEETING_COOKIE:
            found.in_lower_case = self._answer(url, MEETING_COOKIE, cookie=f"{MEETING_COOKIE}={MEETING_VALUE}")
        elif best.made_up:
            names = best.shown.split(", ")
            found.in_lower_case = self._answer(url, best.shown, cookie="; ".join(f"{one}={MADE_UP}" for one in names))
        elif outcome_of(best) in (PhotoOutcome.IMAGE, PhotoOutcome.MISSING):
            place = TokenPlace(host=self._url.host, port=self._url.port or 0, user=best.shown)
            token = self._tools.credentials.for_proxy(place)
            found.in_lower_case = self._answer(url, best.shown, token) if token is not None else None

    def _answer(self, url: str, shown: str = "", token: Secret | None = None, *, cookie: str = "") -> PhotoAnswer:
        """One request and the redirects after it that stay on the host. A real `token` goes to the host and port that
        it is for, or to TLS on the same host, and never from TLS to a port without it."""
        header = f"{shown}={token.reveal()}" if token is not None else cookie
        headers = {"Cookie": header} if header else {}
        passed: list[str] = []
        pin, at = self._pin, url
        while True:
            answer = self._web.answer(at, pin, headers=headers, limit_bytes=BODY_LIMIT)
            following = self._following(answer, passed, careful=token is not None)
            if following is None:
                return _recorded(answer, shown, passed, made_up=bool(cookie) and shown != MEETING_COOKIE)
            passed.append(following.partition("?")[0])
            at, port = following, _port_of(following)
            pin = self._pin if port == self._url.port else self._web.pin_of(port, self._pin)

    def _following(self, answer: WebAnswer, passed: list[str], *, careful: bool) -> str | None:
        """Where a redirect leads to, when it is to be followed."""
        location = location_of(answer)
        if location is None or len(passed) >= HOPS_AT_MOST or location.partition("?")[0] in passed:
            return None
        there, here = urlsplit(location), urlsplit(answer.url)
        if there.scheme not in DEFAULT_PORTS or there.hostname != self._url.host:
            return None
        same = (there.scheme, _port_of(location)) == (here.scheme, _port_of(answer.url))
        if careful and not same and there.scheme != "https":
            return None
        return location if location != answer.url else None

    def _shake_hands(self) -> Handshake | None:
        """What a client of today is shown."""
        tools = self._tools
        verifying = verifying_store(tools.trust)
        name = None if ":" in self._url.host or self._url.host.replace(".", "").isdigit() else self._url.host
        offer = TlsOffer(label="default", server_name=name, alpn=("http/1.1",))
        try:
            stream = tools.dialer.connect(*self._pin, tools.deadline, tools.steps)
        except NetError as error:
            return Handshake(offer=offer.label, server_name=name, completed=False, fault=error.fault)
        peer = f"{bracketed(self._pin[0])}:{self._pin[1]}"
        with tools.steps.step("tls", "TLS handshake, as the Sametime Proxy makes it", peer) as note:
            deadline = tools.deadline.within(tools.timeouts.step)
            session = handshake(stream, offer, deadline, verifying.openssl_store() if verifying else None)
            note.fault = session.result.fault
            note.detail = " ".join(filter(None, (session.result.protocol, session.result.cipher)))
        session.close()
        return handshake_record(offer, session.result)


def _recorded(answer: WebAnswer, shown: str, passed: list[str], *, made_up: bool) -> PhotoAnswer:
    length = answer.headers.get("content-length", "")
    return PhotoAnswer(
        shown=shown,
        made_up=made_up,
        passed=passed,
        exchange=exchange_of(answer),
        length_said=int(length) if length.isdecimal() and length.isascii() and len(length) < 12 else None,
        image=_image(answer),
    )


def _image(answer: WebAnswer) -> PhotoImage | None:
    facts = image_facts(answer.body) if answer.status == 200 else None
    if facts is None:
        return None
    cut = answer.fault is not None and answer.fault.reason is FaultReason.TOO_LARGE
    return PhotoImage(
        form=facts.form,
        bytes_came=len(answer.body),
        sha256=hashlib.sha256(answer.body).hexdigest(),
        width=facts.width,
        height=facts.height,
        whole=None if cut else facts.whole,
    )


def _port_of(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or DEFAULT_PORTS[parts.scheme]
