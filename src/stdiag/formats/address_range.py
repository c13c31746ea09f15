"""What an address tells by itself: which of the ranges that the registries keep for a purpose it is of."""

from __future__ import annotations

import enum
import ipaddress
from collections.abc import Iterable

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class AddressRange(enum.StrEnum):
    """What an address is good for (the registries of RFC 6890 say it)."""

    PUBLIC = "public"
    PRIVATE = "private"  # of an organisation's own network: RFC 1918, RFC 4193, and a provider's (RFC 6598)
    LOOPBACK = "loopback"  # the machine itself
    LINK_LOCAL = "link-local"  # what a card gives itself that was given none (RFC 3927, RFC 4291 §2.5.6)
    UNSPECIFIED = "unspecified"  # 0.0.0.0 and ::
    DOCUMENTATION = "documentation"  # for examples in documents (RFC 5737, RFC 3849)
    OTHER = "other"  # multicast, broadcast, reserved: no host has it
    UNKNOWN = "unknown"  # no address at all


_RANGES: tuple[tuple[str, AddressRange], ...] = (
    ("127.0.0.0/8", AddressRange.LOOPBACK),
    ("::1/128", AddressRange.LOOPBACK),
    ("10.0.0.0/8", AddressRange.PRIVATE),
    ("172.16.0.0/12", AddressRange.PRIVATE),
    ("192.168.0.0/16", AddressRange.PRIVATE),
    ("100.64.0.0/10", AddressRange.PRIVATE),
    ("fc00::/7", AddressRange.PRIVATE),
    ("169.254.0.0/16", AddressRange.LINK_LOCAL),
    ("fe80::/10", AddressRange.LINK_LOCAL),
    ("0.0.0.0/8", AddressRange.UNSPECIFIED),
    ("::/128", AddressRange.UNSPECIFIED),
    ("192.0.2.0/24", AddressRange.DOCUMENTATION),
    ("198.51.100.0/24", AddressRange.DOCUMENTATION),
    ("203.0.113.0/24", AddressRange.DOCUMENTATION),
    ("2001:db8::/32", AddressRange.DOCUMENTATION),
    ("224.0.0.0/4", AddressRange.OTHER),
    ("240.0.0.0/4", AddressRange.OTHER),
    ("ff00::/8", AddressRange.OTHER),
)
_NETWORKS: tuple[tuple[_Network, AddressRange], ...] = tuple(
    (ipaddress.ip_network(text), meaning) for text, meaning in _RANGES
)

NOBODYS = frozenset({AddressRange.LINK_LOCAL, AddressRange.UNSPECIFIED, AddressRange.OTHER, AddressRange.DOCUMENTATION})
"""Ranges in which no server can be that others are to reach by name."""


def range_of(text: str) -> AddressRange:
    """The range of an address, which may carry a zone. An IPv4 address in IPv6's clothes is that IPv4 address."""
    address = _parsed(text)
    if address is None:
        return AddressRange.UNKNOWN
    return next((meaning for network, meaning in _NETWORKS if address in network), AddressRange.PUBLIC)


def network_of(text: str, networks: Iterable[str]) -> str | None:
    """The first of `networks` that holds the address; None when none does. What is no network holds nothing."""
    address = _parsed(text)
    if address is None:
        return None
    for network in networks:
        try:
            if address in ipaddress.ip_network(network):
                return network
        except ValueError:
            continue
    return None


def same_address(one: str, other: str) -> bool:
    """True when both are the same address, however they are written; a zone does not count."""
    first = _parsed(one)
    return first is not None and first == _parsed(other)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
