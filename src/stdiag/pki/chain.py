"""What the certificates that a server sent amount to: the chain as a graph, what it lacks, and its repair.

Completeness is a question of the graph: it asks for no trust, only for whether every issuer up to a root was sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from stdiag.pki.certificate import Certificate
from stdiag.pki.conformance import ChainProblemKind, Misfit, misfits
from stdiag.pki.distinguished_name import same_name
from stdiag.pki.graph import ISSUED, Graph, Way
from stdiag.pki.lookalike import looks_like
from stdiag.pki.signature import SignatureCheck, is_self_signed, issued_by
from stdiag.pki.trust import TrustStore
from stdiag.pki.verify import Verification, verify_chain

__all__ = ["ChainExamination", "ChainProblem", "ChainProblemKind", "examine"]

MAX_SENT = 100


class ChainProblem(msgspec.Struct, frozen=True):
    """One thing that is wrong, and with which certificate."""

    kind: ChainProblemKind
    subject: str
    detail: str
    index: int | None = None
    """Place among the certificates sent; None for a fetched one."""


class ChainExamination(msgspec.Struct, frozen=True, kw_only=True):
    """What the certificates that a server sent amount to. Indices count the certificates as sent, from 0."""

    leaf: Certificate | None
    """The server's own certificate: the first one sent, unless that one is an issuer of another leaf."""
    path: tuple[Certificate, ...] = ()
    """Leaf upwards, of certificates sent, each issued by the next."""
    in_order: bool = True
    """The path's certificates were sent in its order, the leaf first (RFC 5246 §7.4.2)."""
    duplicates: tuple[int, ...] = ()
    unrelated: tuple[int, ...] = ()
    """Those that stand on no way up from the leaf, even with what was fetched."""
    roots_sent: tuple[int, ...] = ()
    """Self-signed ones beside the leaf: clients have them or do not believe them."""
    top: Certificate | None = None
    complete: bool | None = None
    """None: cannot be told. The issuer of the top may be a private root, or a further missing intermediate."""
    missing_issuer: str | None = None
    """Name of the first issuer that was not sent although clients need it; only when `complete` is False."""
    missing: tuple[Certificate, ...] = ()
    """The fetched certificates that fill the gap, lowest first."""
    lookalikes: tuple[int, ...] = ()
    """CA certificates sent that do not belong here and may have been mistaken for the missing one."""
    repaired: tuple[Certificate, ...] = ()
    """Leaf and intermediates in the right order without the root; empty when nothing above the leaf is known."""
    recoverable: bool = False
    """`repaired` leads to a known root, OpenSSL has verified it, and its issuers are valid now. The leaf's own dates
    are another matter."""
    repair_verification: Verification | None = None
    """OpenSSL's word on `repaired`, dates left aside; None when there is nothing to verify."""
    root: Certificate | None = None
    """Where the chain ends, sent or repaired, when that is known."""
    self_signed_leaf: bool = False
    problems: tuple[ChainProblem, ...] = ()
    cut_off: bool = False
    """There was too much to search; then `complete` is never False."""


def examine(
    sent: Sequence[Certificate],
    *,
    fetched: Sequence[Certificate] = (),
    stores: Sequence[TrustStore] = (),
    at: datetime,
) -> ChainExamination:
    """Examine the chain that a server sent, leaf first as it came.

    `fetched` are certificates found elsewhere (caIssuers); `stores` are looked up for roots only; `at` (aware) decides
    which of several issuers is preferred, never whether the chain is complete. Never raises for what was sent.
    """
    return _Examiner(sent, fetched, stores, at).result()


