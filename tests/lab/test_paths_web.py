"""HTTP on the way: reverse proxies, spellings, and this machine's settings."""

from __future__ import annotations

import socket
import threading

import pytest
from tests.lab.fake_mux import mux
from tests.lab.paths_run import run_paths
from tests.lab.peers_faulty import Behaviour, closes_after_hello, peer, refusing, silent, watched_peer
from tests.lab.proxies import FakeProxy, http, running, socks5

LOOPBACK = "127.0.0.1"


def front(
    answers: dict[str, bytes], otherwise: bytes = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
) -> Behaviour:
    """A reverse proxy: path → answer."""

    def behave(connection: socket.socket, stop: threading.Event) -> None:
        connection.settimeout(5)
        path = connection.recv(4096).split(b" ")[1].decode("latin-1")
        connection.sendall(answers.get(path, otherwise))
        del stop

    return behave


def says(status: str, *headers: str, body: str = "") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", body]
    return "\r\n".join(lines).encode()


OK = says("200 OK")
CBR, LOWER = "/sales/CommunityCBR", "/sales/communityCBR"


def reverse(behaviour: Behaviour, *more: str, env: dict[str, str] | None = None):  # type: ignore[no-untyped-def]  # Seen
    with peer(behaviour) as port:
        return run_paths(
            "mux.example.com", "--no-direct", "--proxy", f"reverse:http://{LOOPBACK}:{port}/sales", *more, env=env
        )


@pytest.mark.parametrize(
    ("answers", "reason", "code"),
    [
        ({CBR: OK, LOWER: OK}, "ok", None),
        ({CBR: OK}, "ok", "path-cbr-spelling"),
        ({}, "reverse:wrong-backend", "path-reverse-wrong-backend"),
        ({CBR: says("401 No", 'WWW-Authenticate: Basic realm="x"')}, "reverse:auth-required", "path-reverse-login"),
        ({CBR: says("302 Found", "Location: /login.html")}, "reverse:form-login", "path-reverse-login"),
        ({CBR: says("200 OK", body='<input type="password">')}, "reverse:form-login", "path-reverse-login"),
        ({CBR: says("403 Forbidden")}, "reverse:forbidden", "path-reverse-denied"),
        ({CBR: says("301 Moved", "Location: /elsewhere")}, "reverse:moved", "path-reverse-denied"),
        ({CBR: says("502 Bad Gateway", "Server: nginx")}, "reverse:bad-gateway", "path-reverse-backend"),
        ({CBR: says("504 Gateway Time-out")}, "reverse:gateway-timeout", "path-reverse-backend"),
    ],
)
def test_a_reverse_proxy(answers: dict[str, bytes], reason: str, code: str | None) -> None:
    seen = reverse(front(answers))
    (path,) = seen.paths.values()
    assert path["reasons"] == [reason]
    assert path["setting"] == "reverse-proxy"
    assert list(seen.codes) == ([code] if code else [])


def test_a_server_that_says_yes_to_everything_is_the_wrong_one() -> None:
    (path,) = reverse(front({}, otherwise=OK)).paths.values()
    assert path["reasons"] == ["reverse:wrong-backend"]


@pytest.mark.parametrize(
    ("behaviour", "reason"), [(silent, "proxy-protocol:silent"), (closes_after_hello, "proxy-protocol:closed")]
)
def test_a_reverse_proxy_that_gives_no_answer(behaviour: Behaviour, reason: str) -> None:
    (path,) = reverse(behaviour).paths.values()
    assert path["reasons"][0] == reason


def test_a_reverse_proxy_that_is_not_there() -> None:
    with refusing() as port:
        seen = run_paths("mux.example.com", "--no-direct", "--proxy", f"reverse:http://{LOOPBACK}:{port}/sales")
    (path,) = seen.paths.values()
    assert path["reasons"] == ["proxy-tcp:refused"]


