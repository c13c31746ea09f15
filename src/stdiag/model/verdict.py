"""From findings to a decision, and what a run says over all checks."""

from __future__ import annotations

import enum
from typing import Literal

import msgspec

from stdiag.model.finding import Severity
from stdiag.model.subject import Subject


class Decision(enum.StrEnum):
    """The verdict in one word."""

    GO = "go"
    NO_GO = "no-go"
    INCOMPLETE = "incomplete"


class Cause(msgspec.Struct):
    """A root cause: a finding that follows from no other, with those that follow from it folded under it."""

    code: str
    severity: Severity
    subject: Subject
    fingerprint: str
    findings: list[str]
    """Pointers into the report: the findings that are this cause (several probes may have found the same)."""
    folded: list[str] = []
    """Pointers to the findings that follow from it."""


class Verdict(msgspec.Struct):
    """The answer: go, no-go or incomplete, and the root causes, those who hit the most first."""

    decision: Decision
    causes: list[Cause]
    fail_on: Literal["error", "warning", "never"] = "error"


class Renewal(msgspec.Struct, frozen=True):
    """Something with an end date: a row of the table "renew before"."""

    what: str
    subject: Subject
    not_after: str
    """UTC, ISO 8601."""
    days_left: int


class NotChecked(msgspec.Struct, frozen=True):
    """What this run does not speak of, and why."""

    what: str
    reason: str


class Summary(msgspec.Struct):
    """Counts and tables over all checks."""

    outcomes: dict[str, int]
    renew_before: list[Renewal] = []
    not_checked: list[NotChecked] = []
    not_applicable: list[NotChecked] = []
