"""Loopback peers that misbehave, each in its own way: what a diagnosis must tell apart.

    with peer(silent) as port: …
    with peer(says(b"220 mail.example.com ESMTP\\r\\n")) as port: …

A behaviour gets the accepted connection and an event that is set when the test is over; each connection has its own
thread, so that a sweep over one peer does not queue.
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Behaviour = Callable[[socket.socket, threading.Event], None]

HTTP_PLAIN = b"HTTP/1.1 400 Bad Request\r\nServer: example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
SMTP_BANNER = b"220 mail.example.com ESMTP Postfix\r\n"
SSH_BANNER = b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"
FTP_BANNER = b"220 ProFTPD Server (Example) [192.0.2.1]\r\n"
IMAP_BANNER = b"* OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot ready.\r\n"
POP3_BANNER = b"+OK POP3 ready\r\n"
# HANDSHAKE_ACK of the Sametime community protocol in its short form: server 30.24, it sees the client as 127.0.0.1.
SAMETIME_ACK = bytes.fromhex("00000010 8000 0000 00000000 001e 0018 7f000001")
# CHANNEL_DESTROY of the master channel: version mismatch.
SAMETIME_REFUSAL = bytes.fromhex("00000010 0003 0000 00000000 80000200 00000000")


@dataclass
class PeerLog:
    """What a peer has seen."""

    port: int
    address: str = "127.0.0.1"
    accepted: int = 0
    open_connections: list[socket.socket] = field(default_factory=list)
    most_open: int = 0
    received: list[bytes] = field(default_factory=list)
    """For behaviours that read: what they got, a connection each."""
    resets: int = 0
    """Connections on which reading ended in a reset by the client."""


_logs: dict[int, PeerLog] = {}
_lock = threading.Lock()


@contextlib.contextmanager
def watched_peer(behaviour: Behaviour, *, address: str = "127.0.0.1") -> Iterator[PeerLog]:
    """A listener whose connections all behave this way, and what it sees."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    stop = threading.Event()
    threads: list[threading.Thread] = []
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, 0))
        listener.listen(64)
        log = PeerLog(listener.getsockname()[1], address)
        acceptor = threading.Thread(target=_accept, args=(listener, behaviour, stop, threads, log), daemon=True)
        acceptor.start()
        with _lock:
            _logs[log.port] = log
        try:
            yield log
        finally:
            stop.set()
            acceptor.join(5)
            for thread in threads:
                thread.join(5)
            with _lock:
                del _logs[log.port]


@contextlib.contextmanager
def peer(behaviour: Behaviour, *, address: str = "127.0.0.1") -> Iterator[int]:
    """As watched_peer, for tests that only need the port."""
    with watched_peer(behaviour, address=address) as log:
        yield log.port


def _accept(
    listener: socket.socket, behaviour: Behaviour, stop: threading.Event, threads: list[threading.Thread], log: PeerLog
) -> None:
    while True:
        if not select.select([listener], [], [], 0.02)[0]:
            if stop.is_set():
                return
        else:
            connection, _ = listener.accept()
            with _lock:
                log.accepted += 1
                log.open_connections.append(connection)
                log.most_open = max(log.most_open, sum(not _left(each) for each in log.open_connections))
            thread = threading.Thread(target=_behave, args=(connection, behaviour, stop, log), daemon=True)
            threads.append(thread)
            thread.start()


def _behave(connection: socket.socket, behaviour: Behaviour, stop: threading.Event, log: PeerLog) -> None:
    with contextlib.suppress(OSError):  # the client may leave at any moment
        behaviour(connection, stop)
    with _lock:
        log.open_connections.remove(connection)
        connection.close()


def _left(connection: socket.socket) -> bool:
    """True when the client has closed it, which the thread that serves it may see only later."""
    waiting = select.poll()
    try:
        waiting.register(connection, select.POLLRDHUP)
    except ValueError:  # the behaviour has closed it
        return True
    return bool(waiting.poll(0))


def _log_of(connection: socket.socket) -> PeerLog:
    with _lock:
        return _logs[connection.getsockname()[1]]


def silent(connection: socket.socket, stop: threading.Event) -> None:
    """Accepts, listens and says nothing, until the client leaves."""
    while not stop.is_set():
        if select.select([connection], [], [], 0.02)[0] and not connection.recv(65536):
            return


def closes(connection: socket.socket, stop: threading.Event) -> None:
    """Ends the connection at once, in an orderly way: what the client says is still read, or it would be a reset."""
    connection.shutdown(socket.SHUT_WR)
    silent(connection, stop)


def resets(connection: socket.socket, stop: threading.Event) -> None:
    """Reads what the client says first, then resets."""
    connection.settimeout(5)
    connection.recv(65536)
    _reset(connection)
    del stop


def closes_after_hello(connection: socket.socket, stop: threading.Event) -> None:
    """Reads what the client says first, then ends in an orderly way."""
    connection.settimeout(5)
    connection.recv(65536)
    closes(connection, stop)


def says(*pieces: bytes, pause: float = 0.0, then: Behaviour = silent) -> Behaviour:
    """Says these pieces of its own accord, `pause` seconds between them."""

    def behave(connection: socket.socket, stop: threading.Event) -> None:
        for piece in pieces:
            connection.sendall(piece)
            if pause and stop.wait(pause):
                return
        then(connection, stop)

    return behave


def answers(*pieces: bytes, pause: float = 0.0, then: Behaviour = closes) -> Behaviour:
    """Waits for the client's first bytes, says these pieces, then does `then`."""

    def behave(connection: socket.socket, stop: threading.Event) -> None:
        connection.settimeout(5)
        question = connection.recv(65536)
        with _lock:
            _logs[connection.getsockname()[1]].received.append(question)
        says(*pieces, pause=pause, then=then)(connection, stop)

    return behave


def drips(data: bytes, *, pause: float = 0.05, then: Behaviour = silent) -> Behaviour:
    """Says `data` a byte at a time."""
    return says(*(data[index : index + 1] for index in range(len(data))), pause=pause, then=then)


def floods(chunk: bytes, *, before: bytes = b"", limit: int = 64 << 20) -> Behaviour:
    """After the client's first bytes: `before`, and then `chunk` over and over."""

    def behave(connection: socket.socket, stop: threading.Event) -> None:
        connection.settimeout(5)
        connection.recv(65536)
        connection.sendall(before)
        sent = 0
        while not stop.is_set() and sent < limit:
            connection.sendall(chunk)
            sent += len(chunk)

    return behave


def listens(connection: socket.socket, stop: threading.Event) -> None:
    """Reads until the client has ended, and logs all of it and whether the end was a reset."""
    log = _log_of(connection)
    came = b""
    while True:
        if not select.select([connection], [], [], 0.1)[0]:
            if stop.is_set():
                break
            continue
        try:
            data = connection.recv(65536)
        except ConnectionResetError:
            with _lock:
                log.resets += 1
            break
        if not data:
            break
        came += data
    with _lock:
        log.received.append(came)


def _reset(connection: socket.socket) -> None:
    """SO_LINGER with 0 seconds makes closing a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@contextlib.contextmanager
def full_backlog() -> Iterator[int]:
    """A listener that answers no further connect: its queue is full and nobody accepts."""
    with socket.socket() as listener, contextlib.ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(8):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@contextlib.contextmanager
def refusing() -> Iterator[int]:
    """A port that is bound, so that nobody else gets it, and on which nobody listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]
