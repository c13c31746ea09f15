"""Whose certificate an endpoint showed: that of the service, or of something in its place. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from stdiag.pki.certificate import Certificate
from stdiag.pki.chain import examine
from stdiag.pki.names import NameMatch, match_name, names_of
from stdiag.pki.trust import TrustStore
from stdiag.pki.verify import TrustReason, trust_in, verify_chain
from stdiag.probes.contract import Context
from stdiag.probes.push.observation import PushObservation
from stdiag.probes.push.services import APPLE_ROOT, APPLE_ROOT_NAME, APPLE_ROOT_SPKI
from stdiag.probes.shared.judge_chain import short_name
from stdiag.probes.shared.record import certificates_of

CA_FILES = "ca-files"


class ChainProof(msgspec.Struct, frozen=True, kw_only=True):
    """What the shown certificates prove."""

    subject: str = ""
    issuer: str = ""
    """Who issued the server's certificate, in short."""
    root: str | None = None
    """Where the chain leads to, as far as that is known."""
    expected: tuple[str, ...] = ()
    """Names of the roots of which one would be right; empty where any trusted one is."""
    genuine: bool | None = None
    """The chain is verified up to one of those. None: any trusted root would do."""
    trusted: bool = False
    """At least one trust store trusts it."""
    named_after: bool = False
    """Not verified, but its top names Apple's root as its issuer, and no store here has that one."""
    lacking: tuple[str, ...] = ()
    """Trust stores that do not have the root of a genuine chain."""
    name_fits: bool = True
    names: tuple[str, ...] = ()


def chain_proof(observation: PushObservation, context: Context) -> ChainProof | None:
    """None when no certificate that can be read was shown."""
    sent = certificates_of(observation.peer_chain)
    examination = examine(sent, stores=context.trust, at=context.started)
    leaf = examination.leaf
    if leaf is None or leaf.problem is not None:
        return None
    path = examination.path or (leaf,)
    trust = {store.name: trust_in(path, store, context.started) for store in context.trust}
    expected, genuine = _genuine(observation, path, sent, context)
    anchors = [verdict.anchor for verdict in trust.values() if verdict.anchor is not None]
    root = examination.root or next(iter(anchors), None)
    lacking = [
        store.name
        for store in context.trust
        if genuine and store.count and store.name != CA_FILES and trust[store.name].reason is TrustReason.NO_ANCHOR
    ]
    return ChainProof(
        subject=leaf.subject,
        issuer=short_name(leaf.issuer),
        root=short_name(root.subject) if root else None,
        expected=tuple(expected),
        genuine=genuine,
        trusted=any(verdict.trusted for verdict in trust.values()),
        named_after=genuine is False and root is None and _lacks_apples_root(path[-1], context),
        lacking=tuple(lacking) if not observation.expected_roots else (),
        name_fits=match_name(leaf, observation.host) in (NameMatch.MATCHES, NameMatch.CN_ONLY),
        names=names_of(leaf)[:10],
    )


def _genuine(
    observation: PushObservation, path: Sequence[Certificate], sent: Sequence[Certificate], context: Context
) -> tuple[list[str], bool | None]:
    """Names of the roots that are right, and whether the chain leads to one of them."""
    if observation.expected_roots:
        anchors = certificates_of(observation.expected_roots)
        return [short_name(anchor.subject) for anchor in anchors], _leads_to(path, anchors, context)
    if observation.service_of == "apple":
        top = path[-1].issuer_der
        known = [*sent, *(anchor for store in context.trust for anchor in store.anchors_named(top))]
        anchors = tuple(dict.fromkeys(one for one in known if one.spki_sha256 == APPLE_ROOT_SPKI))
        return [APPLE_ROOT], _leads_to(path, anchors, context)
    if observation.service_of == "google":
        public = [store for store in context.trust if store.name != CA_FILES and store.count]
        best: TrustStore | None = next((store for store in public if store.name == "mozilla"), None)
        store = best or next(iter(public), None)
        # The system's store may hold the inspecting device's root; Mozilla's holds public ones only.
        return ["a public root"], store is not None and trust_in(path, store, context.started).trusted
    return [], None


def _leads_to(path: Sequence[Certificate], anchors: Sequence[Certificate], context: Context) -> bool:
    """Verified with the anchors alone, an intermediate among them included: a root that was cross-signed is one."""
    if not anchors:
        return False
    return verify_chain(path[0], path[1:], anchors, context.started, partial=True, check_time=False).ok


def _lacks_apples_root(top: Certificate, context: Context) -> bool:
    """True where the chain names Apple's root as the next one, and nobody here has a root of that name."""
    named = top.issuer == APPLE_ROOT_NAME
    return named and not any(store.anchors_named(top.issuer_der) for store in context.trust)
