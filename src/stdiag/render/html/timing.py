"""Timed steps as bars on a scale: where the time went."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from stdiag.model import Check, Report, Step
from stdiag.render.html.marks import Sign, outcome_sign, step_sign
from stdiag.render.outline import LONGEST_US

STEPS = 120
"""Steps of one check that are drawn; the JSON report holds all."""

LANES = 60
"""Checks that the run's drawing shows: those that took longest."""

_SEGMENTS = 60
_TICKS = 4


class Tick(NamedTuple):
    """A line of the scale."""

    at: str
    """Percent of the width."""
    text: str


class Bar(NamedTuple):
    """A step on the scale."""

    x: str
    """Percent of the width."""
    width: str
    sign: Sign


class StepRow(NamedTuple):
    """One step, in words and as a bar."""

    step: Step
    bar: Bar
    start: str
    took: str
    why: str


class Waterfall(NamedTuple):
    """The steps of one check on the check's own scale."""

    rows: list[StepRow]
    ticks: list[Tick]
    took: str
    in_all: int
    left_out: int


class Lane(NamedTuple):
    """One check on the run's scale."""

    number: int
    check: Check
    sign: Sign
    extent: Bar
    bars: list[Bar]
    start: str
    took: str


class Lanes(NamedTuple):
    """The checks of a run on the run's scale."""

    rows: list[Lane]
    ticks: list[Tick]
    left_out: int


def waterfall(steps: Sequence[Step]) -> Waterfall | None:
    """The steps of one check, in the order in which they are recorded; None when there are none."""
    if not steps:
        return None
    start, end = _extent(steps)
    scale = _Scale(start, end)
    rows = []
    for step in steps[:STEPS]:
        offset, duration = _bounded(step.offset_us), _bounded(step.duration_us)
        fault = step.fault
        why = f"{fault.reason}: {fault.words}" if fault and fault.words else fault.reason.value if fault else ""
        rows.append(StepRow(step, scale.bar(step), spelled(offset - start), spelled(duration), why))
    return Waterfall(rows, scale.ticks(), spelled(end - start), len(steps), len(steps) - len(rows))


def lanes(report: Report) -> Lanes | None:
    """Every check of the run as a line of bars, in the order in which they began; None when nothing was timed."""
    timed = [(*_extent(check.steps), number, check) for number, check in enumerate(report.checks) if check.steps]
    if not timed:
        return None
    longest = sorted(timed, key=lambda lane: (lane[0] - lane[1], lane[2]))[:LANES]
    scale = _Scale(min(lane[0] for lane in longest), max(lane[1] for lane in longest))
    rows = [
        Lane(
            number,
            check,
            outcome_sign(check.outcome),
            scale.placed(start, end, outcome_sign(check.outcome)),
            [scale.bar(step) for step in check.steps[:_SEGMENTS]],
            spelled(start - scale.start),
            spelled(end - start),
        )
        for start, end, number, check in sorted(longest, key=lambda lane: (lane[0], lane[2]))
    ]
    return Lanes(rows, scale.ticks(), len(timed) - len(rows))


def spelled(microseconds: int) -> str:
    """A duration with about three digits: `0.03 ms`, `12.3 ms`, `1.25 s`, `75 s`."""
    milliseconds = microseconds / 1000
    for unit, value in (("ms", milliseconds), ("s", milliseconds / 1000)):
        if value < 1000 or unit == "s":
            places = 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 2
            return f"{value:.{places}f} {unit}"
    raise AssertionError  # the loop ends at seconds


class _Scale:
    """From microseconds to percent of a drawing's width."""

    def __init__(self, start: int, end: int) -> None:
        self.start, self._span = start, max(end - start, 1)

    def bar(self, step: Step) -> Bar:
        start, end = _ends(step)
        return self.placed(start, end, step_sign(step.outcome))

    def placed(self, start: int, end: int, sign: Sign) -> Bar:
        x = min(max((start - self.start) / self._span, 0.0), 1.0)
        width = min(max((end - start) / self._span, 0.0), 1.0 - x)
        # A step of no length is still seen: half a percent, inside of the drawing.
        width = max(width, 0.005)
        x = min(x, 1.0 - width)
        return Bar(_percent(x), _percent(width), sign)

    def ticks(self) -> list[Tick]:
        return [Tick(_percent(at / self._span), spelled(at)) for at in self._round_numbers()]

    def _round_numbers(self) -> Iterator[int]:
        """Zero, and the multiples of 1, 2 or 5 times a power of ten that make at most four parts."""
        rough = self._span / _TICKS
        power = 10 ** math.floor(math.log10(max(rough, 1)))
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
        # The last one leaves room for its own words.
        yield from (at for at in range(0, self._span, step) if at <= self._span * 0.9)


def _ends(step: Step) -> tuple[int, int]:
    start = _bounded(step.offset_us)
    return start, start + _bounded(step.duration_us)


def _extent(steps: Sequence[Step]) -> tuple[int, int]:
    ends = [_ends(step) for step in steps]
    return min(start for start, _ in ends), max(end for _, end in ends)


def _bounded(microseconds: int) -> int:
    return min(max(microseconds, 0), LONGEST_US)


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"
