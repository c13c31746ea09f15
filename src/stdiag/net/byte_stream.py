"""A connection, whatever carries it: a TCP socket, TLS, a tunnel through a proxy, or one in the other."""

from __future__ import annotations

from typing import Protocol

from stdiag.net.deadline import Deadline
from stdiag.net.trace import StepRecorder


class ByteStream(Protocol):
    """Bytes both ways, no wait longer than its deadline. Belongs to one thread."""

    @property
    def peer(self) -> str:
        """The other end, as people write it."""

    @property
    def bytes_received(self) -> int:
        """Bytes that the other end has sent so far: not those of a proxy before it."""

    def recv(self, size: int, deadline: Deadline) -> bytes:
        """At most `size` bytes, as they come; b"" when the peer has ended.

        Raises NetError: silent when no byte ever came from this peer, slow when some had, reset, cancelled.
        """

    def recv_waiting(self, size: int) -> bytes | None:
        """At most `size` bytes of what has come already, b"" when the peer has ended, None when there is nothing.

        Raises NetError: reset.
        """

    def send_all(self, data: bytes, deadline: Deadline) -> None:
        """Sends everything. Raises NetError: slow when the peer does not take it, reset, cancelled."""

    def close(self) -> None:
        """Ends the connection and waits for nothing. May be called again."""


class Connects(Protocol):
    """What makes connections: to an address itself, or through a proxy."""

    def connect(self, address: str, port: int, deadline: Deadline, steps: StepRecorder) -> ByteStream:
        """A connection to `address`. Raises NetError."""


class Resolves(Protocol):
    """What turns names into something that `Connects.connect` takes."""

    def resolve(self, host: str, port: int, deadline: Deadline, steps: StepRecorder) -> list[tuple[str, int]]:
        """Addresses of `host`, each with its port; `host` itself where a proxy looks it up. Raises NetError."""
