"""A TLS connection over any stream: OpenSSL sees only memory, the bytes are moved here, with a deadline for the whole
handshake."""

from __future__ import annotations

import contextlib
import threading
import time

import msgspec
from OpenSSL import SSL

from stdiag.model import Fault, FaultReason
from stdiag.net.byte_stream import ByteStream
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError, failed
from stdiag.net.greeting import is_tls, spoken
from stdiag.net.tls_faults import Alerts, fault_of_tls

IN_OPENSSL = threading.Lock()
"""Held while a handshake is in OpenSSL, which waits for no network there.

A handshake enters and leaves Python's own lock some eighty times. With dozens of them at once the processors of a
machine spend more time on passing that lock about than on the work: a sweep took half as long again without this.
"""

MAX_HANDSHAKE_BYTES = 256 * 1024
"""A peer that sends more before the handshake is done is not listened to any longer."""

_FIRST_BYTES = 64
_CHUNK = 16 * 1024

# A greeting in clear comes in one piece or nearly so; this long its end is waited for, in seconds.
_GREETING_REST = 0.3
_GREETING_LIMIT = 1024


class TlsResult(msgspec.Struct, kw_only=True):
    """What a handshake brought, whether it completed or not."""

    completed: bool = False
    fault: Fault | None = None
    protocol: str | None = None
    """`TLSv1.3`; None when no ServerHello was understood."""
    cipher: str | None = None
    alpn: str | None = None
    group: str | None = None
    """The group of the key exchange, where OpenSSL names it."""
    chain_der: list[bytes] = []
    """The certificates as sent, leaf first."""
    verify_errors: list[tuple[int, int]] = []
    """Every (code, depth) that OpenSSL complained of, in its order."""
    verify_code: int | None = None
    """What `openssl s_client` would print as its return code: the last complaint, 0 for none. None: no certificate
    came."""
    client_cert_requested: bool = False
    alerts_received: list[str] = []
    """Names as in RFC 8446 §6. Grows when an alert comes after the handshake."""
    bytes_received: int = 0
    first_bytes: bytes = b""
    """At most 64 bytes, as they came."""
    hello_bytes: int = 0
    """Size of the ClientHello with its record header."""
    duration_us: int = 0
    waited_us: int = 0
    """Time since the ClientHello had been sent, for a handshake that failed."""


