"""An HTTP proxy as companies have it: CONNECT to port 443 only, plain requests to most ports (RFC 9110 §7.3, §9.3.6).

It leads to the lab's own ports and to nothing else. Its error pages name their cause as squid's do, in X-Squid-Error.
"""

from __future__ import annotations

import base64
import contextlib
import socket

from stdiag.lab import http
from stdiag.lab.blueprint import PROXY_PASSWORD, PROXY_USER, HttpProxyManner
from stdiag.lab.http import Reply
from stdiag.lab.listener import Connection
from stdiag.lab.relay import PATIENCE, Destination, Destinations, relay

NAME = "lab-proxy"
TUNNEL_PORTS = frozenset({443})
"""What CONNECT may lead to: squid is delivered so, and Sametime's ports are not among them."""
COMMUNITY_PORT = 1533

_HEAD_LIMIT = 16384
_TIME = 60.0
_CHUNK = 65536
_PASSWORD = "Basic " + base64.b64encode(f"{PROXY_USER}:{PROXY_PASSWORD}".encode()).decode("ascii")
_HOP_BY_HOP = ("connection:", "proxy-connection:", "proxy-authorization:", "keep-alive:")  # RFC 9110 §7.6.1
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_CHALLENGES = {
    HttpProxyManner.ASKS_LOGIN: ('Basic realm="lab"',),
    HttpProxyManner.ASKS_NTLM: ("Negotiate", "NTLM"),
}


class HttpProxy:
    """Handler of the HTTP proxy's connections: one request each."""

    def __init__(self, manner: HttpProxyManner, destinations: Destinations) -> None:
        """`destinations` may grow until the first client comes."""
        self._manner = manner
        self._destinations = destinations

    def __call__(self, connection: Connection) -> None:
        """Serve one connection."""
        client = connection.socket
        client.settimeout(_TIME)
        head, rest = _head(client)
        if head is None:
            return
        request_line, *fields = head.decode("latin-1").split("\r\n")
        method, _, target = request_line.rpartition(" ")[0].partition(" ")
        refusal = self._asks_for_login(fields)
        if refusal is None:
            refusal = self._serve(client, method, target, fields, rest)
        if refusal is not None:
            client.sendall(http.encode(refusal, NAME))

    def _asks_for_login(self, fields: list[str]) -> Reply | None:
        challenges = _CHALLENGES.get(self._manner)
        shown = next((line.partition(":")[2].strip() for line in fields if _is(line, "proxy-authorization")), None)
        if challenges is None or (self._manner is HttpProxyManner.ASKS_LOGIN and shown == _PASSWORD):
            return None
        asked = tuple(("Proxy-Authenticate", challenge) for challenge in challenges)
        return _error(407, "ERR_CACHE_ACCESS_DENIED 0", *asked)

    def _serve(self, client: socket.socket, method: str, target: str, fields: list[str], rest: bytes) -> Reply | None:
        """Carry the request out; what to refuse it with, if that cannot be."""
        host, port, path = _place(method, target)
        destination = self._destinations.find(host, port)
        if self._manner is HttpProxyManner.KNOWS_NO_NAMES and host.rpartition(".")[2].isalpha():
            return _error(503, "ERR_DNS_FAIL 0")
        if destination is None or not self._allows(method, destination):
            return _error(403, "ERR_ACCESS_DENIED 0")
        try:
            server = destination.connect()
        except TimeoutError:
            return _error(503, "ERR_CONNECT_FAIL 110")
        except OSError as problem:
            return _error(503, f"ERR_CONNECT_FAIL {problem.errno}")
        with server:
            if method == "CONNECT":
                client.sendall(_ESTABLISHED)
                server.sendall(rest)
                relay(client, server)
                return None
            kept = [line for line in fields if line and not line.lower().startswith(_HOP_BY_HOP)]
            lines = [f"{method} {path} HTTP/1.1", *kept, f"Via: 1.1 {NAME}", "Connection: close", "", ""]
            return _forward(client, server, "\r\n".join(lines).encode("latin-1") + rest)

    def _allows(self, method: str, destination: Destination) -> bool:
        if method == "CONNECT":
            return destination.port in TUNNEL_PORTS
        return self._manner is not HttpProxyManner.DENIES_COMMUNITY_PORT or destination.port != COMMUNITY_PORT


def _forward(client: socket.socket, server: socket.socket, request: bytes) -> Reply | None:
    """The server's answer, as it comes; or what to say in its place."""
    server.settimeout(PATIENCE)
    first = b""
    try:
        server.sendall(request)
        first = server.recv(_CHUNK)
    except TimeoutError:
        return _error(504, "ERR_READ_TIMEOUT 110")
    except OSError as problem:
        return _error(502, f"ERR_READ_ERROR {problem.errno}")
    if not first:
        return _error(502, "ERR_ZERO_SIZE_OBJECT 0")
    if not first.startswith(b"HTTP/"):
        return _error(502, "ERR_INVALID_RESP 0")
    client.sendall(first.replace(b"\r\n", f"\r\nVia: 1.1 {NAME}\r\n".encode("ascii"), 1))
    with contextlib.suppress(TimeoutError):
        while chunk := server.recv(_CHUNK):
            client.sendall(chunk)
    return None


def _head(client: socket.socket) -> tuple[bytes | None, bytes]:
    """(request line and fields, what came behind them); None for who leaves before."""
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = client.recv(4096) if len(received) < _HEAD_LIMIT else b""
        if not chunk:
            return None, b""
        received += chunk
    head, _, rest = received.partition(b"\r\n\r\n")
    return head, rest


def _place(method: str, target: str) -> tuple[str, int, str]:
    """(host, port, path) that a request names, in authority or absolute form (RFC 9112 §3.2)."""
    authority, slash, path = target.partition("://")[2].partition("/") if method != "CONNECT" else (target, "", "")
    host, colon, digits = authority.rpartition(":")
    if not colon or not digits.isdecimal():
        return authority, 80, slash + path or "/"
    return host.strip("[]"), int(digits), slash + path or "/"


def _error(status: int, cause: str, *fields: tuple[str, str]) -> Reply:
    body = f"<html><body><h1>{cause}</h1></body></html>\n".encode("ascii")
    return Reply(status, body, fields=(("X-Squid-Error", cause), *fields), closes=True)


def _is(line: str, name: str) -> bool:
    return line.partition(":")[0].lower() == name
