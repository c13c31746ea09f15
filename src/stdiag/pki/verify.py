"""Proof by OpenSSL."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import datetime

import msgspec

from stdiag.pki.certificate import Certificate
from stdiag.pki.trust import TrustStore


class Verification(msgspec.Struct, frozen=True):
    """What OpenSSL says of a chain."""

    ok: bool
    code: int
    depth: int
    text: str


class TrustReason(enum.StrEnum):
    """Why a store trusts a chain or not."""

    OK = "ok"
    PARTIAL_ANCHOR = "partial-anchor"  # trusted by those who take an intermediate as an anchor (Java, Android)
    NO_ANCHOR = "no-anchor"
    ANCHOR_EXPIRED = "anchor-expired"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    INVALID = "invalid"
    STORE_UNREADABLE = "store-unreadable"


class StoreTrust(msgspec.Struct, frozen=True):
    """Whether one store trusts one chain."""

    trusted: bool
    reason: TrustReason
    code: int
    anchor: Certificate | None = None


def verify_chain(
    leaf: Certificate, intermediates: Sequence[Certificate], anchors: Sequence[Certificate], at: datetime
) -> Verification:
    raise NotImplementedError


def trust_in(path: Sequence[Certificate], store: TrustStore, at: datetime) -> StoreTrust:
    raise NotImplementedError
