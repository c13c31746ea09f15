"""Does the Java that the Sametime Proxy runs on trust an https photo host? Pure.

STProxy is the client here: what browsers make of the certificate is another question.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stdiag.catalogue.kinds import photo_file as kinds
from stdiag.clients.accept import ChainCase
from stdiag.clients.matrix import matrix, sentences, store_from, who
from stdiag.clients.profile import Profile
from stdiag.clients.registry import selected
from stdiag.clients.stores import CertificateStore, KnownRoots, private_store
from stdiag.clients.verdict import ClientReason, ClientVerdict
from stdiag.formats.client_selector import Platform, parse_client_selector
from stdiag.model import Finding, Product, Severity, Subject, Vantage
from stdiag.probes.contract import Context
from stdiag.probes.photo.analysis import PhotoAnalysis
from stdiag.probes.photo.observation import PhotoObservation
from stdiag.probes.shared.handshake import Handshake
from stdiag.probes.shared.judge_certificates import certificate_facts
from stdiag.probes.shared.judge_chain import JudgedChain, called, judged_chain, short_name
from stdiag.probes.shared.record import certificates_of

_WEBSPHERE = (Product.V8_5, Product.V9, Product.V10)
_OPENJDK = "openjdk"
_UNLESS_IMPORTED = "web and mobile users, unless the certificate was imported into WebSphere's trust store"
_STORE = "the trust store of the Sametime Proxy's Java"


def javas(product: Product | None) -> tuple[Profile, ...]:
    """The Java that a Sametime Proxy of this release may run on: WebSphere brings IBM's, later ones an OpenJDK."""
    texts = [Platform.IBM_JAVA.value] if product in _WEBSPHERE else [_OPENJDK]
    if product is Product.V11:
        texts.append(Platform.JAVA.value)
    return selected([parse_client_selector(text) for text in texts])


def judge_trust(
    observation: PhotoObservation,
    shaken: Sequence[tuple[Handshake, str]],
    context: Context,
    subject: Subject,
    analysis: PhotoAnalysis,
) -> list[Finding]:
    """Completes `analysis` with what Java makes of the host, and returns what stops it. `shaken`: the handshake with
    each address, and the pointer to it; `subject` is the endpoint."""
    findings: dict[str, Finding] = {}
    for handshake, pointer in shaken:
        if not handshake.chain_sent:
            continue
        place = f"{pointer}/chain_sent"
        chain = judged_chain(handshake.chain_sent, handshake, observation.fetched, context, subject, place)
        verdicts = _verdicts(observation, chain, context)
        if not analysis.java or any(one.accepts is False for one in verdicts):
            analysis.java, analysis.java_in_words = verdicts, sentences(verdicts)
        analysis.certificates += [
            facts for facts in certificate_facts(chain, context.started) if facts not in analysis.certificates
        ]
        for finding in _findings(chain, verdicts, context, place):
            findings.setdefault(finding.code, finding)
        for line in _left_open(verdicts, context):
            analysis.unmeasured += [line] if line not in analysis.unmeasured else []
    return list(findings.values())


def _verdicts(observation: PhotoObservation, chain: JudgedChain, context: Context) -> list[ClientVerdict]:
    fetched = [one for found in observation.fetched for one in certificates_of(found.certificates)]
    case = ChainCase(
        sent=chain.certificates,
        name=observation.host,
        at=context.started,
        fetched=tuple(one for one in dict.fromkeys(fetched) if one.problem is None),
        private=private_store(context.trust),
        known=KnownRoots([CertificateStore(store) for store in context.trust if store.count]),
    )
    return matrix(javas(context.site.product), case, store_from(context.trust))


def _findings(chain: JudgedChain, verdicts: Sequence[ClientVerdict], context: Context, pointer: str) -> list[Finding]:
    rejecting = [one for one in verdicts if one.accepts is False]
    if not rejecting:
        return []
    told = who(rejecting)
    first = rejecting[0]
    severity = _severity(rejecting, verdicts, context)
    params: dict[str, Any]
    match first.reason:
        case ClientReason.MISSING_INTERMEDIATE:
            kind = kinds.PHOTO_CHAIN_INCOMPLETE
            examined = chain.examined
            missing = called(examined.missing[0]) if examined.missing else _issuer(chain)
            params = {"missing": missing, "clients": told, "recovered_from": _source(chain), "proven": _proven(chain)}
        case ClientReason.ROOT_NOT_IN_STORE:
            kind = kinds.PHOTO_ROOT_UNKNOWN
            params = {"root": _top(chain), "clients": told, "detail": first.detail}
        case _:
            kind = kinds.PHOTO_CERTIFICATE_REFUSED
            reasons = ", ".join(dict.fromkeys(one.reason.value for one in rejecting if one.reason))
            details = "; ".join(dict.fromkeys(one.detail for one in rejecting))
            params = {"clients": told, "detail": details, "reason": reasons}
    affects = _UNLESS_IMPORTED if _may_be_imported(rejecting, context) else None
    return [kind.found(chain.subject, evidence=[pointer], severity=severity, affects=affects, **params)]


def _severity(
    rejecting: Sequence[ClientVerdict], verdicts: Sequence[ClientVerdict], context: Context
) -> Severity | None:
    """Certain only where every Java that it may be refuses, and this is where the Sametime Proxy is, or near it."""
    some_accept = any(one.accepts for one in verdicts)
    elsewhere = context.site.vantage is Vantage.INTERNET
    return Severity.WARNING if some_accept or elsewhere or _may_be_imported(rejecting, context) else None


def _may_be_imported(rejecting: Sequence[ClientVerdict], context: Context) -> bool:
    """What WebSphere's trust store holds is not known: an issuer or a root that was imported there will do."""
    reasons = (ClientReason.MISSING_INTERMEDIATE, ClientReason.ROOT_NOT_IN_STORE)
    return context.site.product in _WEBSPHERE and all(one.reason in reasons for one in rejecting)


def _left_open(verdicts: Sequence[ClientVerdict], context: Context) -> list[str]:
    """What cannot be seen from outside. A copy that STProxy hands out is looked at by itself."""
    photo = context.site.photo
    if photo is not None and photo.stproxy_urls:
        return []
    unknown = [one for one in verdicts if one.accepts is None]
    if unknown:
        return [f"whether {_STORE} has the root of the photo host: {unknown[0].detail}"]
    private = next((one for one in verdicts if one.accepts and one.anchor and one.detail), None)
    if private is not None:
        return [f"whether {_STORE} has the private root {private.anchor}: no look from outside shows it"]
    return []


def _issuer(chain: JudgedChain) -> str:
    return short_name(chain.examined.missing_issuer or "") or "(no name)"


def _top(chain: JudgedChain) -> str:
    examined = chain.examined
    if examined.root is not None:
        return called(examined.root)
    path = examined.repaired or examined.path
    return short_name(path[-1].issuer) if path else "(no name)"


def _source(chain: JudgedChain) -> str | None:
    wanted = {one.sha256 for one in chain.examined.missing}
    return next((one.url for one in chain.fetched if any(cert.sha256 in wanted for cert in one.certificates)), None)


def _proven(chain: JudgedChain) -> str | None:
    if _source(chain) is None:
        return None
    return "yes" if chain.examined.recoverable else "no"
