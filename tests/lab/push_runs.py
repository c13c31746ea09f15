"""Whole push runs on loopback, without a child process: site → plan → report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from stdiag.engine.plan import plan
from stdiag.engine.report import run_report
from stdiag.engine.runner import RunOptions
from stdiag.model import Check, Report, Site
from stdiag.net.credentials import Credentials, Secret
from stdiag.net.deadline import Timeouts
from stdiag.pki.trust import TrustStore
from stdiag.probes.push.analysis import PushAnalysis
from stdiag.probes.push.observation import PushObservation
from stdiag.probes.registry import probe_named

HOST = "api.push.apple.com"


def run_push(
    site: Site,
    *,
    passphrase: str | None = None,
    stores: Sequence[TrustStore] = (),
    timeouts: Timeouts | None = None,
    credentials: Credentials | None = None,
) -> Report:
    """One run of the push probe over `site`."""
    known = credentials or Credentials()
    if site.push is not None and site.push.key is not None and passphrase is not None:
        known = known.joined(Credentials({}, {site.push.key: Secret(passphrase)}))
    options = RunOptions(timeouts=timeouts or Timeouts().scaled(0.4), credentials=known)
    probes = (probe_named("push"),)
    return run_report(plan(site, probes), site, probes, stores, options)


def of(report: Report, question: str) -> list[Check]:
    """The checks of one question."""
    return [check for check in report.checks if analysis_of(check).question == question]


def analysis_of(check: Check) -> PushAnalysis:
    """A check's analysis."""
    return msgspec.json.decode(check.analysis, type=PushAnalysis)


def observation_of(check: Check) -> PushObservation:
    """A check's observation."""
    return msgspec.json.decode(check.observation, type=PushObservation)


def codes(report: Report) -> set[str]:
    """Codes of every finding."""
    return {finding.code for check in report.checks for finding in check.findings} | {
        finding.code for finding in report.findings
    }


def severities(report: Report) -> dict[str, str]:
    """Code → severity, of every finding."""
    found = [*report.findings, *(finding for check in report.checks for finding in check.findings)]
    return {finding.code: finding.severity.value for finding in found}


def written(folder: Path, name: str, data: bytes) -> str:
    """A file with this content; its path as text."""
    file = folder / name
    file.write_bytes(data)
    return str(file)
