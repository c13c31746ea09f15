"""What is wrong with a text that is not TOML, in words for somebody who has never read the specification."""

from __future__ import annotations

import re

from stdiag.formats.errors import FormatError

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_UNQUOTED = re.compile(r"\s*([A-Za-z0-9_.-]+|\"[^\"]*\")\s*=\s*[^\s\"'\[{0-9+-]")
_COLON = re.compile(r"\s*[A-Za-z0-9_.-]+\s*:")
_BACKSLASHES = ("Unescaped '\\'", "Invalid hex value", "not a Unicode scalar value")


def toml_error(words: str, text: str, name: str) -> FormatError:
    """Line, column and remedy for tomllib's complaint `words` about `text`. Repeats no value, which may be a secret."""
    lines = text.split("\n")
    place = _PLACE.search(words)
    if place:
        number, column = int(place[1]), int(place[2])
    else:  # "at end of document": the fault is before it, in the last line that says anything
        number = max((i for i, line in enumerate(lines, start=1) if line.strip()), default=1)
        column = len(lines[number - 1].rstrip()) + 1
    line = lines[number - 1] if number <= len(lines) else ""
    problem, suggestion = _explain(words, line, number)
    return FormatError(f"not valid TOML: {problem}", file=name, line=number, column=column, suggestion=suggestion)


def _explain(words: str, line: str, number: int) -> tuple[str, str]:
    if any(part in words for part in _BACKSLASHES):
        return (
            "a backslash in double quotes starts an escape",
            r"write Windows paths in single quotes: 'C:\certs\root.pem'",
        )
    if "Cannot overwrite" in words or "twice" in words:
        what = "table" if line.lstrip().startswith("[") else "key"
        return f"this {what} stands in the file already", f"keep one {what} of that name"
    if "Unclosed array" in words:
        return "the list is not closed, or a comma is missing in it", 'write ["one", "two"]'
    if "table declaration" in words:
        return "the table's name is not closed", "write it like [stproxy], alone on its line"
    if _COLON.match(line) and "=" not in line:
        return "key and value have a colon between them", "write key = value"
    if "Unterminated" in words or "Illegal character '\\n'" in words:
        return "a quotation mark is not closed", 'write text as key = "text" on one line'
    if "“" in line or "”" in line or "„" in line:
        return "these are typographic quotation marks", 'use straight ones: "text"'
    if "Invalid value" in words and _UNQUOTED.match(line):
        return "the text is not in quotes", f'write {line.split("=", 1)[0].strip()} = "…"'
    if "Invalid value" in words:
        return "a value is missing or not one", 'write text as "…", numbers plainly, lists as ["…", "…"]'
    if "after a statement" in words:
        return "something follows the value", "write one key = value a line, text in one pair of quotes"
    if "Expected '='" in words or "Invalid statement" in words or "key part" in words:
        return "this is neither [table] nor key = value", "write one of the two, or # before a comment"
    return "this cannot be read", f"compare line {number} with an example in the documentation"
