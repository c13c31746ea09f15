"""What only several checks show. Pure: it reads finished checks."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from stdiag.catalogue.registry import kind
from stdiag.engine.together_names import names_findings
from stdiag.engine.together_photo import photo_findings
from stdiag.engine.together_push import push_findings
from stdiag.model import Check, ClockReading, Finding, Subject, SubjectKind

CLOCK_TOLERANCE_S = 300
"""LTPA tokens and Kerberos tolerate about five minutes; less is the network's and the Date header's coarseness."""

AGREEMENT_S = 60
"""Peers whose clocks lie this close together agree against this machine."""


class _Measured(msgspec.Struct):
    """The part of any probe's analysis that is compared over checks."""

    clock: ClockReading | None = None


class _Skew(msgspec.Struct):
    pointer: str
    subject: Subject
    clock: ClockReading


def judge_together(checks: Sequence[Check]) -> list[Finding]:
    """Findings over all checks, with evidence pointers into the report."""
    return _clocks(checks) + push_findings(checks) + names_findings(checks) + photo_findings(checks)


def _clocks(checks: Sequence[Check]) -> list[Finding]:
    """One clock that differs from ours may be either's fault; several that agree with each other speak against ours."""
    read: list[_Skew] = []
    for number, check in enumerate(checks):
        measured = msgspec.json.decode(check.analysis, type=_Measured | None)
        if measured and measured.clock:
            read.append(_Skew(f"/checks/{number}/analysis/clock", check.subject, measured.clock))
    off = [entry for entry in read if abs(entry.clock.ahead_s) >= CLOCK_TOLERANCE_S]
    if not off:
        return []
    agree = max(entry.clock.ahead_s for entry in off) - min(entry.clock.ahead_s for entry in off) <= AGREEMENT_S
    ours_is_wrong = agree and len(off) == len(read) and len({entry.subject.host for entry in off}) > 1
    if ours_is_wrong:
        return [_found(off[0], "this machine", None, [entry.pointer for entry in off])]
    return [_found(entry, entry.subject.host, entry.subject.port, [entry.pointer]) for entry in off]


def _found(entry: _Skew, host: str, port: int | None, evidence: list[str]) -> Finding:
    return kind("clock-skew").found(
        Subject(kind=SubjectKind.CLOCK, host=host, port=port),
        evidence=evidence,
        seconds=round(abs(entry.clock.ahead_s)),
        server_time=entry.clock.peer_time,
        local_time=entry.clock.local_time,
    )
