"""How a bare socket, and Python's own ipaddress, see each fault of the servers' names."""

from __future__ import annotations

import ipaddress
import socket
import tomllib
from typing import Any

import pytest
from tests.lab.oracles.community import handshake
from tests.lab.oracles.programs import Oracle, Oracles

from stdiag.lab.blueprint import COMMUNITY_HOST
from stdiag.lab.deployment import Lab


def site(lab: Lab) -> dict[str, Any]:
    """The site file, read by Python's own library."""
    return tomllib.loads(lab.site_file.read_text(encoding="utf-8"))


def in_management(lab: Lab, address: str) -> bool:
    """Whether the address lies in a network that the site calls one of its administrators."""
    networks = site(lab).get("names", {}).get("management_networks", [])
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(network) for network in networks)


def two_addresses(lab: Lab, oracles: Oracles) -> str:
    """The name leads to two addresses, of which the first answers and the second refuses. Returns the second."""
    first, second = (place.strip() for place in site(lab)["resolve"][f"{COMMUNITY_HOST}:1533"].split(","))
    assert first == str(lab.mux)
    assert handshake(lab, oracles)[4:6] == b"\x80\x00"
    host, _, port = str(second).rpartition(":")
    address = host.strip("[]")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address, int(port)), timeout=2)
    assert not in_management(lab, lab.mux.address)
    return address


def two_cards(lab: Lab, oracles: Oracles) -> None:
    assert in_management(lab, two_addresses(lab, oracles))


def retired(lab: Lab, oracles: Oracles) -> None:
    assert not in_management(lab, two_addresses(lab, oracles))


def seen_from_management(lab: Lab, oracles: Oracles) -> None:
    seen = socket.inet_ntoa(handshake(lab, oracles)[16:20])
    assert in_management(lab, seen)
    with socket.create_connection((lab.mux.address, lab.mux.port), timeout=2) as stream:
        assert stream.getsockname()[0] != seen


ORACLES: dict[str, Oracle] = {
    "two-cards": two_cards,
    "retired-address": retired,
    "seen-from-management": seen_from_management,
}
