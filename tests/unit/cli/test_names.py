"""`stdiag names` on the command line: what it takes, and that --plan opens nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.cli.invoke import stdiag

SITE = """\
[stproxy]
url = "https://chat.example.com"
[names]
hosts = ["db2.example.com:50000"]
management_networks = ["10.99.0.0/16"]
"""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chat example.com"], "has a space in it"),
        (["chat.example.com", "https://db2.example.com/x"], "is not a host"),
        (["u:hunter2@chat.example.com", "db2.example.com"], "a user stands before the host"),
        (["chat.example.com:0"], "port"),
        (["nowhere.toml"], "there is no such file"),
        (["chat.example.com", "--management-network", "10.99.0.7/16"], 'write "10.99.0.0/16"'),
        (["chat.example.com", "--management-network", "all"], "--management-network"),
        (["127.0.0.1"], "there is no name to look up"),
        (["localhost"], "there is no name to look up"),
    ],
)
def test_mistakes(arguments: list[str], words: str) -> None:
    result = stdiag("names", *arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert "hunter2" not in result.output
    assert "Traceback" not in result.output


def planned(*arguments: str | Path) -> dict[str, Any]:
    result = stdiag("names", *arguments, "--plan", "-f", "json", "-q")
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def places(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(line["destination"], line["port"]) for line in document["contacts"]]


def test_hosts_with_and_without_a_port() -> None:
    document = planned("Chat.example.com", "db2.example.com:50000", "chat.example.com")
    assert [check["subject"] for check in document["checks"]] == ["chat.example.com", "db2.example.com"]
    assert sorted(places(document)) == [("db2.example.com", "50000"), ("the DNS servers of this machine", "53")]


@pytest.mark.parametrize("name", ["stdiag.toml", "site"])
def test_a_site_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(SITE, encoding="utf-8")
    assert [check["subject"] for check in planned(file)["checks"]] == ["chat.example.com", "db2.example.com"]


def test_a_url_is_a_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert places(planned("https://chat.example.com:9443/"))[0] == ("chat.example.com", "9443")
    (tmp_path / "stdiag.toml").write_text(SITE, encoding="utf-8")
    assert len(planned()["checks"]) == 2


def test_a_report_of_names_that_are_answered_here() -> None:
    told = ("--resolve", "chat.lab.example=127.0.0.1", "--management-network", "127.0.0.0/8")
    result = stdiag("names", "chat.lab.example", *told, "-f", "json", "-q")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    (check,) = report["checks"]
    assert [finding["code"] for finding in check["findings"]] == ["names-management-address"]
    assert report["site"]["names"]["management_networks"] == ["127.0.0.0/8"]
    assert check["observation"]["system_asked"] is False
