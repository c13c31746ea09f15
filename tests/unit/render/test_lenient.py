"""A report of a newer minor version is read with care: nothing unknown is taken for good or for decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from tests.unit.render.reports import blocks, classic, decoded

from stdiag.model import Decision, Outcome, Severity, StepOutcome, SubjectKind
from stdiag.render.formats import RENDERERS
from stdiag.render.json import ReportError, from_json, read_report, to_json

Document = dict[str, Any]


def newer(change: Callable[[Document], None], version: str = "1.7") -> bytes:
    """The classic report as a newer stdiag would have written it."""
    document: Document = decoded(to_json(classic()))
    document["schema_version"] = version
    change(document)
    return msgspec.json.encode(document)


def test_the_bytes_travel_along() -> None:
    def change(document: Document) -> None:
        document["mood"] = "good"
        document["checks"][0]["observation"]["later"] = {"x": [1, None]}

    document = newer(change)
    stored = read_report(document)
    assert stored.document == document
    assert stored.newer == "1.7"
    assert msgspec.json.decode(stored.report.checks[0].observation)["later"] == {"x": [1, None]}


def test_a_report_of_this_version_is_not_newer() -> None:
    assert read_report(to_json(classic())).newer is None
    assert read_report(newer(lambda _: None, "1.0")).newer is None


def test_an_unknown_outcome_is_no_answer() -> None:
    report = from_json(newer(lambda document: document["checks"][1].update(outcome="flaky")))
    assert report.checks[1].outcome is Outcome.UNDECIDED


def test_an_unknown_decision_and_severity_are_the_careful_ones() -> None:
    def change(document: Document) -> None:
        document["verdict"]["decision"] = "go-with-care"
        document["checks"][0]["findings"][0]["severity"] = "catastrophe"

    report = from_json(newer(change))
    assert report.verdict.decision is Decision.INCOMPLETE
    assert report.checks[0].findings[0].severity is Severity.WARNING


def test_an_unknown_subject_is_told_by_what_it_has() -> None:
    def change(document: Document) -> None:
        document["checks"][0]["subject"] = {"kind": "mailbox", "host": "a.example", "port": 25}
        document["checks"][1]["subject"] = {"kind": "person", "host": "a.example"}

    report = from_json(newer(change))
    assert [check.subject.kind for check in report.checks[:2]] == [SubjectKind.ENDPOINT, SubjectKind.NAME]


def test_an_unknown_reason_of_a_step_stays_to_be_read() -> None:
    def change(document: Document) -> None:
        document["checks"][0]["steps"][3]["fault"] = {"reason": "quantum", "words": "both"}
        document["checks"][0]["steps"][3]["outcome"] = "entangled"

    step = from_json(newer(change)).checks[0].steps[3]
    assert (step.fault, step.detail, step.outcome) == (None, "quantum: both", StepOutcome.FAILED)


def test_unknown_values_of_the_site_and_of_lists_are_left_out() -> None:
    def change(document: Document) -> None:
        document["site"]["vantage"] = "moon"
        document["site"]["product"] = "14"
        document["checks"][0]["path"]["method"] = "quic"
        document["verdict"]["fail_on"] = "info"

    report = from_json(newer(change))
    assert (report.site.vantage, report.site.product) == (None, None)
    assert report.checks[0].path.method == "raw"
    assert report.verdict.fail_on == "error"


@pytest.mark.usefixtures("catalogue")
def test_every_format_shows_it() -> None:
    document = newer(lambda document: document["checks"][1].update(outcome="flaky"))
    for renderer in RENDERERS.values():
        assert renderer.function(from_json(document), blocks)


def test_a_wrong_type_is_still_named() -> None:
    with pytest.raises(ReportError, match="does not hold together"):
        from_json(newer(lambda document: document["checks"][0].update(outcome=7)))
    with pytest.raises(ReportError, match="does not hold together"):
        from_json(newer(lambda document: document.update(checks=3)))


def test_the_same_value_in_a_report_of_this_version_is_a_mistake() -> None:
    with pytest.raises(ReportError, match="outcome"):
        from_json(newer(lambda document: document["checks"][1].update(outcome="flaky"), "1.0"))


@pytest.mark.parametrize("version", ["2.0", "17.3"])
def test_a_newer_major_is_refused_with_a_sentence(version: str) -> None:
    with pytest.raises(ReportError, match=r"made by a newer stdiag; .* update stdiag\.$"):
        from_json(newer(lambda _: None, version))


def test_an_older_major_is_refused_too() -> None:
    with pytest.raises(ReportError, match="does not read"):
        from_json(newer(lambda _: None, "0.9"))
