"""Timed steps as bars: where the time of a check went."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.model import Mark, Step, StepOutcome
from stdiag.render.layout import Style, Tone, fitted
from stdiag.render.outline import LONGEST_US

_MARKS = {StepOutcome.OK: Mark.GOOD, StepOutcome.FAILED: Mark.BAD, StepOutcome.ABANDONED: Mark.UNSURE}
_BAR = 16


def waterfall(steps: Sequence[Step], style: Style, indent: int) -> list[str]:
    """One step a line: mark, bar on the check's own time axis, milliseconds, what was done, with whom, why not."""
    times = [(_bounded(step.offset_us), _bounded(step.duration_us)) for step in steps]
    start = min(offset for offset, _ in times)
    span = max(max(offset + duration for offset, duration in times) - start, 1)
    lines = [style.paint(" " * indent + "Steps", Tone.HEAD)]
    for step, (offset, duration) in zip(steps, times, strict=True):
        before = min((offset - start) * _BAR // span, _BAR - 1)
        length = min(max(duration * _BAR // span, 1), _BAR - before)
        bar = fitted(" " * before + ("━" if style.unicode else "=") * length, _BAR)
        lead = f"{' ' * indent}  {style.marked(_MARKS[step.outcome])} {bar} {duration / 1000:>9.1f} ms  "
        lines += style.wrap(_told(step), lead)
    return lines


def _bounded(microseconds: int) -> int:
    return min(max(microseconds, 0), LONGEST_US)


def _told(step: Step) -> str:
    parts = [step.label, step.peer, step.fault.reason if step.fault else "", step.detail]
    return ", ".join(part for part in parts if part)
