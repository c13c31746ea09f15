"""What a port that does not answer TLS says to a plain question."""

from __future__ import annotations

import msgspec

from stdiag.model import Fault
from stdiag.net.deadline import Deadline
from stdiag.net.dial import Stream


class PlainAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What came."""

    asked: str
    spoken: str | None = None
    first_bytes: bytes = b""
    fault: Fault | None = None


def greet(stream: Stream, deadline: Deadline) -> PlainAnswer:
    """Waits for a greeting."""
    raise NotImplementedError


def ask_http(stream: Stream, deadline: Deadline) -> PlainAnswer:
    """Sends `GET / HTTP/1.0`."""
    raise NotImplementedError


def ask_sametime(stream: Stream, deadline: Deadline) -> PlainAnswer:
    """Sends the HANDSHAKE of the Sametime community protocol, which holds no credential."""
    raise NotImplementedError
