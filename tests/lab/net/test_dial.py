from __future__ import annotations

import errno
import socket
import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lab.peers_faulty import (
    closes,
    drips,
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

from stdiag.model import FaultReason, StepOutcome
from stdiag.net import dial
from stdiag.net.deadline import Deadline, Timeouts
from stdiag.net.dial import Dialer, Stream, connected_socket
from stdiag.net.faults import NetError
from stdiag.net.trace import StepRecorder


@pytest.fixture
def steps() -> StepRecorder:
    return StepRecorder(time.monotonic())


@pytest.fixture
def dialer() -> Dialer:
    return Dialer(Timeouts(connect=0.4))


def connect(dialer: Dialer, port: int, steps: StepRecorder, address: str = "127.0.0.1") -> Stream:
    return dialer.connect(address, port, Deadline(5), steps)


def reason_of(caught: pytest.ExceptionInfo[NetError]) -> FaultReason:
    return caught.value.fault.reason


def test_bytes_go_both_ways(dialer: Dialer, steps: StepRecorder) -> None:
    with watched_peer(says(b"hello", then=listens)) as log:
        stream = connect(dialer, log.port, steps)
        assert stream.peer == f"127.0.0.1:{log.port}"
        assert stream.recv(100, Deadline(5)) == b"hello"
        assert stream.bytes_received == 5
        stream.send_all(b"a question", Deadline(5))
        stream.close()
        stream.close()
    assert log.received == [b"a question"]
    assert log.resets == 0
    (step,) = steps.snapshot()
    assert (step.stage, step.outcome, step.peer) == ("tcp", StepOutcome.OK, f"127.0.0.1:{log.port}")


def test_ipv6(dialer: Dialer, steps: StepRecorder) -> None:
    with peer(says(b"six"), address="::1") as port:
        stream = connect(dialer, port, steps, "::1")
        assert stream.peer == f"[::1]:{port}"
        assert stream.recv(100, Deadline(5)) == b"six"
        stream.close()


def test_refused(dialer: Dialer, steps: StepRecorder) -> None:
    with refusing() as port, pytest.raises(NetError) as caught:
        connect(dialer, port, steps)
    assert reason_of(caught) is FaultReason.REFUSED
    assert "ECONNREFUSED" in caught.value.fault.words
    (step,) = steps.snapshot()
    assert step.outcome is StepOutcome.FAILED
    assert step.fault == caught.value.fault


def test_no_answer_costs_the_connect_time_only(dialer: Dialer, steps: StepRecorder) -> None:
    with full_backlog() as port:
        started = time.monotonic()
        with pytest.raises(NetError) as caught:
            connect(dialer, port, steps)
        took = time.monotonic() - started
    assert reason_of(caught) is FaultReason.TIMEOUT
    assert 0.35 < took < 0.8


def test_the_deadline_ends_a_connect_earlier(dialer: Dialer, steps: StepRecorder) -> None:
    with full_backlog() as port:
        started = time.monotonic()
        with pytest.raises(NetError):
            dialer.connect("127.0.0.1", port, Deadline(0.1), steps)
        assert time.monotonic() - started < 0.35


def test_an_address_without_a_route(dialer: Dialer, steps: StepRecorder) -> None:
    with pytest.raises(NetError) as caught:
        connect(dialer, 443, steps, "255.255.255.255")
    assert reason_of(caught) is FaultReason.UNREACHABLE


def test_a_machine_without_ipv6(dialer: Dialer, steps: StepRecorder, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_such_family(*_: object) -> socket.socket:
        raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")

    monkeypatch.setattr("stdiag.net.dial.socket.socket", no_such_family)
    with pytest.raises(NetError) as caught:
        connect(dialer, 443, steps, "::1")
    assert reason_of(caught) is FaultReason.UNREACHABLE


def test_no_file_handle_left(dialer: Dialer, steps: StepRecorder, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_handle(*_: object) -> socket.socket:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr("stdiag.net.dial.socket.socket", no_handle)
    for _ in range(20):  # more than there are places: a failed connect must give its place back
        with pytest.raises(NetError) as caught:
            dialer.connect("127.0.0.1", 443, Deadline(0.1), steps)
        assert reason_of(caught) is FaultReason.LOCAL
        assert "Too many open files" in caught.value.fault.words


def test_a_name_is_no_address() -> None:
    with pytest.raises(NetError) as caught:
        connected_socket("chat.example.com", 443, Deadline(1))
    assert reason_of(caught) is FaultReason.NAME_NOT_FOUND


def test_silence(dialer: Dialer, steps: StepRecorder) -> None:
    with peer(silent) as port:
        stream = connect(dialer, port, steps)
        with pytest.raises(NetError) as caught:
            stream.recv(100, Deadline(0.15))
        stream.close()
    assert reason_of(caught) is FaultReason.SILENT


def test_silence_after_some_bytes_is_slowness(dialer: Dialer, steps: StepRecorder) -> None:
    with peer(drips(b"ab")) as port:
        stream = connect(dialer, port, steps)
        deadline = Deadline(0.4)
        assert [stream.recv(100, deadline) for _ in b"ab"] == [b"a", b"b"]
        with pytest.raises(NetError) as caught:
            stream.recv(100, deadline)
        assert stream.bytes_received == 2
        stream.close()
    assert reason_of(caught) is FaultReason.SLOW


def test_the_deadline_holds_against_a_peer_that_never_stops(dialer: Dialer, steps: StepRecorder) -> None:
    with peer(floods(b"x" * 65536)) as port:
        stream = connect(dialer, port, steps)
        stream.send_all(b"?", Deadline(5))
        started = time.monotonic()
        with pytest.raises(NetError) as caught:
            _read_for_ever(stream, Deadline(0.2))
        assert time.monotonic() - started < 0.5
        stream.close()
    assert reason_of(caught) is FaultReason.SLOW


def _read_for_ever(stream: Stream, deadline: Deadline) -> None:
    while stream.recv(10, deadline):
        pass


def test_the_end(dialer: Dialer, steps: StepRecorder) -> None:
    with peer(closes) as port:
        stream = connect(dialer, port, steps)
        assert stream.recv(100, Deadline(5)) == b""
        stream.close()


def test_a_reset(dialer: Dialer, steps: StepRecorder) -> None:
    with peer(resets) as port:
        stream = connect(dialer, port, steps)
        stream.send_all(b"x", Deadline(5))
        with pytest.raises(NetError) as caught:
            stream.recv(100, Deadline(5))
        stream.close()
    assert reason_of(caught) is FaultReason.RESET


def test_a_peer_that_takes_nothing(dialer: Dialer, steps: StepRecorder) -> None:
    def reads_nothing(_: socket.socket, stop: threading.Event) -> None:
        stop.wait(5)

    with peer(reads_nothing) as port:
        stream = connect(dialer, port, steps)
        with pytest.raises(NetError) as caught:
            stream.send_all(b"x" * (32 << 20), Deadline(0.3))
        stream.close()
    assert reason_of(caught) is FaultReason.SLOW


@pytest.mark.parametrize("what", ["connect", "recv", "send"])
def test_cancel_is_seen_within_200_ms(what: str, steps: StepRecorder) -> None:
    def reads_nothing(_: socket.socket, stop: threading.Event) -> None:
        stop.wait(5)

    deadline = Deadline(30)
    dialer = Dialer(Timeouts(connect=10))
    with peer(reads_nothing) as port, full_backlog() as dead_port:
        stream = connect(dialer, port, steps)
        waits: dict[str, Callable[[], object]] = {
            "connect": lambda: dialer.connect("127.0.0.1", dead_port, deadline, steps),
            "recv": lambda: stream.recv(100, deadline),
            "send": lambda: stream.send_all(b"x" * (32 << 20), deadline),
        }
        cancelled_at = time.monotonic() + 0.1
        threading.Timer(0.1, deadline.cancel.set).start()
        with pytest.raises(NetError) as caught:
            waits[what]()
        assert time.monotonic() - cancelled_at < 0.25
        stream.close()
    assert reason_of(caught) is FaultReason.CANCELLED


def test_closing_with_bytes_unread_is_no_reset(dialer: Dialer, steps: StepRecorder) -> None:
    with watched_peer(says(b"x" * 50_000, then=listens)) as log:
        stream = connect(dialer, log.port, steps)
        assert stream.recv(1, Deadline(5)) == b"x"
        time.sleep(0.1)
        stream.close()
    assert (log.resets, log.received) == (0, [b""])


def test_closing_does_not_listen_to_an_endless_peer(dialer: Dialer, steps: StepRecorder) -> None:
    with peer(floods(b"x" * 65536)) as port:
        stream = connect(dialer, port, steps)
        stream.send_all(b"?", Deadline(5))
        stream.recv(1, Deadline(5))
        started = time.monotonic()
        stream.close()
        assert time.monotonic() - started < 1


def test_eight_connections_at_a_time_to_one_hop(steps: StepRecorder) -> None:
    dialer = Dialer(Timeouts(), per_hop=8)
    with watched_peer(silent) as log:

        def work() -> None:
            stream = dialer.connect("127.0.0.1", log.port, Deadline(10), steps)
            time.sleep(0.05)
            stream.close()
            time.sleep(0.03)  # the peer sees the end a little later

        threads = [threading.Thread(target=work) for _ in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert log.accepted == 24
    # The peer counts a connection until it has read its end, which may be after the next one has come.
    assert 4 <= log.most_open <= 16
    waits = [step for step in steps.snapshot() if step.label == "wait for a free place"]
    assert len(waits) >= 8
    connects = [step for step in steps.snapshot() if step.label == "connect"]
    assert max(step.duration_us for step in connects) < 50_000  # the wait is not part of it


def test_the_limit_holds_exactly_and_a_close_frees_a_place(steps: StepRecorder) -> None:
    dialer = Dialer(Timeouts(), per_hop=3)
    with peer(silent) as port, peer(silent) as other_port:
        streams = [dialer.connect("127.0.0.1", port, Deadline(5), steps) for _ in range(3)]
        started = time.monotonic()
        with pytest.raises(NetError) as caught:
            dialer.connect("127.0.0.1", port, Deadline(0.2), steps)
        assert reason_of(caught) is FaultReason.LOCAL
        assert 0.15 < time.monotonic() - started < 0.6
        dialer.connect("127.0.0.1", other_port, Deadline(0.2), steps).close()
        streams.pop().close()
        streams.append(dialer.connect("127.0.0.1", port, Deadline(0.2), steps))
        for stream in streams:
            stream.close()


def test_a_dead_server_costs_one_time_out_however_many_ask(steps: StepRecorder) -> None:
    dialer = Dialer(Timeouts(connect=1.0), per_hop=2)
    reasons: list[FaultReason] = []
    with full_backlog() as port:

        def work() -> None:
            with pytest.raises(NetError) as caught:
                dialer.connect("127.0.0.1", port, Deadline(10), steps)
            reasons.append(reason_of(caught))

        threads = [threading.Thread(target=work) for _ in range(4)]
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert time.monotonic() - started < 1.9
    assert reasons == [FaultReason.TIMEOUT] * 4


def test_a_late_answer_takes_a_place_again(steps: StepRecorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stdiag.net.dial._ready", late_once(dial._ready))
    dialer = Dialer(Timeouts(), per_hop=1)
    with peer(silent) as port:
        stream = dialer.connect("127.0.0.1", port, Deadline(5), steps)
        with pytest.raises(NetError) as caught:
            dialer.connect("127.0.0.1", port, Deadline(0.2), steps)
        assert reason_of(caught) is FaultReason.LOCAL
        stream.close()
        dialer.connect("127.0.0.1", port, Deadline(0.2), steps).close()


def late_once(ready: Callable[..., bool]) -> Callable[..., bool]:
    """The first wait ends without an answer, as if the peer had been slow."""
    waits = iter((True,))
    return lambda *given: False if next(waits, False) else ready(*given)


def test_cancel_ends_the_wait_for_a_place(steps: StepRecorder) -> None:
    dialer = Dialer(Timeouts(), per_hop=1)
    with peer(silent) as port:
        stream = dialer.connect("127.0.0.1", port, Deadline(5), steps)
        deadline = Deadline(30)
        deadline.cancel.set()
        started = time.monotonic()
        with pytest.raises(NetError) as caught:
            dialer.connect("127.0.0.1", port, deadline, steps)
        assert time.monotonic() - started < 0.25
        stream.close()
    assert reason_of(caught) is FaultReason.CANCELLED


@settings(max_examples=20, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=3000), max_size=5))
def test_what_is_sent_is_what_comes(pieces: list[bytes]) -> None:
    dialer = Dialer(Timeouts())
    with peer(says(*pieces, then=closes)) as port:
        stream = dialer.connect("127.0.0.1", port, Deadline(5), StepRecorder(0.0))
        came = b""
        while data := stream.recv(1000, Deadline(5)):
            came += data
        stream.close()
    assert came == b"".join(pieces)
