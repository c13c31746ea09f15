"""`stdiag tls --via PROXY`: every contact of the check goes through the proxy, and a proxy's fault is never the
server's."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.lab.peers_faulty import answers, closes, peer, refusing, silent, watched_peer
from tests.lab.proxies import FakeProxy, http, running, socks4, socks5
from tests.lab.tls_servers import PAGE, inside_tls, server_context, tls
from tests.peers.identity import authority, leaf
from tests.peers.issuer_server import IssuerServer, issuer_server
from tests.unit.cli.invoke import stdiag

HOST = "chat.example.com"
ROOT = authority("Example Root")
INTERMEDIATE = authority("Example Intermediate", ROOT)
PASSWORD = "correct-horse"  # noqa: S105 - of a proxy on loopback
BEHAVIOURS = {"http": http, "socks4": socks4, "socks4a": socks4, "socks5": socks5, "socks5h": socks5}


@contextlib.contextmanager
def server(folder: Path, issuers: IssuerServer, *, at: str = "ca.example.com") -> Iterator[int]:
    """A TLS server that does not send its intermediate; the name of the place where it is is `at`."""
    issuers.serve("/ca.der", INTERMEDIATE.certificate.public_bytes(Encoding.DER))
    identity = leaf(HOST, INTERMEDIATE, ca_issuers=[f"http://{at}:{issuers.port}/ca.der"])
    with peer(tls(server_context(folder, identity), PAGE)) as port:
        yield port


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    file = tmp_path / "root.pem"
    file.write_text(ROOT.pem, encoding="ascii")
    return file


def report(*arguments: str | Path, code: int = 1) -> dict[str, Any]:
    result = stdiag("tls", *arguments, "-f", "json", "-q")
    assert result.exit_code == code, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def codes(found: dict[str, Any]) -> list[str]:
    return sorted({finding["code"] for check in found["checks"] for finding in check["findings"]})


@pytest.mark.parametrize("kind", BEHAVIOURS)
def test_the_chain_and_its_issuers_come_through_the_proxy(kind: str, tmp_path: Path, ca_file: Path) -> None:
    remote = kind in ("http", "socks4a", "socks5h")
    fake = FakeProxy(names={HOST: "127.0.0.1", "ca.example.com": "127.0.0.1"})
    with issuer_server() as issuers, running(fake, BEHAVIOURS[kind](fake)):
        with server(tmp_path, issuers, at="ca.example.com" if remote else "127.0.0.1") as port:
            resolve = [] if remote else ["--resolve", f"{HOST}=127.0.0.1"]
            via = f"{kind}://127.0.0.1:{fake.port}"
            found = report(f"{HOST}:{port}", "--via", via, "--ca-file", ca_file, *resolve)
        asked = issuers.asked
    assert codes(found) == ["tls-chain-incomplete"]
    check = found["checks"][0]
    assert check["path"]["proxy"] == check["subject"]["via"] == via
    assert check["path"]["resolves"] == ("proxy" if remote else "here")
    assert check["findings"][0]["subject"]["via"] == via
    assert check["analysis"]["chains"][0]["recoverable"] is True
    assert asked == ["/ca.der"]
    assert {target for target, _ in fake.asked} == ({HOST, "ca.example.com"} if remote else {"127.0.0.1"})
    assert found["run"]["provenance"]["via"] == "--via"


def test_an_issuers_name_inside_is_not_asked_for_on_a_certificates_word(tmp_path: Path, ca_file: Path) -> None:
    fake = FakeProxy(names={HOST: "127.0.0.1", "intranet": "127.0.0.1"})
    for inside in ("intranet", "127.0.0.1"):
        with issuer_server() as issuers, running(fake, http(fake)), server(tmp_path, issuers, at=inside) as port:
            found = report(f"{HOST}:{port}", "--via", f"http://127.0.0.1:{fake.port}", "--ca-file", ca_file)
            assert issuers.asked == []
        assert found["checks"][0]["observation"]["fetched"][0]["fault"]["reason"] == "forbidden-target"


@pytest.mark.parametrize("kind", ["http", "socks5h"])
@pytest.mark.parametrize("source", ["url", "env", "file", "prompt"])
def test_a_password_opens_the_way_and_stands_nowhere(
    kind: str, source: str, tmp_path: Path, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeProxy(names={HOST: "127.0.0.1", "ca.example.com": "127.0.0.1"}, password=("joe", PASSWORD))
    monkeypatch.setenv("PROXY_PASSWORD", PASSWORD)
    (tmp_path / "password.txt").write_bytes(b"\xef\xbb\xbf" + PASSWORD.encode() + b"\r\nsecond line\n")
    given = {"env": "env:PROXY_PASSWORD", "file": f"file:{tmp_path / 'password.txt'}", "prompt": "prompt"}
    with issuer_server() as issuers, running(fake, BEHAVIOURS[kind](fake)), server(tmp_path, issuers) as port:
        user = f"joe:{PASSWORD}" if source == "url" else "joe"
        arguments = ["--via", f"{kind}://{user}@127.0.0.1:{fake.port}"]
        arguments += ["--via-password", given[source]] if source in given else []
        monkeypatch.setattr("sys.argv", ["stdiag", "tls", f"{HOST}:{port}", *arguments])
        result = stdiag(
            "tls", f"{HOST}:{port}", *arguments, "--ca-file", ca_file, "-f", "json", "--debug", stdin=b"correct-horse\n"
        )
        assert issuers.asked == ["/ca.der"]
    assert result.exit_code == 1, result.output
    assert set(fake.passwords) == {("joe", PASSWORD)}
    assert codes(json.loads(result.stdout)) == ["tls-chain-incomplete"]
    assert PASSWORD not in result.stdout + result.stderr
    assert ("shows in your shell's history" in result.stderr) == (source == "url")


@pytest.mark.parametrize("known", [True, False])
def test_an_https_proxy_of_the_own_ca_gets_the_password(
    known: bool, tmp_path: Path, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The roots that --ca-file names count for the proxy, as they do for the server."""
    monkeypatch.setenv("PROXY_PASSWORD", PASSWORD)
    other = tmp_path / "other.pem"
    other.write_text(authority("Another Root").pem, encoding="ascii")
    fake = FakeProxy(names={HOST: "127.0.0.1"}, password=("joe", PASSWORD))
    behaviour = inside_tls(server_context(tmp_path, leaf("127.0.0.1", ROOT)), http(fake))
    with issuer_server() as issuers, server(tmp_path, issuers) as port, running(fake, behaviour):
        via = ["--via", f"https://joe@127.0.0.1:{fake.port}", "--via-password", "env:PROXY_PASSWORD"]
        found = report(f"{HOST}:{port}", *via, "--ca-file", ca_file if known else other, "--offline")
    assert set(fake.passwords) == ({("joe", PASSWORD)} if known else set())
    assert codes(found) == (["tls-chain-incomplete"] if known else ["path-proxy-login"])


