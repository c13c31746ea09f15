"""Addresses of web pages, as people type them: http:// and https:// URLs."""

from __future__ import annotations

import re

import msgspec

from stdiag.formats.errors import FormatError, shown
from stdiag.formats.target import parse_target
from stdiag.model import bracketed

DEFAULT_PORTS = {"http": 80, "https": 443}

_WEB = re.compile(r"(https?)://([^/\\?#]*)(.*)", re.DOTALL | re.IGNORECASE)
_OWN_PORT = re.compile(r":[0-9]+$")


class WebUrl(msgspec.Struct, frozen=True, kw_only=True):
    """One page. Holds neither credentials nor a query, whatever was typed."""

    tls: bool
    host: str
    """An address in canonical text without brackets, or a lower-case name in A-labels."""
    port: int
    path: str = "/"

    @property
    def scheme(self) -> str:
        """http or https."""
        return "https" if self.tls else "http"

    @property
    def base(self) -> str:
        """The URL up to its path, without the port where that is the scheme's own."""
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{bracketed(self.host)}{port}"

    def __str__(self) -> str:
        return f"{self.base}{self.path}"


def parse_web_url(text: str) -> WebUrl:
    """The page that `text` names. Raises FormatError, whose words hold no credentials."""
    typed = text.strip()
    found = _WEB.fullmatch(typed)
    if found is None:
        masked = re.sub(r"^([A-Za-z][A-Za-z0-9+.-]*:/{0,2})?.*@", r"\1***@", typed, flags=re.DOTALL)
        raise FormatError(
            f"{shown(masked)} is not the address of a web page", suggestion="write http:// or https:// before the host"
        )
    scheme = found[1].lower()
    target = parse_target(f"https://{found[2]}{found[3]}")
    own_port = _OWN_PORT.search(found[2]) is not None
    if re.search(r"[\x00-\x20\x7f]", target.path):
        raise FormatError("the path has a blank or a control character in it", suggestion="write %20 for a blank")
    path = target.path if target.path.startswith("/") else "/"
    port = target.port if own_port else DEFAULT_PORTS[scheme]
    return WebUrl(tls=scheme == "https", host=target.host, port=port, path=path)
