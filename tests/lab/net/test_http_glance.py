from __future__ import annotations

import socket
import ssl
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lab import peers_faulty as peers
from tests.lab.peers_faulty import Behaviour, answers, closes, drips, floods, peer, resets, says, silent, watched_peer
from tests.lab.tls_servers import asking_for_a_certificate, server_context, tls
from tests.peers.identity import authority, leaf

from stdiag.model import FaultReason
from stdiag.net.deadline import Deadline, Timeouts
from stdiag.net.dial import Dialer, Stream
from stdiag.net.faults import NetError
from stdiag.net.http_glance import MAX_BODY, HttpAnswer, glance
from stdiag.net.tls import TlsOffer, handshake
from stdiag.net.trace import StepRecorder

# What nginx sends under TLS to a client without the certificate that it requires.
NO_CERTIFICATE = (
    b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nDate: Fri, 20 Nov 2026 10:00:00 GMT\r\nContent-Length: 57\r\n"
    b"Connection: close\r\n\r\n<title>400 No required SSL certificate was sent</title>\r\n"
)


def connected(port: int) -> Stream:
    return Dialer(Timeouts()).connect("127.0.0.1", port, Deadline(5), StepRecorder(time.monotonic()))


def glance_at(behaviour: Behaviour, seconds: float = 3.0) -> HttpAnswer:
    with peer(behaviour) as port:
        stream = connected(port)
        try:
            return glance(stream, "chat.example.com", Deadline(seconds))
        finally:
            stream.close()


def test_a_plain_answer_and_the_question() -> None:
    with watched_peer(answers(NO_CERTIFICATE)) as log:
        stream = connected(log.port)
        status, headers, body = glance(stream, "chat.example.com", Deadline(3))
        stream.close()
    assert status == 400
    assert headers["date"] == "Fri, 20 Nov 2026 10:00:00 GMT"
    assert headers["server"] == "nginx"
    assert b"No required SSL certificate" in body
    question = log.received[0].decode("ascii")
    assert question.startswith("GET / HTTP/1.1\r\nHost: chat.example.com\r\nUser-Agent: stdiag/")
    assert "Connection: close\r\n" in question
    assert question.endswith("\r\n\r\n")


@pytest.mark.parametrize(
    ("host", "field"),
    [("::1", "[::1]"), ("fe80::1%eth0", "[fe80::1]"), ("192.0.2.1", "192.0.2.1"), ("bücher.example", "xn--bcher-kva")],
)
def test_the_host_field(host: str, field: str) -> None:
    with watched_peer(answers(NO_CERTIFICATE)) as log:
        stream = connected(log.port)
        glance(stream, host, Deadline(3))
        stream.close()
    assert f"\r\nHost: {field}".encode() in log.received[0]


def test_a_host_cannot_smuggle_a_header() -> None:
    with peer(silent) as port:
        stream = connected(port)
        with pytest.raises(NetError):
            glance(stream, "chat.example.com\r\nX-Other: 1", Deadline(3))
        stream.close()


def test_over_tls(tmp_path: Path) -> None:
    root = authority("Example Root")
    context = server_context(tmp_path, leaf("chat.example.com", root), root.certificate)
    with peer(tls(context, NO_CERTIFICATE[:30], NO_CERTIFICATE[30:])) as port:
        session = handshake(connected(port), TlsOffer(label="http", server_name=None), Deadline(3), None)
        assert glance(session, "chat.example.com", Deadline(3)).status == 400
        session.close()


def test_a_refusal_under_tls_1_3_shows_here(tmp_path: Path) -> None:
    root = authority("Example Root")
    context = server_context(tmp_path, leaf("chat.example.com", root), root.certificate)
    with peer(tls(asking_for_a_certificate(context, root, ssl.CERT_REQUIRED))) as port:
        session = handshake(connected(port), TlsOffer(label="http", server_name=None), Deadline(3), None)
        with pytest.raises(NetError) as caught:
            glance(session, "chat.example.com", Deadline(3))
        session.close()
    assert (caught.value.fault.reason, caught.value.fault.alert) == (FaultReason.TLS_ALERT, "certificate_required")
    assert session.result.alerts_received == ["certificate_required"]


@pytest.mark.parametrize(
    ("behaviour", "status", "body"),
    [
        (answers(b"HTTP/1.0 200 OK\n\nhello"), 200, b"hello"),
        (answers(b"HTTP/1.1 204 No Content\r\n\r\n", then=silent), 204, b""),
        (answers(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhithere", then=silent), 200, b"hithere"),
        (answers(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n"), 302, b""),
        (answers(b"HTTP/2 200\r\n\r\n"), 200, b""),
        (says(b"HTTP/1.1 200 OK\r\nbroken line\r\n folded\r\n\r\n", then=closes), 200, b""),
        (answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", then=silent), 200, None),
        (drips(b"HTTP/1.1 200 OK\r\n\r\nhello", pause=0.005, then=closes), 200, b"hello"),
    ],
)
def test_forms_of_answers(behaviour: Behaviour, status: int, body: bytes | None) -> None:
    started = time.monotonic()
    answer = glance_at(behaviour)
    assert time.monotonic() - started < 0.8
    assert answer.status == status
    if body is not None:
        assert answer.body == body


def test_repeated_headers_are_joined() -> None:
    answer = glance_at(answers(b"HTTP/1.1 200 OK\r\nVia: a\r\nVIA: b\r\n\r\n"))
    assert answer.headers == {"via": "a, b"}


def test_a_body_without_end_is_cut() -> None:
    answer = glance_at(floods(b"x" * 1000, before=b"HTTP/1.1 200 OK\r\n\r\n"))
    assert answer.body == b"x" * MAX_BODY


def test_a_body_that_never_comes_costs_a_second() -> None:
    started = time.monotonic()
    answer = glance_at(answers(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhi", then=silent), 5)
    assert answer.body == b"hi"
    assert time.monotonic() - started < 1.6


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (silent, FaultReason.SILENT),
        (closes, FaultReason.CLOSED),
        (resets, FaultReason.RESET),
        (answers(b"HTTP/1.1 200 OK\r\nDate:"), FaultReason.MALFORMED),
        (answers(b"HTTP/1.1 2x0 OK\r\n\r\n"), FaultReason.MALFORMED),
        (answers(peers.SMTP_BANNER, then=silent), FaultReason.MALFORMED),
        (answers(b"<html>", then=silent), FaultReason.MALFORMED),
        (drips(b"HTTP/1.1 200 OK\r\n" * 100), FaultReason.SLOW),
        (floods(b"X-Padding: xxxxxxxxxxxxxxx\r\n", before=b"HTTP/1.1 200 OK\r\n"), FaultReason.TOO_LARGE),
        (floods(b"HTTP/1.1 100 Continue\r\n\r\n"), FaultReason.MALFORMED),
    ],
)
def test_what_is_no_answer(behaviour: Behaviour, reason: FaultReason) -> None:
    started = time.monotonic()
    with pytest.raises(NetError) as caught:
        glance_at(behaviour, 0.5)
    assert caught.value.fault.reason is reason
    assert time.monotonic() - started < 1.5


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda rest: b"HTTP/1.1 200" + rest)))
def test_any_bytes_are_an_answer_or_a_net_error(data: bytes) -> None:
    ours, theirs = socket.socketpair()
    stream = Stream(ours, "a socket pair")
    with theirs:
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        try:
            answer = glance(stream, "chat.example.com", Deadline(5))
        except NetError:
            return
        finally:
            stream.close()
    assert 100 <= answer.status <= 999
    assert all(name == name.lower() for name in answer.headers)
