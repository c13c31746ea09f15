"""The checks: a line for each, and the details of as many as a file to be mailed can hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from markupsafe import Markup

from stdiag.model import Block, Check, Outcome, Report
from stdiag.render.html.blocks import blocks_html
from stdiag.render.html.causes import CauseView, Told, told
from stdiag.render.html.marks import Sign, outcome_sign, severity_sign
from stdiag.render.html.templates import template
from stdiag.render.html.timing import waterfall
from stdiag.render.outline import OPEN, ORDER, codes_of, why_open

ROWS = 2000
"""Checks that are listed, those that need attention first."""

DETAILED = 200
"""Checks whose details are in the file: those that causes rest on, then in the order of the list."""

BUDGET = 3_000_000
"""Characters of all details together; the last one may exceed it."""


class CheckRow(NamedTuple):
    """One check in the list."""

    number: int
    check: Check
    sign: Sign
    found: str
    detailed: bool

    @property
    def passed(self) -> bool:
        """True for what needs no attention."""
        return self.check.outcome is Outcome.PASS


class Details(NamedTuple):
    """The checks as far as they are told."""

    rows: list[CheckRow]
    rows_left_out: int
    sections: list[Markup]
    sections_left_out: int


def details(
    report: Report, causes: list[CauseView], blocks: Callable[[Check], list[Block]], *, opened: bool
) -> Details:
    """The list, and the details. What is left out is the same for the same report. `opened`: unfolded at first."""
    by_outcome = [
        (number, check) for outcome in ORDER for number, check in enumerate(report.checks) if check.outcome is outcome
    ]
    told_first = {cause.check for cause in causes if cause.check is not None}
    ordered = sorted(by_outcome, key=lambda entry: entry[0] not in told_first)
    macros: Any = template("check.html").module
    made: dict[int, Markup] = {}
    used = 0
    for number, check in ordered[:DETAILED]:
        section = _section(number, check, causes, blocks, macros, opened=opened)
        made[number] = section
        used += len(section)
        if used > BUDGET:
            break
    rows = [
        CheckRow(number, check, outcome_sign(check.outcome), _found(check), number in made)
        for number, check in by_outcome[:ROWS]
    ]
    return Details(
        rows,
        len(by_outcome) - len(rows),
        [made[number] for number, _ in by_outcome if number in made],
        len(by_outcome) - len(made),
    )


def _section(
    number: int,
    check: Check,
    causes: list[CauseView],
    blocks: Callable[[Check], list[Block]],
    macros: Any,
    *,
    opened: bool,
) -> Markup:
    findings: list[tuple[Told, Sign]] = [(told(found), severity_sign(found.severity)) for found in check.findings[:200]]
    section = macros.check(
        number=number,
        check=check,
        sign=outcome_sign(check.outcome),
        why=why_open(check) if check.outcome in OPEN else "",
        found=", ".join(codes_of(check)),
        findings=findings,
        causes=[cause.number for cause in causes if cause.check == number],
        blocks=blocks_html(blocks(check)),
        waterfall=waterfall(check.steps),
        opened=opened,
    )
    return Markup(section)  # noqa: S704 - a macro's result, which is escaped


def _found(check: Check) -> str:
    return why_open(check) if check.outcome in OPEN else ", ".join(codes_of(check))
