"""What one check observed, judged and found."""

from __future__ import annotations

import enum
import hashlib
from typing import Any

import msgspec

from stdiag.model.fault import Step
from stdiag.model.subject import Path, Subject

# What a finding's parameters may be: whatever JSON holds without losing its type.
Param = str | int | float | bool | None | list[str]


class Outcome(enum.StrEnum):
    """How one check ended. What does not apply is never planned, so it has no outcome."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"  # blocked by a named check or finding
    UNDECIDED = "undecided"  # stdiag could not tell
    CRASHED = "crashed"  # a defect of stdiag's own, which says nothing about the deployment


class Severity(enum.StrEnum):
    """How much a finding matters: an error is a NO-GO, a warning hits some or will hit later, an info hits nobody."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Finding(msgspec.Struct):
    """One thing found, as data. Its words live in the catalogue under `code`."""

    code: str
    severity: Severity
    subject: Subject
    params: dict[str, Param]
    evidence: list[str] = []
    """JSON pointers (RFC 6901) to the facts that prove it: relative to its check, or to the report when it was
    judged together."""
    affects: str | None = None
    """Whom it hits, where the judgement knows it better than the catalogue."""
    spares: str | None = None
    """Whom it does not hit, likewise."""
    fingerprint: str = ""
    """Stable over runs: made of code and subject only, never of times or texts."""

    def __post_init__(self) -> None:
        if not self.fingerprint:
            self.fingerprint = fingerprint(self.code, self.subject)


def fingerprint(code: str, subject: Subject) -> str:
    """Sixteen hex digits that identify a finding over runs."""
    return hashlib.sha256(f"{code}\n{subject}".encode()).hexdigest()[:16]


class Blocked(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a check was not run: the check or the finding that stands before it."""

    reason: str
    code: str | None = None
    subject: Subject | None = None


class Check(msgspec.Struct):
    """One question about one subject: what was observed, what it means, what was found."""

    probe: str
    subject: Subject
    outcome: Outcome
    path: Path = Path()
    blocked_by: Blocked | None = None
    steps: list[Step] = []
    observation: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"null"))
    """The probe's own observation type; raw, so that a report of an unknown probe stays whole."""
    analysis: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"null"))
    findings: list[Finding] = []
    undecided: list[str] = []
    """What this check could not tell, and why: one sentence each."""


class ClockReading(msgspec.Struct, frozen=True, kw_only=True):
    """A peer's clock beside this machine's, where the peer told its time."""

    peer_time: str
    local_time: str
    """UTC, ISO 8601; both of the same moment."""
    ahead_s: float
    """Seconds by which the peer's clock is ahead."""


class Analysis(msgspec.Struct, kw_only=True):
    """Base of every probe's analysis."""

    undecided: list[str] = []
    """What the evidence does not allow to tell: one sentence each. With no error found, the check is undecided."""
    unmeasured: list[str] = []
    """What was left out on the way without spoiling the answer (an address family that this machine lacks):
    listed as not checked."""
    clock: ClockReading | None = None


def to_raw(value: Any) -> msgspec.Raw:
    """`value` as the raw JSON that a check carries."""
    return msgspec.Raw(msgspec.json.encode(value))
