"""Handshakes with what is no TLS server, or not a good one."""

from __future__ import annotations

import socket
import ssl
import threading
import time

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lab import peers_faulty as peers
from tests.lab.peers_faulty import (
    Behaviour,
    answers,
    closes,
    closes_after_hello,
    drips,
    floods,
    peer,
    resets,
    says,
    silent,
    watched_peer,
)
from tests.lab.tls_servers import server_context, server_flight
from tests.peers.identity import authority, leaf

from stdiag.model import FaultReason
from stdiag.net.alerts import alert_name
from stdiag.net.deadline import Deadline, Timeouts
from stdiag.net.dial import Dialer, Stream
from stdiag.net.tls import TlsOffer, TlsResult, TlsVersion, handshake
from stdiag.net.tls_session import MAX_HANDSHAKE_BYTES
from stdiag.net.trace import StepRecorder

OFFER = TlsOffer(label="default", server_name="chat.example.com")
TLS_1_2 = TlsOffer(label="tls1.2", server_name=None, max_version=TlsVersion.TLS1_2)


def shake(port: int, deadline: Deadline | None = None, offer: TlsOffer = OFFER) -> TlsResult:
    stream = Dialer(Timeouts()).connect("127.0.0.1", port, Deadline(5), StepRecorder(time.monotonic()))
    session = handshake(stream, offer, deadline or Deadline(3), None)
    session.close()
    return session.result


def alert(description: int, level: int = 2) -> bytes:
    return bytes([21, 3, 3, 0, 2, level, description])


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (closes, FaultReason.CLOSED),
        (closes_after_hello, FaultReason.CLOSED),
        (resets, FaultReason.RESET),
        (answers(b"\x16\x03\x03\x00\x7a\x02\x00"), FaultReason.CLOSED),  # the first piece of a ServerHello
        (answers(b"\x16"), FaultReason.CLOSED),
        (answers(alert(0, 1)), FaultReason.CLOSED),  # close_notify
        (answers(b"\x16\x03\x03\x00\x04\x63\x00\x00\x00"), FaultReason.TLS_PROTOCOL),
        (answers(b"\x17\x03\x03\x00\x05hello"), FaultReason.TLS_PROTOCOL),
        (answers(b"\x16\x03\x03\xff\xff" + b"x" * 100), FaultReason.TLS_PROTOCOL),
    ],
)
def test_broken_handshakes(behaviour: Behaviour, reason: FaultReason) -> None:
    with peer(behaviour) as port:
        result = shake(port)
    assert not result.completed
    assert result.fault is not None
    assert result.fault.reason is reason
    assert result.verify_code is None
    assert result.chain_der == []


def test_silence_costs_the_deadline_and_no_more() -> None:
    with peer(silent) as port:
        started = time.monotonic()
        result = shake(port, Deadline(0.3))
        took = time.monotonic() - started
    assert result.fault is not None
    assert result.fault.reason is FaultReason.SILENT
    assert 0.25 < took < 0.7
    assert 250_000 < result.waited_us <= result.duration_us < 700_000
    assert result.hello_bytes > 1400
    assert result.bytes_received == 0


def test_a_drip_costs_the_deadline_and_no_more() -> None:
    with peer(drips(b"\x16\x03\x03\x10\x00" + b"\x02\x00\x0f\xf0" + b"\x03" * 100, pause=0.02)) as port:
        started = time.monotonic()
        result = shake(port, Deadline(0.4))
        took = time.monotonic() - started
    assert result.fault is not None
    assert result.fault.reason in (FaultReason.SLOW, FaultReason.TLS_PROTOCOL)
    assert took < 0.8


def test_one_byte_and_then_nothing() -> None:
    with peer(says(b"\x16")) as port:
        result = shake(port, Deadline(0.3))
    assert result.fault is not None
    assert result.fault.reason is FaultReason.SLOW
    assert result.bytes_received == 1
    assert result.first_bytes == b"\x16"


@pytest.mark.parametrize(
    ("banner", "seen"),
    [
        (peers.HTTP_PLAIN, "http"),
        (b"<html><body>400 The plain HTTP request was sent to HTTPS port", "http"),
        (peers.SMTP_BANNER, "smtp"),
        (peers.SSH_BANNER, "ssh"),
        (peers.FTP_BANNER, "ftp"),
        (peers.IMAP_BANNER, "imap"),
        (peers.POP3_BANNER, "pop3"),
        (peers.SAMETIME_ACK, "sametime"),
        (peers.SAMETIME_REFUSAL, "sametime"),
        (b"\x05\xff", "unknown"),
        (b"good morning\r\n", "unknown"),
    ],
)
@pytest.mark.parametrize("form", [says, answers, drips])
def test_other_protocols_are_told_by_name(banner: bytes, seen: str, form: object) -> None:
    pieces = {says: says(banner), answers: answers(banner), drips: drips(banner, pause=0.002)}
    with peer(pieces[form]) as port:  # type: ignore[index]  # the three functions above
        started = time.monotonic()
        result = shake(port)
        assert time.monotonic() - started < 1.5
    assert result.fault is not None
    assert (result.fault.reason, result.fault.seen) == (FaultReason.NOT_TLS, seen)
    assert banner.startswith(result.first_bytes)
    assert 0 < len(result.first_bytes) <= 64


