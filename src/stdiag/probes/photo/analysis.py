"""What the photo probe makes of its observation."""

from __future__ import annotations

import enum

import msgspec

from stdiag.clients.verdict import ClientVerdict
from stdiag.model import Analysis
from stdiag.probes.photo.observation import PhotoRole
from stdiag.probes.photo.outcome import PhotoOutcome
from stdiag.probes.shared.chain_analysis import CertificateFacts


class PhotoRule(enum.StrEnum):
    """Whom the photo host lets through, as far as it was seen from here."""

    OPEN = "open"  # everybody
    LISTED = "listed"  # this machine, without a cookie: whether others too cannot be told from here
    BY_NAME = "by-name"  # who shows a cookie of the right name, whatever its value
    BY_LOGIN = "by-login"  # who shows a login's or a meeting's cookie; made-up ones are refused
    NOBODY = "nobody"  # of those who asked
    UNKNOWN = "unknown"


class PhotoPicture(msgspec.Struct, frozen=True, kw_only=True):
    """The picture that came, for the comparison with STProxy's copy."""

    role: PhotoRole
    number: int
    """Which of the site's URLs of this role it is."""
    url: str
    sha256: str
    shown: str
    """`JPEG, 96 x 96, 3.1 KB`."""


class PhotoAddressAnalysis(msgspec.Struct, frozen=True, kw_only=True):
    """What one address is."""

    address: str
    outcome: PhotoOutcome
    """Of the answer that came farthest."""
    rule: PhotoRule = PhotoRule.UNKNOWN
    opened_by: list[str] = []
    """Cookies that open the photo; made-up ones in brackets."""
    refused_to: list[str] = []
    """Cookies that do not."""


class PhotoAnalysis(Analysis, kw_only=True):
    """What is known about one photo."""

    addresses: list[PhotoAddressAnalysis] = []
    picture: PhotoPicture | None = None
    java: list[ClientVerdict] = []
    """What the Java of the Sametime Proxy makes of the photo host's certificate: one row a release that it may have."""
    java_in_words: list[str] = []
    certificates: list[CertificateFacts] = []
    """End dates of the photo host's certificates."""
