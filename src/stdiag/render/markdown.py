"""The report as Markdown, for a ticket or a support case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import assert_never

from stdiag.model import Block, ChainDrawing, Check, Finding, KeyValues, Matrix, Report, Table, Text
from stdiag.render.blocks import STATES
from stdiag.render.layout import SYMBOLS
from stdiag.render.markup import md_fenced, md_table, md_text
from stdiag.render.outline import (
    DECISIONS,
    OPEN,
    ORDER,
    OUTCOMES,
    CauseGroup,
    cause_groups,
    codes_of,
    counted,
    decided,
    exit_meaning,
    is_sweep,
    lasted,
    not_checked,
    notes,
    outcome_counts,
    seen_from,
    sentence,
    target,
    when,
    why_open,
)
from stdiag.render.story import story_blocks, story_title
from stdiag.render.wording import steps, wording


def render_markdown(report: Report, blocks: Callable[[Check], list[Block]]) -> str:
    """The whole report in the order of the screen. What servers sent is escaped: it cannot become markup."""
    groups = cause_groups(report)
    tool = f"{md_text(report.tool.name)} {md_text(report.tool.version)}"
    ran = f"{md_text(when(report))}, {lasted(report.run.duration_us)}; {tool}"
    lines = [
        f"# {DECISIONS[report.verdict.decision]}: {md_text(target(report))}",
        "",
        f"{md_text(decided(report))}. {md_text(outcome_counts(report))}.",
        "",
        f"{sentence(seen_from(report))}, {ran}; {md_text(exit_meaning(report))}.",
    ]
    for story in report.stories:
        lines += ["", f"## {md_text(story_title(story))}"]
        lines += [line for block in story_blocks(story) for line in ["", *block_markdown(block)]]
    told: dict[str, int] = {}
    for group in groups:
        lines += ["", *_cause(group, report, told)]
    if found := notes(report):
        lines += ["", "## Notes", "", *map(_note, found)]
    lines += ["", "## Checks", "", *_checks(report)]
    for check in _detailed(report, groups):
        if drawn := [line for block in blocks(check) for line in ["", *block_markdown(block)]]:
            lines += ["", f"### {md_text(check.probe)} {md_text(str(check.subject))}", *drawn]
    lines += _ends(report)
    return "\n".join(lines) + "\n"


def _cause(group: CauseGroup, report: Report, told: dict[str, int]) -> Iterator[str]:
    finding = group.findings[0]
    said = wording(finding, report.site)
    yield f"## {group.number}. {group.severity.value.capitalize()}: {md_text(said.summary)}"
    yield ""
    yield f"- Subject: {md_text(str(finding.subject))} ({md_text(group.code)})"
    for label, text in (("Evidence", said.evidence), ("Affects", said.affects), ("Spares", said.spares)):
        if text:
            yield f"- {label}: {md_text(text)}"
    for other in group.findings[1:]:
        yield f"- The same at {md_text(str(other.subject))}"
    for consequence in group.folded:
        yield f"- Follows from it: {md_text(wording(consequence).summary)} ({md_text(consequence.code)})"
    if said.remedy in told:
        yield from ["", f"**Remedy:** as for {told[said.remedy]}."]
    elif said.remedy:
        told[said.remedy] = group.number
        yield from ["", "**Remedy:**", ""]
        yield steps(said.remedy, report.site, finding.subject).markdown.strip("\n")
    if said.proof:
        yield from ["", "**See it yourself:**", "", *md_fenced([said.proof])]


def _note(found: list[Finding]) -> str:
    more = f" The same at {counted(len(found) - 1, 'more subject')}." if len(found) > 1 else ""
    first = found[0]
    return f"- {md_text(str(first.subject))}: {md_text(wording(first).summary)} ({md_text(first.code)}){more}"


def _checks(report: Report) -> list[str]:
    """Every check with its outcome and what was found or why it has no answer."""
    rows = []
    for outcome in ORDER:
        for check in report.checks:
            if check.outcome is outcome:
                unanswered = outcome in OPEN
                found = why_open(check) if unanswered else ", ".join(codes_of(check))
                rows.append([OUTCOMES[outcome], check.probe, str(check.subject), found])
    return md_table(["Outcome", "Check", "Subject", "Found"], rows)


def _detailed(report: Report, groups: list[CauseGroup]) -> list[Check]:
    """All checks of a small run; of a sweep those that the causes rest on."""
    if not is_sweep(report):
        return report.checks
    told = {id(group.checks[0]) for group in groups if group.checks}
    return [check for check in report.checks if id(check) in told]


def _ends(report: Report) -> Iterator[str]:
    summary = report.summary
    if summary.renew_before:
        rows = sorted(summary.renew_before, key=lambda row: (row.days_left, row.not_after))
        cells = [[str(row.days_left), row.not_after[:10], row.what, str(row.subject)] for row in rows]
        yield from ["", "## Renew before", "", *md_table(["Days left", "Until", "What", "Where"], cells)]
    if open_questions := not_checked(report):
        yield from ["", "## Not checked", ""]
        yield from (
            f"- {md_text(reason)}: {md_text(', '.join(names), 4000)}" for reason, names in open_questions.items()
        )
    if left := summary.not_applicable:
        yield from ["", "## Does not apply", "", *(f"- {md_text(row.what)}: {md_text(row.reason)}" for row in left)]


def block_markdown(block: Block) -> list[str]:
    """`block` as lines of Markdown."""
    match block:
        case Text():
            return [f"{SYMBOLS[block.mark]} {md_text(block.text)}"]
        case KeyValues():
            return [*_title(block.title), *(f"- {md_text(key)}: {md_text(value)}" for key, value in block.items)]
        case Table():
            return [*_title(block.title), *md_table(block.columns, block.rows)]
        case ChainDrawing():
            rows = [[STATES[link.state][0], link.role, link.name, link.detail] for link in block.links]
            note = ["", md_text(block.note)] if block.note else []
            return [*_title(block.title), *md_table(["", "Role", "Certificate", "Details"], rows), *note]
        case Matrix():
            cells = [
                [row.name, *(f"{SYMBOLS[cell.mark]} {cell.word}" if cell else "" for cell in row.cells)]
                for row in block.rows
            ]
            return [*_title(block.title), *md_table(["", *block.columns], cells)]
        case _:
            assert_never(block)


def _title(title: str) -> list[str]:
    title = md_text(title).strip()
    return [f"**{title}**", ""] if title else []
