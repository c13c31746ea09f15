"""Output as a document shows it, compared with what a command prints now."""

from __future__ import annotations

import re

CUT = "…"
"""In a shown line: anything. Alone on a line, or at the beginning of a remark in square brackets: lines left out."""

# What differs from run to run and means the same.
_VOLATILE = (
    (re.compile(r"\b127\.0\.0\.1:\d+"), "127.0.0.1:PORT"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "DATE"),
    (re.compile(r"\b\d\d:\d\d UTC"), "TIME UTC"),
    (re.compile(r"\b\d+\.\d\d s\b"), "SECONDS s"),
)


def first_missing(shown: str, printed: str) -> str | None:
    """The first line of `shown` that does not follow in `printed` after the lines before it; None when all do.

    Every other line has to be there whole; columns, ports, dates and times may differ.
    """
    rest = [steady(line) for line in printed.splitlines()]
    for line in shown.splitlines():
        if is_cut(line) or not line.strip():
            continue
        pattern = re.compile(".*".join(re.escape(part.strip()) for part in steady(line).split(CUT)))
        at = next((index for index, other in enumerate(rest) if pattern.fullmatch(other)), None)
        if at is None:
            return line
        rest = rest[at + 1 :]
    return None


def is_cut(line: str) -> bool:
    """True for a line that stands for lines left out."""
    return line.strip() == CUT or bool(re.fullmatch(r"\[… .*\]", line.strip()))


def steady(line: str) -> str:
    """`line` without what differs from run to run."""
    for pattern, instead in _VOLATILE:
        line = pattern.sub(instead, line)
    return " ".join(line.split())
