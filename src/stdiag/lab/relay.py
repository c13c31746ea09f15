"""Where the lab's proxies may lead to, and the bytes that they carry there and back."""

from __future__ import annotations

import contextlib
import selectors
import socket
from dataclasses import dataclass, field

PATIENCE = 1.0
"""Seconds that the lab's proxies wait for a server: real ones wait a minute, with which nobody would play."""

_CHUNK = 65536


@dataclass(frozen=True, slots=True)
class Destination:
    """A port of the lab."""

    port: int
    """As the site has it: 1533, say."""
    address: str
    own_port: int
    """Where it really is."""

    def connect(self) -> socket.socket:
        """A connection to it. Raises OSError, TimeoutError after PATIENCE."""
        made = socket.create_connection((self.address, self.own_port), timeout=PATIENCE)
        made.settimeout(None)
        return made


@dataclass(slots=True)
class Destinations:
    """The lab's own ports. A proxy of the lab leads nowhere else, whoever asks it."""

    by_place: dict[tuple[str, int], Destination] = field(default_factory=dict)

    def add(self, host: str, destination: Destination) -> None:
        """Make it known by `host` and its port there, and by its address and its own port."""
        self.by_place[host, destination.port] = destination
        self.by_place[destination.address, destination.own_port] = destination

    def find(self, host: str, port: int) -> Destination | None:
        """The port that a client means; None for one that is not the lab's."""
        return self.by_place.get((host.lower(), port))


def relay(client: socket.socket, server: socket.socket) -> None:
    """Carry bytes both ways until both sides have ended. Raises OSError when one breaks."""
    with selectors.DefaultSelector() as selector:
        for source, sink in ((client, server), (server, client)):
            source.settimeout(None)
            selector.register(source, selectors.EVENT_READ, (source, sink))
        while selector.get_map():
            for key, _ in selector.select():
                source, sink = key.data
                if data := source.recv(_CHUNK):
                    sink.sendall(data)
                    continue
                selector.unregister(source)
                with contextlib.suppress(OSError):
                    sink.shutdown(socket.SHUT_WR)
