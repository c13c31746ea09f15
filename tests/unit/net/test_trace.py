from __future__ import annotations

import threading
import time

import pytest

from stdiag.model import FaultReason, StepOutcome
from stdiag.net.faults import NetError, failed
from stdiag.net.trace import StepRecorder


def test_a_step_that_works() -> None:
    recorder = StepRecorder(time.monotonic() - 1)
    with recorder.step("tcp", "connect", "192.0.2.1:443") as note:
        note.detail = "a word"
    (step,) = recorder.snapshot()
    assert (step.stage, step.label, step.peer, step.detail) == ("tcp", "connect", "192.0.2.1:443", "a word")
    assert step.outcome is StepOutcome.OK
    assert step.fault is None
    assert 1_000_000 <= step.offset_us < 2_000_000
    assert 0 <= step.duration_us < 1_000_000


def test_a_net_error_is_recorded_and_goes_on() -> None:
    recorder = StepRecorder(time.monotonic())
    with pytest.raises(NetError), recorder.step("tcp", "connect"):
        raise failed(FaultReason.REFUSED, "nobody there")
    (step,) = recorder.snapshot()
    assert step.outcome is StepOutcome.FAILED
    assert step.fault is not None
    assert step.fault.reason is FaultReason.REFUSED


def test_a_noted_fault_fails_the_step() -> None:
    recorder = StepRecorder(time.monotonic())
    with recorder.step("tls", "handshake") as note:
        note.fault = failed(FaultReason.SILENT).fault
    assert recorder.snapshot()[0].outcome is StepOutcome.FAILED


def test_steps_that_run_still_are_abandoned_in_the_snapshot_only() -> None:
    recorder = StepRecorder(time.monotonic())
    with recorder.step("tls", "outer"):
        with recorder.step("tcp", "inner"):
            pass
        outcomes = {step.label: step.outcome for step in recorder.snapshot()}
        assert outcomes == {"outer": StepOutcome.ABANDONED, "inner": StepOutcome.OK}
        assert [step.label for step in recorder.snapshot()] == ["outer", "inner"]  # by their start
    assert {step.outcome for step in recorder.snapshot()} == {StepOutcome.OK}


def test_a_defect_inside_a_step_leaves_it_abandoned() -> None:
    recorder = StepRecorder(time.monotonic())
    with pytest.raises(ZeroDivisionError), recorder.step("tls", "handshake"):
        _ = 1 / 0
    assert recorder.snapshot()[0].outcome is StepOutcome.ABANDONED


def test_many_threads_may_record() -> None:
    recorder = StepRecorder(time.monotonic())

    def work() -> None:
        for _ in range(200):
            with recorder.step("tcp", "connect"):
                recorder.snapshot()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(recorder.snapshot()) == 800
