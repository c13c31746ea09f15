"""libmeanwhile, the free implementation of the Sametime protocol, as the other side of a connection."""

from __future__ import annotations

import contextlib
import re
import shlex
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.peers.process import free_port

SOURCES = Path(__file__).parent / "meanwhile"
LIMIT = 20.0


def compile_peer(name: str, folder: Path) -> Path:
    """Compile `meanwhile/<name>.c` against the installed library; returns the program."""
    found = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "meanwhile", "glib-2.0"], capture_output=True, encoding="utf-8", check=True
    )
    program = folder / name
    subprocess.run(
        ["gcc", "-Wall", "-Wextra", "-Werror", "-O1", "-o", program, SOURCES / f"{name}.c", *shlex.split(found.stdout)],
        check=True,
    )
    return program


@dataclass(frozen=True)
class Conversation:
    """What the library's client made of a server."""

    exit_code: int
    lines: list[str]
    """Its states, and the server's version."""


def converse(client: Path, port: int, address: str = "127.0.0.1") -> Conversation:
    """Let the library's client shake hands with the server at `address`:`port`."""
    with socket.create_connection((address, port), timeout=LIMIT) as connection:
        connection.settimeout(None)
        done = subprocess.run(
            [client],
            stdin=connection.fileno(),
            stdout=connection.fileno(),
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=LIMIT,
            check=False,
        )
    return Conversation(done.returncode, done.stderr.splitlines())


@dataclass
class MeanwhileMux:
    """A server made of the library's message code."""

    port: int
    read: list[str] = field(default_factory=list)
    """One line for each message that it was sent, in the library's understanding."""

    @property
    def messages(self) -> list[str]:
        """The names of the messages. HTTP requests, which `stdiag paths` sends too, are too long for one."""
        return [line.split(" ")[0] for line in self.read if not line.startswith("too-long")]

    def fields(self, message: str) -> dict[str, str]:
        """The fields of the one message with this name."""
        (line,) = [line for line in self.read if line.startswith(f"{message} ")]
        return dict(re.findall(r"(\w+)=(\S*)", line))


@contextlib.contextmanager
def meanwhile_mux(program: Path, *answer: str) -> Iterator[MeanwhileMux]:
    """Run it on 127.0.0.1, one process a connection. `answer` is its command line: `ack`, or `destroy CODE`."""
    served = MeanwhileMux(free_port())
    listener = socket.create_server(("127.0.0.1", served.port))
    listener.settimeout(0.1)
    over = threading.Event()
    conversations: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with connection:
            connection.settimeout(None)
            done = subprocess.run(
                [str(program), *answer],
                stdin=connection.fileno(),
                stdout=connection.fileno(),
                stderr=subprocess.PIPE,
                encoding="utf-8",
                timeout=LIMIT,
                check=False,
            )
        served.read += done.stderr.splitlines()

    def accept() -> None:
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                thread = threading.Thread(target=serve, args=[listener.accept()[0]], daemon=True)
                conversations.append(thread)
                thread.start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield served
    finally:
        over.set()
        accepting.join()
        listener.close()
        for conversation in conversations:
            conversation.join(LIMIT)


def wait_for(served: MeanwhileMux, message: str) -> None:
    """Wait until this message has been read: the client may be gone before its last one is. At most 4 s."""
    limit = threading.Event()
    for _ in range(200):
        if any(line.startswith(f"{message} ") for line in served.read):
            return
        limit.wait(0.02)
