"""Runs a plan: every check in its own deadline, side by side; a crash or a hang of one stops nobody else."""

from __future__ import annotations

import queue
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from stdiag.catalogue.registry import kind
from stdiag.engine.events import Observer, Silent
from stdiag.engine.verdict import outcome_of
from stdiag.engine.workers import Workers
from stdiag.model import (
    Blocked,
    Check,
    Finding,
    Outcome,
    Proxy,
    Severity,
    Subject,
    SubjectKind,
    to_raw,
)
from stdiag.net.credentials import Credentials
from stdiag.net.deadline import Deadline, Timeouts
from stdiag.net.dial import Dialer
from stdiag.net.fetch_once import Fetcher
from stdiag.net.resolve import Resolver
from stdiag.net.trace import StepRecorder
from stdiag.probes.contract import Context, Planned, Probe, Tools, no_credentials
from stdiag.probes.shared.verifying_store import verifying_store

if TYPE_CHECKING:
    from stdiag.net.via import TunnelDialer

CHECKS_AT_A_TIME = 32
OVERSTAY_S = 1.0
"""A check that is not back so long after its deadline is abandoned and keeps its steps."""
SWEEP_EVERY_S = 0.1
CUT_SHORT = "interrupted"
"""Why a check that ^C ended is undecided."""
INTERRUPT_GRACE_S = 0.6
"""After ^C: a cancelled check is back within 200 ms; what it then says is worth this wait."""


class RunOptions(msgspec.Struct, frozen=True):
    """How a run is made."""

    timeouts: Timeouts = Timeouts()
    offline: bool = False
    observer: Observer = msgspec.field(default_factory=Silent)
    on_crash: Callable[[str], None] | None = None
    """Gets the traceback of a probe's crash: for `--debug`."""
    credentials: Credentials = msgspec.field(default_factory=no_credentials)
    """Passwords for proxies, read before the run."""
    via: Proxy | None = None
    """Everything goes through this proxy."""


class _Running(msgspec.Struct, eq=False):
    planned: Planned
    steps: StepRecorder
    deadline: Deadline | None = None
    check: Check | None = None


