"""Of the chains that could be sent, the one that most clients accept. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from stdiag.clients.accept import ChainCase
from stdiag.clients.matrix import StoreOf, matrix
from stdiag.clients.paths import search
from stdiag.clients.profile import Profile
from stdiag.clients.verdict import ClientVerdict
from stdiag.pki.certificate import Certificate
from stdiag.pki.graph import Graph
from stdiag.pki.signature import is_self_signed
from stdiag.pki.verify import verify_chain


class Recommendation(msgspec.Struct, frozen=True, kw_only=True):
    """A chain to be sent, proven, and what the clients make of it."""

    certificates: tuple[Certificate, ...]
    """Leaf first, without the root."""
    verdicts: tuple[ClientVerdict, ...]
    accepted: int
    """How many accept it."""
    rejected: int
    """How many reject it; of the rest it cannot be told."""


def recommend(case: ChainCase, profiles: Sequence[Profile], store_of: StoreOf) -> Recommendation | None:
    """The chain for the leaf of `case`, made of what was sent and fetched, that most of `profiles` accept.

    Of equal ones the one that is sent already, then the shortest. None when none could be built and proven.
    """
    leaf = case.sent[0]
    found = [
        _judged(chain, case, profiles, store_of)
        for chain in _chains(leaf, (*case.sent[1:], *case.fetched), case)
        if _proven(chain, case)
    ]

    def worth(one: Recommendation) -> tuple[int, int, bool, int]:
        return one.accepted, -one.rejected, one.certificates == case.sent, -len(one.certificates)

    return max(found, key=worth, default=None)


def _chains(leaf: Certificate, pool: Sequence[Certificate], case: ChainCase) -> list[tuple[Certificate, ...]]:
    """Every way up from the leaf, without the root that ends it; also those that end early, below a known root."""
    ways = Graph((leaf, *pool), (), case.at).ways(leaf)
    chains = [tuple(one for one in way.certs if one == leaf or not is_self_signed(one)) for way in ways]
    early = [path.certificates for path in search(leaf, pool, case.known).paths]
    return list(dict.fromkeys([*chains, *early]))


def _proven(chain: tuple[Certificate, ...], case: ChainCase) -> bool:
    """OpenSSL verifies every link, and no issuer's time is over. Where it ends is each client's own question."""
    if not all(one.is_valid_at(case.at) for one in chain[1:]):
        return False
    said = verify_chain(chain[0], chain[1:], [chain[-1]], case.at, partial=True, check_time=False)
    return said.ok


def _judged(
    chain: tuple[Certificate, ...], case: ChainCase, profiles: Sequence[Profile], store_of: StoreOf
) -> Recommendation:
    verdicts = matrix(profiles, msgspec.structs.replace(case, sent=chain), store_of)
    return Recommendation(
        certificates=chain,
        verdicts=tuple(verdicts),
        accepted=sum(one.accepts is True for one in verdicts),
        rejected=sum(one.accepts is False for one in verdicts),
    )
