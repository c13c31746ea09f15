"""Reads environment files: .env, custom.env, mux.env, debug.env.

Their syntax is what docker compose makes of it (https://docs.docker.com/reference/compose-file/services/#env_file):
NAME=VALUE, # for comments, quotes around values. What compose would refuse is read all the same, and noted as a slip.
"""

from __future__ import annotations

import re

from stdiag.formats.config.config_text import LONGEST_NAME, utf8_text
from stdiag.formats.config.document import ConfigDocument, ConfigKind, Place, Setting, Slip
from stdiag.formats.config.environment_secrets import Kept, is_secret, keep
from stdiag.formats.config.environment_slips import DIFFERENT, SAME, EnvironmentSlip

_BLANKS = " \t\f\xa0"
_SEPARATOR = re.compile(r"[=:]")
_EXPORT = re.compile(r"export[ \t]+")
_NEARLY_A_NAME = re.compile(r"[\w.`\\-]+(?: [\w.`\\-]+)?")
"""What may be shown as a name: other text may be the rest of a secret that was written over several lines."""
_PEM = re.compile(r"-----BEGIN [A-Z ]+-----")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_STARTS_A_SETTING = re.compile(r"[ \t]*(?:export[ \t]+)?[A-Za-z_][\w.\\`]*[ \t]*=")
_TYPOGRAPHIC = "“”„‟‘’‚‛«»"
_MOST_LINES_QUOTED = 200


def read_environment(data: bytes, file: str) -> ConfigDocument:
    """The variables of an environment file; a name with backslashes or backticks keeps them, and a slip says so.
    Raises FormatError for what is no text."""
    content = utf8_text(data, file)
    reader = _Reader(content.text.split("\n"))
    reader.read()
    return ConfigDocument(
        file=file,
        kind=ConfigKind.ENVIRONMENT,
        settings=reader.settings,
        slips=[*content.slips, *reader.slips],
        sha256=content.sha256,
    )


