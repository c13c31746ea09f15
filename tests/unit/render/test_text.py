from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.unit.render.golden import assert_golden
from tests.unit.render.reports import (
    HOSTILE,
    blocks,
    cause,
    classic,
    endpoint,
    finding,
    healthy,
    incomplete,
    incomplete_chain,
    report,
    spoilt_blocks,
    spoilt_report,
    sweep,
)

from stdiag.model import (
    Blocked,
    Cause,
    Check,
    Decision,
    NotChecked,
    Outcome,
    Report,
    Severity,
    Site,
    Step,
    StepOutcome,
    Subject,
    SubjectKind,
)
from stdiag.render.layout import uncoloured, width_of
from stdiag.render.text import render_text

pytestmark = pytest.mark.usefixtures("catalogue")

COMMANDS = ("openssl ", "systemctl ")
"""What the commands of the test catalogue start with: they are never broken."""


@pytest.mark.parametrize(
    ("name", "made", "width"),
    [("no-go", classic, 80), ("go", healthy, 80), ("incomplete", incomplete, 80), ("sweep", sweep, 100)],
)
def test_screens(name: str, made: Callable[[], Report], width: int) -> None:
    assert_golden(f"{name}.txt", render_text(made(), blocks, width=width))


def test_verbose_screen() -> None:
    assert_golden("no-go-verbose.txt", render_text(classic(), blocks, width=100, verbose=True))


def test_ascii_screen() -> None:
    shown = render_text(classic(), blocks, width=80, unicode=False)
    assert shown.isascii()
    assert_golden("no-go-ascii.txt", shown)


def test_verdict_first_cause_and_remedy_stand_on_the_first_screen() -> None:
    lines = render_text(classic(), blocks, width=80).splitlines()
    assert lines[0].startswith("NO-GO  chat.example.com")
    top = "\n".join(lines[:30])
    for part in ("1. ERROR", "Evidence", "Affects", "Spares", "Remedy", "1. Write the file", "openssl s_client"):
        assert part in top


def test_the_end_says_verdict_exit_code_vantage_duration_and_what_was_not_checked() -> None:
    end = " ".join(render_text(classic(), blocks).split("\n\n")[-1].split())
    assert end == (
        "NO-GO 3 checks: 1 failed, 1 skipped, 1 passed; not checked: 1. Exit code 1: at least one error; "
        "seen from the inside network; 1.3 s."
    )


@pytest.mark.parametrize("made", [classic, healthy, incomplete, sweep])
@pytest.mark.parametrize("verbose", [True, False])
@pytest.mark.parametrize("unicode", [True, False])
def test_lines_fit_and_colour_adds_only_colour(made: Callable[[], Report], verbose: bool, unicode: bool) -> None:
    for width in (60, 80, 100):
        plain = render_text(made(), blocks, width=width, unicode=unicode, verbose=verbose)
        assert "\x1b" not in plain
        for line in plain.splitlines():
            assert width_of(line) <= width or line.strip().startswith(COMMANDS)
        coloured = render_text(made(), blocks, width=width, unicode=unicode, verbose=verbose, colour=True)
        assert "\x1b[" in coloured
        assert [uncoloured(line).rstrip() for line in coloured.splitlines()] == plain.splitlines()


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("code", [None, "tls-chain-incomplete", "of-a-newer-version"])
def test_hostile_reports_are_harmless(text: str, code: str | None) -> None:
    made = spoilt_report(text, code)
    for unicode in (True, False):
        shown = render_text(made, lambda _: spoilt_blocks(text), width=80, unicode=unicode, verbose=True)
        assert len(shown) < 150_000
        for line in shown.removesuffix("\n").split("\n"):
            assert line.isprintable()
            assert unicode or line.isascii()


def test_hostile_codes_are_harmless() -> None:
    shown = render_text(spoilt_report("x", "\x1b[2J\n\u202e"), blocks)
    assert r"\x1b[2J\n\u202e" in shown
    assert "\x1b" not in shown


def test_a_hostile_server_cannot_forge_a_line() -> None:
    shown = render_text(spoilt_report("x\nGO  all is well\r\nGO"), blocks)
    assert not any(line.startswith("GO") for line in shown.splitlines())


def test_an_unknown_code_is_told_by_its_data() -> None:
    found = finding("of-a-newer-version", port=1533)
    check = Check("tls", endpoint(), Outcome.FAIL, findings=[found])
    shown = render_text(report([check], Decision.NO_GO, [cause(found, "/checks/0/findings/0")]), blocks)
    assert "1. ERROR  of-a-newer-version (port=1533)" in shown
    assert "stdiag explain" not in shown


def test_a_cause_that_points_nowhere_is_still_told() -> None:
    subject = endpoint()
    pointers = ["/checks/7/findings/0", "/findings/99999999999999999999", "nonsense", "/checks/0/findings/3"]
    for pointer in pointers:
        lost = Cause("net-timeout", Severity.ERROR, subject, "00", [pointer], [pointer])
        made = report([Check("tls", subject, Outcome.FAIL)], Decision.NO_GO, [lost])
        assert "net-timeout was found" in render_text(made, blocks)


