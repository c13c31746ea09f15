"""`stdiag` in a process of its own against labs, several side by side: what the proving ground's tests wait for."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from stdiag.lab.blueprint import HOST
from stdiag.lab.compose import find_fault
from stdiag.lab.deployment import Lab

AT_A_TIME = 3
SMALL_TIMEOUT = "0.3"
STDIAG = (sys.executable, "-c", "from stdiag.cli.main import main; main()")

Faults = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What one run of stdiag printed as JSON, and how it ended."""

    exit_code: int
    document: dict[str, Any]

    @property
    def decision(self) -> str:
        """The verdict in one word."""
        return str(self.document["verdict"]["decision"])

    @property
    def causes(self) -> list[str]:
        """Codes of the verdict's causes, in order."""
        return [cause["code"] for cause in self.document["verdict"]["causes"]]

    @property
    def found(self) -> set[str]:
        """Codes of all findings."""
        of_checks = [finding for check in self.document["checks"] for finding in check["findings"]]
        return {finding["code"] for finding in (*of_checks, *self.document["findings"])}


def stdiag_all(lab: Lab) -> Report:
    """`stdiag all` on the lab's site file."""
    return _run(lab, "all", str(lab.site_file))


def stdiag_tls_fix_bundle(lab: Lab) -> str:
    """The bundle that `stdiag tls --fix-bundle` writes for the lab's STProxy."""
    file = lab.folder / "bundle.pem"
    addresses = ", ".join(str(end) for end in lab.endpoints if end.role == "STProxy")
    _run(
        lab,
        "tls",
        HOST,
        "--resolve",
        f"{HOST}:443={addresses}",
        "--ca-file",
        str(lab.root_file),
        "--fix-bundle",
        str(file),
    )
    return file.read_text(encoding="ascii")


def _run(lab: Lab, *arguments: str) -> Report:
    waits = any(find_fault(name).keeps_waiting for name in lab.faults)
    limits = ("--timeout", SMALL_TIMEOUT) if waits else ()
    done = subprocess.run(
        [*STDIAG, *arguments, *limits, "--format", "json", "--quiet"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.stdout, done.stderr
    return Report(done.returncode, json.loads(done.stdout))


class Ahead:
    """Labs that were diagnosed before their test asked. A lab runs on until its test gives it back."""

    def __init__(self, pool: ThreadPoolExecutor, wanted: Iterable[Faults]) -> None:
        self._pool = pool
        self._begun: dict[Faults, Future[tuple[Lab, Report]]] = {}
        for faults in sorted(wanted, key=lambda names: not any(find_fault(name).keeps_waiting for name in names)):
            self._begun[faults] = pool.submit(self._diagnose, faults)

    @contextmanager
    def diagnosed(self, faults: Faults) -> Iterator[tuple[Lab, Report]]:
        """The running lab with these faults, and its report."""
        lab, report = (self._begun.pop(faults, None) or self._pool.submit(self._diagnose, faults)).result()
        with lab:
            yield lab, report

    def close(self) -> None:
        """Stops the labs that nobody asked for."""
        for begun in self._begun.values():
            if not begun.cancel() and begun.exception() is None:
                begun.result()[0].stop()

    def _diagnose(self, faults: Faults) -> tuple[Lab, Report]:
        lab = Lab(faults).start()
        try:
            return lab, stdiag_all(lab)
        except BaseException:
            lab.stop()
            raise
