"""What a TLS handshake brought, and what was fetched to complete its chain, as every probe records it."""

from __future__ import annotations

import msgspec

from stdiag.model import Fault


class SentCertificate(msgspec.Struct, frozen=True):
    """One certificate as a server sent it (or as a file holds it). `pem` is the fact, the rest is for the reader."""

    sha256: str
    subject: str
    issuer: str
    not_before: str
    not_after: str
    pem: str
    problem: str | None = None
    """Why it could not be read, when it could not: then the texts above are empty."""


class VerifyCode(msgspec.Struct, frozen=True):
    """One complaint of OpenSSL's verification during the handshake."""

    code: int
    depth: int
    text: str


class Handshake(msgspec.Struct, kw_only=True):
    """One TLS handshake: what was offered and what came back."""

    offer: str
    """Which ClientHello: default · no-sni · small · lenient (security level 0) · tls1.0 … tls1.3 · rsa · ecdsa."""
    server_name: str | None
    completed: bool
    fault: Fault | None = None
    protocol: str | None = None
    cipher: str | None = None
    alpn: str | None = None
    group: str | None = None
    chain_sent: list[SentCertificate] = []
    verify_code: int | None = None
    """What `openssl s_client` would print as its return code: the last complaint, 0 for none. None: no certificate
    came."""
    verify_text: str | None = None
    verify_errors: list[VerifyCode] = []
    """Every complaint with its depth, in the order in which OpenSSL made them."""
    client_cert_requested: bool = False
    alerts_received: list[str] = []
    bytes_received: int = 0
    first_bytes: str | None = None
    """Hex of the first bytes (at most 64), when what came is not TLS."""
    hello_bytes: int = 0
    duration_us: int = 0
    waited_us: int = 0
    """For a handshake that failed: how long it was waited for after the ClientHello."""


class Fetched(msgspec.Struct, kw_only=True):
    """One contact with an issuer's address (caIssuers, RFC 5280 §4.2.2.1)."""

    url: str
    final_url: str | None = None
    """Where redirects ended, when they led elsewhere."""
    form: str | None = None
    """der, pem or pkcs7."""
    certificates: list[SentCertificate] = []
    fault: Fault | None = None
    http_status: int | None = None
    duration_us: int = 0
