from __future__ import annotations

import time
import tracemalloc

import pytest
import socks  # type: ignore[import-untyped]  # PySocks comes without types
from tests.lab.peers_faulty import (
    SAMETIME_ACK,
    SSH_BANNER,
    Behaviour,
    answers,
    closes,
    floods,
    full_backlog,
    listens,
    peer,
    refusing,
    resets,
    says,
    silent,
    watched_peer,
)
from tests.lab.proxies import FakeProxy, http, running, socks5
from tests.lab.tunnels import BEHAVIOURS, NAMES, OK, TIMEOUTS, end, proxy_at, through

from stdiag.model import FaultReason
from stdiag.net.credentials import Credentials, Secret
from stdiag.net.deadline import Deadline
from stdiag.net.dial import Dialer
from stdiag.net.sametime import Spoke, talk
from stdiag.net.trace import StepRecorder
from stdiag.net.tunnel import TunnelStep


@pytest.mark.parametrize("kind", BEHAVIOURS)
def test_a_handshake_through_every_kind_of_proxy(kind: str) -> None:
    fake = FakeProxy(names=NAMES)
    steps = StepRecorder(time.monotonic())
    with watched_peer(answers(SAMETIME_ACK, then=listens)) as mux, running(fake, BEHAVIOURS[kind](fake)):
        proxy = proxy_at(kind, fake.port)
        tunnel = through(proxy, mux.port, steps=steps)
        assert (tunnel.ended_at, tunnel.fault) == (TunnelStep.OPEN, None)
        assert tunnel.stream is not None
        assert tunnel.stream.bytes_received == 0  # the proxy's own words do not count
        assert talk(tunnel.stream, Deadline(3)).spoke is Spoke.ACK
        assert tunnel.stream.bytes_received == len(SAMETIME_ACK)
    remote = kind in ("http", "socks4a", "socks5h")
    assert fake.asked == [("mux.example.com" if remote else "127.0.0.1", mux.port)]
    assert tunnel.resolved_by == ("proxy" if remote else "here") == proxy.resolves
    assert tunnel.proxy_address == "127.0.0.1"
    assert [step.stage for step in steps.snapshot()] == (["tcp", "proxy"] if remote else ["dns", "tcp", "proxy"])
    assert len(mux.received) == 2  # question and goodbye


@pytest.mark.parametrize("kind", ["http", "socks5", "socks5h"])
def test_an_ipv6_target(kind: str) -> None:
    fake = FakeProxy()
    with watched_peer(says(SSH_BANNER), address="::1") as ssh, running(fake, BEHAVIOURS[kind](fake)):
        tunnel = through(proxy_at(kind, fake.port), ssh.port, "::1")
        assert tunnel.stream is not None
        assert tunnel.stream.recv(100, Deadline(3)) == SSH_BANNER
        assert end(tunnel) == (TunnelStep.OPEN, None)
    assert fake.asked == [("::1", ssh.port)]


@pytest.mark.parametrize("kind", ["http", "socks4", "socks4a", "socks5", "socks5h"])
def test_our_request_is_the_one_that_pysocks_sends(kind: str) -> None:
    """Where the standard leaves no choice: all of SOCKS, and the request line of CONNECT."""
    fake = FakeProxy(names=NAMES)
    types = {"http": socks.HTTP, "socks4": socks.SOCKS4, "socks4a": socks.SOCKS4}
    remote = kind in ("http", "socks4a", "socks5h")
    with peer(says(SSH_BANNER)) as port, running(fake, BEHAVIOURS[kind](fake)):
        theirs = socks.socksocket()
        with theirs:
            theirs.set_proxy(types.get(kind, socks.SOCKS5), "127.0.0.1", fake.port, rdns=remote)
            theirs.connect(("mux.example.com" if remote else "127.0.0.1", port))
        tunnel = through(proxy_at(kind, fake.port), port)
        assert end(tunnel) == (TunnelStep.OPEN, None)
    first, second = fake.heads
    if kind == "http":
        first, second = first.partition(b"\r\n")[0], second.partition(b"\r\n")[0]
    assert second == first