@pytest.mark.parametrize("kind", ["http", "socks5h"])
def test_a_wrong_password_is_sent_once_for_many_targets(kind: str) -> None:
    fake = FakeProxy(password=("joe", PASSWORD), verdict_delay=0.1)
    with running(fake, BEHAVIOURS[kind](fake)):
        targets = [f"host{number}.example.com" for number in range(12)]
        found = report(*targets, "--via", f"{kind}://joe:wrong@127.0.0.1:{fake.port}")
    assert fake.passwords == [("joe", "wrong")]
    assert codes(found) == ["path-proxy-login"]
    assert len(found["verdict"]["causes"]) == 1  # said once for all twelve


def test_what_a_proxy_does_is_not_the_servers_fault() -> None:
    denied = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    ntlm = b"HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n"
    page = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"
    cases = [
        ("http", answers(denied), "path-proxy-denied"),
        ("http", answers(b"HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n"), "path-proxy-says-no"),
        ("http", answers(ntlm), "path-proxy-login"),
        ("http", answers(page), "path-proxy-answer"),
        ("http", answers(b"\5\xff"), "path-proxy-answer"),
        ("http", silent, "path-proxy-answer"),
        ("socks5h", closes, "path-proxy-answer"),
        ("socks5h", answers(b"\5\0", then=answers(b"\5\2\0\1" + b"\0" * 6)), "path-proxy-denied"),
        ("socks4a", answers(b"\0\x5b" + b"\0" * 6), "path-proxy-says-no"),
        ("https", answers(b"HTTP/1.1 400 x\r\n\r\n"), "path-proxy-tls"),
    ]
    for kind, behaviour, code in cases:
        with watched_peer(behaviour) as log:
            found = report(HOST, "--via", f"{kind}://127.0.0.1:{log.port}", "--timeout", "0.1")
        assert codes(found) == [code], kind
        params = found["checks"][0]["findings"][0]["params"]
        assert params["proxy"] == f"{kind}://127.0.0.1:{log.port}"
        if behaviour is cases[2][1]:
            assert params["schemes"] == ["NTLM"]
    with refusing() as port:
        found = report(HOST, "--via", f"http://127.0.0.1:{port}")
    assert codes(found) == ["path-proxy-unreachable"]
    assert found["checks"][0]["findings"][0]["params"]["cause"] == "it refuses the connection"
    assert found["checks"][0]["findings"][0]["subject"] == {"kind": "endpoint", "host": "127.0.0.1", "port": port}


def test_the_plan_asks_for_the_way_to_the_proxy_only() -> None:
    result = stdiag("tls", HOST, "--via", "http://proxy.example.com:3128", "--plan", "-f", "json")
    assert result.exit_code == 0
    assert "proxy.example.com" in result.stdout
    assert "3128" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--via", "proxy:3128"], "kind of proxy"),
        (["--via", "http://joe@proxy:3128"], "and no password"),
        (["--via", f"socks4://joe:{PASSWORD}@proxy"], "SOCKS4 knows no password"),
        (["--via", "http://joe@proxy", "--via-password", PASSWORD], "where the password comes from"),
        (["--via", "http://joe@proxy", "--via-password", "env:NO_SUCH_VARIABLE"], "no such variable"),
        (["--via", "http://joe@proxy", "--via-password", "file:/no/such/file"], "cannot be read"),
        (["--via", "http://joe:@proxy"], "is empty"),
        (["--via-password", "prompt"], "which is missing"),
    ],
)
def test_mistakes_end_before_the_run(arguments: list[str], says: str) -> None:
    assert "NO_SUCH_VARIABLE" not in os.environ
    result = stdiag("tls", HOST, *arguments)
    assert result.exit_code == 2
    assert says in " ".join(result.output.split())
    assert PASSWORD not in result.output
