"""From findings to root causes to a decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from stdiag.catalogue.registry import kind
from stdiag.model import Cause, Check, Decision, Finding, Outcome, Severity, SubjectKind, Verdict

FailOn = Literal["error", "warning", "never"]

SEVERITY_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
LEAST_REACH = 5
"""Behind all that the catalogue has."""
NOT_DECIDED = (Outcome.SKIP, Outcome.UNDECIDED, Outcome.CRASHED)


def outcome_of(findings: Sequence[Finding], undecided: Sequence[str]) -> Outcome:
    """How a check that ran to its end came out."""
    severities = {finding.severity for finding in findings}
    if Severity.ERROR in severities:
        return Outcome.FAIL
    if undecided:
        return Outcome.UNDECIDED
    return Outcome.WARN if Severity.WARNING in severities else Outcome.PASS


def located(checks: Sequence[Check], together: Sequence[Finding]) -> list[tuple[str, Finding]]:
    """Every finding of a report with the JSON pointer to it."""
    of_checks = [
        (f"/checks/{number}/findings/{index}", finding)
        for number, check in enumerate(checks)
        for index, finding in enumerate(check.findings)
    ]
    return of_checks + [(f"/findings/{index}", finding) for index, finding in enumerate(together)]


def causes(findings: Sequence[tuple[str, Finding]]) -> list[Cause]:
    """Root causes first to last: errors before warnings before infos, and among these whom it hits the most.

    A finding folds under another when its kind says that it may follow from the other's code, its subject rests on the
    other's or the other is about a configuration file, and the other is as serious. The same code on the same subject,
    found by several probes, is one cause.
    """
    parents = _parents([finding for _, finding in findings])
    by_fingerprint: dict[str, Cause] = {}
    position: dict[str, int] = {}
    for index, (pointer, finding) in enumerate(findings):
        if parents[index] is not None:
            continue
        if known := by_fingerprint.get(finding.fingerprint):
            known.findings.append(pointer)
            known.severity = min(known.severity, finding.severity, key=SEVERITY_ORDER.__getitem__)
            continue
        position[finding.fingerprint] = index
        by_fingerprint[finding.fingerprint] = Cause(
            code=finding.code,
            severity=finding.severity,
            subject=finding.subject,
            fingerprint=finding.fingerprint,
            findings=[pointer],
        )
    for index, (pointer, _) in enumerate(findings):
        root = index
        while (parent := parents[root]) is not None:
            root = parent
        if root != index:
            by_fingerprint[findings[root][1].fingerprint].folded.append(pointer)
    return sorted(
        by_fingerprint.values(),
        key=lambda cause: (SEVERITY_ORDER[cause.severity], _reach(cause.code), position[cause.fingerprint]),
    )


def _parents(findings: Sequence[Finding]) -> list[int | None]:
    """For each finding the index of one that it follows from. No circles: the catalogue's relation has none."""
    of_host: dict[str, list[int]] = {}
    for index, finding in enumerate(findings):
        of_host.setdefault(finding.subject.host, []).append(index)
    configured = [index for index, finding in enumerate(findings) if _is_of_configuration(finding)]
    return [
        next(
            (other for other in (*of_host[finding.subject.host], *configured) if _follows(finding, findings[other])),
            None,
        )
        for finding in findings
    ]


def _follows(finding: Finding, other: Finding) -> bool:
    if finding is other or other.code not in _followed(finding.code):
        return False
    # Under something less serious it would be hidden: a NO-GO whose first cause is a mere note.
    as_serious = SEVERITY_ORDER[other.severity] <= SEVERITY_ORDER[finding.severity]
    return as_serious and (finding.subject.rests_on(other.subject) or _is_of_configuration(other))


def _is_of_configuration(finding: Finding) -> bool:
    """What a server's configuration file says holds wherever the server goes: a kind that follows from it says so."""
    return finding.subject.kind is SubjectKind.FILE and finding.code.startswith("config-")


def _reach(code: str) -> int:
    """A stored report may hold a code that this catalogue lacks: it stands behind those whose reach is known."""
    try:
        return kind(code).reach
    except KeyError:
        return LEAST_REACH


def _followed(code: str) -> tuple[str, ...]:
    try:
        return kind(code).follows
    except KeyError:
        return ()


def verdict(checks: Sequence[Check], together: Sequence[Finding], fail_on: FailOn = "error") -> Verdict:
    """The decision over all checks. What was not decided is never a GO."""
    findings = located(checks, together)
    fatal = {Severity.ERROR} if fail_on != "warning" else {Severity.ERROR, Severity.WARNING}
    if any(finding.severity in fatal for _, finding in findings):
        decision = Decision.NO_GO
    elif not checks or any(check.outcome in NOT_DECIDED for check in checks):
        decision = Decision.INCOMPLETE
    else:
        decision = Decision.GO
    return Verdict(decision=decision, causes=causes(findings), fail_on=fail_on)


def exit_code(the_verdict: Verdict) -> int:
    """0 go, 1 no-go, 3 incomplete; `--fail-on never` makes it 0."""
    if the_verdict.fail_on == "never":
        return 0
    return {Decision.GO: 0, Decision.NO_GO: 1, Decision.INCOMPLETE: 3}[the_verdict.decision]
