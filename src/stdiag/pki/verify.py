"""Proof by OpenSSL: what the library that most servers and clients are built on says of a chain."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from stdiag.pki.certificate import Certificate, parse_certificate
from stdiag.pki.trust import TrustStore

if TYPE_CHECKING:
    from OpenSSL import crypto

# X509_V_ERR_* of OpenSSL (x509_vfy.h).
UNSPECIFIED = 1
NOT_YET_VALID = 9
EXPIRED = 10
_NO_ANCHOR_CODES = frozenset({2, 18, 19, 20, 21, 27})
# X509_V_FLAG_*, of which pyOpenSSL does not name the last.
_PARTIAL_CHAIN = 0x80000
_NO_CHECK_TIME = 0x200000


class Verification(msgspec.Struct, frozen=True):
    """What OpenSSL says of a chain."""

    ok: bool
    code: int
    """X509_V_ERR_* number, 0 for none: the first complaint (X509StoreContext stops there; a handshake goes on)."""
    depth: int
    """Which certificate it is about, 0 for the leaf."""
    text: str
    """OpenSSL's words for the code."""
    top: Certificate | None = None
    """The anchor in which the verified chain ends; on failure the certificate that the complaint is about."""


class TrustReason(enum.StrEnum):
    """Why a store trusts a chain or not."""

    OK = "ok"
    PARTIAL_ANCHOR = "partial-anchor"  # it holds an intermediate: enough for Java and Android, not for OpenSSL
    NO_ANCHOR = "no-anchor"
    ANCHOR_EXPIRED = "anchor-expired"  # refused by OpenSSL; Java and Android do not look at an anchor's dates
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    INVALID = "invalid"  # for any other reason, which the code names
    STORE_UNREADABLE = "store-unreadable"


class StoreTrust(msgspec.Struct, frozen=True):
    """Whether one store trusts one chain."""

    trusted: bool
    reason: TrustReason
    code: int
    """OpenSSL's verification code: not 0 for a partial anchor, which OpenSSL refuses."""
    anchor: Certificate | None = None
    """The anchor in which the chain ends, trusted or expired."""


def verify_chain(
    leaf: Certificate,
    intermediates: Sequence[Certificate],
    anchors: Sequence[Certificate],
    at: datetime,
    *,
    partial: bool = False,
    check_time: bool = True,
) -> Verification:
    """Verify `leaf` at the moment `at` (aware), trusting `anchors` and nothing else.

    Purpose, host name and strength are not looked at: pyOpenSSL cannot set them. With `partial`, an anchor need not
    be a root (X509_V_FLAG_PARTIAL_CHAIN); without `check_time`, dates do not matter.
    """
    from OpenSSL import crypto

    store = crypto.X509Store()
    try:
        store.set_time(at.astimezone(UTC).replace(tzinfo=None))
        flags = (_PARTIAL_CHAIN if partial else 0) | (0 if check_time else _NO_CHECK_TIME)
        if flags:
            store.set_flags(flags)
        for anchor in anchors:
            store.add_cert(_openssl(anchor))
        untrusted = [_openssl(cert) for cert in intermediates]
        chain = crypto.X509StoreContext(store, _openssl(leaf), untrusted).get_verified_chain()
    except crypto.X509StoreContextError as error:
        code, depth, text = error.errors
        return Verification(ok=False, code=code, depth=depth, text=text, top=_own(error.certificate))
    except crypto.Error:
        return Verification(ok=False, code=UNSPECIFIED, depth=0, text="unspecified certificate verification error")
    return Verification(ok=True, code=0, depth=len(chain) - 1, text="ok", top=_own(chain[-1]))


def trust_in(path: Sequence[Certificate], store: TrustStore, at: datetime) -> StoreTrust:
    """Whether `store` trusts the chain `path` (leaf first) at the moment `at`, by OpenSSL's rules."""
    if not path or path[0].problem is not None:
        return StoreTrust(trusted=False, reason=TrustReason.INVALID, code=UNSPECIFIED)
    names = dict.fromkeys(name for cert in path for name in (cert.issuer_der, cert.subject_der))
    anchors = list(dict.fromkeys(anchor for name in names for anchor in store.anchors_named(name)))
    said = verify_chain(path[0], path[1:], anchors, at)
    if said.ok:
        return StoreTrust(trusted=True, reason=TrustReason.OK, code=0, anchor=said.top)
    if said.code in _NO_ANCHOR_CODES and anchors:
        partly = verify_chain(path[0], path[1:], anchors, at, partial=True)
        if partly.ok:
            return StoreTrust(trusted=True, reason=TrustReason.PARTIAL_ANCHOR, code=said.code, anchor=partly.top)
    anchor = said.top if said.top in anchors else None
    return StoreTrust(trusted=False, reason=_reason(said, store, anchor), code=said.code, anchor=anchor)


def _reason(said: Verification, store: TrustStore, anchor: Certificate | None) -> TrustReason:
    if said.code in _NO_ANCHOR_CODES:
        return TrustReason.STORE_UNREADABLE if store.problem and not store.count else TrustReason.NO_ANCHOR
    if said.code == EXPIRED:
        return TrustReason.ANCHOR_EXPIRED if anchor else TrustReason.EXPIRED
    if said.code == NOT_YET_VALID:
        return TrustReason.NOT_YET_VALID
    return TrustReason.INVALID


@lru_cache(maxsize=1024)
def _openssl(cert: Certificate) -> crypto.X509:
    from OpenSSL import crypto

    return crypto.load_certificate(crypto.FILETYPE_ASN1, cert.der)


def _own(cert: crypto.X509) -> Certificate:
    from OpenSSL import crypto

    return parse_certificate(crypto.dump_certificate(crypto.FILETYPE_ASN1, cert))
