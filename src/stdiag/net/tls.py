"""TLS handshakes that never abort on a bad certificate and keep everything that came."""

from __future__ import annotations

import enum

import msgspec
from OpenSSL import crypto

from stdiag.model import Fault
from stdiag.net.deadline import Deadline
from stdiag.net.dial import Stream


class TlsVersion(enum.StrEnum):
    """Protocol versions, in OpenSSL's spelling."""

    TLS1_0 = "TLSv1"
    TLS1_1 = "TLSv1.1"
    TLS1_2 = "TLSv1.2"
    TLS1_3 = "TLSv1.3"


class TlsOffer(msgspec.Struct, frozen=True, kw_only=True):
    """What a ClientHello offers."""

    label: str
    server_name: str | None
    min_version: TlsVersion | None = None
    max_version: TlsVersion | None = None
    ciphers: str | None = None
    security_level: int | None = None
    small_hello: bool = False
    alpn: tuple[str, ...] = ("h2", "http/1.1")


class TlsResult(msgspec.Struct, kw_only=True):
    """What came back."""

    completed: bool = False
    fault: Fault | None = None
    protocol: str | None = None
    cipher: str | None = None
    alpn: str | None = None
    group: str | None = None
    chain_der: list[bytes] = []
    verify_errors: list[tuple[int, int]] = []
    verify_code: int | None = None
    client_cert_requested: bool = False
    alerts_received: list[str] = []
    bytes_received: int = 0
    first_bytes: bytes = b""
    hello_bytes: int = 0
    duration_us: int = 0
    waited_us: int = 0


class TlsSession:
    """A connection after its handshake, whether it completed or not."""

    result: TlsResult

    def read(self, size: int, deadline: Deadline) -> bytes:
        """At most `size` bytes of data; b"" at the end. Raises NetError."""
        raise NotImplementedError

    def write(self, data: bytes, deadline: Deadline) -> None:
        """Sends everything. Raises NetError."""
        raise NotImplementedError

    def close(self) -> None:
        """Sends close_notify without waiting for the peer's, and ends the connection."""
        raise NotImplementedError


def handshake(stream: Stream, offer: TlsOffer, deadline: Deadline, trust: crypto.X509Store | None) -> TlsSession:
    """One handshake; never raises for what a network can do."""
    raise NotImplementedError


def verify_text(code: int) -> str:
    """OpenSSL's own words for a verification code."""
    raise NotImplementedError