class TlsSession:
    """A connection after its handshake, whether it completed or not. Belongs to one thread."""

    def __init__(
        self, stream: ByteStream, connection: SSL.Connection | None, result: TlsResult, alerts: Alerts
    ) -> None:
        self._stream = stream
        self._connection = connection
        self._alerts = alerts
        self._data_came = False
        self.result = result

    def read(self, size: int, deadline: Deadline) -> bytes:
        """At most `size` bytes of data; b"" when the peer has ended, with close_notify or without.

        Raises NetError. Under TLS 1.3 a server's refusal of the handshake shows only here (RFC 8446 §4.4.2.4): it is
        then raised, and added to `result.alerts_received`.
        """
        connection = self._established()
        while True:
            if (data := self._decrypted(connection, size)) is not None:
                return data
            self._flush(connection, deadline)
            if not self._feed(connection, deadline):
                return b""

    def read_waiting(self, size: int) -> bytes | None:
        """At most `size` bytes of data that has come already, b"" when the peer has ended, None when there is none.

        Raises NetError: as `read`, but for waiting.
        """
        connection = self._established()
        ended = False
        while True:
            if (data := self._decrypted(connection, size)) is not None:
                return data
            if ended:
                return b""
            came = self._stream.recv_waiting(_CHUNK)
            if came is None:
                return None
            ended = not came
            self.result.bytes_received += len(came)
            if came:
                connection.bio_write(came)

    def _decrypted(self, connection: SSL.Connection, size: int) -> bytes | None:
        """What of the data is there; b"" when the peer has ended, None when more must come. Raises NetError."""
        try:
            data: bytes = connection.recv(size)
        except SSL.WantReadError:
            return None
        except (SSL.ZeroReturnError, SSL.SysCallError):
            return b""
        except SSL.Error as error:
            raise NetError(fault_of_tls(error, self._alerts)) from error
        self._data_came = True
        return data

    def write(self, data: bytes, deadline: Deadline) -> None:
        """Sends everything. Raises NetError: the peer's alert, where one explains why it takes no more."""
        connection = self._established()
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[connection.send(rest[:_CHUNK]) :]
            except SSL.WantReadError:
                if not self._feed(connection, deadline):
                    raise failed(FaultReason.CLOSED) from None
            except SSL.Error as error:
                raise NetError(fault_of_tls(error, self._alerts)) from error
            try:
                self._flush(connection, deadline)
            except NetError as error:
                raise NetError(self._last_words(connection) or error.fault) from error

    def close(self) -> None:
        """Sends close_notify without waiting for the peer's, and ends the connection."""
        if self._connection is not None and self.result.completed:
            try:
                self._connection.shutdown()
                self._flush(self._connection, Deadline(0.0))
            except (SSL.Error, NetError):
                pass  # the peer was faster
        self._stream.close()

    def shake_hands(self, deadline: Deadline) -> None:
        """Runs the handshake and fills in the result. For `handshake()` only."""
        started = time.monotonic()
        hello_sent = started
        connection = self._connection
        if connection is None:
            return
        result = self.result
        head = bytearray()
        try:
            while not _is_done(connection, self._alerts):
                sent = self._flush(connection, deadline)
                if not result.hello_bytes:
                    result.hello_bytes = sent
                    hello_sent = time.monotonic()
                self._feed_handshake(connection, head, deadline)
            self._flush(connection, deadline)
            result.completed = True
        except NetError as error:
            result.fault = error.fault
            if error.fault.reason is FaultReason.RESET:
                result.fault = self._last_words(connection) or error.fault
            self._flush_quietly(connection)
            result.waited_us = _us_since(hello_sent)
        result.first_bytes = bytes(head[:_FIRST_BYTES])
        result.duration_us = _us_since(started)

    def _feed_handshake(self, connection: SSL.Connection, head: bytearray, deadline: Deadline) -> None:
        """Moves what comes next to OpenSSL, but only once it is sure to be TLS: its complaint about anything else
        would be "wrong version number"."""
        data = self._receive(deadline)
        if not data:
            raise failed(FaultReason.CLOSED, f"after {self.result.bytes_received} bytes")
        undecided = is_tls(bytes(head[:2])) is None
        if len(head) < _FIRST_BYTES:
            head += data[:_GREETING_LIMIT]
        match is_tls(bytes(head[:2])):
            case None:
                return
            case False:
                self._read_greeting(head, deadline)
                raise failed(FaultReason.NOT_TLS, seen=spoken(bytes(head)) or "unknown")
            case True:
                if self.result.bytes_received > MAX_HANDSHAKE_BYTES:
                    raise failed(FaultReason.TOO_LARGE, f"more than {MAX_HANDSHAKE_BYTES} bytes")
                connection.bio_write(bytes(head) + data[_GREETING_LIMIT:] if undecided else data)

    def _read_greeting(self, head: bytearray, deadline: Deadline) -> None:
        rest = deadline.within(_GREETING_REST)
        while len(head) < _GREETING_LIMIT and b"\n" not in head and spoken(bytes(head)) in (None, "unknown"):
            try:
                data = self._receive(rest)
            except NetError:
                return
            if not data:
                return
            head += data[:_GREETING_LIMIT]

    def _receive(self, deadline: Deadline) -> bytes:
        try:
            data = self._stream.recv(_CHUNK, deadline)
        except NetError as error:
            # The stream may have carried a proxy's talk before: what counts here is whether TLS has begun.
            if error.fault.reason in (FaultReason.SILENT, FaultReason.SLOW):
                came = self._data_came if self.result.completed else self.result.bytes_received
                raise failed(FaultReason.SLOW if came else FaultReason.SILENT, error.fault.words) from error
            raise
        self.result.bytes_received += len(data)
        return data

    def _feed(self, connection: SSL.Connection, deadline: Deadline) -> bool:
        data = self._receive(deadline)
        if data:
            connection.bio_write(data)
        return bool(data)

    def _flush(self, connection: SSL.Connection, deadline: Deadline) -> int:
        total = 0
        while True:
            try:
                data = connection.bio_read(_CHUNK)
            except SSL.WantReadError:
                return total
            self._stream.send_all(data, deadline)
            total += len(data)

    def _flush_quietly(self, connection: SSL.Connection) -> None:
        with contextlib.suppress(NetError):  # our alert is a courtesy; the peer may be gone
            self._flush(connection, Deadline(0.0))

    def _last_words(self, connection: SSL.Connection) -> Fault | None:
        """What the peer had sent before the connection broke: often the alert that says why."""
        try:
            taken = 0
            while taken < MAX_HANDSHAKE_BYTES and (data := self._stream.recv_waiting(_CHUNK)):
                taken += len(data)
                self.result.bytes_received += len(data)
                connection.bio_write(data)
        except NetError:
            pass  # nothing more has come
        try:
            connection.recv(_CHUNK)
        except SSL.Error as error:
            fault = fault_of_tls(error, self._alerts)
            return fault if fault.reason is FaultReason.TLS_ALERT else None
        return None

    def _established(self) -> SSL.Connection:
        if self._connection is None or not self.result.completed:
            raise NetError(self.result.fault or Fault(FaultReason.CLOSED))
        return self._connection


def _is_done(connection: SSL.Connection, alerts: Alerts) -> bool:
    try:
        with IN_OPENSSL:
            connection.do_handshake()
    except SSL.WantReadError:
        return False
    except SSL.Error as error:
        raise NetError(fault_of_tls(error, alerts)) from error
    return True


def _us_since(moment: float) -> int:
    return round((time.monotonic() - moment) * 1_000_000)
