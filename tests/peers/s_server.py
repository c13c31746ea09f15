"""`openssl s_server`: one connection at a time, and a knob for everything."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.peers.identity import KeyFiles
from tests.peers.process import free_port, running


@contextlib.contextmanager
def s_server(folder: Path, keys: KeyFiles, *options: str | Path) -> Iterator[int]:
    """Run s_server on 127.0.0.1; yields its port. `options` are its own, e.g. `-tls1_2`, `-Verify 1`.

    It answers GET requests with a status page (`-www`), which also keeps it from ending when its input does.
    """
    port = free_port()
    with running(
        [
            *("openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-www"),
            *("-cert", keys.leaf, "-key", keys.key),
            *(("-cert_chain", keys.issuers) if keys.issuers else ()),
            *options,
        ],
        folder,
        ready=lambda log: "ACCEPT" in log,
    ):
        yield port
