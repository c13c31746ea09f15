"""Requests over a connection that somebody else has made: a tunnel through a proxy, say.

requests and urllib3 read HTTP, as on every other way; what waits and what speaks TLS is this room's own, so that a
fault keeps its exact reason, and TLS may go inside the TLS of an https proxy.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from urllib3.connection import HTTPConnection, HTTPSConnection

from stdiag.net.byte_stream import ByteStream
from stdiag.net.faults import NetError
from stdiag.net.http_guard import Guard, Reply
from stdiag.net.resolve import is_address
from stdiag.net.stage import Stage
from stdiag.net.tls import TlsOffer, handshake
from stdiag.net.tls_stream import TlsStream

if TYPE_CHECKING:
    import requests

    from stdiag.model import Fault
    from stdiag.net.deadline import Deadline
    from stdiag.net.resolve import Resolver
    from stdiag.net.trace import StepRecorder


class OverGuard(Guard):
    """A Guard for one request over a stream, which it closes at its end. Any TLS version is taken, and nothing is
    verified: the TLS probe judges both."""

    def __init__(self, stream: ByteStream, deadline: Deadline, steps: StepRecorder, resolver: Resolver) -> None:
        super().__init__(deadline, steps, resolver, allow_private=True)
        self._stream = stream

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, traceback)
        self._stream.close()

    def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        limit: int,
        *,
        wanted: Callable[[int], bool] = lambda _status: True,
    ) -> Reply:
        """As Guard.ask."""
        try:
            return super().ask(method, url, headers, limit, wanted=wanted)
        except NetError as error:
            raise NetError(self._own_fault() or error.fault) from error

    def _read_body(self, response: requests.Response, body: bytearray, limit: int) -> Fault | None:
        try:
            return super()._read_body(response, body, limit)
        except NetError as error:
            return self._own_fault() or error.fault

    def _connections(self) -> tuple[type[HTTPConnection], type[HTTPSConnection]]:
        guard = self

        class Connection(HTTPConnection):
            def connect(self) -> None:
                guard.stands()
                self.sock = guard.socket_like()

        class TlsConnection(HTTPSConnection):
            def connect(self) -> None:
                guard.secure(self.host)
                self.sock = guard.socket_like()

        return Connection, TlsConnection

    def secure(self, host: str) -> None:
        """Puts TLS with `host` over the stream. Raises NetError."""
        self.stage = Stage.TLS
        name = None if is_address(host.strip("[]")) else host
        offer = TlsOffer(label="http", server_name=name, security_level=0, alpn=("http/1.1",))
        session = handshake(self._stream, offer, self._deadline, None)
        self._stream = TlsStream(session, self._stream.peer)
        if session.result.fault is not None:
            raise NetError(session.result.fault)
        self.stands()
        self.tls_version = session.result.protocol
        self.bytes_came = True

    def socket_like(self) -> Any:
        """What the library takes for a socket."""
        return _SocketLike(self._stream, self._deadline, self)


class _SocketLike:
    """As much of a socket as http.client needs for one request. The guard closes the stream: the answer is still read
    when the library has closed its connection."""

    def __init__(self, stream: ByteStream, deadline: Deadline, guard: OverGuard) -> None:
        self._stream = stream
        self._deadline = deadline
        self._guard = guard

    def sendall(self, data: bytes) -> None:
        self._stream.send_all(bytes(data), self._deadline)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._stream, self._deadline, self._guard))

    def settimeout(self, _seconds: float | None) -> None:
        """The deadline holds."""

    def close(self) -> None:
        """Left to the guard."""


class _Reader(io.RawIOBase):
    def __init__(self, stream: ByteStream, deadline: Deadline, guard: OverGuard) -> None:
        self._stream = stream
        self._deadline = deadline
        self._guard = guard

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.recv(len(buffer), self._deadline)
        except NetError:
            # As an end, so that what has come by then is kept: the guard knows that the time is over.
            if self._deadline.expired or self._deadline.cancelled:
                return 0
            raise
        self._guard.bytes_came |= bool(data)
        buffer[: len(data)] = data
        return len(data)
