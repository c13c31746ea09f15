"""Dates, names and strength of the certificates in use."""

from __future__ import annotations

from datetime import datetime

from stdiag.catalogue.kinds import tls as kinds
from stdiag.model import Finding, Severity
from stdiag.pki.certificate import Certificate
from stdiag.pki.names import NameMatch, match_name, names_of
from stdiag.pki.strength import weak_key, weak_signature
from stdiag.probes.contract import Context
from stdiag.probes.shared.chain_analysis import CertificateFacts
from stdiag.probes.shared.judge_chain import JudgedChain, called
from stdiag.probes.shared.record import moment

SECONDS_A_DAY = 86_400


def judge_certificates(
    chain: JudgedChain, context: Context, name: str | None, *, asked_by_address: bool
) -> list[Finding]:
    """Findings about the certificates on the way from the leaf upwards."""
    leaf = chain.examined.leaf
    if leaf is None:
        return []
    findings = _leaf_dates(chain, leaf, context)
    for issuer in _issuers(chain):
        findings += _issuer_dates(chain, issuer, context)
    findings += _expired_beside(chain, context)
    findings += _root_dates(chain, context)
    if name:
        findings += _name(chain, leaf, name, asked_by_address=asked_by_address)
    findings += _strength(chain)
    if leaf.malformed:
        findings.append(
            kinds.TLS_EXTENSION_MALFORMED.found(
                chain.subject,
                evidence=[f"{chain.pointer}/0"],
                certificate=called(leaf),
                extension=", ".join(leaf.malformed),
                problem="it cannot be parsed",
            )
        )
    return findings


def certificate_facts(chain: JudgedChain, at: datetime) -> list[CertificateFacts]:
    """End dates of the leaf and of each issuer that the chain uses, the root included when it is known."""
    examined = chain.examined
    if examined.leaf is None:
        return []
    path = examined.repaired or examined.path
    facts = []
    for certificate in path:
        role = "leaf" if certificate is path[0] else "issuer"
        facts.append(_facts(certificate, role, at))
    if examined.root is not None and all(examined.root.sha256 != certificate.sha256 for certificate in path):
        facts.append(_facts(examined.root, "root", at))
    return facts


def _facts(certificate: Certificate, role: str, at: datetime) -> CertificateFacts:
    return CertificateFacts(
        role=role,
        name=called(certificate),
        not_after=moment(certificate.not_after),
        days_left=_days(certificate.not_after, at),
    )


