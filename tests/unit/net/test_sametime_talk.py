from __future__ import annotations

import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lab.peers_faulty import (
    FTP_BANNER,
    HTTP_PLAIN,
    IMAP_BANNER,
    POP3_BANNER,
    SAMETIME_ACK,
    SAMETIME_REFUSAL,
    SMTP_BANNER,
    SSH_BANNER,
)
from tests.unit.net.memory_stream import End, MemoryStream, cut

from stdiag.model import FaultReason
from stdiag.net.deadline import Deadline
from stdiag.net.sametime import MAX_BYTES, SametimeAnswer, Spoke, talk
from stdiag.net.sametime_codes import VERSION_MISMATCH, words_of_code
from stdiag.net.sametime_wire import acknowledgement, goodbye_message, handshake_message, redirect_host

# What a free client library took for whole: version 30.29, it sees 127.0.0.1, a number, a key of 64 bytes.
LONG_ACK = bytes.fromhex("00000058 8000 0000 00000000 001e 001d 7f000001 a1b2c3d4 00000040") + bytes(range(64))
REDIRECT = bytes.fromhex("0000002c 0018 0000 00000000 0010") + b"st2.example.test" + b"\0\x10CN=st2/O=Example"
ADMIN = bytes.fromhex("0000000c 0019 0000 00000000 0002 6869")


def said(*pieces: bytes, end: End = "close") -> SametimeAnswer:
    return talk(MemoryStream(*pieces, end=end), Deadline(5))


def message(kind: int, body: bytes, *, options: int = 0, channel: int = 0) -> bytes:
    return struct.pack(">IHHI", 8 + len(body), kind, options, channel) + body


def test_an_acknowledgement() -> None:
    stream = MemoryStream(LONG_ACK, end="silent")
    answer = talk(stream, Deadline(5))
    assert (answer.spoke, answer.major, answer.minor, answer.seen_address) == (Spoke.ACK, 30, 29, "127.0.0.1")
    assert (answer.key_bytes, answer.trailing_bytes, answer.problem, answer.fault) == (64, 0, None, None)
    assert answer.first_bytes == LONG_ACK
    assert stream.sent == handshake_message() + goodbye_message()  # a polite end
    assert stream.closed == 1


def test_the_short_form_of_old_servers() -> None:
    answer = said(SAMETIME_ACK)
    assert (answer.spoke, answer.major, answer.minor, answer.key_bytes) == (Spoke.ACK, 30, 24, None)


def test_a_server_of_today_may_add_fields() -> None:
    more = bytes.fromhex("001e 2ef5 c0000201 00000001 00000002 abcd") + b"a newer field"
    answer = said(message(0x8000, more))
    assert (answer.spoke, answer.minor, answer.seen_address) == (Spoke.ACK, 12021, "192.0.2.1")
    assert (answer.key_bytes, answer.trailing_bytes) == (2, 13)


@pytest.mark.parametrize(
    ("body", "options", "problem"),
    [
        ("001e 001d 7f000001", 0, "it ends before the public key"),
        ("001e 001d 7f000001 00000000 00000040 0102", 0, "the public key is cut off"),
        ("001e 001d 7f000001 00000000 ffffffff 0102", 0, "the public key is cut off"),
        ("001e 001d 7f00", 0, "it ends before the client's address"),
        ("001e", 0, "a body of 2 bytes"),
        ("", 0, "a body of 0 bytes"),
        ("0001 001d 7f000001", 0, "an unknown major version"),
        ("001e 0018 7f000001", 0x4000, "its body is encrypted"),
    ],
)
def test_an_odd_acknowledgement_is_not_a_whole_one(body: str, options: int, problem: str) -> None:
    answer = said(message(0x8000, bytes.fromhex(body), options=options))
    assert (answer.spoke, answer.problem) == (Spoke.ACK_INCOMPLETE, problem)


@pytest.mark.parametrize(("end", "reason"), [("close", "closed"), ("silent", "slow"), ("reset", "reset")])
def test_an_acknowledgement_that_stops_in_the_middle(end: End, reason: str) -> None:
    answer = said(LONG_ACK[:30], end=end)
    assert (answer.spoke, answer.minor, answer.seen_address) == (Spoke.ACK_INCOMPLETE, 29, "127.0.0.1")
    assert answer.fault is not None
    assert answer.fault.reason == reason


def test_a_refusal_is_answered_with_its_own_reason() -> None:
    stream = MemoryStream(SAMETIME_REFUSAL)
    answer = talk(stream, Deadline(5))
    assert (answer.spoke, answer.reason_code) == (Spoke.DESTROY, VERSION_MISMATCH)
    assert words_of_code(VERSION_MISMATCH) == "version mismatch"
    assert words_of_code(0x80000012) is None
    assert stream.sent.endswith(SAMETIME_REFUSAL)


def test_the_second_attempt_is_another_version() -> None:
    stream = MemoryStream(SAMETIME_ACK)
    assert talk(stream, Deadline(5), minor=0x2149).minor_sent == 0x2149
    assert stream.sent.startswith(bytes.fromhex("00000022 0000 0000 00000000 001e 2149"))
    # Below 0x1d a handshake has the 26 bytes of the draft.
    assert handshake_message(0x18) == bytes.fromhex(
        "0000001a 0000 0000 00000000 001e 0018 00000000 00000000 1700 00000000"
    )


def test_a_redirect_keeps_the_host() -> None:
    answer = said(REDIRECT)
    assert (answer.spoke, answer.redirect_to) == (Spoke.REDIRECT, "st2.example.test")
    assert said(message(0x0018, b"\xff\xffx")).redirect_to is None


