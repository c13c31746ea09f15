"""A client's anchors, wherever they come from: a release in the table, Mozilla's list, files of the site's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from stdiag.clients.profile import Profile, StoreKind
from stdiag.clients.table import Anchor, known_anchors, release_store, releases
from stdiag.formats.client_selector import Platform
from stdiag.pki.certificate import Certificate
from stdiag.pki.der import outline
from stdiag.pki.trust import TrustStore


class AnchorSource(Protocol):
    """Whatever anchors can be looked up in."""

    def anchors_named(self, subject_der: bytes) -> tuple[Anchor, ...]:
        """The anchors of this name (compared as RFC 5280 §7.1 says), expired ones too."""
        ...


class CertificateStore:
    """Anchors of which the certificates are at hand."""

    def __init__(self, store: TrustStore) -> None:
        self._store = store

    def anchors_named(self, subject_der: bytes) -> tuple[Anchor, ...]:
        """As `AnchorSource` says."""
        return tuple(anchor_from(certificate) for certificate in self._store.anchors_named(subject_der))


class KnownRoots:
    """Every root that some release of some platform ever held, and those of further stores: not a client's store, but
    what tells a root that a client lacks from an issuer that is missing."""

    def __init__(self, further: Sequence[AnchorSource] = ()) -> None:
        self._further = tuple(further)

    def anchors_named(self, subject_der: bytes) -> tuple[Anchor, ...]:
        """As `AnchorSource` says."""
        return (*known_anchors(subject_der), *(a for store in self._further for a in store.anchors_named(subject_der)))


def anchor_from(certificate: Certificate) -> Anchor:
    """A certificate as an anchor."""
    return Anchor(
        name=certificate.common_name or certificate.subject,
        subject_der=certificate.subject_der,
        spki_der=outline(certificate.der).spki,
        sha256=certificate.sha256,
        not_after=certificate.not_after.date().isoformat(),
    )


def public_store(profile: Profile, stores: Iterable[TrustStore]) -> AnchorSource | None:
    """The public roots of a client; None when they are not known. `stores` are the run's, of which Mozilla's is one."""
    match profile.store:
        case StoreKind.RELEASE:
            return release_store(profile.platform, profile.version_text)
        case StoreKind.APPLE:
            return release_store(Platform.IOS, releases(Platform.IOS)[-1].version)
        case StoreKind.MOZILLA:
            found = next((store for store in stores if store.name == "mozilla" and store.count), None)
            return CertificateStore(found) if found else None
        case StoreKind.UNKNOWN:
            return None


def private_store(stores: Iterable[TrustStore]) -> AnchorSource | None:
    """The roots of the organisation's own, which its clients are given; None when the site names none."""
    found = next((store for store in stores if store.name == "ca-files" and store.count), None)
    return CertificateStore(found) if found else None
