"""A listening port with a thread for each connection, which can be stopped without leaving one behind."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import struct
import threading
from collections.abc import Callable

from stdiag.lab.error import LabError

_BACKLOG = 128
_LINGER = 1.0
_DRAIN_LIMIT = 1 << 20


class Connection:
    """One accepted connection. `socket` is replaced when TLS is put over it, so that the listener can always end it."""

    def __init__(self, accepted: socket.socket, stopping: threading.Event) -> None:
        self.socket = accepted
        self.stopping = stopping

    def interrupt(self) -> None:
        """Wake the thread that serves it: from any thread, whatever it waits for."""
        with contextlib.suppress(OSError):
            # The plain socket's own method: that of an SSLSocket would drop the TLS state under the serving thread.
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)

    def discard_input(self) -> None:
        """Read and forget until the peer leaves or the listener stops."""
        while self.socket.recv(4096):
            pass

    def close(self) -> None:
        """End it in an orderly way. Unread bytes would turn the close into a reset, so they are read first."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.socket, socket.SHUT_WR)
            self.socket.settimeout(_LINGER)
            drained = 0
            while drained < _DRAIN_LIMIT and (chunk := socket.socket.recv(self.socket, 65536)):
                drained += len(chunk)
        self.socket.close()

    def reset(self) -> None:
        """Tear it down with an RST."""
        # struct linger holds two ints, on Windows two unsigned shorts.
        linger = struct.pack("HH" if os.name == "nt" else "ii", 1, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.socket.close()


Handler = Callable[[Connection], None]
"""Serves one connection on a thread of its own; an OSError ends the connection, as it would in any server."""


def bound_socket(address: str, port: int = 0) -> socket.socket:
    """A TCP socket bound to a loopback address, at a port of the system's choice unless one is given.

    Raises LabError when this machine has no such address or the port is taken.
    """
    made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.bind((address, port))
    except OSError as problem:
        made.close()
        raise LabError(f"The lab cannot listen on {address}: {problem.strerror or problem}.") from problem
    return made


class ListeningServer:
    """Accepts connections on a bound socket and hands each to `handle`."""

    def __init__(self, bound: socket.socket, handle: Handler, name: str) -> None:
        self._socket = bound
        self._handle = handle
        self._name = name
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._serving: dict[Connection, threading.Thread] = {}
        self._wake, self._woken = socket.socketpair()
        self._acceptor = threading.Thread(target=self._accept_all, name=f"lab {name}", daemon=True)

    def start(self) -> None:
        """Begin to accept. When this returns, connections are answered."""
        with self._lock:
            if self._stopping.is_set():  # another thread has ended the lab meanwhile
                return
            self._socket.listen(_BACKLOG)
            self._socket.setblocking(False)
            self._acceptor.start()

    def stop(self) -> None:
        """Close the port and every connection, and wait for their threads."""
        with self._lock:
            self._stopping.set()
        self._wake.send(b"\0")
        if self._acceptor.ident is not None:  # a port that could not be listened on never got its thread
            self._acceptor.join()
        for end in (self._socket, self._wake, self._woken):
            end.close()
        while True:
            with self._lock:
                serving = list(self._serving.items())
            if not serving:
                return
            for connection, thread in serving:
                connection.interrupt()
                thread.join(0.05)

    def _accept_all(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while not self._stopping.is_set():
                selector.select()
                with contextlib.suppress(OSError):  # nobody there after all, or gone before it was accepted
                    accepted, _ = self._socket.accept()
                    self._serve(accepted)

    def _serve(self, accepted: socket.socket) -> None:
        accepted.setblocking(True)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(accepted, self._stopping)
        thread = threading.Thread(
            target=self._run, args=(connection,), name=f"lab {self._name} connection", daemon=True
        )
        with self._lock:
            self._serving[connection] = thread
        thread.start()

    def _run(self, connection: Connection) -> None:
        try:
            with contextlib.suppress(OSError):
                self._handle(connection)
            connection.close()
        finally:
            with self._lock:
                del self._serving[connection]
