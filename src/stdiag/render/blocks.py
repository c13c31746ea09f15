"""Blocks (what a probe's `present()` returns) as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from stdiag.model import Block, ChainDrawing, ChainLink, KeyValues, Mark, Matrix, MatrixCell, MatrixRow, Table, Text
from stdiag.render.layout import TONES, Style, Tone, broken, fitted, uncoloured, width_of

STATES = {
    "sent": ("sent", Mark.GOOD),
    "missing": ("MISSING", Mark.BAD),
    "fetched": ("fetched", Mark.NOTE),
    "anchor": ("in trust store", Mark.GOOD),
    "unrelated": ("sent, stray", Mark.NOTE),
    "duplicate": ("sent again", Mark.NOTE),
}
"""State of a chain link → how it is called, and the mark it gets when the probe gave none."""

_WIDEST_KEY = 24
_GAP = 2
_LEAST_NAME = 20
"""With less room for the names of a matrix's rows, each row becomes a list."""


def block_lines(block: Block, style: Style, indent: int = 2) -> list[str]:
    """`block` as lines no wider than the style's, set in by `indent` columns."""
    match block:
        case Text():
            lead = " " * indent
            symbol = "" if block.mark is Mark.PLAIN else style.marked(block.mark) + " "
            return style.wrap(block.text, lead + symbol)
        case KeyValues():
            return [*_title(block.title, style, indent), *key_values(block.items, style, indent + 2)]
        case Table():
            return [*_title(block.title, style, indent), *table(block.columns, block.rows, style, indent + 2)]
        case ChainDrawing():
            return [*_title(block.title, style, indent), *_chain(block, style, indent + 2)]
        case Matrix():
            return [*_title(block.title, style, indent), *_matrix(block, style, indent + 2)]
        case _:
            assert_never(block)


def _title(title: str, style: Style, indent: int) -> list[str]:
    lines = style.wrap(title, " " * indent) if title else []
    return [style.paint(line, Tone.HEAD) for line in lines]


def key_values(items: Sequence[tuple[str, str]], style: Style, indent: int) -> list[str]:
    """Keys in a column, values wrapped beside them."""
    keys = [style.text(key, 80) for key, _ in items]
    column = min(max(map(width_of, keys), default=0), _WIDEST_KEY)
    lines: list[str] = []
    for key, (_, value) in zip(keys, items, strict=True):
        if width_of(key) > column:
            lines += style.wrap(key, " " * indent)
            key = ""  # noqa: PLW2901 - it stands on its own line already
        lines += style.wrap(value, " " * indent + fitted(key, column + _GAP))
    return lines


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], style: Style, indent: int) -> list[str]:
    """Rows under headings, cells wrapped inside their column. Too many columns for the width: one list a row."""
    count = max([len(columns), *map(len, rows)], default=0)
    if not count:
        return []
    heads = [style.text(head) for head in columns] + [""] * (count - len(columns))
    cells = [[style.text(cell) for cell in row] + [""] * (count - len(row)) for row in rows]
    room = style.width - indent - _GAP * (count - 1)
    if room < 4 * count:
        lists = [key_values(list(zip(heads, row, strict=True)), style, indent) for row in cells]
        return [line for lines in lists for line in lines]
    widths = _shrunk([max(map(width_of, column)) for column in zip(heads, *cells, strict=True)], room)
    lead = " " * indent
    lines = [style.paint(lead + line, Tone.QUIET) for line in _row(heads, widths)] if any(heads) else []
    for row in cells:
        lines += [lead + line for line in _row(row, widths)]
    return lines


