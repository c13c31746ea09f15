"""Does a decoded document have the shape of a msgspec type? If not: where, why, and what to write instead.

msgspec's own validation stops at the same faults, but knows neither lines nor what the user may have meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, assert_never

import msgspec
from msgspec import inspect

from stdiag.formats.errors import FormatError, nearest, shown
from stdiag.formats.toml_lines import Keys, dotted

# Every type that a site file's field may have; another one is a programming error, and mypy closes the match below.
_Known = (
    inspect.StrType
    | inspect.IntType
    | inspect.FloatType
    | inspect.BoolType
    | inspect.EnumType
    | inspect.LiteralType
    | inspect.ListType
    | inspect.DictType
    | inspect.StructType
)


@dataclass(frozen=True)
class Shape:
    """Checks documents against `struct`; `examples` has a value, as TOML, for each dotted key without indexes."""

    struct: type[msgspec.Struct]
    examples: dict[str, str]
    file: str
    lines: dict[Keys, int]

    def check(self, document: dict[str, Any]) -> None:
        """Raises FormatError for the first thing that does not fit."""
        self._check(document, _known(inspect.type_info(self.struct)), ())

    def line_of(self, keys: Keys) -> int | None:
        """Line of `keys`, or of the nearest thing around it that has one."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys)

    def error(
        self, keys: Keys, problem: str, *, expected: str | None = None, suggestion: str | None = None
    ) -> FormatError:
        """A FormatError at `keys`."""
        line = self.line_of(keys)
        return FormatError(
            problem, file=self.file, line=line, key=dotted(keys), expected=expected, suggestion=suggestion
        )

    def _check(self, value: Any, kind: _Known, keys: Keys) -> None:
        if not _fits(value, kind):
            # A dotted key without quotes is a table to TOML: a host name as a key is the classic.
            dots = isinstance(value, dict) and not (isinstance(kind, inspect.ListType) and _is_table(kind.item_type))
            quotes = f'put quotes around the whole key, like "{keys[-1]}.…"' if dots else None
            expected = self._expectation(kind, keys)
            raise self.error(keys, f"this is {_name_of(value)}", expected=expected, suggestion=quotes)
        match kind:
            case inspect.EnumType() | inspect.LiteralType():
                self._check_choice(value, _choices(kind), keys)
            case inspect.ListType():
                for index, item in enumerate(value):
                    self._check(item, _known(kind.item_type), (*keys, index))
            case inspect.DictType():
                for key, item in value.items():
                    self._check(item, _known(kind.value_type), (*keys, key))
            case inspect.StructType():
                self._check_table(value, kind, keys)
            case inspect.StrType() | inspect.IntType() | inspect.FloatType() | inspect.BoolType():
                pass
            case _:
                assert_never(kind)

    def _check_choice(self, value: str, choices: list[str], keys: Keys) -> None:
        if value in choices:
            return
        close = nearest(value, choices, cutoff=0.8)  # outside is not inside
        raise self.error(
            keys,
            f"{shown(value)} is not known",
            expected="one of " + ", ".join(f'"{choice}"' for choice in choices),
            suggestion=f'did you mean "{close}"?' if close else None,
        )

    def _check_table(self, table: dict[str, Any], kind: inspect.StructType, keys: Keys) -> None:
        fields = {field.encode_name: field for field in kind.fields}
        for key, value in table.items():
            if key not in fields:
                raise self._unknown(key, value, fields, keys)
            self._check(value, _known(fields[key].type), (*keys, key))
        for key, field in fields.items():
            if field.required and key not in table:
                raise self.error(keys, f"the key {key} is missing", suggestion=f"add {self._example((*keys, key))}")

    def _unknown(self, key: str, value: Any, fields: dict[str, inspect.Field], keys: Keys) -> FormatError:
        here = (*keys, key)
        if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict) for one in value)):
            tables = [name for name, field in fields.items() if _is_table(field.type)]
            close = nearest(key, tables)
            return self.error(
                here,
                f"there is no table [{dotted(_names(here))}]",
                expected=None if close or not tables else f"one of {', '.join(f'[{one}]' for one in tables)}",
                suggestion=f"did you mean [{close}]?" if close else None,
            )
        problem = f"[{dotted(_names(keys))}] has no such key" if keys else "there is no such key outside of a table"
        places = _places(_known(inspect.type_info(self.struct)), ())
        if home := next((place[:-1] for place in places if place[-1] == key and place[:-1] != _names(keys)), None):
            where = f"under [{'.'.join(home)}]"
        elif (key,) in places:
            where = "at the top of the file, before the first [table]"
        elif close := nearest(key, list(fields)):
            return self.error(here, problem, suggestion=f"did you mean {close}?")
        elif close := nearest(key, [place[-1] for place in places]):
            homes = [
                f"under [{'.'.join(place[:-1])}]" if place[:-1] else "at the top"
                for place in places
                if place[-1] == close
            ]
            return self.error(here, problem, suggestion=f"did you mean {close} {' or '.join(homes)}?")
        else:
            keys_here = [name for name, field in fields.items() if not _is_table(field.type)]
            return self.error(here, problem, expected=f"one of {', '.join(keys_here)}")
        return self.error(here, problem, suggestion=f"{key} belongs {where}")

    def _expectation(self, kind: _Known, keys: Keys) -> str:
        match kind:
            case inspect.StrType() | inspect.EnumType() | inspect.LiteralType():
                what = "text in quotes"
            case inspect.IntType():
                what = "a whole number"
            case inspect.FloatType():
                what = "a number"
            case inspect.BoolType():
                what = "true or false"
            case inspect.ListType() if _is_table(kind.item_type):
                return f"tables: [[{dotted(_names(keys))}]] on a line of its own, and the keys of one below it"
            case inspect.ListType():
                what = "a list in [ ]"
            case inspect.DictType() | inspect.StructType():
                return f"a table: [{dotted(_names(keys))}] on a line of its own, and its keys below it"
            case _:
                assert_never(kind)
        example = self._example(keys)
        return f"{what}, for example {example}" if example else what

    def _example(self, keys: Keys) -> str:
        names = _names(keys)
        for length in range(len(names), 0, -1):
            if value := self.examples.get(".".join(names[:length])):
                return f"{names[length - 1]} = {value}"
        return ""


