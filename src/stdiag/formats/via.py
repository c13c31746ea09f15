"""The ways to a community server as people write them: a proxy's URL, `reverse:` and a URL, or `system`."""

from __future__ import annotations

import enum
import re

import msgspec

from stdiag.formats.errors import FormatError, shown
from stdiag.formats.proxy import masked_proxy, parse_password_ref, parse_proxy
from stdiag.model import CommunityPath, Proxy, ProxyKind, bracketed

SYSTEM = "system"
REVERSE = "reverse:"

_REVERSE = re.compile(r"(https?)://([^/\\?#]*)(/[^?#]*)?(.*)", re.DOTALL | re.IGNORECASE)
_WEB_PORTS = {"http": 80, "https": 443}


class ViaKind(enum.StrEnum):
    """What stands between the client and the server."""

    DIRECT = "direct"
    PROXY = "proxy"
    REVERSE = "reverse"
    SYSTEM = "system"


class Via(msgspec.Struct, frozen=True, omit_defaults=True):
    """One way, without any secret."""

    kind: ViaKind
    proxy: Proxy | None = None
    """The proxy; of a reverse proxy its host and port, as the place that credentials belong to."""
    url: str | None = None
    """URL of a reverse proxy with its affinity id, without a slash at its end."""

    def __str__(self) -> str:
        """As it is written in a site file, without credentials."""
        match self.kind:
            case ViaKind.DIRECT:
                return "direct"
            case ViaKind.SYSTEM:
                return SYSTEM
            case ViaKind.REVERSE:
                return f"{REVERSE}{self.url}"
            case ViaKind.PROXY:
                return str(self.proxy)


def parse_via(text: str) -> tuple[Via, bool]:
    """The way that `text` names, and whether a password stood in it. Raises FormatError, whose text never holds what
    stands before an @."""
    typed = text.strip()
    if typed.lower() == SYSTEM:
        return Via(ViaKind.SYSTEM), False
    if typed.lower().startswith(REVERSE):
        return _reverse(typed[len(REVERSE) :].strip())
    if typed.lower() == "direct":
        return Via(ViaKind.DIRECT), False
    proxy, had_password = parse_proxy(typed)
    return Via(ViaKind.PROXY, proxy), had_password


def via_of(path: CommunityPath) -> Via:
    """The way of a site's path, with its user and where its password comes from. Raises FormatError."""
    if path.via is None:
        if path.user or path.password:
            raise FormatError("a direct path takes no user and no password", suggestion="leave them out, or add via")
        return Via(ViaKind.DIRECT)
    via, _ = parse_via(path.via)
    if via.proxy is None:
        if path.user or path.password:
            raise FormatError(f"{via} takes no user and no password", suggestion="leave them out")
        return via
    if path.password and not (path.user or via.proxy.user):
        raise FormatError("there is a password and no user", suggestion='add user = "NAME"')
    if path.password and via.proxy.kind in (ProxyKind.SOCKS4, ProxyKind.SOCKS4A):
        raise FormatError("SOCKS4 knows no password", suggestion="leave it out, or use socks5:// if the proxy can")
    user = path.user or via.proxy.user
    reference = path.password or via.proxy.password_ref
    if reference and reference != "url":
        reference = parse_password_ref(reference)
    proxy = msgspec.structs.replace(via.proxy, user=user, password_ref=reference)
    return msgspec.structs.replace(via, proxy=proxy)


def without_password(text: str) -> str:
    """`text` as it may be kept: the user name stays, a password is taken out."""
    return re.sub(r"(://[^:@/?#]*):.*@", r"\1@", text.strip(), flags=re.DOTALL)


def _reverse(typed: str) -> tuple[Via, bool]:
    masked = masked_proxy(typed)
    found = _REVERSE.fullmatch(typed)
    if found is None:
        raise FormatError(
            f"{shown(masked)} is not the URL of a reverse proxy",
            expected="reverse:https://HOST[:PORT]/AFFINITY-ID",
        )
    scheme = found[1].lower()
    path = (found[3] or "").rstrip("/")
    if found[4]:
        raise FormatError(f"{shown(masked)} has a query or a fragment", suggestion="leave it out")
    if not path:
        raise FormatError(
            f"{shown(masked)} names no affinity id",
            suggestion=f"write {scheme}://HOST/AFFINITY-ID: clients need it, and so do the proxy's rules",
        )
    if not path.isascii() or not path.isprintable() or " " in path:
        raise FormatError(f"{shown(masked)} has characters in its path that a URL cannot hold")
    # The user and password rules are those of every other proxy.
    proxy, had_password = parse_proxy(f"{scheme}://{found[2]}")
    place = bracketed(proxy.host) + ("" if proxy.port == _WEB_PORTS[scheme] else f":{proxy.port}")
    return Via(ViaKind.REVERSE, proxy, f"{scheme}://{place}{path}"), had_password
