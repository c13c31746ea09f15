"""requests and urllib3 under guard: their connections go only where they may, and end when the time is over.

Those libraries bound each single read; a server that sends a byte now and then is waited for without end. So every
connection is known here, and a watching thread shuts it down when the deadline has passed or the work is cancelled.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Any
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
from stdiag.net.faults import NetError, failed, fault_of
from stdiag.net.resolve import Resolver
from stdiag.net.trace import StepRecorder

_CONNECT_SECONDS = 5.0

_HEADERS = {
    "User-Agent": f"stdiag/{__version__}",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
}

# Prefixes in which an IPv4 address hides inside an IPv6 one: NAT64 (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


# What the libraries raise, in the order in which it decides. A ValueError comes from a number that is none, and is
# then dressed as an early end; what has no entry is HTTP that they could not read.
_REASONS: tuple[tuple[tuple[type[BaseException], ...], FaultReason], ...] = (
    ((ssl.SSLError,), FaultReason.TLS_PROTOCOL),
    ((ValueError,), FaultReason.MALFORMED),
    ((http.client.RemoteDisconnected, http.client.IncompleteRead), FaultReason.CLOSED),
    ((TimeoutError, urllib3.exceptions.TimeoutError, requests.Timeout), FaultReason.SILENT),
)


class Guard:
    """Makes GET requests for one fetch. A context manager: at its end no thread and no socket is left."""

    def __init__(self, deadline: Deadline, steps: StepRecorder, resolver: Resolver, *, allow_private: bool) -> None:
        self._deadline = deadline
        self._steps = steps
        self._resolver = resolver
        self._allow_private = allow_private
        self._lock = threading.Lock()
        self._handles: list[socket.socket] = []
        self._done = threading.Event()
        self._ended = threading.Event()
        """Set when the watching thread has shut the connections down."""
        self._watcher = threading.Thread(target=self._watch, name="fetch deadline", daemon=True)
        self.bytes_came = False

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
        """(status, Location, body). The body is read for status 200 only. Raises NetError."""
        self.bytes_came = False
        # Said once in fetch.py: what is fetched proves itself.
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        adapter = _adapter(self, urlsplit(url).scheme)
        try:
            return self._exchange(adapter, url, limit)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise NetError(self._own_fault() or _fault_of_failure(error)) from error
        except (http.client.HTTPException, OSError, ValueError) as error:
            raise NetError(self._own_fault() or _fault_of_failure(error)) from error
        finally:
            adapter.close()

    def _exchange(self, adapter: HTTPAdapter, url: str, limit: int) -> tuple[int, str | None, bytes]:
        # The adapter and not a session: a session knows cookies, the environment, and reads a redirect's body whole.
        request = requests.Request("GET", url, headers=_HEADERS).prepare()
        wait = max(0.001, self._deadline.remaining())
        with adapter.send(request, stream=True, timeout=wait, verify=False, proxies={}) as response:
            self.bytes_came = True
            location = response.headers.get("Location")
            if response.status_code != 200:
                return response.status_code, location, b""
            coding = response.headers.get("Content-Encoding", "identity").strip().lower()
            if coding not in ("", "identity"):
                raise failed(FaultReason.MALFORMED, f"compressed ({coding[:20]}), which was not asked for")
            body = bytearray()
            # Up to the empty read: only there urllib3 compares with the Content-Length.
            while data := response.raw.read(limit + 1 - len(body), decode_content=False):
                body += data
                if len(body) > limit:
                    raise failed(FaultReason.TOO_LARGE, f"more than {limit} bytes")
        own = self._own_fault()
        if own:  # a connection that is shut down here looks like the regular end of a body without a length
            raise NetError(own)
        return 200, None, bytes(body)

    def open(self, host: str, port: int) -> socket.socket:
        """A blocking socket, connected to an address of `host` that may be contacted. Raises NetError."""
        addresses = self._resolver.resolve(host.strip("[]"), port, self._deadline, self._steps)
        permitted = [(address, own_port) for address, own_port in addresses if self._permits(address)]
        if not permitted:
            raise failed(FaultReason.FORBIDDEN_TARGET, ", ".join(address for address, _ in addresses))
        last: NetError | None = None
        for address, own_port in permitted:
            try:
                with self._steps.step("tcp", "connect", f"{bracketed(address)}:{own_port}"):
                    sock = connected_socket(address, own_port, self._deadline.within(_CONNECT_SECONDS))
            except NetError as error:
                last = error
                continue
            sock.setblocking(True)
            with self._lock:
                # A second handle on the same connection: the first changes hands when TLS is put over it.
                self._handles.append(sock.dup())
            return _GuardedSocket(sock, self)
        raise last or failed(FaultReason.UNREACHABLE)

    def before_read(self) -> None:
        """Raises TimeoutError when nothing more may be read."""
        if self._deadline.cancelled or self._deadline.expired:
            raise TimeoutError("the time is over")

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


def _tls_context(guard: Guard) -> ssl.SSLContext:
    class GuardedTlsSocket(ssl.SSLSocket):
        def recv_into(self, *args: Any, **kwargs: Any) -> int:
            guard.before_read()
            return super().recv_into(*args, **kwargs)

    context = create_urllib3_context(cert_reqs=ssl.CERT_NONE)
    context.sslsocket_class = GuardedTlsSocket
    return context


def _adapter(guard: Guard, scheme: str) -> HTTPAdapter:
    """An adapter for requests whose connections are opened by `guard`."""

    class Connection(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return guard.open(self.host, self.port)

    class TlsConnection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return guard.open(self.host, self.port)

        def connect(self) -> None:
            super().connect()
            guard.bytes_came = True

    class Pool(HTTPConnectionPool):
        ConnectionCls = Connection

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = TlsConnection

    adapter = HTTPAdapter()
    adapter.poolmanager.pool_classes_by_scheme = {"http": Pool, "https": TlsPool}
    if scheme == "https":
        adapter.poolmanager.connection_pool_kw["ssl_context"] = _tls_context(guard)
    return adapter


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


def _fault_of_failure(error: BaseException) -> Fault:
    """The closed reason for what requests, urllib3, http.client, ssl or the system raised, which wrap one another."""
    layers = list(_layers(error))
    words = str(layers[-1])[:200]
    for kinds, reason in _REASONS:
        if any(isinstance(layer, kinds) for layer in layers):
            return Fault(reason, words)
    for layer in layers:
        if isinstance(layer, OSError) and layer.errno is not None:
            return fault_of(layer)
    return Fault(FaultReason.MALFORMED, words)


def _layers(error: BaseException) -> Iterator[BaseException]:
    """`error` and all that it was made of, outermost first."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        layer = waiting.pop(0)
        if id(layer) in seen:
            continue
        seen.add(id(layer))
        yield layer
        inner = [layer.__cause__, layer.__context__, getattr(layer, "reason", None), *layer.args]
        waiting.extend(one for one in inner if isinstance(one, BaseException))
