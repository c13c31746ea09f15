"""Root causes as the page tells them: what, proof, remedy, and what it looks like."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from markupsafe import Markup

from stdiag.model import Block, Check, Finding, Product, Report
from stdiag.render.html.blocks import blocks_html, is_picture
from stdiag.render.html.marks import Sign, severity_sign
from stdiag.render.html.prose import prose_html
from stdiag.render.outline import CauseGroup
from stdiag.render.wording import Wording, steps, wording

OTHERS = 100
"""Further subjects of one cause, and consequences of it, that are listed; the JSON report holds all."""


class Told(NamedTuple):
    """A finding in one line."""

    subject: str
    summary: str
    code: str


class CauseView(NamedTuple):
    """What the template asks of a cause."""

    number: int
    sign: Sign
    finding: Finding
    words: Wording
    check: int | None
    """Number of the check that the finding was made in; None when it was judged together."""
    found_by: str
    facts: list[str]
    """Pointers into the JSON report."""
    others: list[Told]
    others_left_out: int
    folded: list[Told]
    folded_left_out: int
    remedy: Markup | None
    remedy_as_for: int | None
    """Number of the cause that has the same remedy, and tells it."""
    products: str
    """Values of --product, where one would add steps to the remedy."""
    pictures: Markup


def cause_views(groups: list[CauseGroup], report: Report, blocks: Callable[[Check], list[Block]]) -> list[CauseView]:
    """The causes in order. The drawings of a check stand at the first cause that rests on it."""
    numbers = {id(check): number for number, check in enumerate(report.checks)}
    remedies: dict[str, int] = {}
    drawn: set[int] = set()
    views = []
    for group in groups:
        check = next((check for check in group.checks if _holds(check, group.findings[0])), None)
        number = numbers[id(check)] if check else None
        pictures = Markup()
        if check and number is not None and number not in drawn:
            drawn.add(number)
            pictures = blocks_html(filter(is_picture, blocks(check)))
        views.append(_view(group, report, number, pictures, remedies))
    return views


def note_lines(notes: list[list[Finding]]) -> list[tuple[Told, Sign, int]]:
    """Notes: the first of each code, its sign, and how many more subjects have the same."""
    return [(told(found[0]), severity_sign(found[0].severity), len(found) - 1) for found in notes]


def told(finding: Finding) -> Told:
    """A finding in one line."""
    return Told(str(finding.subject), wording(finding).summary, finding.code)


def _view(
    group: CauseGroup, report: Report, check: int | None, pictures: Markup, remedies: dict[str, int]
) -> CauseView:
    finding = group.findings[0]
    words = wording(finding, report.site)
    others = [told(other) for other in group.findings[1 : OTHERS + 1]]
    # A subject alone says enough where the sentence is the same.
    others = [other._replace(summary="") if other.summary == words.summary else other for other in others]
    folded = [told(other) for other in group.folded[:OTHERS]]
    remedy, as_for, products = _remedy(group, report, words, remedies)
    return CauseView(
        number=group.number,
        sign=severity_sign(group.severity),
        finding=finding,
        words=words,
        check=check,
        found_by="" if check is None else f"{report.checks[check].probe} {report.checks[check].subject}",
        facts=[pointer if check is None else f"/checks/{check}{pointer}" for pointer in finding.evidence],
        others=others,
        others_left_out=len(group.findings) - 1 - len(others),
        folded=folded,
        folded_left_out=len(group.folded) - len(folded),
        remedy=remedy,
        remedy_as_for=as_for,
        products=products,
        pictures=pictures,
    )


def _remedy(
    group: CauseGroup, report: Report, words: Wording, remedies: dict[str, int]
) -> tuple[Markup | None, int | None, str]:
    if not words.remedy:
        return None, None, ""
    if words.remedy in remedies:
        return None, remedies[words.remedy], ""
    remedies[words.remedy] = group.number
    made = steps(words.remedy, report.site, group.findings[0].subject)
    return prose_html(made.markdown), None, ", ".join(Product) if made.more else ""


def _holds(check: Check, finding: Finding) -> bool:
    return any(found is finding for found in check.findings)
