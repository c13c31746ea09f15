"""Faults of the lab, diagnosed as `stdiag all` does it, and compared with what each must lead to."""

from __future__ import annotations

import contextlib
import enum
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import msgspec

from stdiag.cli.diagnose import public_stores, trust_stores
from stdiag.cli.keep_chains import proven_chains
from stdiag.cli.photo_tokens import photo_credentials
from stdiag.cli.push_secrets import push_credentials
from stdiag.engine.plan import plan
from stdiag.engine.report import run_report
from stdiag.engine.runner import RunOptions
from stdiag.engine.workers import Workers
from stdiag.formats.site_file import read_site
from stdiag.lab.deployment import Lab
from stdiag.lab.error import LabError
from stdiag.lab.faults import LabFault
from stdiag.model import Decision, Report
from stdiag.net.deadline import Timeouts
from stdiag.pki.encoding import pem_bundle
from stdiag.probes.registry import PROBES
from stdiag.probes.shared.record import certificates_of

AT_A_TIME = 6
HEALTHY = LabFault(
    name="(none)",
    injects="nothing: the healthy deployment",
    first=(),
    changes={},
    story="Whoever finds faults must also find none where there are none.",
)
"""The lab without a fault, as the exam's first question."""


class Grade(enum.StrEnum):
    """How a question of the exam was answered."""

    RIGHT = "right"
    WRONG = "wrong"
    NOT_RUN = "not-run"  # this machine cannot play the fault, so nothing was proven


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the diagnosis of one fault said, and what it should have said."""

    fault: str
    injected: str
    expected: tuple[str, ...]
    """Codes of which one must be the first cause; empty: nothing may be found."""
    causes: tuple[str, ...] = ()
    """Codes of the verdict's causes, first cause first."""
    decision: Decision | None = None
    """None when the lab could not be run; `not_run` says why."""
    with_bundle: Decision | None = None
    """The verdict after the repaired chain was installed, where that is the whole remedy."""
    mistakes: tuple[str, ...] = ()
    """What is wrong with the answer, a few words each."""
    not_run: str | None = None
    seconds: float = 0.0

    @property
    def grade(self) -> Grade:
        """Right when the lab was run and there is no mistake."""
        if self.not_run is not None:
            return Grade.NOT_RUN
        return Grade.WRONG if self.mistakes else Grade.RIGHT


def examine(faults: Sequence[LabFault], factor: float) -> Iterator[Answer]:
    """Answers in the order in which they are ready, some at a time, those that keep the diagnosis waiting first.

    `factor` multiplies the time limits for these; the others need none. When the iterator is closed early, every lab
    is stopped.
    """
    answers: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()
    room = _Room(factor)
    workers = Workers(AT_A_TIME)
    for fault in sorted(faults, key=lambda fault: not fault.keeps_waiting):
        workers.submit(partial(room.ask, fault, answers.put))
    workers.end()
    try:
        for _ in faults:
            yield _next(answers)
    finally:
        room.close()


def _next(answers: queue.SimpleQueue[Answer | Exception]) -> Answer:
    while True:
        with contextlib.suppress(queue.Empty):
            answer = answers.get(timeout=0.5)  # in short pieces: on Windows ^C is seen between them
            if isinstance(answer, Exception):
                raise answer
            return answer


class _Room:
    """Where questions are asked: it knows which labs run, so that all can be stopped at once."""

    def __init__(self, factor: float) -> None:
        self._factor = factor
        self._public = public_stores(quick=False)
        self._lock = threading.Lock()
        self._labs: set[Lab] = set()
        self._closed = False

    def ask(self, fault: LabFault, tell: Callable[[Answer | Exception], None]) -> None:
        """Runs the lab with `fault` and tells the answer. A defect is told as well, for it must not go unnoticed."""
        try:
            tell(self._answer(fault))
        except Exception as defect:  # on a worker's thread nobody else would hear of it
            tell(defect)

    def close(self) -> None:
        """Stops every lab; no further one is started."""
        with self._lock:
            self._closed = True
            labs = list(self._labs)
        for lab in labs:
            lab.stop()

    def _answer(self, fault: LabFault) -> Answer:
        began = time.monotonic()
        expected = Answer(fault=fault.name, injected=fault.injects, expected=fault.first)
        lab = Lab((fault.name,) if fault.changes else ())
        with self._lock:
            if self._closed:
                return msgspec.structs.replace(expected, not_run="the exam was ended")
            self._labs.add(lab)
        try:
            with lab:
                report = self._diagnosed(lab, fault)
                mistakes = [*mistakes_in(report, fault)]
                with_bundle = None
                if fault.mended_by_bundle:
                    with_bundle, beside = self._with_bundle(lab, fault, report)
                    mistakes += beside
        except LabError as problem:
            return msgspec.structs.replace(expected, not_run=str(problem))
        finally:
            with self._lock:
                self._labs.discard(lab)
        return msgspec.structs.replace(
            expected,
            causes=tuple(cause.code for cause in report.verdict.causes),
            decision=report.verdict.decision,
            with_bundle=with_bundle,
            mistakes=tuple(mistakes),
            seconds=round(time.monotonic() - began, 2),
        )

    def _diagnosed(self, lab: Lab, fault: LabFault) -> Report:
        site, _ = read_site(lab.site_file)
        timeouts = Timeouts().scaled(self._factor) if fault.keeps_waiting else Timeouts()
        stores = trust_stores(site, quick=False, public=self._public)
        credentials = push_credentials(site, {})
        if site.photo is not None:
            credentials = credentials.joined(photo_credentials(site.photo, quiet=True))
        options = RunOptions(timeouts=timeouts, credentials=credentials)
        return run_report(plan(site, PROBES), site, PROBES, stores, options)

    def _with_bundle(self, lab: Lab, fault: LabFault, report: Report) -> tuple[Decision | None, Iterable[str]]:
        """The verdict once the proven chain is installed, and what it still complains of."""
        chains = [chain for check in report.checks for chain in proven_chains(check)]
        if not chains:
            return None, ["no chain could be proven, so there is no bundle"]
        lab.apply_bundle(pem_bundle(certificates_of(chains[0])))
        again = self._diagnosed(lab, fault)
        return again.verdict.decision, [f"{cause.code} with the bundle" for cause in again.verdict.causes]


def mistakes_in(report: Report, fault: LabFault) -> Iterator[str]:
    """What is wrong with a report about a deployment that has this one fault."""
    causes = [cause.code for cause in report.verdict.causes]
    if fault.first and not causes:
        yield f"{' or '.join(fault.first)} not found"
    elif fault.first and causes[0] not in fault.first:
        yield f"{' or '.join(fault.first)} is not first"
    found = {finding.code for check in report.checks for finding in check.findings}
    found |= {finding.code for finding in report.findings}
    yield from (f"{code} not found" for code in fault.also if code not in found)
    # What follows from the cause is folded under it: whatever else stands beside it has nothing to do with the fault.
    yield from (f"{code} is unrelated" for code in causes if code not in {*fault.first, *fault.also})
    if not fault.first and not causes and report.verdict.decision is not Decision.GO:
        yield "not GO, though nothing is wrong"
