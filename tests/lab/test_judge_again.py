"""A stored report judged again says the same: for every fault of the lab, from the JSON alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any

import msgspec
import pytest

from stdiag.cli.diagnose import trust_stores
from stdiag.engine.plan import plan
from stdiag.engine.report import run_report
from stdiag.engine.runner import RunOptions, judged
from stdiag.engine.together import judge_together
from stdiag.engine.verdict import located, verdict
from stdiag.formats.site_file import read_site
from stdiag.lab.deployment import Lab
from stdiag.lab.faults import FAULTS
from stdiag.model import Check, Outcome, Report
from stdiag.net.deadline import Timeouts
from stdiag.pki.trust import restore_store
from stdiag.probes.contract import Context
from stdiag.probes.tls import PROBE
from stdiag.render.json import from_json, to_json

CASES = ["healthy", *(fault.name for fault in FAULTS)]
AT_A_TIME = 4
TIMEOUTS = Timeouts().scaled(0.2)


def document_of(case: str) -> bytes:
    """The JSON report of a run against the lab with this fault."""
    with Lab(() if case == "healthy" else (case,)) as lab:
        site, _ = read_site(lab.site_file)
        stores = trust_stores(site, quick=False)
        report = run_report(plan(site, [PROBE]), site, [PROBE], stores, RunOptions(timeouts=TIMEOUTS))
    return to_json(report)


@pytest.fixture(scope="module")
def documents() -> Iterator[dict[str, Future[bytes]]]:
    """The runs wait for their time-outs side by side."""
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        yield {case: pool.submit(document_of, case) for case in CASES}


def again(report: Report) -> list[Check]:
    """The checks judged by today's rules from what the report holds, and from nothing else."""
    context = Context(
        started=datetime.fromisoformat(report.run.started),
        site=report.site,
        trust=tuple(restore_store(record) for record in report.trust),
    )
    checks = []
    for stored in report.checks:
        observation = msgspec.json.decode(stored.observation, type=PROBE.observation)
        fresh = Check(probe=stored.probe, subject=stored.subject, outcome=Outcome.UNDECIDED, path=stored.path)
        fresh.steps, fresh.observation = stored.steps, stored.observation
        checks.append(judged(fresh, observation, PROBE, context))
    return checks


@pytest.mark.parametrize("case", CASES)
def test_judged_again(case: str, documents: dict[str, Future[bytes]]) -> None:
    document = documents[case].result()
    report = from_json(document)
    checks = again(report)
    for stored, fresh in zip(report.checks, checks, strict=True):
        assert fresh.findings == stored.findings
        assert json.loads(bytes(fresh.analysis)) == json.loads(bytes(stored.analysis))
        assert (fresh.outcome, fresh.undecided) == (stored.outcome, stored.undecided)
    assert judge_together(checks) == report.findings
    assert verdict(checks, report.findings) == report.verdict
    every_pointer_resolves(json.loads(document), report)


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
