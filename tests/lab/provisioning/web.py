"""A web server in front of nothing: what it answers is told by the path. Loopback, a thread a connection."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import NamedTuple

from tests.lab.peers_faulty import Behaviour, watched_peer

PROXY_INFO = "/stwebapi/proxyinfo"
STPROXY = b'{"isSAML":false,"isOIDC":false,"oidcIssuer":"","IDPUrl":"","communityConnected":true}'


class Page(NamedTuple):
    """An answer: the status line's rest, headers, body."""

    status: str = "200 OK"
    headers: tuple[str, ...] = ()
    body: bytes = b""

    def encoded(self) -> bytes:
        """As it goes over the wire."""
        lines = [f"HTTP/1.1 {self.status}", f"Content-Length: {len(self.body)}", "Connection: close", *self.headers]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


HEALTHY = {PROXY_INFO: Page(headers=("Content-Type: application/json",), body=STPROXY)}


def serves(pages: dict[str, Page]) -> Behaviour:
    """Answers each path with its page, and every other one with 404."""

    def behave(connection: socket.socket, _stop: threading.Event) -> None:
        connection.settimeout(5)
        asked = b""
        while b"\r\n\r\n" not in asked:
            data = connection.recv(4096)
            if not data or not data[:1].isalpha():  # the end, or TLS
                return
            asked += data
        path = asked.split(b" ")[1].decode("latin-1")
        connection.sendall(pages.get(path, Page("404 Not Found")).encoded())

    return behave


@contextlib.contextmanager
def web(pages: dict[str, Page]) -> Iterator[int]:
    """Runs it; yields its port."""
    with watched_peer(serves(pages)) as log:
        yield log.port
