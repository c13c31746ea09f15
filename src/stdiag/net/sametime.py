"""One HANDSHAKE of the Sametime community protocol without a credential, and what answers it.

No LOGIN is ever sent: no user is named, no account can be locked. What is known of the protocol comes from a draft of
1999 and from free implementations; none of it was checked against a real server.
"""

from __future__ import annotations

import contextlib
import enum
import time

import msgspec

from stdiag.model import Fault, FaultReason
from stdiag.net.byte_stream import ByteStream
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError
from stdiag.net.greeting import is_tls, spoken
from stdiag.net.sametime_wire import (
    MAX_MESSAGE,
    MINOR,
    Framer,
    MalformedError,
    Message,
    MessageType,
    acknowledgement,
    destroy_reason,
    first_message,
    goodbye_message,
    handshake_message,
    redirect_host,
    speaks_sametime,
)

__all__ = [
    "MAX_MESSAGE",
    "MalformedError",
    "Message",
    "MessageType",
    "SametimeAnswer",
    "Spoke",
    "first_message",
    "goodbye_message",
    "handshake_message",
    "speaks_sametime",
    "talk",
]

MAX_BYTES = 128 * 1024
"""A peer that sends more without an answer in it is not listened to any longer."""

KEPT = 256
"""First bytes that are kept."""

_CHUNK = 4096
_GREETING_REST = 0.3
_GOODBYE_S = 0.5


class Spoke(enum.StrEnum):
    """What spoke at the end of the way."""

    ACK = "ack"  # a whole acknowledgement: a Sametime community server, or something that acts as one
    ACK_INCOMPLETE = "ack-incomplete"  # an acknowledgement that is cut off, or odd
    DESTROY = "destroy"  # CHANNEL_DESTROY of the master channel: Sametime, and it refuses
    REDIRECT = "redirect"  # LOGIN_REDIRECT, which belongs after a login
    OTHER_MESSAGE = "other-message"  # well-formed messages, none of which answers a HANDSHAKE
    KEEP_ALIVE_ONLY = "keep-alive-only"  # bytes with the top bit set and nothing else: a weak hint
    ECHO = "echo"  # our own bytes
    HTTP = "http"
    TLS = "tls"
    SSH = "ssh"
    SMTP = "smtp"
    FTP = "ftp"
    IMAP = "imap"
    POP3 = "pop3"
    SILENT = "silent"
    CLOSED = "closed"
    RESET = "reset"
    GARBAGE = "garbage"  # nothing that is known here


class SametimeAnswer(msgspec.Struct, kw_only=True):
    """What came on a HANDSHAKE."""

    spoke: Spoke
    minor_sent: int = MINOR
    major: int | None = None
    minor: int | None = None
    """The server's protocol version, raw: no release can be read from it with certainty."""
    seen_address: str | None = None
    """The IPv4 address that the server saw as ours: another one than ours shows NAT or a proxy."""
    key_bytes: int | None = None
    trailing_bytes: int = 0
    problem: str | None = None
    """For ack-incomplete: what is odd about it."""
    reason_code: int | None = None
    """For destroy."""
    redirect_to: str | None = None
    messages_before: list[int] = []
    """Types of the messages that came before the answer, at most 16."""
    markers: int = 0
    """Keep-alive and counter bytes."""
    first_bytes: bytes = b""
    """At most 256, as they came."""
    bytes_received: int = 0
    duration_us: int = 0
    """From the sent HANDSHAKE to the answer, or to the end of waiting."""
    fault: Fault | None = None
    """Why nothing more came: silent, slow, closed, reset, too-large, cancelled. None when the answer was whole."""


def talk(stream: ByteStream, deadline: Deadline, *, minor: int = MINOR) -> SametimeAnswer:
    """Sends one HANDSHAKE with this minor version, waits for its answer until `deadline`, takes its leave as a client
    does if Sametime spoke, and closes `stream`. Never raises for what a network can do."""
    conversation = _Conversation(stream, deadline, minor)
    try:
        return conversation.run()
    finally:
        stream.close()


