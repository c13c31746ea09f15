"""TCP connections: bounded connects, bounded waits, few at a time to one peer."""

from __future__ import annotations

import errno
import os
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from stdiag.model import FaultReason, bracketed
from stdiag.net.deadline import CANCEL_SLICE, Deadline, Timeouts
from stdiag.net.faults import NetError, failed, fault_of, fault_reason
from stdiag.net.trace import StepRecorder

# What connect_ex says while the connection is being made: POSIX, and WSAEWOULDBLOCK on Windows.
_IN_PROGRESS = frozenset({errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN, errno.EALREADY, 10035})

# Seconds after which an unanswered connect gives its place to others: a live server answers sooner, and connects to a
# dead one need not wait for each other.
_UNANSWERED = 0.4

# A leftover that is read before closing, so that the kernel ends the connection with FIN and not with RST (RFC 2525
# §2.17). A peer that sends more than this gets the RST.
_DRAIN_LIMIT = 256 * 1024

# poll() where there is one: select() is limited to the first 1024 file handles on POSIX. On Windows SelectSelector
# watches the exceptional set too, which is where Winsock reports a failed connect.
_Selector: type[selectors.BaseSelector] = getattr(selectors, "PollSelector", selectors.SelectSelector)


class Stream:
    """A connected TCP socket on which nothing waits longer than its deadline.

    It belongs to one thread. What another thread may do is to set the deadline's cancel event.
    """

    def __init__(self, sock: socket.socket, peer: str, on_close: Callable[[], None] | None = None) -> None:
        """Takes over `sock`, which must be connected; `on_close` is called once when it is given back."""
        sock.setblocking(False)
        self._sock = sock
        self._on_close = on_close
        self._closed = False
        self.peer = peer
        """Address and port of the other side."""
        self.bytes_received = 0

    def recv(self, size: int, deadline: Deadline) -> bytes:
        """At most `size` bytes, as they come; b"" when the peer has ended.

        Raises NetError: silent when no byte ever came on this connection, slow when some had (also for a peer that
        goes on sending when the time is over), reset, cancelled.
        """
        while True:
            if deadline.cancelled:
                raise failed(FaultReason.CANCELLED)
            if deadline.expired:
                raise failed(FaultReason.SLOW if self.bytes_received else FaultReason.SILENT)
            data = self.recv_waiting(size)
            if data is not None:
                return data
            _ready(self._sock, selectors.EVENT_READ, deadline)

    def recv_waiting(self, size: int) -> bytes | None:
        """At most `size` bytes of what has come already, b"" when the peer has ended, None when there is nothing.

        Raises NetError: reset.
        """
        try:
            data = self._sock.recv(size)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError as error:
            raise NetError(fault_of(error)) from error
        self.bytes_received += len(data)
        return data

    def send_all(self, data: bytes, deadline: Deadline) -> None:
        """Sends everything. Raises NetError: slow when the peer does not take it, reset, cancelled."""
        rest = memoryview(data)
        while rest:
            if deadline.cancelled:
                raise failed(FaultReason.CANCELLED)
            try:
                sent = self._sock.send(rest)
            except (BlockingIOError, InterruptedError):
                if not _ready(self._sock, selectors.EVENT_WRITE, deadline):
                    raise failed(FaultReason.SLOW, "the peer does not take what is sent") from None
            except OSError as error:
                raise NetError(fault_of(error)) from error
            else:
                rest = rest[sent:]

    def close(self) -> None:
        """Ends the connection and waits for nothing. May be called again."""
        if self._closed:
            return
        self._closed = True
        try:
            self._sock.shutdown(socket.SHUT_WR)
            drained = 0
            while drained < _DRAIN_LIMIT:
                data = self._sock.recv(65536)
                if not data:
                    break
                drained += len(data)
        except OSError:
            pass  # the peer was faster, or has nothing more to say for now
        finally:
            self._sock.close()
            if self._on_close is not None:
                self._on_close()


