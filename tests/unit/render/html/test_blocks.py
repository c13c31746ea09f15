from __future__ import annotations

import pytest
from markupsafe import Markup
from tests.unit.render.html.reading import Element, read
from tests.unit.render.reports import HOSTILE, spoilt_blocks

from stdiag.model import (
    Block,
    ChainDrawing,
    ChainLink,
    KeyValues,
    Mark,
    Matrix,
    MatrixCell,
    MatrixRow,
    Table,
    Text,
)
from stdiag.render.html.blocks import ROWS, blocks_html, is_picture


def shown(*blocks: Block) -> Element:
    """The blocks as a tree."""
    return read(blocks_html(blocks))


def test_marks_have_a_word_beside_the_symbol() -> None:
    said = [paragraph.words for paragraph in shown(*(Text("t", mark) for mark in Mark)).all("p")]
    assert said == ["✓good: t", "✗bad: t", "?not known: t", "!note: t", "t"]


def test_lines_that_are_items_become_one_list() -> None:
    root = shown(Text("What the phone shows:"), Text("- one"), Text("- two"), Text("after"), Text("- three", Mark.BAD))
    assert [item.words for item in root.all("li")] == ["one", "two"]
    assert [paragraph.words for paragraph in root.all("p")] == ["What the phone shows:", "after", "✗bad: - three"]


def test_key_values_are_a_list_of_pairs() -> None:
    root = shown(KeyValues("Handshake", [("Protocol", "TLS 1.3"), ("items", "<b>")]))
    assert [term.words for term in root.all("dt", "dd")] == ["Protocol", "TLS 1.3", "items", "<b>"]


def test_short_and_long_rows_are_filled_up() -> None:
    root = shown(Table("t", ["a", "b"], [["1"], ["1", "2", "3"]]))
    assert {len(list(row.all("th", "td"))) for row in root.all("tr")} == {3}


def test_a_matrix_says_each_cell_in_a_word() -> None:
    matrix = Matrix(
        "Paths and ports",
        ["1533", "80"],
        [MatrixRow("direct", [MatrixCell("Sametime", Mark.GOOD), MatrixCell("refused", Mark.BAD)]), MatrixRow("x", [])],
    )
    rows = [[cell.words for cell in row.all("th", "td")] for row in shown(matrix).all("tr")]
    assert rows == [
        ["", "1533", "80"],
        ["direct", "✓good: Sametime", "✗bad: refused"],
        ["x", "–not asked", "–not asked"],
    ]


def test_a_chain_is_drawn_from_the_leaf_to_the_anchor_and_strays_apart() -> None:
    links = [
        ChainLink("leaf", "sent", "chat.example.com"),
        ChainLink("intermediate", "fetched", "Issuing CA"),
        ChainLink("root", "anchor", "Root"),
        ChainLink("intermediate", "unrelated", "Other CA", "sent, but not part of this chain"),
        ChainLink("intermediate", "duplicate", "Issuing CA"),
    ]
    root = shown(ChainDrawing("Chain sent", links, "Verified."))
    way, stray = next(root.all("ol")), next(root.all("ul"))
    assert [name.words for name in way.with_class("name")] == ["chat.example.com", "Issuing CA", "Root"]
    assert [state.words for state in way.with_class("state")] == ["✓ sent", "! fetched", "✓ in trust store"]
    assert [name.words for name in stray.with_class("name")] == ["Other CA", "Issuing CA"]
    assert "Verified." in root.words


@pytest.mark.parametrize(("number", "abreast"), [(1, True), (4, True), (5, False)])
def test_few_certificates_stand_side_by_side(number: int, abreast: bool) -> None:
    root = shown(ChainDrawing("c", [ChainLink("intermediate", "sent", "x")] * number))
    assert bool(list(root.with_class("abreast"))) is abreast


@pytest.mark.parametrize(
    "block",
    [
        Table("t", ["a"], [["x"]] * 1000),
        Matrix("m", ["a"], [MatrixRow("r", [None])] * 1000),
        ChainDrawing("c", [ChainLink("intermediate", "sent", "x")] * 1000),
    ],
)
def test_what_is_too_long_is_cut_and_says_so(block: Block) -> None:
    assert f"{1000 - ROWS} more" in shown(block).words
    assert "the JSON report holds all" in shown(block).words


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text: str) -> None:
    made = blocks_html(spoilt_blocks(text))
    assert isinstance(made, Markup)
    assert {element.name for element in read(made).all()} <= {
        element.name for element in read(blocks_html(spoilt_blocks("x"))).all()
    }


def test_pictures_are_what_shows_a_cause_at_a_glance() -> None:
    assert [is_picture(block) for block in spoilt_blocks("x")] == [False, False, False, True, True]
