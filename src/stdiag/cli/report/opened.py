"""Opens the file of a stored report: JSON, or a bundle."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from stdiag.render.json import Stored

LARGEST = 256 * 1024 * 1024
"""Bytes of a file that is read."""


def open_report(file: str, *, quiet: bool = False) -> Stored:
    """The report in `file`, with its bytes. What is odd about it is said on stderr. Raises click.UsageError."""
    from stdiag.render.json import ReportError, read_report
    from stdiag.render.safe import plain

    document, altered = report_document(file)
    try:
        stored = read_report(document)
    except ReportError as mistake:
        raise click.UsageError(f"{_called(file)}: {mistake}") from mistake
    if altered and not quiet:
        names = ", ".join(plain(name, 60) for name in altered[:5])
        click.echo(f"{_called(file)} was changed since it was packed: {names}.", err=True)
    if stored.newer and not quiet:
        click.echo(
            f"{_called(file)} has schema {stored.newer}, of a newer stdiag: what this one does not know is not shown.",
            err=True,
        )
    return stored


def report_document(file: str) -> tuple[bytes, list[str]]:
    """The bytes of the report in `file`, and the files of its bundle that were altered. Raises click.UsageError."""
    from stdiag.render.bundle import BundleError, is_archive, open_bundle

    data = _read(file)
    if not is_archive(data):
        return data, []
    try:
        opened = open_bundle(data)
    except BundleError as mistake:
        raise click.UsageError(f"{_called(file)}: {mistake}") from mistake
    return opened.report, opened.altered


def _read(file: str) -> bytes:
    if file == "-":
        data = sys.stdin.buffer.read(LARGEST + 1)
    else:
        try:
            with Path(file).open("rb") as opened:
                data = opened.read(LARGEST + 1)
        except (OSError, ValueError) as error:
            words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise click.UsageError(
                f"{file} cannot be read ({words}): name a report (-o report.json) or a bundle."
            ) from error
    if len(data) > LARGEST:
        raise click.UsageError(f"{_called(file)} is larger than a report can be ({LARGEST} bytes).")
    return data


def _called(file: str) -> str:
    return "The report on stdin" if file == "-" else file
