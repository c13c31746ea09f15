"""`stdiag tls --via`: the chain of a server that is reached through a proxy only."""

from __future__ import annotations

import contextlib

import pytest
from tests.peers.command import Run, diagnose
from tests.peers.conftest import KeyFilesFor, NewFolder, Pki, StartNginx
from tests.peers.dante import dante
from tests.peers.identity import leaf
from tests.peers.oracle import s_client
from tests.peers.squid import STOCK_RULES, squid

SERVER = "chat.example.test"
HOSTS = {SERVER: "127.0.0.1"}
"""Known to the proxies, and to nobody else."""

pytestmark = pytest.mark.peer("nginx", "squid", "danted", "libnss_wrapper.so", "openssl")


def _diagnose(port: int, pki: Pki, via: str) -> Run:
    return diagnose("tls", f"{SERVER}:{port}", "--via", via, "--ca-file", pki.root_file)


@pytest.mark.parametrize("kind", ["squid", "dante"])
def test_chain_behind_a_proxy(
    kind: str,
    nginx: StartNginx,
    key_files: KeyFilesFor,
    pki: Pki,
    open_folder: NewFolder,
    servers: contextlib.ExitStack,
) -> None:
    """Without its intermediate, so that there is something to say; s_client, which needs no proxy here, agrees."""
    server = nginx(key_files(leaf(SERVER, pki.intermediate)))
    if kind == "squid":
        via = f"http://127.0.0.1:{servers.enter_context(squid(open_folder(), hosts=HOSTS)).port}"
    else:
        via = f"socks5h://127.0.0.1:{servers.enter_context(dante(open_folder(), hosts=HOSTS)).port}"

    run = _diagnose(server, pki, via)

    assert run.causes[0] == "tls-chain-incomplete"
    oracle = s_client(server, SERVER, pki.root_file)
    assert run.handshake()["verify_code"] == oracle.verify_code == 21
    assert [one["pem"].strip() for one in run.handshake()["chain_sent"]] == oracle.sent


def test_good_chain_through_squid(
    nginx: StartNginx,
    key_files: KeyFilesFor,
    pki: Pki,
    open_folder: NewFolder,
    servers: contextlib.ExitStack,
) -> None:
    server = nginx(key_files(leaf(SERVER, pki.intermediate), pki.intermediate.certificate))
    proxy = servers.enter_context(squid(open_folder(), hosts=HOSTS))

    run = _diagnose(server, pki, f"http://127.0.0.1:{proxy.port}")

    assert run.decision == "go", run.findings
    assert any("TCP_TUNNEL/200" in line for line in proxy.requests)


def test_the_proxy_denies_the_port(
    nginx: StartNginx,
    key_files: KeyFilesFor,
    pki: Pki,
    open_folder: NewFolder,
    servers: contextlib.ExitStack,
) -> None:
    """The server is not to blame."""
    server = nginx(key_files(leaf(SERVER, pki.intermediate), pki.intermediate.certificate))
    proxy = servers.enter_context(squid(open_folder(), STOCK_RULES, hosts=HOSTS))

    run = _diagnose(server, pki, f"http://127.0.0.1:{proxy.port}")

    assert run.decision == "no-go"
    assert not any(code.startswith("tls-chain") for code in run.codes)
    assert any("TCP_DENIED/403" in line for line in proxy.requests)