def test_a_password_for_a_reverse_proxy_is_sent_when_asked_for_and_once() -> None:
    heard: list[bytes] = []

    def asks(connection: socket.socket, stop: threading.Event) -> None:
        connection.settimeout(5)
        heard.append(connection.recv(4096))
        connection.sendall(says("401 No", 'WWW-Authenticate: Basic realm="x"'))
        del stop

    seen = reverse(asks, "--proxy-user", "u", "--proxy-password", "env:FRONT", env={"FRONT": "hunter2"})
    (path,) = seen.paths.values()
    assert path["reasons"] == ["reverse:auth-rejected"]
    assert sum(b"Authorization: Basic" in one for one in heard) == 1
    assert "hunter2" not in str(seen.report)


def test_a_proxys_own_page_is_not_taken_for_the_server() -> None:
    page = says("503 Service Unavailable", "Server: squid", "X-Squid-Error: ERR_CONNECT_FAIL 111")
    with peer(front({}, otherwise=page)) as port:
        seen = run_paths("mux.example.com", "--port", 1533, "--no-direct", "--proxy", f"http://{LOOPBACK}:{port}")
    path = seen.paths[f"http://{LOOPBACK}:{port}, HTTP", 1533]
    assert (path["reasons"], path["answer"]) == (["remote-tcp:refused"], "http-proxy-page")


def test_cookies_are_not_kept() -> None:
    seen = reverse(front({CBR: says("200 OK", "Set-Cookie: LtpaToken2=secret")}))
    assert "secret" not in str(seen.report)


# This machine's settings.


def test_the_environments_proxy_is_taken_as_browsers_take_it() -> None:
    fake = FakeProxy(names={"mux.example.com": LOOPBACK})
    with peer(mux()) as port, running(fake, http(fake)):
        env = {"http_proxy": f"http://{LOOPBACK}:{fake.port}", "https_proxy": "", "all_proxy": "", "no_proxy": ""}
        seen = run_paths("mux.example.com", "--port", port, "--no-direct", "--proxy", "system", env=env)
    (path,) = seen.paths.values()
    assert (path["setting"], path["reasons"], path["answer"]) == ("useBrowserSettings", ["ok"], "http-cbr")
    assert seen.check["observation"]["system"]["proxies"] == {"http": f"http://{LOOPBACK}:{fake.port}"}


def test_a_socks_proxy_of_the_environment() -> None:
    fake = FakeProxy(names={"mux.example.com": LOOPBACK})
    with peer(mux()) as port, running(fake, socks5(fake)):
        env = {"ALL_PROXY": f"socks5h://user:hunter2@{LOOPBACK}:{fake.port}"}
        seen = run_paths("mux.example.com", "--port", port, "--no-direct", "--proxy", "system", env=env)
    (path,) = seen.paths.values()
    assert (path["setting"], path["reasons"]) == ("useBrowserSettings", ["ok"])
    assert "hunter2" not in str(seen.report)


def test_a_server_that_the_settings_exclude_is_reached_directly() -> None:
    with watched_peer(mux()) as server:
        env = {"http_proxy": f"http://{LOOPBACK}:1", "no_proxy": "localhost,127.0.0.1"}
        seen = run_paths(LOOPBACK, "--port", server.port, "--no-direct", "--proxy", "system", env=env)
    (path,) = seen.paths.values()
    assert (path["path"], path["reasons"]) == ("system: direct", ["ok"])


def test_a_script_is_open_and_never_direct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stdiag.net.system_proxies._script", lambda: "http://wpad.example.com/wpad.dat")
    with watched_peer(mux()) as server:
        seen = run_paths(LOOPBACK, "--port", server.port, "--no-direct", "--proxy", "system")
        assert server.accepted == 0
    assert seen.exit_code == 3
    assert seen.check["outcome"] == "undecided"
    assert "wpad.dat" in seen.check["undecided"][0]


def test_a_setting_that_is_no_proxy_is_told() -> None:
    env = {"http_proxy": "ftp://proxy.example.com", "https_proxy": "", "all_proxy": ""}
    seen = run_paths(LOOPBACK, "--port", 1533, "--no-direct", "--proxy", "system", env=env)
    assert any("http of this machine" in entry["reason"] for entry in seen.report["summary"]["not_checked"])
