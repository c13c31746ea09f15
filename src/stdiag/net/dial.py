"""TCP connections: bounded connects, bounded waits, few at a time to one peer."""

from __future__ import annotations

from stdiag.net.deadline import Deadline, Timeouts
from stdiag.net.trace import StepRecorder


class Stream:
    """A connected TCP socket on which nothing waits longer than its deadline."""

    peer: str
    bytes_received: int

    def recv(self, size: int, deadline: Deadline) -> bytes:
        """At most `size` bytes, as they come; b"" when the peer has ended. Raises NetError."""
        raise NotImplementedError

    def send_all(self, data: bytes, deadline: Deadline) -> None:
        """Sends everything. Raises NetError."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends the connection. May be called again."""
        raise NotImplementedError


class Dialer:
    """Makes connections, at most `per_hop` at a time to one address and port."""

    def __init__(self, timeouts: Timeouts, per_hop: int = 8) -> None:
        raise NotImplementedError

    def connect(self, address: str, port: int, deadline: Deadline, steps: StepRecorder) -> Stream:
        """A connection to `address` (no name). Raises NetError."""
        raise NotImplementedError
