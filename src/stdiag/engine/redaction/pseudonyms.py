"""Which name stands for which: the same for the same, over the whole report."""

from __future__ import annotations

import enum
import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import PurePosixPath, PureWindowsPath


class Kind(enum.StrEnum):
    """What is replaced."""

    HOST = "hosts"
    ADDRESS = "addresses"
    USER = "users"
    ORGANISATION = "organisations"
    NAME = "certificate names"
    CERTIFICATE = "certificates"
    FILE = "files"
    PATH = "paths in URLs"
    CARD = "network cards"


PUBLIC = ("apple.com", "google.com", "googleapis.com", "android.com", "mozilla.org")
"""Whoever uses Sametime talks to them: their names tell nothing."""

_SUFFIXES = """
    .cer .conf .crt .csv .der .html .jks .json .kdb .key .log .md .p12 .p7b .pem .pfx .pkcs12 .toml .txt .xml .zip
"""
SUFFIXES = frozenset(_SUFFIXES.split())
"""Endings of file names that say what a file is, and stay."""

_PRODUCT_FILES = """
    .env custom.env debug.env mux.env saml.env tlsldap.env compose.yaml compose.yml docker-compose.yaml
    docker-compose.yml managed-community-configs.xml plugin_customization.ini sametime.ini stproxyconfig.xml values.yaml
"""
PRODUCT_FILES = frozenset(_PRODUCT_FILES.split())
"""Names that the product's own files have everywhere: their folders tell something, and rules ask for the names."""

_CLASSES = (
    (ip_network("127.0.0.0/8"), IPv4Address("127.200.0.0")),
    (ip_network("10.0.0.0/8"), IPv4Address("10.200.0.0")),
    (ip_network("172.16.0.0/12"), IPv4Address("10.200.0.0")),
    (ip_network("192.168.0.0/16"), IPv4Address("10.200.0.0")),
    (ip_network("169.254.0.0/16"), IPv4Address("169.254.200.0")),
    (ip_network("0.0.0.0/0"), IPv4Address("198.18.0.0")),
    (ip_network("fc00::/7"), IPv6Address("fd00:db8::")),
    (ip_network("fe80::/10"), IPv6Address("fe80:db8::")),
    (ip_network("::/0"), IPv6Address("2001:db8::")),
)
"""Network → where its pseudonyms come from: private stays private, since that is half of a diagnosis."""


class Pseudonyms:
    """Hands out names, and remembers for which."""

    def __init__(self) -> None:
        self._given: dict[Kind, dict[str, str]] = {kind: {} for kind in Kind}
        self._as_written: dict[str, str] = {}

    def host(self, name: str) -> str:
        """`host1.domain1.invalid` for a name of several labels, `machine1` for one of one."""
        lowered = re.sub(r"\.{2,}", ".", name.lower().rstrip("."))
        if is_public(lowered):
            return name
        if lowered.startswith("*."):
            return "*." + self.host(lowered[2:])
        _, _, parent = lowered.partition(".")
        given = self._given[Kind.HOST]
        if lowered in given:
            return given[lowered]
        if not parent:
            made = f"machine{self._count(Kind.HOST, 'machine')}"
        elif "." not in parent:
            made = f"domain{self._count(Kind.HOST, 'domain')}.invalid"
        else:
            above = self.host(parent)
            made = f"host{self._count(Kind.HOST, 'host')}.{above}"
        given[lowered] = made
        return made

    def address(self, text: str) -> str:
        """An address of the same class. `text` is an address, perhaps with a zone."""
        original = ip_address(text.partition("%")[0])
        key = str(original)
        given = self._given[Kind.ADDRESS]
        if key not in given:
            base = next(
                base for network, base in _CLASSES if network.version == original.version and original in network
            )
            number = 1
            while (made := str(base + number)) in given.values() or made in given or made == key:
                number += 1
            given[key] = made
        return given[key]

    def other(self, kind: Kind, text: str) -> str:
        """A numbered word for any other kind."""
        if kind is Kind.FILE and (own := _product_file(text)):
            folder = text[: -len(own)].rstrip("/\\")
            return f"{self.other(kind, folder)}/{own}" if folder else own
        given = self._given[kind]
        key = text.casefold() if kind is not Kind.FILE else text
        if key not in given:
            number = len(given) + 1
            self._as_written[key] = text
            match kind:
                case Kind.FILE:
                    given[key] = f"file{number}{_suffix(text)}"
                case Kind.PATH:
                    given[key] = f"/path{number}{_suffix(text)}"
                case _:
                    given[key] = f"{kind.value.removesuffix('s').replace(' ', '-')}{number}"
        return given[key]

    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        return {kind.value: len(given) for kind, given in self._given.items() if given}

    def mapping(self) -> dict[str, dict[str, str]]:
        """Kind → pseudonym → original: what must not leave the house."""
        return {
            kind.value: {made: self._as_written.get(original, original) for original, made in given.items()}
            for kind, given in self._given.items()
            if given
        }

    def _count(self, kind: Kind, word: str) -> int:
        return 1 + sum(made.partition(".")[0].rstrip("0123456789") == word for made in self._given[kind].values())


def is_public(name: str) -> bool:
    """True for names that everybody contacts."""
    return any(name == public or name.endswith(f".{public}") for public in PUBLIC)


def is_address(text: str) -> bool:
    """True for an IPv4 or IPv6 address, perhaps with a zone."""
    try:
        ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True


def file_names(text: str) -> list[str]:
    """A path, and the name at its end in either system's way of writing."""
    names = (text, PurePosixPath(text).name, PureWindowsPath(text).name)
    return list(dict.fromkeys(name for name in names if name and name not in PRODUCT_FILES))


def _product_file(text: str) -> str:
    """The name at the end of a path, where it is one that the product's files have; else empty."""
    last = re.split(r"[/\\]", text)[-1]
    return last if last in PRODUCT_FILES else ""


def _suffix(text: str) -> str:
    suffix = PurePosixPath(text).suffix.lower()
    return suffix if suffix in SUFFIXES else ""
