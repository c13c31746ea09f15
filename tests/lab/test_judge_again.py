"""A stored report judged again says the same: for every fault of the lab, from the JSON alone."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from stdiag.cli.diagnose import public_stores, trust_stores
from stdiag.cli.photo_tokens import photo_credentials
from stdiag.cli.push_secrets import push_credentials
from stdiag.engine.again import judge_again
from stdiag.engine.difference import Change, difference
from stdiag.engine.plan import plan
from stdiag.engine.redaction.redact import redact
from stdiag.engine.report import run_report
from stdiag.engine.runner import RunOptions
from stdiag.engine.verdict import located
from stdiag.formats.site_file import read_site
from stdiag.lab.deployment import Lab
from stdiag.lab.faults import FAULTS
from stdiag.model import Report
from stdiag.net.deadline import Timeouts
from stdiag.pki.trust import TrustStore
from stdiag.probes.push.services import IMPOSSIBLE_TOKEN
from stdiag.probes.registry import PROBES, probe_named
from stdiag.render.json import from_json, to_json

CASES = ["healthy", *(fault.name for fault in FAULTS)]
TIMEOUTS = Timeouts().scaled(0.2)


def document_of(case: str, public: list[TrustStore]) -> bytes:
    """The JSON report of a run against the lab with this fault."""
    with Lab(() if case == "healthy" else (case,)) as lab:
        site, _ = read_site(lab.site_file)
        stores = trust_stores(site, quick=False, public=public)
        credentials = push_credentials(site, {})
        if site.photo is not None:
            credentials = credentials.joined(photo_credentials(site.photo, quiet=True))
        options = RunOptions(timeouts=TIMEOUTS, credentials=credentials)
        report = run_report(plan(site, PROBES), site, PROBES, stores, options)
    return to_json(report)


@pytest.fixture(scope="module")
def public() -> list[TrustStore]:
    """Read once: they are the same for every run."""
    return public_stores(quick=False)


@pytest.fixture(scope="module", params=CASES)
def document(request: pytest.FixtureRequest, public: list[TrustStore]) -> bytes:
    """One run for all tests of a case, which pytest therefore makes one after the other."""
    return document_of(request.param, public)


def test_judged_again(document: bytes) -> None:
    report = from_json(document)
    again = judge_again(report, probe_named)
    assert again.kept == []
    for stored, fresh in zip(report.checks, again.report.checks, strict=True):
        assert fresh.findings == stored.findings
        assert json.loads(bytes(fresh.analysis)) == json.loads(bytes(stored.analysis))
        assert (fresh.outcome, fresh.undecided) == (stored.outcome, stored.undecided)
    assert again.report.findings == report.findings
    assert again.report.verdict == report.verdict
    assert again.report.summary == report.summary
    assert to_json(again.report) == document
    assert not [row for row in difference(report, again.report).rows if row.change is not Change.UNCHANGED]
    every_pointer_resolves(json.loads(document), report)


def test_redacted_it_names_nobody_and_says_the_same(document: bytes) -> None:
    report = from_json(document)
    redacted = redact(report, probe_named)
    shown = to_json(redacted.report)
    assert [needle for needle in needles_of(document) if needle in shown] == []
    again = judge_again(redacted.report, probe_named)
    codes = [[found.code for found in check.findings] for check in report.checks]
    assert [[found.code for found in check.findings] for check in again.report.checks] == codes
    assert again.report.verdict.decision is report.verdict.decision


def needles_of(document: bytes) -> list[bytes]:
    """What must not be left: hosts, addresses, certificates, fingerprints that this report holds."""
    patterns = (rb"[\w.-]+\.lab\.example", rb"127\.0\.0\.\d+", rb"MII[A-Za-z0-9+/]{50}", rb"/stdiag-lab-\w+")
    found = {match for pattern in patterns for match in re.findall(pattern, document)}
    trust = json.loads(document)["trust"]
    public = {store["sha256"] for store in trust if store["name"] == "mozilla"} | {IMPOSSIBLE_TOKEN}
    return [*found, *(digest for digest in re.findall(rb"[0-9a-f]{64}", document) if digest.decode() not in public)]


def every_pointer_resolves(document: dict[str, Any], report: Report) -> None:
    for pointer, finding in located(report.checks, report.findings):
        base = document["checks"][int(pointer.split("/")[2])] if pointer.startswith("/checks") else document
        for fact in finding.evidence:
            resolve(base, fact)


def resolve(document: Any, pointer: str) -> Any:
    """RFC 6901. Raises LookupError."""
    for part in pointer.split("/")[1:]:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document
