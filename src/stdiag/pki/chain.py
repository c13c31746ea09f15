"""The chain as a graph."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import datetime

import msgspec

from stdiag.pki.certificate import Certificate
from stdiag.pki.trust import TrustStore
from stdiag.pki.verify import Verification


class ChainProblemKind(enum.StrEnum):
    """What is wrong with a certificate in its place in the chain."""

    INVALID_SIGNATURE = "invalid-signature"
    UNVERIFIABLE_SIGNATURE = "unverifiable-signature"
    NOT_A_CA = "not-a-ca"
    PATH_TOO_LONG = "path-too-long"
    KEY_USAGE = "key-usage"
    EXTENDED_KEY_USAGE = "extended-key-usage"
    KEY_IDENTIFIER = "key-identifier"
    NAME_CONSTRAINTS = "name-constraints"
    UNKNOWN_CRITICAL = "unknown-critical"
    UNREADABLE = "unreadable"


class ChainProblem(msgspec.Struct, frozen=True):
    """One thing that is wrong, and with which certificate."""

    kind: ChainProblemKind
    subject: str
    detail: str
    index: int | None = None
    """Place among the certificates sent; None for a fetched one."""


class ChainExamination(msgspec.Struct, frozen=True, kw_only=True):
    """What the certificates that a server sent amount to."""

    leaf: Certificate | None
    path: tuple[Certificate, ...] = ()
    in_order: bool = True
    duplicates: tuple[int, ...] = ()
    unrelated: tuple[int, ...] = ()
    roots_sent: tuple[int, ...] = ()
    top: Certificate | None = None
    complete: bool | None = None
    missing_issuer: str | None = None
    missing: tuple[Certificate, ...] = ()
    lookalikes: tuple[int, ...] = ()
    repaired: tuple[Certificate, ...] = ()
    recoverable: bool = False
    repair_verification: Verification | None = None
    """OpenSSL's word on `repaired`; None when there is none."""
    root: Certificate | None = None
    self_signed_leaf: bool = False
    problems: tuple[ChainProblem, ...] = ()
    cut_off: bool = False
    """True: there was too much to search; then `complete` is never False."""


def examine(
    sent: Sequence[Certificate],
    *,
    fetched: Sequence[Certificate] = (),
    stores: Sequence[TrustStore] = (),
    at: datetime,
) -> ChainExamination:
    raise NotImplementedError