class Dialer:
    """Makes connections, at most `per_hop` established at a time to one address and port: these are production
    servers. A connect that stays unanswered counts only at first, so that a dead server costs many checks one connect
    time-out and not one after the other."""

    def __init__(self, timeouts: Timeouts, per_hop: int = 8) -> None:
        self._timeouts = timeouts
        self._per_hop = per_hop
        self._lock = threading.Lock()
        self._places: dict[tuple[str, int], threading.BoundedSemaphore] = {}

    def connect(self, address: str, port: int, deadline: Deadline, steps: StepRecorder) -> Stream:
        """A connection to `address` (no name). Closing it frees its place among the `per_hop`.

        The wait for a place is bounded by the deadline and does not count as connect time. Raises NetError.
        """
        peer = f"{bracketed(address)}:{port}"
        places = self._take_place(address, port, deadline, steps)
        held = True

        def give_way() -> None:
            nonlocal held
            places.release()
            held = False

        sock: socket.socket | None = None
        try:
            with steps.step("tcp", "connect", peer):
                sock = connected_socket(address, port, deadline.within(self._timeouts.connect), give_way)
            if not held:
                self._take_place(address, port, deadline, steps)
                held = True
            return Stream(sock, peer, on_close=places.release)
        except BaseException:
            if sock is not None:
                sock.close()
            if held:
                places.release()
            raise

    @contextmanager
    def place(self, address: str, port: int, deadline: Deadline, steps: StepRecorder) -> Iterator[None]:
        """For a connection that somebody else makes: it counts among the `per_hop` while the block lasts.

        Raises NetError when no place became free in time.
        """
        places = self._take_place(address, port, deadline, steps)
        try:
            yield
        finally:
            places.release()

    def _take_place(
        self, address: str, port: int, deadline: Deadline, steps: StepRecorder
    ) -> threading.BoundedSemaphore:
        with self._lock:
            places = self._places.setdefault((address, port), threading.BoundedSemaphore(self._per_hop))
        if not places.acquire(blocking=False):
            with steps.step("tcp", "wait for a free place", f"{bracketed(address)}:{port}"):
                self._wait_for_place(places, deadline)
        return places

    def _wait_for_place(self, places: threading.BoundedSemaphore, deadline: Deadline) -> None:
        while not places.acquire(timeout=min(CANCEL_SLICE, deadline.remaining())):
            if deadline.cancelled:
                raise failed(FaultReason.CANCELLED)
            if deadline.expired:
                words = f"{self._per_hop} connections to this peer are open, and none ended in time"
                raise failed(FaultReason.LOCAL, words)


def connected_socket(
    address: str, port: int, deadline: Deadline, when_unanswered: Callable[[], None] | None = None
) -> socket.socket:
    """A non-blocking socket, connected to `address` (IPv4 or IPv6, which may carry a zone).

    `when_unanswered` is called once if no answer has come soon; the wait for it goes on. Raises NetError.
    """
    started = time.monotonic()
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(
            address, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
        )[0]
        sock = socket.socket(family, kind, protocol)
    except OSError as error:
        raise NetError(fault_of(error)) from error
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _connect(sock, target, deadline, started, when_unanswered)
    except OSError as error:
        sock.close()
        raise NetError(fault_of(error)) from error
    except BaseException:
        sock.close()
        raise
    return sock


def _connect(
    sock: socket.socket,
    target: tuple[object, ...],
    deadline: Deadline,
    started: float,
    when_unanswered: Callable[[], None] | None,
) -> None:
    code = sock.connect_ex(target)
    if code in _IN_PROGRESS:
        answered = _ready(sock, selectors.EVENT_WRITE, deadline.within(_UNANSWERED))
        if not answered and when_unanswered is not None:
            when_unanswered()
        if not answered and not _ready(sock, selectors.EVENT_WRITE, deadline):
            raise failed(FaultReason.TIMEOUT, f"no answer within {time.monotonic() - started:.1f} s")
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise failed(fault_reason(code), f"{errno.errorcode.get(code, code)}: {os.strerror(code)}")
    if sock.getsockname() == sock.getpeername():
        # A port of the ephemeral range on loopback with no listener: TCP's simultaneous open met itself.
        raise failed(FaultReason.REFUSED, "nobody listens: the connection met itself")


def _ready(sock: socket.socket, event: int, deadline: Deadline) -> bool:
    """Waits until `sock` is ready; False when the time is over. Raises NetError when cancelled."""
    with _Selector() as selector:
        selector.register(sock, event)
        while True:
            if deadline.cancelled:
                raise failed(FaultReason.CANCELLED)
            remaining = deadline.remaining()
            if selector.select(min(CANCEL_SLICE, remaining)):
                return True
            if remaining <= 0.0:
                return False