class _Examiner:
    def __init__(
        self, sent: Sequence[Certificate], fetched: Sequence[Certificate], stores: Sequence[TrustStore], at: datetime
    ) -> None:
        self.sent = tuple(sent[:MAX_SENT])
        self.all_looked_at = len(sent) <= MAX_SENT
        self.first: dict[Certificate, int] = {}
        for index, cert in enumerate(self.sent):
            self.first.setdefault(cert, index)
        self.readable = [cert for cert in self.first if cert.problem is None]
        self.fetched = [c for c in dict.fromkeys(fetched[:MAX_SENT]) if c.problem is None and c not in self.first]
        self.stores = stores
        self.at = at
        self.graph = Graph(self.readable, stores, at)
        self.wide = Graph([*self.readable, *self.fetched], stores, at) if self.fetched else self.graph

    def result(self) -> ChainExamination:
        duplicates = tuple(i for i, cert in enumerate(self.sent) if self.first[cert] != i)
        leaf = self._leaf()
        if leaf is None:
            return ChainExamination(leaf=None, duplicates=duplicates, problems=tuple(self._unreadable()))
        ways = self.graph.ways(leaf)
        way = self._best(ways)
        repair = self._best(self.wide.ways(leaf)) if self.wide is not self.graph else way
        damaged = [] if way.end else list(self._damaged(way.certs[-1]))
        related = self.wide.reachable(leaf)
        cut_off = self.graph.cut_off or self.wide.cut_off or not self.all_looked_at
        complete = self._complete(ways, way, damaged, cut_off=cut_off)
        repaired = tuple(c for c in repair.certs if c == leaf or not is_self_signed(c))
        known = len(repaired) > 1 or repair.end is not None
        verification = self._verified(repaired, repair.end) if known else None
        top = way.certs[-1]
        return ChainExamination(
            leaf=leaf,
            path=way.certs,
            in_order=self._in_order(way),
            duplicates=duplicates,
            unrelated=tuple(i for c, i in self.first.items() if c.problem is None and c not in related),
            roots_sent=tuple(
                i for i, c in enumerate(self.sent) if c != leaf and c.problem is None and is_self_signed(c)
            ),
            top=top,
            complete=complete,
            missing_issuer=top.issuer if complete is False else None,
            missing=tuple(c for c in repaired if c not in self.first),
            lookalikes=tuple(self._lookalikes(top, related)) if complete is False else (),
            repaired=repaired if known else (),
            recoverable=self._recoverable(repair, repaired, verification),
            repair_verification=verification,
            root=way.end or repair.end,
            self_signed_leaf=is_self_signed(leaf),
            problems=tuple(self._problems(way, repair, damaged)),
            cut_off=cut_off,
        )

    def _leaf(self) -> Certificate | None:
        """The first certificate: the handshake proved its key. Only a file can begin with an issuer of its leaf."""
        if not self.sent or self.sent[0].problem is not None:
            return None
        first = self.sent[0]
        if first.is_ca:
            for cert in self.readable:
                if not cert.is_ca and first in self.graph.reachable(cert):
                    return cert
        return first

    def _best(self, ways: list[Way]) -> Way:
        """The way that a client would take: least is wrong with it, it ends at a root, it needs the least fetched."""
        if len(ways) == 1:
            return ways[0]
        return min(ways, key=self._badness)

    def _badness(self, way: Way) -> tuple[int, bool, int, int]:
        wrong = len(misfits(way.certs)) + sum(not c.is_valid_at(self.at) for c in way.certs[1:])
        sent = sum(c in self.first for c in way.certs)
        fetched = sum(c not in self.first and not is_self_signed(c) for c in way.certs)
        # A further certificate that was sent (a cross-signed root) serves clients with other stores: keep it.
        return wrong, way.end is None, fetched, -sent

    def _in_order(self, way: Way) -> bool:
        places = [self.first[cert] for cert in way.certs]
        return places[0] == 0 and places == sorted(places)

    def _complete(self, ways: list[Way], way: Way, damaged: list[ChainProblem], *, cut_off: bool) -> bool | None:
        if any(w.end for w in ways):
            return True
        above = [c for w in ways for c in self.wide.issuers(w.certs[-1]) if c not in self.first]
        if any(is_self_signed(c) for c in above):
            return True
        if damaged or cut_off:
            return None
        top = way.certs[-1]
        # Evidence that the missing issuer is no root: it was fetched, somebody has it in a store as an intermediate,
        # or an earlier certificate of the same CA was sent. A leaf alone is what OpenSSL's code 21 means.
        if above or len(way.certs) == 1 or self._known_as_intermediate(top):
            return False
        return None

    def _known_as_intermediate(self, top: Certificate) -> bool:
        # One that did issue the top stands on the way already: a loop of cross-signed roots.
        others = [c for c in self.wide.named_issuers(top) if issued_by(top, c) not in ISSUED]
        if any(not c.is_self_issued for c in others):
            return True
        anchors = [a for store in self.stores for a in store.anchors_named(top.issuer_der)]
        return any(not a.is_self_issued and issued_by(top, a) in ISSUED for a in anchors)

    def _verified(self, repaired: tuple[Certificate, ...], end: Certificate | None) -> Verification:
        # Without a known root only the links can be proven: the last one then stands for the anchor.
        anchor = end or repaired[-1]
        return verify_chain(repaired[0], repaired[1:], [anchor], self.at, partial=end is None, check_time=False)

    def _recoverable(self, repair: Way, repaired: tuple[Certificate, ...], verification: Verification | None) -> bool:
        if repair.end is None or verification is None or not verification.ok:
            return False
        return all(cert.is_valid_at(self.at) for cert in repaired[1:])

    def _lookalikes(self, top: Certificate, related: set[Certificate]) -> Iterator[int]:
        for cert, index in self.first.items():
            if cert.problem is not None or cert in related or cert.is_ca is False:
                continue
            # A root in place of an intermediate of the same organisation is another mistake.
            may_be = same_name(cert.subject_der, top.issuer_der) or not cert.is_self_issued
            if may_be and looks_like(cert, top.issuer_der):
                yield index

    def _damaged(self, top: Certificate) -> Iterator[ChainProblem]:
        """`top` says by name and by key identifier who signed it, and that one did not: damaged or forged."""
        candidates = [top] if top.is_self_issued else self.wide.named_issuers(top)
        for issuer in candidates:
            same_key = top.aki is not None and top.aki == issuer.ski
            if same_key and issued_by(top, issuer) is SignatureCheck.INVALID:
                detail = f"its signature is not that of {issuer.subject}, whose key it names"
                yield ChainProblem(ChainProblemKind.INVALID_SIGNATURE, top.subject, detail, self.first.get(top))
                return

    def _unreadable(self) -> Iterator[ChainProblem]:
        for cert, index in self.first.items():
            if cert.problem is not None:
                yield ChainProblem(ChainProblemKind.UNREADABLE, "", cert.problem, index)

    def _problems(self, way: Way, repair: Way, damaged: list[ChainProblem]) -> Iterator[ChainProblem]:
        yield from self._unreadable()
        yield from damaged
        found: dict[Misfit, None] = dict.fromkeys(misfits(way.certs))
        if repair is not way:
            found |= dict.fromkeys(misfits(repair.certs))
        for misfit in found:
            yield ChainProblem(misfit.kind, misfit.cert.subject, misfit.detail, self.first.get(misfit.cert))