class Runner:
    """One run over planned checks. `run()` is called once."""

    def __init__(
        self, checks: Sequence[Planned], probes: Sequence[Probe], context: Context, options: RunOptions, started: float
    ) -> None:
        """`started`: reading of time.monotonic() at the start of the run, which step offsets count from."""
        self._probes = {probe.name: probe for probe in probes}
        self._context = context
        self._options = options
        self._cancel = threading.Event()
        self._resolver = Resolver(context.site.resolve)
        self._dialer: Dialer | TunnelDialer = Dialer(options.timeouts)
        self._fetcher = Fetcher(self._resolver)
        if options.via is not None:
            self._go_through(options.via, self._resolver, Dialer(options.timeouts))
        self._running = [_Running(planned, StepRecorder(started)) for planned in checks]
        self._ended: queue.SimpleQueue[tuple[int, Check]] = queue.SimpleQueue()
        self._begun: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._workers = Workers(CHECKS_AT_A_TIME)
        self._waiting = set(range(len(self._running)))
        self._open = len(self._running)
        self._next_sweep = 0.0
        self.interrupted = False

    def _go_through(self, proxy: Proxy, resolver: Resolver, dialer: Dialer) -> None:
        """From here on `proxy` is the way; `resolver` and `dialer` are the way to it."""
        from stdiag.net.fetch import Detour
        from stdiag.net.via import TunnelDialer, TunnelResolver

        store = verifying_store(self._context.trust)
        self._resolver = TunnelResolver(proxy, self._context.site.resolve)
        self._dialer = TunnelDialer(
            proxy,
            resolver=resolver,
            dialer=dialer,
            credentials=self._options.credentials,
            timeouts=self._options.timeouts,
            trust=store.openssl_store() if store else None,
        )
        self._fetcher = Fetcher(self._resolver, Detour(proxy, resolver, self._options.credentials))

    def run(self) -> list[Check]:
        """All checks, in the order of the plan. ^C ends them early: what is known by then is kept."""
        observer = self._options.observer
        observer.started(len(self._running))
        self._start_those_ready()
        try:
            while self._open:
                self._turn()
        except KeyboardInterrupt:
            self._interrupt()
        self._workers.end()
        return [entry.check for entry in self._running if entry.check is not None]

    def _turn(self) -> None:
        """Takes in what ended in the next tenth of a second, gives up what overstays, starts what became ready."""
        try:
            index, check = self._ended.get(timeout=0.1)
        except queue.Empty:
            self._tell_begun()
        else:
            self._tell_begun()
            self._finish(index, check)
        if time.monotonic() >= self._next_sweep:
            self._next_sweep = time.monotonic() + SWEEP_EVERY_S
            self._give_up_overstayers()
        self._start_those_ready()

    def _give_up_overstayers(self) -> None:
        for index, entry in enumerate(self._running):
            if entry.check is None and entry.deadline is not None and entry.deadline.overstayed(OVERSTAY_S):
                self._workers.give_up_one()
                self._finish(index, self._abandoned(entry))

    def _tell_begun(self) -> None:
        while not self._begun.empty():
            self._options.observer.check_started(title_of(self._running[self._begun.get()].planned))

    def _finish(self, index: int, check: Check) -> None:
        entry = self._running[index]
        if entry.check is not None:  # it came back after it had been given up
            return
        entry.check = check
        self._open -= 1
        self._options.observer.check_finished(title_of(entry.planned), check.outcome)

    def _start_those_ready(self) -> None:
        for index in sorted(self._waiting):
            planned = self._running[index].planned
            blockers = self._standing_before(planned)
            if any(entry.check is None for entry in blockers):
                continue
            self._waiting.discard(index)
            blocked = next((reason for entry in blockers if (reason := _blocking(entry.check))), None)
            if blocked:
                self._finish(index, self._bare_check(planned, Outcome.SKIP, blocked_by=blocked))
            else:
                self._workers.submit(partial(self._work, index))

    def _standing_before(self, planned: Planned) -> list[_Running]:
        if not planned.requires:
            return []
        return [entry for entry in self._running if entry.planned.subject in planned.requires]

    def _work(self, index: int) -> None:
        entry = self._running[index]
        entry.deadline = Deadline(self._options.timeouts.check, cancel=self._cancel)
        self._begun.put(index)
        try:
            check = self._check(entry, entry.deadline)
        except Exception as crash:
            check = self._crashed(entry, crash)
        self._ended.put((index, check))

    def _check(self, entry: _Running, deadline: Deadline) -> Check:
        planned = entry.planned
        probe = self._probes[planned.probe]
        tools = Tools(
            deadline=deadline,
            timeouts=self._options.timeouts,
            steps=entry.steps,
            resolver=self._resolver,
            dialer=self._dialer,
            fetcher=self._fetcher,
            trust=self._context.trust,
            offline=self._options.offline,
            credentials=self._options.credentials,
        )
        observation = probe.observe(planned, tools)
        check = self._bare_check(planned, Outcome.UNDECIDED)
        check.observation = to_raw(observation)
        check.steps = entry.steps.snapshot()
        return judged(check, observation, probe, self._context)

    def _abandoned(self, entry: _Running) -> Check:
        overdue = kind("run-check-overdue").found(
            entry.planned.subject,
            probe=entry.planned.probe,
            allowed_s=round(self._options.timeouts.check + OVERSTAY_S),
        )
        check = self._bare_check(entry.planned, Outcome.UNDECIDED, [overdue])
        check.steps = entry.steps.snapshot()
        check.undecided = ["it did not end in its time, and was given up"]
        return check

    def _crashed(self, entry: _Running, crash: Exception) -> Check:
        if self._options.on_crash:
            self._options.on_crash("".join(traceback.format_exception(crash)))
        place = traceback.extract_tb(crash.__traceback__)[-1]
        finding = kind("run-probe-crashed").found(
            entry.planned.subject,
            probe=entry.planned.probe,
            error=f"{type(crash).__name__} in {place.name}, line {place.lineno}",
        )
        check = self._bare_check(entry.planned, Outcome.CRASHED, [finding])
        check.steps = entry.steps.snapshot()
        return check

    def _bare_check(
        self,
        planned: Planned,
        outcome: Outcome,
        findings: list[Finding] | None = None,
        blocked_by: Blocked | None = None,
    ) -> Check:
        return Check(
            probe=planned.probe,
            subject=planned.subject,
            path=planned.path,
            outcome=outcome,
            findings=findings or [],
            blocked_by=blocked_by,
        )

    def _interrupt(self) -> None:
        """Ends every check; a second ^C is no longer caught here and leaves at once."""
        self.interrupted = True
        self._cancel.set()
        until = time.monotonic() + INTERRUPT_GRACE_S
        while self._open and time.monotonic() < until:
            try:
                index, check = self._ended.get(timeout=0.05)
            except queue.Empty:
                continue
            # What a cancelled check says of the network would be hearsay: only its facts and steps are kept.
            check.findings, check.outcome, check.undecided = [], Outcome.UNDECIDED, [CUT_SHORT]
            self._finish(index, check)
        for index, entry in enumerate(self._running):
            if entry.check is None:
                check = self._bare_check(entry.planned, Outcome.UNDECIDED)
                check.steps, check.undecided = entry.steps.snapshot(), ["interrupted before it ended"]
                self._finish(index, check)


def judged(check: Check, observation: object, probe: Probe, context: Context) -> Check:
    """`check` with what its observation means under today's rules."""
    analysis, findings = probe.judge(observation, context)
    check.analysis = to_raw(analysis)
    check.findings = _at_most_warnings(findings, probe, context)
    check.undecided = analysis.undecided
    check.outcome = outcome_of(check.findings, check.undecided)
    return check


def _at_most_warnings(findings: list[Finding], probe: Probe, context: Context) -> list[Finding]:
    """From a place where the probe's real client does not live, an error is only a warning; a file is the same
    everywhere."""
    here = context.site.vantage
    if probe.vantages is None or here is None or here in probe.vantages:
        return findings
    for finding in findings:
        if finding.severity is Severity.ERROR and finding.subject.kind is not SubjectKind.FILE:
            finding.severity = Severity.WARNING
    return findings


def _blocking(check: Check | None) -> Blocked | None:
    """Why a check that requires this one cannot be made; None when it can."""
    if check is None or check.outcome in (Outcome.PASS, Outcome.WARN):
        return None
    error = next((finding for finding in check.findings if finding.severity is Severity.ERROR), None)
    subject: Subject = error.subject if error else check.subject
    reason = f"{check.probe} on {check.subject} did not pass"
    return Blocked(reason=reason, code=error.code if error else None, subject=subject)


def title_of(planned: Planned) -> str:
    """A check in a few words."""
    return f"{planned.probe} {planned.subject}"
