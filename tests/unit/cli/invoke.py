"""The command line in this process, as a shell would see it."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from stdiag.cli.main import cli

SAMPLES = Path(__file__).parents[3] / "sample_certs"
ROOT_FILE = SAMPLES / "root.pem"


def stdiag(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    """Runs `stdiag` with these arguments."""
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=stdin)


def judged_file(name: str, *more: str | Path) -> Result:
    """Judges one of the example chains against the examples' root."""
    file = ("--file", SAMPLES / name, "--name", "chat.example.com", "--ca-file", ROOT_FILE, "--offline")
    return stdiag("tls", *file, *more)
