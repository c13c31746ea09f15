"""`stdiag list`."""

from __future__ import annotations

import json

from click.testing import CliRunner

from stdiag.catalogue.registry import ALL
from stdiag.cli.listing import command
from stdiag.probes.registry import PROBES


def test_every_probe_and_every_code_has_one_line() -> None:
    result = CliRunner().invoke(command, [])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    for code, kind in ALL.items():
        found = [line for line in lines if line.split()[:2] == [code, kind.severity.value]]
        assert len(found) == 1
    for probe in PROBES:
        assert sum(line.startswith(f"  {probe.name} ") for line in lines) == 1
    assert max(map(len, lines)) <= 80


def test_json_is_one_document_with_everything() -> None:
    result = CliRunner().invoke(command, ["--json"])
    document = json.loads(result.output)
    assert [entry["code"] for entry in document["codes"]] == list(ALL)
    assert {entry["name"]: entry["question"] for entry in document["probes"]} == {
        probe.name: probe.question for probe in PROBES
    }
    first = document["codes"][0]
    assert first["severity"] == "error"
    assert first["family"] == "TLS"
    assert first["follows"] == ["tls-chain-wrong-issuer"]
