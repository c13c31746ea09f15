"""`stdiag lab exam`: right where it must be, and able to say that something is wrong."""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from typing import Any

import pytest
from click.testing import CliRunner

from stdiag.cli.examination import HEALTHY, Answer, Grade, examine
from stdiag.cli.lab import command
from stdiag.lab.compose import find_fault
from stdiag.lab.deployment import Lab
from stdiag.lab.error import LabError
from stdiag.lab.faults import FAULTS, LabFault
from stdiag.model import Decision

FACTOR = 0.3


def exam(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command, ["exam", *arguments])
    return done.exit_code, done.stdout, done.stderr


def asked(fault: LabFault, **differently: Any) -> Answer:
    """The answer to a question whose right answer is said to be another one."""
    (answer,) = examine([dataclasses.replace(fault, **differently)], FACTOR)
    return answer


def test_a_part_of_it_is_passed_in_time() -> None:
    """All of it is `make exam`: the proving ground asks for each fault anyway."""
    asked_for = [fault for fault in FAULTS if not fault.keeps_waiting][::6]
    began = time.monotonic()
    code, out, err = exam(*(word for fault in asked_for for word in ("--fault", fault.name)))
    assert time.monotonic() - began < len(asked_for)
    lines = out.splitlines()
    assert "wrong:" not in out
    assert (code, err) == (0, "")
    assert lines[0].split() == ["FAULT", "FIRST", "CAUSE", "FOUND", "VERDICT", "EXPECTED", "TIME"]
    assert [line.split()[0] for line in lines[1:-2] if not line.startswith(" ")] == [fault.name for fault in asked_for]
    mended = sum(fault.mended_by_bundle for fault in asked_for)
    count = len(asked_for)
    assert lines[-1].startswith(f"{count} of {count} as expected, 0 wrong; {mended} of {mended} bundles made it GO; ")
    assert max(map(len, lines)) <= 110


def test_one_row_as_text() -> None:
    code, out, _ = exam("--fault", "missing-intermediate")
    assert code == 0
    row, below = out.splitlines()[1:3]
    assert row.split()[:4] == ["missing-intermediate", "tls-chain-incomplete", "no-go", "yes"]
    assert below == "    the leaf is sent without the CA that issued it; with the repaired bundle: go"


def test_the_same_as_json() -> None:
    code, out, _ = exam("--fault", "reset", "--fault", "wrong-order", "-f", "json")
    assert code == 0
    document = json.loads(out)
    assert document["counts"] == {"right": 2, "wrong": 0, "not-run": 0}
    reset, order = document["answers"]
    assert (order["fault"], order["decision"], order["with_bundle"]) == ("wrong-order", "go", "go")
    assert (reset["fault"], reset["causes"], reset["grade"]) == ("reset", ["net-reset"], "right")


def test_another_first_cause_is_wrong() -> None:
    answer = asked(find_fault("expired-leaf"), first=("tls-self-signed",))
    assert answer.grade is Grade.WRONG
    assert answer.mistakes == ("tls-self-signed is not first", "tls-cert-expired is unrelated")


def test_what_is_not_found_at_all_is_wrong() -> None:
    answer = asked(find_fault("aia-unreachable"), also=("tls-weak-dh",))
    assert answer.mistakes == ("tls-weak-dh not found",)
    assert asked(HEALTHY, first=("tls-weak-dh",)).mistakes == ("tls-weak-dh not found",)


def test_a_bundle_that_does_not_mend_is_wrong() -> None:
    answer = asked(find_fault("expired-leaf"), mended_by_bundle=True)
    assert answer.with_bundle is Decision.NO_GO
    assert answer.mistakes == ("tls-cert-expired with the bundle",)
    assert asked(find_fault("aia-not-named"), mended_by_bundle=True).mistakes == (
        "no chain could be proven, so there is no bundle",
    )


def test_a_wrong_answer_makes_the_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = dataclasses.replace(find_fault("cn-only"), first=("tls-weak-dh",))
    monkeypatch.setattr("stdiag.lab.compose.find_fault", lambda _name: wrong)
    code, out, _ = exam("--fault", "cn-only")
    assert code == 1
    assert "    wrong: tls-weak-dh is not first\n" in out
    assert "0 of 1 as expected, 1 wrong" in out


def test_what_cannot_be_played_here_is_not_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_lab: Lab) -> Lab:
        raise LabError("This machine has no ports.")

    monkeypatch.setattr(Lab, "start", start)
    code, out, _ = exam("--fault", "no-answer")
    assert code == 3
    assert "    not run: This machine has no ports.\n" in out
    assert "0 of 1 as expected, 0 wrong, 1 not run" in out


def test_an_unknown_name_is_a_sentence() -> None:
    code, out, err = exam("--fault", "rest")
    assert (code, out) == (2, "")
    assert err.endswith("Error: There is no fault named 'rest'; did you mean reset?\n")


def test_a_defect_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stdiag.cli.examination.run_report", lambda *_args, **_options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        asked(find_fault("cn-only"))


def test_an_exam_that_is_ended_leaves_no_lab() -> None:
    answers = examine([fault for fault in FAULTS if fault.keeps_waiting], FACTOR)
    next(answers)
    answers.close()  # type: ignore[attr-defined] # a generator, told as an iterator
    until = time.monotonic() + 10
    while any(thread.name.startswith("lab ") for thread in threading.enumerate()):
        assert time.monotonic() < until
        time.sleep(0.05)
