"""As much of HTTP/1.1 as the lab's servers need: GET and HEAD, keep-alive, a Date (RFC 9110, RFC 9112)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

_HEAD_LIMIT = 16384
_IDLE = 60.0
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_REASONS = {
    200: "OK",
    301: "Moved Permanently",
    302: "Found",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    403: "Forbidden",
    405: "Method Not Allowed",
    407: "Proxy Authentication Required",
    431: "Request Header Fields Too Large",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked for."""

    path: str
    """Without the query."""
    authorization: str = ""
    """The Authorization header's value; empty without one."""
    cookie: str = ""
    """The Cookie header's value, likewise."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request is answered with."""

    status: int
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    location: str | None = None
    challenges: tuple[str, ...] = ()
    """Values of WWW-Authenticate, one header each (RFC 9110 §11.6.1)."""
    fields: tuple[tuple[str, str], ...] = ()
    """Further headers."""
    closes: bool = False


Respond = Callable[[Request], Reply]


def serve(
    stream: socket.socket, respond: Respond, *, server: str, clock_offset: int = 0, received: bytes = b""
) -> None:
    """Answer requests on one connection until either side ends it.

    `server` is the Server header, `clock_offset` the seconds that the Date header is ahead, `received` what has been
    read already. Raises OSError when the connection breaks.
    """
    stream.settimeout(_IDLE)
    pending = received
    while True:
        while b"\r\n\r\n" not in pending:
            if len(pending) > _HEAD_LIMIT:
                stream.sendall(encode(Reply(431, closes=True), server, clock_offset))
                return
            chunk = stream.recv(4096)
            if not chunk:
                return
            pending += chunk
        head, _, pending = pending.partition(b"\r\n\r\n")
        method, reply = _answer(head, respond)
        encoded = encode(reply, server, clock_offset)
        stream.sendall(encoded.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if method == "HEAD" else encoded)
        if reply.closes or b"\nconnection: close" in head.lower():
            return


def encode(reply: Reply, server: str, clock_offset: int = 0) -> bytes:
    """The reply as it goes over the wire."""
    lines = [
        f"HTTP/1.1 {reply.status} {_REASONS[reply.status]}",
        f"Date: {http_date(time.time() + clock_offset)}",
        f"Server: {server}",
        f"Content-Type: {reply.content_type}",
        f"Content-Length: {len(reply.body)}",
    ]
    if reply.location is not None:
        lines.append(f"Location: {reply.location}")
    lines += [f"WWW-Authenticate: {challenge}" for challenge in reply.challenges]
    lines += [f"{name}: {value}" for name, value in reply.fields]
    if reply.closes:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + reply.body


def http_date(moment: float) -> str:
    """`moment` (seconds since the epoch) as an IMF-fixdate (RFC 9110 §5.6.7), whatever the locale."""
    at = time.gmtime(moment)
    day = f"{_DAYS[at.tm_wday]}, {at.tm_mday:02} {_MONTHS[at.tm_mon - 1]} {at.tm_year}"
    return f"{day} {at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} GMT"


def _answer(head: bytes, respond: Respond) -> tuple[str, Reply]:
    request_line, _, fields = head.decode("latin-1").partition("\r\n")
    match request_line.split(" "):
        case ["GET" | "HEAD" as method, target, version] if version.startswith("HTTP/1."):
            asked = Request(target.partition("?")[0], _field(fields, "authorization"), _field(fields, "cookie"))
            reply = respond(asked)
            # HTTP/1.0 clients (RFC 9112 §9.3) take the end of the connection for the end of the reply.
            return method, replace(reply, closes=reply.closes or version == "HTTP/1.0")
        case [method, _, version] if version.startswith("HTTP/1."):
            return method, Reply(405, closes=True)
        case _:
            return "", Reply(400, closes=True)


def _field(fields: str, name: str) -> str:
    for line in fields.split("\r\n"):
        key, _, value = line.partition(":")
        if key.lower() == name:
            return value.strip()
    return ""
