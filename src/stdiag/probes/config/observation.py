"""What the config probe records: the files' settings, without what is secret in them."""

from __future__ import annotations

import msgspec

from stdiag.formats.config.document import ConfigDocument


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """A path of the site that could not be used."""

    file: str
    """As the site names it."""
    problem: str
    """One sentence, as the user gets it."""


class ConfigObservation(msgspec.Struct, kw_only=True):
    """The files as read."""

    documents: list[ConfigDocument] = []
    """In the order of the site's paths; of a folder in the order of names."""
    unread: list[Unread] = []
    """Paths of the site that could not be used."""
    left_out: list[str] = []
    """Of folders: files that could not be used, and where a bound ended the search."""
