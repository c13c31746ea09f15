"""What only several checks show: whose clock is wrong."""

from __future__ import annotations

import pytest
from tests.unit.engine.fakes import check, endpoint

from stdiag.engine.together import AGREEMENT_S, CLOCK_TOLERANCE_S, judge_together
from stdiag.model import Check, ClockReading, Finding


def read(host: str, ahead_s: float, port: int = 443) -> Check:
    clock = ClockReading(peer_time="2026-11-20T13:00:00+00:00", local_time="2026-11-20T12:00:00+00:00", ahead_s=ahead_s)
    return check(subject=endpoint(host, port), clock=clock)


def told(checks: list[Check]) -> list[tuple[str, list[str]]]:
    found: list[Finding] = judge_together(checks)
    assert {one.code for one in found} <= {"clock-skew"}
    return [(str(one.subject), one.evidence) for one in found]


def test_clocks_that_agree_are_no_finding() -> None:
    assert told([read("a.example", 1), read("b.example", -CLOCK_TOLERANCE_S + 1), check()]) == []


@pytest.mark.parametrize("ahead", [3600.0, -3600.0, float(CLOCK_TOLERANCE_S)])
def test_one_that_differs_may_be_either(ahead: float) -> None:
    (found,) = judge_together([check(), read("a.example", ahead)])
    assert (str(found.subject), found.evidence) == ("clock of a.example", ["/checks/1/analysis/clock"])
    assert found.params["seconds"] == abs(ahead)


def test_several_hosts_that_agree_speak_against_this_machine() -> None:
    found = told([read("a.example", 3600), read("b.example", 3600 + AGREEMENT_S)])
    assert found == [("clock of this machine", ["/checks/0/analysis/clock", "/checks/1/analysis/clock"])]


def test_two_ports_of_one_host_are_one_clock() -> None:
    assert [subject for subject, _ in told([read("a.example", 3600), read("a.example", 3600, 8443)])] == [
        "clock of a.example"
    ] * 2


def test_one_of_several_that_differs_is_itself_wrong() -> None:
    assert told([read("a.example", 0), read("b.example", 3600)]) == [
        ("clock of b.example", ["/checks/1/analysis/clock"])
    ]


def test_several_that_differ_among_themselves_are_each_wrong() -> None:
    found = told([read("a.example", 3600), read("b.example", -3600)])
    assert [subject for subject, _ in found] == ["clock of a.example", "clock of b.example"]


def test_a_third_that_is_right_clears_this_machine() -> None:
    found = told([read("a.example", 3600), read("b.example", 3600), read("c.example", 0)])
    assert [subject for subject, _ in found] == ["clock of a.example", "clock of b.example"]
