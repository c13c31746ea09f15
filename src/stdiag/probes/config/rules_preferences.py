"""Connection preferences in plugin_customization.ini. Pure. Managed communities have rules of their own."""

from __future__ import annotations

import re

from stdiag.formats.config.document import ConfigDocument, ConfigKind, Setting
from stdiag.formats.errors import FormatError, nearest
from stdiag.formats.host import canonical_host
from stdiag.formats.via import parse_via
from stdiag.model import Finding, Site
from stdiag.probes.config.client_settings import TYPES, ClientSettings, client_settings
from stdiag.probes.config.told_once import at
from stdiag.probes.config.variables import distinct

SERVER_PORT = 1516
"""For servers among each other; no client speaks what is spoken there."""

_THROUGH_PROXY = frozenset({"socks4-proxy", "socks5-proxy", "http-proxy", "https-proxy"})
_PORT_NAMES = ("port", "proxyPort")
_HOST_NAMES = ("host", "targetCommunityHost")


def _preferences(document: ConfigDocument) -> list[ClientSettings]:
    return client_settings(document) if document.kind is ConfigKind.PLUGIN_CUSTOMIZATION else []


def connection_type(document: ConfigDocument, _: Site) -> list[Finding]:
    """Values that the client does not know; it falls back to what nobody has documented."""
    wrong = [one.settings["connectionType"] for one in _preferences(document) if one.type not in TYPES]
    if not wrong:
        return []
    near = distinct(filter(None, (nearest(one.value, list(TYPES), cutoff=0.5) for one in wrong)))
    return [
        at(
            document,
            "config-connection-type",
            [one.place for one in wrong],
            values=distinct(one.value[:40] for one in wrong),
            meant=near,
        )
    ]


def numbers(document: ConfigDocument, _: Site) -> list[Finding]:
    """Ports that are none."""
    wrong = [
        one.settings[name]
        for one in _preferences(document)
        for name in _PORT_NAMES
        if one.value(name) and not (re.fullmatch(r"[0-9]{1,5}", one.value(name)) and 0 < int(one.value(name)) < 65536)
    ]
    # 0 beside no proxy says that there is none.
    wrong = [one for one in wrong if not (one.name.endswith("proxyPort") and one.value.strip() in ("0", "-1"))]
    if not wrong:
        return []
    return [
        at(
            document,
            "config-client-number",
            [one.place for one in wrong],
            names=distinct(_last(one) for one in wrong),
            values=distinct(one.value[:40] for one in wrong),
        )
    ]


def server_port(document: ConfigDocument, _: Site) -> list[Finding]:
    """The port for servers, told to clients."""
    wrong = [one.settings["port"] for one in _preferences(document) if one.port == SERVER_PORT]
    if not wrong:
        return []
    return [at(document, "config-client-server-port", [one.place for one in wrong])]


def hosts(document: ConfigDocument, _: Site) -> list[Finding]:
    """Hosts that are none: a URL, a port behind it, a blank."""
    wrong: list[tuple[Setting, str]] = []
    for one in _preferences(document):
        for name in _HOST_NAMES:
            if value := one.value(name):
                try:
                    canonical_host(value)
                except FormatError as error:
                    problem = "it is a URL" if "://" in value else error.problem
                    wrong.append((one.settings[name], problem))
    if not wrong:
        return []
    return [
        at(
            document,
            "config-client-host",
            [one.place for one, _ in wrong],
            names=distinct(_last(one) for one, _ in wrong),
            problems=distinct(problem for _, problem in wrong),
        )
    ]


def not_encrypted(document: ConfigDocument, _: Site) -> list[Finding]:
    """https-proxy: the way is called HTTPS, and what goes over it is not encrypted."""
    ways = [one.settings["connectionType"] for one in _preferences(document) if one.type == "https-proxy"]
    if not ways:
        return []
    return [at(document, "config-connection-not-encrypted", [one.place for one in ways])]


def proxy(document: ConfigDocument, _: Site) -> list[Finding]:
    """A way through a proxy without the proxy, or through a reverse proxy without its affinity id."""
    findings = []
    lacking: list[tuple[Setting, str]] = []
    reverse: list[tuple[Setting, str]] = []
    for one in _preferences(document):
        kind = one.settings.get("connectionType")
        if kind is None:
            continue
        host = one.value("proxyHost")
        if one.type in _THROUGH_PROXY:
            if not host:
                lacking.append((kind, f"{one.type} without proxyHost"))
            elif not one.value("proxyPort"):
                lacking.append((kind, f"{one.type} without proxyPort"))
        elif one.type == "reverse-proxy" and (problem := _reverse_problem(host)):
            reverse.append((one.settings.get("proxyHost", kind), problem))
    if lacking:
        places = [setting.place for setting, _ in lacking]
        problems = distinct(problem for _, problem in lacking)
        findings.append(at(document, "config-client-proxy", places, problems=problems))
    if reverse:
        places = [setting.place for setting, _ in reverse]
        problems = distinct(problem for _, problem in reverse)
        findings.append(at(document, "config-reverse-proxy", places, problems=problems))
    return findings


def _reverse_problem(value: str) -> str | None:
    """What is wrong with the URL of a reverse proxy."""
    if not value:
        return "proxyHost is missing"
    if not re.match(r"https?://", value, re.IGNORECASE):
        return "proxyHost is no http:// or https:// URL"
    try:
        parse_via(f"reverse:{value}")
    except FormatError as error:
        return (
            "proxyHost names no affinity id" if "affinity" in error.problem else "proxyHost is no URL that can be used"
        )
    return None


def password(document: ConfigDocument, _: Site) -> list[Finding]:
    """A proxy's password in a file that every user gets."""
    told = [one.settings["proxyPassword"] for one in _preferences(document) if one.value("proxyPassword")]
    if not told:
        return []
    return [at(document, "config-client-password", [one.place for one in told])]


def alternates(document: ConfigDocument, _: Site) -> list[Finding]:
    """Alternate communities that are announced and not described, or described and not announced."""
    groups = {one.community.rpartition(".")[2]: one for one in _preferences(document) if one.community}
    listed = next(
        (setting for setting in document.settings if setting.name.lower().endswith("/altcommunityconfig.managedids")),
        None,
    )
    ids = [word.strip() for word in listed.value.split(",") if word.strip()] if listed else []
    undescribed = [one for one in ids if one not in groups]
    unlisted = [name for name in groups if name not in ids and name != "altCommunityConfig"]
    problems = [f"{name} is announced and not described" for name in undescribed]
    problems += [f"{name} is described and not announced" for name in unlisted]
    places = ([listed.place] if listed and undescribed else []) + [
        next(iter(groups[name].settings.values())).place for name in unlisted
    ]
    return [at(document, "config-alternate-community", places, problems=problems[:20])] if problems else []


def _last(setting: Setting) -> str:
    return setting.name.rpartition("/")[2]


RULES = (connection_type, numbers, server_port, hosts, not_encrypted, proxy, password, alternates)
