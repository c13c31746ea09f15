"""Today's rules on yesterday's facts: a stored report judged again, without a network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from stdiag.engine.plan import Plan
from stdiag.engine.report import summary, tool
from stdiag.engine.runner import CUT_SHORT, judged
from stdiag.engine.scenarios.android import told_again
from stdiag.engine.together import judge_together
from stdiag.engine.verdict import FailOn, verdict
from stdiag.model import SCHEMA_VERSION, Check, Outcome, Report
from stdiag.pki.trust import restore_store
from stdiag.probes.contract import Context, Probe


class CannotJudgeError(Exception):
    """A report does not say what every judgement needs. Its text is one sentence."""


class Kept(msgspec.Struct, frozen=True):
    """A check whose stored judgement was kept, and why."""

    check: str
    reason: str


class Again(msgspec.Struct, frozen=True):
    """A report judged again."""

    report: Report
    """The same run and facts, with today's findings, verdict and summary."""
    kept: list[Kept]
    """Checks that could not be judged again: their findings are those of the stored report."""


def judge_again(stored: Report, probe_of: Callable[[str], Probe], fail_on: FailOn | None = None) -> Again:
    """`stored` under the rules of this version. It is not changed.

    `probe_of` raises KeyError for a probe that this version does not have: its checks stay as they are. `fail_on`:
    None for what the run was made with. Raises CannotJudgeError.
    """
    context = Context(
        started=_started(stored), site=stored.site, trust=tuple(restore_store(record) for record in stored.trust)
    )
    beyond = frozenset(stored.redacted.not_judgeable) if stored.redacted else frozenset[str]()
    probes: dict[str, Probe] = {}
    checks: list[Check] = []
    kept: list[Kept] = []
    for number, check in enumerate(stored.checks):
        reason = "its facts were redacted" if f"/checks/{number}" in beyond else ""
        fresh = None if reason else _judged(check, probe_of, probes, context)
        if isinstance(fresh, str):
            reason, fresh = fresh, None
        if reason:
            kept.append(Kept(f"{check.probe} {check.subject}", reason))
        checks.append(fresh or check)
    together = [] if stored.run.interrupted else judge_together(checks)
    of_checks = {f"{check.probe} {check.subject}" for check in checks}
    the_plan = Plan(
        checks=(),
        not_applicable=tuple(stored.summary.not_applicable),
        not_selected=tuple(row for row in stored.summary.not_checked if row.what not in of_checks),
    )
    new_summary = summary(checks, the_plan, list(probes.values()), context)
    if kept:
        # What only the stored judgement knows of end dates is not lost with it.
        known = {(row.what, row.subject) for row in new_summary.renew_before}
        new_summary.renew_before += [row for row in stored.summary.renew_before if (row.what, row.subject) not in known]
        new_summary.renew_before.sort(key=lambda row: (row.days_left, row.what, str(row.subject)))
    report = msgspec.structs.replace(
        stored,
        schema_version=SCHEMA_VERSION,
        tool=tool(),
        checks=checks,
        findings=together,
        verdict=verdict(checks, together, fail_on or stored.verdict.fail_on),
        summary=new_summary,
    )
    report.stories = [told_again(story, report) for story in stored.stories]
    return Again(report, kept)


def _started(stored: Report) -> datetime:
    try:
        started = datetime.fromisoformat(stored.run.started)
    except ValueError:
        raise CannotJudgeError(
            "The report's run.started is no date: without the moment of the run, validity cannot be judged."
        ) from None
    return started if started.tzinfo else started.replace(tzinfo=UTC)


def _judged(
    stored: Check, probe_of: Callable[[str], Probe], probes: dict[str, Probe], context: Context
) -> Check | str | None:
    """The check judged anew; a reason why it could not be; None where there is nothing to judge."""
    if bytes(stored.observation) == b"null" or stored.undecided == [CUT_SHORT]:
        return None  # it never ran, or not to an end that would allow a judgement
    try:
        probe = probes.setdefault(stored.probe, probe_of(stored.probe))
    except KeyError:
        return "this version of stdiag does not have the probe"
    try:
        observation = msgspec.json.decode(stored.observation, type=probe.observation)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return "its facts are in a form that this version does not read"
    fresh = Check(
        probe=stored.probe,
        subject=stored.subject,
        outcome=Outcome.UNDECIDED,
        path=stored.path,
        steps=stored.steps,
        observation=stored.observation,
    )
    try:
        return judged(fresh, observation, probe, context)
    except Exception as defect:  # whatever a rule breaks on: the facts may have been tampered with
        return f"a rule broke on its facts ({type(defect).__name__})"
