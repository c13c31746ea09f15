"""Hosts and ports that a log line names."""

from __future__ import annotations

import re

import msgspec

_PORTS = {"https": 443, "http": 80, "wss": 443, "ws": 80, "hclsametime": 443, "sametime": None}
_HOST = r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])"
_URL = re.compile(
    rf"(?P<scheme>https?|wss?|hclsametime|sametime)://(?:[^\s/?#@]{{0,200}}@)?{_HOST}\.?(?::(?P<port>\d{{1,5}}))?(?P<after>[^\s]{{0,300}})",
    re.ASCII,
)
_FAILED = re.compile(
    r"[Ff]ailed to connect to (?P<host>[A-Za-z0-9][A-Za-z0-9.-]{0,252})?(?:/?\[?(?P<address>[0-9A-Fa-f:.]{2,45})\]?)?"
    r"(?: \(port (?P<port>\d{1,5})\)|:(?P<port2>\d{1,5})\b)",
    re.ASCII,
)
_CONNECTING = re.compile(
    r"Connecting to (?P<host>[A-Za-z0-9][A-Za-z0-9.-]{0,252})(?:/[0-9A-Fa-f:.]{2,45})?:(?P<port>\d{1,5})\b", re.ASCII
)
# sametime.log: one Community Server about another.
_SERVER = re.compile(
    r"(?:Logged in|Failed to connect) to server (?P<host>[A-Za-z0-9][A-Za-z0-9.-]{0,252})(?::(?P<port>\d{1,5})\b)?",
    re.ASCII,
)


class Endpoint(msgspec.Struct, frozen=True):
    """A server as a line names it."""

    host: str
    port: int | None
    scheme: str | None = None


def endpoints_in(text: str) -> list[Endpoint]:
    """Each server that `text` names where somebody connects, once."""
    found: dict[Endpoint, None] = {}
    for match in _URL.finditer(text) if "://" in text else ():
        # An @ further on: what looks like the host may be a user name, and the port the beginning of a password.
        if "@" in match["after"] or match["after"][:1] in (":", "%"):
            continue
        scheme = match["scheme"]
        if one := endpoint(match["host"], match["port"], scheme, _PORTS[scheme]):
            found[one] = None
    for needle, regex in (("ailed to connect to ", _FAILED), ("Connecting to ", _CONNECTING), (" to server ", _SERVER)):
        for match in regex.finditer(text) if needle in text else ():
            groups = match.groupdict()
            if one := endpoint(groups["host"] or groups.get("address") or "", groups["port"] or groups.get("port2")):
                found[one] = None
    return list(found)


def endpoint(host: str, port: str | None, scheme: str | None = None, default: int | None = None) -> Endpoint | None:
    """The endpoint, in lower case and without brackets; None when host or port can be none."""
    host = host.strip("[].").lower()
    number = int(port) if port else default
    if not host or len(host) > 253 or ".." in host or (number is not None and not 1 <= number <= 65535):
        return None
    return Endpoint(host, number, scheme)
