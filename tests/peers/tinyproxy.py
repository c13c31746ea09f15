"""tinyproxy: an HTTP proxy that says little about what went wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.peers.names import environment
from tests.peers.process import accepts, free_port, running

CONF = """\
Port {port}
Listen 127.0.0.1
Timeout 20
MaxClients 20
PidFile "{folder}/tinyproxy.pid"
LogLevel Connect
{directives}
"""


@contextlib.contextmanager
def tinyproxy(folder: Path, directives: Sequence[str] = (), *, hosts: Mapping[str, str] | None = None) -> Iterator[int]:
    """Run it on 127.0.0.1; yields its port."""
    port = free_port()
    conf = folder / "tinyproxy.conf"
    conf.write_text(CONF.format(port=port, folder=folder, directives="\n".join(directives)), encoding="utf-8")
    with running(
        ["tinyproxy", "-d", "-c", conf],
        folder,
        ready=lambda _log: accepts(port),
        env=environment(folder, hosts or {}),
    ):
        yield port


def filter_rules(folder: Path, *patterns: str) -> tuple[str, ...]:
    """Directives: requests for hosts that match one of `patterns` are refused."""
    file = folder / "filter"
    file.write_text("".join(f"{pattern}\n" for pattern in patterns), encoding="ascii")
    file.chmod(0o644)
    return (f'Filter "{file}"', "FilterExtended On")
