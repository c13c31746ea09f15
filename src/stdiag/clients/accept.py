"""Does this client accept this chain? Its own path building, its own store, its own rules. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time

import msgspec

from stdiag.clients.paths import ClientPath, Search, search
from stdiag.clients.profile import Fetches, Policy, Profile, UserRoots
from stdiag.clients.stores import AnchorSource, KnownRoots
from stdiag.clients.verdict import ClientReason, ClientVerdict
from stdiag.pki.certificate import Certificate
from stdiag.pki.conformance import ChainProblemKind, misfits
from stdiag.pki.distinguished_name import attribute_texts
from stdiag.pki.names import NameMatch, match_name
from stdiag.pki.signature import is_self_signed

_COMMON_NAME = "2.5.4.3"


class Failure(msgspec.Struct, frozen=True):
    """Why not."""

    reason: ClientReason
    detail: str
    accepts: bool | None = False
    """None: it cannot be told."""


class ChainCase(msgspec.Struct, frozen=True, kw_only=True):
    """A chain as a server sent it, and all that a judgement of it rests on."""

    sent: tuple[Certificate, ...]
    """Leaf first."""
    name: str | None
    """What the client asks for, a host name or an address; None: names are not compared."""
    at: datetime
    fetched: tuple[Certificate, ...] = ()
    """Issuers that were not sent and could be had."""
    private: AnchorSource | None = None
    """Roots that the organisation gives its clients."""
    known: AnchorSource = msgspec.field(default_factory=KnownRoots)
    """All public roots, of whatever client: tells a root from a missing intermediate."""


def accepts(case: ChainCase, profile: Profile, store: AnchorSource | None) -> ClientVerdict:
    """What `profile` makes of the chain in `case`, with `store` as its public roots (None: they are not known).

    The handshake is another question: `handshake.shaken` answers it first.
    """
    return _Question(case, profile, store).answer()


def verdict(profile: Profile, accepted: bool | None, failure: Failure | None = None, **more: str) -> ClientVerdict:
    """A row for `profile`."""
    return ClientVerdict(
        client=profile.client,
        platform=profile.platform.value,
        version=profile.version_text,
        accepts=accepted,
        reason=failure.reason if failure else None,
        detail=failure.detail if failure else more.get("detail", ""),
        doubt=more.get("doubt", ""),
        anchor=more.get("anchor"),
    )


class _Question:
    def __init__(self, case: ChainCase, profile: Profile, store: AnchorSource | None) -> None:
        self._case = case
        self._profile = profile
        self._store = store

    def answer(self) -> ClientVerdict:
        sent = self._case.sent
        if not sent or sent[0].problem is not None:
            return self._rejected(Failure(ClientReason.CHAIN_INVALID, "the server's certificate cannot be read"))
        if self._profile.fetches is Fetches.ALWAYS:
            return self._with_fetching()
        found = self._with(sent)
        if found.reason is ClientReason.MISSING_INTERMEDIATE and self._profile.fetches is Fetches.BY_LUCK:
            with_it = self._with((*sent, *self._case.fetched)) if self._case.fetched else None
            if with_it is not None and with_it.accepts is not False:
                return self._rejected(
                    Failure(ClientReason.UNKNOWN_BY_LUCK, f"{found.detail}; it may fetch it, by luck", None)
                )
        return found

    def _with_fetching(self) -> ClientVerdict:
        found = self._with((*self._case.sent, *self._case.fetched))
        if found.reason is ClientReason.MISSING_INTERMEDIATE and any(c.ca_issuers for c in self._case.sent):
            return self._rejected(
                Failure(
                    ClientReason.UNKNOWN_NOT_FETCHED, f"{found.detail}; it would fetch it, which was not done", None
                )
            )
        return found

    def _with(self, pool: Sequence[Certificate]) -> ClientVerdict:
        """The verdict over what the client has: `pool`, leaf first."""
        leaf, profile = pool[0], self._profile
        if self._store is not None:
            found = search(leaf, pool[1:], self._store, profile.anchor_match)
            if found.paths:
                return self._over(found.paths, public=True)
        if self._case.private is not None:
            found = search(leaf, pool[1:], self._case.private, profile.anchor_match)
            if found.paths:
                return self._over(found.paths, public=False)
        found = search(leaf, pool[1:], self._case.known, profile.anchor_match)
        if self._store is None and found.paths:
            return self._in_unknown_store(found)
        return self._rejected(self._no_anchor(leaf, found))

    def _in_unknown_store(self, found: Search) -> ClientVerdict:
        """Its roots are not known: the rest is still judged, and a fault in it is one whatever the roots."""
        rest = self._over(found.paths, public=True)
        if rest.accepts is False:
            return rest
        names = _listed(path.anchor.name for path in found.paths)
        return self._rejected(Failure(ClientReason.UNKNOWN_STORE, f"if {names} is in its store", None))

    def _over(self, paths: Sequence[ClientPath], *, public: bool) -> ClientVerdict:
        """The first path with nothing wrong, else the failure of the one with the least wrong."""
        failures: list[list[Failure]] = []
        for path in paths:
            wrong = list(self._wrong(path, public=public))
            if not wrong:
                return self._accepted(path, public=public)
            failures.append(wrong)
        # What cannot be told is better than what is wrong.
        least = min(failures, key=lambda wrong: (any(one.accepts is False for one in wrong), len(wrong)))
        return self._rejected(next((one for one in least if one.accepts is False), least[0]))

    def _accepted(self, path: ClientPath, *, public: bool) -> ClientVerdict:
        name = path.anchor.name
        if public:
            return verdict(self._profile, True, anchor=name, doubt=self._profile.store_updates)
        match self._profile.user_roots:
            case UserRoots.TRUSTED:
                detail = f"if the private root {name} is installed"
                return verdict(self._profile, True, anchor=name, detail=detail)
            case UserRoots.BY_THE_APP:
                detail = (
                    f"the private root {name}: installed ones count only if the app's network security config says so"
                )
                return self._rejected(Failure(ClientReason.UNKNOWN_USER_ROOT, detail, None))
            case UserRoots.NONE:
                detail = f"private root {name}: there is no way to install it"
                return self._rejected(Failure(ClientReason.ROOT_NOT_IN_STORE, detail))

    def _rejected(self, failure: Failure) -> ClientVerdict:
        about_roots = failure.reason is ClientReason.ROOT_NOT_IN_STORE
        doubt = self._profile.store_updates if about_roots else ""
        return verdict(self._profile, failure.accepts, failure, doubt=doubt)

    def _no_anchor(self, leaf: Certificate, known: Search) -> Failure:
        """No way to an anchor of the client's: because an issuer is missing, or because the root is not its."""
        roots = [path.anchor.name for path in known.paths]
        roots += [_called(end) for end in known.ends if end.is_self_issued]
        if roots:
            return Failure(ClientReason.ROOT_NOT_IN_STORE, f"root {_listed(roots)} not in their store")
        top = known.ends[0] if known.ends else leaf
        issuer = _called_issuer(top)
        above = self._named_issuers(top)
        if any(is_self_signed(one) for one in above):
            return Failure(ClientReason.ROOT_NOT_IN_STORE, f"root {issuer} not in their store")
        # As the chain's own examination has it: a leaf alone, an issuer that was had and is no root, and one of the
        # right name and another key are what is seen where an intermediate is missing.
        if top == leaf or above:
            return Failure(ClientReason.MISSING_INTERMEDIATE, f"issuer {issuer} not sent")
        detail = f"{issuer} not in their store: a private root, or a further intermediate that is missing"
        return Failure(ClientReason.ROOT_NOT_IN_STORE, detail)

    def _named_issuers(self, top: Certificate) -> list[Certificate]:
        """Certificates that bear the name of `top`'s issuer: fetched ones that issued it, sent ones that did not."""
        at_hand = (*self._case.sent, *self._case.fetched)
        return [one for one in at_hand if one != top and one.subject_der == top.issuer_der]

    def _wrong(self, path: ClientPath, *, public: bool) -> Iterator[Failure]:
        """All that is wrong with a path, in the order in which clients mostly look."""
        yield from self._dates(path)
        yield from self._fitness(path)
        yield from self._strength(path, public=public)
        yield from self._validity(path.certificates[0], public=public)
        yield from self._name(path.certificates[0])

    def _dates(self, path: ClientPath) -> Iterator[Failure]:
        at = self._case.at
        for certificate in path.certificates:
            if not certificate.is_valid_at(at):
                when = "expired" if certificate.not_after < at else "not yet valid"
                yield Failure(ClientReason.EXPIRED, f"{_called(certificate)} {when}")
        if self._profile.anchor_dates and path.anchor.not_after and path.anchor.not_after < at.date().isoformat():
            yield Failure(ClientReason.EXPIRED, f"root {path.anchor.name} expired")

    def _fitness(self, path: ClientPath) -> Iterator[Failure]:
        leaf = path.certificates[0]
        for misfit in misfits(path.certificates):
            if misfit.kind is ChainProblemKind.UNVERIFIABLE_SIGNATURE:
                continue
            if misfit.kind is ChainProblemKind.KEY_IDENTIFIER and not self._profile.key_identifiers:
                continue
            yield Failure(ClientReason.CHAIN_INVALID, f"{_called(misfit.cert)}: {misfit.detail}")
        needed_from = self._profile.server_purpose_from
        if needed_from and leaf.extended_key_usage is None and leaf.not_before.date() >= needed_from:
            yield Failure(ClientReason.CHAIN_INVALID, f"{_called(leaf)}: it does not say serverAuth")

    def _strength(self, path: ClientPath, *, public: bool) -> Iterator[Failure]:
        for certificate in path.certificates:
            least = {"rsa": self._profile.min_rsa, "ec": self._profile.min_ec}.get(certificate.key_kind, 0)
            if certificate.key_bits is not None and certificate.key_bits < least:
                key = f"{certificate.key_kind.upper()} {certificate.key_bits}"
                yield Failure(ClientReason.WEAK_KEY, f"{_called(certificate)} has a key of {key}")
            yield from self._signature(certificate, public=public)

    def _signature(self, certificate: Certificate, *, public: bool) -> Iterator[Failure]:
        used = certificate.signature_hash or ""
        policy = {
            "sha1": self._profile.sha1,
            "md5": self._profile.md5,
            "md2": self._profile.md5,
            "md4": self._profile.md5,
        }
        if used not in policy or is_self_signed(certificate):
            return
        detail = f"{_called(certificate)} is signed with {'SHA-1' if used == 'sha1' else used.upper()}"
        match policy[used]:
            case Policy.ACCEPTED:
                return
            case Policy.REFUSED_UNDER_PUBLIC_ROOTS if not public:
                return
            case Policy.REFUSED | Policy.REFUSED_UNDER_PUBLIC_ROOTS:
                yield Failure(ClientReason.WEAK_SIGNATURE, detail)
            case Policy.UNSURE:
                yield Failure(
                    ClientReason.UNKNOWN_SIGNATURE_POLICY, f"{detail}: whether that is refused is not known", None
                )

    def _validity(self, leaf: Certificate, *, public: bool) -> Iterator[Failure]:
        days = (leaf.not_after - leaf.not_before).total_seconds() / 86_400
        for limit in self._profile.validity:
            issued_from = datetime.combine(limit.issued_from, time(), UTC)
            if leaf.not_before >= issued_from and days > limit.days and (public or not limit.public_roots_only):
                yield Failure(
                    ClientReason.VALIDITY_TOO_LONG, f"valid for {days:.0f} days, {limit.days} are the most they accept"
                )

    def _name(self, leaf: Certificate) -> Iterator[Failure]:
        name = self._case.name
        if name is None:
            return
        match match_name(leaf, name):
            case NameMatch.MATCHES:
                return
            case NameMatch.CN_ONLY if self._profile.cn_fallback and not _is_address(name):
                return
            case NameMatch.CN_ONLY:
                yield Failure(ClientReason.NAME, "the name stands in the common name alone")
            case NameMatch.MISMATCH | NameMatch.UNUSABLE:
                yield Failure(ClientReason.NAME, f"the certificate is not for {name}")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _called(certificate: Certificate) -> str:
    return certificate.common_name or certificate.subject or "(no name)"


def _called_issuer(certificate: Certificate) -> str:
    names = attribute_texts(certificate.issuer_der, _COMMON_NAME)
    return names[-1] if names else certificate.issuer


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))
