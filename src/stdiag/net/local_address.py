"""Which of this machine's own addresses a connection goes out from."""

from __future__ import annotations

import socket


def local_address_to(address: str, port: int) -> str | None:
    """The source address that the routing table gives for `address`; None when it gives none. Sends nothing: a
    connected UDP socket only asks the system."""
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(
            address, port, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST
        )[0]
        with socket.socket(family, kind, protocol) as sock:
            sock.connect(target)
            return str(sock.getsockname()[0])
    except OSError:
        return None
