"""The domain of the single sign-on cookie in stproxyconfig.xml. Pure.

Source: "Configuring the tokenDomain setting for single sign-on for the Sametime Proxy Server" (Sametime 9.0.1), which
tells of domains with three parts or more; RFC 6265 §5.3 for what a browser does with somebody else's domain.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from stdiag.formats.config.document import ConfigDocument, Place, Setting
from stdiag.formats.config.stproxy_elements import CONTAINERS, TOMCAT
from stdiag.formats.errors import FormatError
from stdiag.formats.host import as_address, canonical_host
from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.model import Finding, Site
from stdiag.probes.config.told_once import at

_LABELS = 3
"""A domain of so many labels was cut to its last two."""
_EXPECTED = "the domain of the servers with a dot before it"


def token_domain(document: ConfigDocument, site: Site) -> list[Finding]:
    """The domain that is written there, or that is missing."""
    if site.product in CONTAINERS:
        return []
    setting = next((one for one in document.settings if one.name.rpartition("/")[2] == "tokenDomain"), None)
    server = _server(document, site)
    if setting is None or not setting.value:
        return _missing(document, site, server)
    if why_no_domain(setting):
        return []  # the rule on values tells it
    place, value = setting.value_place or setting.place, setting.value
    findings = []
    if not value.startswith("."):
        findings.append(at(document, "config-token-domain-dot", [place], domain=value))
    domain = value.removeprefix(".").lower()
    if server and server != domain and not server.endswith(f".{domain}"):
        findings.append(at(document, "config-token-domain-foreign", [place], domain=domain, server=server))
    return findings


def why_no_domain(setting: Setting) -> str | None:
    """What was expected where the value is no domain that a cookie can have."""
    domain = setting.value.removeprefix(".")
    if not domain:
        return _EXPECTED
    try:
        name = canonical_host(domain)
    except FormatError:
        return _EXPECTED
    return None if "." in name and as_address(name) is None else _EXPECTED


def _missing(document: ConfigDocument, site: Site, server: str) -> list[Finding]:
    # That the defect is in 11 too is not documented: nothing is suggested there.
    domain = server.partition(".")[2]
    if site.product in TOMCAT or len(domain.split(".")) < _LABELS:
        return []
    return [
        at(
            document,
            "config-token-domain-missing",
            [Place(line=1)],
            server=server,
            labels=len(domain.split(".")),
            domain=domain,
        )
    ]


def _server(document: ConfigDocument, site: Site) -> str:
    """The host that users open: from the site, else from the file itself. Empty when it is not known, or no name."""
    cache = document.first("photoCache/proxyServerURL")
    urls = [site.stproxy.url if site.stproxy else None, cache.value if cache else None]
    for url in urls:
        if url and (host := _host(url)):
            return host
    if site.stproxy and site.stproxy.provisioning_url:
        try:
            return _name(parse_provisioning(site.stproxy.provisioning_url).host)
        except FormatError:
            return ""
    return ""


def _host(url: str) -> str:
    if not re.match(r"(?i)https?://", url):
        return ""
    try:
        return _name(canonical_host(urlsplit(url).hostname or ""))
    except (FormatError, ValueError):
        return ""


def _name(host: str) -> str:
    return "" if as_address(host) or ":" in host else host


RULES: tuple[Callable[[ConfigDocument, Site], list[Finding]], ...] = (token_domain,)
