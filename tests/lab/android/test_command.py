"""`stdiag android` against the lab, as a shell would see it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.lab.conftest import Start

from stdiag.cli.main import cli

LOG = (
    "2013/06/21 16:28:15.891    340    SEVERE  HTTPComm.sendURLRequest:100 exception = "
    "javax.net.ssl.SSLHandshakeException: java.security.cert.CertPathValidatorException: "
    "Trust anchor for certification path not found.\n"
    "2013/06/21 16:28:17.891    340    SEVERE  X:1 java.net.UnknownHostException: Unable to resolve host "
    '"chat.lab.example": No address associated with hostname\n'
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["android", *map(str, arguments)])


def report_of(result: Result) -> dict[str, Any]:
    assert result.exit_code in (0, 1, 3), result.output
    return dict(json.loads(result.stdout))


def told(result: Result) -> tuple[dict[str, str], dict[str, Any]]:
    (story,) = report_of(result)["stories"]
    return {step["stage"]: step["state"] for step in story["steps"]}, story


@pytest.mark.parametrize(
    ("fault", "version", "stage", "code"),
    [
        ("missing-intermediate", "9", "certificate", "tls-chain-incomplete"),
        ("missing-intermediate", "4.4.4", "tls", "tls-client-no-common-tls"),
        ("tls-new-only", "9", "tls", "tls-version-new-only"),
        ("refused", "9", "tcp", "net-refused"),
        ("action-missing", "9", "url", "prov-action-missing"),
        ("not-tls-http", "9", "tls", "tls-not-tls"),
        ("proxy-asks-negotiate", "9", "reverse-proxy", "prov-proxy-auth-scheme"),
        ("proxy-asks-basic", "9", "reverse-proxy", "prov-proxy-auth-unexpected"),
        ("community-down", "9", "stproxy", "prov-community-down"),
    ],
)
def test_the_first_thing_that_stops_it(start: Start, fault: str, version: str, stage: str, code: str) -> None:
    result = run(start(fault).site_file, "--version", version, "-f", "json", "--timeout", "0.5")
    states, story = told(result)
    (stopped,) = [one for one, state in states.items() if state == "stops"]
    assert stopped == stage
    assert next(step for step in story["steps"] if step["stage"] == stage)["code"] == code
    assert list(states.values())[list(states).index(stage) + 1 :].count("not-reached") == 8 - list(states).index(stage)
    assert story["browser"]
    assert result.exit_code == 1


@pytest.mark.parametrize("version", [["--version", "9"], ["--version", "Android 5.0"], []])
def test_a_healthy_server_stops_nobody(start: Start, version: list[str]) -> None:
    result = run(start().site_file, *version, "-f", "json")
    states, story = told(result)
    assert not {"stops", "not-reached"} & set(states.values())
    assert states["stproxy"] == "ok"
    assert story["browser"] == ""
    assert result.exit_code == 0


def test_the_log_is_confirmed_and_the_network_is_not_judged_from_here(start: Start, tmp_path: Path) -> None:
    log = tmp_path / "sametime.log"
    log.write_text(LOG, encoding="utf-8")
    _, story = told(run(start("missing-intermediate").site_file, "--version", "9", "--log", log, "-f", "json"))
    assert [(claim["code"], claim["standing"]) for claim in story["log"]] == [
        ("log-chain-not-trusted", "confirmed"),
        ("log-name-not-found", "not-reproduced"),
    ]


def test_a_silence_is_measured(start: Start) -> None:
    result = run(start().site_file, "--version", "9", "--hold", "1", "-f", "json")
    states, _ = told(result)
    assert states["idle"] == "ok"
    held = report_of(result)["checks"][1]["observation"]["idle"]
    assert held["ended"] == "answered"
    assert held["lasted_s"] == pytest.approx(1, abs=0.3)


def test_the_screen_tells_the_story_before_the_remedy(start: Start) -> None:
    result = run(start("missing-intermediate").site_file, "--version", "9")
    assert result.exit_code == 1
    assert result.stdout.index("What Android 9 meets") < result.stdout.index("Remedy")
    assert "Why a desktop browser works" in result.stdout


def test_the_plan_opens_nothing_and_names_the_server(start: Start) -> None:
    lab = start()
    result = run(lab.site_file, "--plan")
    assert result.exit_code == 0
    assert "chat.lab.example" in result.stdout


def test_a_stored_story_is_told_again(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    made = run(start("missing-intermediate").site_file, "--version", "9", "-o", file)
    assert made.exit_code == 1
    again = CliRunner().invoke(cli, ["report", "judge", str(file), "-f", "json", "-q"])
    assert json.loads(again.stdout)["stories"] == json.loads(file.read_bytes())["stories"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["chat.example.com", "--version", "99"],
        ["chat.example.com", "--version", "new"],
        ["chat.example.com", "--version", ""],
        ["chat.example.com", "--log", "there-is-no-such.log"],
        ["chat.example.com", "--hold", "-1"],
        ["https://"],
    ],
)
def test_a_mistake_is_one_sentence_before_the_run(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
