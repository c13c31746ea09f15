"""Findings about single clients, and whom the other findings hit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds import tls_client as kinds
from stdiag.clients.matrix import who
from stdiag.clients.registry import all_profiles
from stdiag.clients.verdict import ClientReason, ClientVerdict
from stdiag.model import Finding, Severity, Subject
from stdiag.probes.tls.analysis import TlsAnalysis

BY_CODE: dict[str, ClientReason] = {
    "tls-chain-incomplete": ClientReason.MISSING_INTERMEDIATE,
    "tls-chain-wrong-issuer": ClientReason.MISSING_INTERMEDIATE,
    "tls-root-untrusted": ClientReason.ROOT_NOT_IN_STORE,
    "tls-self-signed": ClientReason.ROOT_NOT_IN_STORE,
    "tls-root-expired": ClientReason.EXPIRED,
    "tls-cert-expired": ClientReason.EXPIRED,
    "tls-cert-not-yet-valid": ClientReason.EXPIRED,
    "tls-issuer-expired": ClientReason.EXPIRED,
    "tls-name-mismatch": ClientReason.NAME,
    "tls-name-cn-only": ClientReason.NAME,
    "tls-weak-signature": ClientReason.WEAK_SIGNATURE,
    "tls-weak-key": ClientReason.WEAK_KEY,
    "tls-chain-invalid": ClientReason.CHAIN_INVALID,
    "tls-version-old-only": ClientReason.NO_COMMON_TLS_VERSION,
    "tls-version-new-only": ClientReason.NO_COMMON_TLS_VERSION,
    "tls-cipher-unusual": ClientReason.NO_COMMON_CIPHER,
    "tls-sni-required": ClientReason.NEEDS_SNI,
}
"""A finding's code → why clients that it hits reject the server."""

ABOUT_CERTIFICATES = frozenset(
    {
        ClientReason.NAME,
        ClientReason.EXPIRED,
        ClientReason.WEAK_SIGNATURE,
        ClientReason.WEAK_KEY,
        ClientReason.VALIDITY_TOO_LONG,
        ClientReason.CHAIN_INVALID,
    }
)
ABOUT_TLS = frozenset({ClientReason.NO_COMMON_TLS_VERSION, ClientReason.NO_COMMON_CIPHER})


def with_clients(findings: Sequence[Finding], verdicts: Sequence[ClientVerdict], *, named: bool) -> list[Finding]:
    """The findings, each with the clients that it hits and spares, where the matrix tells it. What stops clients that
    the site names is an error, whatever it is for others."""
    for finding in findings:
        reason = BY_CODE.get(finding.code)
        hit = [one for one in verdicts if one.reason is reason and one.accepts is not True]
        if reason is None or not hit:
            continue
        lucky = [one for one in verdicts if one.reason is ClientReason.UNKNOWN_BY_LUCK]
        spared = who([one for one in verdicts if one.accepts])
        finding.affects = who(hit)
        if named and any(one.accepts is False and not one.doubt for one in hit):
            finding.severity = Severity.ERROR
        by_luck = f"{who(lucky)} by luck" if lucky and reason is ClientReason.MISSING_INTERMEDIATE else ""
        finding.spares = "; ".join(filter(None, (spared, by_luck))) or None
    return list(findings)


def client_findings(
    analysis: TlsAnalysis, findings: Sequence[Finding], subject: Subject, *, named: bool
) -> list[Finding]:
    """What stops single clients and is no finding already. `named`: the clients are those that the site names."""
    told = {BY_CODE[finding.code] for finding in findings if finding.code in BY_CODE}
    found = []
    best = analysis.recommended[0] if analysis.recommended else None
    # Of an incomplete chain the repaired one decides who lacks the root: what is missing is another finding.
    verdicts = best.clients if best else analysis.clients
    rejecting = [one for one in verdicts if one.accepts is False and one.reason is not None]
    now = [one for one in analysis.clients if one.reason is ClientReason.ROOT_NOT_IN_STORE and one.accepts is False]
    lacking = [one for one in rejecting if one.reason is ClientReason.ROOT_NOT_IN_STORE]
    if (now or lacking) and ClientReason.ROOT_NOT_IN_STORE not in told:
        found.append(_lacks_root(analysis, now or lacking, lacking, subject, named=named))
    tls = [one for one in rejecting if one.reason in ABOUT_TLS]
    if tls and not told & ABOUT_TLS:
        detail = "; ".join(dict.fromkeys(one.detail for one in tls))
        kind = kinds.TLS_CLIENT_NO_COMMON_TLS
        found.append(_finding(kind, tls, analysis, subject, named=named, clients=who(tls), detail=detail))
    refusing = [one for one in rejecting if one.reason in ABOUT_CERTIFICATES and one.reason not in told]
    if refusing:
        detail = "; ".join(dict.fromkeys(one.detail for one in refusing))
        reasons = ", ".join(dict.fromkeys(one.reason.value for one in refusing if one.reason))
        kind = kinds.TLS_CLIENT_REFUSES_CERTIFICATE
        found.append(
            _finding(
                kind, refusing, analysis, subject, named=named, clients=who(refusing), detail=detail, reason=reasons
            )
        )
    for finding in found:
        finding.spares = who([one for one in verdicts if one.accepts]) or None
    return found


def _lacks_root(
    analysis: TlsAnalysis,
    now: Sequence[ClientVerdict],
    in_any_case: Sequence[ClientVerdict],
    subject: Subject,
    *,
    named: bool,
) -> Finding:
    best = analysis.recommended[0] if analysis.recommended else None
    gained = [one for one in best.clients if one.client in best.gained] if best else []
    lost = who(in_any_case) if best else ""
    return _finding(
        kinds.TLS_CLIENT_LACKS_ROOT,
        now,
        analysis,
        subject,
        named=named,
        clients=who(now),
        detail="; ".join(dict.fromkeys(one.detail for one in now)),
        gained=who(gained),
        lost=lost,
        as_of=analysis.client_roots_as_of or "",
        doubt="; ".join(dict.fromkeys(one.doubt for one in now if one.doubt)),
    )


def _finding(
    kind: FindingKind,
    verdicts: Sequence[ClientVerdict],
    analysis: TlsAnalysis,
    subject: Subject,
    *,
    named: bool,
    **params: str,
) -> Finding:
    places = {one.client: place for place, one in enumerate(analysis.clients)}
    return kind.found(
        subject,
        evidence=[f"/analysis/clients/{places[one.client]}" for one in verdicts],
        severity=_severity(verdicts, named=named),
        affects=who(verdicts),
        **params,
    )


def _severity(verdicts: Sequence[ClientVerdict], *, named: bool) -> Severity:
    """What the site names must get through. Of all others, only what the newest release refuses is worth a warning;
    where a device may differ from its release, nothing is certain."""
    certain = [one for one in verdicts if not one.doubt]
    if named:
        return Severity.ERROR if certain else Severity.WARNING
    newest = {platform: list(group)[-1].client for platform, group in groupby(all_profiles(), lambda p: p.platform)}
    return Severity.WARNING if any(one.client in newest.values() for one in certain) else Severity.INFO
