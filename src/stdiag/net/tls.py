"""TLS handshakes that never abort on a bad certificate and keep everything that came.

OpenSSL sees only memory: the bytes are moved here, over any stream, with a deadline for the whole handshake.
"""

from __future__ import annotations

import contextlib
import time

import msgspec
from OpenSSL import SSL, crypto

from stdiag.model import Fault, FaultReason
from stdiag.net.byte_stream import ByteStream
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError, failed
from stdiag.net.greeting import is_tls, spoken
from stdiag.net.openssl import expect_name, verify_text
from stdiag.net.tls_faults import Alerts, fault_of_tls, words_of
from stdiag.net.tls_offer import ClientCertificate, TlsOffer, TlsVersion, context_for

__all__ = ["ClientCertificate", "TlsOffer", "TlsResult", "TlsSession", "TlsVersion", "handshake", "verify_text"]

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
            try:
                data = connection.recv(size)
            except SSL.WantReadError:
                pass
            except (SSL.ZeroReturnError, SSL.SysCallError):
                return b""
            except SSL.Error as error:
                raise NetError(fault_of_tls(error, self._alerts)) from error
            else:
                self._data_came = True
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
            try:
                data = connection.recv(size)
            except SSL.WantReadError:
                pass
            except (SSL.ZeroReturnError, SSL.SysCallError):
                return b""
            except SSL.Error as error:
                raise NetError(fault_of_tls(error, self._alerts)) from error
            else:
                self._data_came = True
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


def handshake(
    stream: ByteStream,
    offer: TlsOffer,
    deadline: Deadline,
    trust: crypto.X509Store | None,
    *,
    name: str | None = None,
    client: ClientCertificate | None = None,
) -> TlsSession:
    """One handshake over `stream`, which the session then owns. Never raises for what a network can do.

    `trust` holds the anchors that the verification codes rest on; None trusts nobody. With `name` (a name or an
    address) the codes say too whether the certificate is for it. No code ends the handshake. `client` is shown to a
    server that asks for a certificate.
    """
    result = TlsResult()
    alerts = Alerts(result.alerts_received)
    complaints: list[tuple[int, int]] = []
    verified: list[bool] = []
    states: set[bytes] = set()

    def on_certificate(_: SSL.Connection, __: crypto.X509, code: int, depth: int, accepted: int) -> bool:
        verified.append(True)
        if not accepted:
            complaints.append((code, depth))
        return True

    try:
        connection = SSL.Connection(context_for(offer, trust, client), None)
    except SSL.Error as error:
        result.fault = Fault(FaultReason.TLS_LOCAL, words_of(error))
        return TlsSession(stream, None, result, alerts)
    connection.set_verify(SSL.VERIFY_PEER, on_certificate)

    def on_info(informed: SSL.Connection, where: int, value: int) -> None:
        if where & SSL.SSL_CB_READ_ALERT == SSL.SSL_CB_READ_ALERT:
            alerts.received(value, informed.get_protocol_version() if informed.get_cipher_name() else 0)
        elif where & SSL.SSL_CB_LOOP:
            states.add(informed.get_state_string())

    if name is not None:
        expect_name(connection, name)
    connection.set_info_callback(on_info)
    connection.set_connect_state()
    if offer.server_name is not None:
        connection.set_tlsext_host_name(offer.server_name.encode("ascii"))
    session = TlsSession(stream, connection, result, alerts)
    session.shake_hands(deadline)

    states.add(connection.get_state_string())
    result.verify_errors = complaints
    result.chain_der = [
        crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate)
        for certificate in connection.get_peer_cert_chain() or []
    ]
    if verified or result.chain_der:
        result.verify_code = complaints[-1][0] if complaints else 0
    # The states' names are the only public way: the request leaves no other trace when it names no CA.
    result.client_cert_requested = any(b"read server certificate request" in state for state in states)
    result.cipher = connection.get_cipher_name()
    if result.cipher is not None:
        result.protocol = connection.get_protocol_version_name()
        result.alpn = connection.get_alpn_proto_negotiated().decode("ascii", "backslashreplace") or None
    if result.completed:
        result.group = _group(connection)
    return session


def _is_done(connection: SSL.Connection, alerts: Alerts) -> bool:
    try:
        connection.do_handshake()
    except SSL.WantReadError:
        return False
    except SSL.Error as error:
        raise NetError(fault_of_tls(error, alerts)) from error
    return True


def _group(connection: SSL.Connection) -> str | None:
    try:
        return connection.get_group_name()
    except NotImplementedError:  # OpenSSL older than 3.0
        return None


def _us_since(moment: float) -> int:
    return round((time.monotonic() - moment) * 1_000_000)
