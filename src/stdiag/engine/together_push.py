"""Pushes: what only all endpoints together show. One port of Apple's service is enough, and a proxy may be the way."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from stdiag.catalogue.registry import kind
from stdiag.model import Check, Finding, Severity, Subject, SubjectKind, bracketed

_PROBE = "push"
_QUESTION = "apns"
_ELSEWHERE = "push-elsewhere"
# Stages at which the endpoint itself was not reached, and no single cause before it (the proxy) stands for all.
_NOT_REACHED = frozenset({"local-dns", "remote-dns", "remote-tcp", "proxy-policy"})
_ARRIVED = frozenset({"ok", "apns"})


class _Concluded(msgspec.Struct):
    question: str = ""
    stage: str | None = None


class _Seen(msgspec.Struct):
    needed: bool = True


class _Endpoint(msgspec.Struct):
    pointer: str
    check: Check
    stage: str
    needed: bool


def push_findings(checks: Sequence[Check]) -> list[Finding]:
    """Findings over all checks of Apple's service, with evidence pointers into the report."""
    ends = [end for number, check in enumerate(checks) if (end := _endpoint(number, check))]
    needed = [end for end in ends if end.needed]
    found = _all_blocked(needed)
    return found or _only_by_proxy([end for end in ends if not end.needed], needed)


def _endpoint(number: int, check: Check) -> _Endpoint | None:
    if check.probe != _PROBE:
        return None
    concluded = msgspec.json.decode(check.analysis, type=_Concluded | None)
    seen = msgspec.json.decode(check.observation, type=_Seen | None)
    if concluded is None or seen is None or concluded.question != _QUESTION or concluded.stage is None:
        return None
    return _Endpoint(f"/checks/{number}/analysis", check, concluded.stage, seen.needed)


def _all_blocked(needed: Sequence[_Endpoint]) -> list[Finding]:
    """None of several endpoints was reached: each alone was only a warning, since another might have been."""
    if len(needed) < 2 or any(end.stage not in _NOT_REACHED for end in needed):
        return []
    subject = needed[0].check.subject
    elsewhere = any(finding.code == _ELSEWHERE for end in needed for finding in end.check.findings)
    tried = [f"{bracketed(end.check.subject.host)}:{end.check.subject.port}" for end in needed]
    return [
        kind("push-all-blocked").found(
            Subject(kind=SubjectKind.NAME, host=subject.host),
            evidence=[end.pointer for end in needed],
            severity=Severity.WARNING if elsewhere else None,
            tried=tried,
            way=f"through {subject.via}" if subject.via else None,
        )
    ]


def _only_by_proxy(compared: Sequence[_Endpoint], needed: Sequence[_Endpoint]) -> list[Finding]:
    """Directly blocked, and fine through the proxy: said, because it is good."""
    arrived = [end for end in needed if end.stage in _ARRIVED and end.check.subject.via]
    if not compared or not arrived or any(end.stage not in _NOT_REACHED for end in compared):
        return []
    subject = arrived[0].check.subject
    return [
        kind("push-proxy-works").found(
            Subject(kind=SubjectKind.NAME, host=subject.host),
            evidence=[end.pointer for end in (*arrived, *compared)],
            proxy=subject.via,
        )
    ]
