from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.unit.render.golden import assert_golden
from tests.unit.render.reports import (
    HOSTILE,
    cause,
    classic,
    endpoint,
    finding,
    healthy,
    incomplete,
    report,
    spoilt_report,
    sweep,
)

from stdiag.model import Check, Decision, Outcome, Report
from stdiag.render.layout import width_of
from stdiag.render.short import LONGEST, render_short

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.mark.parametrize(("name", "made"), [("short-no-go", classic), ("short-go", healthy), ("short-sweep", sweep)])
def test_golden(name: str, made: Callable[[], Report]) -> None:
    assert_golden(f"{name}.txt", render_short(made()))


def test_many_causes_stay_within_the_lines() -> None:
    found = [finding(f"code-{number}", endpoint(f"host{number}." + "x" * 200), text="y" * 300) for number in range(60)]
    checks = [Check("tls", item.subject, Outcome.FAIL, findings=[item]) for item in found]
    causes = [cause(item, f"/checks/{number}/findings/0") for number, item in enumerate(found)]
    lines = render_short(report(checks, Decision.NO_GO, causes)).splitlines()
    assert len(lines) <= LONGEST
    assert "   and 52 more causes" in lines
    assert lines[-1].startswith("stdiag 1.0.0, 2026-11-20 10:30 UTC")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("unicode", [True, False])
def test_hostile_reports_are_harmless(text: str, unicode: bool) -> None:
    lines = render_short(spoilt_report(text), unicode=unicode).removesuffix("\n").split("\n")
    assert len(lines) <= LONGEST
    for line in lines:
        assert line.isprintable()
        assert width_of(line) <= 100
        assert unicode or line.isascii()


def test_incomplete_says_what_is_open() -> None:
    shown = render_short(incomplete())
    assert shown.startswith("INCOMPLETE  3 endpoints - cannot tell: 2 of 3 checks without an answer\n")
    assert "3 checks: 1 crashed, 1 undecided, 1 passed; not checked: 2." in shown
