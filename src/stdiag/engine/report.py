"""Puts a finished run together: tool, run, site, checks, verdict, summary."""

from __future__ import annotations

import gc
import os
import platform
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from stdiag import __version__
from stdiag.engine.plan import Plan, without_third_parties
from stdiag.engine.runner import Runner, RunOptions
from stdiag.engine.together import judge_together
from stdiag.engine.verdict import NOT_DECIDED, FailOn, verdict
from stdiag.model import (
    SCHEMA_VERSION,
    Check,
    NotChecked,
    Outcome,
    Renewal,
    Report,
    Run,
    Site,
    Summary,
    Tool,
)
from stdiag.pki.trust import TrustStore, record_of
from stdiag.probes.contract import Context, Probe


class Provenance(msgspec.Struct, frozen=True):
    """What the report says of how it came to be."""

    arguments: list[str] = []
    sources: dict[str, str] = {}


def run_report(
    the_plan: Plan,
    site: Site,
    probes: Sequence[Probe],
    trust: Sequence[TrustStore],
    options: RunOptions,
    *,
    fail_on: FailOn = "error",
    provenance: Provenance | None = None,
) -> Report:
    """Makes the planned checks and returns the whole report."""
    provenance = provenance or Provenance()
    if options.offline:
        the_plan = without_third_parties(the_plan, site, probes)
    gc.freeze()  # what was imported stays; from here on there is garbage
    gc.enable()
    clock = time.monotonic()
    context = Context(started=datetime.now(UTC), site=site, trust=tuple(trust))
    runner = Runner(the_plan.checks, probes, context, options, clock)
    checks = runner.run()
    together = [] if runner.interrupted else judge_together(checks)
    run = Run(
        id=os.urandom(16).hex(),
        started=context.started.isoformat(),
        host=platform.node(),
        arguments=provenance.arguments,
        provenance=provenance.sources,
        duration_us=round((time.monotonic() - clock) * 1_000_000),
        interrupted=runner.interrupted,
    )
    report = Report(
        schema_version=SCHEMA_VERSION,
        tool=tool(),
        run=run,
        site=site,
        checks=checks,
        findings=together,
        verdict=verdict(checks, together, fail_on),
        summary=summary(checks, the_plan, probes, context),
        trust=[record_of(store) for store in trust],
    )
    options.observer.stopped()
    return report


def tool() -> Tool:
    """This stdiag, and what it stands on."""
    from OpenSSL import SSL

    return Tool(
        name="stdiag",
        version=__version__,
        python=platform.python_version(),
        openssl=SSL.OpenSSL_version(SSL.OPENSSL_VERSION).decode("ascii", "replace"),
    )


def summary(checks: Sequence[Check], the_plan: Plan, probes: Sequence[Probe], context: Context) -> Summary:
    """Counts, end dates, and everything that was not checked."""
    outcomes = Counter(check.outcome for check in checks)
    renewals, unknown = _renewals(checks, probes, context)
    return Summary(
        outcomes={outcome.value: outcomes[outcome] for outcome in Outcome},
        renew_before=renewals,
        not_checked=[*_not_checked(checks), *unknown, *the_plan.not_selected],
        not_applicable=list(the_plan.not_applicable),
    )


def _renewals(
    checks: Sequence[Check], probes: Sequence[Probe], context: Context
) -> tuple[list[Renewal], list[NotChecked]]:
    """End dates, soonest first, and the checks whose probe broke on telling them: that must not cost the report."""
    by_name = {probe.name: probe for probe in probes}
    found: list[Renewal] = []
    unknown: list[NotChecked] = []
    for check in checks:
        probe = by_name.get(check.probe)
        if probe is None:  # a stored report may hold a probe that this version lacks
            continue
        try:
            analysis = msgspec.json.decode(check.analysis, type=probe.analysis | None)
        except msgspec.MsgspecError:  # or a newer form of one that it has
            continue
        if analysis is None:
            continue
        try:
            found += probe.renewals(check.subject, analysis, context)
        except Exception as defect:  # whatever a probe breaks on
            reason = f"its end dates: a defect of stdiag ({type(defect).__name__})"
            unknown.append(NotChecked(what=f"{check.probe} {check.subject}", reason=reason))
    soonest_first = sorted(set(found), key=lambda renewal: (renewal.days_left, renewal.what, str(renewal.subject)))
    return soonest_first, unknown


def _not_checked(checks: Sequence[Check]) -> list[NotChecked]:
    entries: list[NotChecked] = []
    for check in checks:
        what = f"{check.probe} {check.subject}"
        reasons = list(check.undecided) if check.outcome in NOT_DECIDED else []
        if check.blocked_by:
            reasons.append(check.blocked_by.reason)
        if check.outcome is Outcome.CRASHED:
            reasons.append("the probe crashed: a defect of stdiag, not of your deployment")
        analysis = msgspec.json.decode(check.analysis, type=_LeftOut | None)
        reasons += analysis.unmeasured if analysis else []
        entries += [NotChecked(what=what, reason=reason) for reason in reasons]
    return entries


class _LeftOut(msgspec.Struct):
    unmeasured: list[str] = []
