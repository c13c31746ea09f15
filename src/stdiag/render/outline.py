"""What every readable view of a report says, in which order, before it is set for a terminal or a ticket."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from stdiag.model import Check, Decision, Finding, Outcome, Report, Severity, SubjectKind, Vantage
from stdiag.render.safe import plain

_SWEEP = 10
"""With more checks of one probe than this, a check is a line, and only what fails is told in detail."""

ORDER = (Outcome.FAIL, Outcome.CRASHED, Outcome.UNDECIDED, Outcome.SKIP, Outcome.WARN, Outcome.PASS)
"""Outcomes, what needs attention first."""

LONGEST_US = 10**15
"""Thirty years in microseconds: what a foreign report claims beyond that is cut, so that arithmetic holds."""

OPEN = (Outcome.SKIP, Outcome.UNDECIDED, Outcome.CRASHED)
"""Outcomes without an answer: never to be read as passed."""

OUTCOMES = {
    Outcome.PASS: "passed",
    Outcome.WARN: "passed with warnings",
    Outcome.FAIL: "failed",
    Outcome.SKIP: "skipped",
    Outcome.UNDECIDED: "undecided",
    Outcome.CRASHED: "crashed",
}

DECISIONS = {Decision.GO: "GO", Decision.NO_GO: "NO-GO", Decision.INCOMPLETE: "INCOMPLETE"}

VANTAGES = {
    Vantage.STPROXY: "the STProxy host",
    Vantage.INSIDE: "the inside network",
    Vantage.INTERNET: "the internet",
}

_POINTER = re.compile(r"(?:/checks/(\d{1,9}))?/findings/(\d{1,9})")


class CauseGroup(msgspec.Struct, frozen=True):
    """Root causes of one code and severity: told once, with every subject that has it."""

    number: int
    severity: Severity
    code: str
    findings: list[Finding]
    """One for each cause; the first one is told in full."""
    checks: list[Check]
    """The check that each of the findings was made in; those judged together have none."""
    folded: list[Finding] = []
    """What follows from these causes."""


def is_sweep(report: Report) -> bool:
    """True when one question was asked of many: a deployment has a check or two of each kind."""
    asked = Counter(check.probe for check in report.checks)
    return any(count > _SWEEP for count in asked.values())


def cause_groups(report: Report) -> list[CauseGroup]:
    """Errors and warnings, as the verdict orders them, equal codes together."""
    groups: dict[tuple[str, Severity], CauseGroup] = {}
    for cause in report.verdict.causes:
        if cause.severity is Severity.INFO:
            continue
        made = [found for found in (_at(report, pointer) for pointer in cause.findings) if found]
        # A report that was cut or edited may point nowhere: its cause is still told, with what the cause itself says.
        finding = made[0][0] if made else Finding(cause.code, cause.severity, cause.subject, {})
        key = (cause.code, cause.severity)
        if key not in groups:
            groups[key] = CauseGroup(len(groups) + 1, cause.severity, cause.code, [], [])
        groups[key].findings.append(finding)
        groups[key].checks.extend(check for _, check in made[:1] if check)
        groups[key].folded.extend(found[0] for found in (_at(report, pointer) for pointer in cause.folded) if found)
    return list(groups.values())


def notes(report: Report) -> list[list[Finding]]:
    """Infos, and what belongs to no cause: those of one code together."""
    told = {
        pointer
        for cause in report.verdict.causes
        if cause.severity is not Severity.INFO
        for pointer in (*cause.findings, *cause.folded)
    }
    seen: set[str] = set()
    found: dict[str, list[Finding]] = {}
    for pointer, finding in _findings(report):
        if pointer not in told and finding.fingerprint not in seen:
            seen.add(finding.fingerprint)
            found.setdefault(finding.code, []).append(finding)
    return list(found.values())


def _findings(report: Report) -> Iterator[tuple[str, Finding]]:
    for number, check in enumerate(report.checks):
        for position, finding in enumerate(check.findings):
            yield f"/checks/{number}/findings/{position}", finding
    for position, finding in enumerate(report.findings):
        yield f"/findings/{position}", finding


def _at(report: Report, pointer: str) -> tuple[Finding, Check | None] | None:
    """The finding that a pointer of the verdict names, with its check."""
    match = _POINTER.fullmatch(pointer)
    if not match:
        return None
    check = None
    findings = report.findings
    if match[1] is not None:
        if int(match[1]) >= len(report.checks):
            return None
        check = report.checks[int(match[1])]
        findings = check.findings
    return (findings[int(match[2])], check) if int(match[2]) < len(findings) else None


def target(report: Report) -> str:
    """What was diagnosed, in a few words: the site's host, or what was checked."""
    subjects = list(dict.fromkeys(str(check.subject) for check in report.checks))
    if report.site.stproxy:
        url = report.site.stproxy.url or report.site.stproxy.provisioning_url or ""
        address = url.partition("://")[2] or url
        return plain(address.partition("/")[0].rpartition("@")[2], 120)
    if not subjects:
        return "nothing to check"
    if len(subjects) > 2:
        kinds = {check.subject.kind for check in report.checks}
        return f"{len(subjects)} {'files' if kinds == {SubjectKind.FILE} else 'endpoints'}"
    return ", ".join(plain(subject, 120) for subject in subjects)


