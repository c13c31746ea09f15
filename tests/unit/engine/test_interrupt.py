"""^C: the first keeps what is known, the second leaves at once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stdiag.engine.runner import INTERRUPT_GRACE_S

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send to one process")

PROGRAM = """
import sys, time
from tests.unit.engine.fakes import *
from stdiag.cli import main as entry
from stdiag.cli import diagnose
from stdiag.engine.plan import Plan
from stdiag.probes import registry

def observe(planned, tools):
    if planned.subject.port == 1:
        return Seen(subject="quick")
    with tools.steps.step("tls", "a long wait"):
        print("waiting", file=sys.stderr, flush=True)
        if planned.subject.port == 2:
            tools.deadline.cancel.wait(60)
        else:
            time.sleep(60)
    return Seen(subject="cancelled")

probe = fake_probe("tls", observe=observe, judge=finds("net-refused"), subjects=[endpoint(port=p) for p in (1, 2, 3)])
registry.PROBES = (probe,)
diagnose.probe_named = lambda name: probe
original = diagnose.diagnose
diagnose.diagnose = lambda plan, site, sources, request, probes: original(plan, site, sources, request, (probe,))
sys.argv = ["stdiag", "all", "chat.example.com", "-f", "json", "-q"]
entry.main()
"""


def start() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert [process.stderr.readline() for _ in range(2)] == ["waiting\n"] * 2
    time.sleep(0.3)  # the quick check has been taken in
    return process


def test_the_first_keeps_what_is_known() -> None:
    process = start()
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - began < INTERRUPT_GRACE_S + 2
    assert process.returncode == 130, err
    report = json.loads(out)
    assert report["run"]["interrupted"] is True
    quick, obedient, deaf = report["checks"]
    assert (quick["outcome"], [one["code"] for one in quick["findings"]]) == ("fail", ["net-refused"])
    for check in (obedient, deaf):
        assert (check["outcome"], check["findings"]) == ("undecided", [])
        assert "interrupted" in check["undecided"][0]
        assert [step["label"] for step in check["steps"]] == ["a long wait"]
    assert obedient["observation"] == {"subject": "cancelled"}
    assert deaf["observation"] is None
    assert deaf["steps"][0]["outcome"] == "abandoned"
    assert "Traceback" not in err


def test_the_second_leaves_at_once() -> None:
    process = start()
    process.send_signal(signal.SIGINT)
    time.sleep(INTERRUPT_GRACE_S / 4)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - began < INTERRUPT_GRACE_S / 2
    assert (process.returncode, out) == (130, "")
    assert "Interrupted." in err
    assert "Traceback" not in err
