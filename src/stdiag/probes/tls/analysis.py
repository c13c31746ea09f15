"""What the TLS probe concludes: the judged form of each chain, and what the endpoint accepts."""

from __future__ import annotations

import enum

import msgspec

from stdiag.clients.verdict import ClientVerdict
from stdiag.model import Analysis
from stdiag.probes.shared.chain_analysis import CertificateFacts, ChainAnalysis, StoreVerdict
from stdiag.probes.shared.handshake import SentCertificate

__all__ = [
    "CertificateFacts",
    "ChainAnalysis",
    "ClientCertificate",
    "ClientVerdict",
    "RecommendedChain",
    "StoreVerdict",
    "TlsAnalysis",
]


class ClientCertificate(enum.StrEnum):
    """Does the server want the client to show a certificate?"""

    NOT_ASKED = "not-asked"
    ASKED = "asked"
    REQUIRED = "required"
    UNKNOWN = "unknown"


class RecommendedChain(msgspec.Struct, kw_only=True):
    """The chain that most of the clients accept, where it is not the one that is sent. Built and verified."""

    certificates: list[SentCertificate]
    """Leaf first, without the root: what `--fix-bundle` writes."""
    clients: list[ClientVerdict]
    """What the clients make of the server with it."""
    gained: list[str]
    """Clients that accept with it and do not now."""
    lost: list[str]
    """Clients that reject in any case."""


class TlsAnalysis(Analysis, kw_only=True):
    """The conclusions about one endpoint, or one file."""

    chains: list[ChainAnalysis] = []
    versions_accepted: list[str] = []
    versions_refused: list[str] = []
    client_certificate: ClientCertificate = ClientCertificate.UNKNOWN
    certificates: list[CertificateFacts] = []
    clients: list[ClientVerdict] = []
    """The clients asked for, and what each makes of the server; of several addresses the worst counts."""
    clients_in_words: list[str] = []
    """The same as a sentence for each platform."""
    client_roots_as_of: str | None = None
    """Date of the newest list of roots that the verdicts rest on."""
    recommended: list[RecommendedChain] = []
    """One for each server certificate for which there is a better chain than the one that is sent."""
