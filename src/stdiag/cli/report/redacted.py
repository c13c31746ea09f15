"""Redacts a report for a command, and writes the map of names where it stays private."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from stdiag.engine.redaction.redact import Redacted
    from stdiag.model import Report


def redacted_report(report: Report, called: str) -> Redacted:
    """`report` with pseudonyms. Raises click.UsageError."""
    from stdiag.engine.redaction.redact import AlreadyRedactedError, redact
    from stdiag.probes.registry import probe_named

    try:
        return redact(report, probe_named)
    except AlreadyRedactedError as mistake:
        raise click.UsageError(f"{called}: {mistake}") from mistake


def map_beside(output: Path) -> Path:
    """Where the map of names is written for a redacted `output`: its name says that it is private."""
    return output.with_name(f"{output.stem}.PRIVATE-map.json")


def write_map(mapping: dict[str, dict[str, str]], path: Path) -> None:
    """Writes the map so that only its owner reads it, where the system knows owners. Raises click.UsageError."""
    import msgspec

    content = msgspec.json.format(msgspec.json.encode(mapping), indent=2) + b"\n"
    try:
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror}; choose another place.") from error
