"""Marks as a symbol for the eye and a word for those who do not see it."""

from __future__ import annotations

from typing import NamedTuple

from stdiag.model import Decision, Mark, Outcome, Severity, StepOutcome
from stdiag.render.layout import SYMBOLS
from stdiag.render.outline import DECISIONS, OUTCOMES


class Sign(NamedTuple):
    """How something is marked: `mark` is also the name of its class in the style sheet."""

    mark: str
    symbol: str
    word: str


MARKS = {
    Mark.GOOD: Sign("good", SYMBOLS[Mark.GOOD], "good"),
    Mark.BAD: Sign("bad", SYMBOLS[Mark.BAD], "bad"),
    Mark.UNSURE: Sign("unsure", SYMBOLS[Mark.UNSURE], "not known"),
    Mark.NOTE: Sign("note", SYMBOLS[Mark.NOTE], "note"),
    Mark.PLAIN: Sign("plain", "", ""),
}

_OUTCOMES = {
    Outcome.PASS: Mark.GOOD,
    Outcome.WARN: Mark.NOTE,
    Outcome.FAIL: Mark.BAD,
    Outcome.SKIP: Mark.UNSURE,
    Outcome.UNDECIDED: Mark.UNSURE,
    Outcome.CRASHED: Mark.UNSURE,
}
_SEVERITIES = {Severity.ERROR: Mark.BAD, Severity.WARNING: Mark.NOTE, Severity.INFO: Mark.PLAIN}
_DECISIONS = {Decision.GO: Mark.GOOD, Decision.NO_GO: Mark.BAD, Decision.INCOMPLETE: Mark.UNSURE}
_STEPS = {
    StepOutcome.OK: Sign("done", SYMBOLS[Mark.GOOD], "done"),
    StepOutcome.FAILED: Sign("failed", SYMBOLS[Mark.BAD], "failed"),
    StepOutcome.ABANDONED: Sign("abandoned", SYMBOLS[Mark.UNSURE], "abandoned"),
}


def outcome_sign(outcome: Outcome) -> Sign:
    """How a check's outcome is marked."""
    return MARKS[_OUTCOMES[outcome]]._replace(word=OUTCOMES[outcome])


def severity_sign(severity: Severity) -> Sign:
    """How a finding is marked."""
    return MARKS[_SEVERITIES[severity]]._replace(word=severity.value.capitalize())


def decision_sign(decision: Decision) -> Sign:
    """How the verdict is marked."""
    return MARKS[_DECISIONS[decision]]._replace(word=DECISIONS[decision])


def step_sign(outcome: StepOutcome) -> Sign:
    """How a step is marked. Not as good or bad: that a server refuses TLS 1.0 is as it should be."""
    return _STEPS[outcome]
