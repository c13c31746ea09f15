"""Which trust store the verification codes of a handshake are of."""

from __future__ import annotations

from stdiag.pki.trust import TrustStore


def verifying_store(stores: tuple[TrustStore, ...]) -> TrustStore | None:
    """The store that verification codes are of: one, never a union. The organisation's own roots where it named some,
    else the first that holds anything."""
    filled = [store for store in stores if store.count]
    own = next((store for store in filled if store.name == "ca-files"), None)
    return own or next(iter(filled), None)
