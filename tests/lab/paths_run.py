"""`stdiag paths` on loopback, in one call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from click.testing import CliRunner

from stdiag.cli.main import cli

FAST = ("--timeout", "0.1")
"""Connect 0.5 s, a step 1 s, a proxy's verdict 3 s, the whole check 4.5 s."""


class Seen(NamedTuple):
    """One report."""

    report: dict[str, Any]
    exit_code: int

    @property
    def check(self) -> dict[str, Any]:
        (check,) = self.report["checks"]
        return dict(check)

    @property
    def paths(self) -> dict[tuple[str, int], dict[str, Any]]:
        """Analysis by (path, port)."""
        return {(one["path"], one["port"]): one for one in self.check["analysis"]["paths"]}

    @property
    def codes(self) -> dict[str, str]:
        """Code → severity, of the check's findings."""
        return {one["code"]: one["severity"] for one in self.check["findings"]}

    def reasons(self, path: str) -> list[str]:
        """The reasons of the only path of that name."""
        (found,) = [one for (name, _), one in self.paths.items() if name == path]
        return list(found["reasons"])


def run_paths(*arguments: str | int, env: Mapping[str, str] | None = None) -> Seen:
    """The report of `stdiag paths ARGUMENTS`."""
    words = [str(argument) for argument in arguments]
    result = CliRunner().invoke(cli, ["paths", *words, *FAST, "-f", "json", "-q"], env=dict(env or {}))
    assert result.exit_code in (0, 1, 3), result.output
    return Seen(json.loads(result.stdout), result.exit_code)
