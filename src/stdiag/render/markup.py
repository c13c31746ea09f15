"""Markdown (CommonMark with GitHub's tables) written so that no text of a stranger becomes markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stdiag.render.safe import LIMIT, plain

_MARKUP = re.compile(r"[\\`*_{}\[\]<>|#~&$!]")
_LINK = re.compile(r"(?i)(?<=\w):(?=//)|\b(?<=www)\.")
_AT_START = re.compile(r"^(?:[-+=](?=[-+=\s]|$)|\d+[.)](?=\s|$))")


def md_text(text: str, limit: int = LIMIT) -> str:
    """`text` on one line, shown as it is: markup escaped, addresses no links."""
    text = _MARKUP.sub(r"\\\g<0>", plain(text, limit))
    # Escaped punctuation is no start of a link for GitHub's autolinks.
    text = _LINK.sub(r"\\\g<0>", text)
    return _AT_START.sub(lambda match: match[0][:-1] + "\\" + match[0][-1], text)


def md_fenced(lines: Sequence[str], limit: int = 4000) -> list[str]:
    """`lines` as a fenced code block."""
    lines = [plain(line, limit) for line in lines]
    fence = "`" * max(3, max(map(_longest_run, lines), default=0) + 1)
    return [fence, *lines, fence]


def md_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table; cells are escaped here. Rows are filled up to the number of columns."""
    count = max([len(columns), *map(len, rows)], default=0)
    if not count:
        return []
    return [_row(columns, count), "|" + " --- |" * count, *(_row(row, count) for row in rows)]


def _row(cells: Sequence[str], count: int) -> str:
    return "| " + " | ".join([*map(md_text, cells), *[""] * (count - len(cells))]) + " |"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
