"""What the TLS probe records: handshakes and certificates as they came, and what was fetched to complete them."""

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


class HttpGlance(msgspec.Struct, kw_only=True):
    """What one `GET /` over the finished handshake brought: a refusal may show only at this first read."""

    status: int | None = None
    date: str | None = None
    """The Date header as sent."""
    date_seen: str | None = None
    """This machine's UTC time when the header came."""
    server: str | None = None
    body_says_client_cert_missing: bool = False
    fault: Fault | None = None


class PlainGlance(msgspec.Struct, kw_only=True):
    """What a port that does not answer TLS says to a plain question."""

    asked: str
    """nothing (its greeting was awaited), http or sametime."""
    spoken: str | None = None
    first_bytes: str | None = None
    """Hex of the first bytes (at most 64)."""
    fault: Fault | None = None


class AddressObservation(msgspec.Struct, kw_only=True):
    """All that one address of the endpoint answered."""

    address: str
    port: int
    connect_fault: Fault | None = None
    """Why no TCP connection was had; then there are no handshakes."""
    connect_waited_us: int = 0
    """How long the failed connect was waited for."""
    handshakes: list[Handshake] = []
    http: HttpGlance | None = None
    plain: list[PlainGlance] = []


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


class TlsObservation(msgspec.Struct, kw_only=True):
    """The facts about one endpoint, or about one file."""

    host: str
    port: int | None = None
    file: str | None = None
    server_name: str | None = None
    """The name that certificates are compared with; None when the target is an address."""
    quick: bool = False
    offline: bool = False
    verified_with: str | None = None
    """The trust store that the handshakes' verification codes are of: one, never a union."""
    name_fault: Fault | None = None
    name_waited_us: int = 0
    """How long the failed look-up was waited for."""
    addresses: list[AddressObservation] = []
    file_certificates: list[SentCertificate] = []
    """For `--file`: the certificates in the file's order."""
    fetched: list[Fetched] = []
    left_out: list[str] = []
    """Measurements that were not made, with the reason: they must not be read as passed."""
