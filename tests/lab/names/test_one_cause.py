"""A dead address is one cause, whichever checks met it."""

from __future__ import annotations

import pytest
from tests.lab import peers_faulty as peers

from stdiag.engine.plan import plan
from stdiag.engine.report import run_report
from stdiag.engine.runner import RunOptions
from stdiag.model import NamesSite, Report, Site, StproxySite
from stdiag.net.deadline import Timeouts
from stdiag.probes.registry import probe_named

HOST = "chat.lab.example"


def report_on(alive: str, dead: str, networks: list[str]) -> Report:
    """TLS and names of one host at these two places."""
    site = Site(
        stproxy=StproxySite(url=f"https://{HOST}"),
        names=NamesSite(management_networks=networks),
        resolve={f"{HOST}:443": f"{alive},{dead}"},
    )
    probes = (probe_named("tls"), probe_named("names"))
    return run_report(plan(site, probes), site, probes, [], RunOptions(timeouts=Timeouts().scaled(0.1)))


@pytest.mark.parametrize(
    ("networks", "code"), [([], "names-address-dead"), (["127.0.0.1/32"], "names-management-address")]
)
@pytest.mark.parametrize(("dies", "found"), [(peers.refusing, "net-refused"), (peers.full_backlog, "net-timeout")])
def test_a_dead_address_beside_a_living_one(networks: list[str], code: str, dies: object, found: str) -> None:
    assert callable(dies)
    with peers.peer(peers.closes, address="127.0.0.2") as alive, dies() as dead:
        report = report_on(f"127.0.0.2:{alive}", f"127.0.0.1:{dead}", networks)
    assert found in {finding.code for check in report.checks for finding in check.findings}
    by_code = {cause.code: cause for cause in report.verdict.causes}
    assert found not in by_code
    assert len(by_code[code].folded) == 1
