"""Two versions of one configuration file, by their meaning: order, white space and comments do not count."""

from __future__ import annotations

import enum

import msgspec

from stdiag.formats.config.document import ConfigDocument, Place


class Change(enum.StrEnum):
    """What became of a setting."""

    REMOVED = "removed"
    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"  # into another element, where the server need not look for it


class Danger(enum.IntEnum):
    """How much a difference matters; less is worse."""

    STOPS = 0  # something that users have now may stop
    CUSTOM = 1  # somebody's own value is gone or another one
    NEW = 2  # what was not there before
    HARMLESS = 3


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One setting that differs."""

    change: Change
    danger: Danger
    name: str
    """As in the new file, for a removed setting as in the old one."""
    old: str | None = None
    """The value, *** where it is secret; None for an added setting."""
    new: str | None = None
    """None for a removed setting. Two secrets that differ are both ***."""
    old_place: Place | None = None
    new_place: Place | None = None
    note: str = ""
    """What is known about it, one sentence: that updates overwrite it, say."""


def compare(old: ConfigDocument, new: ConfigDocument) -> list[Difference]:
    """What differs, the most dangerous first."""
    return []
