"""Reports compared by fingerprint: what was not looked at is never called fixed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from tests.unit.engine.fakes import STARTED, address, check, endpoint, finding

from stdiag.catalogue.registry import ALL
from stdiag.engine.difference import MEASURED, Change, difference
from stdiag.engine.verdict import verdict
from stdiag.model import (
    Check,
    Finding,
    Outcome,
    Report,
    Run,
    Severity,
    Site,
    Subject,
    SubjectKind,
    Summary,
    Tool,
    Vantage,
    to_raw,
)


def report(*checks: Check, together: Sequence[Finding] = (), site: Site | None = None) -> Report:
    return Report(
        schema_version="1.0",
        tool=Tool("stdiag", "1", "3", "o"),
        run=Run(id="", started=STARTED.isoformat(), host=""),
        site=site or Site(),
        checks=list(checks),
        findings=list(together),
        verdict=verdict(checks, together),
        summary=Summary(outcomes={}),
    )


CHAIN = finding("tls-chain-incomplete", missing="CA G2", seconds=3)


def changes(old: Report, new: Report) -> dict[str, Change]:
    return {row.code: row.change for row in difference(old, new).rows}


def test_new_fixed_and_unchanged() -> None:
    name, validity = finding("tls-name-mismatch"), finding("tls-cert-expired")
    found = difference(report(check(CHAIN, name)), report(check(CHAIN, validity)))
    assert [(row.code, row.change) for row in found.rows] == [
        ("tls-cert-expired", Change.NEW),
        ("tls-name-mismatch", Change.FIXED),
        ("tls-chain-incomplete", Change.UNCHANGED),
    ]
    assert [row.code for row in found.worse()] == ["tls-cert-expired"]


def test_texts_and_timings_are_no_change() -> None:
    later = msgspec.structs.replace(CHAIN, params={**CHAIN.params, "seconds": 9, "verify_text": "other words"})
    assert changes(report(check(CHAIN)), report(check(later))) == {CHAIN.code: Change.UNCHANGED}


def test_another_fact_is_a_change_and_is_told() -> None:
    later = finding("tls-chain-incomplete", missing="CA G3")
    (row,) = difference(report(check(CHAIN)), report(check(later))).rows
    assert (row.change, row.details) == (Change.CHANGED, ["missing: CA G2 → CA G3"])
    assert not difference(report(check(CHAIN)), report(check(later))).worse()


def test_the_order_of_a_list_is_no_change() -> None:
    one, other = (finding("tls-addresses-differ", differences=order) for order in (["a", "b"], ["b", "a"]))
    assert changes(report(check(one)), report(check(other))) == {one.code: Change.UNCHANGED}


def test_what_became_an_error_is_worse_and_the_reverse_is_not() -> None:
    mild = finding("tls-name-mismatch", severity=Severity.WARNING)
    grave = finding("tls-name-mismatch", severity=Severity.ERROR)
    assert [row.details for row in difference(report(check(mild)), report(check(grave))).worse()] == [
        ["warning → error"]
    ]
    assert not difference(report(check(grave)), report(check(mild))).worse()


def test_a_check_that_was_not_made_has_fixed_nothing() -> None:
    (row,) = difference(report(check(CHAIN)), report(check(subject=endpoint("other.example.com")))).rows
    assert row.change is Change.NOT_LOOKED_AT
    assert "has no check" in row.details[0]


@pytest.mark.parametrize("outcome", [Outcome.SKIP, Outcome.UNDECIDED, Outcome.CRASHED])
def test_a_check_without_an_answer_has_fixed_nothing(outcome: Outcome) -> None:
    found = difference(report(check(CHAIN)), report(check(outcome=outcome)))
    assert [row.change for row in found.rows] == [Change.NOT_LOOKED_AT]
    assert [row.code for row in found.unanswered()] == [CHAIN.code]


def test_a_quick_run_has_fixed_nothing_that_it_does_not_measure() -> None:
    quick, thorough = check(), check(CHAIN)
    quick.observation, thorough.observation = to_raw({"quick": True}), to_raw({"quick": False})
    assert changes(report(thorough), report(quick)) == {CHAIN.code: Change.NOT_LOOKED_AT}
    thorough.observation = to_raw({"quick": True})
    assert changes(report(thorough), report(quick)) == {CHAIN.code: Change.FIXED}


def test_an_address_that_is_gone_is_not_mended() -> None:
    refused = finding("net-refused", address("192.0.2.1"))
    without, within = check(), check()
    without.observation, within.observation = to_raw({"a": "192.0.2.2"}), to_raw({"a": "192.0.2.1"})
    assert changes(report(check(refused)), report(without)) == {"net-refused": Change.NOT_LOOKED_AT}
    assert changes(report(check(refused)), report(within)) == {"net-refused": Change.FIXED}


def test_what_is_new_where_nothing_was_measured_says_so() -> None:
    (row,) = difference(report(), report(check(CHAIN))).rows
    assert row.change is Change.NEW
    assert "says nothing of it" in row.details[0]


def test_findings_over_several_checks_are_compared_too() -> None:
    skew = finding("clock-skew", Subject(kind=SubjectKind.CLOCK, host="this machine"), seconds=900)
    assert changes(report(check(), together=[skew]), report(check())) == {"clock-skew": Change.FIXED}
    assert changes(report(check(), together=[skew]), report()) == {"clock-skew": Change.NOT_LOOKED_AT}


def test_the_same_finding_of_two_checks_is_one() -> None:
    grave, mild = finding("net-refused"), finding("net-refused", severity=Severity.WARNING)
    both = report(check(mild), check(grave, probe="other"))
    (row,) = difference(both, both).rows
    assert (row.change, row.now) == (Change.UNCHANGED, Severity.ERROR)


def test_runs_that_are_hard_to_compare_are_noted() -> None:
    inside, outside = (report(site=Site(vantage=vantage)) for vantage in (Vantage.INSIDE, Vantage.INTERNET))
    assert "report compare" in difference(inside, outside).notes[0]
    outside.run.interrupted = True
    assert "The new run was interrupted." in difference(inside, outside).notes


def test_what_is_only_measured_is_named_as_such() -> None:
    """A parameter that is a time of any kind must be among them, or every second run would be a change."""
    names = {name for kind in ALL.values() for name in kind.params}
    timed = {name for name in names if name.endswith(("_s", "_us")) or name.startswith("days") or name == "seconds"}
    assert timed <= MEASURED
