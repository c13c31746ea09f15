"""A finding in a configuration file, with the place where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.catalogue.registry import kind
from stdiag.formats.config.document import ConfigDocument, Place
from stdiag.model import Finding, Param, Severity, Subject, SubjectKind

PLACES_NAMED = 5
"""A mistake that was made more often is told with so many of its places."""


def found(
    code: str,
    document: ConfigDocument,
    places: Sequence[Place],
    *,
    evidence: Sequence[str] = (),
    severity: Severity | None = None,
    affects: str | None = None,
    **params: Param,
) -> Finding:
    """A finding of kind `code` on the file, with the parameter `place` (all `places` in words) beside `params`.

    A mistake that stands in a file several times is one finding with all its places: findings are told apart by code
    and subject.
    """
    subject = Subject(kind=SubjectKind.FILE, file=document.file)
    return kind(code).found(
        subject, evidence=evidence, severity=severity, affects=affects, place=in_words(places), **params
    )


def in_words(places: Sequence[Place]) -> str:
    """`line 3, column 5`; for several places their lines."""
    ordered = sorted(set(places), key=lambda place: (place.line, place.column))
    if len(ordered) == 1:
        return f"line {ordered[0].line}, column {ordered[0].column}"
    lines = [str(place.line) for place in ordered[:PLACES_NAMED]]
    more = len(ordered) - len(lines)
    return f"lines {', '.join(lines)}" + (f" and {more} more" if more else "")
