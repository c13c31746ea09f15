"""A report of a newer minor version, as far as this version understands it.

What a newer stdiag added to a closed list is not dropped silently and not guessed: a check with an outcome that is not
known here has no answer, a severity that is not known is a warning. The original bytes stay with the reader.
"""

from __future__ import annotations

import enum
import types
from typing import Any, Literal, Union, get_args, get_origin

import msgspec

from stdiag.model import (
    Decision,
    LogStanding,
    Outcome,
    Severity,
    Step,
    StepOutcome,
    StoryState,
    Subject,
    SubjectKind,
)

STANDS_FOR: dict[type, enum.StrEnum] = {
    Outcome: Outcome.UNDECIDED,
    Severity: Severity.WARNING,
    Decision: Decision.INCOMPLETE,
    StepOutcome: StepOutcome.FAILED,
    StoryState: StoryState.CANNOT_TELL,
    LogStanding: LogStanding.NOT_REPRODUCED,
}
"""What a value that is not known is read as, where one is needed: never as good, never as decided."""


class UnknownValueError(Exception):
    """A value of a closed list that this version does not know."""


def understood(value: Any, kind: Any) -> Any:
    """`value` (as JSON decodes it) with the values of `kind`'s closed lists that this version knows.

    Raises UnknownValueError where one is needed and none can stand for it. What has another wrong type stays: the
    decoder names it.
    """
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _member(value, get_args(kind))
    if origin is Literal:
        if isinstance(value, str) and value not in get_args(kind):
            raise UnknownValueError(value)
        return value
    if origin is list and isinstance(value, list):
        return _items(value, get_args(kind)[0])
    if origin is dict and isinstance(value, dict):
        return {name: understood(item, get_args(kind)[1]) for name, item in value.items()}
    if isinstance(kind, type) and issubclass(kind, enum.StrEnum) and isinstance(value, str):
        if value in [member.value for member in kind]:
            return value
        if kind in STANDS_FOR:
            return STANDS_FOR[kind].value
        raise UnknownValueError(value)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict):
        return _fields(value, kind)
    return value


def _member(value: Any, kinds: tuple[Any, ...]) -> Any:
    for kind in kinds:
        if kind is str and isinstance(value, str):
            return value
    for kind in kinds:
        if kind is not type(None) and (changed := understood(value, kind)) is not value:
            return changed
    return value


def _items(values: list[Any], kind: Any) -> list[Any]:
    known = []
    for value in values:
        try:
            known.append(understood(value, kind))
        except UnknownValueError:
            if isinstance(value, dict):
                raise  # nothing is left out that findings, checks or pointers count on
    return known


def _fields(value: dict[str, Any], kind: type[msgspec.Struct]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        name = field.encode_name
        if name not in value:
            continue
        try:
            known[name] = understood(value[name], field.type)
        except UnknownValueError:
            if kind is Subject and name == "kind":
                known[name] = _nearest_kind(value)
            elif field.required:
                raise
            elif kind is Step and name == "fault" and isinstance(value[name], dict):
                # The reason is the fact: it stays to be read, if not to be compared.
                said = [value.get("detail"), value[name].get("reason"), value[name].get("words")]
                known["detail"] = ": ".join(text for text in said if isinstance(text, str) and text)
    if kind is Step and "detail" in value:
        known.setdefault("detail", value["detail"])
    return known


def _nearest_kind(subject: dict[str, Any]) -> str:
    """By the fields that are there, so that its text says as much as can be said."""
    for name, kind in (("url", SubjectKind.URL), ("file", SubjectKind.FILE), ("address", SubjectKind.ADDRESS)):
        if subject.get(name):
            return kind.value
    return (SubjectKind.ENDPOINT if subject.get("port") else SubjectKind.NAME).value
