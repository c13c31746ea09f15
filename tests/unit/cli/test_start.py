"""Help starts at once: what is heavy is imported where it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.unit.cli.process import environment

HEAVY = {"cryptography", "OpenSSL", "requests", "urllib3", "rich", "msgspec", "certifi", "dns", "socks"}
HEAVY_OF_THE_STANDARD_LIBRARY = {"asyncio", "concurrent", "http", "ssl", "tomllib", "email", "urllib.request"}


def imported(*arguments: str) -> set[str]:
    """Every module that `stdiag` with these arguments imports."""
    code = "from stdiag.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code, *arguments],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], []], ids=["help", "version", "nothing"])
def test_only_click(arguments: list[str]) -> None:
    modules = imported(*arguments)
    assert "click" in modules
    packages = {module.partition(".")[0] for module in modules}
    assert packages & HEAVY == set()
    assert (packages | modules) & HEAVY_OF_THE_STANDARD_LIBRARY == set()
    own = {module for module in modules if module.startswith("stdiag")}
    assert own == {"stdiag", "stdiag.cli", "stdiag.cli.command_table", "stdiag.cli.main"}


@pytest.mark.parametrize("command", ["tls", "all", "explain", "list", "lab", "schema"])
def test_the_help_of_a_command_needs_no_tls(command: str) -> None:
    packages = {module.partition(".")[0] for module in imported(command, "--help")}
    assert packages & (HEAVY - {"msgspec"}) == set()
