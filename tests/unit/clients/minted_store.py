"""Minted authorities as a client's store, and cases made of minted certificates."""

from __future__ import annotations

from collections.abc import Sequence

from tests.minting import NOW, Authority, Minted

from stdiag.clients.accept import ChainCase
from stdiag.clients.profile import Profile
from stdiag.clients.registry import all_profiles
from stdiag.clients.stores import anchor_from
from stdiag.clients.table import Anchor
from stdiag.pki.certificate import Certificate, parse_certificate
from stdiag.pki.distinguished_name import same_name

HOST = "chat.example.com"


class MintedStore:
    """Anchors that were minted."""

    def __init__(self, *roots: Minted) -> None:
        self._anchors = [anchor_from(cert(root)) for root in roots]

    def anchors_named(self, subject_der: bytes) -> tuple[Anchor, ...]:
        return tuple(anchor for anchor in self._anchors if same_name(anchor.subject_der, subject_der))


def cert(minted: Minted) -> Certificate:
    return parse_certificate(minted.der)


def case(
    *sent: Minted,
    name: str | None = HOST,
    fetched: Sequence[Minted] = (),
    private: Sequence[Minted] = (),
    known: Sequence[Minted] = (),
) -> ChainCase:
    return ChainCase(
        sent=tuple(map(cert, sent)),
        name=name,
        at=NOW,
        fetched=tuple(map(cert, fetched)),
        private=MintedStore(*private) if private else None,
        known=MintedStore(*known),
    )


def client(name: str) -> Profile:
    """`android 7.0`."""
    return next(profile for profile in all_profiles() if profile.client == name)


def chain() -> tuple[Authority, Authority, Minted]:
    """Root, intermediate, leaf."""
    root = Authority("Example Root")
    intermediate = Authority("Example Issuing CA", root)
    return root, intermediate, intermediate.issue(HOST)
