"""`stdiag health`, as a shell would see it, and its reports put away and redacted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import Result
from tests.lab.health.test_observe import CHAT, GOOD
from tests.lab.peers_faulty import peer, refusing, watched_peer
from tests.lab.provisioning.web import Page, serves, web
from tests.lab.proxies import FakeProxy, http, running
from tests.unit.cli.invoke import stdiag

from stdiag.engine.redaction.redact import redact
from stdiag.lab.blueprint import HOST
from stdiag.lab.deployment import Lab
from stdiag.probes.registry import probe_named
from stdiag.render.json import from_json

NAME = "chat.example.com"


def health(*arguments: str | Path) -> Result:
    return stdiag("health", *arguments)


def report(*arguments: str | Path, code: int = 0) -> dict[str, Any]:
    result = health(*arguments, "-f", "json")
    assert result.exit_code == code, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def causes(found: dict[str, Any]) -> list[str]:
    return [cause["code"] for cause in found["verdict"]["causes"]]


@pytest.fixture(scope="module")
def lab() -> Any:
    with Lab() as healthy:
        yield healthy


def test_the_healthy_lab(lab: Lab) -> None:
    found = report(lab.site_file)
    assert (found["verdict"]["decision"], causes(found)) == ("go", [])
    assert [check["probe"] for check in found["checks"]] == ["tls", "health"]
    assert found["summary"]["not_checked"] == []


def test_the_screen(lab: Lab) -> None:
    text = health(lab.site_file).stdout
    for line in (
        '/meeting                  200, "Sametime Meetings"',
        f"http://{HOST}/  301, leads to https",
        "Login             user name and password",
        "Community Server  connected",
    ):
        assert line in text


@pytest.mark.parametrize("form", ["md", "html", "short"])
def test_other_forms(lab: Lab, form: str) -> None:
    result = health(lab.site_file, "-f", form)
    assert result.exit_code == 0
    assert form == "short" or "Sametime Meetings" in result.stdout


def test_credentials_are_told_where_no_link_is_checked() -> None:
    with Lab(["proxy-asks-basic"]) as asking:
        found = report(asking.site_file)
    assert (found["verdict"]["decision"], causes(found)) == ("go", ["health-asks-credentials"])
    assert found["site"]["stproxy"] == {"url": f"https://{HOST}"}


def test_a_link_alone_says_where_to_ask() -> None:
    with web(GOOD) as port:
        found = report(f"sametime://u:hunter2@127.0.0.1:{port}/?action=AddCommunity&ssl=false")
    assert [check["subject"]["url"] for check in found["checks"]] == [f"http://127.0.0.1:{port}"]


def test_the_plan_opens_nothing() -> None:
    with watched_peer(serves(GOOD)) as log:
        url = f"http://127.0.0.1:{log.port}"
        result = health(url, "--page", f"{url}/help", "--plan", "-f", "json")
    assert (result.exit_code, log.accepted) == (0, 0)
    assert "the page answers" in result.stdout


def test_a_server_without_tls_and_a_further_page() -> None:
    with web({**GOOD, "/help": Page("404 Not Found")}) as port:
        url = f"http://127.0.0.1:{port}"
        found = report(url, "--page", f"{url}/help", code=1)
    assert causes(found) == ["health-page-missing"]
    assert found["verdict"]["causes"][0]["subject"]["url"] == f"{url}/help"
    assert found["site"]["health"]["pages"] == [f"{url}/help"]


def test_a_page_alone() -> None:
    with web({"/help": CHAT}) as port:
        found = report("--page", f"http://127.0.0.1:{port}/help")
    assert [check["probe"] for check in found["checks"]] == ["health"]


def test_several_servers() -> None:
    with web(GOOD) as one, refusing() as other:
        link = f"sametime://127.0.0.1:{other}/?action=AddCommunity&ssl=false"
        found = report(f"http://127.0.0.1:{one}", link, code=1)
    assert causes(found) == ["net-refused"]
    assert len(found["checks"]) == 2


def test_through_a_proxy() -> None:
    fake = FakeProxy(names={NAME: "127.0.0.1"})
    with web(GOOD) as port, running(fake, http(fake)) as proxy:
        found = report(f"http://{NAME}:{port}", "--via", f"http://127.0.0.1:{proxy.port}")
    (check,) = found["checks"]
    assert check["subject"]["via"] == f"http://127.0.0.1:{proxy.port}"
    assert check["path"]["proxy"] == f"http://127.0.0.1:{proxy.port}"
    assert {step["stage"] for step in check["steps"]} >= {"proxy", "http"}


def test_a_proxy_that_is_not_there_is_the_one_cause() -> None:
    with refusing() as proxy:
        found = report(f"http://{NAME}", "--via", f"http://127.0.0.1:{proxy}", code=1)
    assert causes(found) == ["path-proxy-unreachable"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["ftp://chat.example.com"],
        ["--page", "chat.example.com"],
        ["http://"],
        ["a.example", "b example"],
        ["sametime://h.example.com/?ssl=false", "a.example"],
        ["there-is-no-such-site.toml"],
        ["a.example", "--via-password", "prompt"],
    ],
)
def test_mistakes_are_one_sentence(arguments: list[str]) -> None:
    result = health(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Traceback" not in result.output


def test_what_is_in_a_url_beside_its_place_is_not_used() -> None:
    with peer(serves({"/help": CHAT})) as port:
        result = health("--page", f"http://user:hunter2@127.0.0.1:{port}/help?token=hunter2", "-f", "json")
    assert result.exit_code == 0
    assert "hunter2" not in result.output
    assert "not used here" in result.stderr


def test_a_redacted_report_names_nobody() -> None:
    with Lab(["inner-name"]) as lab:
        text = health(lab.site_file, "-f", "json").stdout
    redacted = msgspec.json.encode(redact(from_json(text.encode()), probe_named).report)
    for name in (b"chat.lab.example", b"lab.example", b"stproxy01", b"Sametime Meetings"):
        assert name not in redacted
    assert b"health-redirect-inner" in redacted
