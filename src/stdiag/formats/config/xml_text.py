"""The text of an XML file: its bytes decoded as XML 1.0 says (§4.3.3, appendix F), and raw ampersands taken care of."""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterable

from stdiag.formats.config.document import Place
from stdiag.formats.errors import FormatError, shown

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WITHOUT_BOM = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_EBCDIC = b"\x4c\x6f\xa7\x94"  # <?xm on IBM i and z/OS
_DECLARED = re.compile(r"""\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,39})["']""")
# Python knows encodings that are no character sets (rot13, idna, unicode_escape): some are slow, none is meant.
_CHARACTER_SETS = re.compile(
    r"(?i)utf-?8|(?:us-)?ascii|iso-?8859-?\d+|latin-?\d|windows-?12\d\d|cp\d{3,4}|ibm-?\d{3,4}|koi8-[ru]|macroman"
    r"|shift[_-]?jis|windows-31j|euc-(?:jp|kr|cn)|iso-2022-(?:jp|kr)|gb2312|gbk|gb18030|big5(?:-hkscs)?|tis-620"
)
_DECLARATION_BYTES = 300

MOST_AMPERSANDS = 1000

_MARKS = re.compile(r"&|<!--|<!\[CDATA\[|<\?")
_ENDS = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z_:][\w:.-]{0,99});")
_LINE_END = re.compile(r"\r\n?|\n")


def decode_xml(data: bytes, file: str) -> str:
    """The text of an XML file, in the encoding that its byte order mark or its declaration names; UTF-8 without
    either. Raises FormatError."""
    if not data.strip():
        raise FormatError("it is empty", file=file, suggestion="is it the right file?")
    if data.startswith(_EBCDIC):
        raise FormatError("it is written in EBCDIC", file=file, suggestion="copy it as text, so that it becomes UTF-8")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding, file, marked=True)
    for mark, encoding in _WITHOUT_BOM:
        if data.startswith(mark):
            return _decoded(data, encoding, file, marked=True)
    declared = _declared(data[:_DECLARATION_BYTES].decode("latin-1"))
    if declared is None:
        return _decoded(data, "utf-8", file)
    if re.match(r"(?i)(?:utf-?|ucs-?|iso-10646-ucs-)(?:16|32|2|4)", declared):
        raise FormatError(
            f"its first line declares {declared}, but the file is not written so",
            file=file,
            line=1,
            suggestion='write encoding="UTF-8" there',
        )
    try:
        known = _CHARACTER_SETS.fullmatch(declared) is not None and bool(codecs.lookup(declared))
    except LookupError:
        known = False
    if not known:
        raise FormatError(
            f"its first line declares the encoding {shown(declared)}, which is not known",
            file=file,
            line=1,
            suggestion='save the file as UTF-8 and write encoding="UTF-8" there',
        )
    return _decoded(data, declared, file)


def _declared(text: str) -> str | None:
    match = _DECLARED.match(text)
    return match[1] if match else None


def _decoded(data: bytes, encoding: str, file: str, *, marked: bool = False) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        place = place_at(data[: error.start].decode(encoding, "replace"))
        at_once = encoding.lower().replace("-", "") == "utf8"
        other = ', or declare what it is, like encoding="windows-1252", in its first line' if at_once else ""
        raise FormatError(
            f"it is not {encoding.upper()}, as it should be",
            file=file,
            line=place.line,
            column=place.column,
            suggestion=f"save the file as UTF-8{other}",
        ) from None
    declared = _declared(text[:_DECLARATION_BYTES]) if marked and encoding != "utf-8" else None
    if declared is not None and not declared.lower().startswith(encoding[:6].rstrip("-")):
        # XML 1.0 §4.3.3 calls it a fatal error; Notepad's "Unicode" makes such files.
        raise FormatError(
            f"it is written in {encoding[:6].upper()}, but its first line declares {declared}",
            file=file,
            line=1,
            suggestion="save the file as UTF-8 (in Notepad: Save as, Encoding)",
        )
    return text


def place_at(text: str) -> Place:
    """The place behind `text`, which begins where the file does."""
    cursor = Cursor(text)
    return cursor.place(len(text))


class Cursor:
    """Turns places into offsets and back, going forward through a text: no list of all lines is held."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line = 1
        self._start = 0
        self._ahead = _LINE_END.search(text)

    def offset(self, line: int, column: int) -> int:
        """The offset of a place; its line is not before the last one asked for. Columns from 1."""
        while self._line < line and self._ahead is not None:
            self._next()
        return self._start + column - 1

    def place(self, offset: int) -> Place:
        """The place of an offset, which is in no line before the last one asked for."""
        while self._ahead is not None and self._ahead.end() <= offset:
            self._next()
        return Place(line=self._line, column=offset - self._start + 1)

    def _next(self) -> None:
        assert self._ahead is not None  # noqa: S101 - both callers have looked
        self._line += 1
        self._start = self._ahead.end()
        self._ahead = _LINE_END.search(self._text, self._start)


def without_raw_ampersands(text: str) -> tuple[str, str, list[int]]:
    """`text` with another character in place of each & that begins no reference; that character (empty when there was
    none to replace); and the offsets. All places stay as they are."""
    offsets = list(itertools.islice(_raw_ampersands(text), MOST_AMPERSANDS + 1))
    if not offsets or len(offsets) > MOST_AMPERSANDS:
        return text, "", []  # in place of so many, the parser's complaint about the first will do
    stand_in = next((c for c in map(chr, range(0xE000, 0xF8FF)) if c not in text), "")
    if not stand_in:
        return text, "", []  # a text with six thousand private characters
    parts: list[str] = []
    before = 0
    for offset in offsets:
        parts.append(text[before:offset])
        before = offset + 1
    return stand_in.join([*parts, text[before:]]), stand_in, offsets


def _raw_ampersands(text: str) -> Iterable[int]:
    position = 0
    while (mark := _MARKS.search(text, position)) is not None:
        position = mark.end()
        if mark[0] == "&":
            if not _REFERENCE.match(text, mark.start()):
                yield mark.start()
            continue
        end = text.find(_ENDS[mark[0]], position)
        if end < 0:
            return
        position = end
