"""Small proxies on loopback, independent of the code that is tested: HTTP CONNECT, SOCKS 4, 4a and 5. They relay, keep
what they were told, and can be made to ask for a password.
"""

from __future__ import annotations

import base64
import contextlib
import select
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.lab.peers_faulty import Behaviour, watched_peer


@dataclass
class FakeProxy:
    """What a proxy knows and has seen."""

    names: dict[str, str] = field(default_factory=dict)
    """The names that it can look up."""
    password: tuple[str, str] | None = None
    """User and password that it asks for."""
    verdict_delay: float = 0.0
    """Seconds that it thinks about a password."""
    asked: list[tuple[str, int]] = field(default_factory=list)
    """Targets, as it was told them."""
    passwords: list[tuple[str, str]] = field(default_factory=list)
    """Every user and password that was sent to it."""
    heads: list[bytes] = field(default_factory=list)
    """The first bytes of each client, up to its request."""
    port: int = 0

    def accepts(self, user: str, password: str, stop: threading.Event) -> bool:
        self.passwords.append((user, password))
        stop.wait(self.verdict_delay)
        return (user, password) == self.password

    def target(self, host: str, port: int) -> socket.socket:
        self.asked.append((host, port))
        return socket.create_connection((self.names.get(host, host), port), timeout=3)


@contextlib.contextmanager
def running(proxy: FakeProxy, behaviour: Behaviour) -> Iterator[FakeProxy]:
    with watched_peer(behaviour) as log:
        proxy.port = log.port
        yield proxy


def http(proxy: FakeProxy) -> Behaviour:
    """CONNECT with Basic, and plain requests in absolute form."""

    def behave(client: socket.socket, stop: threading.Event) -> None:
        client.settimeout(5)
        head = _until(client, b"\r\n\r\n")
        proxy.heads.append(head)
        lines = head.decode("latin-1").split("\r\n")
        sent = next((line for line in lines if line.lower().startswith("proxy-authorization: basic ")), None)
        if proxy.password is not None:
            user, _, word = base64.b64decode(sent.split(" ")[2]).decode().partition(":") if sent else ("", "", "")
            if not sent or not proxy.accepts(user, word, stop):
                client.sendall(
                    b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\n"
                    b'Proxy-Authenticate: Basic realm="lab, two"\r\nContent-Length: 0\r\n\r\n'
                )
                return
        method, where, _ = lines[0].split(" ")
        authority = where.removeprefix("http://").partition("/")[0]
        host, _, port = authority.rpartition(":") if ":" in authority else (authority, "", "80")
        try:
            target = proxy.target(host.strip("[]"), int(port))
        except OSError:
            client.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\noops")
            return
        if method == "CONNECT":
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = "/" + where.removeprefix("http://").partition("/")[2]
            target.sendall(head.replace(where.encode(), path.encode(), 1))
        _relay(client, target, stop)

    return behave


def socks5(proxy: FakeProxy) -> Behaviour:
    """RFC 1928, with RFC 1929 when there is a password."""

    def behave(client: socket.socket, stop: threading.Event) -> None:
        client.settimeout(5)
        head = _exactly(client, 2)
        methods = _exactly(client, head[1])
        head += methods
        wanted = 0 if proxy.password is None else 2
        if wanted not in methods:
            client.sendall(b"\5\xff")
            return
        client.sendall(bytes([5, wanted]))
        if wanted == 2:
            user = _exactly(client, _exactly(client, 2)[1]).decode()
            word = _exactly(client, _exactly(client, 1)[0]).decode()
            if not proxy.accepts(user, word, stop):
                client.sendall(b"\1\1")
                return
            client.sendall(b"\1\0")
        request = _exactly(client, 4)
        match request[3]:
            case 1:
                address = _exactly(client, 4)
                host = socket.inet_ntop(socket.AF_INET, address)
            case 4:
                address = _exactly(client, 16)
                host = socket.inet_ntop(socket.AF_INET6, address)
            case _:
                address = _exactly(client, 1)
                address += _exactly(client, address[0])
                host = address[1:].decode()
        port = _exactly(client, 2)
        proxy.heads.append(head + request + address + port)
        try:
            target = proxy.target(host, int.from_bytes(port, "big"))
        except OSError:
            client.sendall(b"\5\5\0\1" + b"\0" * 6)
            return
        client.sendall(b"\5\0\0\1" + b"\0" * 6)
        _relay(client, target, stop)

    return behave


def socks4(proxy: FakeProxy) -> Behaviour:
    """SOCKS 4 and 4a."""

    def behave(client: socket.socket, stop: threading.Event) -> None:
        client.settimeout(5)
        request = _exactly(client, 8)
        user = _until(client, b"\0")
        host, name = socket.inet_ntop(socket.AF_INET, request[4:]), b""
        if request[4:7] == b"\0\0\0":
            name = _until(client, b"\0")
            host = name[:-1].decode()
        proxy.heads.append(request + user + name)
        try:
            target = proxy.target(host, int.from_bytes(request[2:4], "big"))
        except OSError:
            client.sendall(b"\0\x5b" + b"\0" * 6)
            return
        client.sendall(b"\0\x5a" + b"\0" * 6)
        _relay(client, target, stop)

    return behave


def _exactly(client: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += client.recv(size - len(data)) or _ended()
    return data


def _until(client: socket.socket, mark: bytes) -> bytes:
    data = b""
    while not data.endswith(mark):
        data += client.recv(1) or _ended()
    return data


def _ended() -> bytes:
    raise ConnectionResetError("the client has ended")


def _relay(client: socket.socket, target: socket.socket, stop: threading.Event) -> None:
    with target:
        while not stop.is_set():
            for ready in select.select([client, target], [], [], 0.05)[0]:
                data = ready.recv(65536)
                if not data:
                    return
                (target if ready is client else client).sendall(data)
