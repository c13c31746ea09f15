"""What the text of a name tells: too few parts, an underscore, a domain that every network has for itself."""

from __future__ import annotations

from stdiag.catalogue.kinds import names as kinds
from stdiag.formats.special_names import labels_of, own_domain
from stdiag.model import Finding, Subject, SubjectKind
from stdiag.probes.names.observation import HostRole, NameObservation

SSO_LABELS = 3
"""HCL's documents: each host name at least three labels where tokens are shared."""
_FOR_BROWSERS = frozenset({HostRole.STPROXY, HostRole.PAGE})
_WHY = {
    "local": "phones and Macs ask their neighbours for such names and not the DNS",
    "internal": "no DNS of the internet will ever know it, and no public authority certifies it",
    "home.arpa": "it is meant for homes",
}


def judge_form(seen: NameObservation) -> list[Finding]:
    """What is to be said of the name before anybody is asked for it."""
    subject = Subject(kind=SubjectKind.NAME, host=seen.host)
    evidence = ["/observation/host"]
    labels = labels_of(seen.host)
    findings: list[Finding] = []
    if len(labels) == 1:
        findings.append(kinds.NAMES_SINGLE_LABEL.found(subject, evidence=evidence))
    elif len(labels) < SSO_LABELS and _FOR_BROWSERS & set(seen.roles):
        findings.append(kinds.NAMES_FEW_LABELS.found(subject, evidence=evidence, count=len(labels)))
    if "_" in seen.host:
        findings.append(kinds.NAMES_UNDERSCORE.found(subject, evidence=evidence))
    if domain := own_domain(seen.host):
        findings.append(kinds.NAMES_OWN_DOMAIN.found(subject, evidence=evidence, domain=domain, why=_WHY[domain]))
    if seen.dotted:
        findings.append(kinds.NAMES_TRAILING_DOT.found(subject, evidence=["/observation/dotted"]))
    return findings
