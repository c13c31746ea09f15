"""`--plan` opens nothing: it lists what would be contacted, and why."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from tests.unit.cli.invoke import stdiag


@pytest.fixture(autouse=True)
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes a socket or looks a name up has failed."""

    def opened(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError("--plan opened a socket")

    monkeypatch.setattr(socket, "socket", opened)
    monkeypatch.setattr(socket, "create_connection", opened)
    for name in ("getaddrinfo", "gethostbyname", "getnameinfo"):
        monkeypatch.setattr(socket, name, opened)


@pytest.mark.parametrize("form", ["text", "md", "json", "short"])
@pytest.mark.parametrize("command", [["all", "chat.example.com"], ["tls", "chat.example.com", "mux.example.com:1516"]])
def test_every_format(command: list[str], form: str) -> None:
    result = stdiag(*command, "--plan", "-f", form)
    assert (result.exit_code, result.exception) == (0, None)
    for target in command[1:]:
        assert target.partition(":")[0] in result.stdout
    assert "443" in result.stdout
    if form == "json":
        json.loads(result.stdout)


def test_the_firewall_request_names_all_that_it_needs() -> None:
    document = json.loads(stdiag("all", "chat.example.com", "--plan", "--from", "inside", "-f", "json").stdout)
    text = json.dumps(document)
    for word in ("a machine in the inside network", "chat.example.com", "443", "53", "outbound", "caIssuers"):
        assert word in text


def test_offline_leaves_the_issuers_out() -> None:
    assert "issuers" in stdiag("tls", "chat.example.com", "--plan").stdout
    assert "caIssuers" not in stdiag("tls", "chat.example.com", "--plan", "--offline").stdout


def test_it_goes_into_a_file_too(tmp_path: Path) -> None:
    result = stdiag("all", "chat.example.com", "--plan", "-o", tmp_path / "request.md")
    assert result.exit_code == 0
    assert "chat.example.com" in (tmp_path / "request.md").read_text("utf-8")