def _shrunk(widths: list[int], room: int) -> list[int]:
    """Column widths that fit into `room`: the widest give way first, so that short columns stay whole."""
    widths = [max(width, 1) for width in widths]
    while (excess := sum(widths) - room) > 0:
        widest = max(widths)
        at = [number for number, width in enumerate(widths) if width == widest]
        lower = max([width for width in widths if width < widest], default=1)
        step = max(min(widest - lower, -(-excess // len(at))), 1)
        for number in at:
            widths[number] -= step
    return widths


def _row(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """One row of a table; more than one line when a cell does not fit its column."""
    wrapped = [list(broken(cell.split(" "), width)) for cell, width in zip(cells, widths, strict=True)]
    for number in range(max(1, *map(len, wrapped))):
        parts = [lines[number] if number < len(lines) else "" for lines in wrapped]
        yield (" " * _GAP).join(fitted(part, width) for part, width in zip(parts, widths, strict=True)).rstrip()


def _matrix(matrix: Matrix, style: Style, indent: int) -> list[str]:
    """A row a line, its name first, each cell a mark and a word. Too many columns for the width: one list a row."""
    lead = " " * indent
    symbol = width_of(style.symbol(Mark.PLAIN)) + 1
    heads = [style.text(head) for head in matrix.columns]
    rows = [[style.text(cell.word) if cell else "" for cell in row.cells[: len(heads)]] for row in matrix.rows]
    rows = [row + [""] * (len(heads) - len(row)) for row in rows]
    widths = [max([width_of(head), *(symbol + width_of(row[at]) for row in rows)]) for at, head in enumerate(heads)]
    name = max((width_of(style.text(row.name)) for row in matrix.rows), default=0)
    room = style.width - indent - sum(_GAP + width for width in widths)
    if room < min(name, _LEAST_NAME):
        return [line for row in matrix.rows for line in _matrix_list(row, heads, style, indent)]
    name = min(name, room)
    cells = "".join(" " * _GAP + fitted(head, width) for head, width in zip(heads, widths, strict=True))
    lines = [style.paint((lead + " " * name + cells).rstrip(), Tone.QUIET)]
    for row, words in zip(matrix.rows, rows, strict=True):
        first, *rest = list(broken(style.text(row.name).split(" "), name)) or [""]
        marked = [*row.cells, *[None] * len(heads)]
        drawn = "".join(_cell(*one, style) for one in zip(marked, words, widths, strict=False))
        lines.append((lead + fitted(first, name) + drawn).rstrip())
        lines += [lead + line for line in rest]
    return lines


def _cell(cell: MatrixCell | None, word: str, width: int, style: Style) -> str:
    if cell is None:
        return " " * (_GAP + width)
    mark = style.symbol(cell.mark)
    return " " * _GAP + style.marked(cell.mark) + " " + fitted(word, width - width_of(mark) - 1)


def _matrix_list(row: MatrixRow, heads: Sequence[str], style: Style, indent: int) -> list[str]:
    lines = style.wrap(row.name, " " * indent)
    for head, cell in zip(heads, row.cells, strict=False):
        if cell is not None:
            lines += style.wrap(f"{head}: {cell.word}", " " * (indent + 2) + style.marked(cell.mark) + " ")
    return lines


def _chain(drawing: ChainDrawing, style: Style, indent: int) -> list[str]:
    """Leaf first, one certificate a line: mark, state, role, name, details. Long details go below the name."""
    rows = [_Row(style, link) for link in drawing.links]
    state = max((width_of(row.state) for row in rows), default=0)
    name = max((width_of(row.name) for row in rows), default=0)
    lines: list[str] = []
    for row in rows:
        tone = TONES.get(row.mark)
        shown = fitted(row.state, state)
        lead = " " * indent + style.marked(row.mark) + " " + (style.paint(shown, tone) if tone else shown) + "  "
        lead += f"{row.role:<12}  "
        below = " " * width_of(uncoloured(lead))
        if len(below) + name + 2 + width_of(row.detail) <= style.width:
            lines.append(f"{lead}{fitted(row.name, name)}  {style.paint(row.detail, Tone.QUIET)}".rstrip())
            continue
        lines += style.wrap(row.name, lead)
        lines += [style.paint(line, Tone.QUIET) for line in style.wrap(row.detail, below)] if row.detail else []
    if drawing.note:
        lines += style.wrap(drawing.note, " " * indent)
    return lines


class _Row:
    """A chain link, harmless."""

    def __init__(self, style: Style, link: ChainLink) -> None:
        word, mark = STATES[link.state]
        self.mark = mark if link.mark is Mark.PLAIN else link.mark
        self.state = style.text(word)
        self.role = link.role
        self.name = style.text(link.name)
        self.detail = style.text(link.detail)
