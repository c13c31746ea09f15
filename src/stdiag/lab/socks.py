"""A SOCKS proxy: versions 4, 4a and 5 on one port (RFC 1928, RFC 1929). It leads to the lab's own ports only."""

from __future__ import annotations

import errno
import socket

from stdiag.lab.blueprint import PROXY_PASSWORD, PROXY_USER, SocksManner
from stdiag.lab.listener import Connection
from stdiag.lab.relay import Destinations, relay

_TIME = 60.0
_NAME_LIMIT = 255
_NO_LOGIN, _BY_PASSWORD, _NO_METHOD = 0, 2, 0xFF  # methods (RFC 1928 §3)

_GRANTED, _FAILED, _NOT_ALLOWED, _NETWORK_UNREACHABLE, _REFUSED, _EXPIRED = 0, 1, 2, 3, 5, 6  # RFC 1928 §6
_REPLY_4 = {True: b"\0\x5a", False: b"\0\x5b"}


class SocksProxy:
    """Handler of the SOCKS proxy's connections."""

    def __init__(self, manner: SocksManner, destinations: Destinations) -> None:
        """`destinations` may grow until the first client comes."""
        self._manner = manner
        self._destinations = destinations

    def __call__(self, connection: Connection) -> None:
        """Serve one connection."""
        client = connection.socket
        client.settimeout(_TIME)
        match _exactly(client, 1)[0]:
            case 4:
                self._version_4(client)
            case 5:
                self._version_5(client)

    def _version_4(self, client: socket.socket) -> None:
        request = _exactly(client, 7)
        port, address = int.from_bytes(request[1:3], "big"), request[3:]
        _until_nul(client)  # a user name, which is not asked for
        if address[:3] == bytes(3) and address[3]:  # 4a: the name follows
            host = _until_nul(client).decode("latin-1")
        else:
            host = socket.inet_ntoa(address)
        asks_login = self._manner is SocksManner.ASKS_LOGIN  # which version 4 does not have
        code, server = (_NOT_ALLOWED, None) if asks_login else self._reached(host, port)
        client.sendall(_REPLY_4[code == _GRANTED] + bytes(6))
        _carry(client, server)

    def _version_5(self, client: socket.socket) -> None:
        methods = _exactly(client, _exactly(client, 1)[0])
        wanted = _BY_PASSWORD if self._manner is SocksManner.ASKS_LOGIN else _NO_LOGIN
        if wanted not in methods:
            client.sendall(bytes((5, _NO_METHOD)))
            return
        client.sendall(bytes((5, wanted)))
        if wanted == _BY_PASSWORD and not _logged_in(client):
            return
        kind = _exactly(client, 4)[3]
        match kind:
            case 1:
                host = socket.inet_ntoa(_exactly(client, 4))
            case 4:
                host = socket.inet_ntop(socket.AF_INET6, _exactly(client, 16))
            case _:
                host = _exactly(client, _exactly(client, 1)[0]).decode("latin-1")
        code, server = self._reached(host, int.from_bytes(_exactly(client, 2), "big"))
        client.sendall(bytes((5, code, 0, 1)) + bytes(6))
        _carry(client, server)

    def _reached(self, host: str, port: int) -> tuple[int, socket.socket | None]:
        """(reply code of RFC 1928 §6, the connection if there is one)."""
        destination = self._destinations.find(host, port)
        if destination is None or self._manner is SocksManner.REJECTS:
            return _NOT_ALLOWED, None
        if self._manner is SocksManner.CANNOT_REACH:
            return _NETWORK_UNREACHABLE, None
        try:
            return _GRANTED, destination.connect()
        except TimeoutError:
            return _EXPIRED, None
        except OSError as problem:
            return (_REFUSED if problem.errno == errno.ECONNREFUSED else _FAILED), None


def _carry(client: socket.socket, server: socket.socket | None) -> None:
    if server is not None:
        with server:
            relay(client, server)


def _logged_in(client: socket.socket) -> bool:
    """The exchange of RFC 1929."""
    _exactly(client, 1)
    user = _exactly(client, _exactly(client, 1)[0])
    password = _exactly(client, _exactly(client, 1)[0])
    good = (user, password) == (PROXY_USER.encode(), PROXY_PASSWORD.encode())
    client.sendall(bytes((1, 0 if good else 1)))
    return good


def _exactly(client: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        chunk = client.recv(size - len(data))
        if not chunk:
            raise ConnectionAbortedError("the client has left")
        data += chunk
    return data


def _until_nul(client: socket.socket) -> bytes:
    data = b""
    while len(data) <= _NAME_LIMIT and (byte := _exactly(client, 1)) != b"\0":
        data += byte
    return data
