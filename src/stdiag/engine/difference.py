"""What changed from one report to another: by fingerprint, never by texts or timings."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence

import msgspec

from stdiag.engine.verdict import NOT_DECIDED, SEVERITY_ORDER, located
from stdiag.model import Check, Decision, Finding, Param, Report, Severity, Subject, SubjectKind

MEASURED = frozenset(
    {
        "allowed_s",
        "bytes_received",
        "days",
        "days_ago",
        "days_left",
        "error",
        "first_bytes",
        "local_time",
        "said",
        "seconds",
        "server_time",
        "verify_text",
        "waited_s",
        "words",
    }
)
"""Parameters that differ from run to run although nothing has changed: times, and the words of others."""


class Change(enum.StrEnum):
    """What became of a finding."""

    NEW = "new"
    CHANGED = "changed"
    NOT_LOOKED_AT = "not-looked-at"  # the new run does not tell: its subject was not measured to an answer
    FIXED = "fixed"
    UNCHANGED = "unchanged"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One finding, then and now."""

    change: Change
    code: str
    subject: Subject
    fingerprint: str
    was: Severity | None
    now: Severity | None
    finding: Finding
    """As it is now; where it is gone, as it was."""
    details: list[str] = []
    """What changed in it, or what restricts the statement."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Two reports, compared."""

    was: Decision
    now: Decision
    rows: list[Row]
    """What is new first, errors first."""
    notes: list[str] = []
    """What makes the two runs hard to compare."""

    def of(self, change: Change) -> list[Row]:
        """The rows of one kind."""
        return [row for row in self.rows if row.change is change]

    def worse(self, least: Severity = Severity.ERROR) -> list[Row]:
        """What is new, or has become more serious, and is at least as serious as `least`."""
        limit = SEVERITY_ORDER[least]
        return [
            row
            for row in self.rows
            if row.now is not None
            and SEVERITY_ORDER[row.now] <= limit
            and row.change in (Change.NEW, Change.CHANGED)
            and (row.was is None or SEVERITY_ORDER[row.now] < SEVERITY_ORDER[row.was])
        ]

    def unanswered(self, least: Severity = Severity.ERROR) -> list[Row]:
        """What was found then, at least as serious as `least`, and was not looked at again."""
        limit = SEVERITY_ORDER[least]
        return [row for row in self.of(Change.NOT_LOOKED_AT) if row.was and SEVERITY_ORDER[row.was] <= limit]


class _Found(msgspec.Struct, frozen=True):
    finding: Finding
    check: Check | None


class _Scope(msgspec.Struct):
    """The part of an observation that says how much was measured."""

    quick: bool = False


def difference(old: Report, new: Report) -> Difference:
    """What is new, fixed, changed and unchanged from `old` to `new`."""
    then, now = _findings(old), _findings(new)
    rows = [_row(fingerprint, then.get(fingerprint), found, old, new) for fingerprint, found in now.items()]
    rows += [_gone(fingerprint, found, new) for fingerprint, found in then.items() if fingerprint not in now]
    order = list(Change)
    rows.sort(key=lambda row: (order.index(row.change), SEVERITY_ORDER[row.now or row.was or Severity.INFO]))
    return Difference(was=old.verdict.decision, now=new.verdict.decision, rows=rows, notes=list(_notes(old, new)))


def _findings(report: Report) -> dict[str, _Found]:
    """Every finding by its fingerprint, the gravest where several checks have it."""
    found: dict[str, _Found] = {}
    for pointer, finding in located(report.checks, report.findings):
        check = report.checks[int(pointer.split("/")[2])] if pointer.startswith("/checks/") else None
        known = found.get(finding.fingerprint)
        if known is None or SEVERITY_ORDER[finding.severity] < SEVERITY_ORDER[known.finding.severity]:
            found[finding.fingerprint] = _Found(finding, check)
    return found


