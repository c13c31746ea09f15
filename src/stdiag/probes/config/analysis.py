"""What the config probe makes of its observation."""

from __future__ import annotations

import msgspec

from stdiag.formats.config.address import FoundAddress
from stdiag.formats.config.document import ConfigKind
from stdiag.model import Analysis, Product


class FileAnalysis(msgspec.Struct, frozen=True, kw_only=True):
    """One file."""

    file: str
    """As in its document."""
    kind: ConfigKind
    """Which configuration file it is."""
    settings: int
    """How many stand in it."""


class ConfigAnalysis(Analysis, kw_only=True):
    """What is known from the files."""

    files: list[FileAnalysis] = []
    """Each document in short."""
    generation: Product | None = None
    """As far as the kinds of the files tell it."""
    addresses: list[FoundAddress] = []
    """Every address in them: what it is for, and what `--from-config` makes of it."""
