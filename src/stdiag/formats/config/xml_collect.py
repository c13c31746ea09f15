"""What a parser tells of an XML file, collected as settings: bounded, and without secrets."""

from __future__ import annotations

import re
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from stdiag.formats.config.document import ConfigKind, Place, Setting, Slip
from stdiag.formats.config.xml_document import mark_of
from stdiag.formats.config.xml_secrets import masked_value
from stdiag.formats.config.xml_slips import OTHER_ROOT, RAW_AMPERSAND, REPEATED_ELEMENT, STRAY_TEXT
from stdiag.formats.config.xml_text import Cursor
from stdiag.formats.errors import FormatError

MOST_ELEMENTS = 5000
"""Elements and attributes together. A real file has some dozens."""
DEEPEST = 16
LONGEST_NAME = 100
LONGEST_VALUE = 16 * 1024
"""Characters."""
MOST_SLIPS = 100

ROOTS = {ConfigKind.STPROXY_XML: "configuration", ConfigKind.MANAGED_COMMUNITIES: "managed-communities"}

_ATTRIBUTE = re.compile(r"""([^\s=<>"'/]+)\s*=\s*(?:"[^"]*"|'[^']*')""")
_IGNORED = ("xmlns", "xsi:", "xml:")


class _Element:
    """An element that is not closed yet."""

    def __init__(self, name: str, path: str, place: Place, content: int) -> None:
        self.name = name
        self.path = path
        self.place = place
        self.content = content
        """Offset behind its start tag."""
        self.children: dict[str, tuple[int, int]] = {}
        """How many of each name, and the first one's line."""
        self.text: list[str] = []
        self.length = 0


class Collector(ContentHandler):
    """Collects settings and slips. Raises FormatError where a bound is crossed."""

    def __init__(self, text: str, file: str, kind: ConfigKind, stand_in: str, ampersands: list[int]) -> None:
        super().__init__()
        self._text = text
        self._file = file
        self._kind = kind
        self._stand_in = stand_in
        self._ampersands = iter(ampersands)
        self._locator: Locator | None = None
        self._open: list[_Element] = []
        self._count = 0
        self._cursor = Cursor(text)
        self._places = Cursor(text)
        self._slip_places = Cursor(text)
        self.settings: list[Setting] = []
        self.slips: list[Slip] = []
        self.marks: dict[int, bytes] = {}

    @property
    def line(self) -> int:
        """Where the parser is."""
        return int(self._locator.getLineNumber() or 1) if self._locator else 1

    @property
    def innermost(self) -> tuple[str, int]:
        """Name and line of the innermost element that is open; empty and 0 when none is."""
        return (self._open[-1].name, self._open[-1].place.line) if self._open else ("", 0)

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - SAX calls it so
        """Who knows where the parser is."""
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX calls it so
        """An element begins."""
        assert self._locator is not None  # noqa: S101 - the parser has set it
        place = Place(line=self.line, column=int(self._locator.getColumnNumber() or 0) + 1)
        self._check(name, place)
        path = self._path(name, place)
        start = self._cursor.offset(place.line, place.column)
        tag_end = self._attributes(path, attrs, start + 1 + len(name))
        self._open.append(_Element(name, path, place, tag_end))

    def characters(self, content: str) -> None:
        """Text of the innermost element: comes in pieces."""
        element = self._open[-1]
        if not element.text and content.isspace():
            return  # what stands between elements
        element.length += len(content)
        if element.length > LONGEST_VALUE:
            raise self._error(f"the value of <{element.name}> is longer than {LONGEST_VALUE // 1024} KiB", self.line)
        element.text.append(content)

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802 - SAX calls it so
        """The innermost element ends."""
        element = self._open.pop()
        value = "".join(element.text).strip()
        if element.children:
            if value:
                self._slip(STRAY_TEXT, element.place, element.path or element.name)
            self._ampersands_of(element.path, value, None)
        elif self._open:
            self._set(element.path, value, element.place, self._value_place(element) if value else None)

    def _check(self, name: str, place: Place) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise self._error(f"it has more than {MOST_ELEMENTS} elements and attributes", place.line)
        if len(self._open) >= DEEPEST:
            raise self._error(f"its elements are nested more than {DEEPEST} deep", place.line)
        if len(name) > LONGEST_NAME:
            raise self._error(f"a name in it is longer than {LONGEST_NAME} characters", place.line)

    def _error(self, problem: str, line: int) -> FormatError:
        return FormatError(problem, file=self._file, line=line, suggestion="is it the right file?")

    def _path(self, name: str, place: Place) -> str:
        if not self._open:
            right = ROOTS.get(self._kind, name)
            if name != right:
                self._slip(OTHER_ROOT, place, name, right)
            return ""
        parent = self._open[-1]
        count, first = parent.children.get(name, (0, place.line))
        parent.children[name] = (count + 1, first)
        path = f"{parent.path}/{name}" if parent.path else name
        if count and self._kind is ConfigKind.STPROXY_XML:
            self._slip(REPEATED_ELEMENT, place, path, str(first))
        return f"{path}[{count + 1}]" if count else path

    def _attributes(self, path: str, attrs: AttributesImpl, offset: int) -> int:
        """Takes the attributes that begin behind `offset`; gives the offset behind the start tag."""
        text = self._text
        for name, value in attrs.items():
            self._count += 1
            if len(name) > LONGEST_NAME or self._count > MOST_ELEMENTS:
                raise self._error("an element in it has too many or too long attributes", self.line)
            if len(value) > LONGEST_VALUE:
                raise self._error(f"the value of {name} is longer than {LONGEST_VALUE // 1024} KiB", self.line)
            match = _ATTRIBUTE.search(text, offset)
            if match is None:  # the parser has found it, so it is there
                continue
            offset = match.end()
            if name.startswith(_IGNORED):
                continue
            full = f"{path}/@{name}" if path else f"@{name}"
            # One cursor goes through the names, since an attribute's value ends before the next name begins.
            self._set(full, value.strip(), self._places.place(match.start(1)), None)
        end = text.find(">", offset)
        return end + 1 if end >= 0 else len(text)

    def _value_place(self, element: _Element) -> Place | None:
        offset = element.content
        while offset < len(self._text) and self._text[offset].isspace():
            offset += 1
        if self._text.startswith("<![CDATA[", offset):
            offset += len("<![CDATA[")
        if self._text[offset : offset + 1] == "<":
            return None  # a comment stands before it
        return self._places.place(offset)

    def _set(self, name: str, raw: str, place: Place, value_place: Place | None) -> None:
        value = self._ampersands_of(name, raw, value_place or place)
        shown = masked_value(name, value)
        if shown != value:
            self.marks[len(self.settings)] = mark_of(value)
        self.settings.append(Setting(name=name, value=shown, place=place, value_place=value_place))

    def _ampersands_of(self, name: str, raw: str, near: Place | None) -> str:
        """`raw` with its ampersands back; each is a slip."""
        if not self._stand_in or self._stand_in not in raw:
            return raw
        for _ in range(raw.count(self._stand_in)):
            offset = next(self._ampersands, None)
            place = near if offset is None else self._slip_places.place(offset)
            if place is not None:
                self._slip(RAW_AMPERSAND, place, name)
        return raw.replace(self._stand_in, "&")

    def _slip(self, kind: str, place: Place, name: str, detail: str = "") -> None:
        if len(self.slips) < MOST_SLIPS:
            self.slips.append(Slip(kind=kind, place=place, name=name, detail=detail))
