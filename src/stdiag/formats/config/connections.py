"""How desktop clients are told to connect: from plugin_customization.ini and managed-community-configs.xml."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from stdiag.formats.config.document import ConfigDocument, ConfigKind
from stdiag.formats.config.settings_of import Found, settings_of

DEFAULT_PORT = 1533
"""HCL, "Community preferences" and "Managed community settings"."""

_COMMUNITY = re.compile(r"com\.(?:ibm|hcl)\.collaboration\.realtime\.community/(altCommunityConfig\..+\.)?(\w+)")
_MANAGED = re.compile(r"(managed-community(?:\[\d+\])?)(?:/connection(?:\[\d+\])?)?/@(\w+)")
_ACTION = re.compile(r"(managed-community-action(?:\[\d+\])?)/@([\w-]+)")
_SOCKS_PORT = 1080


class ClientConnection(msgspec.Struct, frozen=True, kw_only=True):
    """One community, and the way to it."""

    host: str
    """As written."""
    host_place: str
    port: int = DEFAULT_PORT
    port_place: str = ""
    """Empty where the file does not say the port."""
    type: str = "direct"
    via: str = ""
    """What stands between, as a site file says it; empty for nothing."""
    via_place: str = ""

    @property
    def is_tls(self) -> bool:
        """True when the client speaks TLS to the community."""
        return self.type == "tls-direct"


def connections(documents: Sequence[ConfigDocument]) -> list[ClientConnection]:
    """Every community that clients are told, the default one first."""
    preferences = [one for one in documents if one.kind is ConfigKind.PLUGIN_CUSTOMIZATION]
    managed = [one for one in documents if one.kind is ConfigKind.MANAGED_COMMUNITIES]
    found = [_connection(group) for one in preferences for group in _grouped(one, _COMMUNITY)]
    for document in managed:
        deleted = {
            group["managed-community-id"].value
            for group in _grouped(document, _ACTION)
            if "managed-community-id" in group and "type" in group and group["type"].value.lower() == "delete"
        }
        kept = [one for one in _grouped(document, _MANAGED) if "id" not in one or one["id"].value not in deleted]
        found += map(_connection, kept)
    return [one for one in found if one is not None]


def _grouped(document: ConfigDocument, form: re.Pattern[str]) -> list[dict[str, Found]]:
    """The settings that belong to each other, by their last words; those of the default community first."""
    groups: dict[str, dict[str, Found]] = {}
    for setting in settings_of([document]):
        if match := form.fullmatch(setting.full_name):
            groups.setdefault(match[1] or "", {}).setdefault(match[2], setting)
    return [groups[key] for key in sorted(groups, key=lambda key: key != "")]


def _connection(group: dict[str, Found]) -> ClientConnection | None:
    names = ("newHost", "host", "targetCommunityHost", "SametimeServer")
    host = next((group[name] for name in names if name in group and group[name].value.strip()), None)
    if host is None:
        return None
    port = group.get("port")
    kind = group["connectionType"].value.strip() if "connectionType" in group else "direct"
    way, place = _via(kind.lower(), group)
    return ClientConnection(
        host=host.value.strip(),
        host_place=host.place,
        port=_number(port) or DEFAULT_PORT,
        port_place=port.place if port is not None and _number(port) else "",
        type=kind.lower(),
        via=way,
        via_place=place,
    )


def _via(kind: str, group: dict[str, Found]) -> tuple[str, str]:
    """(the way as a site file says it, where it stands)."""
    if kind == "usebrowsersettings":
        return "system", group["connectionType"].place
    proxy = group.get("proxyHost")
    if proxy is None or not proxy.value.strip() or kind in ("direct", "tls-direct", "http-direct"):
        return "", ""
    host, port = proxy.value.strip(), _number(group.get("proxyPort"))
    if kind == "reverse-proxy":
        bare = host if "://" in host else f"http://{host}"
        return f"reverse:{bare}", proxy.place
    host = re.sub(r"^[a-z]+://", "", host, flags=re.IGNORECASE).rstrip("/")
    if kind == "socks4-proxy":
        return f"socks4://{host}:{port or _SOCKS_PORT}", proxy.place
    if kind == "socks5-proxy":
        # "Resolve server name locally" is the client's own word for it.
        resolves = group.get("proxyResolvesLocally")
        scheme = "socks5" if resolves is not None and resolves.value.strip().lower() == "true" else "socks5h"
        return f"{scheme}://{host}:{port or _SOCKS_PORT}", proxy.place
    # "https-proxy" means the CONNECT method: to the proxy itself no TLS is spoken.
    return f"http://{host}" + (f":{port}" if port else ""), proxy.place


def _number(setting: Found | None) -> int | None:
    text = setting.value.strip() if setting is not None else ""
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) and 0 < int(text) < 65536 else None
