from __future__ import annotations

import threading

import pytest

from stdiag.net.deadline import Deadline, Timeouts


def test_an_hour_is_not_over() -> None:
    deadline = Deadline(3600)
    assert not deadline.expired
    assert 3599 < deadline.remaining() <= 3600


def test_time_over_is_never_negative() -> None:
    deadline = Deadline(-5)
    assert deadline.expired
    assert deadline.remaining() == 0.0


def test_within_is_the_earlier_of_both() -> None:
    assert Deadline(3600).within(1).remaining() <= 1
    assert Deadline(1).within(3600).remaining() <= 1


def test_all_deadlines_of_a_check_share_its_cancel_event() -> None:
    cancel = threading.Event()
    outer = Deadline(3600, cancel=cancel)
    inner = outer.within(10).within(5)
    others = Deadline(1)
    assert [deadline.cancelled for deadline in (outer, inner, others)] == [False, False, False]
    cancel.set()
    assert [deadline.cancelled for deadline in (outer, inner, others)] == [True, True, False]


def test_timeouts_scale_together() -> None:
    doubled = Timeouts().scaled(2)
    assert (doubled.connect, doubled.step, doubled.proxy, doubled.check, doubled.silence) == (10, 20, 60, 90, 2)


def test_timeouts_are_values() -> None:
    with pytest.raises(AttributeError):
        Timeouts().connect = 1  # type: ignore[misc]  # what is being tested