def test_with_a_password_too_our_bytes_are_those_of_pysocks() -> None:
    fake = FakeProxy(names=NAMES, password=("joe", "geheim"))
    with peer(says(SSH_BANNER)) as port, running(fake, socks5(fake)):
        theirs = socks.socksocket()
        with theirs:
            theirs.set_proxy(socks.SOCKS5, "127.0.0.1", fake.port, username="joe", password=fake.password[1])  # type: ignore[index]  # set above
            theirs.connect(("mux.example.com", port))
        proxy = proxy_at("socks5h", fake.port, "joe")
        tunnel = through(proxy, port, credentials=Credentials({proxy: Secret("geheim")}))
        assert end(tunnel) == (TunnelStep.OPEN, None)
    assert fake.heads[1] == fake.heads[0]
    assert fake.passwords == [("joe", "geheim")] * 2


@pytest.mark.parametrize("kind", ["http", "socks5h"])
def test_what_the_target_says_first_is_not_lost(kind: str) -> None:
    reply = OK if kind == "http" else b"\5\0\5\0\0\1" + b"\0" * 6
    for answer in ([reply + SSH_BANNER], [reply[:9], reply[9:] + SSH_BANNER[:3], SSH_BANNER[3:]]):
        with peer(answers(*answer, pause=0.02, then=silent)) as port:
            tunnel = through(proxy_at(kind, port), 22)
            assert tunnel.stream is not None
            came = b""
            while len(came) < len(SSH_BANNER):
                came += tunnel.stream.recv(100, Deadline(2))
            assert came == SSH_BANNER
            assert end(tunnel) == (TunnelStep.OPEN, None)


def test_the_next_address_is_asked_for_when_the_first_is_refused() -> None:
    fake = FakeProxy()
    with peer(says(SSH_BANNER)) as port, running(fake, socks5(fake)):
        tunnel = through(proxy_at("socks5", fake.port), port, "two.example.com")
        assert end(tunnel) == (TunnelStep.OPEN, None)
    assert fake.asked == [("127.0.0.9", port), ("127.0.0.1", port)]
    assert tunnel.target_address == "127.0.0.1"


def test_a_resolve_entry_holds_through_a_proxy_that_would_look_it_up() -> None:
    fake = FakeProxy()
    with peer(says(SSH_BANNER)) as port, running(fake, socks5(fake)):
        overrides = {"new.example.com": f"127.0.0.1:{port}"}
        tunnel = through(proxy_at("socks5h", fake.port), 1533, "new.example.com", overrides=overrides)
        assert end(tunnel) == (TunnelStep.OPEN, None)
    assert (fake.asked, tunnel.resolved_by) == ([("127.0.0.1", port)], "here")


def test_local_names_fail_before_any_contact() -> None:
    with watched_peer(silent) as log:
        assert end(through(proxy_at("socks5", log.port), 80, "missing.example.com"))[0] is TunnelStep.TARGET_DNS
        six = through(proxy_at("socks4", log.port), 80, "six.example.com")
        assert end(six) == (TunnelStep.TARGET_DNS, FaultReason.NO_IPV4)
        assert log.accepted == 0


@pytest.mark.parametrize("kind", BEHAVIOURS)
def test_no_proxy_there(kind: str) -> None:
    with refusing() as port:
        assert end(through(proxy_at(kind, port), 80)) == (TunnelStep.PROXY_TCP, FaultReason.REFUSED)
    missing = proxy_at(kind, 1080, host="missing.example.com")
    assert end(through(missing, 80))[0] is TunnelStep.PROXY_DNS


def test_a_proxy_that_does_not_answer_the_connect_costs_the_connect_time() -> None:
    with full_backlog() as port:
        started = time.monotonic()
        assert end(through(proxy_at("http", port), 80)) == (TunnelStep.PROXY_TCP, FaultReason.TIMEOUT)
        assert 0.4 < time.monotonic() - started < 1.5


