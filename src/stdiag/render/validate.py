"""Where a document is not what the schema says, each mistake with the place of it."""

from __future__ import annotations

import enum
import re
import types
from collections.abc import Iterator, Mapping
from typing import Any, Literal, Union, get_args, get_origin

import msgspec

from stdiag.model import Report
from stdiag.render.safe import plain

MOST = 50
"""Mistakes that are listed: one wrong type may be in thousands of places."""

Probes = Mapping[str, tuple[type[Any], type[Any]]]
"""A probe's name → the types of its observation and analysis."""

_FINDING = re.compile(r"(?:/checks/(\d{1,9}))?/findings/(\d{1,9})")


class Mistake(msgspec.Struct, frozen=True):
    """One place where a document is not a report."""

    pointer: str
    """JSON Pointer (RFC 6901); empty: the whole document."""
    sentence: str


def mistakes_in(document: Any, probes: Probes, *, newer: bool) -> list[Mistake]:
    """The first mistakes of `document` (as JSON decodes it) against the types that the schema is made from.

    `newer`: it is of a newer minor version, so that values of closed lists may be new too. Unknown fields are never a
    mistake.
    """
    found: list[Mistake] = []
    for mistake in _all_mistakes(document, probes, newer=newer):
        found.append(mistake)
        if len(found) == MOST:
            break
    return found


def _all_mistakes(document: Any, probes: Probes, *, newer: bool) -> Iterator[Mistake]:
    yield from _against(document, Report, "", newer=newer)
    if not isinstance(document, dict):
        return
    checks = document.get("checks")
    for number, check in enumerate(checks if isinstance(checks, list) else []):
        probe = check.get("probe") if isinstance(check, dict) else None
        known = probes.get(probe) if isinstance(probe, str) else None
        for name, kind in zip(("observation", "analysis"), known or (), strict=False):
            if check.get(name) is not None:
                yield from _against(check[name], kind, f"/checks/{number}/{name}", newer=newer)
    yield from _dangling(document)


def _against(value: Any, kind: Any, pointer: str, *, newer: bool) -> Iterator[Mistake]:
    origin = get_origin(kind)
    if kind in (Any, msgspec.Raw):
        return
    if origin in (Union, types.UnionType):
        yield from _against_one_of(value, get_args(kind), pointer, newer=newer)
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield from _against_struct(value, kind, pointer, newer=newer)
    elif origin is list:
        if not isinstance(value, list):
            yield Mistake(pointer, f"a list is expected, and this is {_called(value)}")
            return
        for number, item in enumerate(value):
            yield from _against(item, get_args(kind)[0], f"{pointer}/{number}", newer=newer)
    elif origin is dict:
        if not isinstance(value, dict):
            yield Mistake(pointer, f"an object is expected, and this is {_called(value)}")
            return
        for name, item in value.items():
            yield from _against(item, get_args(kind)[1], f"{pointer}/{_token(name)}", newer=newer)
    else:
        yield from _against_scalar(value, kind, pointer, newer=newer)


def _against_struct(value: Any, kind: type[msgspec.Struct], pointer: str, *, newer: bool) -> Iterator[Mistake]:
    if not isinstance(value, dict):
        yield Mistake(pointer, f"an object ({kind.__name__}) is expected, and this is {_called(value)}")
        return
    for field in msgspec.structs.fields(kind):
        if field.encode_name in value:
            inner = f"{pointer}/{_token(field.encode_name)}"
            yield from _against(value[field.encode_name], field.type, inner, newer=newer)
        elif field.required:
            yield Mistake(pointer, f"{field.encode_name} is missing in this {kind.__name__}")


def _against_one_of(value: Any, kinds: tuple[Any, ...], pointer: str, *, newer: bool) -> Iterator[Mistake]:
    """The member that the value's form asks for; where several may be meant, none of them must find a mistake."""
    if value is None and type(None) in kinds:
        return
    tried = [list(_against(value, kind, pointer, newer=newer)) for kind in kinds if kind is not type(None)]
    if all(tried):
        # The one that came furthest says it best.
        yield from max(tried, key=lambda mistakes: len(mistakes[0].pointer))


def _against_scalar(value: Any, kind: Any, pointer: str, *, newer: bool) -> Iterator[Mistake]:
    listed = _values(kind)
    if listed is not None:
        if not isinstance(value, str):
            yield Mistake(pointer, f"a text is expected, and this is {_called(value)}")
        elif value not in listed and not newer:
            yield Mistake(pointer, f"{plain(value, 40)!r} is not one of {', '.join(listed)}")
        return
    try:
        msgspec.convert(value, type=kind)
    except msgspec.ValidationError:
        expected = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}.get(kind, str(kind))
        yield Mistake(pointer, f"{expected} is expected, and this is {_called(value)}")


def _values(kind: Any) -> list[str] | None:
    if get_origin(kind) is Literal:
        return [str(value) for value in get_args(kind)]
    if isinstance(kind, type) and issubclass(kind, enum.StrEnum):
        return [member.value for member in kind]
    return None


def _dangling(document: dict[str, Any]) -> Iterator[Mistake]:
    """Pointers of the verdict that lead to no finding: a verdict must be proven by what stands in the report."""
    verdict = document.get("verdict")
    causes = verdict.get("causes") if isinstance(verdict, dict) else None
    for number, cause in enumerate(causes if isinstance(causes, list) else []):
        for name in ("findings", "folded"):
            pointers = cause.get(name, []) if isinstance(cause, dict) else []
            for index, target in enumerate(pointers if isinstance(pointers, list) else []):
                if isinstance(target, str) and not _leads_to_a_finding(document, target):
                    place = f"/verdict/causes/{number}/{name}/{index}"
                    yield Mistake(place, f"{plain(target, 60)!r} leads to no finding")


def _leads_to_a_finding(document: dict[str, Any], pointer: str) -> bool:
    match = _FINDING.fullmatch(pointer)
    if not match:
        return False
    try:
        place = document if match[1] is None else document["checks"][int(match[1])]
        return isinstance(place["findings"][int(match[2])], dict)
    except (LookupError, TypeError):
        return False


def _token(name: Any) -> str:
    return plain(str(name), 100).replace("~", "~0").replace("/", "~1")


def _called(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case _:
            return "an object"
