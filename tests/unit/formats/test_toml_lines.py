"""The locator finds lines that tomllib does not give."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.formats.toml_lines import Keys, dotted, toml_lines

TEXT = '''\
top = """
[not.a.table]
key = 1 \\""" still
"""""
"quoted key".'x.y'.z = [
  1, # ]
  { a = 'b]', c = [1] },
  1979-05-27 07:32:00,
]
[ table . "sub table" ]
here = \'\'\'
[nor] = "this"\'\'\'
inline = { one = 1, two = { three = "}", e = {} }, four = [{}, 5] }
after = 2
[[many]]
x = 1
[many.inner]
y = 2
[[many]]
x = 3
[[many.list]]
z = 1
[[many.list]]
z = 2
last = 1979-05-27 07:32:00
'''


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("top",), 1),
        (("quoted key",), 5),
        (("quoted key", "x.y", "z"), 5),
        (("quoted key", "x.y", "z", 0), 6),
        (("quoted key", "x.y", "z", 1), 7),
        (("quoted key", "x.y", "z", 2), 8),
        (("table",), 10),
        (("table", "sub table"), 10),
        (("table", "sub table", "here"), 11),
        (("table", "sub table", "inline"), 13),
        (("table", "sub table", "inline", "two", "three"), 13),
        (("table", "sub table", "inline", "two", "e"), 13),
        (("table", "sub table", "inline", "four"), 13),
        (("table", "sub table", "after"), 14),
        (("many",), 15),
        (("many", 0), 15),
        (("many", 0, "x"), 16),
        (("many", 0, "inner", "y"), 18),
        (("many", 1, "x"), 20),
        (("many", 1, "list", 0, "z"), 22),
        (("many", 1, "list", 1, "z"), 24),
        (("many", 1, "list", 1, "last"), 25),
    ],
)
def test_line(keys: Keys, line: int) -> None:
    assert toml_lines(TEXT)[keys] == line


def test_nothing_is_taken_for_a_key_that_is_none() -> None:
    named = {key for keys in toml_lines(TEXT) for key in keys}
    assert not named & {"not", "a.table", "key", "nor", "not.a.table"}


_KEYS = st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True) | st.text(max_size=4)
_SCALARS = st.booleans() | st.integers(-9, 9) | st.text(max_size=5)
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3), max_leaves=6
)


@given(st.dictionaries(_KEYS, _VALUES, max_size=4))
def test_every_key_of_a_written_document_is_found(document: dict[str, Any]) -> None:
    pairs = [f"{dotted((key,))} = {_toml(value)}" for key, value in document.items()]
    text = "".join("".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in pair) + "\n" for pair in pairs)
    assert tomllib.loads(text) == document
    lines = toml_lines(text)
    for number, (key, value) in enumerate(document.items(), start=1):
        assert lines[(key,)] == number
        if isinstance(value, dict):
            assert all(lines[(key, inner)] == number for inner in value)
        if isinstance(value, list):
            assert all(lines[(key, index)] == number for index in range(len(value)))


def _toml(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return dotted((f" {value}",)).replace('" ', '"', 1)  # the space makes it quoted
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{dotted((key,))} = {_toml(item)}" for key, item in value.items()) + "}"
        case _:
            return str(value)
