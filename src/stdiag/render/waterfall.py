"""Timed steps as bars: where the time of a check went."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.model import Mark, Step, StepOutcome
from stdiag.render.layout import Style, Tone, fitted

_MARKS = {StepOutcome.OK: Mark.GOOD, StepOutcome.FAILED: Mark.BAD, StepOutcome.ABANDONED: Mark.UNSURE}
_BAR = 16


def waterfall(steps: Sequence[Step], style: Style, indent: int) -> list[str]:
    """One step a line: mark, bar on the check's own time axis, milliseconds, what was done, with whom, why not."""
    start = min(step.offset_us for step in steps)
    span = max(max(step.offset_us + step.duration_us for step in steps) - start, 1)
    lines = [style.paint(" " * indent + "Steps", Tone.HEAD)]
    for step in steps:
        before = min(max((step.offset_us - start) * _BAR // span, 0), _BAR - 1)
        length = min(max(step.duration_us * _BAR // span, 1), _BAR - before)
        bar = fitted(" " * before + ("━" if style.unicode else "=") * length, _BAR)
        lead = f"{' ' * indent}  {style.marked(_MARKS[step.outcome])} {bar} {step.duration_us / 1000:>9.1f} ms  "
        lines += style.wrap(_told(step), lead)
    return lines


def _told(step: Step) -> str:
    parts = [step.label, step.peer, step.fault.reason if step.fault else "", step.detail]
    return ", ".join(part for part in parts if part)
