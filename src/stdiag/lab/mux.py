"""A stand-in for the community multiplexer (mux), as far as a client without credentials gets.

It acknowledges a handshake, or says otherwise; takes HTTP requests for the tunnel on the same port; and speaks both in
TLS to whoever begins with a ClientHello, as release 12 does. Nobody can log in.

A message is a big-endian length and as many bytes: type, options, channel, body. Bytes from 0x80 up between messages
are keep-alives.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import ssl
from collections.abc import Callable
from io import BufferedReader

from stdiag.lab import http
from stdiag.lab.blueprint import MANAGEMENT_NETWORK, Front, MuxManner
from stdiag.lab.fronts import web_server
from stdiag.lab.http import Reply, Request
from stdiag.lab.listener import Connection

TUNNEL_PATHS = frozenset({"/CommunityCBR", "/communityCBR"})
"""Addresses of the HTTP tunnel: clients of different making use both."""

_TLS_HANDSHAKE = 22  # content type of a record (RFC 8446 §5.1)
_LIMIT = 65536
_TIME = 60.0
_HANDSHAKE = 0x0000
_HANDSHAKE_ACK = 0x8000
_VERSION = bytes.fromhex("001e2149")  # 30.8521
_SERVER = "Lotus-Domino"
_OWN_VIEW = 16
"""Where in an acknowledgement, its length included, the client's address stands."""
_CLIENT_IN_MANAGEMENT = 263
"""Number of the client's address in the management network: 10.99.1.7."""

# CHANNEL_DESTROY of the master channel, reason 0x80000200: this version of the protocol is not accepted.
_REFUSAL = bytes.fromhex("00000010 00030000 00000000 80000200 00000000")
_SSH_BANNER = b"SSH-2.0-OpenSSH_9.2\r\n"

Answer = Callable[[socket.socket], bytes]


def acknowledgement(stream: socket.socket) -> bytes:
    """HANDSHAKE_ACK: the version, the client's address as the server sees it, and a key for passwords."""
    public_key = os.urandom(64)
    return _framed(_start_of_acknowledgement(stream) + os.urandom(4) + len(public_key).to_bytes(4, "big") + public_key)


def speak_sametime(stream: socket.socket, reader: BufferedReader, answer: Answer) -> None:
    """Give `answer` to every handshake that comes through `reader`; return on anything else."""
    while lead := reader.read(1):
        if lead[0] >= 0x80:
            continue
        length = int.from_bytes(lead + reader.read(3), "big")
        if length > _LIMIT:  # the first bytes of TLS and of HTTP read as such a length
            return
        message = reader.read(length)
        if len(message) < length:
            return
        if length >= 8:
            if int.from_bytes(message[:2], "big") != _HANDSHAKE:
                return
            stream.sendall(answer(stream))


class Mux:
    """Handler of the connections of one of the mux's ports."""

    def __init__(self, manner: MuxManner, context: ssl.SSLContext) -> None:
        """`context` holds the mux's own certificate."""
        self._manner = manner
        self._context = context

    def __call__(self, connection: Connection) -> None:
        """Serve one connection."""
        match self._manner:
            case MuxManner.SILENT:
                connection.discard_input()
            case MuxManner.CLOSES:
                connection.socket.recv(_LIMIT)
            case MuxManner.SSH:
                connection.socket.sendall(_SSH_BANNER)
                connection.discard_input()
            case MuxManner.WEB_SERVER:
                _serve_web(connection)
            case _:
                self._serve_both(connection)

    def _serve_both(self, connection: Connection) -> None:
        connection.socket.settimeout(_TIME)
        first = connection.socket.recv(1, socket.MSG_PEEK)
        if not first:
            return
        if first[0] != _TLS_HANDSHAKE:
            if self._manner is not MuxManner.TLS_ONLY:
                self._serve(connection)
            else:
                connection.socket.recv(_LIMIT)
            return
        tls = self._context.wrap_socket(connection.socket, server_side=True, do_handshake_on_connect=False)
        connection.socket = tls
        tls.do_handshake()
        self._serve(connection)
        with contextlib.suppress(OSError):
            tls.settimeout(1.0)
            tls.unwrap()

    def _serve(self, connection: Connection) -> None:
        with connection.socket.makefile("rb") as reader:
            first = reader.peek(1)[:1]
            if not first.isalpha():
                speak_sametime(connection.socket, reader, _ANSWERS.get(self._manner, acknowledgement))
            elif self._manner is not MuxManner.REFUSES:
                http.serve(connection.socket, _tunnel, server=_SERVER, received=reader.read1(_LIMIT))


def _serve_web(connection: Connection) -> None:
    """A web server answers what is no HTTP with a 400, and at once."""
    web = web_server(Front.DEFAULT_PAGE)
    first = connection.socket.recv(1, socket.MSG_PEEK)
    if first.isalpha():
        web.serve(connection)
    elif first:
        page = Reply(400, b"<html><body><h1>400 Bad Request</h1></body></html>\n", closes=True)
        connection.socket.sendall(http.encode(page, web.name))


def _tunnel(request: Request) -> Reply:
    # What goes on inside the tunnel is not documented: that it is known here is all that can be played.
    return Reply(200) if request.path in TUNNEL_PATHS else Reply(404)


def _from_management(stream: socket.socket) -> bytes:
    """An acknowledgement to a client whose connection came from another address than it believes."""
    made = acknowledgement(stream)
    address = ipaddress.ip_network(MANAGEMENT_NETWORK)[_CLIENT_IN_MANAGEMENT]
    return made[:_OWN_VIEW] + address.packed + made[_OWN_VIEW + 4 :]


def _start_of_acknowledgement(stream: socket.socket) -> bytes:
    peer = stream.getpeername()[0]
    # The field holds four bytes: of an IPv6 client it can say nothing.
    own_view_of_client = bytes(4) if ":" in peer else socket.inet_aton(peer)
    return _HANDSHAKE_ACK.to_bytes(2, "big") + bytes(2 + 4) + _VERSION + own_view_of_client


def _cut_off(stream: socket.socket) -> bytes:
    """An acknowledgement that ends where one of this version goes on with its key."""
    return _framed(_start_of_acknowledgement(stream))


def _refusal(_stream: socket.socket) -> bytes:
    return _REFUSAL


def _framed(message: bytes) -> bytes:
    return len(message).to_bytes(4, "big") + message


_ANSWERS: dict[MuxManner, Answer] = {
    MuxManner.REFUSES: _refusal,
    MuxManner.CUTS_OFF: _cut_off,
    MuxManner.SEES_MANAGEMENT: _from_management,
}
