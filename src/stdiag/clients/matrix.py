"""All clients × one server: every verdict, and the sentences that collapse them into ranges of versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

import msgspec

from stdiag.clients.accept import ChainCase, Failure, accepts, verdict
from stdiag.clients.handshake import ServerEvidence, shaken
from stdiag.clients.profile import NAMES, Profile
from stdiag.clients.registry import all_profiles
from stdiag.clients.stores import AnchorSource, public_store
from stdiag.clients.verdict import ClientReason, ClientVerdict
from stdiag.formats.client_selector import Platform
from stdiag.pki.certificate import Certificate
from stdiag.pki.trust import TrustStore

StoreOf = Callable[[Profile], AnchorSource | None]


def store_from(stores: Sequence[TrustStore]) -> StoreOf:
    """Each client's public roots, with the run's own stores where a client uses such a one."""
    return lambda profile: public_store(profile, stores)


def matrix(
    profiles: Iterable[Profile], case: ChainCase, store_of: StoreOf, server: ServerEvidence | None = None
) -> list[ClientVerdict]:
    """A verdict for each of `profiles`, handshake first. Without a `server` (a file) `case.sent` is what all are sent;
    with one, each client is judged by the chain that its own handshake brought."""
    return [_verdict(profile, case, store_of(profile), server) for profile in profiles]


def _verdict(
    profile: Profile, case: ChainCase, store: AnchorSource | None, server: ServerEvidence | None
) -> ClientVerdict:
    if server is None:
        return accepts(case, profile, store)
    outcome = shaken(profile, server)
    if outcome.failure is not None:
        return verdict(profile, outcome.failure.accepts, outcome.failure)
    named = accepts(_sending(case, outcome.chain), profile, store)
    if outcome.without_name is None:
        return named
    nameless = accepts(_sending(case, outcome.without_name), profile, store) if outcome.without_name else None
    if nameless is not None and nameless.accepts == named.accepts:
        return named
    if named.accepts is False:
        return named
    why = "fails" if nameless is None else nameless.detail
    detail = f"whether it sends the server's name is not known, and without it: {why}"
    return verdict(profile, None, Failure(ClientReason.NEEDS_SNI, detail, None))


def _sending(case: ChainCase, chain: tuple[Certificate, ...]) -> ChainCase:
    return case if chain == case.sent else msgspec.structs.replace(case, sent=chain)


def joined(first: ClientVerdict, second: ClientVerdict) -> ClientVerdict:
    """Two addresses of one name: the client may get either, so the worse one counts."""
    order = {False: 0, None: 1, True: 2}
    return min(first, second, key=lambda one: order[one.accepts])


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Neighbouring releases with one answer."""

    platform: str
    """Name for people."""
    versions: str
    """`2.3–7.0`, `7.1.1 and later`, or empty for a platform of which one client is known."""
    accepts: bool | None
    reason: ClientReason | None
    detail: str
    doubt: str
    clients: tuple[str, ...]

    @property
    def who(self) -> str:
        """`Android 2.3–7.0`."""
        return f"{self.platform} {self.versions}".strip()


def rows(verdicts: Sequence[ClientVerdict]) -> list[Row]:
    """The verdicts with neighbouring releases joined, in their order."""
    found: list[Row] = []
    for _, group in groupby(verdicts, key=lambda one: (one.platform, one.accepts, one.reason, one.detail, one.doubt)):
        members = list(group)
        first = members[0]
        found.append(
            Row(
                platform=NAMES[Platform(first.platform)],
                versions=_span(members),
                accepts=first.accepts,
                reason=first.reason,
                detail=first.detail,
                doubt=first.doubt,
                clients=tuple(one.client for one in members),
            )
        )
    return found


def sentences(verdicts: Sequence[ClientVerdict]) -> list[str]:
    """One a platform: `Android 2.3–7.0 reject (root ISRG Root X1 not in their store), 7.1.1 and later accept`."""
    found = []
    for platform, group in groupby(rows(_undoubted(verdicts)), key=lambda row: row.platform):
        parts = [_clause(row) for row in group]
        found.append(f"{platform} {', '.join(parts)}".replace("  ", " "))
    return found


def who(verdicts: Sequence[ClientVerdict]) -> str:
    """`Android 2.3–7.0, iOS 12–26`: these clients in few words. `verdicts` in the order of the matrix."""
    chosen = [msgspec.structs.replace(one, accepts=None, reason=None, detail="", doubt="") for one in verdicts]
    order = [profile.client for profile in all_profiles()]
    spans: list[str] = []
    for platform, group in groupby(chosen, key=lambda one: one.platform):
        members = list(group)
        parts: list[list[ClientVerdict]] = [[members[0]]]
        for one in members[1:]:
            if order.index(one.client) == order.index(parts[-1][-1].client) + 1:
                parts[-1].append(one)
            else:
                parts.append([one])
        name = NAMES[Platform(platform)]
        spans += [f"{name} {', '.join(filter(None, map(_span, parts)))}".strip()]
    return ", ".join(spans)


def _undoubted(verdicts: Sequence[ClientVerdict]) -> list[ClientVerdict]:
    """In a sentence, a range is not broken for a doubt about part of it; the table shows doubts."""
    return [msgspec.structs.replace(one, doubt="") for one in verdicts]


def _clause(row: Row) -> str:
    several = len(row.clients) > 1
    match row.accepts:
        case True:
            verb = "accept" if several else "accepts"
        case False:
            verb = "reject" if several else "rejects"
        case None:
            verb = "unknown:"
    if row.accepts is None:
        return f"{row.versions} {verb} {row.detail}".strip()
    return f"{row.versions} {verb}{f' ({row.detail})' if row.detail else ''}".strip()


def _span(members: Sequence[ClientVerdict]) -> str:
    first, last = members[0], members[-1]
    if not first.version:
        return ""
    newest = [profile for profile in all_profiles() if profile.platform == last.platform][-1]
    if len(members) == 1:
        return first.version
    return f"{first.version} and later" if last.client == newest.client else f"{first.version}–{last.version}"
