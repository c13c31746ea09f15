"""What the TLS probe concludes: the judged form of each chain, and what the endpoint accepts."""

from __future__ import annotations

import enum

from stdiag.model import Analysis
from stdiag.probes.shared.chain_analysis import CertificateFacts, ChainAnalysis, StoreVerdict

__all__ = ["CertificateFacts", "ChainAnalysis", "ClientCertificate", "StoreVerdict", "TlsAnalysis"]


class ClientCertificate(enum.StrEnum):
    """Does the server want the client to show a certificate?"""

    NOT_ASKED = "not-asked"
    ASKED = "asked"
    REQUIRED = "required"
    UNKNOWN = "unknown"


class TlsAnalysis(Analysis, kw_only=True):
    """The conclusions about one endpoint, or one file."""

    chains: list[ChainAnalysis] = []
    versions_accepted: list[str] = []
    versions_refused: list[str] = []
    client_certificate: ClientCertificate = ClientCertificate.UNKNOWN
    certificates: list[CertificateFacts] = []
