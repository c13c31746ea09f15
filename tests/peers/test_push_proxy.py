"""Pushes through squid, as companies configure it: each of its refusals is told, and compared with the direct way."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lab.push_services import apns, pem_file, server_context
from tests.peers.command import Run, diagnose
from tests.peers.conftest import NewFolder
from tests.peers.squid import OPEN, STOCK_RULES, basic_auth, squid, windows_auth
from tests.peers.test_push_apns import HOST, ISSUING, KEYS, ROOT, SERVER
from tests.push_keys import PASSPHRASE, key_file, push_identity

pytestmark = pytest.mark.peer("squid")

PASSWORD = "proxy-passw0rd"  # noqa: S105 - of the squid started here
GOOD = push_identity(KEYS)


@contextlib.contextmanager
def service(folder: Path) -> Iterator[int]:
    """The lab's APNs."""
    with apns(server_context(folder, SERVER, ISSUING, client_ca=KEYS, required=True)) as port:
        yield port


def push(folder: Path, proxy: int, resolve: str, *options: str, ports: tuple[int, ...] = (443,)) -> Run:
    """`stdiag all` on a site whose pushes go through the proxy; `resolve` is where both ways come to."""
    (folder / "key.p12").write_bytes(key_file(GOOD))
    (folder / "pass").write_text(PASSPHRASE + "\n", encoding="utf-8")
    (folder / "proxy-pass").write_text(PASSWORD + "\n", encoding="utf-8")
    endpoints = ", ".join(f'"{HOST}:{port}"' for port in ports)
    site = folder / "stdiag.toml"
    site.write_text(
        f"""
vantage = "stproxy"
[push]
key = "key.p12"
passphrase = "file:{folder / "pass"}"
via = "http://127.0.0.1:{proxy}"
{"".join(f"{option}{chr(10)}" for option in options)}
google = false
expected_roots = ["{pem_file(folder, ROOT)}"]
[push.endpoints]
apns = [{endpoints}]
[resolve]
{resolve}
""",
        encoding="utf-8",
    )
    return diagnose("all", site, "--timeout", "0.5")


def through(run: Run) -> list[dict[str, object]]:
    """Analyses of the endpoints through the proxy."""
    return [check["analysis"] for check in run.report["checks"] if check["subject"].get("via")]


@pytest.fixture
def folder(open_folder: NewFolder) -> Path:
    return open_folder()


