"""Serving HTTPS: the handshake, and the ways in which a machine on the way can spoil it."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from dataclasses import dataclass

from stdiag.lab.blueprint import WithoutSni
from stdiag.lab.fronts import WebServer
from stdiag.lab.listener import Connection

LONGEST_HELLO = 1400
"""Bytes of ClientHello that a middlebox lets through which reads one packet only."""

_DRIP_PAUSE = 0.2
_HANDSHAKE = 60.0


@dataclass(frozen=True, slots=True)
class Contexts:
    """What the server answers with: to clients that name a server in their hello, and to those that do not."""

    named: ssl.SSLContext
    unnamed: ssl.SSLContext | None
    """The context of another certificate, where `without_sni` says so."""
    without_sni: WithoutSni

    def __post_init__(self) -> None:
        def choose(tls: ssl.SSLSocket | ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> int | None:
            if name is not None or self.without_sni is WithoutSni.SAME:
                return None
            if self.without_sni is WithoutSni.ALERT:
                return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            if self.unnamed is not None:
                tls.context = self.unnamed
            return None

        self.named.sni_callback = choose


class TlsService:
    """Handler of the STProxy's TLS connections. `contexts` may be replaced while it runs."""

    def __init__(self, contexts: Contexts, web: WebServer, clock_offset: int = 0) -> None:
        self.contexts = contexts
        self._web = web
        self._clock_offset = clock_offset

    def __call__(self, connection: Connection) -> None:
        """Serve one connection: handshake, then HTTP."""
        accepted = connection.socket
        accepted.settimeout(_HANDSHAKE)
        tls = self.contexts.named.wrap_socket(accepted, server_side=True, do_handshake_on_connect=False)
        connection.socket = tls
        tls.do_handshake()
        self._web.serve(connection, self._clock_offset)
        with contextlib.suppress(OSError):
            tls.settimeout(1.0)
            tls.unwrap()


class LongHelloSwallowed:
    """In front of `service`, a middlebox that loses every ClientHello of more than LONGEST_HELLO bytes."""

    def __init__(self, service: TlsService) -> None:
        self._service = service

    def __call__(self, connection: Connection) -> None:
        """Look at the first record's length before the TLS library does."""
        header = b""
        while len(header) < 5:
            header = connection.socket.recv(5, socket.MSG_PEEK)
            if not header or (len(header) < 5 and connection.stopping.wait(0.01)):
                return
        if int.from_bytes(header[3:5], "big") > LONGEST_HELLO:
            connection.discard_input()
            return
        self._service(connection)


class Dripping:
    """A handshake whose every byte takes its time."""

    def __init__(self, contexts: Contexts) -> None:
        self._contexts = contexts

    def __call__(self, connection: Connection) -> None:
        """Shake hands through memory, and let out one byte at a time."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = self._contexts.named.wrap_bio(incoming, outgoing, server_side=True)
        while chunk := connection.socket.recv(16384):
            incoming.write(chunk)
            with contextlib.suppress(ssl.SSLWantReadError):
                tls.do_handshake()
            if not _drip(connection.socket, outgoing.read(), connection.stopping):
                return


def _drip(stream: socket.socket, data: bytes, stopping: threading.Event) -> bool:
    for byte in data:
        stream.sendall(bytes([byte]))
        if stopping.wait(_DRIP_PAUSE):
            return False
    return True
