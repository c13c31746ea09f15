"""`stdiag paths` on the command line: a mistake costs one sentence, no password is repeated, --plan opens nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.unit.cli.invoke import stdiag

HOST = "mux.example.com"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "COMMUNITY_HOST"),
        (["mux example"], "COMMUNITY_HOST"),
        ([HOST, "--port", "0"], "--port"),
        ([HOST, "--port", "x"], "--port"),
        ([HOST, "--proxy", "proxy:3128"], "what kind of proxy"),
        ([HOST, "--proxy", "sock5://proxy"], "did you mean socks5://"),
        ([HOST, "--proxy", "reverse:https://front"], "names no affinity id"),
        ([HOST, "--no-direct"], "leaves no path"),
        ([HOST, "--proxy-user", "u"], "belong to a --proxy URL"),
        (
            [HOST, "--proxy", "http://p", "--proxy-user", "u", "--proxy-password", "hunter2"],
            "where the password comes from",
        ),
        (
            [HOST, "--proxy", "http://p", "--proxy-user", "u", "--proxy-password", "env:STDIAG_NO_SUCH"],
            "no such variable",
        ),
        ([HOST, "--proxy", "http://u:hunter2@p:x"], "port"),
        ([HOST, "--expected", "shut"], "--expected"),
        ([HOST, "--dns", "elsewhere"], "--dns"),
    ],
)
def test_mistakes(arguments: list[str], words: str) -> None:
    result = stdiag("paths", *arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert "hunter2" not in result.output
    assert "Traceback" not in result.output


def plan(*arguments: str) -> list[tuple[str, str]]:
    result = stdiag("paths", HOST, *arguments, "--plan", "-f", "json", "-q")
    assert result.exit_code == 0, result.output
    return [(line["destination"], line["port"]) for line in json.loads(result.stdout)["contacts"]]


def test_the_plan_names_first_hops_and_asks_for_no_password() -> None:
    proxies = ["--proxy", "http://u@proxy.example.com:3128", "--proxy-password", "env:STDIAG_NO_SUCH"]
    assert plan(*proxies, "--port", "1533") == [
        (HOST, "1533"),
        ("proxy.example.com", "3128"),
        ("the DNS servers of this machine", "53"),
    ]


def test_a_password_in_the_url_is_warned_about() -> None:
    result = stdiag("paths", HOST, "--no-direct", "--proxy", "socks5://u:hunter2@127.0.0.1:1", "--plan")
    assert result.exit_code == 0
    assert "shows in your shell's history" in result.stderr
    assert "hunter2" not in result.output


def test_all_reads_the_community_of_the_site_file(tmp_path: Path) -> None:
    file = tmp_path / "stdiag.toml"
    file.write_text(
        f'[community]\nhost = "{HOST}"\n[[community.path]]\nvia = "socks5://proxy.example.com"\nuser = "u"\n'
        'password = "env:STDIAG_NO_SUCH"\nports = [1533]\n',
        encoding="utf-8",
    )
    planned = stdiag("all", file, "--plan", "-f", "json")
    assert [one["probe"] for one in json.loads(planned.stdout)["checks"]] == ["paths", "names", "names"]
    result = stdiag("all", file, "--offline")
    assert result.exit_code == 2
    assert "[[community.path]] password = env:STDIAG_NO_SUCH: there is no such variable" in result.output
