"""The report in a few lines, to paste into a chat or a mail."""

from __future__ import annotations

from stdiag.model import Report
from stdiag.render.layout import Style
from stdiag.render.outline import (
    DECISIONS,
    cause_groups,
    counted,
    decided,
    lasted,
    not_checked,
    outcome_counts,
    seen_from,
    target,
    when,
)
from stdiag.render.wording import wording

LONGEST = 40
"""Lines."""

_CAUSES = 8
_SUBJECTS = 3


def render_short(report: Report, *, width: int = 100, unicode: bool = True) -> str:
    """Verdict, causes, subjects, counts, version of the tool: at most 40 lines, no colour."""
    style = Style(width, unicode)
    groups = cause_groups(report)
    lines = style.wrap(f"{DECISIONS[report.verdict.decision]}  {target(report)} - {decided(report)}", rest="  ")[:3]
    for group in groups[:_CAUSES]:
        summary = style.wrap(wording(group.findings[0]).summary, f"{group.number}. {group.severity.value.upper()} ")
        lines += summary[:2]
        subjects = [style.text(str(finding.subject), 200) for finding in group.findings[:_SUBJECTS]]
        more = len(group.findings) - len(subjects)
        where = ", ".join(subjects) + (f" and {more} more" if more else "")
        lines += style.wrap(f"[{group.code}] {where}", "   ")[:2]
    if len(groups) > _CAUSES:
        lines.append(f"   and {counted(len(groups) - _CAUSES, 'more cause')}")
    unchecked = sum(map(len, not_checked(report).values()))
    rest = f"{outcome_counts(report)}; not checked: {unchecked or 'nothing'}."
    lines += style.wrap(rest)[:2]
    lines += style.wrap(
        f"{report.tool.name} {report.tool.version}, {when(report)}, {seen_from(report)}, "
        f"{lasted(report.run.duration_us)}"
    )[:2]
    return "\n".join(lines[:LONGEST]) + "\n"
