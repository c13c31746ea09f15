"""One `GET /` over a connection of our own."""

from __future__ import annotations

import msgspec

from stdiag.net.deadline import Deadline
from stdiag.net.dial import Stream
from stdiag.net.tls import TlsSession


class HttpAnswer(msgspec.Struct, frozen=True):
    """The head of an HTTP answer and the beginning of its body."""

    status: int
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes


def glance(connection: TlsSession | Stream, host: str, deadline: Deadline) -> HttpAnswer:
    """Asks and reads. Raises NetError."""
    raise NotImplementedError
