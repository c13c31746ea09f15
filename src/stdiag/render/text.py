"""The screen: verdict first, then causes with their remedies, then everything else, short."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stdiag.model import Block, Check, Decision, Finding, Mark, Outcome, Product, Report, Severity
from stdiag.render.blocks import block_lines, table
from stdiag.render.layout import Style, Tone
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
from stdiag.render.prose_lines import prose_lines
from stdiag.render.story import story_blocks, story_title
from stdiag.render.waterfall import waterfall
from stdiag.render.wording import Wording, steps, wording

MARKS = {
    Outcome.PASS: Mark.GOOD,
    Outcome.WARN: Mark.NOTE,
    Outcome.FAIL: Mark.BAD,
    Outcome.SKIP: Mark.UNSURE,
    Outcome.UNDECIDED: Mark.UNSURE,
    Outcome.CRASHED: Mark.UNSURE,
}
SEVERITIES = {
    Severity.ERROR: ("ERROR", Mark.BAD, Tone.BAD),
    Severity.WARNING: ("WARNING", Mark.NOTE, Tone.UNSURE),
    Severity.INFO: ("INFO", Mark.PLAIN, Tone.QUIET),
}
_DECISION_TONES = {Decision.GO: Tone.GOOD, Decision.NO_GO: Tone.BAD, Decision.INCOMPLETE: Tone.UNSURE}
_LABELS = 10
_ALSO = 5
"""Further subjects of one cause that are listed before `and N more`."""
_ROWS = 20
"""Rows of the tables at the end, the same."""

Blocks = Callable[[Check], list[Block]]
"""What a check has to show: its probe's `present()`. Does not raise."""


def render_text(
    report: Report,
    blocks: Blocks,
    *,
    width: int = 80,
    unicode: bool = True,
    colour: bool = False,
    verbose: bool = False,
) -> str:
    """The screen of `stdiag all` and `stdiag tls`.

    No line is wider than `width`, but for commands: they stay whole, to be copied. Everything that a server sent is
    harmless for a terminal. `verbose` tells all checks in detail, with their timed steps.
    """
    style = Style(width, unicode, colour)
    groups = cause_groups(report)
    lines = [*_head(report, style)]
    for story in _stories(report, style):
        lines += ["", *story]
    remedies_told: dict[str, int] = {}
    for group in groups:
        lines += ["", *_cause(group, report, style, remedies_told, verbose=verbose)]
    sections = [
        _notes(report, style),
        _sweep(report, style) if is_sweep(report) else _passed(report, style),
        *_details(report, groups, blocks, style, verbose=verbose),
        _renewals(report, style, verbose=verbose),
        _not_checked(report, style, verbose=verbose),
        _not_applicable(report, style, verbose=verbose),
        _end(report, style),
    ]
    for section in sections:
        if section:
            lines += ["", *section]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _head(report: Report, style: Style) -> Iterator[str]:
    decision = style.paint(DECISIONS[report.verdict.decision], _DECISION_TONES[report.verdict.decision])
    yield from style.wrap(f"{target(report)} - {decided(report)}", decision + "  ")
    yield from style.wrap(
        f"{sentence(seen_from(report))}, {when(report)}, {counted(len(report.checks), 'check')} "
        f"in {lasted(report.run.duration_us)}." + (" Interrupted: partial." if report.run.interrupted else "")
    )


def _cause(
    group: CauseGroup, report: Report, style: Style, remedies_told: dict[str, int], *, verbose: bool
) -> Iterator[str]:
    finding = group.findings[0]
    told = wording(finding, report.site)
    word, _, tone = SEVERITIES[group.severity]
    lead = f"{group.number}. {style.paint(word, tone)}  "
    yield from style.wrap(told.summary, lead, "   ")
    yield from style.wrap(f"{finding.subject}  [{finding.code}]", "   ")
    for label, text in (("Evidence", told.evidence), ("Affects", told.affects), ("Spares", told.spares)):
        if text:
            yield from style.wrap(text, _label(label, style))
    yield from _also(group, style, verbose=verbose)
    yield from _remedy(group, told, report, style, remedies_told)
    if told.proof:
        yield _label("See it yourself", style).rstrip()
        # Never broken: it is there to be copied.
        yield "   " + "  " + style.paint(style.text(told.proof, limit=4000), Tone.COMMAND)
    yield from _folded(group.folded, style, verbose=verbose)
    if told.known:
        yield from style.wrap(f"stdiag explain {finding.code}", _label("More", style))