@pytest.mark.parametrize("kind", BEHAVIOURS)
@pytest.mark.parametrize(
    ("behaviour", "reason"), [(silent, "silent"), (closes, "closed"), (resets, "reset"), (answers(b"\5\xff"), None)]
)
def test_a_proxy_without_a_verdict(kind: str, behaviour: Behaviour, reason: str | None) -> None:
    with peer(behaviour) as port:
        started = time.monotonic()
        tunnel = through(proxy_at(kind, port), 80)
        assert time.monotonic() - started < 1.9
    step, found = end(tunnel)
    assert step in (TunnelStep.GREETING, TunnelStep.REQUEST)
    if reason:
        assert found == reason
    else:
        socks5_kind = kind.startswith("socks5")
        assert found == (FaultReason.PROXY_AUTH_REQUIRED if socks5_kind else FaultReason.PROXY_PROTOCOL)
        assert tunnel.replies[-1].received == b"\5\xff"


@pytest.mark.parametrize(
    ("kind", "behaviour"),
    [
        ("http", floods(b"X: y\r\n" * 1000, before=b"HTTP/1.1 200 OK\r\n")),
        ("http", floods(b"A" * 65536)),
        ("http", floods(b"HTTP/1.1 100 Continue\r\n\r\n" * 500)),
        ("http", floods(b"A" * 65536, before=b"HTTP/1.1 403 No\r\nContent-Length: 99999999999\r\n\r\n")),
        ("http", floods(b"A" * 65536, before=b"HTTP/1.1 200 Yes\r\nContent-Length: 99999999999\r\n\r\n")),
        ("socks5h", floods(b"A" * 65536)),
        ("socks4a", floods(b"\0" * 65536)),
        ("socks5h", floods(b"\xff" * 65536, before=b"\5\0\5\1\0\3\xff")),
    ],
)
def test_a_flood_ends_soon_and_in_bounded_memory(kind: str, behaviour: Behaviour) -> None:
    with peer(behaviour) as port:
        tracemalloc.start()
        started = time.monotonic()
        tunnel = through(proxy_at(kind, port), 80)
        took = time.monotonic() - started
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert tunnel.fault is not None
    assert took < 2.5
    assert most < 8 << 20
    assert all(len(reply.received) <= 8192 for reply in tunnel.replies)


@pytest.mark.parametrize(
    ("kind", "reply"),
    [("http", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50), ("socks5h", b"\5\0\5\0\0\3\xff" + b"a" * 99)],
)
def test_a_byte_now_and_then_ends_at_the_deadline(kind: str, reply: bytes) -> None:
    with peer(answers(*[reply[at : at + 1] for at in range(len(reply))], pause=0.2)) as port:
        started = time.monotonic()
        tunnel = through(proxy_at(kind, port), 80)
        assert 0.8 < time.monotonic() - started < 1.6
    assert tunnel.fault is not None
    assert tunnel.fault.reason is FaultReason.SLOW
    assert reply.startswith(b"".join(one.received for one in tunnel.replies))


def test_success_and_a_page_is_no_tunnel() -> None:
    """A web server that knows no CONNECT, or a reverse proxy that passes it on."""
    page = b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>"
    for behaviour in (answers(page), answers(page, then=silent), answers(page[:-13])):
        with peer(behaviour) as port:
            tunnel = through(proxy_at("http", port), 1533)
        assert end(tunnel) == (TunnelStep.REQUEST, FaultReason.PROXY_FALSE_SUCCESS)
        assert tunnel.replies[0].status == 200


def test_a_rejected_target_frees_its_place_at_the_proxy() -> None:
    fake = FakeProxy()
    dialer = Dialer(TIMEOUTS, per_hop=1)
    with refusing() as port, running(fake, http(fake)):
        for _ in range(4):
            tunnel = through(proxy_at("http", fake.port), port, "127.0.0.1", dialer=dialer)
            assert end(tunnel) == (TunnelStep.REQUEST, FaultReason.PROXY_REFUSED_REQUEST)
    assert tunnel.replies[0].received.endswith(b"oops")
