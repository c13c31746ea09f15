"""Shows a finished photo check as blocks: what came with which cookie, whom the host lets through, what Java says."""

from __future__ import annotations

import msgspec

from stdiag.model import Block, Check, KeyValues, Renewal, Subject, SubjectKind, Table
from stdiag.probes.contract import Context
from stdiag.probes.photo.analysis import PhotoAnalysis, PhotoRule
from stdiag.probes.photo.judge_picture import picture_words
from stdiag.probes.photo.observation import PhotoAddress, PhotoAnswer, PhotoObservation, PhotoRole
from stdiag.probes.photo.outcome import PhotoOutcome, outcome_of

_OUTCOMES = {
    PhotoOutcome.MISSING: "no such photo",
    PhotoOutcome.NOT_AN_IMAGE: "no picture",
    PhotoOutcome.SERVER_ERROR: "an error",
    PhotoOutcome.LOGIN_PAGE: "a login page",
    PhotoOutcome.REFUSED: "kept out",
    PhotoOutcome.NO_ANSWER: "no proper answer",
    PhotoOutcome.NO_TLS: "no TLS handshake",
    PhotoOutcome.NO_CONNECTION: "no connection",
    PhotoOutcome.AT_THE_PROXY: "the proxy gave no connection",
    PhotoOutcome.NOT_ASKED: "not asked",
}
_RULES = {
    PhotoRule.OPEN: "everybody",
    PhotoRule.LISTED: "this machine, without a cookie; whether strangers too cannot be told from here",
    PhotoRule.BY_NAME: "who shows a cookie of the right name: guests, and whoever sets one by hand",
    PhotoRule.BY_LOGIN: "who shows a login's or a meeting's cookie; a made-up token does not open it",
    PhotoRule.NOBODY: "nobody of those who asked",
}


def present(check: Check) -> list[Block]:
    """Blocks for the renderers; empty when nothing was observed."""
    observation = msgspec.json.decode(check.observation, type=PhotoObservation | None)
    analysis = msgspec.json.decode(check.analysis, type=PhotoAnalysis | None)
    if observation is None or analysis is None:
        return []
    blocks: list[Block] = [
        _table(observation, found, found.plain) for found in observation.addresses if found.plain is not None
    ]
    items = []
    rules = dict.fromkeys(_RULES[one.rule] for one in analysis.addresses if one.rule in _RULES)
    if rules and observation.role is PhotoRole.HOST:
        items.append(("Lets through", "; ".join(rules)))
    if analysis.java_in_words:
        items.append(("Java", "; ".join(analysis.java_in_words)))
    return [*blocks, KeyValues(title="", items=items)] if items else blocks


def renewals(subject: Subject, analysis: PhotoAnalysis, _context: Context) -> list[Renewal]:
    """End dates of the photo host's certificates, which are the host's and not the photo's."""
    host = Subject(kind=SubjectKind.ENDPOINT, host=subject.host, port=subject.port, via=subject.via)
    return [
        Renewal(what=f"{facts.role} {facts.name}", subject=host, not_after=facts.not_after, days_left=facts.days_left)
        for facts in analysis.certificates
    ]


def _table(observation: PhotoObservation, found: PhotoAddress, plain: PhotoAnswer) -> Table:
    rows = [_row("nothing", plain), *(_row(_shown(answer), answer) for answer in found.cookies)]
    if found.in_lower_case is not None:
        with_it = f", {_shown(found.in_lower_case)}" if found.in_lower_case.shown else ""
        rows.append(_row(f"the name in small letters{with_it}", found.in_lower_case))
    who = "The photo host" if observation.role is PhotoRole.HOST else "The Sametime Proxy's copy"
    return Table(f"{who} at {found.address}", ["shown", "status", "what came"], rows)


def _shown(answer: PhotoAnswer) -> str:
    return f"{answer.shown}, made up" if answer.made_up else answer.shown


def _row(shown: str, answer: PhotoAnswer) -> list[str]:
    exchange = answer.exchange
    status = str(exchange.status) if exchange.status is not None else "-"
    outcome = outcome_of(answer)
    if answer.image is not None:
        came = picture_words(answer.image)
    elif outcome is PhotoOutcome.SENT_AWAY:
        came = f"sent to {exchange.location}"
    else:
        came = _OUTCOMES[outcome]
        if exchange.page is not None and exchange.page.title:
            came = f'{came} ("{exchange.page.title[:60]}")'
    return [shown, status, f"{came}, at {exchange.url}" if answer.passed else came]
