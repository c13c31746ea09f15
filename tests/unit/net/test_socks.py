from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.net.memory_stream import End, MemoryStream, cut

from stdiag.model import FaultReason
from stdiag.net.credentials import Secret
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError
from stdiag.net.proxy_talk import ProxyReply, ProxyTalk, TunnelStep
from stdiag.net.socks import ask_socks4, ask_socks4a, ask_socks5, greet_socks5

GRANTED4 = bytes.fromhex("005a 0000 00000000")
GRANTED5 = bytes.fromhex("05000001 7f000001 1234")


def talk_with(stream: MemoryStream) -> tuple[ProxyTalk, list[ProxyReply]]:
    replies: list[ProxyReply] = []
    return ProxyTalk(stream, Deadline(5), replies), replies


def socks4(talk: ProxyTalk) -> None:
    ask_socks4(talk, "192.0.2.7", 1533, "joe")


def socks4a(talk: ProxyTalk) -> None:
    ask_socks4a(talk, "mux.example.com", 1533, None)


def socks5(talk: ProxyTalk) -> None:
    greet_socks5(talk, None, None, offer_password=False, on_verdict=lambda _: None)
    ask_socks5(talk, "mux.example.com", 1533)


def socks5_with_password(talk: ProxyTalk) -> None:
    greet_socks5(talk, "joe", Secret("pässword"), offer_password=True, on_verdict=lambda _: None)
    ask_socks5(talk, "192.0.2.7", 1533)


def asked(ask: Callable[[ProxyTalk], None], *pieces: bytes, end: End = "close") -> tuple[NetError, list[ProxyReply]]:
    """The error that a talk ends in."""
    talk, replies = talk_with(MemoryStream(*pieces, end=end))
    with pytest.raises(NetError) as caught:
        ask(talk)
    return caught.value, replies


def test_socks4_asks_as_the_memo_says() -> None:
    stream = MemoryStream(GRANTED4, b"early")
    talk, replies = talk_with(stream)
    socks4(talk)
    assert stream.sent == b"\4\1\x05\xfd\xc0\0\2\7joe\0"
    assert (replies[0].status, replies[0].received, replies[0].fault) == (0x5A, GRANTED4, None)


def test_socks4a_gives_the_name() -> None:
    stream = MemoryStream(GRANTED4)
    socks4a(talk_with(stream)[0])
    assert stream.sent == b"\4\1\x05\xfd\0\0\0\1\0mux.example.com\0"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.0.2.7", "01 c0000207"),
        ("2001:db8::7", "04 20010db8000000000000000000000007"),
        ("fe80::1%eth0", "04 fe800000000000000000000000000001"),
        ("a.example", "03 09 612e6578616d706c65"),
    ],
)
def test_socks5_addresses(host: str, address: str) -> None:
    stream = MemoryStream(GRANTED5)
    ask_socks5(talk_with(stream)[0], host, 80)
    assert stream.sent == bytes.fromhex(f"050100 {address} 0050")


def test_a_password_of_255_bytes_is_sent_whole() -> None:
    """Its length byte is a byte, not a character."""
    stream = MemoryStream(b"\5\2", b"\1\0")
    verdicts: list[bool] = []
    word = "ä" * 127
    greet_socks5(talk_with(stream)[0], "joe", Secret(word), offer_password=True, on_verdict=verdicts.append)
    assert stream.sent == b"\5\2\0\2" + b"\1\3joe\xfe" + word.encode()
    assert verdicts == [True]


def test_what_follows_the_reply_is_the_targets() -> None:
    talk, replies = talk_with(MemoryStream(GRANTED5 + b"SSH-2.0-x\r\n"))
    ask_socks5(talk, "192.0.2.7", 22)
    assert talk.leftover == b"SSH-2.0-x\r\n"
    assert replies[0].received == GRANTED5


@pytest.mark.parametrize("bound", ["01 7f000001", "03 09 612e6578616d706c65", "03 00", "04" + "00" * 16])
def test_every_kind_of_bound_address_is_read_whole(bound: str) -> None:
    talk, _ = talk_with(MemoryStream(bytes.fromhex(f"050000 {bound} 0050") + b"x"))
    ask_socks5(talk, "192.0.2.7", 22)
    assert talk.leftover == b"x"


