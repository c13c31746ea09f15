"""dante (sockd): SOCKS4 and SOCKS5, without 4a; users and passwords are the system's."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.peers.names import environment
from tests.peers.process import accepts, free_port, running

CONF = """\
logoutput: stderr
internal: 127.0.0.1 port = {port}
external: 127.0.0.1
clientmethod: none
socksmethod: {method}
user.privileged: {privileged}
user.unprivileged: {unprivileged}
timeout.connect: {connect_timeout}
client pass {{ from: 127.0.0.0/8 to: 0.0.0.0/0 log: connect error }}
{rules}
socks pass {{ from: 127.0.0.0/8 to: 0.0.0.0/0 log: connect error }}
"""


@dataclass(frozen=True)
class Dante:
    """A running danted."""

    port: int
    log: Callable[[], str]

    @property
    def rejections(self) -> list[str]:
        """The users whose password it did not accept, one entry an attempt."""
        return re.findall(r'authentication failed for user "([^"]*)"', self.log())


@contextlib.contextmanager
def dante(
    folder: Path,
    *,
    users: Mapping[str, str] | None = None,
    hosts: Mapping[str, str] | None = None,
    denied_port: int | None = None,
    connect_timeout: int = 2,
) -> Iterator[Dante]:
    """Run danted on 127.0.0.1. `users` (name → password): it asks who is there.

    The users live in a copy of the system's account files: nothing is added to the system.
    """
    program = shutil.which("danted") or "/usr/sbin/danted"
    port = free_port()
    me = pwd.getpwuid(os.getuid()).pw_name
    conf = folder / "danted.conf"
    rules = f"socks block {{ from: 127.0.0.0/8 to: 0.0.0.0/0 port = {denied_port} }}" if denied_port is not None else ""
    conf.write_text(
        CONF.format(
            port=port,
            method="username" if users else "none",
            privileged=me,
            unprivileged="nobody" if os.getuid() == 0 else me,
            connect_timeout=connect_timeout,
            rules=rules,
        ),
        encoding="utf-8",
    )
    accounts = {name: _hash(password) for name, password in (users or {}).items()}
    with running(
        [program, "-N", "1", "-f", conf, "-p", folder / "danted.pid"],
        folder,
        ready=lambda _log: accepts(port),
        env=environment(folder, hosts or {}, accounts),
    ) as log:
        yield Dante(port, log)


def _hash(password: str) -> str:
    done = subprocess.run(["openssl", "passwd", "-6", password], capture_output=True, encoding="ascii", check=True)
    return done.stdout.strip()
