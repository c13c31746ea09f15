"""Reads stproxyconfig.xml and managed-community-configs.xml into settings with their places."""

from __future__ import annotations

from stdiag.formats.config.document import ConfigDocument, ConfigKind

LARGEST = 4 * 1024 * 1024
"""Bytes. A real file has a few KiB."""


def read_xml(data: bytes, file: str, kind: ConfigKind) -> ConfigDocument:
    """The settings of `data`, which came from `file`. Values are without secrets. Raises FormatError."""
    return ConfigDocument(file=file, kind=kind)
