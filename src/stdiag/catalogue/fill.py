"""Fills the catalogue's templates with what was found. What was found is hostile: servers send it.

A template is plain text with {fields}; a [part in square brackets] is shown only when each of its fields has a value.
Filling never fails: a field without a value reads `unknown`, an empty list or text `none`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from stdiag.catalogue.escape import escape
from stdiag.model import Param

_FIELD = re.compile(r"\{(\w+)\}( days\b)?")
_OPTIONAL = re.compile(r"\[([^\]]*)\]")

_LONGEST = 400
_MOST = 20


def fill(template: str, values: Mapping[str, Param]) -> str:
    """`template` as one line of printable text."""
    return _fields(_OPTIONAL.sub(lambda part: _optional(part[1], values), template), values)


def fill_command(template: str, values: Mapping[str, Param]) -> str:
    """A shell command; empty when it cannot be made safely or a field has no value.

    Words with fields are quoted as a whole for a POSIX shell, where they need it. A word that a value would turn into
    an option is refused: quoting does not help there.
    """
    words = []
    for word in template.split(" "):
        names = [match[1] for match in _FIELD.finditer(word)]
        if not names:
            words.append(word)
            continue
        if not all(_has_value(values.get(name)) for name in names):
            return ""
        filled = _FIELD.sub(lambda match: _raw(values.get(match[1])), word)
        if not filled.isprintable() or (filled.startswith("-") and not word.startswith("-")):
            return ""
        words.append(shlex.quote(filled))
    return " ".join(words)


def printable(text: str) -> str:
    """`text` with every character escaped that does not print as itself: controls, line ends, bidirectional marks."""
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    return text if text.isprintable() else "".join(c if c.isprintable() else escape(c) for c in text)


def _optional(part: str, values: Mapping[str, Param]) -> str:
    # The part stays a template: its values are filled in once, so that a bracket or brace in them is never read again.
    shown = all(_has_value(values.get(match[1])) for match in _FIELD.finditer(part))
    return part if shown else ""


def _fields(template: str, values: Mapping[str, Param]) -> str:
    return _FIELD.sub(lambda match: _field(values.get(match[1]), match[2] or ""), template)


def _field(value: Param, unit: str) -> str:
    if unit and value in (1, "1"):
        unit = unit.removesuffix("s")
    return _worded(value) + unit


def _worded(value: Param) -> str:
    match value:
        case None:
            return "unknown"
        case list():
            shown = [printable(str(item)) for item in value[:_MOST]]
            left = len(value) - len(shown)
            return ", ".join([*shown, *([f"and {left} more"] if left else [])]) or "none"
        case "":
            return "none"
        case _:
            return printable(_raw(value))


def _raw(value: Param) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            # Seconds: a tenth is as much as anybody wants to read.
            return f"{value:.1f}".removesuffix(".0")
        case _:
            return str(value)


def _has_value(value: Param) -> bool:
    return value is not None and value != "" and value != []
