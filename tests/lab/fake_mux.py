"""A multiplexer on loopback, as far as `stdiag paths` asks one: the handshake, HTTP for the tunnel, and TLS if wanted.

It knows nothing of the code that is tested: the acknowledgement is written down here byte by byte.
"""

from __future__ import annotations

import socket
import ssl
import threading

from tests.lab.peers_faulty import SAMETIME_ACK, Behaviour, silent

HANDSHAKE_STARTS = b"\0\0\0"
TLS_STARTS = b"\x16\x03"

_OK = b"HTTP/1.1 200 OK\r\nServer: mux\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nServer: mux\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def mux(
    *, spellings: tuple[str, ...] = ("/CommunityCBR", "/communityCBR"), tls: ssl.SSLContext | None = None
) -> Behaviour:
    """Answers the handshake and these addresses of the tunnel. With `tls` it speaks nothing else, and resets what comes
    in clear."""

    def behave(connection: socket.socket, stop: threading.Event) -> None:
        connection.settimeout(5)
        first = connection.recv(4096, socket.MSG_PEEK)
        if tls is not None:
            if not first.startswith(TLS_STARTS):
                return
            with tls.wrap_socket(connection.dup(), server_side=True, suppress_ragged_eofs=True) as inside:
                _serve(inside, spellings)
            return
        _serve(connection, spellings)
        silent(connection, stop)

    return behave


def _serve(connection: socket.socket, spellings: tuple[str, ...]) -> None:
    asked = connection.recv(4096)
    if asked.startswith(HANDSHAKE_STARTS):
        connection.sendall(SAMETIME_ACK)
    elif asked.startswith(b"GET "):
        path = asked.split(b" ")[1].decode("latin-1")
        connection.sendall(_OK if path in spellings else _NOT_FOUND)
        return
    connection.settimeout(1)
    try:
        connection.recv(4096)
    except OSError:
        return
