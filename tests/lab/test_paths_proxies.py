"""Paths through proxies: what works, what each fault is taken for, how long it takes, and passwords sent once."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import pytest
from tests.lab.fake_mux import mux
from tests.lab.paths_run import run_paths
from tests.lab.peers_faulty import (
    SSH_BANNER,
    Behaviour,
    answers,
    closes,
    closes_after_hello,
    drips,
    floods,
    peer,
    refusing,
    says,
    silent,
    watched_peer,
)
from tests.lab.proxies import FakeProxy, http, running, socks4, socks5

LOOPBACK = "127.0.0.1"
MUX = "mux.example.com"
BEHAVIOURS = {"http": http, "socks4": socks4, "socks4a": socks4, "socks5": socks5, "socks5h": socks5}


@contextlib.contextmanager
def proxy_and_mux(kind: str, **facts: object) -> Iterator[tuple[FakeProxy, int]]:
    """A proxy that knows the mux's name, and the mux's port."""
    fake = FakeProxy(names={MUX: LOOPBACK})
    for name, value in facts.items():
        setattr(fake, name, value)
    with peer(mux()) as port, running(fake, BEHAVIOURS[kind](fake)):
        yield fake, port


@pytest.mark.parametrize("kind", ["socks4a", "socks5h"])
def test_the_proxy_looks_the_name_up(kind: str) -> None:
    with proxy_and_mux(kind) as (fake, port):
        seen = run_paths(MUX, "--port", port, "--proxy", f"{kind}://{LOOPBACK}:{fake.port}", "--no-direct")
    (path,) = seen.paths.values()
    assert (seen.exit_code, path["reasons"], path["resolved_by"]) == (0, ["ok"], "proxy")
    assert fake.asked == [(MUX, port)]


@pytest.mark.parametrize("kind", ["socks4", "socks5"])
def test_this_machine_looks_the_name_up(kind: str) -> None:
    with proxy_and_mux(kind) as (fake, port):
        proxy = f"{kind}://{LOOPBACK}:{fake.port}"
        seen = run_paths(MUX, "--port", port, "--proxy", proxy, "--no-direct", "--resolve", f"{MUX}={LOOPBACK}")
    (path,) = seen.paths.values()
    assert (path["reasons"], path["resolved_by"]) == (["ok"], "here")
    assert fake.asked == [(LOOPBACK, port)]


def test_both_ways_of_look_up_beside_each_other() -> None:
    with proxy_and_mux("socks5") as (fake, port):
        proxy = f"socks5h://{LOOPBACK}:{fake.port}"
        seen = run_paths("localhost", "--port", port, "--proxy", proxy, "--no-direct", "--dns", "both")
    assert {one["resolved_by"] for one in seen.paths.values()} == {"here", "proxy"}


def test_an_http_proxy_is_two_paths_and_its_tunnel_is_not_encrypted() -> None:
    with proxy_and_mux("http") as (fake, port):
        seen = run_paths(MUX, "--port", port, "--proxy", f"http://{LOOPBACK}:{fake.port}", "--no-direct")
    by_setting = {one["setting"]: (one["reasons"], one["answer"]) for one in seen.paths.values()}
    assert by_setting == {"https-proxy": (["ok"], "ack"), "http-proxy": (["ok"], "http-cbr")}
    assert seen.codes == {"path-not-encrypted": "info"}


def test_direct_blocked_and_the_proxy_fine() -> None:
    fake = FakeProxy(names={"localhost": "127.0.0.2"})  # the proxy's DNS leads to where this machine's does not
    with watched_peer(mux(), address="127.0.0.2") as server, running(fake, socks5(fake)):
        proxy = f"socks5h://{LOOPBACK}:{fake.port}"
        seen = run_paths("localhost", "--port", server.port, "--proxy", proxy)
    assert seen.paths["direct", server.port]["reasons"] == ["remote-tcp:refused"]
    assert seen.paths[proxy, server.port]["reasons"] == ["ok"]
    assert seen.codes == {"path-server-unreachable": "warning", "path-direct-blocked": "info"}
    assert seen.exit_code == 0


@pytest.mark.parametrize(
    ("kind", "behaviour", "reason"),
    [
        ("http", silent, "proxy-protocol:silent"),
        ("socks5", silent, "proxy-protocol:silent"),
        ("http", closes_after_hello, "proxy-protocol:closed"),
        ("socks5", closes, "proxy-protocol:closed"),
        ("socks5", says(SSH_BANNER), "proxy-protocol:wrong-kind"),
        ("http", answers(b"\x05\xff"), "proxy-protocol:wrong-kind"),
        ("socks5", answers(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "proxy-protocol:wrong-kind"),
        ("http", answers(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n"), "proxy-protocol:wrong-kind"),
        ("socks5", answers(b"\xff\xfe\xfd\xfc"), "proxy-protocol:garbage"),
        ("http", floods(b"X-Header: more and more\r\n", before=b"HTTP/1.1 200 OK\r\n"), "proxy-protocol:garbage"),
        (
            "http",
            drips(b"HTTP/1.1 200 Connection established, but so slowly" + b"." * 80, pause=0.1),
            "proxy-protocol:silent",
        ),
        (
            "http",
            answers(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>"),
            "proxy-protocol:false-success",
        ),
        ("socks5", answers(b"\x05\xff"), "proxy-auth:required"),
        ("http", answers(b"HTTP/1.1 407 Auth\r\nProxy-Authenticate: Basic\r\n\r\n"), "proxy-auth:required"),
        (
            "http",
            answers(b"HTTP/1.1 407 Auth\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate\r\n\r\n"),
            "proxy-auth:scheme-unsupported",
        ),
        ("http", answers(b"HTTP/1.1 403 Forbidden\r\n\r\n"), "proxy-policy:port-denied"),
        ("socks4", answers(b"\0\x5b\0\0\0\0\0\0"), "remote-tcp:refused"),
        ("socks4a", answers(b"\0\x5b\0\0\0\0\0\0"), "proxy-protocol:socks4a-unsupported"),
        ("http", answers(b"HTTP/1.1 503 No\r\nX-Squid-Error: ERR_CONNECT_FAIL 111\r\n\r\n"), "remote-tcp:refused"),
    ],
)
def test_a_faulty_proxy(kind: str, behaviour: Behaviour, reason: str) -> None:
    started = time.monotonic()
    with peer(behaviour) as port:
        seen = run_paths("localhost", "--port", 1533, "--proxy", f"{kind}://{LOOPBACK}:{port}", "--no-direct")
    assert time.monotonic() - started < 3.0 + 1.5
    first = seen.check["analysis"]["paths"][0]
    assert first["reasons"][0] == reason
    assert seen.exit_code == 1
    assert all(code.startswith("path-") for code in seen.codes)


def test_a_proxy_that_is_not_there() -> None:
    with refusing() as port:
        seen = run_paths(LOOPBACK, "--port", 1533, "--proxy", f"http://{LOOPBACK}:{port}", "--no-direct")
    assert {one["reasons"][0] for one in seen.paths.values()} == {"proxy-tcp:refused"}
    assert seen.codes == {"path-proxy-unreachable": "error"}


def test_a_proxy_that_allows_80_and_denies_1533() -> None:
    def rule(first: bytes) -> bytes:
        return b"HTTP/1.1 200 Connection established\r\n\r\n" if b":80 " in first else b"HTTP/1.1 403 Forbidden\r\n\r\n"

    def behave(connection, stop) -> None:  # type: ignore[no-untyped-def]  # as every Behaviour
        connection.settimeout(5)
        connection.sendall(rule(connection.recv(4096).split(b"\r\n")[0]))
        silent(connection, stop)

    with peer(behave) as port:
        seen = run_paths(
            LOOPBACK, *("--port", 1533, "--port", 80, "--proxy", f"http://{LOOPBACK}:{port}", "--no-direct")
        )
    assert seen.paths[f"http://{LOOPBACK}:{port}, CONNECT", 1533]["reasons"] == ["proxy-policy:port-denied"]
    (found,) = [one for one in seen.check["findings"] if one["code"] == "path-proxy-port-denied"]
    assert (found["params"]["ports"], found["params"]["allowed"]) == ("port 1533", "port 80")


def test_dead_ends_cost_one_verdict_together() -> None:
    """6 paths × 3 ports, 4 of the paths dead ends: one proxy-verdict time-out (3 s here) and at most 1 s more."""
    with contextlib.ExitStack() as stack:
        ports = [stack.enter_context(peer(mux())) for _ in range(3)]
        dead = [stack.enter_context(peer(silent)) for _ in range(3)]
        words: list[str | int] = []
        for port in ports:
            words += ["--port", port]
        for kind, port in zip(("http", "socks5", "socks4"), dead, strict=True):
            words += ["--proxy", f"{kind}://{LOOPBACK}:{port}"]
        started = time.monotonic()
        seen = run_paths(LOOPBACK, *words)
        took = time.monotonic() - started
    assert len(seen.paths) == 18
    working = [one for one in seen.paths.values() if one["reasons"] == ["ok"]]
    assert len(working) == 6
    assert took < 3.0 + 1.0


@pytest.mark.parametrize("kind", ["http", "socks5h"])
def test_a_rejected_password_is_sent_once(kind: str) -> None:
    with proxy_and_mux(kind, password=("stuser", "right")) as (fake, port):
        seen = run_paths(
            *(MUX, "--port", port, "--port", 80, "--port", 8082),
            *("--proxy", f"{kind}://{LOOPBACK}:{fake.port}", "--no-direct"),
            *("--proxy-user", "stuser", "--proxy-password", "env:PATHS_PASSWORD"),
            env={"PATHS_PASSWORD": "hunter2"},
        )
    assert fake.passwords == [("stuser", "hunter2")]
    assert {one["reasons"][0] for one in seen.paths.values()} == {"proxy-auth:rejected"}
    assert seen.codes == {"path-proxy-login": "error"}
    assert "hunter2" not in str(seen.report)


@pytest.mark.parametrize("kind", ["http", "socks5h"])
def test_a_password_that_is_right(kind: str) -> None:
    with proxy_and_mux(kind, password=("stuser", "right")) as (fake, port):
        seen = run_paths(
            *(MUX, "--port", port, "--proxy", f"{kind}://{LOOPBACK}:{fake.port}", "--no-direct"),
            *("--proxy-user", "stuser", "--proxy-password", "env:PATHS_PASSWORD"),
            env={"PATHS_PASSWORD": "right"},
        )
    assert {tuple(one["reasons"]) for one in seen.paths.values()} == {("ok",)}
    assert "right" not in str(seen.check["observation"])


def test_a_password_in_the_url_is_used_and_masked() -> None:
    with proxy_and_mux("socks5h", password=("stuser", "hunter2")) as (fake, port):
        proxy = f"socks5h://stuser:hunter2@{LOOPBACK}:{fake.port}"
        seen = run_paths(MUX, "--port", port, "--proxy", proxy, "--no-direct")
    assert fake.passwords == [("stuser", "hunter2")]
    assert {tuple(one["reasons"]) for one in seen.paths.values()} == {("ok",)}
    assert "hunter2" not in str(seen.report["checks"]) + str(seen.report["site"])


def test_a_silent_server_behind_connect_may_be_no_tunnel() -> None:
    fake = FakeProxy()
    with peer(silent) as port, running(fake, http(fake)):
        seen = run_paths(LOOPBACK, "--port", port, "--proxy", f"http://{LOOPBACK}:{fake.port}", "--no-direct")
    assert seen.check["analysis"]["paths"][0]["reasons"] == ["target:silent", "proxy-protocol:false-success"]


def test_the_reply_bytes_are_kept() -> None:
    with peer(answers(b"\0\x5b\1\2\3\4\5\6")) as port:
        seen = run_paths(LOOPBACK, "--port", 1533, "--proxy", f"socks4://{LOOPBACK}:{port}", "--no-direct")
    (observed,) = seen.check["observation"]["paths"]
    assert observed["replies"][0]["received"] == "005b010203040506"
    assert observed["replies"][0]["status"] == 0x5B


def test_at_most_eight_connections_at_a_time_to_one_proxy() -> None:
    words: list[str | int] = []
    for port in (1533, 80, 8082, 443, 1516):
        words += ["--port", port]
    with watched_peer(silent) as proxy:
        run_paths(LOOPBACK, *words, "--proxy", f"http://{LOOPBACK}:{proxy.port}", "--no-direct")
        assert 1 < proxy.most_open <= 8
