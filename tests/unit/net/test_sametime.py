from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lab.peers_faulty import SAMETIME_ACK, SAMETIME_REFUSAL

from stdiag.net import sametime

# What the free client library "meanwhile" 1.1.1 puts on the wire with its defaults: captured, 38 bytes.
MEANWHILE_HANDSHAKE = bytes.fromhex(
    "00000022 0000 0000 00000000 001e 001d 00000000 00000000 1700 00000000 0100 00000000 0000"
)


def test_the_handshake_is_the_one_that_a_real_client_sends() -> None:
    assert sametime.handshake_message() == MEANWHILE_HANDSHAKE


def test_taking_leave() -> None:
    assert sametime.goodbye_message() == bytes.fromhex("00000010 0003 0000 00000000 00000000 00000000")


def test_an_acknowledgement() -> None:
    message = sametime.first_message(SAMETIME_ACK)
    assert message is not None
    assert message.type == sametime.MessageType.HANDSHAKE_ACK
    assert message.body == bytes.fromhex("001e 0018 7f000001")
    assert sametime.speaks_sametime(SAMETIME_ACK)


def test_a_refusal() -> None:
    assert sametime.speaks_sametime(SAMETIME_REFUSAL)


def test_attributes_are_skipped() -> None:
    body = struct.pack(">I", 3) + b"abc" + b"\x00\x1e\x00\x1d\x7f\x00\x00\x01"
    data = struct.pack(">IHHI", 8 + len(body), 0x8000, 0x8000, 0) + body
    message = sametime.first_message(data)
    assert message is not None
    assert message.body == b"\x00\x1e\x00\x1d\x7f\x00\x00\x01"
    assert sametime.speaks_sametime(data)


def test_markers_and_empty_messages_are_skipped() -> None:
    assert sametime.speaks_sametime(b"\x80\x80" + b"\x00" * 4 + b"\x81" + SAMETIME_ACK)


@given(st.integers(0, len(SAMETIME_ACK) - 1))
def test_an_incomplete_message_is_waited_for(size: int) -> None:
    assert sametime.first_message(SAMETIME_ACK[:size]) is None


@pytest.mark.parametrize("length", [1, 7, sametime.MAX_MESSAGE + 1, 0x7FFFFFFF])
def test_lengths_that_cannot_be(length: int) -> None:
    with pytest.raises(sametime.MalformedError):
        sametime.first_message(struct.pack(">I", length) + b"x" * 16)


@pytest.mark.parametrize(
    "data",
    [
        MEANWHILE_HANDSHAKE,  # an echo service sends our own bytes back
        bytes.fromhex("00000010 0003 0000 00000005 80000200 00000000"),  # another channel's end
        bytes.fromhex("00000010 8000 0000 00000000 0001 0018 7f000001"),  # another major version
        bytes.fromhex("0000000c 8000 8000 00000000 000000ff"),  # attributes longer than the message
        b"\x80\x80\x80",
        b"GET / HTTP/1.0\r\n\r\n",
    ],
)
def test_what_is_not_sametime(data: bytes) -> None:
    assert not sametime.speaks_sametime(data)


@given(st.binary(max_size=100))
def test_any_bytes_have_an_answer(data: bytes) -> None:
    assert sametime.speaks_sametime(data) in (True, False)