def _label(word: str, style: Style) -> str:
    return "   " + style.paint(word, Tone.HEAD) + " " * max(_LABELS - len(word), 0)


def _also(group: CauseGroup, style: Style, *, verbose: bool) -> Iterator[str]:
    others = group.findings[1:]
    if not others:
        return
    yield _label(f"The same at {counted(len(others), 'more subject')}", style).rstrip()
    shown = others if verbose else others[:_ALSO]
    summary = wording(group.findings[0]).summary
    for finding in shown:
        own = wording(finding).summary
        text = str(finding.subject) if own == summary else f"{finding.subject}: {own}"
        yield from style.wrap(text, "     " + style.symbol(Mark.PLAIN) + " ")
    if len(shown) < len(others):
        yield f"     and {len(others) - len(shown)} more"


def _remedy(
    group: CauseGroup, told: Wording, report: Report, style: Style, remedies_told: dict[str, int]
) -> Iterator[str]:
    """The steps; a remedy that was printed already is referred to."""
    if not told.remedy:
        return
    if told.remedy in remedies_told:
        yield from style.wrap(f"as for {remedies_told[told.remedy]}.", _label("Remedy", style))
        return
    remedy = steps(told.remedy, report.site, group.findings[0].subject)
    yield _label("Remedy", style).rstrip()
    yield from prose_lines(remedy.markdown, style, 5)
    if remedy.more and not remedies_told:
        yield from style.wrap(f"For the steps of your Sametime version add --product ({', '.join(Product)}).", "     ")
    remedies_told[told.remedy] = group.number


def _folded(folded: list[Finding], style: Style, *, verbose: bool) -> Iterator[str]:
    """Consequences of a cause: they go away with it."""
    if not folded:
        return
    yield _label("Follows from it", style).rstrip()
    shown = folded if verbose else folded[:_ALSO]
    for finding in shown:
        yield from style.wrap(wording(finding).summary, "     " + style.symbol(Mark.PLAIN) + " ")
    if len(shown) < len(folded):
        yield f"     and {len(folded) - len(shown)} more"


def _stories(report: Report, style: Style) -> Iterator[list[str]]:
    """What one client meets on its way."""
    for story in report.stories:
        lines = [line for block in story_blocks(story) for line in block_lines(block, style)]
        yield [_heading(story_title(story), style), *lines]


def _notes(report: Report, style: Style) -> list[str]:
    grouped = notes(report)
    lines = [_heading("Notes", style)] if grouped else []
    for found in grouped:
        mark = SEVERITIES[found[0].severity][1]
        text = f"{found[0].subject}: {wording(found[0]).summary} [{found[0].code}]"
        if len(found) > 1:
            text += f" The same at {counted(len(found) - 1, 'more subject')}."
        lines += style.wrap(text, f"  {style.marked(mark)} ")
    return lines


def _passed(report: Report, style: Style) -> list[str]:
    """What passed without a finding to speak for it."""
    checks = [check for check in report.checks if check.outcome is Outcome.PASS]
    lines = [_heading("Passed", style)] if checks else []
    for check in checks:
        lines += style.wrap(_short_name(check), f"  {style.marked(MARKS[Outcome.PASS])} ")
    return lines


def _short_name(check: Check) -> str:
    return f"{check.probe}  {check.subject}"


