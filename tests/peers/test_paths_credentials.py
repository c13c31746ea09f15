"""A password that a proxy rejects is sent once: directories lock accounts. Counted at the proxy."""

from __future__ import annotations

import contextlib

import pytest
from tests.peers.conftest import NewFolder
from tests.peers.dante import dante
from tests.peers.far_end import HOSTS, NAME, FarEnd
from tests.peers.microsocks import microsocks
from tests.peers.paths import diagnose_paths
from tests.peers.squid import basic_auth, squid
from tests.peers.tap import tap
from tests.peers.tinyproxy import tinyproxy

PORTS = ("ack", "refuse", "close", "ssh", "refused", "reset")
SECRET = "wrong-but-secret"  # noqa: S105 -- the test's own


@pytest.mark.peer("squid", "htpasswd")
def test_squid(open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    """Six ports by CONNECT and by HTTP tunnelling, through the same proxy named twice: one password."""
    folder = open_folder()
    proxy = servers.enter_context(squid(folder, basic_auth(folder, "stuser", "right"), hosts=HOSTS))
    url = f"http://stuser:{SECRET}@127.0.0.1:{proxy.port}"
    ports = [far_end[word][1] for word in PORTS]

    run = diagnose_paths(NAME, *ports, options=("--proxy", url))

    assert len(proxy.with_credentials) == 1, proxy.requests
    assert all(path.reasons == ["proxy-auth:rejected"] for path in run.paths(proxied=True)), run.paths()
    assert len(run.paths(proxied=True)) >= len(ports)
    assert SECRET not in str(run.run.report)
    assert SECRET not in run.run.stderr


@pytest.mark.peer("squid", "htpasswd")
def test_right_password_serves_every_path(
    open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    folder = open_folder()
    proxy = servers.enter_context(squid(folder, basic_auth(folder, "stuser", "right"), hosts=HOSTS))
    allowed = [far_end["ack"][1], far_end["refused"][1]]

    run = diagnose_paths(NAME, *allowed, options=("--proxy", f"http://stuser:right@127.0.0.1:{proxy.port}"))

    reasons = {path.seen["port"]: path.reasons for path in run.paths("connect", proxied=True)}
    assert reasons == {allowed[0]: ["ok"], allowed[1]: ["remote-tcp:refused"]}
    assert not any("proxy-auth:rejected" in path.reasons for path in run.paths())


@pytest.mark.peer("danted", "libnss_wrapper.so")
def test_dante(open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    proxy = servers.enter_context(dante(open_folder(), hosts=HOSTS, users={"stuser": "right"}))
    ports = [far_end[word][1] for word in PORTS]

    run = diagnose_paths(NAME, *ports, options=("--proxy", f"socks5h://stuser:{SECRET}@127.0.0.1:{proxy.port}"))

    assert all(path.reasons == ["proxy-auth:rejected"] for path in run.paths(proxied=True))
    assert proxy.rejections == ["stuser"]


@pytest.mark.peer("tinyproxy", "libnss_wrapper.so")
def test_tinyproxy(open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    """It answers a wrong password with 401."""
    proxy = servers.enter_context(tinyproxy(open_folder(), ["BasicAuth stuser right"], hosts=HOSTS))
    wire = servers.enter_context(tap(proxy))
    ports = [far_end[word][1] for word in PORTS]

    run = diagnose_paths(NAME, *ports, options=("--proxy", f"http://stuser:{SECRET}@127.0.0.1:{wire.port}"))

    assert wire.times(b"Proxy-Authorization:") == 1
    assert all(path.reasons == ["proxy-auth:rejected"] for path in run.paths("connect"))
    # To a GET the server itself could have answered 401.
    tunnelled = {tuple(path.reasons) for path in run.paths("cbr")}
    assert tunnelled <= {("proxy-auth:rejected",), ("proxy-auth:rejected", "target:not-sametime")}


@pytest.mark.peer("microsocks", "libnss_wrapper.so")
def test_microsocks(open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    proxy = servers.enter_context(microsocks(open_folder(), hosts=HOSTS, user="stuser", password="right"))  # noqa: S106 -- the test's own
    wire = servers.enter_context(tap(proxy))
    ports = [far_end[word][1] for word in PORTS]

    run = diagnose_paths(NAME, *ports, options=("--proxy", f"socks5h://stuser:{SECRET}@127.0.0.1:{wire.port}"))

    assert wire.times(SECRET.encode()) == 1
    assert all(path.reasons == ["proxy-auth:rejected"] for path in run.paths(proxied=True)), run.paths()
