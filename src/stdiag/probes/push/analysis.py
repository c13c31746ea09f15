"""What the push probe makes of its observation."""

from __future__ import annotations

import enum

from stdiag.model import Analysis
from stdiag.probes.push.services import PushQuestion
from stdiag.probes.shared.chain_analysis import CertificateFacts


class PushStage(enum.StrEnum):
    """How far a check came: the hop at which it ended."""

    LOCAL_DNS = "local-dns"
    PROXY_DNS = "proxy-dns"
    PROXY_TCP = "proxy-tcp"
    PROXY_TLS = "proxy-tls"
    PROXY_PROTOCOL = "proxy-protocol"
    PROXY_AUTH = "proxy-auth"
    PROXY_POLICY = "proxy-policy"
    REMOTE_DNS = "remote-dns"
    REMOTE_TCP = "remote-tcp"
    TARGET = "target"  # TLS, and what speaks in it
    APNS = "apns"  # Apple's own answer
    OK = "ok"


class Shown(enum.StrEnum):
    """What became of our client certificate."""

    NONE = "none"  # there was none to show
    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_ASKED = "not-asked"
    UNKNOWN = "unknown"


class PushAnalysis(Analysis, kw_only=True):
    """What is known of one key file, one trust store, or one endpoint."""

    question: PushQuestion
    stage: PushStage | None = None
    """Where it ended; ok: everything that can be proven is; null for a file."""
    reasons: list[str] = []
    """Why, as `stage:word`, several where the evidence leaves them open: the words of the paths probe, and
    `tls-alert:…` (RFC 8446 §6), `apns:…` (Apple's reasons)."""
    http_status: int | None = None
    apns_reason: str | None = None
    client_certificate: Shown = Shown.NONE
    peer_subject: str | None = None
    peer_issuer: str | None = None
    root: str | None = None
    """Subject of the root that the service's chain leads to."""
    intercepted: bool | None = None
    """The chain is not that of the service. Null: nobody said what it should be, or there was none."""
    readable: bool | None = None
    """For a key file or a trust store: it could be opened."""
    problem: str | None = None
    """For a key file: why it cannot be used as it is."""
    topics: list[str] = []
    environments: list[str] = []
    """production, sandbox."""
    days_left: int | None = None
    certificates: list[CertificateFacts] = []
