"""A stand-in for a community multiplexer, for the far end of a path: its bytes are those that the documents show.

It answers a HANDSHAKE, HTTP requests, or something else altogether, and keeps what it was sent, by whom. It shares
no code with the product: both would share one mistake.
"""

from __future__ import annotations

import contextlib
import enum
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.peers.process import free_port

ACK_START = bytes.fromhex("00000058 8000 0000 00000000 001e 001d")
ACK_END = bytes.fromhex("a1b2c3d4 00000040") + bytes(range(1, 65))
"""HANDSHAKE_ACK, 92 bytes: between the two stands the client's address as the server sees it."""
REFUSAL = bytes.fromhex("00000010 0003 0000 00000000 80000200 00000000")
"""CHANNEL_DESTROY of the master channel: version mismatch."""
HTTP_METHODS = (b"GET ", b"POST", b"HEAD", b"OPTI")
LONGEST_REQUEST = 16 * 1024


class Manner(enum.Enum):
    """What it does with a connection."""

    ACK = "ack"
    """Acknowledges a HANDSHAKE, answers HTTP on the same port."""
    REFUSE = "refuse"
    SILENT = "silent"
    CLOSE = "close"
    """Closes when something has been sent."""
    RESET = "reset"
    """Resets when something has been sent."""
    SSH = "ssh"
    """Says what an SSH server says."""


@dataclass
class Visit:
    """One connection."""

    address: str
    port: int
    received: bytearray = field(default_factory=bytearray)

    @property
    def request_line(self) -> str:
        """The first line, when HTTP was spoken."""
        return bytes(self.received).split(b"\r\n", 1)[0].decode("latin-1")


@dataclass
class Mux:
    """A running stand-in."""

    address: str
    port: int
    manner: Manner
    context: ssl.SSLContext | None = None
    visits: list[Visit] = field(default_factory=list)

    @property
    def handshakes(self) -> list[Visit]:
        """The visits that were not HTTP, and said something."""
        return [visit for visit in self.visits if visit.received and not visit.received.startswith(HTTP_METHODS)]

    def serve(self, connection: socket.socket, peer: tuple[str, int]) -> None:
        """Talk to one client until it goes."""
        visit = Visit(*peer[:2])
        self.visits.append(visit)
        if self.context:
            connection = self.context.wrap_socket(connection, server_side=True)
        with connection:
            if self.manner is Manner.SSH:
                connection.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
            self._talk(connection, visit)

    def _talk(self, connection: socket.socket, visit: Visit) -> None:
        answered = False
        while len(visit.received) < LONGEST_REQUEST and (data := connection.recv(4096)):
            visit.received += data
            if answered:
                continue
            match self.manner:
                case Manner.CLOSE:
                    return
                case Manner.RESET:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return
                case Manner.REFUSE if len(visit.received) >= 38:
                    connection.sendall(REFUSAL)
                    answered = True
                case Manner.ACK if visit.received.startswith(HTTP_METHODS):
                    if b"\r\n\r\n" in visit.received:
                        connection.sendall(_http_answer(visit.request_line))
                        return
                case Manner.ACK if len(visit.received) >= 38:
                    connection.sendall(ACK_START + socket.inet_aton(visit.address) + ACK_END)
                    answered = True
                case _:
                    pass


def _http_answer(request_line: str) -> bytes:
    target = request_line.split(" ")[1] if request_line.count(" ") >= 2 else ""
    path = "/" + target.split("/", 3)[3] if target.startswith("http://") and target.count("/") >= 3 else target
    status = "200 OK" if path.lower().startswith("/communitycbr") else "404 Not Found"
    return f"HTTP/1.1 {status}\r\nServer: Lotus-Domino\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode(
        "ascii"
    )


@contextlib.contextmanager
def mux(
    manner: Manner = Manner.ACK, *, address: str = "127.0.0.1", port: int = 0, context: ssl.SSLContext | None = None
) -> Iterator[Mux]:
    """Run one at `address`, in threads of this process."""
    running = Mux(address, port or free_port(address), manner, context)
    listener = socket.create_server((address, running.port))
    listener.settimeout(0.1)
    over = threading.Event()

    def serve(connection: socket.socket, peer: tuple[str, int]) -> None:
        # Whatever a client does to its connection must not end the server.
        with connection, contextlib.suppress(OSError):
            connection.settimeout(20)
            running.serve(connection, peer)

    def accept() -> None:
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                threading.Thread(target=serve, args=listener.accept(), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        over.set()
        thread.join()
        listener.close()


@contextlib.contextmanager
def full_backlog(address: str = "127.0.0.1") -> Iterator[int]:
    """A port where connecting ends in a time-out: it listens, and its queue is full. Yields the port."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind((address, free_port(address)))
        listener.listen(0)
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
