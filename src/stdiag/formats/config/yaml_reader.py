"""Reads docker-compose.yml and helm's values.yaml."""

from __future__ import annotations

from stdiag.formats.config.document import ConfigDocument


def read_compose(data: bytes, file: str) -> ConfigDocument:
    """The values of a docker-compose.yml. Raises FormatError."""
    raise NotImplementedError


def read_helm(data: bytes, file: str) -> ConfigDocument:
    """The values of helm's values.yaml. Raises FormatError."""
    raise NotImplementedError
