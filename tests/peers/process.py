"""Server programs as child processes: ready before a test goes on, stopped whatever happens."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

LENIENT = """\
openssl_conf = conf
[conf]
ssl_conf = ssl
[ssl]
system_default = lenient
[lenient]
MinProtocol = TLSv1
CipherString = ALL:@SECLEVEL=0
"""
"""An openssl.cnf that lets a server load weak keys and speak old versions, which Debian's own forbids."""

START_LIMIT = 20.0
STOP_LIMIT = 5.0


class StartError(Exception):
    """The server ended, or was not ready in time. Its log is the message."""


def free_port(*addresses: str) -> int:
    """A port that nothing listens on at any of `addresses` (default 127.0.0.1).

    Below the ephemeral range, so that no outgoing connection takes it between here and the server's bind.
    """
    for _ in range(200):
        port = random.randint(15000, 31000)
        if all(_can_bind(address, port) for address in addresses or ("127.0.0.1",)):
            return port
    raise StartError("no free port found")


def _can_bind(address: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def accepts(port: int, address: str = "127.0.0.1") -> bool:
    """True when something listens there."""
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


def server_environment(folder: Path) -> dict[str, str]:
    """This process's environment with the lenient openssl.cnf."""
    conf = folder / "openssl-lenient.cnf"
    conf.write_text(LENIENT, encoding="utf-8")
    return {**os.environ, "OPENSSL_CONF": str(conf)}


@contextlib.contextmanager
def running(
    argv: Sequence[str | Path],
    folder: Path,
    ready: Callable[[str], bool],
    env: Mapping[str, str] | None = None,
    stop_limit: float = STOP_LIMIT,
) -> Iterator[Callable[[], str]]:
    """Run `argv` in `folder` until the block ends. Yields a function that returns the log so far (both streams).

    `ready` is asked with the log every few milliseconds until it is true. Raises StartError when it does not
    become true within 20 s. A server that has not ended `stop_limit` seconds after it was asked to is killed.
    """
    command = [str(word) for word in argv]
    if setpriv := shutil.which("setpriv"):
        # The kernel ends the server even when this process is killed and cannot clean up.
        command = [setpriv, "--pdeathsig", "KILL", "--", *command]
    log_file = folder / f"{Path(argv[0]).name}-{random.randrange(10**6)}.log"

    def log() -> str:
        return log_file.read_text(encoding="utf-8", errors="replace")

    with log_file.open("wb") as sink:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(env) if env is not None else server_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_ready(process, ready, log)
        yield log
    finally:
        _stop(process, stop_limit)


def _wait_until_ready(process: subprocess.Popen[bytes], ready: Callable[[str], bool], log: Callable[[], str]) -> None:
    deadline = time.monotonic() + START_LIMIT
    while not ready(log()):
        if process.poll() is not None:
            raise StartError(f"{process.args!r} ended with {process.returncode}:\n{log()}")
        if time.monotonic() > deadline:
            raise StartError(f"{process.args!r} was not ready after {START_LIMIT:.0f} s:\n{log()}")
        time.sleep(0.01)


def _stop(process: subprocess.Popen[bytes], limit: float) -> None:
    """End the server and every child of it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(limit)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(STOP_LIMIT)
