"""Reads a page as strictly as none of the browsers does: what is left open, closed twice or unknown is a failure."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr"}
DRAWN = {"rect", "line", "path", "use"}
BLOCKS = {"p", "ul", "ol", "li", "dl", "dt", "dd", "div", "h1", "h2", "h3", "h4", "h5", "header", "nav", "main", "pre"}
BLOCKS |= {"section", "article", "footer", "figure", "figcaption", "details", "summary", "table", "tr", "th", "td"}
# What the templates and the catalogue's Markdown may make. A stranger's markup would bring others.
ELEMENTS = VOID | DRAWN | BLOCKS
ELEMENTS |= {"html", "head", "title", "style", "body", "svg", "symbol", "pattern", "text", "thead", "tbody"}
ELEMENTS |= {"a", "span", "bdi", "code", "strong", "em"}


@dataclass
class Element:
    """An element, with what is in it."""

    name: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def all(self, *names: str) -> Iterator[Element]:
        """Elements of these names, in the order of the page; without names, every one."""
        for child in self.children:
            if isinstance(child, Element):
                if not names or child.name in names:
                    yield child
                yield from child.all(*names)

    @property
    def words(self) -> str:
        """Its text, without that of drawings and with single spaces."""
        return " ".join(self._text().split())

    def _text(self) -> str:
        if self.name in ("svg", "style"):
            return " "
        text = "".join(child if isinstance(child, str) else child._text() for child in self.children)
        return f" {text} " if self.name in BLOCKS else text

    def with_class(self, name: str) -> Iterator[Element]:
        """Elements of this class."""
        return (element for element in self.all() if name in element.attributes.get("class", "").split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"twice the same attribute: {tag} {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in DRAWN | VOID, tag
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"</{tag}> where <{self.open[-1].name}> is open"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def read(page: str) -> Element:
    """The page as a tree."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == [reader.root], [element.name for element in reader.open]
    return reader.root


def assert_sound(page: str) -> Element:
    """The page is harmless and whole: its own elements only, nothing fetched, nothing run, every link leads somewhere,
    headings in order, tables with headings. Returns its tree."""
    root = read(page)
    elements = list(root.all())
    assert {element.name for element in elements} <= ELEMENTS
    ids = [element.attributes["id"] for element in elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for element in elements:
        for name, value in element.attributes.items():
            assert not name.startswith("on"), (element.name, name)
            assert name not in ("src", "srcset", "style", "action", "xlink:href"), (element.name, name)
            if name == "href" and element.name != "link":
                assert value.startswith("#"), value
                assert value[1:] in ids, value
            if name == "aria-labelledby":
                assert value in ids, value
    levels = [int(element.name[1]) for element in elements if element.name in {"h1", "h2", "h3", "h4", "h5"}]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels
    for table in root.all("table"):
        heads = list(table.all("th"))
        assert heads
        assert all(head.attributes.get("scope") in ("col", "row") for head in heads)
        width = {len(list(row.all("th", "td"))) for row in table.all("tr")}
        assert len(width) == 1, table.words[:200]
    policy = next(meta.attributes["content"] for meta in root.all("meta") if "http-equiv" in meta.attributes)
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert all(line.isprintable() for line in page.split("\n"))
    return root