@pytest.mark.parametrize(
    ("ask", "pieces", "reason", "step", "status"),
    [
        (socks4, [bytes.fromhex("005b000000000000")], FaultReason.PROXY_REFUSED_REQUEST, TunnelStep.REQUEST, 0x5B),
        (socks4, [b"\0\x5b"], FaultReason.PROXY_REFUSED_REQUEST, TunnelStep.REQUEST, 0x5B),
        (socks4, [bytes.fromhex("005c000000000000")], FaultReason.PROXY_AUTH_REJECTED, TunnelStep.REQUEST, 0x5C),
        (socks4, [bytes.fromhex("045d000000000000")], FaultReason.PROXY_AUTH_REJECTED, TunnelStep.REQUEST, 0x5D),
        (socks4, [b"\5\xff"], FaultReason.PROXY_PROTOCOL, TunnelStep.REQUEST, None),
        (socks4, [b"\0\x5a\0\0"], FaultReason.CLOSED, TunnelStep.REQUEST, 0x5A),
        (socks4, [], FaultReason.CLOSED, TunnelStep.REQUEST, None),
        (socks5, [b"\5\xff"], FaultReason.PROXY_AUTH_REQUIRED, TunnelStep.GREETING, 0xFF),
        (socks5, [b"\5\1"], FaultReason.PROXY_AUTH_METHOD, TunnelStep.GREETING, 1),
        (socks5, [b"\5\2"], FaultReason.PROXY_AUTH_METHOD, TunnelStep.GREETING, 2),
        (socks5, [b"\0\x5b"], FaultReason.PROXY_PROTOCOL, TunnelStep.GREETING, None),
        (socks5, [b"\5\0", b"\5\1"], FaultReason.PROXY_REFUSED_REQUEST, TunnelStep.REQUEST, 1),
        (socks5, [b"\5\0\5\4\0\3\0\0\0"], FaultReason.PROXY_REFUSED_REQUEST, TunnelStep.REQUEST, 4),
        (socks5, [b"\5\0\5\x63\0\1"], FaultReason.PROXY_REFUSED_REQUEST, TunnelStep.REQUEST, 0x63),
        (socks5, [b"\5\0\5\0\0\7"], FaultReason.PROXY_PROTOCOL, TunnelStep.REQUEST, 0),
        (socks5, [b"\5\0\5\0\0\3\xff", b"abc"], FaultReason.CLOSED, TunnelStep.REQUEST, 0),
        (socks5_with_password, [b"\5\xff"], FaultReason.PROXY_AUTH_METHOD, TunnelStep.GREETING, 0xFF),
        (socks5_with_password, [b"\5\2\1\1"], FaultReason.PROXY_AUTH_REJECTED, TunnelStep.AUTH, 1),
        (socks5_with_password, [b"\5\2\5\2"], FaultReason.PROXY_AUTH_REJECTED, TunnelStep.AUTH, 2),
        (socks5_with_password, [b"\5\2"], FaultReason.CLOSED, TunnelStep.AUTH, None),
        (socks5_with_password, [b"\5\2HT"], FaultReason.PROXY_PROTOCOL, TunnelStep.AUTH, None),
    ],
)
def test_every_answer_has_its_reason(
    ask: Callable[[ProxyTalk], None], pieces: list[bytes], reason: FaultReason, step: TunnelStep, status: int | None
) -> None:
    error, replies = asked(ask, *pieces)
    assert error.fault.reason is reason
    assert (replies[-1].step, replies[-1].status, replies[-1].fault) == (step, status, error.fault)
    assert b"".join(reply.received for reply in replies) == b"".join(pieces)


@pytest.mark.parametrize(
    ("first", "seen"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "http"),
        (b"\x15\x03\x01\0\2\2\x0a", "tls"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "ssh"),
        (b"220 mail.example.com ESMTP Postfix\r\n", "smtp"),
        (b"\x01\x02\x03\x04", "unknown"),
    ],
)
@pytest.mark.parametrize("ask", [socks4, socks5])
def test_another_protocol_is_named(ask: Callable[[ProxyTalk], None], first: bytes, seen: str) -> None:
    error, replies = asked(ask, first[:2], first[2:])
    assert (error.fault.reason, error.fault.seen) == (FaultReason.PROXY_PROTOCOL, seen)
    assert replies[-1].received in (first, first[:2])  # two bytes are enough for TLS


@pytest.mark.parametrize(("ask", "first", "seen"), [(socks4, b"\5\xff", "socks5"), (socks5, b"\0\x5b\0\0", "socks4")])
def test_the_other_version_of_socks_is_named(ask: Callable[[ProxyTalk], None], first: bytes, seen: str) -> None:
    assert asked(ask, first)[0].fault.seen == seen


@pytest.mark.parametrize(("end", "nothing", "half"), [("silent", "silent", "slow"), ("reset", "reset", "reset")])
def test_how_a_reply_stays_away(end: End, nothing: str, half: str) -> None:
    assert asked(socks5, end=end)[0].fault.reason == nothing
    assert asked(socks5, b"\5", end=end)[0].fault.reason == half
    assert asked(socks5, b"\5\0", end=end)[0].fault.reason == nothing
    assert asked(socks5, b"\5\0\5\0", end=end)[0].fault.reason == half


GOOD = [
    (socks4, GRANTED4),
    (socks4a, GRANTED4),
    (socks5, b"\5\0" + GRANTED5),
    (socks5_with_password, b"\5\2\1\0" + GRANTED5),
]


@settings(max_examples=1500, deadline=None)
@given(
    st.sampled_from(GOOD),
    st.lists(st.tuples(st.integers(0, 15), st.integers(0, 255)), max_size=3),
    st.integers(0, 16),
    st.binary(max_size=20),
    st.lists(st.integers(0, 40), max_size=5),
    st.sampled_from(["close", "silent", "reset"]),
)
def test_no_reply_breaks_anything(
    good: tuple[Callable[[ProxyTalk], None], bytes],
    changes: list[tuple[int, int]],
    length: int,
    more: bytes,
    places: list[int],
    end: End,
) -> None:
    ask, reply = good
    mutated = bytearray(reply)
    for place, value in changes:
        mutated[place % len(mutated)] = value
    said = bytes(mutated[:length]) + more
    talk, replies = talk_with(MemoryStream(*cut(said, places), end=end))
    with contextlib.suppress(NetError):
        ask(talk)
    assert all(reply.fault is None for reply in replies[:-1])
    assert said.startswith(b"".join(reply.received for reply in replies))


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(GOOD), st.binary(max_size=20), st.lists(st.integers(0, 60), max_size=8))
def test_segments_do_not_matter(
    good: tuple[Callable[[ProxyTalk], None], bytes], early: bytes, places: list[int]
) -> None:
    ask, reply = good
    stream = MemoryStream(*cut(reply + early, places), end="silent")
    talk, replies = talk_with(stream)
    ask(talk)
    assert b"".join(one.received for one in replies) == reply
    rest = talk.leftover
    while len(rest) < len(early):
        rest += stream.recv(100, Deadline(0))
    assert rest == early