def _days(until: datetime, since: datetime) -> int:
    """Whole days from `since` to `until`, rounded down, so that the last day counts as 0."""
    return int((until - since).total_seconds() // SECONDS_A_DAY)


def _issuers(chain: JudgedChain) -> list[Certificate]:
    """Intermediates in use, those that had to be fetched included; the root's dates are another matter."""
    way = chain.examined.repaired or chain.examined.path
    return [certificate for certificate in way[1:] if not certificate.is_self_issued]


def _leaf_dates(chain: JudgedChain, leaf: Certificate, context: Context) -> list[Finding]:
    evidence = [f"{chain.pointer}/0/not_after"]
    if leaf.not_after < context.started:
        return [
            kinds.TLS_CERT_EXPIRED.found(
                chain.subject,
                evidence=evidence,
                certificate=called(leaf),
                not_after=moment(leaf.not_after),
                days=_days(context.started, leaf.not_after),
            )
        ]
    return _not_yet_valid(chain, leaf, context) or _expires_soon(chain, leaf, context)


def _not_yet_valid(chain: JudgedChain, certificate: Certificate, context: Context) -> list[Finding]:
    if certificate.not_before <= context.started:
        return []
    return [
        kinds.TLS_CERT_NOT_YET_VALID.found(
            chain.subject,
            evidence=[chain.pointer],
            certificate=called(certificate),
            not_before=moment(certificate.not_before),
            days=_days(certificate.not_before, context.started),
        )
    ]


def _expires_soon(chain: JudgedChain, certificate: Certificate, context: Context) -> list[Finding]:
    days = _days(certificate.not_after, context.started)
    if days >= context.site.tls.renew_before_days:
        return []
    return [
        kinds.TLS_CERT_EXPIRES_SOON.found(
            chain.subject,
            evidence=[chain.pointer],
            certificate=called(certificate),
            not_after=moment(certificate.not_after),
            days=days,
        )
    ]


def _issuer_dates(chain: JudgedChain, issuer: Certificate, context: Context) -> list[Finding]:
    if issuer.not_after >= context.started:
        return _not_yet_valid(chain, issuer, context) or _expires_soon(chain, issuer, context)
    return [
        kinds.TLS_ISSUER_EXPIRED.found(
            chain.subject,
            evidence=[chain.pointer],
            certificate=called(issuer),
            not_after=moment(issuer.not_after),
            days=_days(context.started, issuer.not_after),
        )
    ]


def _expired_beside(chain: JudgedChain, context: Context) -> list[Finding]:
    """Expired issuers that were sent and that a good path goes around: an old cross-certificate, mostly."""
    examined = chain.examined
    used = {certificate.sha256 for certificate in examined.path}
    return [
        kinds.TLS_ISSUER_EXPIRED.found(
            chain.subject,
            evidence=[f"{chain.pointer}/{index}"],
            severity=Severity.WARNING,
            affects="clients that follow the chain as it is sent: OpenSSL 1.0, GnuTLS before 3.6.14, old devices",
            certificate=called(certificate),
            not_after=moment(certificate.not_after),
            days=_days(context.started, certificate.not_after),
        )
        for index, certificate in enumerate(chain.certificates)
        if certificate.sha256 not in used
        and not certificate.problem
        and not certificate.is_self_issued
        and index not in examined.unrelated
        and index not in examined.duplicates
        and certificate.not_after < context.started
    ]


def _root_dates(chain: JudgedChain, context: Context) -> list[Finding]:
    """An expired root stops some clients; where a store leads to another, valid one, it stops nobody who has that."""
    root = chain.examined.root
    if root is None or root.not_after >= context.started or chain.examined.self_signed_leaf:
        return []
    if any(trust.trusted for trust in (chain.trust_repaired or chain.trust).values()):
        return []
    return [
        kinds.TLS_ROOT_EXPIRED.found(
            chain.subject,
            evidence=[chain.pointer],
            root=called(root),
            not_after=moment(root.not_after),
            days=_days(context.started, root.not_after),
        )
    ]


def _name(chain: JudgedChain, leaf: Certificate, name: str, *, asked_by_address: bool) -> list[Finding]:
    match match_name(leaf, name):
        case NameMatch.MATCHES:
            return []
        case NameMatch.CN_ONLY:
            return [kinds.TLS_NAME_CN_ONLY.found(chain.subject, evidence=[f"{chain.pointer}/0/pem"], name=name)]
        case NameMatch.MISMATCH | NameMatch.UNUSABLE:
            # Clients come by the name in their URL; that somebody asked by address says nothing about them.
            severity = Severity.WARNING if asked_by_address else None
            return [
                kinds.TLS_NAME_MISMATCH.found(
                    chain.subject,
                    evidence=[f"{chain.pointer}/0/pem"],
                    severity=severity,
                    name=name,
                    names=list(names_of(leaf)),
                )
            ]


def _strength(chain: JudgedChain) -> list[Finding]:
    findings: list[Finding] = []
    for certificate in chain.examined.path:
        if key := weak_key(certificate):
            findings.append(
                kinds.TLS_WEAK_KEY.found(
                    chain.subject, evidence=[chain.pointer], certificate=called(certificate), key=key
                )
            )
        # A root is believed for its key, not for its own signature.
        if not (certificate.is_self_issued and certificate.is_ca) and (algorithm := weak_signature(certificate)):
            findings.append(
                kinds.TLS_WEAK_SIGNATURE.found(
                    chain.subject, evidence=[chain.pointer], certificate=called(certificate), algorithm=algorithm
                )
            )
    return findings
