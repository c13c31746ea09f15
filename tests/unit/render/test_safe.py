from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stdiag.render.safe import LIMIT, plain, to_ascii

anything = st.text(st.characters(codec=None), max_size=LIMIT * 2)


@settings(deadline=None)  # a loaded machine is no failure
@given(anything)
def test_nothing_that_steers_a_terminal_survives(text: str) -> None:
    for character in plain(text):
        assert unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"), hex(ord(character))


@settings(deadline=None)  # a loaded machine is no failure
@given(anything, st.integers(5, 50))
def test_is_short_idempotent_and_encodable(text: str, limit: int) -> None:
    shown = plain(text, limit)
    assert len(shown) <= limit
    assert plain(shown, limit) == shown
    shown.encode()


@settings(deadline=None)  # a loaded machine is no failure
@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=LIMIT))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@settings(deadline=None)  # a loaded machine is no failure
@given(anything)
def test_ascii_is_ascii(text: str) -> None:
    shown = to_ascii(plain(text))
    assert shown.isascii()
    assert shown.isprintable()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", r"\x1b[31m"),
        ("a\nb\r\tc\0", r"a\nb\r\tc\x00"),
        ("\x7f\x9b", r"\x7f\x9b"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("\u2066\u2069\u200b\u2028\ufeff", r"\u2066\u2069\u200b\u2028\ufeff"),
        ("\U000e0041", r"\U000e0041"),
        ("x\ufe0f\u3164", r"x\ufe0f\u3164"),
        ("\udc80", r"\udc80"),
        ("Müller GmbH 漢字", "Müller GmbH 漢字"),
        (r"C:\keys\new", r"C:\keys\new"),
    ],
)
def test_escapes(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_long_text_ends_in_an_ellipsis() -> None:
    assert plain("a" * 1_000_000) == "a" * (LIMIT - 1) + "…"
    assert plain("\x1b" * 1_000_000, 10) == r"\x1b\x1b\…"


def test_ascii_spells_our_own_typography() -> None:
    assert to_ascii("“a” → b… – ü") == '"a" -> b... - \\xfc'