class _Conversation:
    def __init__(self, stream: ByteStream, deadline: Deadline, minor: int) -> None:
        self._stream = stream
        self._deadline = deadline
        self._framer = Framer()
        self._question = handshake_message(minor)
        self._head = bytearray()
        self._answer = SametimeAnswer(spoke=Spoke.SILENT, minor_sent=minor)

    def run(self) -> SametimeAnswer:
        answer = self._answer
        started = time.monotonic()
        try:
            self._stream.send_all(self._question, self._deadline)
            self._read()
        except NetError as error:
            if error.fault.reason is not FaultReason.RESET or not self._read_last_words():
                answer.fault = error.fault
                self._conclude()
        answer.duration_us = round((time.monotonic() - started) * 1_000_000)
        answer.markers = self._framer.markers
        answer.first_bytes = bytes(self._head[:KEPT])
        self._take_leave()
        return answer

    def _read(self) -> None:
        """Reads until the answer is there. Raises NetError; then what came so far has to do."""
        while True:
            data = self._stream.recv(_CHUNK, self._deadline)
            if not data:
                self._answer.fault = Fault(FaultReason.CLOSED, f"after {self._answer.bytes_received} bytes")
                self._conclude()
                return
            if self._took(data):
                return
            if self._answer.bytes_received > MAX_BYTES:
                self._answer.fault = Fault(FaultReason.TOO_LARGE, f"more than {MAX_BYTES} bytes")
                self._conclude()
                return

    def _took(self, data: bytes) -> bool:
        """True when the answer is known."""
        answer = self._answer
        answer.bytes_received += len(data)
        if len(self._head) < KEPT:
            self._head += data[:_CHUNK]
        try:
            messages = self._framer.feed(data)
        except MalformedError as error:
            answer.problem = str(error)
            self._read_greeting()
            answer.spoke = self._foreign()
            return True
        return any(self._is_answer(message) for message in messages)

    def _is_answer(self, message: Message) -> bool:
        answer = self._answer
        match message.type:
            case MessageType.HANDSHAKE_ACK:
                self._acknowledged(message.body, encrypted=message.encrypted)
            case MessageType.CHANNEL_DESTROY if message.channel == 0 and not message.encrypted:
                answer.spoke, answer.reason_code = Spoke.DESTROY, destroy_reason(message.body)
            case MessageType.LOGIN_REDIRECT:
                answer.spoke, answer.redirect_to = Spoke.REDIRECT, redirect_host(message.body)
            case MessageType.HANDSHAKE if self._head.startswith(self._question[:KEPT]):
                answer.spoke = Spoke.ECHO
            case _:
                if len(answer.messages_before) < 16:
                    answer.messages_before.append(message.type)
                return False
        return True

    def _acknowledged(self, body: bytes, *, encrypted: bool = False, cut_off: bool = False) -> None:
        answer, read = self._answer, acknowledgement(body, encrypted=encrypted)
        answer.major, answer.minor, answer.seen_address = read.major, read.minor, read.seen_address
        answer.key_bytes, answer.trailing_bytes = read.key_bytes, read.trailing_bytes
        answer.problem = read.problem or ("it ends before its announced length" if cut_off else None)
        answer.spoke = Spoke.ACK_INCOMPLETE if answer.problem else Spoke.ACK

    def _conclude(self) -> None:
        """No answer came, and nothing more will: what was it that came?"""
        answer = self._answer
        if answer.bytes_received == 0:
            match answer.fault.reason if answer.fault else None:
                case FaultReason.CLOSED:
                    answer.spoke = Spoke.CLOSED
                case FaultReason.RESET:
                    answer.spoke = Spoke.RESET
                case _:
                    answer.spoke = Spoke.SILENT
            return
        unfinished = self._framer.unfinished
        if unfinished[:2] == b"\x80\x00":
            self._acknowledged(unfinished[8:] if unfinished[2:4] == b"\0\0" else b"", cut_off=True)
        elif answer.messages_before:
            answer.spoke = Spoke.OTHER_MESSAGE
        elif self._framer.between_messages and self._framer.markers and answer.bytes_received <= MAX_BYTES:
            answer.spoke = Spoke.KEEP_ALIVE_ONLY
        else:
            answer.spoke = self._foreign()

    def _foreign(self) -> Spoke:
        head = bytes(self._head)
        if is_tls(head):
            return Spoke.TLS
        language = spoken(head)
        return Spoke(language) if language in _LANGUAGES else Spoke.GARBAGE

    def _read_greeting(self) -> None:
        """The rest of a line that tells which protocol it is."""
        rest = self._deadline.within(_GREETING_REST)
        with contextlib.suppress(NetError):
            while len(self._head) < KEPT and b"\n" not in self._head and not is_tls(bytes(self._head[:2])):
                data = self._stream.recv(_CHUNK, rest)
                if not data:
                    return
                self._answer.bytes_received += len(data)
                self._head += data

    def _read_last_words(self) -> bool:
        """What had come before the connection was cut; True when it was the answer."""
        with contextlib.suppress(NetError):
            while self._answer.bytes_received < MAX_BYTES and (data := self._stream.recv_waiting(_CHUNK)):
                if self._took(data):
                    return True
        return False

    def _take_leave(self) -> None:
        """Ends the master channel: with 0 after an acknowledgement, with its own reason after a refusal."""
        answer = self._answer
        if answer.spoke not in (Spoke.ACK, Spoke.ACK_INCOMPLETE, Spoke.DESTROY, Spoke.REDIRECT, Spoke.OTHER_MESSAGE):
            return
        with contextlib.suppress(NetError):  # a courtesy: the server may have closed already
            deadline = Deadline(_GOODBYE_S, cancel=self._deadline.cancel)
            self._stream.send_all(goodbye_message(answer.reason_code or 0), deadline)


_LANGUAGES = frozenset(
    {Spoke.HTTP.value, Spoke.SSH.value, Spoke.SMTP.value, Spoke.FTP.value, Spoke.IMAP.value, Spoke.POP3.value}
)
