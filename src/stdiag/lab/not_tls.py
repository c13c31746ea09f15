"""Ports that are no TLS server: silent ones, rude ones, and those of another protocol."""

from __future__ import annotations

import socket
import sys

from stdiag.lab import http
from stdiag.lab.blueprint import Listener
from stdiag.lab.error import LabError
from stdiag.lab.fronts import WebServer
from stdiag.lab.http import Reply
from stdiag.lab.listener import Connection, Handler
from stdiag.lab.mux import acknowledgement, speak_sametime

_TLS_HANDSHAKE = 22  # content type of a record (RFC 8446 §5.1)
_RECORD_LIMIT = 16384
# Record of the fatal alert handshake_failure (40), as a TLS 1.2 server sends it (RFC 5246 §7.2).
_HANDSHAKE_FAILURE = bytes.fromhex("15030300020228")

# A record with a ServerHello whose session id claims 255 bytes, where 32 are the most (RFC 5246 §7.4.1.3).
_BROKEN_SERVER_HELLO = bytes.fromhex("160303002a020000260303") + bytes(32) + b"\xff" + bytes(3)


def silent(connection: Connection) -> None:
    """Accept, read, never answer."""
    connection.discard_input()


def closes(connection: Connection) -> None:
    """Close in an orderly way after the first message."""
    read_hello(connection.socket)


def resets(connection: Connection) -> None:
    """Tear the connection down after the first message."""
    read_hello(connection.socket)
    connection.reset()


def alerts(connection: Connection) -> None:
    """Refuse every handshake by an alert."""
    if read_hello(connection.socket):
        connection.socket.sendall(_HANDSHAKE_FAILURE)


def garbles(connection: Connection) -> None:
    """Answer every handshake by a ServerHello that is none."""
    if read_hello(connection.socket):
        connection.socket.sendall(_BROKEN_SERVER_HELLO)


class PlainHttp:
    """Speaks HTTP without TLS, and answers a ClientHello as web servers do: with a 400."""

    def __init__(self, web: WebServer) -> None:
        self._web = web

    def __call__(self, connection: Connection) -> None:
        """Serve one connection."""
        first = connection.socket.recv(1, socket.MSG_PEEK)
        if first and first[0] == _TLS_HANDSHAKE:
            read_hello(connection.socket)
            page = Reply(400, b"<html><body><h1>Bad Request</h1></body></html>\n", closes=True)
            connection.socket.sendall(http.encode(page, self._web.name))
            return
        self._web.serve(connection)


def smtp(connection: Connection) -> None:
    """Greet as a mail server and understand nothing but EHLO, HELO and QUIT (RFC 5321 §4.2)."""
    stream = connection.socket
    stream.sendall(b"220 mail.lab.example ESMTP\r\n")
    while command := stream.recv(4096):
        verb = command[:4].upper()
        if verb == b"QUIT":
            stream.sendall(b"221 2.0.0 Bye\r\n")
            return
        known = verb in (b"EHLO", b"HELO")
        stream.sendall(b"250 mail.lab.example\r\n" if known else b"500 5.5.2 Command not recognized\r\n")


def sametime(connection: Connection) -> None:
    """Answer the community protocol's handshake as its multiplexer does, and close on anything else."""
    with connection.socket.makefile("rb") as reader:
        speak_sametime(connection.socket, reader, acknowledgement)


def read_hello(stream: socket.socket) -> bytes:
    """The first message: a whole TLS record when it is one, else what came first. Empty when the peer left."""
    received = stream.recv(_RECORD_LIMIT)
    if not received or received[0] != _TLS_HANDSHAKE:
        return received
    while len(received) < 5 or len(received) < 5 + int.from_bytes(received[3:5], "big"):
        chunk = stream.recv(_RECORD_LIMIT)
        if not chunk:
            break
        received += chunk
    return received


class FullBacklog:
    """A port whose queue of waiting connections is full, so that the system drops every further SYN."""

    def __init__(self, bound: socket.socket) -> None:
        self._sockets = [bound]

    def start(self) -> None:
        """Fill the queue. Raises LabError on Windows, which refuses instead of dropping."""
        if sys.platform == "win32":
            raise LabError("Windows refuses connections to a full backlog: no-answer needs Linux or macOS.")
        port = self._sockets[0]
        port.listen(0)
        for _ in range(4):
            waiting = socket.socket(port.family, socket.SOCK_STREAM)
            waiting.setblocking(False)
            waiting.connect_ex(port.getsockname())
            self._sockets.append(waiting)

    def stop(self) -> None:
        """Release the port and everything in its queue."""
        for each in self._sockets:
            each.close()


class NobodyListens:
    """A port that is taken and not listened on: connections are refused, and nobody else can take it meanwhile."""

    def __init__(self, bound: socket.socket) -> None:
        self._bound = bound

    def start(self) -> None:
        """Do nothing: that is the fault."""

    def stop(self) -> None:
        """Release the port."""
        self._bound.close()


HANDLERS: dict[Listener, Handler] = {
    Listener.SILENT: silent,
    Listener.CLOSES: closes,
    Listener.RESETS: resets,
    Listener.ALERTS: alerts,
    Listener.GARBLES: garbles,
    Listener.SMTP: smtp,
    Listener.SAMETIME: sametime,
}
"""How a connection is handled at each port that accepts one and serves no web pages."""
