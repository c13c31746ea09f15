"""The photo cache in stproxyconfig.xml. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from stdiag.formats.config.document import ConfigDocument, Setting
from stdiag.formats.config.stproxy_elements import CONTAINERS
from stdiag.formats.errors import FormatError
from stdiag.formats.host import as_address, canonical_host
from stdiag.model import Finding, Site
from stdiag.probes.config.told_once import at

_URL = re.compile(r"(?i)([a-z][a-z0-9+.-]{0,20})://(?:[^/?#]*@)?(\[[^\]/]*\]|[^:/?#]*)(?::(\d{0,9}))?([^\s]*)")


def photo_cache(document: ConfigDocument, site: Site) -> list[Finding]:
    """What a photo cache that is switched on needs. It is known of Sametime 9; 8.5 to 11 have the file."""
    enabled = document.first("photoCache/enabled")
    if site.product in CONTAINERS or enabled is None or enabled.value.lower() != "true":
        return []
    url = document.first("photoCache/proxyServerURL")
    storage = document.first("photoCache/storageLocation")
    findings: list[Finding] = []
    if url is None or not url.value:
        findings.append(at(document, "config-photo-url-missing", [(url or enabled).place]))
    elif problem := _problem(url):
        place = url.value_place or url.place
        findings.append(at(document, "config-photo-url", [place], value=url.value, problem=problem))
    if storage is None or not storage.value:
        findings.append(at(document, "config-photo-storage", [(storage or enabled).place]))
    return findings


def _problem(url: Setting) -> str | None:
    match = _URL.fullmatch(url.value)
    if match is None:
        return "it is no URL"
    scheme, host, port, rest = match[1].lower(), match[2], match[3], match[4]
    if scheme == "http":
        return "it begins with http://, and browsers may refuse such images in a page that came by https"
    if scheme != "https":
        return f"it begins with {scheme}://"
    try:
        name = canonical_host(host.strip("[]"))
    except FormatError as error:
        return error.problem
    if port is not None and not 1 <= int(port or 0) <= 65535:
        return "its port is no port"
    if as_address(name) is None and "." not in name:
        return "its host has no domain, so that only machines of the same domain find it"
    return "a ? or # stands in it" if re.search(r"[?#]", rest) else None


RULES: tuple[Callable[[ConfigDocument, Site], list[Finding]], ...] = (photo_cache,)
