from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stdiag.model import Mark
from stdiag.render.layout import ASCII_SYMBOLS, SYMBOLS, Style, Tone, broken, uncoloured, width_of

text = st.text(st.characters(codec="utf-8"), max_size=300)


@settings(deadline=None)  # a loaded machine is no failure
@given(text, st.integers(20, 100), st.booleans())
def test_no_line_is_wider_than_the_style(text: str, width: int, unicode: bool) -> None:
    for line in Style(width, unicode).wrap(text, "    lead "):
        assert width_of(line) <= width


@settings(deadline=None)  # a loaded machine is no failure
@given(st.lists(st.text(st.characters(codec="ascii", exclude_characters=" "), min_size=1), max_size=30))
def test_no_character_is_lost_in_wrapping(words: list[str]) -> None:
    assert "".join(broken(words, 12)).replace(" ", "") == "".join(words)


@settings(deadline=None)  # a loaded machine is no failure
@given(text, st.booleans())
def test_colour_changes_nothing_but_colour(text: str, unicode: bool) -> None:
    plain, coloured = Style(60, unicode), Style(60, unicode, colour=True)
    lead = coloured.paint("1. ERROR", Tone.BAD) + "  "
    assert [uncoloured(line) for line in coloured.wrap(text, lead)] == plain.wrap(text, "1. ERROR  ")
    assert "\x1b" not in "".join(plain.wrap(text, plain.paint("x", Tone.BAD)))


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("漢字", 4), ("e\u0301", 1), ("✓✗", 2), ("", 0), ("ﬀ", 1), ("…", 1)]
)
def test_width(text: str, width: int) -> None:
    assert width_of(text) == width


def test_every_mark_has_a_symbol_of_one_width_in_both_sets() -> None:
    assert {width_of(SYMBOLS[mark]) for mark in Mark} == {1}
    assert {width_of(ASCII_SYMBOLS[mark]) for mark in Mark} == {4}
    assert len(set(SYMBOLS.values())) == len(set(ASCII_SYMBOLS.values())) == len(Mark)
    assert "".join(ASCII_SYMBOLS.values()).isascii()


def test_a_word_wider_than_the_line_is_broken() -> None:
    assert Style(10).wrap("ab abcdefghijklmno c", "- ") == ["- ab", "  abcdefgh", "  ijklmno", "  c"]
