"""requests and urllib3 under guard: their connections go only where they may, and end when the time is over.

Those libraries bound each single read; a server that sends a byte now and then is waited for without end. So every
connection is known here, and a watching thread shuts it down when the deadline has passed or the work is cancelled.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.ssl_ import create_urllib3_context

from stdiag import __version__
from stdiag.model import Fault, FaultReason, bracketed
from stdiag.net.deadline import CANCEL_SLICE, Deadline
from stdiag.net.dial import connected_socket
from stdiag.net.faults import NetError, failed
from stdiag.net.http_faults import FOREIGN, fault_of_failure
from stdiag.net.resolve import Resolver
from stdiag.net.stage import Stage
from stdiag.net.trace import StepRecorder

_CONNECT_SECONDS = 5.0
_CHUNK = 64 * 1024

_HEADERS = {
    "User-Agent": f"stdiag/{__version__}",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
}

# Prefixes in which an IPv4 address hides inside an IPv6 one: NAT64 (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Reply(NamedTuple):
    """The head of an answer, and of its body what was wanted."""

    status: int
    headers: dict[str, str]
    """Names in lower case; values of a repeated header are joined with commas (RFC 9110 §5.2)."""
    body: bytes
    """At most as long as the limit; with a fault, what had come until then."""
    fault: Fault | None = None
    """Why the body is not whole: too-large, closed, reset, slow, malformed (compressed, which was not asked for)."""


class Guard:
    """Makes single requests. A context manager: at its end no thread and no socket is left."""

    def __init__(
        self,
        deadline: Deadline,
        steps: StepRecorder,
        resolver: Resolver,
        *,
        allow_private: bool,
        pin: tuple[str, int] | None = None,
        connect_s: float = _CONNECT_SECONDS,
        any_tls: bool = False,
    ) -> None:
        """`pin`: connect to this address and port, whatever the URL names; the caller vouches for it.

        `any_tls`: also TLS versions and ciphers that are no longer offered; somebody else judges them.
        """
        self._deadline = deadline
        self._steps = steps
        self._resolver = resolver
        self._allow_private = allow_private
        self._pin = pin
        self._connect_s = connect_s
        self._any_tls = any_tls
        self._lock = threading.Lock()
        self._handles: list[socket.socket] = []
        self._done = threading.Event()
        self._ended = threading.Event()
        """Set when the watching thread has shut the connections down."""
        self._watcher = threading.Thread(target=self._watch, name="fetch deadline", daemon=True)
        self.bytes_came = False
        self.stage = Stage.NAME
        self.tls_version: str | None = None
        """As OpenSSL calls it, once a handshake was finished."""
        self.waited_us = 0
        """From the connection that stood, TLS included, to the head of the answer."""
        self._stands_since = time.monotonic()

    def __enter__(self) -> Guard:
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._done.set()
        self._watcher.join()
        for handle in self._handles:
            handle.close()

    def get(self, url: str, limit: int) -> tuple[int, str | None, bytes]:
        """(status, Location, body). The body is read for status 200 only, and is whole. Raises NetError."""
        reply = self.ask("GET", url, {}, limit, wanted=lambda status: status == 200)
        if reply.fault is not None:
            raise NetError(reply.fault)
        return reply.status, reply.headers.get("location"), reply.body

    def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        limit: int,
        *,
        wanted: Callable[[int], bool] = lambda _status: True,
    ) -> Reply:
        """One request, without following a redirect. `wanted` says by the status whether the body is to be read.

        Raises NetError when no head of an answer came; `stage` tells how far it went.
        """
        self.bytes_came = False
        self.stage = Stage.NAME
        # Said once in fetch.py and web.py: here nothing is trusted because of a certificate.
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        adapter = self._adapter(urlsplit(url).scheme)
        try:
            # The adapter and not a session: a session knows cookies, the environment, and reads a redirect's body
            # whole.
            request = requests.Request(method, url, headers={**_HEADERS, **headers}).prepare()
            wait = max(0.001, self._deadline.remaining())
            with adapter.send(request, stream=True, timeout=wait, verify=False, proxies=self._proxies()) as response:
                self.waited_us = round((time.monotonic() - self._stands_since) * 1_000_000)
                self.bytes_came = True
                head = {name.lower(): value for name, value in response.headers.items()}
                if not wanted(response.status_code):
                    return Reply(response.status_code, head, b"")
                body = bytearray()
                fault = self._read_body(response, body, limit)
                return Reply(response.status_code, head, bytes(body[:limit]), fault)
        except FOREIGN as error:
            raise NetError(self._own_fault() or fault_of_failure(error)) from error
        finally:
            adapter.close()

    def _read_body(self, response: requests.Response, body: bytearray, limit: int) -> Fault | None:
        coding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in ("", "identity"):
            return Fault(FaultReason.MALFORMED, f"compressed ({coding[:20]}), which was not asked for")
        try:
            # Up to the empty read: only there urllib3 compares with the Content-Length.
            while data := response.raw.read(min(_CHUNK, limit + 1 - len(body)), decode_content=False):
                body += data
                if len(body) > limit:
                    return Fault(FaultReason.TOO_LARGE, f"more than {limit} bytes")
        except FOREIGN as error:
            return self._own_fault() or fault_of_failure(error)
        # A connection that is shut down here looks like the regular end of a body without a length.
        return self._own_fault()

    def open(self, host: str, port: int) -> socket.socket:
        """A blocking socket, connected to an address of `host` that may be contacted. Raises NetError."""
        return self.connected([self._pin] if self._pin else self._permitted(host.strip("[]"), port))

    def connected(self, addresses: Sequence[tuple[str, int]]) -> socket.socket:
        """As `open`, to the first of `addresses` that answers. Raises NetError."""
        self.stage = Stage.TCP
        last: NetError | None = None
        for address, own_port in addresses:
            try:
                with self._steps.step("tcp", "connect", f"{bracketed(address)}:{own_port}"):
                    sock = connected_socket(address, own_port, self._deadline.within(self._connect_s))
            except NetError as error:
                last = error
                continue
            sock.setblocking(True)
            self.watched(sock)
            return self.guarded(sock)
        raise last or failed(FaultReason.UNREACHABLE)

    def watched(self, sock: socket.socket) -> None:
        """Has the watching thread shut `sock` down when the time is over."""
        with self._lock:
            # A second handle on the same connection: the first changes hands when TLS is put over it.
            self._handles.append(sock.dup())

    def guarded(self, sock: socket.socket) -> socket.socket:
        """`sock`, connected and watched, as the library gets it."""
        self.stands()
        return _GuardedSocket(sock, self)

    def stands(self) -> None:
        """From here on an answer is awaited."""
        self.stage = Stage.HTTP
        self._stands_since = time.monotonic()

    def tls_context(self) -> ssl.SSLContext:
        """For TLS under this guard; nothing is verified."""
        return _tls_context(self, any_tls=self._any_tls)

    def before_read(self) -> None:
        """Raises TimeoutError when nothing more may be read."""
        if self._deadline.cancelled or self._deadline.expired:
            raise TimeoutError("the time is over")

    def _permitted(self, host: str, port: int) -> list[tuple[str, int]]:
        addresses = self._resolver.resolve(host, port, self._deadline, self._steps)
        permitted = [(address, own_port) for address, own_port in addresses if self._permits(address)]
        if not permitted:
            raise failed(FaultReason.FORBIDDEN_TARGET, ", ".join(address for address, _ in addresses))
        return permitted

    def _permits(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        for inner in _embedded(ip):
            if inner.is_link_local or inner.is_multicast or inner.is_unspecified:
                return False
            if not (inner.is_global or self._allow_private):
                return False
        return True

    def _adapter(self, scheme: str) -> HTTPAdapter:
        """An adapter for requests whose connections are opened here."""
        plain, over_tls = self._connections()

        class Pool(HTTPConnectionPool):
            ConnectionCls = plain

        class TlsPool(HTTPSConnectionPool):
            ConnectionCls = over_tls

        adapter = HTTPAdapter()
        manager = self._manager(adapter)
        manager.pool_classes_by_scheme = {"http": Pool, "https": TlsPool}
        if scheme == "https":
            manager.connection_pool_kw["ssl_context"] = self.tls_context()
        return adapter

    def _connections(self) -> tuple[type[HTTPConnection], type[HTTPSConnection]]:
        """What the libraries connect with: without TLS, and with it."""
        guard = self

        class Connection(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return guard.open(self.host, self.port)

        class TlsConnection(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                sock = guard.open(self.host, self.port)
                guard.stage = Stage.TLS
                return sock

            def connect(self) -> None:
                super().connect()
                guard.stands()
                guard.tls_version = self.sock.version() if isinstance(self.sock, ssl.SSLSocket) else None
                guard.bytes_came = True

        return Connection, TlsConnection

    def _proxies(self) -> dict[str, str]:
        """What requests is told about proxies: nothing, and so it uses none."""
        return {}

    def _manager(self, adapter: HTTPAdapter) -> urllib3.PoolManager:
        """The part of `adapter` that makes the connections."""
        manager: urllib3.PoolManager = adapter.poolmanager
        return manager

    def _own_fault(self) -> Fault | None:
        """Why this side ended it, when it did."""
        if self._deadline.cancelled:
            return Fault(FaultReason.CANCELLED)
        if self._ended.is_set() or self._deadline.expired:
            return Fault(FaultReason.SLOW if self.bytes_came else FaultReason.SILENT)
        return None

    def _watch(self) -> None:
        while not self._done.wait(min(CANCEL_SLICE, max(0.001, self._deadline.remaining()))):
            if self._deadline.cancelled or self._deadline.expired:
                self._ended.set()
                self._shut_down()
                if self._done.wait(CANCEL_SLICE):
                    return

    def _shut_down(self) -> None:
        with self._lock:
            for handle in self._handles:
                with contextlib.suppress(OSError):  # already at its end
                    handle.shutdown(socket.SHUT_RDWR)


class _GuardedSocket(socket.socket):
    """Asks its guard before each read: a flood is read on even after the connection has been shut down."""

    def __init__(self, sock: socket.socket, guard: Guard) -> None:
        super().__init__(sock.family, sock.type, sock.proto, fileno=sock.detach())
        self._guard = guard

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """As socket.recv_into."""
        self._guard.before_read()
        count = super().recv_into(*args, **kwargs)
        self._guard.bytes_came |= count > 0
        return count


def _tls_context(guard: Guard, *, any_tls: bool) -> ssl.SSLContext:
    class GuardedTlsSocket(ssl.SSLSocket):
        def recv_into(self, *args: Any, **kwargs: Any) -> int:
            guard.before_read()
            return super().recv_into(*args, **kwargs)

    context = create_urllib3_context(cert_reqs=ssl.CERT_NONE)
    if any_tls:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # what is deprecated is what may be spoken here
            context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    context.sslsocket_class = GuardedTlsSocket
    return context


def _embedded(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> Iterator[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """The address that counts: an IPv4 address that hides in `ip`, or else `ip` itself."""
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            yield inner
            return
    yield ip