def refused() -> int:
    """A port that nothing listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def test_the_way_through_the_proxy_is_proven(folder: Path, tmp_path: Path) -> None:
    with service(tmp_path) as port, squid(folder, OPEN) as proxy:
        run = push(tmp_path, proxy.port, f'"{HOST}" = "127.0.0.1:{port}"')
    (found,) = through(run)
    assert (found["stage"], found["apns_reason"]) == ("ok", "BadDeviceToken")
    assert run.decision == "go"
    assert proxy.requests


def test_squids_own_rule_lets_443_pass_only(folder: Path, tmp_path: Path) -> None:
    with service(tmp_path) as port, squid(folder, STOCK_RULES) as proxy:
        run = push(tmp_path, proxy.port, f'"{HOST}" = "127.0.0.1:{port}"')
    (found,) = through(run)
    assert (found["stage"], found["reasons"]) == ("proxy-policy", ["proxy-policy:port-denied", "proxy-policy:denied"])
    assert run.severity("push-proxy-failed") == "error"


def test_a_proxy_that_asks_who_it_is(folder: Path, tmp_path: Path) -> None:
    with service(tmp_path) as port, squid(folder, basic_auth(folder, "pusher", PASSWORD)) as proxy:
        resolve = f'"{HOST}" = "127.0.0.1:{port}"'
        without = push(tmp_path, proxy.port, resolve, ports=(443, 2197))
        asked = (f'user = "pusher"\npassword = "file:{tmp_path / "proxy-pass"}"',)
        accepted = push(tmp_path, proxy.port, resolve, *asked)
        (tmp_path / "other").write_text("wrong\n", encoding="utf-8")
        before = len(proxy.with_credentials)
        wrong = push(
            tmp_path,
            proxy.port,
            resolve,
            f'user = "pusher"\npassword = "file:{tmp_path / "other"}"',
            ports=(443, 2197),
        )
        tried = len(proxy.with_credentials) - before
    assert [found["reasons"] for found in through(without)] == [["proxy-auth:required"]] * 2
    assert without.causes[0] == "push-proxy-failed"
    assert len([cause for cause in without.causes if cause == "push-proxy-failed"]) == 1
    assert through(accepted)[0]["stage"] == "ok"
    assert {str(found["reasons"]) for found in through(wrong)} == {"['proxy-auth:rejected']"}
    assert tried == 1  # a password is tried once: directories lock accounts


def test_a_proxy_for_windows_only(folder: Path, tmp_path: Path) -> None:
    with service(tmp_path) as port, squid(folder, windows_auth(folder)) as proxy:
        asked = f'user = "pusher"\npassword = "file:{tmp_path / "proxy-pass"}"'
        run = push(tmp_path, proxy.port, f'"{HOST}" = "127.0.0.1:{port}"', asked)
        assert not proxy.with_credentials
    (found,) = through(run)
    assert found["stage"] == "proxy-auth"


def test_a_proxy_that_does_not_come_through(folder: Path, tmp_path: Path) -> None:
    with squid(folder, OPEN) as proxy:
        run = push(tmp_path, proxy.port, f'"{HOST}" = "127.0.0.1:{refused()}"')
    (found,) = through(run)
    assert found["reasons"] == ["remote-tcp:refused"]
    assert "push-proxy-target" in run.codes
    assert "push-direct-blocked" in run.codes
    assert run.decision == "no-go"


def test_no_proxy_at_its_port(tmp_path: Path) -> None:
    with service(tmp_path) as port:
        run = push(tmp_path, refused(), f'"{HOST}" = "127.0.0.1:{port}"', ports=(443, 2197))
    assert {str(found["reasons"]) for found in through(run)} == {"['proxy-tcp:refused']"}
    assert run.causes == ["push-proxy-failed"]


def test_direct_blocked_and_proxy_fine_is_good(folder: Path, tmp_path: Path) -> None:
    """The name is known to the proxy's hosts file only: directly it does not resolve."""
    host = "apns.example.test"
    server = ISSUING.issue(host)
    context = server_context(tmp_path, server, ISSUING, client_ca=KEYS, required=True)
    with apns(context) as port, squid(folder, OPEN, hosts={host: "127.0.0.1"}) as proxy:
        (tmp_path / "key.p12").write_bytes(key_file(GOOD))
        (tmp_path / "pass").write_text(PASSPHRASE + "\n", encoding="utf-8")
        site = tmp_path / "stdiag.toml"
        site.write_text(
            f"""
[push]
key = "key.p12"
passphrase = "file:{tmp_path / "pass"}"
via = "http://127.0.0.1:{proxy.port}"
google = false
expected_roots = ["{pem_file(tmp_path, ROOT)}"]
[push.endpoints]
apns = ["{host}:{port}"]
""",
            encoding="utf-8",
        )
        run = diagnose("all", site, "--only", "push")
    assert run.decision == "go"
    assert run.severity("push-proxy-works") == "info"
    assert run.severity("push-direct-blocked") == "info"


def test_the_proxy_of_custom_env(folder: Path, tmp_path: Path) -> None:
    with service(tmp_path) as port, squid(folder, basic_auth(folder, "pusher", PASSWORD)) as proxy:
        env = tmp_path / "custom.env"
        env.write_text(
            f"STCONF_PUSH_PROXY_SERVER=127.0.0.1\nSTCONF_PUSH_PROXY_PORT={proxy.port}\n"
            f"STCONF_PUSH_PROXY_USER=pusher\nSTCONF_PUSH_PROXY_PASSWORD={PASSWORD}\nOTHER=1\n",
            encoding="utf-8",
        )
        (tmp_path / "key.p12").write_bytes(key_file(GOOD))
        (tmp_path / "pass").write_text(PASSPHRASE, encoding="utf-8")
        run = diagnose(
            "push",
            *("-s", f"{HOST}:443", "-k", tmp_path / "key.p12", "--passphrase-file", tmp_path / "pass"),
            *("--custom-env", env, "--resolve", f"{HOST}=127.0.0.1:{port}"),
            *("--expected-root", pem_file(tmp_path, ROOT)),
        )
    assert {str(found["reasons"]) for found in through(run)} == {"['ok']"}
    assert PASSWORD not in str(run.report) + run.stderr
