from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.render.reports import STEPS, classic

from stdiag.model import Step, StepOutcome
from stdiag.render.html.timing import LANES, lanes, spelled, waterfall
from stdiag.render.html.timing import STEPS as MOST

numbers = st.integers(-(2**70), 2**70)


@given(st.lists(st.builds(Step, st.just("tcp"), st.just("connect"), numbers, numbers, st.sampled_from(StepOutcome))))
def test_every_bar_lies_within_the_drawing(steps: list[Step]) -> None:
    drawn = waterfall(steps)
    if not steps:
        assert drawn is None
        return
    assert drawn is not None
    for row in drawn.rows:
        x, width = (float(text.removesuffix("%")) for text in (row.bar.x, row.bar.width))
        assert x >= 0
        assert width > 0
        assert x + width <= 100.01
    assert 1 <= len(drawn.ticks) <= 5
    assert drawn.ticks[0].at == "0.00%"


def test_steps_beyond_the_limit_are_counted() -> None:
    drawn = waterfall(STEPS * 100)
    assert drawn is not None
    assert (len(drawn.rows), drawn.in_all, drawn.left_out) == (MOST, 400, 400 - MOST)


def test_ticks_are_round_numbers() -> None:
    drawn = waterfall(STEPS)
    assert drawn is not None
    assert [tick.text for tick in drawn.ticks] == ["0 ms", "500 ms"]


def test_lanes_begin_in_the_order_of_time_and_skip_what_was_not_timed() -> None:
    made = classic()
    drawn = lanes(made)
    assert drawn is not None
    assert [row.number for row in drawn.rows] == [0]
    made.checks = made.checks[1:]
    assert lanes(made) is None
    assert LANES >= 10


def test_durations_have_about_three_digits() -> None:
    assert [spelled(us) for us in (0, 30, 12_340, 123_400, 999_999, 1_250_000, 75_000_000)] == [
        "0 ms",
        "0.03 ms",
        "12.3 ms",
        "123 ms",
        "1000 ms",
        "1.25 s",
        "75 s",
    ]
