"""Blocks (what a probe's `present()` returns) as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple, assert_never

from markupsafe import Markup

from stdiag.model import Block, ChainDrawing, ChainLink, KeyValues, Mark, Matrix, Table, Text
from stdiag.render.blocks import STATES
from stdiag.render.html.marks import MARKS, Sign
from stdiag.render.html.templates import template

ROWS = 200
"""Rows of one table, links of one chain, texts of one list; the JSON report holds what is left out."""

_STRAY = ("unrelated", "duplicate")
_SIDE_BY_SIDE = 4
"""Certificates of a chain that fit beside each other on a desk's screen."""


class DrawnLink(NamedTuple):
    """A certificate of a drawn chain."""

    link: ChainLink
    sign: Sign
    state: str


def is_picture(block: Block) -> bool:
    """True for what shows a cause at a glance: a chain, a matrix."""
    return isinstance(block, ChainDrawing | Matrix)


def blocks_html(blocks: Iterable[Block]) -> Markup:
    """`blocks`, one below the other. Lines of text that are items of a list become one."""
    macros: Any = template("blocks.html").module
    return Markup("\n").join(_drawn(list(blocks), macros))


def _drawn(blocks: Sequence[Block], macros: Any) -> Iterator[Markup]:
    for items, group in groupby(blocks, key=_is_item):
        if items:
            texts = [block.text.removeprefix("- ") for block in group if isinstance(block, Text)]
            yield macros.items(texts[:ROWS], len(texts) - len(texts[:ROWS]))
        else:
            yield from (block_html(block, macros) for block in group)


def _is_item(block: Block) -> bool:
    return isinstance(block, Text) and block.mark is Mark.PLAIN and block.text.startswith("- ")


def block_html(block: Block, macros: Any) -> Markup:
    """One block."""
    match block:
        case Text():
            made = macros.text(block, MARKS[block.mark])
        case KeyValues():
            made = macros.key_values(block)
        case Table():
            made = _table(block, macros)
        case ChainDrawing():
            made = _chain(block, macros)
        case Matrix():
            made = _matrix(block, macros)
        case _:
            assert_never(block)
    return Markup(made)  # noqa: S704 - a macro's result, which is escaped


def _table(block: Table, macros: Any) -> Any:
    count = max([len(block.columns), *map(len, block.rows)], default=0)
    heads = [*block.columns, *[""] * (count - len(block.columns))]
    rows = [[*row, *[""] * (count - len(row))] for row in block.rows[:ROWS]]
    return macros.table(block.title, heads, rows, len(block.rows) - len(rows))


def _chain(block: ChainDrawing, macros: Any) -> Any:
    drawn = []
    for link in block.links[:ROWS]:
        word, mark = STATES[link.state]
        drawn.append(DrawnLink(link, MARKS[mark if link.mark is Mark.PLAIN else link.mark], word))
    way = [link for link in drawn if link.link.state not in _STRAY]
    stray = [link for link in drawn if link.link.state in _STRAY]
    return macros.chain(block, way, stray, len(way) <= _SIDE_BY_SIDE, len(block.links) - len(drawn))


def _matrix(block: Matrix, macros: Any) -> Any:
    count = len(block.columns)
    rows = [
        (
            row.name,
            [
                (cell.word, MARKS[cell.mark]) if cell else None
                for cell in [*row.cells[:count], *[None] * (count - len(row.cells))]
            ],
        )
        for row in block.rows[:ROWS]
    ]
    return macros.matrix(block, rows, len(block.rows) - len(rows))
