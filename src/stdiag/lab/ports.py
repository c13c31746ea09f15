"""The lab's ports: bound, listened on, and closed at its end."""

from __future__ import annotations

import contextlib
import socket
from enum import StrEnum
from typing import Protocol

from stdiag.lab import not_tls
from stdiag.lab.blueprint import HOST, Aia, Listener, MuxManner, PushManner
from stdiag.lab.endpoint import Endpoint
from stdiag.lab.listener import Handler, ListeningServer, bound_socket

FIRST_ADDRESS = "127.0.0.1"
SECOND_ADDRESSES = ("127.0.0.2", "::1")  # macOS has the former only when it was set up

_FULL = (Listener.BACKLOG_FULL, MuxManner.BACKLOG_FULL, PushManner.BACKLOG_FULL)


class _Server(Protocol):
    def start(self) -> None: ...
    def stop(self) -> None: ...


class Ports:
    """Opens ports; all of them end with `running`."""

    def __init__(self, running: contextlib.ExitStack) -> None:
        self._running = running

    def listen(
        self,
        role: str,
        speaks: StrEnum,
        handle: Handler | None,
        named_port: int | None = None,
        host: str = HOST,
        *,
        address: str = FIRST_ADDRESS,
    ) -> Endpoint:
        """A port at `address` whose connections `handle` serves; None: nobody accepts any, in the way of `speaks`.

        Raises LabError when this machine has no such address.
        """
        bound = bound_socket(address)
        port = bound.getsockname()[1]
        server = _server(bound, handle, role, speaks)
        self._running.callback(server.stop)
        server.start()
        words = f"HTTP: {speaks}" if isinstance(speaks, Aia) else str(speaks)
        return Endpoint(role, address, port, words, named_port, host)


def _server(bound: socket.socket, handle: Handler | None, role: str, speaks: StrEnum) -> _Server:
    if handle is not None:
        return ListeningServer(bound, handle, role)
    return not_tls.FullBacklog(bound) if speaks in _FULL else not_tls.NobodyListens(bound)
