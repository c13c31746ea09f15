"""This machine's own network cards, and which of their addresses goes out where."""

from __future__ import annotations

import socket

import msgspec

from stdiag.net.local_address import local_address_to

MOST = 64
"""A machine with containers may have hundreds: the first ones are recorded."""

# Of the ranges for documents (RFC 5737, RFC 3849): nobody is there, so that the route to it is the default route.
_FAR_AWAY = ("198.51.100.1", "2001:db8::1")


class OwnAddress(msgspec.Struct, frozen=True):
    """An address that one of this machine's network cards has."""

    interface: str
    """The card, as the system calls it: eth0, Ethernet 2."""
    address: str
    """Without a zone."""
    up: bool = True
    """False: the card is switched off."""


def own_addresses() -> list[OwnAddress]:
    """Every address of every card, with IPv6 addresses without their zone. Empty where the system does not tell."""
    import psutil

    try:
        by_card = psutil.net_if_addrs()
        states = psutil.net_if_stats()
    except (OSError, psutil.Error):
        return []
    found = [
        OwnAddress(card, str(entry.address).partition("%")[0], states[card].isup if card in states else True)
        for card, entries in by_card.items()
        for entry in entries
        if entry.family in (socket.AF_INET, socket.AF_INET6)
    ]
    return found[:MOST]


def default_sources() -> list[str]:
    """The addresses that connections to the rest of the world go out from: one for each family that has a default
    route. Sends nothing."""
    return [source for far in _FAR_AWAY if (source := local_address_to(far, 9)) is not None]