def seen_from(report: Report) -> str:
    """From where the statements hold."""
    vantage = report.site.vantage
    return f"seen from {VANTAGES[vantage]}" if vantage else "seen from this machine"


def decided(report: Report) -> str:
    """The decision in words."""
    causes = [cause.severity for cause in report.verdict.causes]
    errors, warnings = causes.count(Severity.ERROR), causes.count(Severity.WARNING)
    counts = [counted(errors, "error")] * bool(errors) + [counted(warnings, "warning")] * bool(warnings)
    match report.verdict.decision:
        case Decision.GO:
            return ", ".join(["ready: nothing found that stops clients", *counts])
        case Decision.NO_GO:
            return "not ready: " + (", ".join(counts) or "see the findings")
        case Decision.INCOMPLETE:
            open_checks = sum(check.outcome in OPEN for check in report.checks)
            some = f"{open_checks} of {counted(len(report.checks), 'check')} without an answer"
            return ", ".join([f"cannot tell: {some if open_checks else 'not everything was checked'}", *counts])


def exit_meaning(report: Report) -> str:
    """The exit code that this report stands for, with its meaning."""
    if report.run.interrupted:
        return "exit code 130: interrupted, this report is partial"
    if report.verdict.fail_on == "never":
        return "exit code 0: --fail-on never"
    match report.verdict.decision:
        case Decision.GO:
            return "exit code 0: ready"
        case Decision.NO_GO if report.verdict.fail_on == "warning":
            return "exit code 1: an error, or a warning with --fail-on warning"
        case Decision.NO_GO:
            return "exit code 1: at least one error"
        case Decision.INCOMPLETE:
            return "exit code 3: something selected was not decided"


def outcome_counts(report: Report) -> str:
    """How the checks ended: `3 checks: 1 failed, 2 passed`."""
    ended = [(OUTCOMES[outcome], sum(check.outcome is outcome for check in report.checks)) for outcome in ORDER]
    parts = ", ".join(f"{number} {word}" for word, number in ended if number)
    return counted(len(report.checks), "check") + (f": {parts}" if parts else "")


def when(report: Report) -> str:
    """The run's start, to the minute, as UTC."""
    return plain(report.run.started[:16].replace("T", " "), 20) + " UTC"


def lasted(microseconds: int) -> str:
    """A duration as people say it: `0.42 s`, `12.3 s`, `2 min 05 s`."""
    seconds = min(max(microseconds, 0), LONGEST_US) / 1_000_000
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60:02} s"


def sentence(text: str) -> str:
    """`text` with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def counted(number: int, noun: str) -> str:
    """`1 check`, `2 checks`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def codes_of(check: Check) -> list[str]:
    """Codes found in a check, errors first, each once; infos only when there is nothing else."""
    ordered = sorted(check.findings, key=lambda finding: list(Severity).index(finding.severity))
    grave = [finding for finding in ordered if finding.severity is not Severity.INFO]
    return list(dict.fromkeys(finding.code for finding in grave or ordered))


def why_open(check: Check) -> str:
    """Why a check has no answer."""
    if check.blocked_by:
        return check.blocked_by.reason + (f" [{check.blocked_by.code}]" if check.blocked_by.code else "")
    return "; ".join(check.undecided) or ", ".join(codes_of(check)) or "no reason was recorded"


def not_checked(report: Report) -> dict[str, list[str]]:
    """What has no answer, by reason. A check without one is always among it, whatever the summary says."""
    rows = [(row.what, row.reason) for row in report.summary.not_checked]
    listed = {what for what, _ in rows}
    for check in report.checks:
        name = f"{check.probe} {check.subject}"
        if check.outcome in OPEN and name not in listed:
            rows.append((name, why_open(check)))
    by_reason: dict[str, list[str]] = {}
    for what, reason in rows:
        by_reason.setdefault(reason, []).append(plain(what, 200))
    return by_reason
