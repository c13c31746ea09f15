"""Stored reports judged by other rules than those of their day."""

from __future__ import annotations

import msgspec
import pytest
from tests.unit.engine.fakes import Seen, check, endpoint, fake_probe, finding, finds
from tests.unit.engine.test_difference import report

from stdiag.engine.again import CannotJudgeError, Kept, judge_again
from stdiag.engine.runner import CUT_SHORT
from stdiag.model import Check, Decision, NotChecked, Outcome, Redaction, Renewal, Severity, to_raw
from stdiag.probes.contract import Probe

NEW_RULES = fake_probe("fake", judge=finds("tls-cert-expired"))


def probe_of(name: str) -> Probe:
    return {"fake": NEW_RULES}[name]


def stored(*codes: str, probe: str = "fake", outcome: Outcome = Outcome.PASS) -> Check:
    """A check that was made, with these findings."""
    made = check(*map(finding, codes), probe=probe, outcome=outcome)
    made.observation = to_raw(Seen(subject="x"))
    return made


def test_todays_rules_replace_the_judgement_and_keep_the_facts() -> None:
    old = report(stored("tls-name-mismatch"))
    again = judge_again(old, probe_of)
    (fresh,) = again.report.checks
    assert [found.code for found in fresh.findings] == ["tls-cert-expired"]
    assert bytes(fresh.observation) == bytes(old.checks[0].observation)
    assert [cause.code for cause in again.report.verdict.causes] == ["tls-cert-expired"]
    assert again.report.verdict.decision is Decision.NO_GO
    assert again.report.run == old.run
    assert again.kept == []


def test_the_stored_report_is_not_changed() -> None:
    old = report(stored("tls-name-mismatch"))
    before = msgspec.json.encode(old)
    judge_again(old, probe_of)
    assert msgspec.json.encode(old) == before


def test_an_unknown_probe_stays_as_it_was_with_its_end_dates() -> None:
    old = report(stored("tls-name-mismatch", probe="of-tomorrow"))
    old.checks[0].analysis = to_raw({"mood": "good"})
    old.summary.renew_before = [Renewal("leaf", endpoint(), "2027-01-01T00:00:00Z", 10)]
    again = judge_again(old, probe_of)
    assert again.report.checks == old.checks
    assert again.report.summary.renew_before == old.summary.renew_before
    assert again.kept == [
        Kept("of-tomorrow chat.example.com:443", "this version of stdiag does not have the probe"),
    ]


def test_facts_in_an_unknown_form_stay_as_they_were() -> None:
    old = report(stored("tls-name-mismatch"))
    old.checks[0].observation = to_raw({"subject": 5})
    again = judge_again(old, probe_of)
    assert again.report.checks == old.checks
    assert "in a form" in again.kept[0].reason


def test_a_rule_that_breaks_costs_one_check() -> None:
    def breaks(*_arguments: object) -> None:
        raise ZeroDivisionError

    broken = fake_probe("broken", judge=breaks)  # type: ignore[arg-type]  # it returns nothing, on purpose
    old = report(stored(), stored("tls-name-mismatch", probe="broken"))
    again = judge_again(old, lambda name: broken if name == "broken" else NEW_RULES)
    assert [found.code for one in again.report.checks for found in one.findings] == [
        "tls-cert-expired",
        "tls-name-mismatch",
    ]
    assert "ZeroDivisionError" in again.kept[0].reason


def test_what_never_ran_and_what_was_cut_short_stay_open() -> None:
    skipped = check(outcome=Outcome.SKIP)
    cut = stored(outcome=Outcome.UNDECIDED)
    cut.undecided = [CUT_SHORT]
    again = judge_again(report(skipped, cut), probe_of)
    assert [one.outcome for one in again.report.checks] == [Outcome.SKIP, Outcome.UNDECIDED]
    assert again.report.verdict.decision is Decision.INCOMPLETE
    assert again.kept == []


def test_redacted_facts_are_not_judged() -> None:
    old = report(stored("tls-name-mismatch"))
    old.redacted = Redaction(pseudonyms={}, not_judgeable=["/checks/0"])
    again = judge_again(old, probe_of)
    assert again.report.checks == old.checks
    assert again.kept[0].reason == "its facts were redacted"


def test_fail_on_is_that_of_the_run_unless_another_is_asked_for() -> None:
    old = report(stored())
    old.verdict.fail_on = "never"
    assert judge_again(old, probe_of).report.verdict.fail_on == "never"
    assert judge_again(old, probe_of, "warning").report.verdict.fail_on == "warning"


def test_what_was_left_out_of_the_run_stays_listed() -> None:
    old = report(stored())
    old.summary.not_checked = [NotChecked("push", "left out"), NotChecked("fake chat.example.com:443", "old reason")]
    old.summary.not_applicable = [NotChecked("paths", "no community")]
    summary = judge_again(old, probe_of).report.summary
    assert [row.what for row in summary.not_checked] == ["push"]
    assert summary.not_applicable == old.summary.not_applicable


def test_a_report_without_the_moment_of_the_run_cannot_be_judged() -> None:
    old = report(stored())
    old.run.started = "yesterday"
    with pytest.raises(CannotJudgeError, match=r"no date.*\.$"):
        judge_again(old, probe_of)


def test_severities_follow_the_vantage_as_in_a_run() -> None:
    assert judge_again(report(stored()), probe_of).report.checks[0].findings[0].severity is Severity.ERROR
