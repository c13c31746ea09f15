"""`stdiag provisioning check --via PROXY`: every question goes through the proxy, and its faults are its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.lab.peers_faulty import answers, closes, peer, refusing, silent, watched_peer
from tests.lab.provisioning.web import HEALTHY, PROXY_INFO, STPROXY, Page, web
from tests.lab.proxies import FakeProxy, http, running, socks4, socks5
from tests.lab.tls_servers import inside_tls, server_context, tls
from tests.peers.identity import authority, leaf
from tests.unit.cli.invoke import stdiag

HOST = "chat.example.com"
ACTION = "/?action=AddCommunity"
PASSWORD = "correct-horse"  # noqa: S105 - of a proxy on loopback
BEHAVIOURS = {"http": http, "socks4": socks4, "socks4a": socks4, "socks5": socks5, "socks5h": socks5}


def report(url: str, *arguments: str | Path, code: int = 0) -> dict[str, Any]:
    result = stdiag("provisioning", "check", url, *arguments, "-f", "json")
    assert result.exit_code == code, result.output
    assert PASSWORD not in result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def check_of(found: dict[str, Any]) -> dict[str, Any]:
    (check,) = [check for check in found["checks"] if check["probe"] == "provisioning"]
    return dict(check)


def causes(found: dict[str, Any]) -> list[str]:
    return [cause["code"] for cause in found["verdict"]["causes"]]


def plain(port: int | str, more: str = "") -> str:
    return f"sametime://{HOST}:{port}{ACTION}&ssl=false{more}"


@pytest.mark.parametrize("kind", BEHAVIOURS)
@pytest.mark.parametrize("encrypted", [True, False], ids=["tls", "plain"])
def test_what_answers_behind_a_proxy(kind: str, encrypted: bool, tmp_path: Path) -> None:
    remote = kind in ("http", "socks4a", "socks5h")
    fake = FakeProxy(names={HOST: "127.0.0.1"})
    root = authority("Example Root")
    root_file = tmp_path / "root.pem"
    root_file.write_text(root.pem, encoding="ascii")
    resolve = [] if remote else ["--resolve", f"{HOST}=127.0.0.1"]
    healthy = HEALTHY[PROXY_INFO].encoded()
    behaviour = tls(server_context(tmp_path, leaf(HOST, root)), healthy) if encrypted else answers(healthy)
    with peer(behaviour) as port, running(fake, BEHAVIOURS[kind](fake)):
        via = f"{kind}://127.0.0.1:{fake.port}"
        url = f"hclsametime://{HOST}:{port}{ACTION}" if encrypted else plain(port)
        found = report(url, "--via", via, "--ca-file", root_file, *resolve)
    assert causes(found) == []
    check = check_of(found)
    assert check["subject"]["via"] == check["path"]["proxy"] == check["observation"]["via"] == via
    assert check["path"]["resolves"] == ("proxy" if remote else "here")
    (answered,) = check["analysis"]["addresses"]
    assert (answered["answerer"], answered["status"]) == ("stproxy", 200)
    assert answered["address"] == (HOST if remote else "127.0.0.1")
    assert {target for target, _ in fake.asked} == {HOST if remote else "127.0.0.1"}
    assert [one["probe"] for one in found["checks"]] == (["tls"] if encrypted else []) + ["provisioning"]
    assert {one["subject"]["via"] for one in found["checks"]} == {via}


def test_inside_the_tls_of_the_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROXY_PASSWORD", PASSWORD)
    root = authority("Example Root")
    root_file = tmp_path / "root.pem"
    root_file.write_text(root.pem, encoding="ascii")
    fake = FakeProxy(names={HOST: "127.0.0.1"}, password=("joe", PASSWORD))
    behaviour = inside_tls(server_context(tmp_path, leaf("127.0.0.1", root)), http(fake))
    stproxy = tls(server_context(tmp_path, leaf(HOST, root)), HEALTHY[PROXY_INFO].encoded())
    with peer(stproxy) as port, running(fake, behaviour):
        via = ["--via", f"https://joe@127.0.0.1:{fake.port}", "--via-password", "env:PROXY_PASSWORD"]
        found = report(f"hclsametime://{HOST}:{port}{ACTION}", *via, "--ca-file", root_file)
    assert causes(found) == []
    assert check_of(found)["analysis"]["addresses"][0]["answerer"] == "stproxy"


def test_what_the_server_says_is_still_the_servers() -> None:
    fake = FakeProxy(names={HOST: "127.0.0.1"})
    page = Page(body=STPROXY.replace(b"true", b"false"))
    with web({PROXY_INFO: page}) as port, running(fake, http(fake)):
        found = report(plain(port), "--via", f"http://127.0.0.1:{fake.port}", code=1)
        assert causes(found) == ["prov-community-down"]
        assert check_of(found)["findings"][0]["subject"]["via"] == f"http://127.0.0.1:{fake.port}"
        found = report(f"hclsametime://{HOST}:{port}{ACTION}", "--via", f"http://127.0.0.1:{fake.port}", code=1)
    assert causes(found) == ["tls-not-tls"]  # and the provisioning check's own finding folds under it
    assert found["verdict"]["causes"][0]["folded"]


@pytest.mark.parametrize(
    ("kind", "behaviour", "code"),
    [
        ("http", answers(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"), "path-proxy-denied"),
        ("http", answers(b"HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n"), "path-proxy-says-no"),
        ("http", answers(b"HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\n\r\n"), "path-proxy-login"),
        ("http", answers(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"), "path-proxy-answer"),
        ("http", silent, "path-proxy-answer"),
        ("socks5h", closes, "path-proxy-answer"),
        ("socks5h", answers(b"\5\0", then=answers(b"\5\2\0\1" + b"\0" * 6)), "path-proxy-denied"),
        ("socks4a", answers(b"\0\x5b" + b"\0" * 6), "path-proxy-says-no"),
        ("https", answers(b"HTTP/1.1 400 x\r\n\r\n"), "path-proxy-tls"),
    ],
    ids=["denied", "refused", "ntlm", "page", "silent", "closes", "socks5-denied", "socks4-refused", "not-tls"],
)
def test_a_proxys_fault_is_one_cause_for_both_checks(kind: str, behaviour: Any, code: str) -> None:
    url = f"hclsametime://{HOST}{ACTION}"
    with watched_peer(behaviour) as log:
        found = report(url, "--via", f"{kind}://127.0.0.1:{log.port}", "--timeout", "0.1", code=1)
    assert causes(found) == [code]
    assert {one["code"] for check in found["checks"] for one in check["findings"]} == {code}
    assert len(found["checks"]) == 2


def test_nobody_listens_at_the_proxy() -> None:
    with refusing() as port:
        found = report(plain(9080), "--via", f"http://127.0.0.1:{port}", code=1)
    assert causes(found) == ["path-proxy-unreachable"]
    assert check_of(found)["findings"][0]["subject"] == {"kind": "endpoint", "host": "127.0.0.1", "port": port}


@pytest.mark.parametrize("kind", ["http", "socks5h"])
def test_a_wrong_password_is_sent_once(kind: str) -> None:
    fake = FakeProxy(password=("joe", "another"), verdict_delay=0.1)
    urls = [f"hclsametime://host{number}.example.com{ACTION}" for number in range(4)]
    with running(fake, BEHAVIOURS[kind](fake)):
        via = f"{kind}://joe:{PASSWORD}@127.0.0.1:{fake.port}"
        found = report(urls[0], *urls[1:], "--via", via, code=1)
    assert fake.passwords == [("joe", PASSWORD)]
    assert causes(found) == ["path-proxy-login"]


def test_a_photo_port_that_the_proxy_does_not_lead_to() -> None:
    fake = FakeProxy(names={HOST: "127.0.0.1"})
    with web(HEALTHY) as port, refusing() as photos, running(fake, http(fake)):
        found = report(plain(port, f"&photoPort={photos}"), "--via", f"http://127.0.0.1:{fake.port}")
    assert causes(found) == ["prov-photo-port"]
    assert check_of(found)["findings"][0]["params"]["problem"] == "the proxy gives no connection to it"


def test_socks4_and_no_ipv4() -> None:
    with refusing() as port:
        via = f"socks4://127.0.0.1:{port}"
        found = report(plain(9080), "--via", via, "--resolve", f"{HOST}=::1", code=1)
    assert causes(found) == ["path-no-ipv4"]


def test_the_plan_asks_for_the_way_to_the_proxy_only() -> None:
    url = plain(9080, "&photoPort=8443")
    result = stdiag("provisioning", "check", url, "--via", "socks5h://proxy:1080", "--plan", "-f", "json")
    lines = [(one["source"], one["destination"], one["port"]) for one in json.loads(result.stdout)["contacts"]]
    assert lines == [
        ("this machine", "proxy", "1080"),
        ("the proxy proxy", HOST, "9080"),
        ("the proxy proxy", HOST, "8443"),
        ("this machine", "the DNS servers of this machine", "53"),
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--via", "http://proxy:3128", "--text-only"], "leave --via out"),
        (["--via-password", "prompt"], "which is missing"),
        (["--via", f"socks4://joe:{PASSWORD}@proxy"], "SOCKS4 knows no password"),
    ],
)
def test_mistakes_end_before_the_run(arguments: list[str], says: str) -> None:
    result = stdiag("provisioning", "check", plain(9080), *arguments)
    assert result.exit_code == 2
    assert says in " ".join(result.output.split())
    assert PASSWORD not in result.output