def _sweep(report: Report, style: Style) -> list[str]:
    """One line a check, grouped by outcome."""
    lines: list[str] = []
    several = len({check.probe for check in report.checks}) > 1
    for outcome in ORDER:
        checks = [check for check in report.checks if check.outcome is outcome]
        if not checks:
            continue
        lines += ["", _heading(f"{sentence(OUTCOMES[outcome])} ({len(checks)})", style)]
        for check in checks:
            codes = ", ".join(codes_of(check))
            reason = why_open(check) if outcome in OPEN else codes
            name = _short_name(check) if several else str(check.subject)
            text = f"{name}  {reason}" if reason and outcome is not Outcome.PASS else name
            lines += style.wrap(text, f"  {style.marked(MARKS[outcome])} ")
    return lines[1:]


def _details(
    report: Report, groups: list[CauseGroup], blocks: Blocks, style: Style, *, verbose: bool
) -> Iterator[list[str]]:
    """Blocks of checks: of all when there are few or `verbose` asks for it, else of those that a cause rests on."""
    told = {id(group.checks[0]) for group in groups if group.checks}
    for check in report.checks:
        if not (verbose or len(report.checks) <= 2 or id(check) in told):
            continue
        lines = [line for block in blocks(check) for line in block_lines(block, style)]
        if verbose and check.steps:
            lines += waterfall(check.steps, style, 2)
        if lines:
            name = style.wrap(f"{_short_name(check)} - {OUTCOMES[check.outcome]}")
            yield [*(style.paint(line, Tone.HEAD) for line in name), *lines]


def _renewals(report: Report, style: Style, *, verbose: bool) -> list[str]:
    rows = [
        [str(row.days_left), row.not_after[:10], row.what, str(row.subject)]
        for row in sorted(report.summary.renew_before, key=lambda row: (row.days_left, row.not_after))
    ]
    if not rows:
        return []
    shown = rows if verbose else rows[:_ROWS]
    lines = [_heading("Renew before", style), *table(["days left", "until", "what", "where"], shown, style, 2)]
    return lines + [f"  and {len(rows) - len(shown)} later ones"] * (len(shown) < len(rows))


def _not_checked(report: Report, style: Style, *, verbose: bool) -> list[str]:
    """What has no answer, and why: one line for each reason."""
    lines = []
    for reason, names in not_checked(report).items():
        shown = names if verbose else names[:_ALSO]
        more = f" and {len(names) - len(shown)} more" if len(shown) < len(names) else ""
        text = style.text(f"{', '.join(shown)}{more}: ", limit=40_000) + style.text(reason)
        lines.append(style.set(text.split(" "), f"  {style.marked(Mark.UNSURE)} "))
    if not lines:
        return []
    shown_lines = lines if verbose else lines[:_ROWS]
    cut = [f"  and {counted(len(lines) - len(shown_lines), 'more reason')}"] * (len(shown_lines) < len(lines))
    return [_heading("Not checked", style), *(part for line in shown_lines for part in line), *cut]


def _not_applicable(report: Report, style: Style, *, verbose: bool) -> list[str]:
    rows = report.summary.not_applicable
    if not rows:
        return []
    if not verbose:
        return style.wrap(f"Does not apply to this site: {', '.join(row.what for row in rows)}.")
    lines = [_heading("Does not apply", style)]
    for row in rows:
        lines += style.wrap(f"{row.what}: {row.reason}", f"  {style.symbol(Mark.PLAIN)} ")
    return lines


def _end(report: Report, style: Style) -> list[str]:
    """The last lines: counts, verdict again, what the exit code means, from where, how long."""
    unchecked = sum(map(len, not_checked(report).values()))
    decision = style.paint(DECISIONS[report.verdict.decision], _DECISION_TONES[report.verdict.decision])
    counts = f"{outcome_counts(report)}; not checked: {unchecked or 'nothing'}"
    meaning = f"{sentence(exit_meaning(report))}; {seen_from(report)}; {lasted(report.run.duration_us)}"
    return style.wrap(f"{counts}. {meaning}.", decision + "  ")


def _heading(text: str, style: Style) -> str:
    return style.paint(text, Tone.HEAD)
