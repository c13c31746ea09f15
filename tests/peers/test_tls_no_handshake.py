"""Ports that do not give a TLS handshake, each told apart by name - and s_client's own words for the same."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest
from tests.peers.command import NAME, Run, diagnose_tls
from tests.peers.conftest import KeyFilesFor, Pki, StartNginx, StartSServer
from tests.peers.identity import leaf
from tests.peers.nginx import Site
from tests.peers.oracle import s_client
from tests.peers.process import free_port

pytestmark = pytest.mark.peer("nginx", "openssl")


def first_fault(run: Run) -> dict[str, str]:
    """The fault of the first handshake."""
    fault: dict[str, str] = run.addresses[0]["handshakes"][0]["fault"]
    return fault


def test_plain_http_port(nginx: StartNginx, pki: Pki) -> None:
    port = nginx()

    run = diagnose_tls(port, pki.root_file)

    assert "wrong version number" in s_client(port, NAME, pki.root_file).output
    assert first_fault(run)["reason"] == "not-tls"
    assert first_fault(run)["seen"] == "http"
    assert run.causes == ["tls-not-tls"]
    assert run.decision == "no-go"


def test_nothing_listens(pki: Pki) -> None:
    port = free_port()

    run = diagnose_tls(port, pki.root_file)

    assert "Connection refused" in s_client(port, NAME, pki.root_file).output
    assert run.addresses[0]["connect_fault"]["reason"] == "refused"
    assert run.causes == ["net-refused"]


def test_every_handshake_refused_with_an_alert(nginx: StartNginx, pki: Pki) -> None:
    port = free_port()
    nginx(sites=[Site(ports=[port], reject_handshake=True, default=True)])

    run = diagnose_tls(port, pki.root_file)

    assert "unrecognized name" in s_client(port, NAME, pki.root_file).output
    assert first_fault(run)["reason"] == "tls-alert"
    assert first_fault(run)["alert"] == "unrecognized_name"
    assert run.causes == ["tls-handshake-refused"]


def test_no_cipher_in_common(s_server: StartSServer, key_files: KeyFilesFor, pki: Pki) -> None:
    """A server that speaks only a cipher that no client of today offers."""
    port = s_server(key_files(leaf(NAME, pki.root)), "-tls1_2", "-cipher", "AECDH-NULL-SHA:@SECLEVEL=0")

    run = diagnose_tls(port, pki.root_file)

    assert "alert handshake failure" in s_client(port, NAME, pki.root_file).output
    assert first_fault(run)["alert"] == "handshake_failure"
    assert run.decision == "no-go"
    assert run.causes[0] in ("tls-handshake-refused", "tls-cipher-unusual")


Behaviour = Callable[[socket.socket], None]


@contextlib.contextmanager
def listener(behave: Behaviour) -> Iterator[int]:
    """A port that does to each connection what `behave` does. No real server is this broken on purpose."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:

        def serve(client: socket.socket) -> None:
            with client, contextlib.suppress(OSError):
                client.settimeout(15)
                behave(client)

        def accept() -> None:
            while not ended.is_set():
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(client,), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def greets_like_smtp(client: socket.socket) -> None:
    client.sendall(b"220 mail.example.test ESMTP ready\r\n")
    client.recv(4096)
    client.sendall(b"500 5.5.1 Command unrecognized\r\n")


def closes_after_the_hello(client: socket.socket) -> None:
    client.recv(4096)


def resets_after_the_hello(client: socket.socket) -> None:
    client.recv(4096)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def stays_silent(client: socket.socket) -> None:
    while client.recv(4096):
        pass


def drips(client: socket.socket) -> None:
    """The start of a ServerHello record that never ends, a byte at a time."""
    client.recv(4096)
    client.sendall(b"\x16\x03\x03\x10\x00\x02")
    while True:
        client.sendall(b"\x00")
        threading.Event().wait(0.3)


@pytest.mark.parametrize(
    ("behave", "reason", "code"),
    [
        (greets_like_smtp, "not-tls", "tls-not-tls"),
        (closes_after_the_hello, "closed", "tls-handshake-closed"),
        (resets_after_the_hello, "reset", "net-reset"),
        (stays_silent, "silent", "tls-handshake-silent"),
        (drips, "slow", "tls-handshake-slow"),
    ],
)
def test_each_failure_has_its_name(behave: Behaviour, reason: str, code: str, pki: Pki) -> None:
    with listener(behave) as port:
        run = diagnose_tls(port, pki.root_file, "--timeout", "0.3")

    assert first_fault(run)["reason"] == reason
    assert run.causes == [code]
    assert run.decision == "no-go"
    if behave is greets_like_smtp:
        assert first_fault(run)["seen"] == "smtp"
