"""YAML as nodes with their places, within bounds. No object is ever made of a tag, and an alias counts as what it
stands for: a file of a few lines can stand for more than fits into any memory.

Events are taken and not PyYAML's own tree: its composer calls itself for every level, and expands nothing until it is
too late.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import yaml

from stdiag.formats.config.document import Place
from stdiag.formats.errors import FormatError

MOST_NODES = 20_000
DEEPEST = 50
"""Of nodes, aliases followed. A chart of Sametime has a tenth of both."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where PyYAML was built with it. Typed loosely: the stubs know loaders as classes, and both fit."""

_SURROGATE = re.compile("[\ud800-\udfff]")
"""What PyYAML makes of an escape that libyaml refuses; no report can hold it."""

_PROBLEMS = (
    ("cannot start any token", "a value begins with a character that YAML keeps for itself", "put quotes around it"),
    ("mapping values are not allowed", "a colon stands where no name can be", "check the indentation, or add quotes"),
    ("sequence entries are not allowed", "a - stands where no list can begin", "put each - on a line of its own"),
    ("could not find expected ':'", "a name without a colon stands here or in the line before", "write NAME: VALUE"),
    ("unexpected end of stream", "a quote is not closed", "close it"),
    ("expected <block end>", "the indentation does not fit the lines before", "indent with blanks, all alike"),
    ("did not find expected", "the indentation does not fit the lines before", "indent with blanks, all alike"),
)
"""Words of PyYAML or libyaml → what is wrong, and what to do."""


class Scalar(msgspec.Struct):
    """A value."""

    value: str
    place: Place


class Sequence(msgspec.Struct):
    """A list."""

    place: Place
    items: list[Node] = []


class Mapping(msgspec.Struct):
    """Names and values, in their order; a name that stands twice is there twice."""

    place: Place
    items: list[tuple[Scalar, Node]] = []


Node = Scalar | Sequence | Mapping


def read_nodes(text: str, file: str) -> Mapping | None:
    """The outermost mapping of `text`, or None when nothing stands in it. Raises FormatError."""
    return _Builder(file).build(text)


class _Builder:
    def __init__(self, file: str) -> None:
        self._file = file
        self._lines: list[str] = []
        self._anchors: dict[str, Node] = {}
        self._open: list[Sequence | Mapping] = []
        self._keys: list[Scalar | None] = []
        """For each open node, the name whose value comes next."""
        self._nodes = 0
        self._root: Node | None = None

    def build(self, text: str) -> Mapping | None:
        self._lines = text.split("\n")
        documents = 0
        for event in self._events(text):
            match event:
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1 and self._root is not None:
                        raise self._error("a second document begins here", event, "put it into a file of its own")
                case yaml.ScalarEvent():
                    self._add(Scalar(_SURROGATE.sub("\ufffd", event.value), _place(event)), event)
                case yaml.AliasEvent():
                    self._alias(event)
                case yaml.SequenceStartEvent():
                    self._begin(Sequence(_place(event)), event)
                case yaml.MappingStartEvent():
                    self._begin(Mapping(_place(event)), event)
                case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                    self._open.pop()
                    self._keys.pop()
        match self._root:
            case None | Scalar(value=""):
                return None
            case Mapping():
                return self._root
            case other:
                raise FormatError(
                    "names with values are expected here",
                    file=self._file,
                    line=other.place.line,
                    column=other.place.column,
                    suggestion="is it the right file?",
                )

    def _events(self, text: str) -> Iterator[Any]:
        try:
            yield from yaml.parse(text, Loader=_LOADER)
        except yaml.YAMLError as error:
            raise self._in_own_words(error) from None
        except (RecursionError, UnicodeError, ValueError):
            # ValueError: code points that Python's chr() refuses.
            raise FormatError("it is not YAML that can be read", file=self._file) from None

    def _in_own_words(self, error: yaml.YAMLError) -> FormatError:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        said = f"{getattr(error, 'context', '') or ''} {getattr(error, 'problem', '') or ''}"
        if "end of stream" in said:
            mark = getattr(error, "context_mark", None) or mark  # where the quote begins, and not where the file ends
        what, advice = next(
            ((what, advice) for words, what, advice in _PROBLEMS if words in said), ("it is not YAML here", None)
        )
        if (
            mark is not None
            and self._lines[mark.line : mark.line + 1]
            and "\t" in _before(self._lines[mark.line], mark)
        ):
            what, advice = "a tab stands where YAML allows blanks only", "replace it by blanks"
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (None, None)
        return FormatError(what, file=self._file, line=line, column=column, suggestion=advice)

    def _alias(self, event: Any) -> None:
        node = self._anchors.get(event.anchor)
        if node is None:
            raise self._error(f"the alias *{event.anchor[:40]} stands for nothing", event)
        if any(node is one for one in self._open):
            raise self._error(f"the alias *{event.anchor[:40]} stands inside of what it stands for", event)
        self._place(node, event)

    def _begin(self, node: Sequence | Mapping, event: Any) -> None:
        self._add(node, event)
        self._open.append(node)
        self._keys.append(None)
        if len(self._open) > DEEPEST:
            raise self._error(f"more than {DEEPEST} levels stand inside each other", event)

    def _add(self, node: Node, event: Any) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise self._error(f"it has more than {MOST_NODES} values", event, "is it the right file?")
        if event.anchor:
            self._anchors[event.anchor] = node
        self._place(node, event)

    def _place(self, node: Node, event: Any) -> None:
        if not self._open:
            self._root = node
            return
        parent, key = self._open[-1], self._keys[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif key is not None:
            parent.items.append((key, node))
            self._keys[-1] = None
        elif isinstance(node, Scalar):
            self._keys[-1] = Scalar(node.value, _place(event))
        else:
            raise self._error("a list or a mapping stands where a name belongs", event)

    def _error(self, problem: str, event: Any, suggestion: str | None = None) -> FormatError:
        place = _place(event)
        return FormatError(problem, file=self._file, line=place.line, column=place.column, suggestion=suggestion)


def _before(line: str, mark: Any) -> str:
    """The indentation of `line`, up to and with the spot of an error."""
    return line[: max(mark.column + 1, len(line) - len(line.lstrip()))] if line[: mark.column].strip() == "" else ""


def _place(event: Any) -> Place:
    return Place(line=event.start_mark.line + 1, column=event.start_mark.column + 1)
