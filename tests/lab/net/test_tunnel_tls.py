"""TLS to the proxy, TLS through the proxy, and one inside the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from OpenSSL import crypto
from tests.lab.peers_faulty import SSH_BANNER, Behaviour, answers, peer, says, silent
from tests.lab.proxies import FakeProxy, http, running, socks5
from tests.lab.tls_servers import PAGE, inside_tls, server_context, tls
from tests.lab.tunnels import NAMES, OK, end, proxy_at, through
from tests.peers.identity import authority, leaf

from stdiag.model import FaultReason
from stdiag.net.credentials import Credentials, Secret
from stdiag.net.deadline import Deadline
from stdiag.net.http_glance import glance
from stdiag.net.tls import TlsOffer, handshake
from stdiag.net.tunnel import TunnelStep

ROOT = authority("Example Root")
PROXY = leaf("proxy.example.com", ROOT)
SERVER = leaf("mux.example.com", ROOT)
OFFER = TlsOffer(label="default", server_name="mux.example.com", alpn=())


@pytest.fixture(scope="module")
def trust() -> crypto.X509Store:
    store = crypto.X509Store()
    store.add_cert(crypto.X509.from_cryptography(ROOT.certificate))
    return store


@pytest.mark.parametrize("kind", ["http", "https", "socks5h"])
def test_a_handshake_with_the_target(kind: str, tmp_path: Path, trust: crypto.X509Store) -> None:
    fake = FakeProxy(names=NAMES)
    proxy_context, context = server_context(tmp_path, PROXY), server_context(tmp_path, SERVER)
    behaviour = socks5(fake) if kind == "socks5h" else http(fake)
    if kind == "https":
        behaviour = inside_tls(proxy_context, behaviour)
    with peer(tls(context, PAGE)) as port, running(fake, behaviour):
        tunnel = through(proxy_at(kind, fake.port, host="proxy.example.com"), port, trust=trust)
        assert tunnel.stream is not None
        session = handshake(tunnel.stream, OFFER, Deadline(5), trust, name="mux.example.com")
        assert (session.result.completed, session.result.verify_errors) == (True, [])
        assert glance(session, "mux.example.com", Deadline(5)).status == 200
        session.close()
    if kind == "https":
        assert tunnel.tls is not None
        assert tunnel.tls.verify_errors == []
        assert tunnel.tls.chain_der
    else:
        assert tunnel.tls is None


def test_what_came_together_with_the_answer_is_read_without_waiting(tmp_path: Path) -> None:
    with peer(inside_tls(server_context(tmp_path, PROXY), answers(OK + SSH_BANNER, then=silent))) as port:
        tunnel = through(proxy_at("https", port, host="proxy.example.com"), 22)
        assert tunnel.stream is not None
        assert tunnel.stream.recv_waiting(4) == SSH_BANNER[:4]
        assert tunnel.stream.recv(100, Deadline(2)) == SSH_BANNER[4:]
        assert tunnel.stream.recv_waiting(4) is None
        assert end(tunnel) == (TunnelStep.OPEN, None)


@pytest.mark.parametrize(
    ("host", "trusting", "codes"),
    [
        ("proxy.example.com", True, []),
        ("proxy.example.com", False, [20]),
        ("127.0.0.1", True, [64]),
        ("two.example.com", True, [62]),
    ],
)
def test_the_proxys_certificate_is_a_fact(
    host: str, trusting: bool, codes: list[int], tmp_path: Path, trust: crypto.X509Store
) -> None:
    """20: no issuer known; 62 and 64: for another name, another address. None of them ends the way."""
    store = trust if trusting else crypto.X509Store()
    with peer(inside_tls(server_context(tmp_path, PROXY), answers(OK, then=silent))) as port:
        tunnel = through(proxy_at("https", port, host=host), 22, trust=store)
    assert tunnel.tls is not None
    assert [code for code, depth in tunnel.tls.verify_errors if depth == 0 and code != 21] == codes
    assert end(tunnel) == (TunnelStep.OPEN, None)


def test_no_password_for_a_proxy_that_is_not_verified(tmp_path: Path, trust: crypto.X509Store) -> None:
    fake = FakeProxy(names=NAMES, password=("joe", "right"))
    with peer(says(SSH_BANNER)) as port, running(fake, inside_tls(server_context(tmp_path, PROXY), http(fake))):
        for host, step in (("two.example.com", TunnelStep.AUTH), ("proxy.example.com", TunnelStep.OPEN)):
            proxy = proxy_at("https", fake.port, "joe", host=host)
            tunnel = through(proxy, port, credentials=Credentials({proxy: Secret("right")}), trust=trust)
            assert end(tunnel)[0] is step
    assert fake.passwords == [("joe", "right")]


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (answers(b"HTTP/1.1 400 Bad Request\r\n\r\n"), FaultReason.NOT_TLS),
        (says(SSH_BANNER), FaultReason.NOT_TLS),
        (answers(b"\x15\x03\x01\0\2\2\x28"), FaultReason.TLS_ALERT),
        (silent, FaultReason.SILENT),
    ],
)
def test_a_proxy_that_speaks_no_tls(behaviour: Behaviour, reason: FaultReason) -> None:
    with peer(behaviour) as port:
        assert end(through(proxy_at("https", port), 443)) == (TunnelStep.PROXY_TLS, reason)
