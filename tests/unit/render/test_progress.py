from __future__ import annotations

import io
import re
import subprocess
import sys
import threading

import pytest

from stdiag.model import Outcome
from stdiag.render.progress import LineProgress, LiveProgress, NoProgress, Progress, progress_on


class Terminal(io.StringIO):
    """Text that somebody looks at."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Clock:
    """Time that passes when the test says so."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def run(progress: Progress) -> None:
    progress.started(2)
    progress.check_started("tls  a.example.com:443")
    progress.check_finished("tls  a.example.com:443", Outcome.FAIL)
    progress.check_started("tls  \x1b[2Jb")
    progress.check_finished("tls  \x1b[2Jb", Outcome.PASS)
    progress.check_finished("never started", Outcome.CRASHED)
    progress.stopped()
    progress.stopped()


def test_a_file_gets_nothing() -> None:
    stream = io.StringIO()
    progress = progress_on(stream, {})
    run(progress)
    assert isinstance(progress, NoProgress)
    assert stream.getvalue() == ""


@pytest.mark.parametrize(("environment", "kind"), [({"CI": "true"}, LineProgress), ({"CI": "false"}, NoProgress)])
def test_ci(environment: dict[str, str], kind: type) -> None:
    assert type(progress_on(io.StringIO(), environment)) is kind
    assert type(progress_on(Terminal(), {**environment, "TERM": "dumb"})) is kind
    assert type(progress_on(Terminal(), {**environment, "TERM": "xterm"})) is LiveProgress


def test_ci_gets_one_line_a_check() -> None:
    stream = io.StringIO()
    clock = Clock()
    progress = progress_on(stream, {"CI": "1"}, clock)
    progress.started(1)
    progress.check_started("tls  \x1b[2Ja")
    clock.now += 3.21
    progress.check_finished("tls  \x1b[2Ja", Outcome.WARN)
    assert stream.getvalue() == "[1/1] tls  \\x1b[2Ja: passed with warnings, 3.2 s\n"


def test_a_reader_who_has_gone_stops_nobody() -> None:
    stream = io.StringIO()
    progress = progress_on(stream, {"CI": "1"})
    progress.started(1)
    stream.close()
    progress.check_finished("a", Outcome.PASS)


def test_slow_checks_are_shown_with_their_seconds_and_everything_is_cleared() -> None:
    stream, clock = Terminal(), Clock()
    progress = progress_on(stream, {"TERM": "xterm"}, clock)
    assert isinstance(progress, LiveProgress)
    progress.started(12)
    for number in range(8):
        progress.check_started(f"tls  host{number}\x1b[2J")
    shown = str(progress._drawn())
    assert shown == "0 of 12 checks done"
    clock.now += 4
    progress.check_finished("tls  host0\x1b[2J", Outcome.FAIL)
    assert str(progress._drawn()).splitlines() == [
        "1 of 12 checks done, 1 failed",
        *(f"  tls  host{number}\\x1b[2J  4 s" for number in range(1, 7)),
        "  and 1 more",
    ]
    progress.stopped()
    # What remains are cursor movements and erasures of its own lines: no foreign sequence, no screen erased.
    assert "\x1b[2J" not in stream.getvalue()
    assert stream.getvalue().endswith("\x1b[2K") or "\x1b[?25h" in stream.getvalue()


def test_no_color_is_respected() -> None:
    stream = Terminal()
    progress = progress_on(stream, {"TERM": "xterm", "NO_COLOR": "1"})
    run(progress)
    assert not re.search(r"\x1b\[[\d;]*m", stream.getvalue())


@pytest.mark.parametrize("environment", [{"TERM": "xterm"}, {"CI": "1"}])
def test_many_threads_may_tell(environment: dict[str, str]) -> None:
    stream = Terminal() if "TERM" in environment else io.StringIO()
    progress = progress_on(stream, environment)
    progress.started(80)

    def work(first: int) -> None:
        for number in range(first, first + 10):
            progress.check_started(str(number))
            progress.check_finished(str(number), Outcome.PASS)

    threads = [threading.Thread(target=work, args=(first,)) for first in range(0, 80, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    progress.stopped()
    if "CI" in environment:
        assert stream.getvalue().splitlines()[-1].startswith("[80/80] ")


def test_rich_is_loaded_for_a_terminal_only() -> None:
    code = (
        "import io, sys; from stdiag.render.progress import progress_on; p = progress_on(io.StringIO(), {'CI': '1'}); "
        "p.started(1); p.stopped(); sys.exit('rich' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
