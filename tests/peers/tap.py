"""A wire tap in front of a proxy: what a client really sent, where the proxy keeps no record of it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.peers.process import free_port


@dataclass
class Tap:
    """A running tap. `sent` holds what came from the client, one entry a connection."""

    port: int
    sent: list[bytearray] = field(default_factory=list)

    def times(self, pattern: bytes) -> int:
        """How often the clients sent this."""
        return sum(bytes(one).count(pattern) for one in self.sent)


@contextlib.contextmanager
def tap(behind: int) -> Iterator[Tap]:
    """Relay everything between a port on 127.0.0.1 and the port `behind`."""
    running = Tap(free_port())
    over = threading.Event()

    def pump(source: socket.socket, sink: socket.socket, record: bytearray) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                record += data
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def relay(client: socket.socket) -> None:
        record = bytearray()
        running.sent.append(record)
        with client, contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", behind)) as server:
            back = threading.Thread(target=pump, args=[server, client, bytearray()], daemon=True)
            back.start()
            pump(client, server, record)
            back.join()

    def accept() -> None:
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                threading.Thread(target=relay, args=[listener.accept()[0]], daemon=True).start()

    listener = socket.create_server(("127.0.0.1", running.port))
    listener.settimeout(0.1)
    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield running
    finally:
        over.set()
        accepting.join()
        listener.close()
