"""What is said to a proxy before the tunnel stands: every byte of its replies is kept, because a refusal is the
diagnosis."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import msgspec

from stdiag.model import Fault, FaultReason
from stdiag.net.byte_stream import ByteStream
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError, failed
from stdiag.net.greeting import is_tls, spoken

KEPT = 8 * 1024
"""Bytes of one reply that are kept."""

_CHUNK = 4096

# What a peer that speaks another protocol says comes in one piece or nearly so; this long its rest is waited for.
_REST_S = 0.3
_GREETING_LIMIT = 1024


class TunnelStep(enum.StrEnum):
    """How far the way through a proxy has come."""

    TARGET_DNS = "target-dns"  # looking the target up here, where the proxy does not
    PROXY_DNS = "proxy-dns"  # looking the proxy itself up
    PROXY_TCP = "proxy-tcp"
    PROXY_TLS = "proxy-tls"
    GREETING = "greeting"  # SOCKS5: which way of authentication
    AUTH = "auth"  # SOCKS5: user and password; or waiting for the right to send the password
    REQUEST = "request"  # waiting for the proxy's verdict
    OPEN = "open"


class ProxyReply(msgspec.Struct, kw_only=True):
    """One reply of a proxy, as it came."""

    step: TunnelStep
    received: bytes = b""
    """At most 8 KiB of it; of an HTTP refusal the beginning of its page as well."""
    status: int | None = None
    """HTTP's status, SOCKS's reply code (RFC 1928 §6), the method chosen (§3), or RFC 1929's status."""
    headers: dict[str, str] = {}
    """HTTP: names in lower case; values of a repeated header are joined with commas (RFC 9110 §5.2)."""
    schemes: list[str] = []
    """The ways of authentication that it offers: Proxy-Authenticate's schemes, or SOCKS5's method."""
    sent_credentials: bool = False
    """A password was sent before it."""
    fault: Fault | None = None


class ProxyTalk:
    """One conversation with a proxy over `stream`. Bytes that follow its last reply are the target's: `leftover`."""

    def __init__(self, stream: ByteStream, deadline: Deadline, replies: list[ProxyReply]) -> None:
        """`replies` is added to."""
        self._stream = stream
        self._deadline = deadline
        self._replies = replies
        self._waiting = bytearray()
        self._taken = bytearray()
        self.step = TunnelStep.REQUEST

    @property
    def leftover(self) -> bytes:
        """What has come and was not read as part of a reply."""
        return bytes(self._waiting)

    @contextmanager
    def reply(self, step: TunnelStep, *, sent_credentials: bool = False) -> Iterator[ProxyReply]:
        """What is read in the block is one reply. A fault in it is recorded with what had come."""
        self.step = step
        self._taken.clear()
        reply = ProxyReply(step=step, sent_credentials=sent_credentials)
        self._replies.append(reply)
        try:
            yield reply
        except NetError as error:
            reply.fault = error.fault
            raise
        finally:
            came = bytes(self._taken[:KEPT])
            reply.received = (came + bytes(self._waiting))[:KEPT] if reply.fault else came

    def say(self, data: bytes) -> None:
        """Sends `data`. Raises NetError."""
        self._stream.send_all(data, self._deadline)

    def exactly(self, size: int, patience: float | None = None) -> bytes:
        """The next `size` bytes, within `patience` seconds where it is given.

        Raises NetError: silent or slow by what has come of this reply, closed when the proxy ends before, reset.
        """
        deadline = self._deadline if patience is None else self._deadline.within(patience)
        while len(self._waiting) < size:
            self._receive(deadline)
        return self._take(size)

    def head(self, limit: int) -> bytes:
        """Up to and including the empty line that ends an HTTP head.

        Raises NetError: too-large, proxy-protocol as soon as it cannot be HTTP, or as `exactly`.
        """
        searched = 0
        while True:
            end = _head_end(self._waiting, max(0, searched - 3))
            if 0 <= end <= limit:
                return self._take(end)
            searched = len(self._waiting)
            if searched and not (self._waiting.startswith(b"HTTP/") or b"HTTP/".startswith(self._waiting)):
                self.foreign()
            if searched > limit:
                raise failed(FaultReason.TOO_LARGE, f"a head of more than {limit} bytes")
            self._receive(self._deadline)

    def page(self, size: int, patience: float) -> bytes:
        """At most `size` bytes of what follows, as far as it comes within `patience` seconds. Raises nothing."""
        deadline = self._deadline.within(patience)
        try:
            while len(self._waiting) < size:
                self._receive(deadline)
        except NetError:
            pass  # an error page that ends early is evidence all the same
        return self._take(min(size, len(self._waiting)))

    def awaited(self, patience: float) -> bool:
        """True when within `patience` seconds anything came, or the proxy ended the connection."""
        if self._waiting:
            return True
        try:
            self._receive(self._deadline.within(patience))
        except NetError as error:
            return error.fault.reason in (FaultReason.CLOSED, FaultReason.RESET)
        return True

    def foreign(self) -> NoReturn:
        """Raises NetError proxy-protocol, with the protocol that these bytes belong to as far as it is known."""
        deadline = self._deadline.within(_REST_S)
        try:
            while _recognised(self._all()) in (None, "unknown") and len(self._all()) < _GREETING_LIMIT:
                self._receive(deadline)
        except NetError:
            pass  # what has come is all there is
        first = self._all()
        raise failed(FaultReason.PROXY_PROTOCOL, f"it begins with {first[:8].hex(' ')}", seen=_recognised(first))

    def _all(self) -> bytes:
        return bytes(self._taken) + bytes(self._waiting[:_GREETING_LIMIT])

    def _take(self, size: int) -> bytes:
        data = bytes(self._waiting[:size])
        del self._waiting[:size]
        self._taken += data
        return data

    def _receive(self, deadline: Deadline) -> None:
        came = bool(self._taken or self._waiting)
        try:
            data = self._stream.recv(_CHUNK, deadline)
        except NetError as error:
            if error.fault.reason in (FaultReason.SILENT, FaultReason.SLOW):
                raise failed(FaultReason.SLOW if came else FaultReason.SILENT, error.fault.words) from error
            raise
        if not data:
            raise failed(FaultReason.CLOSED, f"after {len(self._taken) + len(self._waiting)} bytes of its reply")
        self._waiting += data


def _head_end(data: bytearray, start: int) -> int:
    """Where the head ends (RFC 9112 §2.2 lets a lone LF end a line), or -1."""
    ends = [found + len(mark) for mark in (b"\r\n\r\n", b"\n\n", b"\n\r\n") if (found := data.find(mark, start)) != -1]
    return min(ends, default=-1)


def _recognised(first: bytes) -> str | None:
    """The protocol of these bytes, SOCKS's replies included; None when there are too few to tell."""
    if is_tls(first):
        return "tls"
    if len(first) >= 2 and first[0] == 5 and first[1] in (0, 1, 2, 3, 4, 5, 6, 7, 8, 0xFF):
        return "socks5"
    if len(first) >= 2 and first[0] in (0, 4) and 0x5A <= first[1] <= 0x5D:
        return "socks4"
    return spoken(first)
