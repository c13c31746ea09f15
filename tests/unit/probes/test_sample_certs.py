"""Every example chain is judged as sample_certs/expected.toml says, through the command line."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from stdiag.cli.main import cli

SAMPLES = Path(__file__).parents[3] / "sample_certs"
EXPECTED: list[dict[str, Any]] = tomllib.loads((SAMPLES / "expected.toml").read_text(encoding="utf-8"))["sample"]
JUDGED = [sample for sample in EXPECTED if sample.get("exit") != 2]
REFUSED = [sample for sample in EXPECTED if sample.get("exit") == 2]
ROOTS = {"root.pem", "old-root.pem", "private-root-ca.pem", "expired-root-ca.pem"}
KEY_LINES = set((SAMPLES / "keys" / "server.pem").read_text(encoding="ascii").splitlines()[1:-1])


def title(sample: dict[str, Any]) -> str:
    parts = [sample["file"], sample.get("name"), sample.get("ca_file")]
    return "-".join(part.removesuffix(".pem") for part in parts if part)


def judged(sample: dict[str, Any], *more: str) -> Result:
    arguments = ["tls", "--file", str(SAMPLES / sample["file"]), "--name", sample.get("name", "chat.example.com")]
    if "ca_file" in sample:
        arguments += ["--ca-file", str(SAMPLES / sample["ca_file"])]
    return CliRunner().invoke(cli, [*arguments, "--offline", *more])


@pytest.mark.parametrize("sample", JUDGED, ids=title)
def test_sample(sample: dict[str, Any]) -> None:
    result = judged(sample, "-f", "json")
    assert not isinstance(result.exception, Exception), result.exc_info
    report = json.loads(result.stdout)
    findings = [finding for check in report["checks"] for finding in check["findings"]]
    serious = {finding["code"]: finding["severity"] for finding in findings if finding["severity"] != "info"}
    assert set(serious) == set(sample.get("codes", []))
    assert {finding["code"] for finding in findings if finding["severity"] == "info"} >= set(sample.get("info", []))
    decision = sample.get("decision", "no-go" if sample.get("codes") else "go")
    assert report["verdict"]["decision"] == decision
    assert result.exit_code == {"go": 0, "no-go": 1}[decision]


@pytest.mark.parametrize("sample", REFUSED, ids=title)
def test_what_cannot_be_judged_costs_one_sentence(sample: dict[str, Any]) -> None:
    result = judged(sample)
    assert result.exit_code == 2
    assert result.stdout == ""
    sentence = result.stderr.strip().splitlines()[-1]
    assert sample["sentence"] in sentence
    assert not [line for line in KEY_LINES if line in result.stderr]


def test_a_private_key_is_noticed_and_never_shown() -> None:
    sample = {"file": "key-in-file.pem", "ca_file": "root.pem"}
    for form in ("json", "text", "md"):
        result = judged(sample, "-f", form)
        assert "private key" in result.stderr
        assert not [line for line in KEY_LINES if line in result.output]


@pytest.mark.parametrize("form", ["text", "md", "short"])
def test_control_characters_of_a_certificate_reach_no_terminal(form: str) -> None:
    result = judged({"file": "hostile-name.pem", "name": "other.example.com"}, "-f", form)
    assert result.exit_code == 1
    assert not {character for character in result.stdout if character < " "} - {"\n"}


def test_every_file_is_in_the_table() -> None:
    assert {sample["file"] for sample in EXPECTED} | ROOTS == {file.name for file in SAMPLES.glob("*.pem")}


def test_the_files_are_as_generated() -> None:
    check = [sys.executable, str(SAMPLES / "generate.py"), "--check"]
    done = subprocess.run(check, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "sample_certs"
    shutil.copytree(SAMPLES, copy)
    (copy / "complete.pem").write_bytes((copy / "leaf-only.pem").read_bytes())
    (copy / "stray.pem").write_bytes(b"")
    check = [sys.executable, str(copy / "generate.py"), "--check"]
    done = subprocess.run(check, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "complete.pem: missing or not as generated; run python sample_certs/generate.py",
        "stray.pem: generate.py does not make it; remove it",
    ]
