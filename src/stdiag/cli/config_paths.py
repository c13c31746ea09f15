"""Configuration files that a user names: read before a run, so that a mistake ends with one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from stdiag.formats.config.read import Reading


def read_or_refuse(paths: Sequence[str], option: str = "") -> Reading:
    """What the paths hold. Raises click.UsageError for the first that cannot be used; `option` names where it stood."""
    from stdiag.formats.config.read import read_paths
    from stdiag.formats.errors import FormatError

    try:
        return read_paths(paths)
    except FormatError as error:
        raise click.UsageError(f"{option}: {error}" if option else str(error)) from error
