"""What a probe's `present()` returns: renderers know these, not the probes."""

from __future__ import annotations

import enum
from typing import Literal

import msgspec


class Mark(enum.StrEnum):
    """How a cell or a line is marked: always a symbol and a word or text beside it, never colour alone."""

    GOOD = "good"
    BAD = "bad"
    UNSURE = "unsure"
    NOTE = "note"
    PLAIN = "plain"


class Text(msgspec.Struct, frozen=True):
    """A line of text."""

    text: str
    mark: Mark = Mark.PLAIN


class KeyValues(msgspec.Struct, frozen=True):
    """A short list of properties."""

    title: str
    items: list[tuple[str, str]]


class Table(msgspec.Struct, frozen=True):
    """Rows under headings."""

    title: str
    columns: list[str]
    rows: list[list[str]]


class ChainLink(msgspec.Struct, frozen=True):
    """One certificate of a drawn chain."""

    role: Literal["leaf", "intermediate", "root"]
    state: Literal["sent", "missing", "fetched", "anchor", "unrelated", "duplicate"]
    name: str
    detail: str = ""
    mark: Mark = Mark.PLAIN


class ChainDrawing(msgspec.Struct, frozen=True):
    """A certificate chain, leaf first: what was sent, what is missing, where it ends."""

    title: str
    links: list[ChainLink]
    note: str = ""


class MatrixCell(msgspec.Struct, frozen=True):
    """One crossing of a row and a column: a mark, and a word that says the same."""

    word: str
    mark: Mark = Mark.PLAIN


class MatrixRow(msgspec.Struct, frozen=True):
    """One row: what it is about, and a cell for each column; None where there is nothing to say."""

    name: str
    cells: list[MatrixCell | None]


class Matrix(msgspec.Struct, frozen=True):
    """How each of several things stands to each of several others: paths and ports."""

    title: str
    columns: list[str]
    rows: list[MatrixRow]


Block = Text | KeyValues | Table | ChainDrawing | Matrix