@pytest.mark.parametrize(
    ("before", "markers", "messages"),
    [
        (b"\x80", 1, []),
        (b"\x80\x80\xff\x81", 4, []),
        (b"\0\0\0\0" * 3, 0, []),
        (ADMIN, 0, [0x0019]),
        (b"\x81" + ADMIN + b"\x82" + message(0x0003, b"\0" * 8, channel=5) + b"\x83", 3, [0x0019, 0x0003]),
    ],
)
def test_what_may_stand_before_the_acknowledgement(before: bytes, markers: int, messages: list[int]) -> None:
    answer = said(before + SAMETIME_ACK)
    assert (answer.spoke, answer.markers, answer.messages_before) == (Spoke.ACK, markers, messages)


def test_attributes_are_skipped() -> None:
    body = struct.pack(">I", 3) + b"abc" + bytes.fromhex("001e 0018 7f000001")
    assert said(message(0x8000, body, options=0x8000)).spoke is Spoke.ACK


def test_garbage_behind_the_acknowledgement_does_not_hide_it() -> None:
    assert said(SAMETIME_ACK + b"\x7fgarbage").spoke is Spoke.ACK


@pytest.mark.parametrize(
    ("first", "spoke"),
    [
        (HTTP_PLAIN, Spoke.HTTP),
        (b"<html>no</html>", Spoke.HTTP),
        (b"\x15\x03\x03\0\2\2\x0a", Spoke.TLS),
        (b"\x15\x03", Spoke.TLS),
        (SSH_BANNER, Spoke.SSH),
        (SMTP_BANNER, Spoke.SMTP),
        (FTP_BANNER, Spoke.FTP),
        (IMAP_BANNER, Spoke.IMAP),
        (POP3_BANNER, Spoke.POP3),
        (handshake_message(), Spoke.ECHO),
        (b"\x80\x80\x80", Spoke.KEEP_ALIVE_ONLY),
        (ADMIN, Spoke.OTHER_MESSAGE),
        (b"\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd\x27", Spoke.GARBAGE),  # telnet
        (b"\x7f\xff\xff\xff", Spoke.GARBAGE),
        (b"\0\0\0\x07", Spoke.GARBAGE),
        (b"\0\0\0\x10\0", Spoke.GARBAGE),
        (b"\0\0\0\x0c\x80\0\x80\0\0\0\0\0\0\0\0\xff", Spoke.GARBAGE),  # attributes longer than the message
        (b"hello\n", Spoke.GARBAGE),
    ],
)
@pytest.mark.parametrize("end", ["close", "silent", "reset"])
def test_others_are_told_apart(first: bytes, spoke: Spoke, end: End) -> None:
    for pieces in ([first], [first[at : at + 1] for at in range(len(first))]):
        answer = said(*pieces, end=end)
        assert answer.spoke is spoke
        assert first.startswith(answer.first_bytes)


@pytest.mark.parametrize(("end", "spoke"), [("close", Spoke.CLOSED), ("silent", Spoke.SILENT), ("reset", Spoke.RESET)])
def test_nothing_at_all(end: End, spoke: Spoke) -> None:
    stream = MemoryStream(end=end)
    answer = talk(stream, Deadline(5))
    assert (answer.spoke, stream.sent, stream.closed) == (spoke, handshake_message(), 1)
    assert answer.fault is not None


@pytest.mark.parametrize("flood", [b"\x80" * 4096, b"\0" * 4096, ADMIN * 256])
def test_a_flood_ends(flood: bytes) -> None:
    stream = MemoryStream(*[flood] * 200)
    started = time.monotonic()
    answer = talk(stream, Deadline(5))
    assert answer.spoke in (Spoke.GARBAGE, Spoke.OTHER_MESSAGE)
    assert answer.fault is not None
    assert answer.fault.reason is FaultReason.TOO_LARGE
    assert stream.bytes_received < 2 * MAX_BYTES
    assert time.monotonic() - started < 2


ANSWERS = [LONG_ACK, SAMETIME_ACK, SAMETIME_REFUSAL, REDIRECT, ADMIN + LONG_ACK, b"\x80\x81" + SAMETIME_ACK]


@settings(max_examples=3000, deadline=None)
@given(
    st.sampled_from(ANSWERS),
    st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=4),
    st.integers(0, 120),
    st.binary(max_size=40),
    st.lists(st.integers(0, 160), max_size=6),
    st.sampled_from(["close", "silent", "reset"]),
)
def test_no_answer_breaks_anything(
    answer: bytes, changes: list[tuple[int, int]], length: int, more: bytes, places: list[int], end: End
) -> None:
    mutated = bytearray(answer)
    for place, value in changes:
        mutated[place % len(mutated)] = value
    said_bytes = bytes(mutated[:length]) + more
    stream = MemoryStream(*cut(said_bytes, places), end=end)
    result = talk(stream, Deadline(5))
    assert stream.closed == 1
    assert said_bytes.startswith(result.first_bytes)
    if result.spoke is Spoke.ACK:
        assert (result.major, result.problem) == (30, None)
        assert result.seen_address is not None


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(ANSWERS), st.lists(st.integers(0, 160), max_size=8))
def test_segments_do_not_matter(answer: bytes, places: list[int]) -> None:
    whole, pieces = said(answer), said(*cut(answer, places))
    whole.duration_us = pieces.duration_us = 0
    pieces.first_bytes, pieces.bytes_received = whole.first_bytes, whole.bytes_received
    assert pieces == whole


@given(st.binary(max_size=60), st.booleans())
def test_any_body_is_read(body: bytes, encrypted: bool) -> None:
    read = acknowledgement(body, encrypted=encrypted)
    assert read.problem is None or read.trailing_bytes == 0
    assert redirect_host(body) is None or len(body) > 2
