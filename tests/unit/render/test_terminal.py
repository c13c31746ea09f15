from __future__ import annotations

import io
from collections.abc import Mapping

import pytest

from stdiag.render.terminal import can_redraw, is_terminal, style_of


class Terminal(io.TextIOWrapper):
    """A stream that somebody looks at."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding)

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "colour"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"FORCE_COLOR": "0"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ({"TERM": "xterm-256color"}, True),
    ],
)
def test_colour_on_a_terminal(environment: Mapping[str, str], colour: bool) -> None:
    assert style_of(Terminal(), environment).colour is colour


def test_no_colour_into_a_file_unless_forced() -> None:
    assert not style_of(io.StringIO(), {}).colour
    assert style_of(io.StringIO(), {"FORCE_COLOR": "1"}).colour


@pytest.mark.parametrize(
    ("columns", "width"),
    [("72", 72), ("250", 100), ("10", 40), ("0", 80), ("", 80), ("-5", 80), ("wide", 80), ("9" * 5000, 100)],
)
def test_width(columns: str, width: int) -> None:
    assert style_of(Terminal(), {"COLUMNS": columns}).width == width


def test_a_file_is_eighty_wide_whatever_the_terminal_is() -> None:
    assert style_of(io.StringIO(), {"COLUMNS": "120"}).width == 80


@pytest.mark.parametrize(
    ("encoding", "unicode"), [("utf-8", True), ("cp65001", True), ("ascii", False), ("cp437", False), ("cp1252", False)]
)
def test_unicode_only_where_the_encoding_has_the_symbols(encoding: str, unicode: bool) -> None:
    assert style_of(Terminal(encoding if encoding != "cp65001" else "utf-8"), {}).unicode is unicode


def test_a_closed_stream_is_no_terminal() -> None:
    closed = io.StringIO()
    closed.close()
    assert not is_terminal(closed)
    assert not can_redraw(closed, {})


def test_dumb_terminals_are_not_redrawn() -> None:
    assert can_redraw(Terminal(), {"TERM": "xterm"})
    assert not can_redraw(Terminal(), {"TERM": "dumb"})
