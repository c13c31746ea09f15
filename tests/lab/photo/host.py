"""A photo host on loopback that answers by path and cookie, and keeps what it was asked."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.lab.peers_faulty import Behaviour, watched_peer

from stdiag.lab.picture import grey_jpeg

PICTURE = grey_jpeg(40)
MEETING = "STPluginActivePage=stMeetingroom"


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    """With its query."""
    host: str
    cookie: str = ""
    head: str = ""


@dataclass(frozen=True)
class Said:
    """One answer."""

    status: str = "200 OK"
    headers: tuple[str, ...] = ("Content-Type: image/jpeg",)
    body: bytes = PICTURE
    length: int | None = None
    """Content-Length, where it is not the body's."""
    then: Callable[[socket.socket, threading.Event], None] | None = None
    """What is done before the connection ends."""


Answer = Callable[[Asked], Said]


def moved(location: str) -> Said:
    return Said("302 Found", (f"Location: {location}",), b"")


MISSING = Said("404 Not Found", ("Content-Type: text/plain",), b"no")


@dataclass
class PhotoHost:
    """Where it is, and what it was asked."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)

    @property
    def cookies(self) -> list[str]:
        """What was shown, in the order of the requests; those side by side in any."""
        return [one.cookie for one in self.asked]


@contextlib.contextmanager
def photo_host(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[PhotoHost]:
    """Runs it, with TLS where there is a `context`."""
    host = PhotoHost()
    with watched_peer(_behaviour(answer, host, context)) as log:
        host.port = log.port
        yield host


def _behaviour(answer: Answer, host: PhotoHost, context: ssl.SSLContext | None) -> Behaviour:
    def behave(connection: socket.socket, stop: threading.Event) -> None:
        connection.settimeout(5)
        handle = connection.dup()
        with handle, context.wrap_socket(handle, server_side=True) if context else handle as stream:
            head = b""
            while b"\r\n\r\n" not in head:
                data = stream.recv(4096)
                if not data:
                    return
                head += data
            asked = _read(head.decode("latin-1"))
            host.asked.append(asked)
            said = answer(asked)
            length = len(said.body) if said.length is None else said.length
            lines = [f"HTTP/1.1 {said.status}", f"Content-Length: {length}", "Connection: close", *said.headers]
            stream.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + said.body)
            if said.then:
                said.then(stream, stop)

    return behave


def _read(head: str) -> Asked:
    first, *lines = head.split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Asked(first.split(" ")[1], fields.get("host", ""), fields.get("cookie", ""), head)
