"""Probes that do as a test says, and runs over them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from stdiag.catalogue.registry import kind
from stdiag.engine.events import Observer, Silent
from stdiag.engine.runner import Runner, RunOptions
from stdiag.model import (
    Analysis,
    Check,
    ClockReading,
    Finding,
    NotChecked,
    Outcome,
    Param,
    Severity,
    Site,
    Subject,
    SubjectKind,
    Vantage,
    to_raw,
)
from stdiag.net.deadline import Timeouts
from stdiag.probes.contract import Contact, Context, Planned, Probe, Tools

STARTED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOST = "chat.example.com"


def name(host: str = HOST) -> Subject:
    return Subject(kind=SubjectKind.NAME, host=host)


def endpoint(host: str = HOST, port: int = 443) -> Subject:
    return Subject(kind=SubjectKind.ENDPOINT, host=host, port=port)


def address(text: str = "192.0.2.1", host: str = HOST, port: int = 443) -> Subject:
    return Subject(kind=SubjectKind.ADDRESS, host=host, port=port, address=text)


def finding(code: str, subject: Subject | None = None, severity: Severity | None = None, **params: Param) -> Finding:
    """A finding of that code; parameters that are not given are empty."""
    found = kind(code)
    return Finding(
        code=code,
        severity=severity or found.severity,
        subject=subject or endpoint(),
        params={**dict.fromkeys(found.params), **params},
    )


def check(
    *findings: Finding,
    subject: Subject | None = None,
    outcome: Outcome = Outcome.PASS,
    probe: str = "fake",
    clock: ClockReading | None = None,
) -> Check:
    """A finished check."""
    made = Check(probe=probe, subject=subject or endpoint(), outcome=outcome, findings=list(findings))
    if clock is not None:
        made.analysis = to_raw(Analysis(clock=clock))
    return made


class Seen(msgspec.Struct):
    """The fakes' observation."""

    subject: str = ""


def observes_nothing(planned: Planned, _tools: Tools) -> Seen:
    return Seen(subject=str(planned.subject))


def finds_nothing(_observation: Seen, _context: Context) -> tuple[Analysis, list[Finding]]:
    return Analysis(), []


def fake_probe(
    title: str = "fake",
    *,
    observe: Callable[[Planned, Tools], Any] = observes_nothing,
    judge: Callable[[Any, Context], tuple[Any, list[Finding]]] = finds_nothing,
    subjects: Sequence[Subject] = (),
    not_applicable: Sequence[NotChecked] = (),
    contacts: Sequence[Contact] = (),
    vantages: frozenset[Vantage] | None = None,
) -> Probe:
    return Probe(
        name=title,
        question="Does it do as the test says?",
        observation=Seen,
        analysis=Analysis,
        plan=lambda _site: ([Planned(probe=title, subject=subject) for subject in subjects], list(not_applicable)),
        contacts=lambda _planned, _site: list(contacts),
        observe=observe,
        judge=judge,
        present=lambda _check: [],
        vantages=vantages,
    )


def finds(*codes: str) -> Callable[[Seen, Context], tuple[Analysis, list[Finding]]]:
    """A judgement with these codes."""
    return lambda _observation, _context: (Analysis(), [finding(code) for code in codes])


def runner(
    planned: Sequence[Planned],
    probes: Sequence[Probe],
    *,
    site: Site | None = None,
    seconds: float = 45.0,
    observer: Observer | None = None,
    on_crash: Callable[[str], None] | None = None,
) -> Runner:
    """A run in which each check has `seconds`."""
    options = RunOptions(timeouts=Timeouts(check=seconds), observer=observer or Silent(), on_crash=on_crash)
    return Runner(planned, probes, Context(started=STARTED, site=site or Site()), options, time.monotonic())
