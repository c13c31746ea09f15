"""microsocks: a small SOCKS5 server with a user and a password of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.peers.names import environment
from tests.peers.process import accepts, free_port, running


@contextlib.contextmanager
def microsocks(
    folder: Path, *, user: str | None = None, password: str | None = None, hosts: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Run it on 127.0.0.1; yields its port."""
    port = free_port()
    who = ["-u", user, "-P", password] if user is not None and password is not None else []
    with running(
        ["microsocks", "-i", "127.0.0.1", "-p", str(port), *who],
        folder,
        ready=lambda _log: accepts(port),
        env=environment(folder, hosts or {}),
    ):
        yield port
