"""Reports of every released version of the schema stay readable: real runs, committed once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stdiag.cli.diagnose import blocks_of
from stdiag.engine.again import judge_again
from stdiag.model import SCHEMA_VERSION, Decision, Outcome, Report
from stdiag.probes.registry import PROBES, probe_named
from stdiag.render.formats import RENDERERS
from stdiag.render.json import from_json, to_json
from stdiag.render.schema import report_schema
from stdiag.render.validate import mistakes_in

FOLDER = Path(__file__).parents[2] / "golden" / "reports"
GOLDEN = sorted(FOLDER.glob("*/*.json"))
OF_THIS_VERSION = [file for file in GOLDEN if file.parent.name == SCHEMA_VERSION]
EXPECTED = {
    "healthy": Decision.GO,
    "incomplete": Decision.INCOMPLETE,
    "interrupted": Decision.INCOMPLETE,
    "no-go": Decision.NO_GO,
    "sweep": Decision.NO_GO,
}
TYPES = {probe.name: (probe.observation, probe.analysis) for probe in PROBES}

each = pytest.mark.parametrize("file", GOLDEN, ids=lambda file: f"{file.parent.name}-{file.stem}")


def test_this_version_has_its_golden_reports() -> None:
    assert {file.stem for file in OF_THIS_VERSION} == EXPECTED.keys()


@each
def test_it_is_read_and_means_what_it_meant(file: Path) -> None:
    report = from_json(file.read_bytes())
    assert report.verdict.decision is EXPECTED[file.stem]
    assert report.run.interrupted is (file.stem == "interrupted")
    if file.stem == "incomplete":
        assert report.checks[0].outcome is Outcome.CRASHED


@pytest.mark.parametrize("file", OF_THIS_VERSION, ids=lambda file: str(file.stem))
def test_it_is_written_as_it_was_read(file: Path) -> None:
    document = file.read_bytes()
    assert to_json(from_json(document)) == document


@each
def test_every_format_shows_it(file: Path) -> None:
    report = from_json(file.read_bytes())
    for renderer in RENDERERS.values():
        assert renderer.function(report, blocks_of)
    assert len(RENDERERS["short"].function(report, blocks_of).splitlines()) <= 40


@each
def test_it_is_valid_for_the_schema_and_for_our_own_reader_of_it(file: Path) -> None:
    document: Any = json.loads(file.read_bytes())
    jsonschema.Draft202012Validator(report_schema(TYPES)).validate(document)
    assert mistakes_in(document, TYPES, newer=False) == []


@each
def test_it_can_be_judged_again(file: Path) -> None:
    stored: Report = from_json(file.read_bytes())
    again = judge_again(stored, probe_named)
    assert again.kept == []
    assert again.report.verdict.decision is EXPECTED[file.stem]
    assert [cause.fingerprint for cause in again.report.verdict.causes] == [
        cause.fingerprint for cause in stored.verdict.causes
    ]
