"""Reports of `stdiag android`, made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from stdiag.catalogue.registry import kind
from stdiag.clients.verdict import ClientReason, ClientVerdict
from stdiag.engine.verdict import outcome_of, verdict
from stdiag.model import (
    SCHEMA_VERSION,
    Check,
    Finding,
    Report,
    Run,
    Severity,
    Site,
    StproxySite,
    Subject,
    SubjectKind,
    Summary,
    Tool,
    to_raw,
)
from stdiag.net.idle import IdleHold
from stdiag.net.stage import Stage
from stdiag.probes.provisioning.analysis import AddressAnalysis, ProvisioningAnalysis
from stdiag.probes.provisioning.observation import AddressAnswers, ProvisioningObservation
from stdiag.probes.push.analysis import PushAnalysis
from stdiag.probes.push.services import PushQuestion
from stdiag.probes.shared.web_answerer import Answerer
from stdiag.probes.shared.web_facts import Exchange
from stdiag.probes.tls.analysis import TlsAnalysis

HOST = "chat.example.com"
URL = f"hclsametime://{HOST}/?action=AddCommunity"
ADDRESS = "192.0.2.10"
ENDPOINT = Subject(kind=SubjectKind.ENDPOINT, host=HOST, port=443)


def found(code: str, severity: Severity | None = None, subject: Subject = ENDPOINT) -> Finding:
    entry = kind(code)
    return Finding(code, severity or entry.severity, subject, dict.fromkeys(entry.params))


def client(version: str, accepts: bool | None = True, reason: ClientReason | None = None, **more: str) -> ClientVerdict:
    return ClientVerdict(
        client=f"android {version}", platform="android", version=version, accepts=accepts, reason=reason, **more
    )


def report(
    *,
    tls: Sequence[Finding] = (),
    url: Sequence[Finding] = (),
    clients: Sequence[ClientVerdict] = (client("9"),),
    answerers: Sequence[Answerer] = (Answerer.STPROXY,),
    connected: bool | None = True,
    idle: IdleHold | None = None,
    idle_says: str = "",
    push: Sequence[Finding] | None = None,
    provisioning_url: str | None = URL,
    asked: bool = True,
    undecided: str = "",
) -> Report:
    """A run whose phone gets through, but for what is said. `asked` False: no address was; `push` None: no check."""
    subject = Subject(kind=SubjectKind.URL, host=HOST, port=443, url=URL)
    addresses = [f"192.0.2.{10 + number}" for number in range(len(answerers))] if asked else []
    observation = ProvisioningObservation(
        url=URL,
        host=HOST,
        port=443,
        tls=True,
        idle=idle,
        addresses=[
            AddressAnswers(address=one, port=443, proxyinfo=[Exchange(url="https://x/", stage=Stage.HTTP, status=200)])
            for one in addresses
        ],
    )
    analysis = ProvisioningAnalysis(
        idle_says=idle_says,
        undecided=[undecided] if undecided else [],
        addresses=[
            AddressAnalysis(address=one, answerer=answerer, community_connected=connected)
            for one, answerer in zip(addresses, answerers, strict=False)
        ],
    )
    checks = [
        _check("tls", ENDPOINT, None, TlsAnalysis(clients=list(clients)), tls),
        _check("provisioning", subject, observation, analysis, url),
    ]
    checks[1].undecided = analysis.undecided
    if push is not None:
        google = Subject(kind=SubjectKind.ENDPOINT, host="fcm.googleapis.com", port=443)
        checks.append(_check("push", google, None, PushAnalysis(question=PushQuestion.GOOGLE), push))
    return Report(
        schema_version=SCHEMA_VERSION,
        tool=Tool("stdiag", "0", "3", "3"),
        run=Run(id="1", started="2026-11-20T12:00:00+00:00", host="here"),
        site=Site(stproxy=StproxySite(url=f"https://{HOST}", provisioning_url=provisioning_url)),
        checks=checks,
        verdict=verdict(checks, []),
        summary=Summary(outcomes={}),
    )


def _check(
    probe: str, subject: Subject, observation: Any, analysis: msgspec.Struct, findings: Sequence[Finding]
) -> Check:
    return Check(
        probe=probe,
        subject=subject,
        outcome=outcome_of(findings, []),
        observation=to_raw(observation),
        analysis=to_raw(analysis),
        findings=list(findings),
    )
