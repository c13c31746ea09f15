"""What may stand at the far end of a path: a mux, and everything that can be wrong there. All on loopback."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.peers.mux import Manner, full_backlog, mux
from tests.peers.process import free_port

NAME = "mux.example.test"
HOSTS: Mapping[str, str] = {
    NAME: "127.0.0.1",
    # To the broadcast address no connection can be made: "Network is unreachable", and no packet leaves.
    "unreachable.example.test": "127.255.255.255",
}
"""What proxies know. No proxy knows `unknown.example.test`."""


@dataclass(frozen=True)
class FarEnd:
    """The targets: word → name and port."""

    targets: Mapping[str, tuple[str, int]]

    def __getitem__(self, word: str) -> tuple[str, int]:
        return self.targets[word]


@contextlib.contextmanager
def far_end() -> Iterator[FarEnd]:
    """Start them all."""
    with contextlib.ExitStack() as stack:
        ports = {manner.value: stack.enter_context(mux(manner)).port for manner in Manner}
        ports |= {"refused": free_port(), "timeout": stack.enter_context(full_backlog())}
        targets = {word: (NAME, port) for word, port in ports.items()}
        targets["unreachable"] = ("unreachable.example.test", ports["ack"])
        targets["unknown"] = ("unknown.example.test", ports["ack"])
        yield FarEnd(targets)