def test_without_a_product_it_says_how_to_get_exact_steps() -> None:
    made = classic()
    made.site = Site()
    shown = " ".join(render_text(made, blocks).split())
    assert "Seen from this machine" in shown
    assert shown.count("For the steps of your Sametime version add --product (8.5, 9, 10") == 1
    assert "stdiag explain tls-chain-incomplete" in shown


def test_equal_causes_are_told_once_with_their_subjects_and_what_differs() -> None:
    other = finding("tls-chain-incomplete", endpoint("b.example.com"), missing="Another CA")
    found = [incomplete_chain(), incomplete_chain(endpoint("a.example.com")), other]
    checks = [Check("tls", item.subject, Outcome.FAIL, findings=[item]) for item in found]
    causes = [cause(item, f"/checks/{number}/findings/0") for number, item in enumerate(found)]
    shown = render_text(report(checks, Decision.NO_GO, causes), blocks, width=100)
    assert shown.count("1. Write the file") == 0  # no product: in general
    assert "   The same at 2 more subjects\n     · a.example.com:443\n" in shown
    assert '     · b.example.com:443: The server does not send the issuer certificate "Another CA".\n' in shown
    assert "2. ERROR" not in shown


def test_the_second_cause_with_the_same_remedy_refers_to_the_first() -> None:
    first, second = incomplete_chain(), finding("tls-chain-invalid")
    check = Check("tls", endpoint(), Outcome.FAIL, findings=[first, second])
    causes = [cause(first, "/checks/0/findings/0"), cause(second, "/checks/0/findings/1")]
    shown = render_text(report([check], Decision.NO_GO, causes), blocks)
    assert "   Remedy    as for 1.\n" in shown


def test_findings_judged_together_are_told() -> None:
    together = finding("net-timeout", Subject(SubjectKind.NAME, host="chat.example.com"), seconds=5)
    made = report([Check("tls", endpoint(), Outcome.PASS)], Decision.NO_GO, [cause(together, "/findings/0")])
    made.findings.append(together)
    assert "1. ERROR  net-timeout was found: seconds 5." in render_text(made, blocks)


def test_warnings_that_count_as_errors_and_other_exit_codes() -> None:
    made = classic()
    for fail_on, words in (
        ("warning", "Exit code 1: an error, or a warning"),
        ("never", "Exit code 0: --fail-on never"),
    ):
        made.verdict.fail_on = fail_on  # type: ignore[assignment] # a Literal, from a tuple of str
        assert words in " ".join(render_text(made, blocks).split())
    made.run.interrupted = True
    shown = " ".join(render_text(made, blocks).split())
    assert "Interrupted: partial." in shown
    assert "Exit code 130" in shown


def test_what_is_open_has_its_reason() -> None:
    subject = endpoint()
    blocked = Blocked("the name was not found", "net-name-not-found")
    checks = [
        Check("tls", subject, Outcome.SKIP, blocked_by=blocked),
        Check("tls", subject, Outcome.UNDECIDED, undecided=["one thing.", "another."]),
        Check("tls", subject, Outcome.CRASHED, findings=[finding("run-probe-crashed")]),
    ]
    shown = render_text(report(checks, Decision.INCOMPLETE), blocks, width=100)
    assert "  ? tls chat.example.com:443: the name was not found [net-name-not-found]" in shown
    assert "  ? tls chat.example.com:443: one thing.; another." in shown
    assert "  ? tls chat.example.com:443: run-probe-crashed" in shown
    assert "run-probe-crashed was found" in shown or "run-probe-crashed (" in shown
    assert "not checked: 3." in " ".join(shown.split())


def test_one_reason_is_one_line() -> None:
    made = sweep(40)
    made.summary.not_checked = [NotChecked(f"tls host{number}", "no IPv6 here") for number in range(30)]
    shown = render_text(made, blocks, width=100)
    assert "  ? tls host0, tls host1, tls host2, tls host3, tls host4 and 25 more: no IPv6 here\n" in shown
    assert "tls host29" in render_text(made, blocks, width=100, verbose=True)


def test_long_tables_are_cut_unless_asked_for_in_full() -> None:
    made = healthy()
    made.summary.not_checked = [NotChecked("what", f"reason {number}") for number in range(30)]
    assert "  and 10 more reasons\n" in render_text(made, blocks)
    assert "  and 10 more reasons\n" not in render_text(made, blocks, verbose=True)


def test_numbers_of_a_foreign_report_break_no_arithmetic() -> None:
    made = healthy()
    made.run.duration_us = 10**4000
    made.checks[0].steps = [
        Step("tls", "x", -(10**400), 10**400, StepOutcome.OK),
        Step("tls", "y", 10**400, -5, StepOutcome.FAILED),
    ]
    render_text(made, blocks, verbose=True)


def test_nothing_checked_is_said() -> None:
    shown = render_text(report([], Decision.INCOMPLETE), blocks)
    assert shown.startswith("INCOMPLETE  nothing to check - cannot tell: not everything was checked\n")
    assert "0 checks" in shown
