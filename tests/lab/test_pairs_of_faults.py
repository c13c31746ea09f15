"""Two faults at once, for many pairs: neither hides the other, and together they look like no third."""

from __future__ import annotations

import itertools
import random
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from stdiag.cli.diagnose import public_stores, trust_stores
from stdiag.cli.photo_tokens import photo_credentials
from stdiag.cli.push_secrets import push_credentials
from stdiag.engine.plan import plan
from stdiag.engine.report import run_report
from stdiag.engine.runner import RunOptions
from stdiag.formats.site_file import read_site
from stdiag.lab.compose import compose
from stdiag.lab.deployment import Lab
from stdiag.lab.error import FaultConflictError
from stdiag.lab.faults import FAULTS, LabFault
from stdiag.pki.trust import TrustStore
from stdiag.probes.registry import PROBES

PAIRS = 120
AT_A_TIME = 4

ONE_AFTER_THE_OTHER = {
    # Up to TLS 1.2 a handshake ends where the certificate is demanded, so that what was agreed on is not known.
    ("client-cert-required", "no-forward-secrecy"),
    ("client-cert-required", "tls-obsolete-accepted"),
    ("client-cert-required", "tls-old-only"),
    ("client-cert-required", "weak-dh"),
    # Without SNI only today's usual handshake is tried, which such a server refuses with SNI too.
    ("sni-default-certificate", "tls-old-only"),
    ("sni-default-certificate", "weak-dh"),
    ("sni-required", "tls-old-only"),
    ("sni-required", "weak-dh"),
    # Neither certificate is the host's, so that none of them is the right one.
    ("name-mismatch", "sni-default-certificate"),
    # Which kind of key is preferred cannot be told to a server under TLS 1.3.
    ("ecdsa-rsa-differ", "tls-new-only"),
}
"""Pairs of which the second is found when the first is mended."""


def test_of_many_pairs_both_are_found_and_nothing_else() -> None:
    ask = partial(problems_of, public=public_stores(quick=False))
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        wrong = [problem for problems in pool.map(ask, sampled()) for problem in problems]
    assert wrong == []


def sampled() -> list[tuple[LabFault, LabFault]]:
    quick = [fault for fault in FAULTS if not fault.keeps_waiting]
    together = [pair for pair in itertools.combinations(quick, 2) if can_be_told_apart(*pair)]
    assert len(together) > 1500
    return random.Random(8).sample(together, PAIRS)


def can_be_told_apart(one: LabFault, other: LabFault) -> bool:
    try:
        compose((one.name, other.name))
    except FaultConflictError:
        return False
    return tuple(sorted((one.name, other.name))) not in ONE_AFTER_THE_OTHER


def problems_of(pair: tuple[LabFault, LabFault], public: list[TrustStore]) -> list[str]:
    """What is wrong with the report about a lab with both faults."""
    with Lab([fault.name for fault in pair]) as lab:
        site, _ = read_site(lab.site_file)
        credentials = push_credentials(site, {})
        if site.photo is not None:
            credentials = credentials.joined(photo_credentials(site.photo, quiet=True))
        options = RunOptions(credentials=credentials)
        stores = trust_stores(site, quick=False, public=public)
        report = run_report(plan(site, PROBES), site, PROBES, stores, options)
    found = {finding.code for check in report.checks for finding in check.findings}
    found |= {finding.code for finding in report.findings}
    expected = {code for fault in pair for code in (*fault.first, *fault.also)}
    names = " + ".join(fault.name for fault in pair)
    missing = [fault.first for fault in pair if not found & set(fault.first)]
    missing += [(code,) for fault in pair for code in fault.also if code not in found]
    unrelated = [cause.code for cause in report.verdict.causes if cause.code not in expected]
    return [f"{names}: {' or '.join(codes)} not found" for codes in missing] + [
        f"{names}: {code} is unrelated" for code in unrelated
    ]
