"""The same mistake at several places of a file is one finding: findings are told apart by code and subject."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.formats.config.document import ConfigDocument, Place
from stdiag.model import Finding, Param, Severity
from stdiag.probes.config.found import found

Case = tuple[Place, dict[str, Param]]
"""One place of a mistake, with its parameters."""

_MOST = 4
_WORST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def told_once(
    code: str, document: ConfigDocument, cases: Sequence[Case], severity: Severity | None = None
) -> list[Finding]:
    """No finding without a case; else one, whose parameters name what each of the cases has."""
    if not cases:
        return []
    params: dict[str, Param] = {name: _joined([case[1][name] for case in cases]) for name in cases[0][1]}
    return [
        found(code, document, [place for place, _ in cases], evidence=(), severity=severity, affects=None, **params)
    ]


def worst(severities: Sequence[Severity]) -> Severity:
    """The most severe of them; INFO of none."""
    return min(severities, key=_WORST.index, default=Severity.INFO)


def _joined(values: Sequence[Param]) -> Param:
    different = list(dict.fromkeys(str(value) for value in values if value is not None))
    if len(different) < 2:
        return next((value for value in values if value is not None), None)
    left = len(different) - _MOST
    return ", ".join(different[:_MOST]) + (f" and {left} more" if left > 0 else "")
