"""One request over a connection of our own: only the head of the answer and the beginning of its body matter.

A library would want to make the connection itself; this one is made, and its handshake is part of the diagnosis.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from stdiag import __version__
from stdiag.model import FaultReason, bracketed
from stdiag.net.byte_stream import ByteStream
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError, failed
from stdiag.net.resolve import ascii_name, is_address
from stdiag.net.tls import TlsSession

MAX_HEAD = 64 * 1024
"""A longer head is given up."""

MAX_BODY = 4 * 1024
"""So much of the body is kept: enough for a server's error page."""

_CHUNK = 16 * 1024
_BODY_PATIENCE = 1.0
_MAX_INTERIM = 8

_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})(?: |$)")
_HEAD_END = re.compile(rb"\r?\n\r?\n")


class HttpAnswer(NamedTuple):
    """The head of an HTTP answer and the beginning of its body."""

    status: int
    headers: dict[str, str]
    """Names in lower case; values of a repeated header are joined with commas (RFC 9110 §5.2)."""
    body: bytes
    """As sent: neither de-chunked nor decompressed."""


def glance(connection: TlsSession | ByteStream, host: str, deadline: Deadline) -> HttpAnswer:
    """Sends one `GET /` (no credentials, no cookies) and reads the beginning of the answer.

    Raises NetError: what the connection did instead; malformed when the answer is not HTTP/1.x; too-large when its
    head is longer than 64 KiB. A body that ends early or never is cut where the time is over, without an error.
    """
    request = (
        f"GET / HTTP/1.1\r\nHost: {_host_field(host)}\r\nUser-Agent: stdiag/{__version__}\r\n"
        "Accept: */*\r\nConnection: close\r\n\r\n"
    ).encode("ascii")
    return exchange(connection, request, deadline)


def exchange(connection: TlsSession | ByteStream, request: bytes, deadline: Deadline) -> HttpAnswer:
    """Sends `request` as it is and reads the beginning of the answer. Raises NetError as `glance` does."""
    if isinstance(connection, TlsSession):
        connection.write(request, deadline)
    else:
        connection.send_all(request, deadline)
    came = bytearray()
    for _ in range(_MAX_INTERIM):
        head = _read_head(connection, came, deadline)
        status, headers = _parsed(head)
        if status >= 200 or status == 101:
            _read_body(connection, came, status, headers, deadline)
            return HttpAnswer(status, headers, bytes(came[:MAX_BODY]))
    raise failed(FaultReason.MALFORMED, f"more than {_MAX_INTERIM} interim answers")


def _host_field(host: str) -> str:
    """A zone stays on this machine (RFC 6874 §4)."""
    return bracketed(host.partition("%")[0]) if is_address(host) else ascii_name(host)


def _read_head(connection: TlsSession | ByteStream, came: bytearray, deadline: Deadline) -> bytes:
    """Takes the next head off `came`, reading until it is complete."""
    searched = 0
    while True:
        end = _HEAD_END.search(came, max(0, searched - 3))
        if end:
            head = bytes(came[: end.start()])
            del came[: end.end()]
            return head
        searched = len(came)
        if searched > MAX_HEAD:
            raise failed(FaultReason.TOO_LARGE, f"a head of more than {MAX_HEAD} bytes")
        if came and not b"HTTP/".startswith(came[:5]) and not came.startswith(b"HTTP/"):
            raise failed(FaultReason.MALFORMED, "the answer does not begin with HTTP/")
        data = _received(connection, deadline)
        if not data:
            reason = FaultReason.MALFORMED if came else FaultReason.CLOSED
            raise failed(reason, f"ended after {len(came)} bytes of the head")
        came += data


def _read_body(
    connection: TlsSession | ByteStream, came: bytearray, status: int, headers: dict[str, str], deadline: Deadline
) -> None:
    wanted = MAX_BODY
    length = headers.get("content-length", "")
    if length.isdecimal() and len(length) < 10:
        wanted = min(wanted, int(length))
    if status in (101, 204, 304):
        wanted = 0
    chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    patience = deadline.within(_BODY_PATIENCE)
    while len(came) < wanted and not (chunked and came.endswith(b"0\r\n\r\n")):
        try:
            data = _received(connection, patience)
        except NetError:
            return
        if not data:
            return
        came += data


def _received(connection: TlsSession | ByteStream, deadline: Deadline) -> bytes:
    if isinstance(connection, TlsSession):
        return connection.read(_CHUNK, deadline)
    return connection.recv(_CHUNK, deadline)


def _parsed(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = re.split(rb"\r?\n", head)
    status_line = _STATUS_LINE.match(first)
    if status_line is None:
        raise failed(FaultReason.MALFORMED, "the status line is not HTTP/1.x's")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon:
            continue  # a folded or broken line: nothing that a diagnosis rests on
        key = name.strip().decode("latin-1").lower()
        text = value.strip().decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return int(status_line[1]), headers
