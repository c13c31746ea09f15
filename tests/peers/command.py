"""The product as a user runs it: a child process, its JSON report, its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LIMIT = 60.0


@dataclass(frozen=True)
class Run:
    """One finished run with `-f json`."""

    exit_code: int
    report: dict[str, Any]
    stderr: str

    @property
    def decision(self) -> str:
        """go, no-go or incomplete."""
        return str(self.report["verdict"]["decision"])

    @property
    def causes(self) -> list[str]:
        """Codes of the root causes, first cause first."""
        return [cause["code"] for cause in self.report["verdict"]["causes"]]

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Every finding: of the checks, and those judged together."""
        in_checks = [finding for check in self.report["checks"] for finding in check["findings"]]
        return [*in_checks, *self.report["findings"]]

    @property
    def codes(self) -> set[str]:
        """Codes of every finding."""
        return {finding["code"] for finding in self.findings}

    @property
    def errors(self) -> set[str]:
        """Codes of the findings that are errors."""
        return {finding["code"] for finding in self.findings if finding["severity"] == "error"}

    def finding(self, code: str) -> dict[str, Any]:
        """The one finding with this code."""
        found = [finding for finding in self.findings if finding["code"] == code]
        assert len(found) == 1, f"{code}: {found or 'not found'}; found: {sorted(self.codes)}"
        return found[0]

    def severity(self, code: str) -> str:
        """Severity of the one finding with this code."""
        return str(self.finding(code)["severity"])

    @property
    def check(self) -> dict[str, Any]:
        """The one TLS check."""
        checks = [check for check in self.report["checks"] if check["probe"] == "tls"]
        assert len(checks) == 1
        return dict(checks[0])

    @property
    def addresses(self) -> list[dict[str, Any]]:
        """`observation.addresses` of the one TLS check."""
        return list(self.check["observation"]["addresses"])

    def handshake(self, *, sni: bool = True, address: str | None = None) -> dict[str, Any]:
        """The first handshake with (or without) a server name, at `address` or at the first one.

        The verdict rests on it; a later one may have been made with a narrower offer.
        """
        for seen in self.addresses:
            if address in (None, seen["address"]):
                for handshake in seen["handshakes"]:
                    if (handshake["server_name"] is not None) == sni and handshake["completed"]:
                        return dict(handshake)
        raise AssertionError(f"no completed handshake {'with' if sni else 'without'} SNI: {self.addresses}")

    def chain(self, *, sni: bool = True, address: str | None = None) -> dict[str, Any]:
        """The `analysis.chains[]` entry of an address, with or without SNI."""
        for chain in self.check["analysis"]["chains"]:
            if address in (None, chain["address"]) and (chain["server_name"] is not None) == sni:
                return dict(chain)
        raise AssertionError(f"no such chain in {self.check['analysis']['chains']}")

    @property
    def versions_accepted(self) -> set[str]:
        """`analysis.versions_accepted` of the one TLS check."""
        return set(self.check["analysis"]["versions_accepted"])


def stdiag(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `stdiag` with these arguments, without any colour or proxy of this environment's."""
    env = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    return subprocess.run(
        [sys.executable, "-m", "stdiag", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=LIMIT,
        env={**env, "NO_COLOR": "1", "PYTHONWARNINGS": "error"},
        check=False,
    )


def diagnose(*arguments: str | Path) -> Run:
    """`stdiag … -f json`, parsed. Fails on a traceback, on a wrong exit code, and on anything but one document."""
    done = stdiag(*arguments, "-f", "json")
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode in (0, 1, 3), f"exit {done.returncode}: {done.stderr}"
    run = Run(exit_code=done.returncode, report=json.loads(done.stdout), stderr=done.stderr)
    assert {"go": 0, "no-go": 1, "incomplete": 3}[run.decision] == run.exit_code
    return run


NAME = "chat.example.test"


def diagnose_tls(
    port: int,
    root: Path | None,
    *options: str | Path,
    name: str | None = NAME,
    addresses: tuple[str, ...] = ("127.0.0.1",),
) -> Run:
    """`stdiag tls` on a server at `port` of each of `addresses`, under `name` (None: under its address)."""
    if name:
        there = ",".join(f"[{address}]:{port}" if ":" in address else f"{address}:{port}" for address in addresses)
        target: list[str | Path] = [f"{name}:{port}", "--resolve", f"{name}:{port}={there}"]
    else:
        target = [f"{addresses[0]}:{port}"]
    trust: list[str | Path] = ["--ca-file", root] if root else []
    return diagnose("tls", *target, *trust, *options)
