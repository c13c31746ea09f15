"""What the TLS probe records: handshakes and certificates as they came, and what was fetched to complete them."""

from __future__ import annotations

import msgspec

from stdiag.model import Fault
from stdiag.probes.shared.handshake import Fetched, Handshake, SentCertificate, VerifyCode

__all__ = [
    "AddressObservation",
    "ClientHandshake",
    "Fetched",
    "Handshake",
    "HttpGlance",
    "PlainGlance",
    "SentCertificate",
    "TlsObservation",
    "VerifyCode",
]


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


class ClientHandshake(msgspec.Struct, kw_only=True):
    """A handshake limited to what some clients offer: made once for all whose ClientHello is the same."""

    handshake: Handshake
    """Its `offer` names the hello. `chain_sent` is empty where the same chain stands above."""
    chain_as: str | None = None
    """`offer` of the earlier handshake at this address that brought the same chain."""


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
    clients: list[ClientHandshake] = []
    """Where clients are asked for, and some handshake went through."""


class TlsObservation(msgspec.Struct, kw_only=True):
    """The facts about one endpoint, or about one file."""

    host: str
    port: int | None = None
    file: str | None = None
    server_name: str | None = None
    """The name that certificates are compared with; None when the target is an address."""
    via: str | None = None
    """The proxy that everything went through. Where it looks names up, the name stands in `addresses`."""
    quick: bool = False
    offline: bool = False
    clients: list[str] = []
    """The clients asked for: `android>=6`, `all`; empty: none."""
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
