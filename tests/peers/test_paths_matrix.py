"""Many paths at once: dead ends are waited for side by side."""

from __future__ import annotations

import contextlib

import pytest
from tests.peers.conftest import NewFolder
from tests.peers.dante import dante
from tests.peers.far_end import HOSTS, NAME, FarEnd
from tests.peers.paths import diagnose_paths
from tests.peers.squid import squid
from tests.peers.tinyproxy import tinyproxy

VERDICT_LIMIT = 30.0
"""What a proxy is waited for, in seconds, before --timeout."""


@pytest.mark.peer("squid", "danted", "tinyproxy", "libnss_wrapper.so")
def test_four_dead_ends(open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    """Six paths to three ports, four of which are HTTP proxies that wait for the rest of what is no HTTP."""
    http = servers.enter_context(squid(open_folder(), hosts=HOSTS)).port
    socks = servers.enter_context(dante(open_folder(), hosts=HOSTS)).port
    tiny = servers.enter_context(tinyproxy(open_folder(), hosts=HOSTS))
    dead = [f"{scheme}://127.0.0.1:{port}" for scheme in ("socks5h", "socks4a") for port in (http, tiny)]
    proxies = [f"http://127.0.0.1:{http}", f"socks5h://127.0.0.1:{socks}", *dead]
    ports = [far_end[word][1] for word in ("ack", "refuse", "refused")]
    options = [word for proxy in proxies for word in ("--proxy", proxy)]

    run = diagnose_paths(NAME, *ports, options=(*options, "--timeout", "0.1"))

    assert run.run.report["run"]["duration_us"] < (VERDICT_LIMIT * 0.1 + 1) * 1_000_000
    reasons = {(path.seen["path"]["proxy"], path.seen["port"]): path.reasons for path in run.paths("raw")}
    assert all(reasons[proxy, port][0] == "proxy-protocol:silent" for proxy in dead for port in ports)
    assert reasons[proxies[1], ports[0]] == ["ok"]
    assert reasons[proxies[1], ports[2]] == ["remote-tcp:refused"]
    assert [path.reasons for path in run.paths("connect") if path.seen["port"] == ports[0]] == [["ok"]]
