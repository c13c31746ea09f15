"""Checks run side by side; a crash or a hang of one stops nobody else."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.engine.fakes import (
    HOST,
    STARTED,
    Seen,
    endpoint,
    fake_probe,
    finding,
    finds,
    name,
    observes_nothing,
    runner,
)

from stdiag.engine.events import Silent
from stdiag.engine.plan import Plan
from stdiag.engine.report import run_report
from stdiag.engine.runner import OVERSTAY_S, RunOptions, judged, title_of
from stdiag.model import Analysis, Check, Decision, Finding, Outcome, Severity, Site, StepOutcome, Vantage
from stdiag.net.deadline import Timeouts
from stdiag.probes.contract import Context, Planned, Tools

ROOT = Path(__file__).parents[3]


def crashes(_planned: Planned, _tools: Tools) -> Seen:
    raise ZeroDivisionError("token=hunter2")


def planned(probe: str = "fake", port: int = 443, **more: tuple[object, ...]) -> Planned:
    return Planned(probe=probe, subject=endpoint(port=port), **more)  # type: ignore[arg-type]  # requires only


def test_checks_come_back_in_the_order_of_the_plan() -> None:
    def observe(one: Planned, _tools: Tools) -> Seen:
        time.sleep(0.05 if one.subject.port == 1 else 0)
        return Seen(subject=str(one.subject))

    checks = runner([planned(port=port) for port in (1, 2, 3)], [fake_probe(observe=observe)]).run()
    assert [check.subject.port for check in checks] == [1, 2, 3]
    assert {check.outcome for check in checks} == {Outcome.PASS}
    assert b'"chat.example.com:1"' in bytes(checks[0].observation)


def test_checks_run_side_by_side() -> None:
    together = threading.Barrier(8, timeout=5)

    def observe(_planned: Planned, _tools: Tools) -> Seen:
        together.wait()
        return Seen()

    checks = runner([planned(port=port) for port in range(1, 9)], [fake_probe(observe=observe)]).run()
    assert {check.outcome for check in checks} == {Outcome.PASS}


# Crashes


def test_a_crash_is_a_finding_and_the_others_go_on() -> None:
    def judge_crashes(_seen: Seen, _context: Context) -> tuple[Analysis, list[Finding]]:
        raise RecursionError

    probes = [fake_probe("good"), fake_probe("bad", observe=crashes), fake_probe("blind", judge=judge_crashes)]
    good, bad, blind = runner([planned(probe.name) for probe in probes], probes).run()
    assert good.outcome is Outcome.PASS
    for check, error in ((bad, "ZeroDivisionError in crashes"), (blind, "RecursionError in judge_crashes")):
        assert check.outcome is Outcome.CRASHED
        (found,) = check.findings
        assert found.code == "run-probe-crashed"
        assert str(found.params["error"]).startswith(error)
        assert "hunter2" not in repr(check)


def test_the_traceback_goes_to_whoever_debugs() -> None:
    told: list[str] = []
    runner([planned()], [fake_probe(observe=crashes)], on_crash=told.append).run()
    assert len(told) == 1
    assert "Traceback" in told[0]
    assert "in crashes" in told[0]


def test_a_crash_keeps_the_steps_until_then() -> None:
    def observe(one: Planned, tools: Tools) -> Seen:
        with tools.steps.step("tcp", "connect"):
            pass
        return crashes(one, tools)

    (check,) = runner([planned()], [fake_probe(observe=observe)]).run()
    assert [step.label for step in check.steps] == ["connect"]


# Checks that hang


def test_a_check_that_overstays_is_abandoned_with_its_steps() -> None:
    release = threading.Event()

    def hangs(_planned: Planned, tools: Tools) -> Seen:
        with tools.steps.step("tls", "a handshake that nobody ends", "192.0.2.1:443"):
            release.wait(20)
        return Seen()

    began = time.monotonic()
    probes = [fake_probe("hangs", observe=hangs), fake_probe("good")]
    hung, good = runner([planned("hangs"), planned("good")], probes, seconds=0.2).run()
    lasted = time.monotonic() - began
    release.set()
    assert 0.2 + OVERSTAY_S <= lasted < 0.2 + OVERSTAY_S + 0.5
    assert good.outcome is Outcome.PASS
    assert hung.outcome is Outcome.UNDECIDED
    assert [found.code for found in hung.findings] == ["run-check-overdue"]
    assert [(step.label, step.outcome) for step in hung.steps] == [
        ("a handshake that nobody ends", StepOutcome.ABANDONED)
    ]


def test_what_comes_back_after_it_was_given_up_changes_nothing() -> None:
    given_up, back = threading.Event(), threading.Event()
    told: list[str] = []

    class Onlooker(Silent):
        def check_finished(self, title: str, outcome: Outcome) -> None:
            told.append(f"{title} {outcome}")
            if title.startswith("hangs"):
                given_up.set()

    def hangs(_planned: Planned, _tools: Tools) -> Seen:
        given_up.wait(20)
        back.set()
        return Seen()

    def slow(_planned: Planned, _tools: Tools) -> Seen:
        time.sleep(0.1 + OVERSTAY_S - 0.3)
        return Seen()

    def waits(_planned: Planned, _tools: Tools) -> Seen:
        back.wait(20)
        time.sleep(0.3)  # the late result is taken in while this one is still awaited
        return Seen()

    plan = [planned("hangs"), Planned(probe="slow", subject=name()), planned("waits", 1, requires=(name(),))]
    probes = [fake_probe("hangs", observe=hangs), fake_probe("slow", observe=slow), fake_probe("waits", observe=waits)]
    hung, _, waited = runner(plan, probes, seconds=0.1, observer=Onlooker()).run()
    assert (hung.outcome, len(hung.findings)) == (Outcome.UNDECIDED, 1)
    assert waited.outcome is Outcome.PASS
    assert len(told) == 3


def test_hanging_checks_do_not_take_the_others_threads() -> None:
    release = threading.Event()

    def hangs(_planned: Planned, _tools: Tools) -> Seen:
        release.wait(20)
        return Seen()

    probes = [fake_probe("hangs", observe=hangs), fake_probe("good")]
    many = [planned("hangs", port) for port in range(1, 41)] + [planned("good", port) for port in range(1, 5)]
    checks = runner(many, probes, seconds=0.1).run()
    release.set()
    assert {check.outcome for check in checks[:40]} == {Outcome.UNDECIDED}
    assert {check.outcome for check in checks[40:]} == {Outcome.PASS}


# Requirements


def test_a_check_waits_for_what_it_requires() -> None:
    order: list[str] = []

    def observe(one: Planned, _tools: Tools) -> Seen:
        time.sleep(0.1 if one.probe == "names" else 0)
        order.append(one.probe)
        return Seen()

    names = Planned(probe="names", subject=name())
    needs = planned("needs", requires=(name(),))
    probes = [fake_probe("names", observe=observe), fake_probe("needs", observe=observe)]
    checks = runner([needs, names], probes).run()
    assert order == ["names", "needs"]
    assert {check.outcome for check in checks} == {Outcome.PASS}


@pytest.mark.parametrize(
    ("prerequisite", "code"),
    [
        (fake_probe("names", judge=finds("net-name-not-found")), "net-name-not-found"),
        (fake_probe("names", observe=crashes), None),
    ],
    ids=["failed", "crashed"],
)
def test_a_check_whose_prerequisite_does_not_stand_is_skipped(prerequisite: object, code: str | None) -> None:
    asked: list[str] = []

    def observe(one: Planned, _tools: Tools) -> Seen:
        asked.append(one.probe)
        return Seen()

    plan = [
        Planned(probe="names", subject=name()),
        planned("needs", requires=(name(),)),
        planned("further", port=1, requires=(endpoint(),)),
    ]
    probes = [prerequisite, fake_probe("needs", observe=observe), fake_probe("further", observe=observe)]
    _, needs, further = runner(plan, probes).run()  # type: ignore[arg-type]  # pytest does not type its parameters
    assert asked == []
    assert needs.outcome is further.outcome is Outcome.SKIP
    assert needs.blocked_by is not None
    assert needs.blocked_by.code == code
    assert str(name()) in needs.blocked_by.reason
    assert further.blocked_by is not None
    assert "needs" in further.blocked_by.reason


def test_a_warning_does_not_block() -> None:
    plan = [Planned(probe="names", subject=name()), planned("needs", requires=(name(),))]
    probes = [fake_probe("names", judge=finds("tls-cert-expires-soon")), fake_probe("needs")]
    assert [check.outcome for check in runner(plan, probes).run()] == [Outcome.WARN, Outcome.PASS]


# Where stdiag runs


@pytest.mark.parametrize(
    ("here", "outcome"),
    [(Vantage.STPROXY, Outcome.FAIL), (Vantage.INTERNET, Outcome.WARN), (None, Outcome.FAIL)],
)
def test_from_elsewhere_an_error_is_a_warning(here: Vantage | None, outcome: Outcome) -> None:
    probe = fake_probe(judge=finds("net-refused", "tls-chain-superfluous"), vantages=frozenset({Vantage.STPROXY}))
    (check,) = runner([planned()], [probe], site=Site(vantage=here)).run()
    assert check.outcome is outcome
    severity = Severity.ERROR if outcome is Outcome.FAIL else Severity.WARNING
    assert [found.severity for found in check.findings] == [severity, Severity.INFO]


def test_a_probe_without_a_place_of_its_own_may_always_err() -> None:
    for here in Vantage:
        (check,) = runner([planned()], [fake_probe(judge=finds("net-refused"))], site=Site(vantage=here)).run()
        assert check.outcome is Outcome.FAIL


# Judging


def test_what_could_not_be_told_makes_a_check_undecided() -> None:
    def judge(_seen: Seen, _context: Context) -> tuple[Analysis, list[Finding]]:
        return Analysis(undecided=["the sea is rough"]), [finding("tls-cert-expires-soon")]

    check = judged(
        Check(probe="fake", subject=endpoint(), outcome=Outcome.UNDECIDED),
        Seen(),
        fake_probe(judge=judge),
        Context(started=STARTED, site=Site()),
    )
    assert (check.outcome, check.undecided) == (Outcome.UNDECIDED, ["the sea is rough"])


def test_the_observer_is_told_of_every_check() -> None:
    told: list[str] = []

    class Onlooker:
        def started(self, total: int) -> None:
            told.append(f"{total} checks")

        def check_started(self, title: str) -> None:
            told.append(f"begin {title}")

        def check_finished(self, title: str, outcome: Outcome) -> None:
            told.append(f"end {title} {outcome}")

        def stopped(self) -> None:
            told.append("stopped")

    one = planned()
    probe = fake_probe(observe=observes_nothing)
    options = RunOptions(observer=Onlooker())
    run_report(Plan(checks=(one,), not_applicable=(), not_selected=()), Site(), [probe], [], options)
    assert told == ["1 checks", f"begin {title_of(one)}", f"end {title_of(one)} pass", "stopped"]


def test_the_report_lists_what_was_not_decided() -> None:
    def unmeasured(_seen: Seen, _context: Context) -> tuple[Analysis, list[Finding]]:
        return Analysis(unmeasured=["2001:db8::1: this machine has no route to it"]), []

    probes = [
        fake_probe("bad", observe=crashes),
        fake_probe("needs"),
        fake_probe("partly", judge=unmeasured),
    ]
    checks = (planned("bad", 1), planned("needs", 2, requires=(endpoint(port=1),)), planned("partly", 3))
    report = run_report(
        Plan(checks=checks, not_applicable=(), not_selected=()), Site(), probes, [], RunOptions(timeouts=Timeouts())
    )
    assert [(entry.what.split()[0], entry.reason.split(":")[0]) for entry in report.summary.not_checked] == [
        ("bad", "the probe crashed"),
        ("needs", f"bad on {HOST}"),
        ("partly", "2001"),
    ]
    assert report.verdict.decision is Decision.INCOMPLETE
    assert report.summary.outcomes == {"pass": 1, "warn": 0, "fail": 0, "skip": 1, "undecided": 0, "crashed": 1}


# The process ends


def in_a_process(body: str) -> Callable[[], subprocess.Popen[str]]:
    code = textwrap.dedent(body)

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def test_a_hanging_check_does_not_keep_the_process() -> None:
    start = in_a_process("""
        import time
        from tests.unit.engine.fakes import *
        probe = fake_probe(observe=lambda planned, tools: time.sleep(60))
        (check,) = runner([Planned(probe="fake", subject=endpoint())], [probe], seconds=0.1).run()
        print(check.outcome, flush=True)
    """)
    began = time.monotonic()
    process = start()
    out, err = process.communicate(timeout=30)
    assert (out.strip(), process.returncode) == ("undecided", 0), err
    assert time.monotonic() - began < 15
