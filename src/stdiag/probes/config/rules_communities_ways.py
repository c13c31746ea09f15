"""How the communities of a managed-community-configs.xml are to be reached. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from stdiag.formats.config.communities import communities
from stdiag.formats.config.document import ConfigDocument, Setting
from stdiag.formats.errors import nearest
from stdiag.model import Finding, Site
from stdiag.probes.config.rules_xml import wrong_value
from stdiag.probes.config.told_once import Case, told_once

TYPES = [
    "useBrowserSettings",
    "direct",
    "tls-direct",
    "http-direct",
    "socks4-proxy",
    "socks5-proxy",
    "http-proxy",
    "reverse-proxy",
]
"""HCL, "Managed community settings"."""

CLIENT_ONLY = "https-proxy"
"""HCL, "Community preferences" has it, "Managed community settings" has not."""

_DIRECT = "direct"
_REVERSE = "reverse-proxy"
_THROUGH = ("socks4-proxy", "socks5-proxy", "http-proxy", CLIENT_ONLY, _REVERSE)
_REVERSE_URL = re.compile(r"(?i)(https?)://(\[[^\]/]+\]|[^:/?#]*)(?::(\d{1,5}))?(?:/([^?#]*))?([?#].*)?")


def types(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """Types of connection that clients do not know, or that are documented elsewhere only."""
    unknown: list[Case] = []
    elsewhere: list[Case] = []
    for setting, _ in _ways(document):
        if setting.value == CLIENT_ONLY:
            elsewhere.append((setting.place, {"value": setting.value}))
        elif setting.value not in TYPES:
            unknown.append((setting.place, {"value": setting.value, "near": _meant(setting.value)}))
    return [
        *told_once("config-managed-connection-type", document, unknown),
        *told_once("config-connection-undocumented", document, elsewhere),
    ]


def context(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """Another type than direct without the attribute that HCL's table asks for then."""
    cases: list[Case] = [
        (setting.place, {"value": setting.value})
        for setting, attributes in _ways(document)
        if setting.value in TYPES and setting.value != _DIRECT and not _is_true(attributes.get("useGlobalConnContext"))
    ]
    return told_once("config-connection-context", document, cases)


def proxies(document: ConfigDocument, site: Site) -> list[Finding]:  # noqa: ARG001 - a rule's signature
    """Proxies without a host, reverse proxies without an affinity id."""
    missing: list[Case] = []
    incomplete: list[Case] = []
    for setting, attributes in _ways(document):
        if setting.value not in _THROUGH:
            continue
        host = attributes.get("proxyHost")
        if host is None or not host.value:
            missing.append((setting.place, {"value": setting.value}))
        elif setting.value == _REVERSE and (problem := _reverse_problem(host.value)):
            incomplete.append((host.place, {"value": host.value, "problem": problem}))
    return [
        *told_once("config-proxy-host", document, missing),
        *told_once("config-affinity-id", document, incomplete),
    ]


def no_hosts(document: ConfigDocument) -> list[Case]:
    """What stands in place of a proxy's host name."""
    plain = set(_THROUGH) - {_REVERSE}
    hosts = [attributes.get("proxyHost") for setting, attributes in _ways(document) if setting.value in plain]
    return [
        wrong_value(host, "the host name of the proxy, whose port stands in proxyPort")
        for host in hosts
        if host is not None and re.search(r"[/\s]|:\d+$", host.value)
    ]


def _ways(document: ConfigDocument) -> Iterator[tuple[Setting, dict[str, Setting]]]:
    for community in communities(document):
        if "connectionType" in community.attributes:
            yield community.attributes["connectionType"], community.attributes


def _meant(value: str) -> str | None:
    near = nearest(value, [*TYPES, CLIENT_ONLY])
    either = near is not None and near.startswith("socks") and not re.search("[45]", value)
    return "socks4-proxy or socks5-proxy" if either else near


def _is_true(setting: Setting | None) -> bool:
    return setting is not None and setting.value.lower() == "true"


def _reverse_problem(value: str) -> str | None:
    match = _REVERSE_URL.fullmatch(value)
    if match is None:
        return "it is no http:// or https:// URL"
    if not match[2]:
        return "the host is missing"
    if match[5]:
        return "a ? or # stands in it"
    return (
        None
        if (match[4] or "").strip("/")
        else "the affinity id is missing, by which the reverse proxy knows the server"
    )


RULES: tuple[Callable[[ConfigDocument, Site], list[Finding]], ...] = (types, context, proxies)
