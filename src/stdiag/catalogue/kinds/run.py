"""Kinds about the run itself: what stdiag did not manage. They say nothing about the deployment."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

RUN_PROBE_CRASHED = FindingKind(
    code="run-probe-crashed",
    severity=Severity.WARNING,
    summary="A defect in stdiag stopped the check {probe}; its question stays open.",
    params=("probe", "error"),
    evidence="{error}",
    affects="nobody: it says nothing about the deployment",
    reach=4,
    remedy="report-defect",
    page="run",
)
"""Params: probe, error (type and first line of the exception, secrets masked)."""

RUN_CHECK_OVERDUE = FindingKind(
    code="run-check-overdue",
    severity=Severity.WARNING,
    summary="The check {probe} was not finished after {allowed_s} s and was abandoned; its question stays open.",
    params=("probe", "allowed_s"),
    affects="nobody: it says nothing about the deployment",
    reach=4,
    remedy="report-defect",
    page="run",
)
"""Params: probe, allowed_s (seconds)."""

KINDS = (RUN_PROBE_CRASHED, RUN_CHECK_OVERDUE)
