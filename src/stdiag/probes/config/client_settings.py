"""How desktop clients are told to connect, with the place of each setting."""

from __future__ import annotations

import re

import msgspec

from stdiag.formats.config.document import ConfigDocument, ConfigKind, Setting

DEFAULT_PORT = 1533
"""HCL, "Community preferences"."""

TYPES = (
    "direct",
    "tls-direct",
    "http-direct",
    "socks4-proxy",
    "socks5-proxy",
    "http-proxy",
    "https-proxy",
    "reverse-proxy",
    "useBrowserSettings",
)

_PREFERENCE = re.compile(r"com\.(?:ibm|hcl)\.collaboration\.realtime\.community/(?:(altCommunityConfig\..+)\.)?(\w+)")
_MANAGED = re.compile(r"(?:.*/)?(managed-community(?:\[\d+\])?)(?:/connection(?:\[\d+\])?)?/@(\w+)")


class ClientSettings(msgspec.Struct, kw_only=True):
    """What a client is told about one community: settings by the last word of their names."""

    community: str
    """Empty for the default one, else its id in the file."""
    settings: dict[str, Setting] = {}

    def value(self, name: str) -> str:
        """The value, without blanks around it; empty where it is not told."""
        return self.settings[name].value.strip() if name in self.settings else ""

    @property
    def type(self) -> str:
        """The connection type; `direct` is the default."""
        return self.value("connectionType") or "direct"

    @property
    def port(self) -> int | None:
        """The community port; None for one that cannot be."""
        text = self.value("port")
        if not text:
            return DEFAULT_PORT
        return int(text) if re.fullmatch(r"[0-9]{1,5}", text) and 0 < int(text) < 65536 else None


def client_settings(document: ConfigDocument) -> list[ClientSettings]:
    """Every community of a plugin_customization.ini or a managed-community-configs.xml."""
    match document.kind:
        case ConfigKind.PLUGIN_CUSTOMIZATION:
            form = _PREFERENCE
        case ConfigKind.MANAGED_COMMUNITIES:
            form = _MANAGED
        case _:
            return []
    found: dict[str, ClientSettings] = {}
    for setting in document.settings:
        if inside := form.fullmatch(setting.name):
            key = inside[1] or ""
            found.setdefault(key, ClientSettings(community=key)).settings[inside[2]] = setting
    return list(found.values())
