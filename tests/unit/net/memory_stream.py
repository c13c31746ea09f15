"""A peer in memory: it says what it has to say in these pieces, and then ends as told."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Literal

from stdiag.model import FaultReason
from stdiag.net.deadline import Deadline
from stdiag.net.faults import failed

End = Literal["close", "silent", "reset"]


class MemoryStream:
    """A ByteStream without a network. `sent` is what it was told, `closed` how often it was closed."""

    def __init__(self, *pieces: bytes, end: End = "close") -> None:
        self._pieces = [piece for piece in pieces if piece]
        self._end = end
        self.peer = "memory"
        self.bytes_received = 0
        self.sent = b""
        self.closed = 0

    def recv(self, size: int, deadline: Deadline) -> bytes:
        assert deadline is not None
        if not self._pieces:
            match self._end:
                case "close":
                    return b""
                case "silent":
                    raise failed(FaultReason.SLOW if self.bytes_received else FaultReason.SILENT)
                case "reset":
                    raise failed(FaultReason.RESET)
        data, rest = self._pieces[0][:size], self._pieces[0][size:]
        self._pieces[:1] = [rest] if rest else []
        self.bytes_received += len(data)
        return data

    def recv_waiting(self, size: int) -> bytes | None:
        if not self._pieces and self._end == "silent":
            return None
        return self.recv(size, Deadline(0))

    def send_all(self, data: bytes, deadline: Deadline) -> None:
        assert deadline is not None
        self.sent += data

    def close(self) -> None:
        self.closed += 1


def cut(data: bytes, places: Iterable[int]) -> list[bytes]:
    """`data` in pieces, cut at these places."""
    marks = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[start:end] for start, end in pairwise(marks)]
