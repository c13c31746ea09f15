"""Nothing or HAProxy on the way to the mux: a plain relay, the end of TLS, a web server that allows CONNECT."""

from __future__ import annotations

import contextlib

import pytest
from tests.peers.case import Case, tell
from tests.peers.conftest import KeyFilesFor, NewFolder, Pki
from tests.peers.curl import curl
from tests.peers.dante import dante
from tests.peers.far_end import HOSTS, FarEnd
from tests.peers.haproxy import haproxy
from tests.peers.identity import leaf
from tests.peers.oracle import s_client
from tests.peers.paths import diagnose_paths
from tests.peers.squid import squid

pytestmark = pytest.mark.peer("haproxy", "curl")


@pytest.mark.parametrize(
    ("target", "reason", "exit_code"),
    [
        ("ack", "ok", 0),
        ("refuse", "target:closed", 1),
        ("refused", "remote-tcp:refused", 7),
        ("timeout", "remote-tcp:timeout", 28),
        ("unreachable", "remote-tcp:unreachable", 7),
        ("reset", "target:reset", 56),
        ("close", "target:closed", 52),
        ("silent", "target:silent", 28),
        ("ssh", "target:not-sametime", 1),
    ],
)
def test_direct(target: str, reason: str, exit_code: int, far_end: FarEnd) -> None:
    """What stands behind the proxies of the other tests, without one."""
    name, port = far_end[target]

    path = diagnose_paths(name, port, options=("--timeout", "0.2"), hosts=HOSTS).path("raw", proxied=False)

    assert path.reasons == [reason]
    assert path.concluded["resolved_by"] == "here"
    assert curl(f"http://{name}:{port}/CommunityCBR", hosts=HOSTS, limit=3).exit_code == exit_code


@pytest.mark.parametrize("scheme", ["http", "socks5h", "socks4"])
@pytest.mark.peer("squid", "danted", "libnss_wrapper.so")
def test_reset_behind_a_proxy(
    scheme: str, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    """Proxies pass a reset on as a reset or as an end: nothing can be told from which it was."""
    name, port = far_end["reset"]
    if scheme == "http":
        proxy = servers.enter_context(squid(open_folder(), hosts=HOSTS)).port
    else:
        proxy = servers.enter_context(dante(open_folder(), hosts=HOSTS)).port

    here = HOSTS if scheme == "socks4" else None
    run = diagnose_paths(name, port, options=("--proxy", f"{scheme}://127.0.0.1:{proxy}"), hosts=here)

    (path,) = [path for path in run.paths(proxied=True) if path.seen["path"]["method"] != "cbr"]
    assert path.reasons[0] in ("target:reset", "target:closed")
    assert set(path.reasons[1:]) <= {"proxy-protocol:false-success"}


def test_relay(open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    port = servers.enter_context(haproxy(open_folder(), far_end["ack"][1]))

    path = diagnose_paths("127.0.0.1", port).path("raw")

    assert path.reasons == ["ok"]
    assert path.concluded["answer"] == "ack"
    assert path.concluded["seen_address"] == "127.0.0.1"
    assert curl(f"http://127.0.0.1:{port}/CommunityCBR").status == 200


def test_relay_to_nothing(open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    """A relay accepts before it knows whether there is anything behind it: an open port proves nothing."""
    port = servers.enter_context(haproxy(open_folder(), far_end["refused"][1]))

    path = diagnose_paths("127.0.0.1", port).path("raw")

    assert set(path.reasons) <= {"target:closed", "target:reset"}
    assert curl(f"http://127.0.0.1:{port}/CommunityCBR").exit_code in (52, 56)


def test_tls_ends_at_the_front(
    open_folder: NewFolder, key_files: KeyFilesFor, pki: Pki, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    """Direct connection using TLS: the plain handshake fails, and inside TLS it is acknowledged."""
    keys = key_files(leaf("127.0.0.1", pki.intermediate), pki.intermediate.certificate)
    port = servers.enter_context(haproxy(open_folder(), far_end["ack"][1], keys=keys))

    run = diagnose_paths("127.0.0.1", port, options=("--ca-file", pki.root_file))

    path = run.path("raw")
    assert path.concluded["answer"] == "tls-ack"
    assert path.reasons == ["ok"]
    assert path.concluded["setting"] == "tls-direct"
    assert path.sametime["spoke"] == "ack"
    assert s_client(port, None, pki.root_file).verify_code == path.seen["tls"]["verify_code"] == 0


def test_incomplete_chain_at_the_front(
    open_folder: NewFolder, key_files: KeyFilesFor, pki: Pki, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    """The chain is judged as anywhere else."""
    keys = key_files(leaf("127.0.0.1", pki.intermediate))
    port = servers.enter_context(haproxy(open_folder(), far_end["ack"][1], keys=keys))

    run = diagnose_paths("127.0.0.1", port, options=("--ca-file", pki.root_file)).run

    assert "tls-chain-incomplete" in run.codes
    assert s_client(port, None, pki.root_file).verify_code == 21


def test_false_success(open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    """A web server that answers everything with 200, CONNECT too: curl takes it for a tunnel, and fails in it."""
    rules = ['http-request return status 200 content-type text/html string "<title>Portal</title>"']
    port = servers.enter_context(haproxy(open_folder(), 1, mode="http", rules=rules))
    case = Case(
        target="ack",
        truth="proxy-protocol:false-success",
        left_open=("proxy-protocol:wrong-kind",),
        exit_code=1,
        connect_status=200,
        words="HTTP/0.9",
    )

    tell(case, f"http://127.0.0.1:{port}", far_end)


@pytest.mark.parametrize("scheme", ["socks4", "socks5h"])
def test_web_server_taken_for_a_socks_proxy(
    scheme: str, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    """HAProxy answers SOCKS with `HTTP/1.1 400`."""
    port = servers.enter_context(haproxy(open_folder(), far_end["ack"][1], mode="http"))
    case = Case(target="ack", truth="proxy-protocol:wrong-kind", exit_code=97)

    tell(case, f"{scheme}://127.0.0.1:{port}", far_end)
