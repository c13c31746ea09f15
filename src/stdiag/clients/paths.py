"""The ways from a server's certificate to an anchor, found as Android and Java find them: all, by going back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from stdiag.clients.profile import AnchorMatch
from stdiag.clients.stores import AnchorSource
from stdiag.clients.table import Anchor
from stdiag.pki.certificate import Certificate
from stdiag.pki.der import outline
from stdiag.pki.distinguished_name import same_name
from stdiag.pki.signature import SignatureCheck, is_self_signed, issued_by, signed_by_anchor

MAX_PATH = 16
MAX_PATHS = 64
MAX_CHECKS = 1000

_ISSUED = frozenset({SignatureCheck.VALID, SignatureCheck.UNVERIFIABLE})


class ClientPath(msgspec.Struct, frozen=True):
    """A way to an anchor."""

    certificates: tuple[Certificate, ...]
    """Leaf upwards, without what stands for the anchor; the leaf is always in it."""
    anchor: Anchor


class Search(msgspec.Struct, frozen=True):
    """What was found from one leaf."""

    paths: tuple[ClientPath, ...]
    ends: tuple[Certificate, ...]
    """Where ways ended that found no anchor and no further issuer."""


def search(
    leaf: Certificate,
    pool: Sequence[Certificate],
    store: AnchorSource,
    match: AnchorMatch = AnchorMatch.CERTIFICATE,
) -> Search:
    """Every way from `leaf` through `pool` to an anchor of `store`, those with fewer certificates of the pool first."""
    walk = _Walk(pool, store, match)
    ends: list[Certificate] = []
    paths: list[ClientPath] = []
    for found in walk.from_here((leaf,)):
        if isinstance(found, ClientPath):
            paths.append(found)
        else:
            ends.append(found)
        if len(paths) + len(ends) >= MAX_PATHS:
            break
    return Search(tuple(paths), tuple(dict.fromkeys(ends)))


class _Walk:
    def __init__(self, pool: Sequence[Certificate], store: AnchorSource, match: AnchorMatch) -> None:
        self._pool = [certificate for certificate in dict.fromkeys(pool) if certificate.problem is None]
        self._store = store
        self._match = match
        self._checks = 0

    def from_here(self, certs: tuple[Certificate, ...]) -> Iterator[ClientPath | Certificate]:
        """Ways that go on from `certs`: a path for each anchor, the last certificate where there is no way on."""
        last = certs[-1]
        itself = self._as_anchor(last)
        if itself is not None:
            yield ClientPath(certs[:-1] or certs, itself)
            return
        anchors = [anchor for anchor in self._store.anchors_named(last.issuer_der) if self._signed(last, anchor)]
        for anchor in anchors:
            yield ClientPath(certs, anchor)
        seen = {_identity(certificate) for certificate in certs}
        above = [] if is_self_signed(last) or len(certs) >= MAX_PATH else self._issuers(last)
        above = [certificate for certificate in above if _identity(certificate) not in seen]
        for issuer in above:
            yield from self.from_here((*certs, issuer))
        if not anchors and not above:
            yield last

    def _as_anchor(self, certificate: Certificate) -> Anchor | None:
        """The anchor that this certificate is, or stands for."""
        named = self._store.anchors_named(certificate.subject_der)
        if not named:
            return None
        if self._match is AnchorMatch.SUBJECT_AND_KEY:
            spki = outline(certificate.der).spki
            return next((anchor for anchor in named if anchor.spki_der == spki), None)
        return next((anchor for anchor in named if anchor.sha256 == certificate.sha256), None)

    def _issuers(self, certificate: Certificate) -> list[Certificate]:
        named = [c for c in self._pool if c != certificate and same_name(c.subject_der, certificate.issuer_der)]
        return [issuer for issuer in named if self._counted() and issued_by(certificate, issuer) in _ISSUED]

    def _signed(self, certificate: Certificate, anchor: Anchor) -> bool:
        return self._counted() and signed_by_anchor(certificate, anchor.subject_der, anchor.spki_der) in _ISSUED

    def _counted(self) -> bool:
        self._checks += 1
        return self._checks <= MAX_CHECKS


def _identity(certificate: Certificate) -> tuple[bytes, str]:
    return certificate.subject_der, certificate.spki_sha256
