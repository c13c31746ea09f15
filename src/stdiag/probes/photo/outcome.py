"""What one request for a photo came to. Pure."""

from __future__ import annotations

import enum

from stdiag.model import FaultReason
from stdiag.net.stage import Stage
from stdiag.probes.photo.observation import PhotoAddress, PhotoAnswer
from stdiag.probes.shared.judge_proxy import is_of_proxy
from stdiag.probes.shared.web_exchange import is_cancelled


class PhotoOutcome(enum.StrEnum):
    """How far one request came, the farthest first."""

    IMAGE = "image"
    MISSING = "missing"  # 404, 410
    NOT_AN_IMAGE = "not-an-image"  # a page, a text, nothing, with status 200
    LOGIN_PAGE = "login-page"  # with status 200
    REFUSED = "refused"  # 401, 403
    SENT_AWAY = "sent-away"  # a redirect that was not followed
    SERVER_ERROR = "server-error"  # any other status
    NO_ANSWER = "no-answer"
    NO_TLS = "no-tls"
    NO_CONNECTION = "no-connection"
    AT_THE_PROXY = "at-the-proxy"  # on the way to it
    NOT_ASKED = "not-asked"  # this side ended it

    @property
    def answered(self) -> bool:
        """True when a web server answered."""
        return self in _ANSWERED

    @property
    def kept_out(self) -> bool:
        """True when the one who asked was told to stay out."""
        return self in (PhotoOutcome.LOGIN_PAGE, PhotoOutcome.REFUSED, PhotoOutcome.SENT_AWAY)


_ANSWERED = frozenset(
    {
        PhotoOutcome.IMAGE,
        PhotoOutcome.MISSING,
        PhotoOutcome.NOT_AN_IMAGE,
        PhotoOutcome.SERVER_ERROR,
        PhotoOutcome.LOGIN_PAGE,
        PhotoOutcome.REFUSED,
        PhotoOutcome.SENT_AWAY,
    }
)
_ORDER = list(PhotoOutcome)


def outcome_of(answer: PhotoAnswer) -> PhotoOutcome:
    """What `answer` is."""
    exchange = answer.exchange
    if answer.image is not None:
        return PhotoOutcome.IMAGE
    if is_of_proxy(exchange.fault):
        return PhotoOutcome.AT_THE_PROXY
    if is_cancelled(exchange.fault):
        return PhotoOutcome.NOT_ASKED
    if exchange.stage in (Stage.NAME, Stage.TCP):
        return PhotoOutcome.NO_CONNECTION
    if exchange.stage is Stage.TLS:
        return PhotoOutcome.NO_TLS
    if exchange.status is None:
        return PhotoOutcome.NO_ANSWER
    return _of_status(answer, exchange.status)


def _of_status(answer: PhotoAnswer, status: int) -> PhotoOutcome:
    exchange = answer.exchange
    if exchange.location is not None:
        return PhotoOutcome.SENT_AWAY
    match status:
        case 401 | 403 | 407:
            return PhotoOutcome.REFUSED
        case 404 | 410:
            return PhotoOutcome.MISSING
        case 200:
            if exchange.page is not None and exchange.page.login:
                return PhotoOutcome.LOGIN_PAGE
            # A body that broke off before it could be told what it is.
            broke_off = exchange.fault is not None and exchange.fault.reason is not FaultReason.TOO_LARGE
            return PhotoOutcome.NO_ANSWER if broke_off else PhotoOutcome.NOT_AN_IMAGE
        case _:
            return PhotoOutcome.SERVER_ERROR


def best_of(found: PhotoAddress) -> PhotoAnswer | None:
    """The answer that came farthest, the first of several; None when nothing was asked."""
    answers = [*([found.plain] if found.plain is not None else []), *found.cookies]
    return min(answers, key=lambda answer: _ORDER.index(outcome_of(answer)), default=None)
