"""What a port that does not answer TLS says to a plain question, or of its own accord."""

from __future__ import annotations

import msgspec

from stdiag import __version__
from stdiag.model import Fault, FaultReason
from stdiag.net.byte_stream import ByteStream
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError
from stdiag.net.greeting import is_tls, spoken
from stdiag.net.sametime_wire import goodbye_message, handshake_message

_LIMIT = 1024

# What comes first may come in pieces; this long the rest is waited for, in seconds.
_REST = 0.2


class PlainAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What came."""

    asked: str
    """nothing (a greeting was awaited), http or sametime."""
    spoken: str | None = None
    """The protocol (see greeting.py); `tls` when a TLS record came, which an alert to a plain question is."""
    first_bytes: bytes = b""
    """At most 64 bytes, as they came."""
    fault: Fault | None = None
    """Why nothing came, or nothing more; None when something was understood."""


def greet(stream: ByteStream, deadline: Deadline) -> PlainAnswer:
    """Waits for a greeting until `deadline`, sends nothing, and closes `stream`."""
    return _ask(stream, "nothing", b"", deadline)


def ask_http(stream: ByteStream, deadline: Deadline) -> PlainAnswer:
    """Sends `GET / HTTP/1.0`, waits for what comes until `deadline`, and closes `stream`."""
    request = f"GET / HTTP/1.0\r\nUser-Agent: stdiag/{__version__}\r\nAccept: */*\r\n\r\n"
    return _ask(stream, "http", request.encode("ascii"), deadline)


def ask_sametime(stream: ByteStream, deadline: Deadline) -> PlainAnswer:
    """Sends the HANDSHAKE of the Sametime community protocol, which holds no credential, waits for what comes until
    `deadline`, takes its leave as a client does if Sametime answered, and closes `stream`."""
    return _ask(stream, "sametime", handshake_message(), deadline)


def _ask(stream: ByteStream, asked: str, question: bytes, deadline: Deadline) -> PlainAnswer:
    came = bytearray()
    fault: Fault | None = None
    try:
        if question:
            stream.send_all(question, deadline)
        fault = _read_beginning(stream, came, deadline)
    except NetError as error:
        fault = error.fault
    language = "tls" if is_tls(bytes(came[:2])) else spoken(bytes(came))
    if language == "sametime":
        _take_leave(stream)
    stream.close()
    understood = language not in (None, "unknown")
    return PlainAnswer(asked=asked, spoken=language, first_bytes=bytes(came[:64]), fault=None if understood else fault)


def _read_beginning(stream: ByteStream, came: bytearray, deadline: Deadline) -> Fault | None:
    """Reads until the protocol is known, a line is complete, or nothing more comes."""
    limit = deadline
    while len(came) < _LIMIT and b"\n" not in came and spoken(bytes(came)) in (None, "unknown"):
        if is_tls(bytes(came[:2])):
            return None
        try:
            data = stream.recv(_LIMIT, limit)
        except NetError as error:
            if came and error.fault.reason is FaultReason.SLOW:
                return None  # something came, and that was all: what it was is for `spoken` to say
            raise
        if not data:
            return None if came else Fault(FaultReason.CLOSED)
        if not came:
            limit = deadline.within(_REST)
        came += data
    return None


def _take_leave(stream: ByteStream) -> None:
    try:
        stream.send_all(goodbye_message(), Deadline(0.0))
    except NetError:
        return  # a courtesy: the server may have closed already
