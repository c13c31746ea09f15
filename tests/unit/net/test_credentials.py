from __future__ import annotations

import pickle
import threading
import time

import msgspec
import pytest

from stdiag.model import FaultReason, Proxy, ProxyKind
from stdiag.net.credentials import Credentials, Secret, Turn
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError

PROXY = Proxy(ProxyKind.HTTP, "proxy", 3128, "joe", "env:X")
OTHER = Proxy(ProxyKind.SOCKS5H, "proxy", 3128, "joe", "env:Y")


@pytest.fixture
def credentials() -> Credentials:
    return Credentials({PROXY: Secret("geheim")})


def test_a_secret_is_not_shown() -> None:
    secret = Secret("geheim")
    assert secret.reveal() == "geheim"
    for shown in (repr(secret), str(secret), f"{secret}", repr([secret]), repr({"a": secret})):
        assert "geheim" not in shown
    with pytest.raises(TypeError):
        msgspec.json.encode(secret)
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert not hasattr(secret, "__dict__")  # no dump of its attributes tells it either


def test_without_a_password_there_is_no_turn() -> None:
    credentials = Credentials()
    assert credentials.turn(PROXY) is Turn.NO_PASSWORD
    assert credentials.for_proxy(PROXY) is None
    assert not credentials.may_send(PROXY)
    credentials.accepted(PROXY)
    assert credentials.turn(PROXY) is Turn.NO_PASSWORD


def test_one_tries_and_the_others_follow_its_verdict(credentials: Credentials) -> None:
    assert credentials.turn(PROXY) is Turn.FIRST
    assert credentials.turn(PROXY) is Turn.WAIT
    assert not credentials.may_send(PROXY)
    credentials.accepted(PROXY)
    assert credentials.turn(PROXY) is Turn.ACCEPTED
    assert credentials.may_send(PROXY)
    credentials.rejected(PROXY)
    assert credentials.turn(PROXY) is Turn.REJECTED
    credentials.accepted(PROXY)  # a late verdict of an earlier connection
    assert credentials.turn(PROXY) is Turn.REJECTED


def test_the_same_password_at_the_same_proxy_is_one() -> None:
    credentials = Credentials({PROXY: Secret("geheim"), OTHER: Secret("geheim")})
    assert credentials.turn(PROXY) is Turn.FIRST
    credentials.rejected(PROXY)
    assert credentials.turn(OTHER) is Turn.REJECTED


def test_another_password_is_another_attempt() -> None:
    credentials = Credentials({PROXY: Secret("geheim"), OTHER: Secret("anders")})
    credentials.turn(PROXY)
    credentials.rejected(PROXY)
    assert credentials.turn(OTHER) is Turn.FIRST


def test_those_who_wait_wake_up_with_the_verdict(credentials: Credentials) -> None:
    credentials.turn(PROXY)
    turns: list[Turn] = []
    threads = [
        threading.Thread(target=lambda: turns.append(credentials.wait_for_turn(PROXY, Deadline(5)))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    started = time.monotonic()
    credentials.rejected(PROXY)
    for thread in threads:
        thread.join(3)
    assert turns == [Turn.REJECTED] * 8
    assert time.monotonic() - started < 1


def test_without_a_verdict_the_next_one_tries(credentials: Credentials) -> None:
    for _ in range(5):
        assert credentials.turn(PROXY) is Turn.FIRST
        credentials.no_verdict(PROXY, ended=False)


def test_a_server_that_hangs_up_on_a_password_gets_three(credentials: Credentials) -> None:
    for _ in range(3):
        assert credentials.turn(PROXY) is Turn.FIRST
        credentials.no_verdict(PROXY, ended=True)
    assert credentials.turn(PROXY) is Turn.WITHHELD


def test_patience_lets_one_more_try_at_a_time(credentials: Credentials) -> None:
    credentials.turn(PROXY)
    started = time.monotonic()
    assert credentials.wait_for_turn(PROXY, Deadline(5), 0.2) is Turn.FIRST
    assert 0.15 < time.monotonic() - started < 1
    with pytest.raises(NetError) as caught:
        credentials.wait_for_turn(PROXY, Deadline(0.1), 0.2)
    assert caught.value.fault.reason is FaultReason.PROXY_SILENT


def test_waiting_ends_when_cancelled(credentials: Credentials) -> None:
    credentials.turn(PROXY)
    deadline = Deadline(20)
    threading.Timer(0.1, deadline.cancel.set).start()
    with pytest.raises(NetError) as caught:
        credentials.wait_for_turn(PROXY, deadline)
    assert caught.value.fault.reason is FaultReason.CANCELLED
