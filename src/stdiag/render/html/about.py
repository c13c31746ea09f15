"""How the report came about: the site as it was read, the run, the trust stores."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from stdiag.model import Report

_SETTINGS = 300
"""Keys of the site that are listed."""


class Setting(NamedTuple):
    """One key of the site file."""

    key: str
    value: str
    source: str


def settings(report: Report) -> list[Setting]:
    """Every key of the site that has a value, and where it came from. The site holds no secret."""
    found = []
    for key, value in _flat(msgspec.to_builtins(report.site), ""):
        found.append(Setting(key, value, _source(key, report.run.provenance)))
        if len(found) == _SETTINGS:
            break
    return found


def command(report: Report) -> str:
    """The command that makes such a report again: as typed, with secrets masked."""
    return shlex.join([report.tool.name, *report.run.arguments])


def _flat(value: Any, key: str) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for name, inner in value.items():
                quoted = name if name.replace("_", "").isalnum() else f'"{name}"'
                yield from _flat(inner, f"{key}.{quoted}" if key else quoted)
        case list() if any(isinstance(item, dict | list) for item in value):
            for position, item in enumerate(value):
                yield from _flat(item, f"{key}[{position}]")
        case list():
            yield key, ", ".join(map(str, value))
        case None:
            return
        case bool():
            yield key, "yes" if value else "no"
        case _:
            yield key, str(value)


def _source(key: str, provenance: dict[str, str]) -> str:
    """What the run recorded for the key, or for the table that it stands in."""
    while key:
        if key in provenance:
            return provenance[key]
        key = key.rpartition(".")[0] if not key.endswith("]") else key.rpartition("[")[0]
    return ""
