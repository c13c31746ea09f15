"""The lab's HTTP: replies, keep-alive and limits, over a socket pair."""

from __future__ import annotations

import email.utils
import socket
import threading
import time

import pytest

from stdiag.lab import http
from stdiag.lab.blueprint import Front
from stdiag.lab.fronts import web_server
from stdiag.lab.http import Reply
from stdiag.lab.listener import Connection


def conversation(sent: bytes, *, front: Front = Front.STPROXY, clock_offset: int = 0) -> bytes:
    """What the server says to `sent` until it closes or has nothing more to read."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with theirs:
            web_server(front).serve(Connection(theirs, threading.Event()), clock_offset)
            theirs.shutdown(socket.SHUT_WR)
            while theirs.recv(65536):
                pass  # unread bytes would turn the close into a reset

    thread = threading.Thread(target=serve)
    thread.start()
    with ours:
        ours.settimeout(5)
        ours.sendall(sent)
        ours.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := ours.recv(65536):
            received += chunk
    thread.join()
    return received


def test_two_requests_on_one_connection() -> None:
    both = conversation(b"GET /stwebapi/proxyinfo?x=1 HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert both.count(b"HTTP/1.1 200 OK") == 1
    assert b'"communityConnected": true' in both
    assert b"HTTP/1.1 302 Found" in both
    assert b"Location: /chat\r\n" in both


def test_the_connection_ends_when_the_client_says_so_or_speaks_1_0() -> None:
    second = b"GET /chat HTTP/1.1\r\nHost: a\r\n\r\n"
    assert conversation(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n" + second).count(b"HTTP/1.1") == 1
    assert conversation(b"GET / HTTP/1.0\r\n\r\n" + second).count(b"HTTP/1.1") == 1


def test_head_has_no_body() -> None:
    head = conversation(b"HEAD /chat HTTP/1.1\r\nHost: a\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert head.endswith(b"\r\n\r\n")
    assert b"Content-Length: 0" not in head


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"POST /stwebapi/user/connect HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", b"405"),
        (b"\x16\x03\x01 nonsense\r\n\r\n", b"400"),
        (b"GET /nowhere HTTP/1.1\r\n\r\n", b"404"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 40000, b"431"),
    ],
)
def test_other_requests(sent: bytes, status: bytes) -> None:
    assert conversation(sent).split(b" ", 2)[1] == status


def test_the_date_is_the_standards_and_can_be_ahead() -> None:
    assert http.http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"
    for moment in (0, 951782399, 1709164800, 4102444799):
        assert http.http_date(moment) == email.utils.formatdate(moment, usegmt=True)
    reply = conversation(b"GET / HTTP/1.1\r\n\r\n", clock_offset=3600)
    date = next(line for line in reply.split(b"\r\n") if line.startswith(b"Date: "))
    seen = email.utils.parsedate_to_datetime(date[6:].decode()).timestamp()
    assert 3595 < seen - time.time() < 3605


def test_a_reply_as_bytes() -> None:
    text = http.encode(Reply(404, b"no", "text/plain", closes=True), "test")
    assert text.startswith(b"HTTP/1.1 404 Not Found\r\n")
    assert text.endswith(b"Content-Length: 2\r\nConnection: close\r\n\r\nno")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /chat HTTP/1.1\r\n\r\n", b"401"),
        (b"GET /chat HTTP/1.1\r\nAuthorization: Basic d3Jvbmc6d3Jvbmc=\r\n\r\n", b"401"),
        (b"GET /chat HTTP/1.1\r\nHost: a\r\nauthorization:  Basic bGFiOmxhYg==\r\n\r\n", b"200"),
    ],
)
def test_the_reverse_proxy_lets_through_who_has_the_credentials(sent: bytes, status: bytes) -> None:
    answer = conversation(sent, front=Front.ASKS_BASIC)
    assert answer.split(b" ", 2)[1] == status
    assert (b'WWW-Authenticate: Basic realm="chat.lab.example"\r\n' in answer) == (status == b"401")


def test_each_challenge_is_a_header_of_its_own() -> None:
    answer = conversation(b"GET / HTTP/1.1\r\nAuthorization: Basic bGFiOmxhYg==\r\n\r\n", front=Front.ASKS_NEGOTIATE)
    assert b"WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n" in answer
