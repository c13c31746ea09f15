"""A finished TLS session as a byte stream, so that something else may go through it: the way behind an https proxy."""

from __future__ import annotations

from stdiag.model import FaultReason
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError, failed
from stdiag.net.tls import TlsSession


class TlsStream:
    """The data inside a session whose handshake was completed. Owns the session."""

    def __init__(self, session: TlsSession, peer: str) -> None:
        self._session = session
        self._closed = False
        self.peer = peer
        self.bytes_received = 0

    def recv(self, size: int, deadline: Deadline) -> bytes:
        """As ByteStream.recv."""
        try:
            data = self._session.read(size, deadline)
        except NetError as error:
            if error.fault.reason in (FaultReason.SILENT, FaultReason.SLOW):
                reason = FaultReason.SLOW if self.bytes_received else FaultReason.SILENT
                raise failed(reason, error.fault.words) from error
            raise
        self.bytes_received += len(data)
        return data

    def recv_waiting(self, size: int) -> bytes | None:
        """As ByteStream.recv_waiting."""
        data = self._session.read_waiting(size)
        self.bytes_received += len(data or b"")
        return data

    def send_all(self, data: bytes, deadline: Deadline) -> None:
        """As ByteStream.send_all."""
        self._session.write(data, deadline)

    def close(self) -> None:
        """As ByteStream.close."""
        if not self._closed:
            self._closed = True
            self._session.close()
