"""Reads plugin_customization.ini and sametime.ini."""

from __future__ import annotations

from stdiag.formats.config.document import ConfigDocument


def read_plugin_customization(data: bytes, file: str) -> ConfigDocument:
    """The preferences of a plugin_customization.ini. Raises FormatError."""
    raise NotImplementedError


def read_sametime_ini(data: bytes, file: str) -> ConfigDocument:
    """The keys of a sametime.ini, as SECTION/KEY. Raises FormatError."""
    raise NotImplementedError
