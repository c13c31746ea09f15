"""The direct paths: what answers on the port, told apart on real connections."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.lab.fake_mux import mux
from tests.lab.paths_run import run_paths
from tests.lab.peers_faulty import (
    SAMETIME_REFUSAL,
    SSH_BANNER,
    Behaviour,
    answers,
    closes,
    drips,
    floods,
    full_backlog,
    peer,
    refusing,
    resets,
    says,
    silent,
    watched_peer,
)
from tests.lab.tls_servers import PAGE, server_context, tls
from tests.peers.identity import authority, leaf

LOOPBACK = "127.0.0.1"
ROOT = authority("Example Root")
INTERMEDIATE = authority("Example Intermediate", ROOT)


def test_a_mux_is_found_and_nothing_else_is_said() -> None:
    with watched_peer(mux()) as server:
        seen = run_paths(LOOPBACK, "--port", server.port)
    assert (seen.exit_code, seen.codes) == (0, {})
    path = seen.paths["direct", server.port]
    assert (path["reasons"], path["answer"], path["setting"]) == (["ok"], "ack", "direct")
    assert (path["server_version"], path["seen_address"]) == ("30.24", LOOPBACK)
    assert seen.paths["direct, HTTP", server.port]["answer"] == "http-cbr"


@pytest.mark.parametrize(
    ("behaviour", "reason", "code"),
    [
        (silent, "target:silent", "path-target-mute"),
        (closes, "target:closed", "path-target-mute"),
        (resets, "target:reset", "path-target-mute"),
        (says(b"\x80" * 5), "target:silent", "path-target-mute"),
        (says(SSH_BANNER), "target:not-sametime", "path-not-sametime"),
        (answers(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), "target:not-sametime", "path-not-sametime"),
        (answers(SAMETIME_REFUSAL), "target:closed", "path-server-refuses"),
        (drips(b"\0" * 400, pause=0.1), "target:not-sametime", "path-not-sametime"),
        (floods(b"\0\0\0\7abcdefg"), "target:not-sametime", "path-not-sametime"),
        (answers(bytes.fromhex("7fffffff") + b"x" * 50), "target:not-sametime", "path-not-sametime"),
    ],
    ids=["silent", "closes", "resets", "keep-alives", "ssh", "http", "refuses", "drips", "floods", "giant length"],
)
def test_what_is_not_a_healthy_mux(behaviour: Behaviour, reason: str, code: str) -> None:
    with peer(behaviour) as port:
        seen = run_paths(LOOPBACK, "--port", port)
    assert seen.exit_code == 1
    assert seen.reasons("direct") == [reason]
    assert seen.codes[code] == "error"


def test_refused_and_dropped() -> None:
    with refusing() as refused, full_backlog() as dropped:
        assert run_paths(LOOPBACK, "--port", refused).reasons("direct") == ["remote-tcp:refused"]
        assert run_paths(LOOPBACK, "--port", dropped).reasons("direct") == ["remote-tcp:timeout"]


def test_a_mux_that_speaks_tls_only_and_its_chain_is_judged(tmp_path: Path) -> None:
    root = tmp_path / "root.pem"
    root.write_text(ROOT.pem, encoding="ascii")
    context = server_context(tmp_path, leaf("localhost", INTERMEDIATE))
    with peer(mux(tls=context)) as port:
        seen = run_paths("localhost", "--port", port, "--resolve", f"localhost={LOOPBACK}", "--ca-file", str(root))
    path = seen.paths["direct", port]
    assert (path["reasons"], path["answer"], path["setting"]) == (["ok"], "tls-ack", "tls-direct")
    assert seen.codes["path-tls-only"] == "info"
    assert seen.codes["tls-chain-incomplete"] == "error"
    assert seen.check["analysis"]["chains"][0]["complete"] is False


def test_a_tls_server_that_is_no_mux(tmp_path: Path) -> None:
    context = server_context(tmp_path, leaf("localhost", ROOT))
    with peer(tls(context, PAGE)) as port:
        seen = run_paths(LOOPBACK, "--port", port)
    path = seen.paths["direct", port]
    assert (path["reasons"], path["answer"]) == (["target:not-sametime"], "tls")


def test_closed_as_the_site_wants_it() -> None:
    with refusing() as port:
        seen = run_paths(LOOPBACK, "--port", port, "--expected", "closed", "--from", "internet")
    assert (seen.exit_code, seen.codes) == (0, {})
    with peer(mux()) as port:
        seen = run_paths(LOOPBACK, "--port", port, "--expected", "closed", "--from", "internet")
    assert (seen.exit_code, seen.codes) == (1, {"path-open-unexpectedly": "error"})


def test_no_login_is_ever_sent() -> None:
    """What begins like the protocol is one HANDSHAKE and nothing behind it; the rest is a ClientHello and requests."""
    with watched_peer(answers(b"")) as server:
        run_paths(LOOPBACK, "--port", server.port)
        heard = list(server.received)
    plain = [one for one in heard if one.startswith(b"\0\0\0")]
    assert [(len(one), one[4:8]) for one in plain] == [(38, b"\0\0\0\0")]
    assert {one[:4] for one in heard if one not in plain and not one.startswith(b"\x16\x03")} == {b"GET "}
    assert b"Authorization" not in b"".join(heard)
