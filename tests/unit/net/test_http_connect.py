from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.net.memory_stream import End, MemoryStream, cut

from stdiag import __version__
from stdiag.model import FaultReason
from stdiag.net.credentials import Secret
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError
from stdiag.net.http_connect import MAX_HEAD, ask_connect, auth_schemes, connect_request
from stdiag.net.proxy_talk import KEPT, ProxyReply, ProxyTalk

OK = b"HTTP/1.1 200 Connection established\r\n\r\n"
PASSWORD = "a very secret one"  # noqa: S105 - of a proxy in memory
PAGE = b"<html>ERR_ACCESS_DENIED</html>"
DENIED = (
    b"HTTP/1.1 403 Forbidden\r\nServer: squid\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\nContent-Length: 30\r\n\r\n"
    + PAGE
)


class Asked:
    """One CONNECT to a proxy in memory."""

    def __init__(self, *pieces: bytes, end: End = "close", password: str | None = None) -> None:
        self.stream = MemoryStream(*pieces, end=end)
        self.replies: list[ProxyReply] = []
        self.talk = ProxyTalk(self.stream, Deadline(5), self.replies)
        self.verdicts: list[bool] = []
        self.reason: FaultReason | None = None
        secret = Secret(password) if password else None
        try:
            ask_connect(self.talk, "mux.example.com", 1533, "joe", secret, self.verdicts.append)
        except NetError as error:
            self.reason = error.fault.reason

    @property
    def reply(self) -> ProxyReply:
        return self.replies[-1]


def challenge(*values: str) -> bytes:
    lines = "".join(f"Proxy-Authenticate: {value}\r\n" for value in values)
    return f"HTTP/1.1 407 Proxy Authentication Required\r\n{lines}Content-Length: 0\r\n\r\n".encode()


def test_the_request() -> None:
    assert connect_request("mux.example.com", 1533) == (
        b"CONNECT mux.example.com:1533 HTTP/1.1\r\nHost: mux.example.com:1533\r\n"
        b"User-Agent: stdiag/" + __version__.encode() + b"\r\n\r\n"
    )
    assert connect_request("fe80::1%eth0", 80).startswith(b"CONNECT [fe80::1]:80 HTTP/1.1\r\nHost: [fe80::1]:80\r\n")
    # The example of RFC 7617 §2.1: user "test", password "123£", in UTF-8.
    assert b"\r\nProxy-Authorization: Basic dGVzdDoxMjPCow==\r\n" in connect_request("a", 1, "test", Secret("123£"))


@pytest.mark.parametrize(
    "head",
    [
        OK,
        b"HTTP/1.0 200 OK\r\n\r\n",
        b"HTTP/1.1 200\r\n\r\n",
        b"HTTP/1.1 299 Anything\r\nVia: x\r\n\r\n",
        b"HTTP/1.1 200 OK\nVia: x\n\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK,
        b"HTTP/1.1 200 \xff\xfe\r\n\r\n",
    ],
)
def test_any_success_is_a_tunnel_and_what_follows_is_the_targets(head: bytes) -> None:
    asked = Asked(head + b"\x00\x00\x00\x10", end="silent")
    assert (asked.reason, asked.talk.leftover) == (None, b"\x00\x00\x00\x10")
    assert asked.reply.received == head


