"""What a configuration file says: settings with their places, whatever the file's syntax, and without its secrets."""

from __future__ import annotations

import enum

import msgspec

MASK = "***"
"""Stands for a value, or the part of one, that is secret."""


class ConfigKind(enum.StrEnum):
    """Which file it is."""

    STPROXY_XML = "stproxyconfig.xml"
    MANAGED_COMMUNITIES = "managed-community-configs.xml"
    PLUGIN_CUSTOMIZATION = "plugin_customization.ini"
    SAMETIME_INI = "sametime.ini"
    ENVIRONMENT = "environment file"  # .env, custom.env, mux.env …
    COMPOSE = "docker-compose.yml"
    HELM_VALUES = "values.yaml"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where something stands in its file; both count from 1, columns in characters."""

    line: int
    column: int = 1


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One value. Names are the file's own, with / between what stands inside each other:
    `mobile/configUrl`, `Connectivity/VPS_PORT`, `services/proxy/environment/MOBILE_CONFIGURL`, `STCONF_IDPURL`."""

    name: str
    value: str
    """As written, without quotes and escapes of the syntax; *** where it is secret, also for a part of a URL."""
    place: Place
    """Of the name."""
    value_place: Place | None = None
    """Of the value, where it starts elsewhere and that is known."""


class Slip(msgspec.Struct, frozen=True, kw_only=True):
    """Something that only reading shows: it lies in the syntax, or in a value that is not kept because it is secret."""

    kind: str
    """A word of the reader's own, closed for each kind of file: see `slips.py`."""
    place: Place
    name: str = ""
    """The setting that it is about."""
    detail: str = ""
    """What was written, or what is meant; never a secret."""


class ConfigDocument(msgspec.Struct, kw_only=True):
    """One file as read."""

    file: str
    """The path as the user named it, or as it was found in a folder that the user named."""
    kind: ConfigKind
    settings: list[Setting] = []
    """In the order of the file; a name that stands twice is there twice."""
    slips: list[Slip] = []
    sha256: str = ""
    """Of the file's bytes."""

    def all(self, name: str) -> list[Setting]:
        """Every setting of this name."""
        return [setting for setting in self.settings if setting.name == name]

    def first(self, name: str) -> Setting | None:
        """The first setting of this name."""
        return next((setting for setting in self.settings if setting.name == name), None)
