"""Templates meet whatever a server sends."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.catalogue.fill import fill, fill_command, printable
from stdiag.model import Param

TEXT = st.text(st.characters(), max_size=60)
PARAMS = st.one_of(TEXT, st.integers(), st.floats(), st.booleans(), st.none(), st.lists(TEXT, max_size=30))


@pytest.mark.parametrize(
    ("template", "values", "told"),
    [
        ("{a} and {b}", {"a": "x", "b": 2}, "x and 2"),
        ("{a}", {}, "unknown"),
        ("{a}", {"a": None}, "unknown"),
        ("{a}", {"a": ""}, "none"),
        ("{a}", {"a": []}, "none"),
        ("{a}", {"a": ["x", "y"]}, "x, y"),
        ("{a}", {"a": True}, "yes"),
        ("{a}", {"a": False}, "no"),
        ("{a} s", {"a": 10.0}, "10 s"),
        ("{a} s", {"a": 0.26}, "0.3 s"),
        ("{a} days ago", {"a": 1}, "1 day ago"),
        ("{a} days ago", {"a": 2}, "2 days ago"),
        ("{a} days ago", {"a": 0}, "0 days ago"),
        ("x[; y {a}]", {"a": 0}, "x; y 0"),
        ("x[; y {a}]", {"a": None}, "x"),
        ("x[; y {a}]", {"a": []}, "x"),
        ("x[; y {a} {b}]", {"a": 1}, "x"),
        ("[{a}; ]x", {"a": "1"}, "1; x"),
        ("[{a}]", {"a": "[{b}]", "b": "no"}, "[{b}]"),
        ("{a}", {"a": "{b}", "b": "no"}, "{b}"),
        ("{a}", {"a": "x\r\ny\x1b[2J\u202e\u2028\t"}, r"x\r\ny\x1b[2J\u202e\u2028\t"),
    ],
)
def test_fill(template: str, values: dict[str, Param], told: str) -> None:
    assert fill(template, values) == told


def test_long_lists_and_texts_are_cut_and_say_so() -> None:
    assert fill("{a}", {"a": [str(number) for number in range(25)]}).endswith("18, 19, and 5 more")
    assert len(printable("x" * 10_000)) == 400
    assert printable("x" * 401).endswith("…")


@given(TEXT)
def test_printable_is_printable_and_leaves_plain_text_alone(text: str) -> None:
    assert printable(text).isprintable()
    if text.isprintable():
        assert printable(text) == text


@given(PARAMS, PARAMS)
def test_fill_never_fails_and_gives_one_printable_line(one: Param, two: Param) -> None:
    assert fill("a {one} b[ c {two}] {three} days", {"one": one, "two": two, "three": one}).isprintable()


@given(TEXT)
def test_a_value_stays_one_word_of_the_command(value: str) -> None:
    command = fill_command("tool -connect {a}:443 -x {a} </dev/null", {"a": value})
    if command:
        assert shlex.split(command) == ["tool", "-connect", f"{value}:443", "-x", value, "</dev/null"]
        assert command.isprintable()


@pytest.mark.parametrize("value", ["--config=/etc/passwd", "-K", None, "", [], "a\nb", "a\x1bb", "a\u202eb"])
def test_no_command_rather_than_a_dangerous_or_broken_one(value: Param) -> None:
    assert fill_command("curl -v {a}", {"a": value}) == ""


def test_shell_syntax_of_the_template_stays() -> None:
    command = fill_command('tool {a} "ALL:@X=0" </dev/null | tool2 -x', {"a": "$(reboot);`id`"})
    assert command == """tool '$(reboot);`id`' "ALL:@X=0" </dev/null | tool2 -x"""
