"""The judged form of a certificate chain."""

from __future__ import annotations

import msgspec

from stdiag.probes.shared.handshake import SentCertificate


class StoreVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What one trust store says of a chain, by OpenSSL's verification."""

    trusted: bool
    reason: str
    """ok, no-anchor, anchor-expired, …: pki.verify.StoreReason."""
    anchor: str | None = None
    """Subject of the anchor that the chain ends in."""


class ChainAnalysis(msgspec.Struct, kw_only=True):
    """One chain as one client would get it."""

    address: str | None
    server_name: str | None
    offer: str
    """Label of the handshake that brought it, or `file`."""
    complete: bool | None
    """For a client that uses only what was sent. None: stdiag cannot tell."""
    missing_issuer: str | None = None
    recoverable: bool = False
    """True when the missing issuers were had and the chain with them was built and verified."""
    repaired: list[SentCertificate] = []
    """Leaf and intermediates in the right order without the root; empty when it cannot be built."""
    path: list[str] = []
    """SHA-256 of the certificates sent that lead from the leaf upwards."""
    root: str | None = None
    """Subject of the root that the chain leads to, when it is known."""
    in_order: bool = True
    duplicates: list[int] = []
    unrelated: list[int] = []
    lookalikes: list[int] = []
    roots_sent: list[int] = []
    trust: dict[str, StoreVerdict] = {}
    """Trust store → what it says of the chain as sent."""
    trust_repaired: dict[str, StoreVerdict] = {}
    """Trust store → what it says of the repaired chain, when something had to be repaired."""


class CertificateFacts(msgspec.Struct, kw_only=True, frozen=True):
    """End date of one certificate in use: a row of "renew before"."""

    role: str
    name: str
    not_after: str
    days_left: int
