"""Runs commands, interleaved, and takes the median: what a ratio needs on a machine that others use too."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LIMIT = 300.0


class BenchError(Exception):
    """A command did not end as it should: its time says nothing."""


@dataclass(frozen=True)
class Command:
    """One thing to time."""

    argv: tuple[str, ...]
    stdin: Path | None = None
    exit_codes: tuple[int, ...] = (0,)

    def run(self) -> float:
        """Wall-clock seconds of one run, interpreter start and all. Raises BenchError for any other exit code."""
        env = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
        with (self.stdin or Path(os.devnull)).open("rb") as stdin:
            started = time.perf_counter()
            done = subprocess.run(
                self.argv, stdin=stdin, capture_output=True, timeout=LIMIT, env={**env, "NO_COLOR": "1"}, check=False
            )
            seconds = time.perf_counter() - started
        if done.returncode not in self.exit_codes:
            tail = (done.stderr or done.stdout)[-2000:].decode("utf-8", errors="replace")
            raise BenchError(f"exit {done.returncode}: {' '.join(self.argv)}\n{tail}")
        return seconds


def medians(commands: Sequence[Command], rounds: int) -> list[float]:
    """Median seconds of each command over `rounds`, after one warm-up: all of them once, then again, in turn."""
    for command in commands:
        command.run()
    times: list[list[float]] = [[] for _ in commands]
    for _ in range(rounds):
        for command, seen in zip(commands, times, strict=True):
            seen.append(command.run())
    return [statistics.median(seen) for seen in times]


# A process inherits the peak of the one that started it until it executes its own program, so the starter is small.
_STARTER = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_maxrss, used.ru_utime + used.ru_stime)
"""


def peak_megabytes(command: Command) -> float:
    """Peak resident memory of one run, in MB (10^6 bytes). Raises BenchError for an exit code that is not expected."""
    return _used(command)[0] * 1024 / 1e6


def cpu_seconds(command: Command) -> float:
    """Processor time of one run: what it needs of one core, whoever else is busy. Raises BenchError as above."""
    return _used(command)[1]


def _used(command: Command) -> tuple[int, float]:
    """Peak memory in KiB, and processor seconds."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _STARTER, *command.argv],
        capture_output=True,
        timeout=LIMIT,
        check=True,
        encoding="utf-8",
    )
    code, kibibytes, seconds = done.stdout.split()
    if int(code) not in command.exit_codes:
        raise BenchError(f"exit {code}: {' '.join(command.argv)}\n{done.stderr[-2000:]}")
    return int(kibibytes), float(seconds)
