"""An address that stands in a configuration file: what it is for, and why it may be nobody's."""

from __future__ import annotations

import enum
import re
from collections.abc import Container

import msgspec

from stdiag.formats.errors import FormatError
from stdiag.formats.host import as_address, canonical_host
from stdiag.model import bracketed

LONGEST = 2048
"""Characters of a value in which an address is looked for."""

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30})://(?:[^@/?#]*@)?([^/?#]*)([^?#]*)")
_PLACE = re.compile(r"(\[[^\]]*\]|[^:]*)(?::([0-9]{1,5}))?")
_STANDS_FOR_SOMETHING = re.compile(r"\$[{(\w]|\{\{|<[^>]*>|%[sS]|\*\*\*")
_DOCUMENTED = re.compile(r"(.*\.)?example\.(com|net|org)|(push-proxy|webchat)\.company\.com")
"""Hosts of HCL's and IBM's own examples. The domains are reserved for such (RFC 2606 §3)."""
_INSIDE = re.compile(r".*\.(svc|cluster\.local|internal)|.*\.svc\.[\w.-]+")
_CONTAINER = re.compile(
    r"activity|admin|app-registry|auth|backgrounds|catalog|click2call|community|files|jibri|jicofo|jvb|ldap|lobby|"
    r"location|meeting|mongo|mongodb|mux|nginx|prosody|proxy|recordings|web"
)
"""Services of Sametime 12: by these names its containers call each other."""
_THIRD_PARTIES = re.compile(r".*\.(google|googleapis|apple)\.com")


class Role(enum.StrEnum):
    """What an address is for."""

    WEB = "web and mobile clients"
    MEETINGS = "meetings"
    PROVISIONING = "provisioning URL"
    COMMUNITY = "community server"
    COMMUNITY_PROXY = "proxy for desktop clients"
    PUSH_PROXY = "proxy for pushes"
    PUSH = "pushes"
    DIRECTORY = "directory (LDAP)"
    DATABASE = "database (MongoDB)"
    LOGIN = "login (SAML, OIDC)"
    PHOTOS = "photos"
    MEDIA = "media (STUN, TURN)"
    OTHER = "another server"


class FoundAddress(msgspec.Struct, frozen=True, kw_only=True):
    """One address of a configuration file."""

    role: Role
    """What it is for, by the name of its setting."""
    address: str
    """As it stands there, without what may be secret."""
    place: str
    """File and line: `custom.env line 3`."""
    becomes: str = ""
    """The key of the site that holds it; empty where it is left out."""
    left_out: str = ""
    """Why it is not asked."""


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A host that a value names."""

    host: str
    """Canonical; empty where it cannot be."""
    port: int | None = None
    scheme: str = ""
    """In lower case; empty where none is written."""
    path: str = ""
    typed: str = ""
    """The host as written."""

    @property
    def origin(self) -> str:
        """SCHEME://HOST[:PORT]/PATH, HOST:PORT or HOST: without user and query."""
        host = bracketed(self.host or self.typed)
        place = host if self.port is None else f"{host}:{self.port}"
        return f"{self.scheme}://{place}{self.path if self.path != '/' else ''}" if self.scheme else place


def endpoints_in(value: str) -> list[Endpoint]:
    """The hosts that `value` names: one, or those of a list with commas, as a MongoDB URL has it."""
    text = value.strip()
    if not text or len(text) > LONGEST:
        return []
    url = _URL.match(text)
    scheme, places, path = (url[1].lower(), url[2], url[3]) if url else ("", text, "")
    found = []
    for place in re.split(r"\s*,\s*", places)[:16]:
        # A STUN server is written stun:HOST:PORT, or without the scheme.
        bare = re.sub(r"^(stuns?|turns?):", "", place.strip())
        if as_address(bare):
            found.append(Endpoint(host=as_address(bare) or "", typed=bare, scheme=scheme, path=path))
            continue
        match = _PLACE.fullmatch(bare)
        typed = (match[1] if match else bare).strip("[]")
        port = int(match[2]) if match and match[2] else None
        usable = None if port is not None and not 0 < port < 65536 else port
        found.append(Endpoint(host=_canonical(typed), port=usable, typed=typed, scheme=scheme, path=path))
    return [one for one in found if one.typed]


def why_left_out(endpoint: Endpoint, services: Container[str] = ()) -> str:
    """Why nobody is to be asked there; empty when somebody is. `services`: what containers call each other."""
    host = endpoint.host
    if is_placeholder(endpoint.typed):
        return "a placeholder"
    if not host:
        return "no host name"
    if host == "localhost" or host.endswith(".localhost") or host in ("0.0.0.0", "::", "::1") or host[:4] == "127.":  # noqa: S104 - compared with, not listened on
        return "this machine itself, as the server sees it"
    if _DOCUMENTED.fullmatch(host):
        return "an example of the documentation"
    if host in services or _CONTAINER.fullmatch(host) or _INSIDE.fullmatch(host):
        return "a name inside Docker or Kubernetes only"
    if _THIRD_PARTIES.fullmatch(host):
        return "a third party's"
    return ""


def is_placeholder(text: str) -> bool:
    """True for what something else is put in for: ${NAME}, {{ .Values.x }}, <host>, %s."""
    return _STANDS_FOR_SOMETHING.search(text) is not None


def _canonical(typed: str) -> str:
    try:
        return canonical_host(typed)
    except FormatError:
        return ""