@pytest.mark.parametrize("length", [b"Content-Length: 5", b"Transfer-Encoding: chunked", b"content-length: x"])
@pytest.mark.parametrize(("body", "end"), [(b"hello", "silent"), (b"", "close"), (b"", "reset")])
def test_success_with_a_page_is_no_tunnel(length: bytes, body: bytes, end: End) -> None:
    asked = Asked(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n\r\n", body, end=end)
    assert (asked.reason, asked.reply.status) == (FaultReason.PROXY_FALSE_SUCCESS, 200)
    assert asked.reply.received.endswith(b"\r\n\r\n" + body)


def test_a_refusal_is_kept_with_its_page() -> None:
    asked = Asked(DENIED, b"not of this answer", end="silent")
    assert (asked.reason, asked.reply.status, asked.reply.received) == (FaultReason.PROXY_REFUSED_REQUEST, 403, DENIED)
    assert asked.reply.headers["x-squid-error"] == "ERR_ACCESS_DENIED 0"
    assert not asked.reply.sent_credentials


@pytest.mark.parametrize("status", [301, 400, 403, 404, 500, 502, 503, 504, 599])
def test_every_other_status_is_a_refusal(status: int) -> None:
    asked = Asked(f"HTTP/1.1 {status} x\r\n\r\n".encode(), password=PASSWORD)
    assert (asked.reason, asked.reply.status) == (FaultReason.PROXY_REFUSED_REQUEST, status)
    assert asked.verdicts == [True]


def test_401_is_a_web_servers_refusal_or_tinyproxys_of_a_password() -> None:
    answer = b"HTTP/1.1 401 Unauthorized\r\n\r\n"
    assert Asked(answer).reason is FaultReason.PROXY_REFUSED_REQUEST
    asked = Asked(answer, password=PASSWORD)
    assert (asked.reason, asked.verdicts) == (FaultReason.PROXY_AUTH_REJECTED, [False])


@pytest.mark.parametrize(
    ("values", "password", "reason", "schemes"),
    [
        (['Basic realm="a, b"'], None, FaultReason.PROXY_AUTH_REQUIRED, ["Basic"]),
        (['Basic realm="a"'], "secret", FaultReason.PROXY_AUTH_REJECTED, ["Basic"]),
        (["NTLM", "Negotiate"], None, FaultReason.PROXY_AUTH_METHOD, ["NTLM", "Negotiate"]),
        (["Negotiate, NTLM, basic"], None, FaultReason.PROXY_AUTH_REQUIRED, ["Negotiate", "NTLM", "basic"]),
        ([], None, FaultReason.PROXY_AUTH_METHOD, []),
    ],
)
def test_authentication(values: list[str], password: str | None, reason: FaultReason, schemes: list[str]) -> None:
    asked = Asked(challenge(*values), password=password)
    assert (asked.reason, asked.reply.schemes) == (reason, schemes)
    assert asked.reply.sent_credentials == (password is not None)
    assert asked.verdicts == ([] if password is None else [False])


@pytest.mark.parametrize(
    ("value", "schemes"),
    [
        ('Digest realm="x, Basic y", nonce="\\"q, NTLM \\"", qop=auth, Basic realm="z"', ["Digest", "Basic"]),
        ("Negotiate YII=, NTLM TlRMTVNT", ["Negotiate", "NTLM"]),
        ('Basic realm = "x"', ["Basic"]),
        (", ,Basic", ["Basic"]),
        ('"unclosed, Basic', []),
        ("", []),
    ],
)
def test_schemes(value: str, schemes: list[str]) -> None:
    assert auth_schemes([value]) == schemes


@pytest.mark.parametrize(
    ("first", "seen"),
    [
        (b"\5\xff", "socks5"),
        (b"\0\x5b\0\0\0\0\0\0", "socks4"),
        (b"\x15\x03\x01\0\2\2\x46", "tls"),
        (b"SSH-2.0-x\r\n", "ssh"),
        (b"HTTP/1.1 twohundred\r\n\r\n", "http"),
        (b"\0\1\2\3", "unknown"),
    ],
)
def test_what_is_no_answer_to_connect(first: bytes, seen: str) -> None:
    asked = Asked(first)
    assert asked.reason is FaultReason.PROXY_PROTOCOL
    assert asked.reply.fault is not None
    assert asked.reply.fault.seen == seen


@pytest.mark.parametrize(("end", "reason"), [("close", "closed"), ("silent", "silent"), ("reset", "reset")])
def test_no_answer(end: End, reason: str) -> None:
    assert Asked(end=end).reason == reason


@pytest.mark.parametrize(("end", "reason"), [("close", "closed"), ("silent", "slow"), ("reset", "reset")])
def test_half_an_answer(end: End, reason: str) -> None:
    asked = Asked(OK[:-2], end=end)
    assert (asked.reason, asked.reply.received) == (reason, OK[:-2])


def test_endless_headers_end() -> None:
    asked = Asked(*[b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * MAX_HEAD])
    assert asked.reason is FaultReason.TOO_LARGE
    assert len(asked.reply.received) == KEPT
    assert asked.stream.bytes_received < 2 * MAX_HEAD


def test_endless_interim_answers_end() -> None:
    assert Asked(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000).reason is FaultReason.PROXY_PROTOCOL


def test_a_head_byte_by_byte_costs_no_quadratic_time() -> None:
    head = b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000 + b"\r\n"
    started = time.monotonic()
    assert Asked(*[head[at : at + 1] for at in range(len(head))], end="silent").reason is None
    assert time.monotonic() - started < 3


ANSWERS = [OK, DENIED, challenge('Basic realm="x"'), b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"]


@settings(max_examples=1500, deadline=None)
@given(
    st.sampled_from(ANSWERS),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=4),
    st.integers(0, 200),
    st.binary(max_size=30),
    st.lists(st.integers(0, 200), max_size=6),
    st.sampled_from(["close", "silent", "reset"]),
    st.booleans(),
)
def test_no_answer_breaks_anything(
    answer: bytes,
    changes: list[tuple[int, int]],
    length: int,
    more: bytes,
    places: list[int],
    end: End,
    with_password: bool,
) -> None:
    mutated = bytearray(answer)
    for place, value in changes:
        mutated[place % len(mutated)] = value
    said = bytes(mutated[:length]) + more
    with contextlib.suppress(NetError):
        asked = Asked(*cut(said, places), end=end, password=PASSWORD if with_password else None)
        assert len(asked.replies) == 1
        assert said.startswith(asked.reply.received)
        assert PASSWORD.encode() not in asked.reply.received
        assert (asked.reason is None) == (asked.reply.fault is None)
        assert asked.reason is not None or 200 <= (asked.reply.status or 0) < 300


@given(st.binary(max_size=20), st.lists(st.integers(0, 60), max_size=8))
def test_segments_do_not_matter(early: bytes, places: list[int]) -> None:
    asked = Asked(*cut(OK + early, places), end="silent")
    assert (asked.reason, asked.reply.received) == (None, OK)
    assert early.startswith(asked.talk.leftover)


@given(st.text(max_size=200))
def test_any_challenge_is_read(value: str) -> None:
    assert all(" " not in scheme and "," not in scheme for scheme in auth_schemes([value]))
