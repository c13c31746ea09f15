"""Who issued whom among some certificates, and the ways from a leaf upwards. Bounded, whatever it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from stdiag.pki.certificate import Certificate
from stdiag.pki.distinguished_name import relative_names
from stdiag.pki.signature import SignatureCheck, identifiers_differ, is_self_signed, issued_by
from stdiag.pki.trust import TrustStore

MAX_PATH = 32
MAX_WAYS = 64
MAX_CHECKS = 1000

ISSUED = frozenset({SignatureCheck.VALID, SignatureCheck.UNVERIFIABLE})


class Way(msgspec.Struct, frozen=True):
    """One way from the leaf upwards, as far as it goes."""

    certs: tuple[Certificate, ...]
    end: Certificate | None
    """The root that it leads to: the self-signed last one itself, or a store's root that issued the last one or, where
    the way goes on through a cross-signed root, an earlier one. None: no root is known."""


class Graph:
    """Certificates, joined by who issued whom: by name and verified signature."""

    def __init__(self, certs: Iterable[Certificate], stores: Sequence[TrustStore], at: datetime) -> None:
        self._stores = stores
        self._at = at
        self._checks = 0
        self.cut_off = False
        """The bounds were hit: what was not found may still exist."""
        self._by_name: dict[tuple[bytes, ...], list[Certificate]] = {}
        for cert in dict.fromkeys(certs):
            if cert.problem is None:
                self._by_name.setdefault(relative_names(cert.subject_der), []).append(cert)
        self._issuers: dict[Certificate, tuple[Certificate, ...]] = {}
        self._roots: dict[Certificate, tuple[Certificate, ...]] = {}

    def named_issuers(self, cert: Certificate) -> list[Certificate]:
        """Those that bear the name of `cert`'s issuer, whoever signed; never `cert` itself."""
        return [c for c in self._by_name.get(relative_names(cert.issuer_der), ()) if c != cert]

    def issuers(self, cert: Certificate) -> tuple[Certificate, ...]:
        """Those that issued `cert`, the likeliest first: valid now, a CA, of the key identifier that it names."""
        found = self._issuers.get(cert)
        if found is None:
            found = tuple(
                sorted((c for c in self.named_issuers(cert) if self._issued(cert, c)), key=self._unlikely(cert))
            )
            self._issuers[cert] = found
        return found

    def roots(self, cert: Certificate) -> tuple[Certificate, ...]:
        """The stores' self-issued anchors that issued `cert`.

        An intermediate that somebody put into a store is none: the other clients do not have it.
        """
        found = self._roots.get(cert)
        if found is None:
            named = dict.fromkeys(a for store in self._stores for a in store.anchors_named(cert.issuer_der))
            found = tuple(
                sorted((a for a in named if a.is_self_issued and self._issued(cert, a)), key=self._unlikely(cert))
            )
            self._roots[cert] = found
        return found

    def ways(self, leaf: Certificate) -> list[Way]:
        """The ways from `leaf`, each as long as it goes, and those that end early at a store's root."""
        found: list[Way] = []
        for way in self._walk((leaf,), {_identity(leaf)}, None):
            found.append(way)
            if len(found) >= MAX_WAYS:
                self.cut_off = True
                break
        return found

    def reachable(self, leaf: Certificate) -> set[Certificate]:
        """All that stand above `leaf` on any way, and `leaf`."""
        found = {leaf}
        waiting = [leaf]
        while waiting:
            for issuer in self.issuers(waiting.pop()):
                if issuer not in found:
                    found.add(issuer)
                    waiting.append(issuer)
        return found

    def _walk(
        self, certs: tuple[Certificate, ...], seen: set[tuple[bytes, str]], root: Certificate | None
    ) -> Iterator[Way]:
        last = certs[-1]
        if is_self_signed(last):
            yield Way(certs, last)
            return
        # A name with a key occurs once on a way: so cross-signed pairs end.
        above = [c for c in self.issuers(last) if _identity(c) not in seen]
        if above and len(certs) >= MAX_PATH:
            self.cut_off = True
            above = []
        roots = self.roots(last)
        root = roots[0] if roots else root
        for issuer in above:
            yield from self._walk((*certs, issuer), seen | {_identity(issuer)}, root)
        if roots or not above:
            yield Way(certs, root)

    def _issued(self, cert: Certificate, issuer: Certificate) -> bool:
        if self._checks >= MAX_CHECKS:
            self.cut_off = True
            return False
        self._checks += 1
        return issued_by(cert, issuer) in ISSUED

    def _unlikely(self, cert: Certificate) -> Callable[[Certificate], tuple[bool, bool, bool]]:
        def key(issuer: Certificate) -> tuple[bool, bool, bool]:
            return not issuer.is_valid_at(self._at), issuer.is_ca is False, identifiers_differ(cert, issuer)

        return key


def _identity(cert: Certificate) -> tuple[bytes, str]:
    return b"".join(relative_names(cert.subject_der)), cert.spki_sha256
