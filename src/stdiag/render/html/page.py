"""The page: verdict first, then causes, then what was not checked, then everything else, folded."""

from __future__ import annotations

from collections.abc import Callable

from stdiag.model import Block, Check, Mark, Report
from stdiag.render.html.about import command, settings
from stdiag.render.html.blocks import blocks_html
from stdiag.render.html.causes import cause_views, note_lines
from stdiag.render.html.checks import details
from stdiag.render.html.marks import MARKS, decision_sign, outcome_sign
from stdiag.render.html.templates import template
from stdiag.render.html.timing import lanes
from stdiag.render.outline import (
    OPEN,
    ORDER,
    cause_groups,
    counted,
    decided,
    exit_meaning,
    is_sweep,
    lasted,
    not_checked,
    notes,
    seen_from,
    sentence,
    target,
    when,
)
from stdiag.render.story import story_blocks, story_title

ROWS = 500
"""Rows of the tables at the end, and names for one reason; the JSON report holds all."""

_OPENED = 3
"""With no cause to tell, so few checks are shown unfolded: they are what there is to see."""

_SOONEST = 10
"""End dates that are shown unfolded."""


def render_html(report: Report, blocks: Callable[[Check], list[Block]]) -> str:
    """One self-contained page without scripts: nothing in it is fetched from elsewhere, and what servers sent is text.

    The details of a large run are limited, the same for the same report; the page says what was left out.
    """
    groups = cause_groups(report)
    causes = cause_views(groups, report, blocks)
    unchecked = not_checked(report)
    renewals = sorted(report.summary.renew_before, key=lambda row: (row.days_left, row.not_after))
    return template("report.html").render(
        report=report,
        decision=decision_sign(report.verdict.decision),
        target=target(report),
        decided=sentence(decided(report)),
        seen_from=sentence(seen_from(report)),
        when=when(report),
        lasted=lasted(report.run.duration_us),
        exit_meaning=exit_meaning(report),
        tally=[
            (outcome_sign(outcome), number)
            for outcome in ORDER
            if (number := sum(check.outcome is outcome for check in report.checks))
        ],
        counted=counted,
        causes=causes,
        stories=[(story_title(story), blocks_html(story_blocks(story))) for story in report.stories],
        notes=note_lines(notes(report))[:ROWS],
        not_checked=[(reason, names[:ROWS], len(names) - len(names[:ROWS])) for reason, names in unchecked.items()][
            :ROWS
        ],
        unchecked=sum(map(len, unchecked.values())),
        renewals=renewals[:ROWS],
        renewals_left_out=len(renewals) - len(renewals[:ROWS]),
        not_applicable=report.summary.not_applicable[:ROWS],
        details=details(report, causes, blocks, opened=not causes and len(report.checks) <= _OPENED),
        soonest=_SOONEST,
        unsure=MARKS[Mark.UNSURE],
        unanswered=sum(check.outcome in OPEN for check in report.checks),
        small=not is_sweep(report),
        lanes=lanes(report),
        settings=settings(report),
        command=command(report),
    )
