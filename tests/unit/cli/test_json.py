"""`-f json` is exactly one document on stdout, and `stdiag schema` describes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import Result
from tests.unit.cli.invoke import judged_file, stdiag

from stdiag.render.json import from_json


@pytest.fixture(scope="module")
def valid() -> Callable[[Any], None]:
    """Raises when a document is not what `stdiag schema` says."""
    schema = json.loads(stdiag("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema).validate


def incomplete(monkeypatch: pytest.MonkeyPatch, *more: str | Path) -> Result:
    """A run whose only check crashes."""

    def crashes(*_arguments: Any) -> None:
        raise ZeroDivisionError("hunter2")

    monkeypatch.setattr("stdiag.probes.tls.file.observe_file", crashes)
    return judged_file("complete.pem", *more)


def test_go(valid: Callable[[Any], None]) -> None:
    result = judged_file("complete.pem", "-f", "json")
    document = json.loads(result.stdout)
    valid(document)
    assert (result.exit_code, document["verdict"]) == (0, {"decision": "go", "causes": [], "fail_on": "error"})
    assert document["schema_version"] == "1.0"


def test_no_go(valid: Callable[[Any], None]) -> None:
    result = judged_file("leaf-only.pem", "-f", "json")
    document = json.loads(result.stdout)
    valid(document)
    assert (result.exit_code, document["verdict"]["decision"]) == (1, "no-go")
    assert [cause["code"] for cause in document["verdict"]["causes"]] == ["tls-chain-incomplete"]
    assert document["summary"]["outcomes"]["fail"] == 1


def test_incomplete(valid: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch) -> None:
    result = incomplete(monkeypatch, "-f", "json")
    document = json.loads(result.stdout)
    valid(document)
    assert (result.exit_code, document["verdict"]["decision"]) == (3, "incomplete")
    assert [entry["what"].split()[0] for entry in document["summary"]["not_checked"]] == ["tls"]
    assert "hunter2" not in result.output


def test_a_crash_shows_its_traceback_with_debug_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Traceback" not in incomplete(monkeypatch).output
    result = incomplete(monkeypatch, "--debug", "-f", "json")
    assert "Traceback" in result.stderr
    json.loads(result.stdout)


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("never", 0)])
def test_what_fails_is_the_users_choice(fail_on: str, code: int) -> None:
    result = judged_file("swapped.pem", "--fail-on", fail_on, "-f", "json")
    assert result.exit_code == code
    assert json.loads(result.stdout)["verdict"]["fail_on"] == fail_on


def test_several_outputs_at_once(valid: Callable[[Any], None], tmp_path: Path) -> None:
    names = ["report.json", "report.md", "report.txt", "report.short"]
    outputs = [part for name in names for part in ("-o", tmp_path / name)]
    result = judged_file("leaf-only.pem", "-f", "short", *outputs)
    assert result.exit_code == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(names)
    document = json.loads((tmp_path / "report.json").read_bytes())
    valid(document)
    assert from_json((tmp_path / "report.json").read_bytes()).run.id == document["run"]["id"]
    assert result.stdout.encode() == (tmp_path / "report.short").read_bytes()
    for name in names[1:]:
        assert b"tls-chain-incomplete" in (tmp_path / name).read_bytes()


def test_the_report_does_not_depend_on_how_it_is_shown() -> None:
    def without_the_run(*more: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(judged_file("leaf-only.pem", "-f", "json", *more).stdout)
        del document["run"]
        for check in document["checks"]:
            del check["steps"]
        return document

    assert without_the_run() == without_the_run("-v") == without_the_run("-q")
