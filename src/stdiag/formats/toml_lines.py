"""Where things stand in a TOML text. tomllib gives the values but not their lines, and users need the line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field

Keys = tuple[str | int, ...]
"""A way into the document: names of tables and keys, and the index in an array of tables."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_LITERAL = re.compile(r"'[^'\n]*'")
_LONG_BASIC = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''.*?'{3,5}(?!')", re.DOTALL)
_NOTHING = re.compile(r"(?:[ \t\r\n]|#[^\n]*)+")
_SCALAR = re.compile(r"[^\s,\[\]{}#\"'=]+(?: \d\d:[^\s,\]}#]*)?")  # a date and its time may have a space between

# Deeper keys stand in no table that anybody reads; without a bound a key of a million dots would cost gigabytes.
_DEPTH = 8
_ITEMS = 10_000


@dataclass
class _Scanner:
    """Walks over a text that tomllib has accepted, so its form need not be checked again. Never recurses: the text
    may nest as deep as its author likes."""

    text: str
    at: int = 0
    lines: dict[Keys, int] = field(default_factory=dict)
    line: int = 1
    counted: int = 0

    def scan(self) -> None:
        table: Keys = ()
        tables_seen: dict[Keys, int] = {}
        while self._skip_nothing():
            if self.text[self.at] == "[":
                table = self._header(tables_seen)
            else:
                self._pair(table)

    def _header(self, tables_seen: dict[Keys, int]) -> Keys:
        line = self._line()
        double = self.text.startswith("[[", self.at)
        self.at += 2 if double else 1
        names = self._keys("]")
        self.at += 1 if double else 0
        keys: Keys = ()
        for position, name in enumerate(names, start=1):
            keys = self._inner(keys, name, line)
            if double and position == len(names):
                tables_seen[keys] = tables_seen.get(keys, -1) + 1
            if keys in tables_seen:
                keys = (*keys, tables_seen[keys])
        self.lines[keys] = line
        return keys

    def _pair(self, table: Keys) -> None:
        """One `key = value`; inline tables in it are walked too, those in arrays only passed over."""
        open_tables: list[Keys] = []
        inside = table
        while True:
            line = self._line()
            keys = inside
            for name in self._keys("="):
                keys = self._inner(keys, name, line)
            self._skip_nothing()
            if self.text[self.at : self.at + 1] == "{":
                self.at += 1
                open_tables.append(inside)
                inside = keys
            else:
                self._value(keys)
            while open_tables and self._skip_nothing() and self.text[self.at] in ",}":
                if self.text[self.at] == "}":
                    inside = open_tables.pop()
                self.at += 1
            if not open_tables:
                return

    def _inner(self, keys: Keys, name: str, line: int) -> Keys:
        if len(keys) < _DEPTH:
            keys = (*keys, name)
            self.lines.setdefault(keys, line)
        return keys

    def _keys(self, end: str) -> list[str]:
        """The parts of a dotted key; leaves the position behind `end`."""
        names = []
        while self._skip_nothing():
            if self.text[self.at] == end:
                self.at += 1
                break
            if part := (_BASIC.match(self.text, self.at) or _LITERAL.match(self.text, self.at)):
                names.append(tomllib.loads(f"x = {part[0]}")["x"])
                self.at = part.end()
            elif part := _BARE.match(self.text, self.at):
                names.append(part[0])
                self.at = part.end()
            else:
                self.at += 1  # the dot
        return names

    def _value(self, keys: Keys) -> None:
        """Passes the value of `keys`; notes where each item of a list begins."""
        depth = index = 0
        while self._skip_nothing():
            character = self.text[self.at]
            if depth == 1 and character not in ",]" and index < _ITEMS:
                self.lines.setdefault((*keys, index), self._line())
            if character in "[{":
                depth += 1
                self.at += 1
            elif character in "]}" and depth:
                depth -= 1
                self.at += 1
            elif character in ",=" and depth:
                index += character == "," and depth == 1
                self.at += 1
            else:
                self._scalar()
            if depth <= 0:
                return

    def _scalar(self) -> None:
        for form in (_LONG_BASIC, _LONG_LITERAL, _BASIC, _LITERAL, _SCALAR):
            if found := form.match(self.text, self.at):
                self.at = found.end()
                return
        self.at += 1

    def _skip_nothing(self) -> bool:
        """Passes spaces, line ends and comments; False at the end of the text."""
        if found := _NOTHING.match(self.text, self.at):
            self.at = found.end()
        return self.at < len(self.text)

    def _line(self) -> int:
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line


def toml_lines(text: str) -> dict[Keys, int]:
    """Line (from 1) of every table header and key in `text`, which must be valid TOML.

    Items of an array have a line too; what is inside of them has none of its own.
    """
    scanner = _Scanner(text)
    scanner.scan()
    return scanner.lines


def dotted(keys: Keys) -> str:
    """`keys` as one dotted TOML key, quoted where TOML asks for quotes; indexes in brackets. Cut when very long."""
    text = ""
    for key in keys:
        if isinstance(key, int):
            text += f"[{key}]"
            continue
        short = key if len(key) <= 80 else f"{key[:80]}…"
        part = short if _BARE.fullmatch(short) else '"' + short.replace("\\", "\\\\").replace('"', '\\"') + '"'
        text += f".{part}" if text else part
    return text
