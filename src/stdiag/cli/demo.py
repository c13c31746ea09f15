"""`stdiag all --demo`: the classic fault in the lab, diagnosed; then mended as the remedy says, and asked again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from stdiag.cli.diagnose import Request
from stdiag.cli.keep_chains import proven_chains
from stdiag.lab.deployment import Lab
from stdiag.lab.error import LabError
from stdiag.model import Report
from stdiag.pki.encoding import pem_bundle
from stdiag.probes.shared.record import certificates_of

FAULT = "missing-intermediate"

Diagnosed = tuple[Report, int] | None


def run_demo(diagnose_site: Callable[[str], Diagnosed], request: Request) -> int:
    """Starts the lab, has it diagnosed, proves the remedy on it, and stops it. Returns the diagnosis's exit code."""
    told = not request.quiet and not request.plan_only
    try:
        with Lab((FAULT,)) as lab:
            if told:
                click.echo(_introduction(str(lab.stproxy)), err=True)
            result = diagnose_site(str(lab.site_file))
            if result is None:
                return 0
            report, code = result
            if told and not report.run.interrupted:
                _prove_the_remedy(lab, report)
            return code
    except LabError as problem:
        raise click.ClickException(str(problem)) from problem


def _introduction(address: str) -> str:
    return (
        'Demo. A user\'s Android phone cannot log in to Sametime: "Trust anchor for certification path not found".\n'
        "The browser on the desk works, so the administrator is told that the server is fine. stdiag is asked.\n"
        f"(The server is a small Sametime deployment on this machine, at {address}.)\n"
    )


def _prove_the_remedy(lab: Lab, report: Report) -> None:
    """Installs the repaired chain on the lab's server, as step 3 of the remedy says, and asks again."""
    from stdiag.cli.diagnose import trust_stores
    from stdiag.engine.plan import plan
    from stdiag.engine.report import run_report
    from stdiag.engine.runner import RunOptions
    from stdiag.formats.site_file import read_site
    from stdiag.probes.registry import PROBES

    chains = [chain for check in report.checks for chain in proven_chains(check)]
    if not chains:
        return
    lab.apply_bundle(pem_bundle(certificates_of(chains[0])))
    site, _ = read_site(Path(lab.site_file))
    again = run_report(plan(site, PROBES), site, PROBES, trust_stores(site, quick=False), RunOptions())
    findings = sum(len(check.findings) for check in again.checks)
    click.echo(
        f"\nThe remedy, tried: the bundle of {len(chains[0])} certificates was installed on the demo's server, and "
        f"stdiag asked again: {again.verdict.decision.value.upper()}, {findings} findings.",
        err=True,
    )
