"""What a check or a finding is about, and how it is reached."""

from __future__ import annotations

import enum
from typing import Literal

import msgspec


class SubjectKind(enum.StrEnum):
    """What a finding is about."""

    NAME = "name"
    ENDPOINT = "endpoint"  # a name and a port
    ADDRESS = "address"  # one address behind an endpoint
    URL = "url"
    FILE = "file"
    CLOCK = "clock"


class Subject(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a check or a finding is about, structured, with one canonical text form (`str(subject)`)."""

    kind: SubjectKind
    host: str = ""
    port: int | None = None
    address: str | None = None
    """ADDRESS, or ADDRESS:PORT where a --resolve sends the connection to another port."""
    via: str | None = None
    file: str | None = None
    url: str | None = None
    """For kind url: the URL, with what may be secret in it masked; host and port are those that it names."""

    def __str__(self) -> str:
        """Canonical text: equal subjects have equal texts, different ones different texts."""
        match self.kind:
            case SubjectKind.NAME:
                text = self.host
            case SubjectKind.URL:
                text = self.url or self.host
            case SubjectKind.ENDPOINT:
                text = f"{bracketed(self.host)}:{self.port}"
            case SubjectKind.ADDRESS:
                text = f"{bracketed(self.host)}:{self.port} at {self.address}"
            case SubjectKind.FILE:
                text = f"file {self.file}" + (f" for {self.host}" if self.host else "")
            case SubjectKind.CLOCK:
                text = f"clock of {self.host}"
        return f"{text} via {self.via}" if self.via else text

    def rests_on(self, other: Subject) -> bool:
        """True when `other` is this subject or a prerequisite of it: URL → endpoint → address → name."""
        if self == other:
            return True
        if self.host != other.host or self.kind is SubjectKind.NAME:
            return False
        if other.kind is SubjectKind.NAME:
            return self.kind is not SubjectKind.FILE
        if self.port != other.port or self.via != other.via:
            return False
        if self.kind is SubjectKind.URL:
            return other.kind in (SubjectKind.ENDPOINT, SubjectKind.ADDRESS)
        return {self.kind, other.kind} == {SubjectKind.ENDPOINT, SubjectKind.ADDRESS}


def bracketed(host: str) -> str:
    """`host` as it stands before a port: an IPv6 address gets its brackets (RFC 3986 §3.2.2)."""
    return f"[{host}]" if ":" in host else host


class Path(msgspec.Struct, frozen=True):
    """How a check reaches its subject."""

    kind: Literal["direct", "proxy"] = "direct"
    proxy: str | None = None
    resolves: Literal["here", "proxy"] = "here"
    method: Literal["raw", "connect", "cbr"] = "raw"


class ProxyKind(enum.StrEnum):
    """How a proxy is talked to: the schemes of curl and of most tools."""

    HTTP = "http"  # CONNECT
    HTTPS = "https"  # the same, inside TLS to the proxy
    SOCKS4 = "socks4"
    SOCKS4A = "socks4a"
    SOCKS5 = "socks5"
    SOCKS5H = "socks5h"


class Proxy(msgspec.Struct, frozen=True, omit_defaults=True):
    """A proxy on the way. Holds no secret; `str(proxy)` has no credentials at all."""

    kind: ProxyKind
    host: str
    """An address in canonical text without brackets, or a lower-case name in A-labels."""
    port: int
    user: str | None = None
    password_ref: str | None = None
    """Where the password comes from: `env:NAME`, `file:PATH`, `prompt`, or `url` when it stood in the URL."""

    @property
    def resolves(self) -> Literal["here", "proxy"]:
        """Who looks the target's name up."""
        return "here" if self.kind in (ProxyKind.SOCKS4, ProxyKind.SOCKS5) else "proxy"

    def __str__(self) -> str:
        return f"{self.kind}://{bracketed(self.host)}:{self.port}"
