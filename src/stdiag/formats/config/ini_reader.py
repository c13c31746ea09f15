"""Reads plugin_customization.ini and sametime.ini."""

from __future__ import annotations

import re

from stdiag.formats.config.config_text import LONGEST_NAME, ConfigText, windows_text
from stdiag.formats.config.document import ConfigDocument, ConfigKind, Place, Setting, Slip
from stdiag.formats.config.environment_secrets import keep
from stdiag.formats.config.environment_slips import DIFFERENT, SAME, EnvironmentSlip

_SECTION = re.compile(r"\s*\[([^\[\]]{1,100})\]\s*(?:[;#].*)?")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}
_SEPARATOR = re.compile(r"(?<!\\)(?:\\\\)*([=:\s])")
_NEARLY_A_NAME = re.compile(r"[\w.`\\/ @$:-]+")
"""What may be shown as a name: other text may be anything, also a secret."""
_MOST_LINES_JOINED = 100


def read_plugin_customization(data: bytes, file: str) -> ConfigDocument:
    """The preferences of a plugin_customization.ini, which Eclipse reads as Java properties: NAME=VALUE, backslashes
    for what does not print, lines that go on after a backslash. Names are PLUG-IN/PREFERENCE. Raises FormatError."""
    content = windows_text(data, file)
    collected = _Collected()
    lines = content.text.split("\n")
    index = 0
    while index < len(lines):
        taken = _property(lines, index, collected)
        index += taken
    return collected.document(file, ConfigKind.PLUGIN_CUSTOMIZATION, content)


def read_sametime_ini(data: bytes, file: str) -> ConfigDocument:
    """The keys of a sametime.ini. Names are SECTION/KEY, and KEY alone before the first section. Raises FormatError."""
    content = windows_text(data, file)
    collected = _Collected()
    section = ""
    for number, line in enumerate(content.text.split("\n"), start=1):
        stripped = line.strip()
        if not stripped or stripped[0] in ";#":
            continue
        if found := _SECTION.fullmatch(line):
            section = found[1].strip()
            continue
        key, equals, value = line.partition("=")
        start = len(key) - len(key.lstrip())
        place = Place(line=number, column=start + 1)
        key = key.strip()
        if not equals or not key or len(key) > LONGEST_NAME or not _NEARLY_A_NAME.fullmatch(key):
            collected.slips.append(Slip(kind=EnvironmentSlip.NOT_A_SETTING, place=place))
            continue
        value_place = Place(line=number, column=len(line) - len(value.lstrip()) + 1)
        collected.add(f"{section}/{key}" if section else key, value.strip(), place, value_place)
    return collected.document(file, ConfigKind.SAMETIME_INI, content)


class _Collected:
    """Settings and slips of one file."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._settings: list[Setting] = []
        self.slips: list[Slip] = []

    def add(self, name: str, value: str, place: Place, value_place: Place) -> None:
        """`value` as it was meant, with its secrets."""
        if name in self._values:
            detail = SAME if self._values[name] == value else DIFFERENT
            self.slips.append(Slip(kind=EnvironmentSlip.DUPLICATE, place=place, name=name, detail=detail))
        self._values[name] = value
        kept = keep(name, value, place)
        self.slips += kept.slips
        self._settings.append(Setting(name=name, value=kept.value, place=place, value_place=value_place))

    def document(self, file: str, kind: ConfigKind, content: ConfigText) -> ConfigDocument:
        return ConfigDocument(
            file=file,
            kind=kind,
            settings=self._settings,
            slips=[*content.slips, *self.slips],
            sha256=content.sha256,
        )


def _property(lines: list[str], index: int, collected: _Collected) -> int:
    """Reads the Java property that begins on this line; how many lines it takes."""
    text = lines[index].lstrip(" \t\f")
    indent = len(lines[index]) - len(text)
    if not text or text[0] in "#!":
        return 1
    taken = 1
    while _goes_on(text) and index + taken < len(lines) and taken < _MOST_LINES_JOINED:
        text = text[:-1] + lines[index + taken].lstrip(" \t\f")
        taken += 1
    place = Place(line=index + 1, column=indent + 1)
    separator = _SEPARATOR.search(text)
    name = text[: separator.start(1)] if separator else text
    if separator is None or not name or len(name) > LONGEST_NAME or not _NEARLY_A_NAME.fullmatch(name):
        collected.slips.append(Slip(kind=EnvironmentSlip.NOT_A_SETTING, place=place))
        return taken
    rest = text[separator.start(1) :].lstrip(" \t\f")
    if rest[:1] in ("=", ":"):
        rest = rest[1:].lstrip(" \t\f")
    # Java keeps blanks at the end of a value; nobody means them, and a port with one is none.
    value = _unescaped(rest)
    if value != value.rstrip():
        slip = Slip(kind=EnvironmentSlip.KEPT, place=place, name=_unescaped(name), detail="a blank at its end")
        collected.slips.append(slip)
    on_first_line = indent + len(text) - len(rest) + 1 if taken == 1 else indent + 1
    collected.add(_unescaped(name), value.rstrip(), place, Place(line=index + 1, column=on_first_line))
    return taken


def _goes_on(text: str) -> bool:
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_meant, text)


def _meant(escape: re.Match[str]) -> str:
    if len(escape[1]) == 5:
        code = int(escape[1][1:], 16)
        return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)
    return _ESCAPES.get(escape[1], escape[1])