def _row(fingerprint: str, was: _Found | None, now: _Found, old: Report, new: Report) -> Row:
    finding = now.finding
    if was is None:
        before = _why_not_looked_at(now, old)
        details = [f"the earlier run says nothing of it: {before}"] if before else []
        change = Change.NEW
    else:
        details = [*_severity(was.finding, finding, old, new), *_parameters(was.finding.params, finding.params)]
        change = Change.CHANGED if details else Change.UNCHANGED
    return Row(
        change=change,
        code=finding.code,
        subject=finding.subject,
        fingerprint=fingerprint,
        was=was.finding.severity if was else None,
        now=finding.severity,
        finding=finding,
        details=details,
    )


def _gone(fingerprint: str, was: _Found, new: Report) -> Row:
    reason = _why_not_looked_at(was, new)
    return Row(
        change=Change.NOT_LOOKED_AT if reason else Change.FIXED,
        code=was.finding.code,
        subject=was.finding.subject,
        fingerprint=fingerprint,
        was=was.finding.severity,
        now=None,
        finding=was.finding,
        details=[reason] if reason else [],
    )


def _why_not_looked_at(found: _Found, report: Report) -> str:
    """Why `report` could not have found it; empty when it could. What was not measured is not mended."""
    subject = found.finding.subject
    if found.check is None:
        others = [check for check in report.checks if subject.kind is SubjectKind.CLOCK or _same_place(check, subject)]
        decided = [check for check in others if check.outcome not in NOT_DECIDED]
        return "" if decided else "nothing was measured there to an answer"
    probe = found.check.probe
    same = [check for check in report.checks if (check.probe, check.subject) == (probe, found.check.subject)]
    same = [check for check in same if check.path == found.check.path]
    if not same:
        return f"this run has no check {probe} {found.check.subject}"
    check = same[0]
    if check.outcome in NOT_DECIDED:
        return f"the check {probe} {check.subject} came to no answer ({check.outcome})"
    if _quick(check) and not _quick(found.check):
        return "this run made fewer measurements (--quick)"
    if subject.address and subject.address.encode() not in bytes(check.observation):
        return f"the address {subject.address} was not met"
    return ""


def _same_place(check: Check, subject: Subject) -> bool:
    return check.subject.host == subject.host


def _quick(check: Check) -> bool:
    try:
        scope = msgspec.json.decode(check.observation, type=_Scope | None)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    return scope is not None and scope.quick


def _severity(was: Finding, now: Finding, old: Report, new: Report) -> Iterator[str]:
    if was.severity is now.severity:
        return
    places = (old.site.vantage, new.site.vantage)
    why = f" (measured from {places[0] or 'somewhere'}, now from {places[1] or 'somewhere'})"
    yield f"{was.severity} → {now.severity}" + (why if places[0] is not places[1] else "")


def _parameters(was: dict[str, Param], now: dict[str, Param]) -> Iterator[str]:
    for name in dict.fromkeys((*was, *now)):
        then, today = was.get(name), now.get(name)
        if name not in MEASURED and _comparable(then) != _comparable(today):
            yield f"{name}: {_shown(then)} → {_shown(today)}"


def _comparable(value: Param) -> Param:
    """Servers and addresses answer in any order."""
    return sorted(value) if isinstance(value, list) else value


def _shown(value: Param) -> str:
    match value:
        case None:
            return "not known"
        case list():
            return ", ".join(value) or "none"
        case _:
            return str(value)


def _notes(old: Report, new: Report) -> Sequence[str]:
    notes = []
    if old.site.vantage is not new.site.vantage:
        notes.append(
            f"The runs were made from different places ({old.site.vantage or 'not said'}, "
            f"{new.site.vantage or 'not said'}): use `stdiag report compare` for two places."
        )
    if bool(old.redacted) is not bool(new.redacted):
        notes.append("One report is redacted and the other is not: their names, and so their fingerprints, differ.")
    notes += [f"The {which} run was interrupted." for which, one in (("old", old), ("new", new)) if one.run.interrupted]
    return notes