def _fits(value: Any, kind: _Known) -> bool:
    match kind:
        case inspect.StrType() | inspect.EnumType() | inspect.LiteralType():
            return isinstance(value, str)
        case inspect.IntType():
            return isinstance(value, int) and not isinstance(value, bool)
        case inspect.FloatType():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case inspect.BoolType():
            return isinstance(value, bool)
        case inspect.ListType():
            return isinstance(value, list)
        case inspect.DictType() | inspect.StructType():
            return isinstance(value, dict)
        case _:
            assert_never(kind)


def _is_table(kind: inspect.Type) -> bool:
    return isinstance(_known(kind), inspect.StructType | inspect.DictType)


def _names(keys: Keys) -> tuple[str, ...]:
    return tuple(key for key in keys if isinstance(key, str))


def _known(kind: inspect.Type) -> _Known:
    """`kind` without "or nothing": an absent key is how TOML says nothing."""
    if isinstance(kind, inspect.UnionType):
        (kind,) = (one for one in kind.types if not isinstance(one, inspect.NoneType))
    if not isinstance(kind, _Known):
        raise TypeError(f"a site file cannot hold {kind}")
    return kind


def _choices(kind: inspect.EnumType | inspect.LiteralType) -> list[str]:
    return [str(one.value) for one in kind.cls] if isinstance(kind, inspect.EnumType) else [str(v) for v in kind.values]


def _places(kind: _Known, inside: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Every key that the type knows, with the tables that it stands in."""
    if isinstance(kind, inspect.ListType):
        return _places(_known(kind.item_type), inside)
    if not isinstance(kind, inspect.StructType):
        return []
    places: list[tuple[str, ...]] = []
    for field in kind.fields:
        here = (*inside, field.encode_name)
        places += [here, *_places(_known(field.type), here)]
    return places


def _name_of(value: Any) -> str:
    match value:
        case bool():
            return "true or false"
        case str():
            return "text"
        case int():
            return "a whole number"
        case float():
            return "a number with a decimal point"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"
