"""The one error of every parser: where it is, what is wrong, and what to write instead."""

from __future__ import annotations

_SHOWN_LENGTH = 100


class FormatError(ValueError):
    """Text that cannot be used. `str()` is one sentence with the remedy; it never holds a secret.

    `problem` says what is wrong; `expected` and `suggestion` say what would be right; `file`, `line` and `column` (both
    from 1) and `key` say where.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        key: str | None = None,
        expected: str | None = None,
        suggestion: str | None = None,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.file = file
        self.line = line
        self.column = column
        self.key = key
        self.expected = expected
        self.suggestion = suggestion

    def at(self, *, file: str | None = None, line: int | None = None, key: str | None = None) -> FormatError:
        """The same error with its place, for a caller that knows more about it than the parser of one value."""
        return FormatError(
            self.problem,
            file=file or self.file,
            line=line or self.line,
            column=self.column,
            key=key or self.key,
            expected=self.expected,
            suggestion=self.suggestion,
        )

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        place = " ".join(part for part in (self.file or "", f"line {self.line}{column}" if self.line else "") if part)
        head = ": ".join(part for part in (place, self.key or "", self.problem) if part)
        if self.expected:
            head += f"; expected {self.expected}"
        if self.suggestion:
            head += f"; {self.suggestion}"
        return _escaped(head if head.endswith((".", "?")) else f"{head}.")


def shown(text: str) -> str:
    """`text` in quotes, fit for a sentence on a terminal: control characters escaped, length capped."""
    return f"'{_escaped(text[:_SHOWN_LENGTH])}{'…' if len(text) > _SHOWN_LENGTH else ''}'"


def nearest(word: str, choices: list[str], *, cutoff: float = 0.6) -> str | None:
    """The choice that was probably meant, or None when none is as near as `cutoff` (0 to 1)."""
    import difflib

    by_folded = {choice.lower().replace("-", "_"): choice for choice in choices}
    found = difflib.get_close_matches(word[:_SHOWN_LENGTH].lower().replace("-", "_"), by_folded, n=1, cutoff=cutoff)
    return by_folded[found[0]] if found else None


def _escaped(text: str) -> str:
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
