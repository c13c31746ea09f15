"""The Sametime community protocol on the wire, as far as it goes without a credential: framing and messages. Pure.

Sources: draft-houri-sametime-community-client-00 and what the free client library "meanwhile" sends and takes. All
integers are big-endian. A message is a length N (4 bytes, not counting themselves) and N bytes: type (2), options (2),
channel (4), body. Between messages any number of bytes with the top bit set may stand: keep-alives (0x80) and counters.
"""

from __future__ import annotations

import enum
import struct

import msgspec

MAX_MESSAGE = 64 * 1024
"""A longer message is no answer to a HANDSHAKE: those have 16 to some 200 bytes."""

MAJOR = 0x001E
"""The only major version in any source."""

MINOR = 0x001D
"""The minor version that "meanwhile" calls itself."""

HANDSHAKE_HAS_HOST = 0x001D
"""From this minor version on a HANDSHAKE ends with the client's host name."""

ACK_HAS_KEY = 0x0018
"""Above this minor version an acknowledgement goes on with a number and a public key."""

_HEADER = 8
_HAS_ATTRIBUTES = 0x8000
_IS_ENCRYPTED = 0x4000


class MessageType(enum.IntEnum):
    """Types that may answer a HANDSHAKE."""

    HANDSHAKE = 0x0000
    CHANNEL_DESTROY = 0x0003
    LOGIN_REDIRECT = 0x0018
    ADMIN = 0x0019
    ANNOUNCE = 0x0022
    HANDSHAKE_ACK = 0x8000


class Message(msgspec.Struct, frozen=True):
    """One message, with its attributes (if it had any) taken off the body."""

    type: int
    channel: int
    body: bytes
    encrypted: bool = False


class MalformedError(Exception):
    """These bytes are not this protocol's."""


class Framer:
    """Takes bytes as they come, in any pieces, and gives messages. Holds one message at most, of MAX_MESSAGE bytes."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._broken: MalformedError | None = None
        self.markers = 0
        """Keep-alive and counter bytes between messages."""
        self.empty = 0
        """Messages without content (N = 0), which clients skip."""

    def feed(self, data: bytes) -> list[Message]:
        """The messages that became whole. Raises MalformedError: when whole messages stand before what is malformed,
        only at the next call."""
        if self._broken is not None:
            raise self._broken
        messages: list[Message] = []
        try:
            self._take_messages(data, messages)
        except MalformedError as error:
            if not messages:
                raise
            self._broken = error
        return messages

    def _take_messages(self, data: bytes, messages: list[Message]) -> None:
        self._rest += data
        position = 0
        while True:
            while position < len(self._rest) and self._rest[position] >= 0x80:
                position += 1
                self.markers += 1
            if len(self._rest) - position < 4:
                break
            (length,) = struct.unpack_from(">I", self._rest, position)
            if length == 0:
                position += 4
                self.empty += 1
                continue
            if not _HEADER <= length <= MAX_MESSAGE:
                raise MalformedError(f"message length {length}")
            if len(self._rest) - position - 4 < length:
                break
            messages.append(_parsed(bytes(self._rest[position + 4 : position + 4 + length])))
            position += 4 + length
        del self._rest[:position]

    @property
    def unfinished(self) -> bytes:
        """The beginning of a message whose rest has not come, without its length; b"" when there is none."""
        return bytes(self._rest[4:])

    @property
    def between_messages(self) -> bool:
        """True when nothing of a further message has come."""
        return not self._rest


def handshake_message(minor: int = MINOR) -> bytes:
    """A HANDSHAKE in the form that "meanwhile" sends: version 30 and `minor`, client type 0x1700, no address, no host
    name; below minor version 29 in the shorter form of the draft.

    It opens a master channel and nothing else: no user is named, no account can be locked.
    """
    body = struct.pack(
        ">HHIIHI",
        MAJOR,
        minor,
        0,  # master channel
        0,  # client's address as the server sees it: the server's to fill in
        0x1700,  # client type
        0,  # client's own address: not disclosed
    )
    if minor >= HANDSHAKE_HAS_HOST:
        body += struct.pack(
            ">HIH",
            0x0100,  # meaning unknown, sent by that library
            0,  # meaning unknown
            0,  # length of the local host name: not disclosed
        )
    return _framed(MessageType.HANDSHAKE, body)


def goodbye_message(reason: int = 0) -> bytes:
    """CHANNEL_DESTROY of the master channel: how a client takes its leave, and answers one that it got."""
    return _framed(MessageType.CHANNEL_DESTROY, struct.pack(">II", reason, 0))


def first_message(data: bytes) -> Message | None:
    """The first message in `data`, which is all that has come so far; None while it is incomplete.

    Messages without content are skipped, as clients do. Raises MalformedError.
    """
    return next(iter(Framer().feed(data)), None)


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
    return Message(kind, channel, body, bool(options & _IS_ENCRYPTED))


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a HANDSHAKE_ACK says."""

    major: int | None = None
    minor: int | None = None
    seen_address: str | None = None
    """The IPv4 address that the server saw as the client's."""
    key_bytes: int | None = None
    """Length of its public key; 64 and more let a client encrypt its password with RC2/128."""
    trailing_bytes: int = 0
    """What newer servers add after all that is known."""
    problem: str | None = None
    """Why it is not a whole acknowledgement."""


def acknowledgement(body: bytes, *, encrypted: bool = False) -> Acknowledgement:
    """Reads as much of an acknowledgement's body as there is. Never raises."""
    if encrypted:
        return Acknowledgement(problem="its body is encrypted")
    if len(body) < 4:
        return Acknowledgement(problem=f"a body of {len(body)} bytes")
    major, minor = struct.unpack_from(">HH", body)
    if len(body) < 8:
        return Acknowledgement(major=major, minor=minor, problem="it ends before the client's address")
    seen = ".".join(str(byte) for byte in body[4:8])
    if major != MAJOR:
        return Acknowledgement(major=major, minor=minor, seen_address=seen, problem="an unknown major version")
    if minor <= ACK_HAS_KEY:
        return Acknowledgement(major=major, minor=minor, seen_address=seen, trailing_bytes=len(body) - 8)
    if len(body) < 16:
        return Acknowledgement(major=major, minor=minor, seen_address=seen, problem="it ends before the public key")
    (size,) = struct.unpack_from(">I", body, 12)
    if size > len(body) - 16:
        return Acknowledgement(major=major, minor=minor, seen_address=seen, problem="the public key is cut off")
    trailing = len(body) - 16 - size
    return Acknowledgement(major=major, minor=minor, seen_address=seen, key_bytes=size, trailing_bytes=trailing)


def destroy_reason(body: bytes) -> int | None:
    """The reason code of a CHANNEL_DESTROY; None when there is none."""
    return int.from_bytes(body[:4], "big") if len(body) >= 4 else None


def redirect_host(body: bytes) -> str | None:
    """The host that a LOGIN_REDIRECT names; None when it cannot be read."""
    if len(body) < 2:
        return None
    size = int.from_bytes(body[:2], "big")
    if not 0 < size <= len(body) - 2:
        return None
    return body[2 : 2 + size].rstrip(b"\0").decode("utf-8", "backslashreplace")


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
