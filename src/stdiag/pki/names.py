"""Whether a certificate is for a name (RFC 9525)."""

from __future__ import annotations

import enum

from stdiag.pki.certificate import Certificate


class NameMatch(enum.StrEnum):
    """How a certificate stands to a name."""

    MATCHES = "matches"
    CN_ONLY = "cn-only"
    MISMATCH = "mismatch"
    UNUSABLE = "unusable"


def match_name(cert: Certificate, name: str) -> NameMatch:
    raise NotImplementedError


def names_of(cert: Certificate) -> tuple[str, ...]:
    raise NotImplementedError