class _Reader:
    """Reads lines one statement after the other."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._values: dict[str, str] = {}
        self._place = Place(line=1)
        self._name = ""
        self._skipped_until = ""
        self.settings: list[Setting] = []
        self.slips: list[Slip] = []

    def read(self) -> None:
        number = 0
        while number < len(self._lines):
            number += self._statement(number)

    def _statement(self, index: int) -> int:
        """Reads what begins on this line; how many lines it takes."""
        line = self._lines[index]
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            return 1
        if self._skipped_until:
            self._skipped_until = "" if self._skipped_until in line else self._skipped_until
            return 1
        if pem := _PEM.search(line):
            self._skipped_until = pem[0].replace("BEGIN", "END")
        indent = len(line) - len(line.lstrip(_BLANKS))
        export = _EXPORT.match(line, indent)
        start = export.end() if export else indent
        separator = _SEPARATOR.search(line, start)
        name = line[start : separator.start()].strip(_BLANKS) if separator else ""
        if separator is None or len(name) > LONGEST_NAME or not _NEARLY_A_NAME.fullmatch(name):
            if not _WORD.fullmatch(stripped):  # a name alone is taken over from the shell that runs compose
                self.slips.append(
                    Slip(kind=EnvironmentSlip.NOT_A_SETTING, place=Place(line=index + 1, column=start + 1))
                )
            return 1
        place = Place(line=index + 1, column=start + 1)
        self._check_name(name, separator[0], place)
        raw = line[separator.end() :].lstrip(_BLANKS)
        value_place = Place(line=index + 1, column=len(line) - len(raw) + 1)
        value, lines = self._quoted(raw, index) if raw[:1] in ("'", '"') else (self._unquoted(raw), 1)
        self._keep(value, place, value_place)
        return lines

    def _note(self, kind: EnvironmentSlip, detail: str = "") -> None:
        self.slips.append(Slip(kind=kind, place=self._place, name=self._name, detail=detail))

    def _check_name(self, name: str, separator: str, place: Place) -> None:
        self._place, self._name = place, name
        plain = name
        if "`" in plain:
            plain = plain.replace("`", "")
            self._note(EnvironmentSlip.NAME_IN_BACKTICKS, plain.replace("\\", ""))
        if "\\" in plain:
            plain = plain.replace("\\", "")
            self._note(EnvironmentSlip.NAME_ESCAPED, plain)
        if not _WORD.fullmatch(plain):
            self._note(EnvironmentSlip.NAME_INVALID, _why_invalid(plain))
        elif separator == ":":
            self._note(EnvironmentSlip.COLON)

    def _unquoted(self, raw: str) -> str:
        comment = re.search(r"[ \t]#", raw)
        value = (raw[: comment.start()] if comment else "" if raw.startswith("#") else raw).strip(" \t\f")
        if "#" in raw and is_secret(self._name.replace("\\", "").replace("`", ""), value or "#"):
            self._note(EnvironmentSlip.CUT_AT_HASH)
        self._check_dollar(value)
        return value

    def _quoted(self, raw: str, index: int) -> tuple[str, int]:
        """The value inside quotes, perhaps over several lines, and how many."""
        quote = raw[0]
        text = raw
        for count in range(1, _MOST_LINES_QUOTED + 1):
            end = _closing(text, quote)
            if end is not None:
                after = text[end + 1 :].split("\n")[0].strip()
                if after and not after.startswith("#"):
                    self._note(EnvironmentSlip.TEXT_AFTER_QUOTE)
                    # What is meant is what stands on the line; compose refuses it.
                    return _unescaped(text[1:end], quote) + text[end + 1 :].rstrip(), count
                if quote == '"':
                    self._check_dollar(text[1:end])
                return _unescaped(text[1:end], quote), count
            following = index + count
            if following >= len(self._lines) or _STARTS_A_SETTING.match(self._lines[following]):
                break
            text += "\n" + self._lines[following]
        self._note(EnvironmentSlip.QUOTE_OPEN)
        return raw[1:].rstrip(), 1

    def _check_dollar(self, value: str) -> None:
        """Outside of single quotes compose puts a variable in for $NAME, also in a password."""
        plain = self._name.replace("\\", "").replace("`", "")
        found = re.search(r"(?<![\\$])\$(\w|\{)", value)
        # Inside a URL ${NAME} is meant, and $ without braces is rather a part of the password.
        if found and (is_secret(plain, value) or (found[1] != "{" and value.startswith("mongodb"))):
            self._note(EnvironmentSlip.DOLLAR)

    def _keep(self, value: str, place: Place, value_place: Place) -> None:
        name = self._name
        for detail in _kept(value):
            self._note(EnvironmentSlip.KEPT, detail)
        if any(character in _TYPOGRAPHIC for character in value[:1] + value[-1:]):
            self._note(EnvironmentSlip.TYPOGRAPHIC_QUOTES)
        if "\\_" in value:
            self._note(EnvironmentSlip.ESCAPED_VALUE)
        if name in self._values:
            self._note(EnvironmentSlip.DUPLICATE, SAME if self._values[name] == value else DIFFERENT)
        self._values[name] = value
        kept: Kept = keep(name.replace("`", ""), value, place)
        self.slips += [Slip(kind=slip.kind, place=slip.place, name=name, detail=slip.detail) for slip in kept.slips]
        self.settings.append(Setting(name=name, value=kept.value, place=place, value_place=value_place))


def _closing(text: str, quote: str) -> int | None:
    """Where the quote closes that `text` begins with."""
    at = text.find(quote, 1)
    while at > 0 and (len(text[:at]) - len(text[:at].rstrip("\\"))) % 2:
        at = text.find(quote, at + 1)
    return at if at > 0 else None


def _unescaped(inside: str, quote: str) -> str:
    if quote == "'":
        return inside.replace("\\'", "'")
    return _ESCAPE.sub(lambda one: _ESCAPES.get(one[1], one[1] if one[1] in '"\\$' else one[0]), inside)


def _kept(value: str) -> list[str]:
    """What stays in a value and nobody meant."""
    found = []
    if value != value.lstrip(" \t\xa0"):
        found.append("a blank at its beginning")
    if value != value.rstrip(" \t\xa0"):
        found.append("a blank at its end")
    inside = value.strip()
    if inside[:1] in ("'", '"') or inside[-1:] in ("'", '"'):
        # JSON is written in quotes, and ends so.
        found += ["a quote"] if inside[:1] not in ("{", "[") else []
    return found


def _why_invalid(name: str) -> str:
    if re.search(r"\s", name):
        return "a blank stands in it"
    if name[:1].isdigit():
        return "it begins with a digit"
    if "-" in name and _WORD.fullmatch(name.replace("-", "_")):
        return "a hyphen stands in it"
    return "a character stands in it that names cannot have"
