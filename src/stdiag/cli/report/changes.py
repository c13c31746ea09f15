"""A difference in words: for `report judge` and `report diff`."""

from __future__ import annotations

from collections.abc import Iterator

from stdiag.engine.difference import Change, Difference, Row
from stdiag.render.outline import DECISIONS, counted
from stdiag.render.safe import plain
from stdiag.render.wording import wording

LONGEST = 600
"""Characters of a sentence."""
MOST = 100
"""Lines of one kind: the rest is counted."""


def change_lines(difference: Difference, titles: dict[Change, str], *, unchanged: bool) -> Iterator[str]:
    """The changes, each kind under its title. `unchanged`: list what stayed the same too, instead of counting it."""
    was, now = DECISIONS[difference.was], DECISIONS[difference.now]
    yield f"Verdict: {now} as before" if was == now else f"Verdict: {was} → {now}"
    for note in difference.notes:
        yield f"Note: {note}"
    for change, title in titles.items():
        rows = difference.of(change)
        if not rows:
            continue
        yield ""
        if change is Change.UNCHANGED and not unchanged:
            yield f"{title}: {counted(len(rows), 'finding')}"
            continue
        yield f"{title} ({len(rows)})"
        for row in rows[:MOST]:
            yield from row_lines(row)
        if len(rows) > MOST:
            yield f"  and {len(rows) - MOST} more (-f json has them all)"
    if not difference.rows:
        yield ""
        yield "Neither has a finding."


def row_lines(row: Row) -> Iterator[str]:
    """One finding: severity, words, place, and what is to be said of it."""
    severity = row.now or row.was
    word = severity.upper() if severity else ""
    yield f"  {word} {plain(wording(row.finding).summary, LONGEST)}"
    yield f"      [{plain(row.code, 60)}] {plain(str(row.subject), 200)}"
    for detail in row.details:
        yield f"      {plain(detail, LONGEST)}"
