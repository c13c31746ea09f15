"""The command line in a process of its own: what really reaches its streams."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

STDIAG = [sys.executable, "-c", "from stdiag.cli.main import main; main()"]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's, without what decides on colour and progress."""
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "CI", "COLUMNS")}
    return {**kept, "PYTHONUTF8": "1", **(more or {})}


def run(
    *arguments: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """`stdiag` with these arguments; nothing on its standard input."""
    return subprocess.run(
        [*STDIAG, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment(env),
        cwd=cwd,
        timeout=60,
        check=False,
    )