@pytest.mark.parametrize("description", [10, 40, 47, 48, 70, 71, 80, 112, 116, 120, 200])
@pytest.mark.parametrize("then", [closes, resets, silent])
def test_every_alert_has_its_name(description: int, then: Behaviour) -> None:
    with peer(answers(alert(description), then=then)) as port:
        result = shake(port)
    assert result.fault is not None
    assert (result.fault.reason, result.fault.alert) == (FaultReason.TLS_ALERT, alert_name(description))
    assert result.alerts_received == [alert_name(description)]


def test_a_warning_before_another_failure_is_not_its_cause() -> None:
    with peer(answers(alert(112, level=1) + b"\x16\x03\x03\x00\x04\x63\x00\x00\x00")) as port:
        result = shake(port, offer=TLS_1_2)
    assert result.fault is not None
    assert result.fault.reason is FaultReason.TLS_PROTOCOL
    assert result.alerts_received == ["unrecognized_name"]


@pytest.mark.parametrize(
    ("before", "chunk"),
    [
        (b"", b"\x16\x03\x03\x40\x00" + b"\x02\xff\xff\xff" + b"x" * 16380),  # a handshake message of 16 MiB
        (b"", b"\x14\x03\x03\x00\x01\x01" * 1000),  # change_cipher_spec for ever
        (b"", b"\x16\x03\x03\x00\x00" * 1000),  # empty records
        (b"", alert(112, level=1) * 1000),
        (b"", b"\x16\x03\x03\x00\x04\x00\x00\x00\x00" * 1000),  # HelloRequest: to be ignored, RFC 5246 §7.4.1.1
        (b"HTTP/1.1 200 OK\r\n", b"x" * 65536),
        (b"", b"\x80" * 65536),
    ],
)
def test_a_flood_is_not_listened_to_for_long(before: bytes, chunk: bytes) -> None:
    with peer(floods(chunk, before=before)) as port:
        started = time.monotonic()
        result = shake(port, offer=TLS_1_2)
        assert time.monotonic() - started < 2
    assert result.fault is not None
    assert result.fault.reason in (FaultReason.TLS_PROTOCOL, FaultReason.TOO_LARGE, FaultReason.NOT_TLS)
    assert result.bytes_received <= MAX_HANDSHAKE_BYTES + 16 * 1024


def test_hello_requests_without_end_are_too_large() -> None:
    with peer(floods(b"\x16\x03\x03\x00\x04\x00\x00\x00\x00" * 1000)) as port:
        result = shake(port, offer=TLS_1_2)
    assert result.fault is not None
    assert result.fault.reason is FaultReason.TOO_LARGE


def test_cancel_is_seen_within_200_ms() -> None:
    deadline = Deadline(30)
    with peer(silent) as port:
        cancelled_at = time.monotonic() + 0.15
        threading.Timer(0.15, deadline.cancel.set).start()
        result = shake(port, deadline)
        assert time.monotonic() - cancelled_at < 0.25
    assert result.fault is not None
    assert result.fault.reason is FaultReason.CANCELLED


def test_a_failed_handshake_ends_without_a_reset() -> None:
    with watched_peer(answers(b"\x16\x03\x03\x00\x04\x63\x00\x00\x00", then=peers.listens)) as log:
        assert shake(log.port).fault is not None
    assert log.resets == 0
    assert log.received[1][:2] == b"\x15\x03"  # an alert of our own says why


@pytest.fixture(scope="module")
def flight(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """ServerHello, Certificate, ServerKeyExchange and ServerHelloDone of a real TLS 1.2 server."""
    root = authority("Example Root")
    identity = leaf("chat.example.com", root)
    context = server_context(tmp_path_factory.mktemp("flight"), identity, root.certificate)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    hello = _client_hello()
    return server_flight(context, hello)


def _client_hello() -> bytes:
    ours, theirs = socket.socketpair()
    with theirs:
        session = handshake(Stream(ours, "a socket pair"), TLS_1_2, Deadline(0.0), None)
        hello = theirs.recv(65536)
        session.close()
    return hello


def _replay(data: bytes) -> TlsResult:
    ours, theirs = socket.socketpair()
    with theirs:
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        session = handshake(Stream(ours, "a socket pair"), TLS_1_2, Deadline(5), None)
        session.close()
    return session.result


def test_a_replayed_flight_is_no_handshake_but_its_certificates_are_kept(flight: bytes) -> None:
    result = _replay(flight)
    assert result.fault is not None
    assert result.fault.reason is FaultReason.TLS_PROTOCOL  # its signature is over another hello
    assert len(result.chain_der) == 2
    assert result.verify_errors


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_server_bytes_end_in_a_fault(data: st.DataObject, flight: bytes) -> None:
    mutated = bytearray(flight)
    for position, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(flight) - 1), st.integers(0, 255)), max_size=6)
    ):
        mutated[position] = value
    end = data.draw(st.one_of(st.just(len(flight)), st.integers(0, len(flight))))
    result = _replay(bytes(mutated[:end]))
    assert not result.completed
    assert result.fault is not None
    assert result.fault.reason in FaultReason
    assert result.fault.reason is not FaultReason.LOCAL
    assert result.bytes_received <= end
    assert msgspec.json.encode(result)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(min_size=1, max_size=400),
        st.binary(max_size=400).map(lambda body: b"\x16\x03\x03" + body),
        st.binary(max_size=400).map(lambda body: b"\x16\x03\x03" + len(body).to_bytes(2, "big") + body),
    )
)
def test_any_bytes_end_in_a_fault(data: bytes) -> None:
    result = _replay(data)
    assert not result.completed
    assert result.fault is not None
    assert result.chain_der == []
