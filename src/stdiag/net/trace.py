"""Records what was done on the network and how long it took: the bars of the waterfall."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from stdiag.model import Fault, Step, StepOutcome
from stdiag.net.faults import NetError


class StepNote:
    """What the code inside a step may add to its record."""

    __slots__ = ("detail", "fault", "peer")

    def __init__(self, peer: str) -> None:
        self.peer = peer
        self.detail = ""
        self.fault: Fault | None = None
        """Set: the step failed, although nothing was raised."""


class StepRecorder:
    """Collects the steps of one check. Any thread may record; offsets count from the start of the run."""

    def __init__(self, run_started: float) -> None:
        """`run_started` is a reading of time.monotonic()."""
        self._run_started = run_started
        self._lock = threading.Lock()
        self._done: list[Step] = []
        self._running: dict[int, tuple[float, str, str, StepNote]] = {}
        self._last_id = 0

    @contextmanager
    def step(self, stage: str, label: str, peer: str = "") -> Iterator[StepNote]:
        """Times the block. A NetError that passes through is recorded with its fault and goes on its way."""
        note = StepNote(peer)
        started = time.monotonic()
        with self._lock:
            self._last_id += 1
            step_id = self._last_id
            self._running[step_id] = (started, stage, label, note)
        outcome = StepOutcome.ABANDONED  # stands when an exception that is no NetError leaves the block
        try:
            yield note
            outcome = StepOutcome.OK if note.fault is None else StepOutcome.FAILED
        except NetError as error:
            note.fault = error.fault
            outcome = StepOutcome.FAILED
            raise
        finally:
            with self._lock:
                del self._running[step_id]
                self._done.append(self._as_step(started, time.monotonic(), stage, label, note, outcome))

    def snapshot(self) -> list[Step]:
        """All steps so far by their start; those still running are recorded as abandoned now."""
        now = time.monotonic()
        with self._lock:
            steps = list(self._done)
            for started, stage, label, note in self._running.values():
                steps.append(self._as_step(started, now, stage, label, note, StepOutcome.ABANDONED))
        return sorted(steps, key=lambda step: step.offset_us)

    def _as_step(
        self, started: float, ended: float, stage: str, label: str, note: StepNote, outcome: StepOutcome
    ) -> Step:
        return Step(
            stage=stage,
            label=label,
            offset_us=round((started - self._run_started) * 1_000_000),
            duration_us=round((ended - started) * 1_000_000),
            outcome=outcome,
            fault=note.fault,
            peer=note.peer,
            detail=note.detail,
        )
