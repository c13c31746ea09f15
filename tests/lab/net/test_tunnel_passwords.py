"""A password is tried once for each proxy, whoever asks, and however many at a time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import pytest
from tests.lab.peers_faulty import SSH_BANNER, peer, says, silent
from tests.lab.proxies import FakeProxy, running
from tests.lab.tunnels import BEHAVIOURS, NAMES, OK, end, proxy_at, through

from stdiag.model import FaultReason
from stdiag.net.credentials import Credentials, Secret
from stdiag.net.deadline import Timeouts
from stdiag.net.dial import Dialer
from stdiag.net.tunnel import Tunnel, TunnelStep


def side_by_side(count: int, call: Callable[[], Tunnel]) -> list[Tunnel]:
    found: list[Tunnel] = []
    threads = [threading.Thread(target=lambda: found.append(call())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == count
    return found


@pytest.mark.parametrize("kind", ["http", "socks5", "socks5h"])
def test_a_wrong_password_is_sent_once(kind: str) -> None:
    fake = FakeProxy(names=NAMES, password=("joe", "right"), verdict_delay=0.2)
    timeouts = Timeouts(connect=2, step=5, proxy=5)
    with peer(silent) as port, running(fake, BEHAVIOURS[kind](fake)):
        proxy = proxy_at(kind, fake.port, "joe")
        credentials = Credentials({proxy: Secret("wrong")})
        dialer = Dialer(timeouts)

        def call() -> Tunnel:
            return through(proxy, port, credentials=credentials, timeouts=timeouts, dialer=dialer)

        tunnels = [*side_by_side(18, call), call()]
    assert fake.passwords == [("joe", "wrong")]
    assert {end(tunnel)[1] for tunnel in tunnels} == {FaultReason.PROXY_AUTH_REJECTED}
    assert sum(reply.sent_credentials for tunnel in tunnels for reply in tunnel.replies) == 1
    assert "wrong" not in repr([tunnel.replies for tunnel in tunnels])


@pytest.mark.parametrize("kind", ["http", "socks5h"])
def test_a_right_password_opens_all(kind: str) -> None:
    fake = FakeProxy(names=NAMES, password=("joe", "right"), verdict_delay=0.1)
    timeouts = Timeouts(connect=2, step=5, proxy=5)
    with peer(says(SSH_BANNER)) as port, running(fake, BEHAVIOURS[kind](fake)):
        proxy = proxy_at(kind, fake.port, "joe")
        credentials = Credentials({proxy: Secret("right")})
        dialer = Dialer(timeouts, per_hop=32)
        tunnels = side_by_side(
            18, lambda: through(proxy, port, credentials=credentials, timeouts=timeouts, dialer=dialer)
        )
        assert {end(tunnel) for tunnel in tunnels} == {(TunnelStep.OPEN, None)}
    assert len(fake.passwords) == 18


@pytest.mark.parametrize("kind", ["http", "socks5h"])
def test_a_password_is_not_sent_to_a_proxy_that_does_not_ask(kind: str) -> None:
    fake = FakeProxy(names=NAMES)
    with peer(says(SSH_BANNER)) as port, running(fake, BEHAVIOURS[kind](fake)):
        proxy = proxy_at(kind, fake.port, "joe")
        tunnel = through(proxy, port, credentials=Credentials({proxy: Secret("geheim")}))
        assert end(tunnel) == (TunnelStep.OPEN, None)
    assert b"Authorization" not in fake.heads[0]
    assert not tunnel.replies[0].sent_credentials


@pytest.mark.parametrize("kind", ["http", "socks5h"])
def test_a_password_that_is_missing(kind: str) -> None:
    fake = FakeProxy(password=("joe", "right"))
    with running(fake, BEHAVIOURS[kind](fake)):
        tunnel = through(proxy_at(kind, fake.port), 80)
    assert end(tunnel)[1] is FaultReason.PROXY_AUTH_REQUIRED
    assert len(tunnel.replies) == 1
    if kind == "http":
        assert tunnel.replies[0].schemes == ["NTLM", "Basic"]


def test_a_proxy_that_ends_after_a_password_gets_it_three_times_at_most() -> None:
    got: list[bytes] = []

    def behave(client: socket.socket, stop: threading.Event) -> None:
        client.recv(4)
        client.sendall(b"\5\2")
        got.append(client.recv(100))
        del stop

    with peer(behave) as port:
        proxy = proxy_at("socks5h", port, "joe")
        credentials = Credentials({proxy: Secret("geheim")})
        reasons = [end(through(proxy, 80, credentials=credentials))[1] for _ in range(5)]
    assert sum(b"geheim" in word for word in got) == 3
    assert reasons[:3] == [FaultReason.CLOSED] * 3
    assert reasons[3:] == [FaultReason.PROXY_AUTH_REQUIRED] * 2


def test_an_http_proxy_busy_with_a_dead_target_does_not_hold_up_the_others() -> None:
    """Its one answer is about the password and the target; it comes late when the target is dead."""
    asked = threading.Event()
    passwords: list[bytes] = []

    def behave(connection: socket.socket, stop: threading.Event) -> None:
        head = connection.recv(65536)
        if b"Authorization" not in head:
            connection.sendall(b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
            return
        passwords.append(head)
        if b":1533" in head:
            asked.set()
            stop.wait(20)
        connection.sendall(OK)
        stop.wait(20)

    timeouts = Timeouts(connect=0.3, step=1, proxy=2)
    with peer(behave) as port:
        proxy = proxy_at("http", port, "joe")
        credentials = Credentials({proxy: Secret("right")})
        dead = threading.Thread(target=lambda: through(proxy, 1533, credentials=credentials, timeouts=timeouts))
        dead.start()
        assert asked.wait(2)
        started = time.monotonic()
        tunnel = through(proxy, 80, credentials=credentials, timeouts=timeouts)
        assert end(tunnel) == (TunnelStep.OPEN, None)
        assert time.monotonic() - started < 1
        dead.join(5)
    assert len(passwords) == 2
