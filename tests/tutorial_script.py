"""docs/tutorial.md as a script: its commands in their order, and what they must print."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.shown import first_missing

TUTORIAL = Path(__file__).parents[1] / "docs" / "tutorial.md"
_ADDRESS = "127.0.0.1:46479"
"""What the page writes for the address that the lab shows."""
_LAB_STARTS_WITHIN_S = 30.0
_COMMAND_ENDS_WITHIN_S = 60.0


class Shown(NamedTuple):
    """One command of the page, and the output that stands beneath it."""

    command: str
    output: str


def shown_commands(text: str) -> list[Shown]:
    """Every command in the ```console blocks of a page."""
    found: list[Shown] = []
    for block in re.findall(r"^```console\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append(Shown(command, output))
    return found


class Reader:
    """Follows the page in a folder: one lab at a time in the first terminal, the rest in the second."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lab: subprocess.Popen[str] | None = None
        self._lab_address = ""
        self._last_code = 0

    def follow(self, shown: Shown) -> str | None:
        """Does one command. Returns the first shown line that it did not print; None when it printed all."""
        if shown.command == "echo $?":
            printed = f"{self._last_code}\n"
        elif shown.command.startswith("stdiag lab run"):
            printed = self._start_lab(shown.command)
        else:
            printed = self._run(shown.command)
        return first_missing(shown.output, printed)

    def stop_lab(self) -> int | None:
        """Ends the running lab as ^C does. Returns its exit code; None when none runs."""
        lab, self._lab = self._lab, None
        if lab is None:
            return None
        lab.send_signal(signal.SIGINT)
        try:
            lab.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            lab.kill()
            lab.communicate()
        return lab.returncode

    def _run(self, command: str) -> str:
        arguments = shlex.split(command.replace(_ADDRESS, self._lab_address or _ADDRESS))
        done = subprocess.run(
            _program([argument for argument in arguments if argument != "</dev/null"]),
            cwd=self._folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_COMMAND_ENDS_WITHIN_S,
            check=False,
            encoding="utf-8",
        )
        self._last_code = done.returncode
        return done.stdout

    def _start_lab(self, command: str) -> str:
        self.stop_lab()
        lab = self._lab = subprocess.Popen(
            _program(shlex.split(command)),
            cwd=self._folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        printed = "".join(_until_announced(lab))
        found = re.search(r"^STProxy .*?(127\.0\.0\.1:\d+)", printed, flags=re.MULTILINE)
        self._lab_address = found[1] if found else ""
        return printed


def _until_announced(lab: subprocess.Popen[str]) -> Iterator[str]:
    assert lab.stdout is not None
    overdue = threading.Timer(_LAB_STARTS_WITHIN_S, lab.kill)
    overdue.start()
    try:
        for line in lab.stdout:
            yield line
            if line.startswith("^C ends"):
                return
    finally:
        overdue.cancel()


def _program(arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", "stdiag", *arguments[1:]] if arguments[0] == "stdiag" else arguments


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
