"""Photos: whether STProxy hands out the picture that the photo host has."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from stdiag.catalogue.registry import kind
from stdiag.model import Check, Finding

_PROBE = "photo"
_HOST, _COPY = "host", "copy"


class _Picture(msgspec.Struct):
    role: str
    number: int
    url: str
    sha256: str
    shown: str


class _Concluded(msgspec.Struct):
    picture: _Picture | None = None


class _Seen(msgspec.Struct):
    pointer: str
    check: Check
    picture: _Picture


def photo_findings(checks: Sequence[Check]) -> list[Finding]:
    """Copies that differ from their originals. The site names both in the same order, as many of the one as of the
    other; else nobody says which belong together."""
    seen = [one for number, check in enumerate(checks) if (one := _seen(number, check))]
    originals = {one.picture.number: one for one in seen if one.picture.role == _HOST}
    copies = {one.picture.number: one for one in seen if one.picture.role == _COPY}
    if _count(checks, _HOST) != _count(checks, _COPY):
        return []
    return [
        kind("photo-copy-differs").found(
            copy.check.subject,
            evidence=[copy.pointer, originals[number].pointer],
            copy=copy.picture.shown,
            original=originals[number].picture.shown,
            original_url=originals[number].picture.url,
        )
        for number, copy in copies.items()
        if number in originals and copy.picture.sha256 != originals[number].picture.sha256
    ]


class _Asked(msgspec.Struct):
    role: str = ""


def _count(checks: Sequence[Check], role: str) -> int:
    asked = (msgspec.json.decode(check.observation, type=_Asked | None) for check in checks if check.probe == _PROBE)
    return sum(one is not None and one.role == role for one in asked)


def _seen(number: int, check: Check) -> _Seen | None:
    if check.probe != _PROBE:
        return None
    concluded = msgspec.json.decode(check.analysis, type=_Concluded | None)
    if concluded is None or concluded.picture is None:
        return None
    return _Seen(f"/checks/{number}/analysis/picture", check, concluded.picture)
