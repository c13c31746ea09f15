"""The same mistake at several places of a file is one finding: findings are told apart by code and subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stdiag.formats.config.document import ConfigDocument, Place
from stdiag.model import Finding, Param, Severity
from stdiag.probes.config.found import found

Case = tuple[Place, dict[str, Param]]
"""One place of a mistake, with its parameters."""

_MOST = 4


def at(
    document: ConfigDocument, code: str, places: Sequence[Place], severity: Severity | None = None, **params: Param
) -> Finding:
    """A finding at `places`, with pointers to the settings and slips that stand there; they are relative to the
    document."""
    evidence = list(_pointers(document, places))
    return found(code, document, places, evidence=evidence, severity=severity, affects=None, **params)


def _pointers(document: ConfigDocument, places: Sequence[Place]) -> Iterator[str]:
    wanted = set(places)
    for number, setting in enumerate(document.settings):
        if setting.place in wanted or setting.value_place in wanted:
            yield f"/settings/{number}"
    for number, slip in enumerate(document.slips):
        if slip.place in wanted:
            yield f"/slips/{number}"


def told_once(
    code: str, document: ConfigDocument, cases: Sequence[Case], severity: Severity | None = None
) -> list[Finding]:
    """No finding without a case; else one, whose parameters name what each of the cases has."""
    if not cases:
        return []
    params: dict[str, Param] = {name: _joined([case[1][name] for case in cases]) for name in cases[0][1]}
    return [at(document, code, [place for place, _ in cases], severity, **params)]


def _joined(values: Sequence[Param]) -> Param:
    different = list(dict.fromkeys(str(value) for value in values if value is not None))
    if len(different) < 2:
        return next((value for value in values if value is not None), None)
    left = len(different) - _MOST
    return ", ".join(different[:_MOST]) + (f" and {left} more" if left > 0 else "")
