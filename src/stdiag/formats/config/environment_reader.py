"""Reads environment files: .env, custom.env, mux.env, debug.env."""

from __future__ import annotations

from stdiag.formats.config.document import ConfigDocument


def read_environment(data: bytes, file: str) -> ConfigDocument:
    """The variables of an environment file. Raises FormatError."""
    raise NotImplementedError
