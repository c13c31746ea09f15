"""What the types say about themselves: fields, their types in words, and the docstrings beneath them."""

from __future__ import annotations

import ast
import enum
import functools
import inspect
import io
import re
import tokenize
import types
import typing
from collections.abc import Iterator

import msgspec


class Field(typing.NamedTuple):
    """One field of a type, as a reference shows it."""

    name: str
    type: typing.Any
    words: str
    """The docstring beneath it, in one line; empty when there is none."""
    default: typing.Any
    """msgspec.NODEFAULT when the field is always there."""


def fields_of(struct: type[msgspec.Struct]) -> list[Field]:
    """The fields of `struct`, inherited ones first."""
    words: dict[str, str] = {}
    for one in reversed(struct.__mro__):
        if one is not msgspec.Struct and issubclass(one, msgspec.Struct):
            words |= _field_docstrings(one)
    return [
        Field(field.encode_name, field.type, words.get(field.name, ""), _default(field))
        for field in msgspec.structs.fields(struct)
    ]


def summary_of(kind: type) -> str:
    """The docstring of a type, in one line."""
    return re.sub(r"\s+", " ", kind.__doc__ or "").strip()


def members_of(kind: type[enum.StrEnum]) -> dict[str, str]:
    """The values of an enumeration with the remark behind each; empty where there is none."""
    remarks: dict[str, str] = {}
    source = inspect.getsource(kind)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        name = token.line.strip().partition(" ")[0]
        if token.type == tokenize.COMMENT and not token.line.lstrip().startswith("#") and "noqa" not in token.string:
            remarks[name] = token.string.lstrip("# ")
    return {member.value: remarks.get(member.name, "") for member in kind}


def structs_below(kind: typing.Any) -> list[type]:
    """`kind` and every struct and enumeration that its fields lead to, each once, in the order of the fields."""
    found: dict[type, None] = {}

    def visit(one: typing.Any) -> None:
        for part in _parts(one):
            if not isinstance(part, type) or part in found:
                continue
            if issubclass(part, enum.Enum):
                found[part] = None
            elif issubclass(part, msgspec.Struct):
                found[part] = None
                for field in msgspec.structs.fields(part):
                    visit(field.type)

    visit(kind)
    return list(found)


def type_words(kind: typing.Any, linked: typing.Container[type] = ()) -> str:
    """A type as a reader of JSON or TOML would call it; types in `linked` become links to their headings."""
    if kind is type(None):
        return "null"
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(type_words(one, linked) for one in arguments)
    if origin is typing.Literal:
        return " or ".join(f'`"{one}"`' for one in arguments)
    if origin is list:
        return f"list of {type_words(arguments[0], linked)}"
    if origin is dict:
        return f"table of {type_words(arguments[1], linked)}"
    if kind in linked:
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    plain = {str: "text", int: "whole number", float: "number", bool: "true or false", msgspec.Raw: "any JSON"}
    return plain.get(kind) or kind.__name__


def _parts(kind: typing.Any) -> Iterator[typing.Any]:
    arguments = typing.get_args(kind)
    if not arguments:
        yield kind
    for one in arguments:
        yield from _parts(one)


def _default(field: msgspec.structs.FieldInfo) -> typing.Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


@functools.cache
def _field_docstrings(struct: type[msgspec.Struct]) -> dict[str, str]:
    tree = ast.parse(inspect.getsource(struct).strip()).body[0]
    assert isinstance(tree, ast.ClassDef)  # noqa: S101 - the source of a class is a class
    found: dict[str, str] = {}
    for statement, following in zip(tree.body, tree.body[1:], strict=False):
        match statement, following:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str() as text)):
                found[name] = re.sub(r"\s+", " ", text).strip()
    return found
