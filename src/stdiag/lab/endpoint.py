"""A port of the lab, as its tests and its users see it."""

from __future__ import annotations

from dataclasses import dataclass

from stdiag.lab.blueprint import HOST


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A port of the lab."""

    role: str
    """STProxy, mux, issuer server, …"""
    address: str
    port: int
    speaks: str
    """What it does there, in a few words."""
    named_port: int | None = None
    """The port of `host` that stands for it in URLs; None: it is named by its address."""
    host: str = HOST
    """The name that clients know it by."""

    def __str__(self) -> str:
        """ADDRESS:PORT, an IPv6 address in brackets."""
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


def addresses_by_name(endpoints: tuple[Endpoint, ...]) -> dict[str, str]:
    """NAME:PORT, as URLs have it → ADDRESS:PORT where it is, several with commas: what stands in for the DNS."""
    addresses: dict[str, str] = {}
    for end in endpoints:
        if end.named_port is not None:
            place = f"{end.host}:{end.named_port}"
            before = addresses.get(place)
            addresses[place] = f"{before}, {end}" if before else str(end)
    return addresses
