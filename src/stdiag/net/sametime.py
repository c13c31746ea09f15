"""The Sametime community protocol, as far as it goes without a credential: HANDSHAKE and what answers it.

Sources: draft-houri-sametime-community-client-00 and what the free client library "meanwhile" sends. All integers are
big-endian. A message is a length N (4 bytes, not counting themselves) and N bytes: type (2), options (2), channel (4),
body. Between messages any number of bytes with the top bit set may stand: keep-alives (0x80) and counters.
"""

from __future__ import annotations

import enum
import struct

import msgspec

MAX_MESSAGE = 64 * 1024
"""A longer message is no answer to a HANDSHAKE: those have 16 to some 200 bytes."""

_HEADER = 8
_HAS_ATTRIBUTES = 0x8000


class MessageType(enum.IntEnum):
    """Types that may answer a HANDSHAKE."""

    HANDSHAKE = 0x0000
    CHANNEL_DESTROY = 0x0003
    LOGIN_REDIRECT = 0x0018
    ADMIN = 0x0019
    HANDSHAKE_ACK = 0x8000


class Message(msgspec.Struct, frozen=True):
    """One message, with its attributes (if it had any) taken off the body."""

    type: int
    channel: int
    body: bytes


class MalformedError(Exception):
    """These bytes are not this protocol's."""


def handshake_message() -> bytes:
    """A HANDSHAKE in the form that "meanwhile" sends: version 30.29, client type 0x1700, no address, no host name.

    It opens a master channel and nothing else: no user is named, no account can be locked.
    """
    body = struct.pack(
        ">HHIIHIHIH",
        0x001E,  # major version: the only one there is
        0x001D,  # minor version
        0,  # master channel
        0,  # client's address as the server sees it: the server's to fill in
        0x1700,  # client type
        0,  # client's own address: not disclosed
        0x0100,  # meaning unknown, sent by that library
        0,  # meaning unknown
        0,  # length of the local host name: not disclosed
    )
    return _framed(MessageType.HANDSHAKE, body)


def goodbye_message() -> bytes:
    """CHANNEL_DESTROY of the master channel with reason 0: how a client takes its leave."""
    return _framed(MessageType.CHANNEL_DESTROY, struct.pack(">II", 0, 0))


def first_message(data: bytes) -> Message | None:
    """The first message in `data`, which is all that has come so far; None while it is incomplete.

    Messages without content (N = 0) are skipped, as clients do. Raises MalformedError.
    """
    position = 0
    while True:
        while position < len(data) and data[position] >= 0x80:
            position += 1
        if len(data) - position < 4:
            return None
        (length,) = struct.unpack_from(">I", data, position)
        position += 4
        if length == 0:
            continue
        if not _HEADER <= length <= MAX_MESSAGE:
            raise MalformedError(f"message length {length}")
        if len(data) - position < length:
            return None
        return _parsed(data[position : position + length])


def _parsed(message: bytes) -> Message:
    kind, options, channel = struct.unpack_from(">HHI", message)
    body = message[_HEADER:]
    if options & _HAS_ATTRIBUTES:
        if len(body) < 4:
            raise MalformedError("attributes announced, none there")
        (length,) = struct.unpack_from(">I", body)
        if length > len(body) - 4:
            raise MalformedError("attributes longer than the message")
        body = body[4 + length :]
    return Message(kind, channel, body)


def speaks_sametime(data: bytes) -> bool:
    """True when `data` starts with a whole HANDSHAKE_ACK, or with a CHANNEL_DESTROY of the master channel."""
    try:
        message = first_message(data)
    except MalformedError:
        return False
    if message is None:
        return False
    match message.type:
        case MessageType.HANDSHAKE_ACK:
            return len(message.body) >= 8 and message.body[:2] == b"\x00\x1e"
        case MessageType.CHANNEL_DESTROY:
            return message.channel == 0 and len(message.body) >= 4
        case _:
            return False


def _framed(kind: MessageType, body: bytes) -> bytes:
    return struct.pack(">IHHI", _HEADER + len(body), kind, 0, 0) + body
