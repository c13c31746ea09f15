"""`[names]` of a site file: what its values mean, and their canonical form."""

from __future__ import annotations

import ipaddress
from typing import Any

from stdiag.formats.errors import FormatError, shown
from stdiag.formats.host import as_address, canonical_host, port_number
from stdiag.formats.shape import Shape
from stdiag.formats.toml_lines import Keys, dotted
from stdiag.model import bracketed

MOST_HOSTS = 100
MOST_NETWORKS = 32
_NETWORK = 'ADDRESS/BITS, like "10.99.0.0/16"'


def replace_names(names: dict[str, Any], shape: Shape) -> None:
    """Checks the decoded table and puts canonical values into it. Raises FormatError."""
    for key, most, canonical in (
        ("hosts", MOST_HOSTS, canonical_named_host),
        ("management_networks", MOST_NETWORKS, canonical_network),
    ):
        values = names.get(key, [])
        if len(values) > most:
            raise shape.error(("names", key), f"more than {most} of them", suggestion="leave some out")
        for index, typed in enumerate(values):
            keys: Keys = ("names", key, index)
            try:
                values[index] = canonical(typed)
            except FormatError as error:
                raise error.at(file=shape.file, line=shape.line_of(keys), key=dotted(keys)) from None


def canonical_named_host(typed: str) -> str:
    """HOST, or HOST:PORT where the port was named. Raises FormatError."""
    host, port = parse_named_host(typed)
    return host if port is None else f"{bracketed(host)}:{port}"


def parse_named_host(typed: str) -> tuple[str, int | None]:
    """Name or address, and the port when one stands behind it: a server whose port is not named is not connected to.
    Raises FormatError."""
    text = typed.strip()
    if "@" in text:
        raise FormatError("a user stands before the host", suggestion="write only HOST or HOST:PORT")
    if "/" in text:
        raise FormatError(f"{shown(text)} is not a host", expected="HOST or HOST:PORT, without a scheme and a path")
    if address := as_address(text):
        return address, None
    if text.startswith("["):
        inside, closing, rest = text[1:].partition("]")
        if not closing or ":" not in inside or (rest and not rest.startswith(":")):
            raise FormatError(f"the brackets in {shown(text)} do not hold one address", expected="[ADDRESS]:PORT")
        return canonical_host(inside), port_number(rest[1:], text) if rest else None
    host, colon, port = text.partition(":")
    return canonical_host(host), port_number(port, text) if colon else None


def canonical_network(typed: str) -> str:
    """A network in its canonical text; an address alone is a network of one. Raises FormatError."""
    text = typed.strip()
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise FormatError(f"{shown(text)} is not a network", expected=_NETWORK) from None
    if network.prefixlen == 0:
        raise FormatError(f"{shown(text)} is every address", expected=_NETWORK)
    if "/" in text and as_address(text.partition("/")[0]) != str(network.network_address):
        raise FormatError(f"{shown(text)} is one address in a network", suggestion=f'write "{network}" for all of it')
    return str(network)
