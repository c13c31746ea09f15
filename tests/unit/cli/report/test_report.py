"""`stdiag report` and `stdiag bundle` as a shell sees them, on the golden reports."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.unit.cli.invoke import judged_file, stdiag

from stdiag.cli.options import FORMATS
from stdiag.model import SCHEMA_VERSION
from stdiag.render.bundle import open_bundle

GOLDEN = Path(__file__).parents[3] / "golden" / "reports" / SCHEMA_VERSION
NO_GO, HEALTHY, SWEEP = (GOLDEN / f"{name}.json" for name in ("no-go", "healthy", "sweep"))
NAMES = (b"lab.example", b"127.0.0.1", b"Lab Root CA", b"Lab Issuing", b"BEGIN CERTIFICATE", b"stdiag-lab-")


def changed(path: Path, change: Callable[[Any], None], source: Path = NO_GO) -> Path:
    """A copy of a golden report that `change` was made in."""
    document = json.loads(source.read_bytes())
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def contents(path: Path) -> dict[str, bytes]:
    """A file, or every file of an archive."""
    if path.suffix != ".zip":
        return {path.name: path.read_bytes()}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("form", FORMATS)
def test_show_in_every_format(form: str) -> None:
    result = stdiag("report", "show", NO_GO, "-f", form)
    assert result.exit_code == 0
    assert "tls-chain-incomplete" in result.stdout
    assert "NO-GO" in result.stdout or form == "json"


def test_show_writes_files_and_hands_json_on_byte_for_byte(tmp_path: Path) -> None:
    newer = changed(tmp_path / "newer.json", lambda document: document.update(schema_version="1.9", later=[1]))
    result = stdiag("report", "show", newer, "-f", "json", "-o", tmp_path / "a.json", "-o", tmp_path / "a.md")
    assert result.stdout_bytes == newer.read_bytes() == (tmp_path / "a.json").read_bytes()
    assert "of a newer stdiag" in result.stderr
    assert (tmp_path / "a.md").read_bytes().startswith(b"# NO-GO")


def test_show_reads_a_pipe() -> None:
    assert "GO" in stdiag("report", "show", "-", "-f", "short", stdin=HEALTHY.read_bytes()).stdout


@pytest.mark.parametrize("command", ["show", "judge", "redact"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        (b"{}", "no schema_version"),
        (b"PK\x03\x04rubbish", "cannot be read"),
        (b'{"schema_version": "2.0"}', "update stdiag"),
    ],
)
def test_a_wrong_file_costs_one_sentence(command: str, content: bytes | None, words: str, tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    if content is not None:
        file.write_bytes(content)
    result = stdiag("report", command, file)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("file", "code"), [("healthy", 0), ("no-go", 1), ("sweep", 1), ("incomplete", 3), ("interrupted", 130)]
)
def test_judge_finds_the_same_and_exits_as_the_verdict_says(file: str, code: int) -> None:
    result = stdiag("report", "judge", GOLDEN / f"{file}.json")
    assert result.exit_code == code
    assert "as before" in result.stdout
    assert "New" not in result.stdout


def test_judge_says_what_other_rules_change_and_on_what_it_rests(tmp_path: Path) -> None:
    def of_another_day(document: Any) -> None:
        document["tool"]["version"] = "0.0.9"
        document["checks"][0]["findings"][0]["code"] = "tls-name-mismatch"
        document["checks"][0]["findings"][0]["fingerprint"] = "0" * 16

    result = stdiag("report", "judge", changed(tmp_path / "old.json", of_another_day))
    assert "instead of 0.0.9" in result.stdout
    assert "New, by the rules of this version" in result.stdout
    assert "tls-chain-incomplete rests on: /observation/" in result.stdout
    assert "No longer found" in result.stdout


def test_judge_keeps_what_it_cannot_judge_and_says_so(tmp_path: Path) -> None:
    foreign = changed(tmp_path / "r.json", lambda document: document["checks"][0].update(probe="of-tomorrow"))
    result = stdiag("report", "judge", foreign)
    assert "Not judged again: of-tomorrow chat.lab.example:443: this version" in result.stdout
    assert result.exit_code == 1
    written = json.loads(stdiag("report", "judge", foreign, "-f", "json", "-q").stdout)
    assert written["checks"][0] == json.loads(foreign.read_bytes())["checks"][0]


def test_judge_by_another_threshold() -> None:
    assert stdiag("report", "judge", NO_GO, "--fail-on", "never").exit_code == 0


def test_diff(tmp_path: Path) -> None:
    worse = stdiag("report", "diff", HEALTHY, NO_GO)
    assert (worse.exit_code, "GO → NO-GO" in worse.stdout) == (1, True)
    assert "New (1)" in worse.stdout
    better = stdiag("report", "diff", NO_GO, HEALTHY)
    assert (better.exit_code, "Fixed (1)" in better.stdout) == (0, True)
    assert stdiag("report", "diff", NO_GO, NO_GO).exit_code == 0
    unmeasured = changed(tmp_path / "r.json", lambda document: document.update(checks=document["checks"][1:]), HEALTHY)
    result = stdiag("report", "diff", NO_GO, unmeasured)
    assert (result.exit_code, "Not looked at again" in result.stdout) == (3, True)
    assert stdiag("report", "diff", NO_GO, unmeasured, "--fail-on", "never").exit_code == 0
    rows = json.loads(stdiag("report", "diff", HEALTHY, NO_GO, "-f", "json").stdout)["rows"]
    assert [(row["change"], row["code"]) for row in rows] == [("new", "tls-chain-incomplete")]


def test_compare(tmp_path: Path) -> None:
    outside = changed(tmp_path / "o.json", lambda document: document["site"].update(vantage="internet"), NO_GO)
    result = stdiag("report", "compare", HEALTHY, outside)
    assert result.exit_code == 0
    assert "inside:    answers" in result.stdout
    assert "Found outside only: tls-chain-incomplete." in result.stdout
    assert json.loads(stdiag("report", "compare", HEALTHY, outside, "-f", "json").stdout)["second"] == "outside"


def test_validate(tmp_path: Path) -> None:
    assert stdiag("report", "validate", NO_GO).exit_code == 0
    wrong = changed(tmp_path / "w.json", lambda document: document["checks"][1].update(outcome="so-so"))
    result = stdiag("report", "validate", wrong)
    assert result.exit_code == 1
    assert result.stdout.startswith("/checks/1/outcome: 'so-so' is not one of")
    assert stdiag("report", "validate", tmp_path / "none.json").exit_code == 2
    (tmp_path / "text").write_text("hello", encoding="utf-8")
    assert stdiag("report", "validate", tmp_path / "text").exit_code == 1
    newer = changed(tmp_path / "n.json", lambda document: document.update(schema_version="1.9", later=1))
    assert "a newer minor" in stdiag("report", "validate", newer).stdout


def test_redact_in_every_format(tmp_path: Path) -> None:
    outputs = [tmp_path / f"r.{suffix}" for suffix in ("json", "html", "md", "txt", "short")]
    result = stdiag("report", "redact", NO_GO, *(part for file in outputs for part in ("-o", file)))
    assert result.exit_code == 0
    private = tmp_path / "r.PRIVATE-map.json"
    assert "Keep this, never send it" in result.stderr
    for file in outputs:
        content = file.read_bytes()
        assert [name for name in NAMES if name.lower() in content.lower()] == []
        assert b"tls-chain-incomplete" in content
    assert "chat.lab.example" in json.loads(private.read_bytes())["hosts"].values()
    if sys.platform != "win32":
        assert stat.S_IMODE(os.stat(private).st_mode) == 0o600  # noqa: PTH116 - the mode is what is asked for
    assert stdiag("report", "validate", outputs[0]).exit_code == 0
    assert stdiag("report", "redact", outputs[0]).exit_code == 2


def test_redact_has_a_default_name_and_never_overwrites_its_source(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_bytes(NO_GO.read_bytes())
    assert stdiag("report", "redact", file, "-q").exit_code == 0
    assert {one.name for one in tmp_path.iterdir()} == {
        "case.json",
        "case-redacted.json",
        "case-redacted.PRIVATE-map.json",
    }
    assert stdiag("report", "redact", file, "-o", file).exit_code == 2
    assert file.read_bytes() == NO_GO.read_bytes()
    assert stdiag("report", "redact", "-", stdin=NO_GO.read_bytes()).exit_code == 2


def test_a_bundle_of_a_report_holds_all_and_is_the_same_each_time(tmp_path: Path) -> None:
    one, other = tmp_path / "a.zip", tmp_path / "b.zip"
    assert [stdiag("bundle", NO_GO, "-o", file).exit_code for file in (one, other)] == [0, 0]
    assert one.read_bytes() == other.read_bytes()
    files = contents(one)
    assert files["report.json"] == NO_GO.read_bytes()
    assert {"README.txt", "manifest.json", "report.html", "report.md", "site.toml", "versions.json"} <= files.keys()
    chains = [name for name in files if name.startswith("chains/")]
    assert any("sent" in name for name in chains)
    assert any("repaired" in name for name in chains)
    assert all(files[name].startswith(b"-----BEGIN CERTIFICATE-----\n") for name in chains)
    versions = json.loads(files["versions.json"])
    assert versions["trust_data"][1]["store"] == "mozilla"
    assert versions["trust_data"][1]["date"]
    assert open_bundle(one.read_bytes()).altered == []


def test_a_bundle_is_opened_like_a_report(tmp_path: Path) -> None:
    case = tmp_path / "case.zip"
    stdiag("bundle", NO_GO, "-o", case, "-q")
    assert stdiag("report", "show", case, "-f", "json").stdout_bytes == NO_GO.read_bytes()
    assert stdiag("report", "judge", case).exit_code == 1
    assert stdiag("report", "validate", case).exit_code == 0
    assert stdiag("bundle", case, "-o", tmp_path / "again.zip", "-q").exit_code == 0
    assert (tmp_path / "again.zip").read_bytes() == case.read_bytes()


def test_a_bundle_that_was_changed_is_told(tmp_path: Path) -> None:
    case = tmp_path / "case.zip"
    stdiag("bundle", NO_GO, "-o", case, "-q")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in contents(case).items():
            archive.writestr(name, content.replace(b"NO-GO", b"GO") if name == "report.md" else content)
    case.write_bytes(buffer.getvalue())
    assert "was changed since it was packed: report.md" in stdiag("report", "show", case, "-f", "short").stderr
    assert stdiag("report", "validate", case).exit_code == 1


def test_a_redacted_bundle_names_nobody(tmp_path: Path) -> None:
    case = tmp_path / "case.zip"
    result = stdiag("bundle", SWEEP, "--redact", "-o", case)
    assert result.exit_code == 0
    files = contents(case)
    assert "case.PRIVATE-map.json" not in files
    assert (tmp_path / "case.PRIVATE-map.json").exists()
    assert not [name for name in files if name.startswith("chains/")]
    for name, content in files.items():
        if name != "README.txt":
            content = content.replace(b"not only on 127.0.0.1", b"")  # noqa: PLW2901 - a remedy's own words
            assert [one for one in NAMES if one.lower() in content.lower()] == [], name
            assert [one for one in NAMES if one.lower() in name.encode().lower()] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "case.json"], "name it case.zip"),
        (["-o", "no/such/case.zip"], "there is no folder"),
        (["gone.json", "-o", "case.zip"], "cannot be read"),
        ([], "Missing option"),
    ],
)
def test_mistakes_of_bundle_cost_a_sentence(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = stdiag("bundle", *arguments)
    assert (result.exit_code, words in result.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_hostile_report_steers_no_terminal_and_no_path(tmp_path: Path) -> None:
    evil = "\x1b[2J\u202e../../etc/passwd\x00"

    def spoil(document: Any) -> None:
        check = document["checks"][0]
        check["subject"]["host"] = evil
        check["findings"][0]["subject"]["host"] = evil
        check["findings"][0]["params"]["missing"] = evil
        document["site"]["stproxy"]["url"] = evil
        document["run"]["arguments"] = [evil]

    spoilt = changed(tmp_path / "evil.json", spoil)
    for command, *files in (
        ("show", spoilt),
        ("judge", spoilt),
        ("diff", HEALTHY, spoilt),
        ("compare", HEALTHY, spoilt),
    ):
        result = stdiag("report", command, *files)
        assert result.exit_code in (0, 1, 3), result.output
        assert "\x1b[2J" not in result.output
        assert "\u202e" not in result.output
        assert "\x00" not in result.output
    assert stdiag("bundle", spoilt, "-o", tmp_path / "e.zip", "-q").exit_code == 0
    names = contents(tmp_path / "e.zip")
    assert all(".." not in name and not name.startswith("/") for name in names)
    assert stdiag("bundle", spoilt, "--redact", "-o", tmp_path / "f.zip", "-q").exit_code == 0


def test_a_run_is_reported_and_judged_again_the_same(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    for name in ("complete.pem", "leaf-only.pem", "swapped.pem", "expired-leaf.pem"):
        run = judged_file(name, "-o", file)
        again = stdiag("report", "judge", file, "-f", "json")
        assert again.exit_code == run.exit_code
        stored, judged = json.loads(file.read_bytes()), json.loads(again.stdout)
        assert judged == stored
