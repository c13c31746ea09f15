"""What the config probe records: the files' settings, without what is secret in them."""

from __future__ import annotations

import msgspec

from stdiag.formats.config.document import ConfigDocument


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """A path of the site that could not be used."""

    file: str
    problem: str
    """One sentence, as the user gets it."""


class ConfigObservation(msgspec.Struct, kw_only=True):
    """The files as read."""

    documents: list[ConfigDocument] = []
    unread: list[Unread] = []
    left_out: list[str] = []
    """Of folders: files that could not be used, and where a bound ended the search."""
