from __future__ import annotations

from typing import get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.render.reports import HOSTILE, spoilt_blocks

from stdiag.model import ChainDrawing, ChainLink, KeyValues, Mark, Matrix, MatrixCell, MatrixRow, Table, Text
from stdiag.render.blocks import STATES, block_lines
from stdiag.render.layout import Style, width_of

cell = st.text(st.characters(codec="utf-8"), max_size=60)


@settings(deadline=None)  # a loaded machine is no failure
@given(st.lists(cell, max_size=9), st.lists(st.lists(cell, max_size=9), max_size=6), st.integers(40, 100))
def test_a_table_never_exceeds_the_width(columns: list[str], rows: list[list[str]], width: int) -> None:
    for line in block_lines(Table("t", columns, rows), Style(width)):
        assert width_of(line) <= width


def test_short_columns_stay_whole_when_a_long_one_gives_way() -> None:
    lines = block_lines(Table("", ["days", "what"], [["12", "certificate " * 12]]), Style(40), indent=0)
    assert lines == [
        "  days  what",
        "  12    certificate certificate",
        *["        certificate certificate"] * 5,
    ]


def test_a_table_with_too_many_columns_becomes_lists() -> None:
    lines = block_lines(Table("", [f"c{n}" for n in range(12)], [["x"] * 12]), Style(40))
    assert lines[:2] == ["    c0   x", "    c1   x"]


def test_the_chain_shows_what_is_missing() -> None:
    links = [
        ChainLink("leaf", "sent", "chat.example.com", "until 2027"),
        ChainLink("intermediate", "missing", "Issuing CA"),
        ChainLink("intermediate", "unrelated", "Old CA"),
        ChainLink("root", "anchor", "Root", mark=Mark.BAD),
    ]
    assert block_lines(ChainDrawing("Chain", links, "note"), Style(80)) == [
        "  Chain",
        "    ✓ sent            leaf          chat.example.com  until 2027",
        "    ✗ MISSING         intermediate  Issuing CA",
        "    ! sent, stray     intermediate  Old CA",
        "    ✗ in trust store  root          Root",
        "    note",
    ]


def test_every_state_of_a_link_has_a_word() -> None:
    assert set(STATES) == set(get_args(get_type_hints(ChainLink)["state"]))


MATRIX = Matrix(
    "Paths",
    ["1533", "80"],
    [
        MatrixRow("direct", [MatrixCell("ok", Mark.GOOD), MatrixCell("refused", Mark.BAD)]),
        MatrixRow("socks5h://proxy.example.com:1080", [MatrixCell("timeout", Mark.BAD), None]),
    ],
)


def test_a_matrix_has_a_mark_and_a_word_in_each_cell() -> None:
    assert block_lines(MATRIX, Style(80)) == [
        "  Paths",
        "                                      1533       80",
        "    direct                            ✓ ok       ✗ refused",
        "    socks5h://proxy.example.com:1080  ✗ timeout",
    ]


def test_a_matrix_too_wide_becomes_lists() -> None:
    assert block_lines(MATRIX, Style(34), indent=0) == [
        "Paths",
        "  direct",
        "    ✓ 1533: ok",
        "    ✗ 80: refused",
        "  socks5h://proxy.example.com:1080",
        "    ✗ 1533: timeout",
    ]


@settings(deadline=None)  # a loaded machine is no failure
@given(
    st.lists(cell, max_size=6),
    st.lists(st.tuples(cell, st.lists(cell, max_size=8)), max_size=5),
    st.integers(40, 100),
)
def test_a_matrix_never_exceeds_the_width(columns: list[str], rows: list[tuple[str, list[str]]], width: int) -> None:
    matrix = Matrix("t", columns, [MatrixRow(name, [MatrixCell(word) for word in words]) for name, words in rows])
    for line in block_lines(matrix, Style(width)):
        assert width_of(line) <= width


def test_ascii_marks_are_words_in_brackets() -> None:
    style = Style(80, unicode=False)
    assert block_lines(Text("fine", Mark.GOOD), style) == ["  [ok] fine"]
    assert block_lines(Text("Käse…", Mark.BAD), style) == [r"  [!!] K\xe4se..."]
    assert block_lines(Text("just text"), style) == ["  just text"]


def test_long_keys_get_a_line_of_their_own() -> None:
    items = [("a key that is longer than the column", "value"), ("short", "v")]
    assert block_lines(KeyValues("", items), Style(50), indent=0) == [
        "  a key that is longer than the column",
        "                            value",
        "  short                     v",
    ]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("unicode", [True, False])
def test_hostile_text_is_harmless(text: str, unicode: bool) -> None:
    for block in spoilt_blocks(text):
        for line in block_lines(block, Style(80, unicode)):
            assert line.isprintable()
            assert width_of(line) <= 80
            assert unicode or line.isascii()
