"""squid: the HTTP proxy of most companies."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.peers.identity import KeyFiles
from tests.peers.names import write_hosts
from tests.peers.process import accepts, free_port, running

HELPERS = Path("/usr/lib/squid")

CONF = """\
{listen}
pid_filename none
coredump_dir {folder}
cache_log {folder}/cache.log
logformat asked %Ss/%03>Hs %rm %ru %un credentials=%{{Proxy-Authorization}}>h
access_log stdio:{folder}/access.log asked
buffered_logs off
cache deny all
cache_mem 8 MB
netdb_filename none
pinger_enable off
hosts_file {hosts}
dns_nameservers {dns}
dns_timeout {dns_timeout} seconds
dns_retransmit_interval 1 seconds
connect_timeout {connect_timeout} seconds
shutdown_lifetime 0 seconds
visible_hostname squid.example.test
{directives}
"""

STOCK_RULES = (
    "acl SSL_ports port 443",
    "acl CONNECT method CONNECT",
    "http_access deny CONNECT !SSL_ports",
    "http_access allow all",
)
"""Debian's squid.conf in short: CONNECT to no port but 443."""

OPEN = ("http_access allow all",)


@dataclass(frozen=True)
class Squid:
    """A running squid."""

    port: int
    folder: Path

    @property
    def requests(self) -> list[str]:
        """The lines of its access log: result/status, method, target, user, and the credentials that were sent."""
        log = self.folder / "access.log"
        return log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []

    @property
    def with_credentials(self) -> list[str]:
        """The requests that carried a user name and a password."""
        return [line for line in self.requests if not line.endswith("credentials=-")]


def basic_auth(folder: Path, user: str, password: str) -> tuple[str, ...]:
    """Directives: only this user, by Basic."""
    file = folder / "users"
    subprocess.run(["htpasswd", "-b", "-c", file, user, password], capture_output=True, check=True)
    file.chmod(0o644)
    return (
        f"auth_param basic program {HELPERS}/basic_ncsa_auth {file}",
        "auth_param basic realm example",
        "acl known proxy_auth REQUIRED",
        "http_access allow known",
        "http_access deny all",
    )


def windows_auth(folder: Path) -> tuple[str, ...]:
    """Directives: Negotiate and NTLM are offered, and nobody gets in."""
    helper = folder / "refuse.sh"
    helper.write_text("#!/bin/sh\nwhile read -r line; do echo BH; done\n", encoding="ascii")
    helper.chmod(0o755)
    return (
        f"auth_param negotiate program {helper}",
        f"auth_param ntlm program {helper}",
        "acl known proxy_auth REQUIRED",
        "http_access allow known",
        "http_access deny all",
    )


@contextlib.contextmanager
def squid(
    folder: Path,
    directives: Sequence[str] = OPEN,
    *,
    hosts: Mapping[str, str] | None = None,
    keys: KeyFiles | None = None,
    dns: str = "127.0.0.1",
    dns_timeout: int = 2,
    connect_timeout: int = 2,
) -> Iterator[Squid]:
    """Run squid on 127.0.0.1 in `folder`, which the user `proxy` must be able to write to.

    With `keys` it speaks TLS to its clients (`https_port`). It resolves the names in `hosts`, and asks the name
    server at the address `dns` for all others.
    """
    program = shutil.which("squid") or "/usr/sbin/squid"
    port = free_port()
    listen = f"https_port 127.0.0.1:{port} tls-cert={keys.chain} tls-key={keys.key}" if keys else ""
    conf = folder / "squid.conf"
    conf.write_text(
        CONF.format(
            listen=listen or f"http_port 127.0.0.1:{port}",
            folder=folder,
            hosts=write_hosts(folder, hosts or {}),
            dns=dns,
            dns_timeout=dns_timeout,
            connect_timeout=connect_timeout,
            directives="\n".join(directives),
        ),
        encoding="utf-8",
    )
    # Each squid has a name of its own, which its shared memory is named after: two would take each other's.
    service = f"peer{port}"
    command: list[str | Path] = [program, "-n", service, "-N", "-d", "1", "-f", conf]
    try:
        # Asked to end, it takes two seconds for it; it has nothing to save but that memory, which is removed here.
        with running(command, folder, ready=lambda _log: accepts(port), stop_limit=0.05):
            yield Squid(port, folder)
    finally:
        for left in Path("/dev/shm").glob(f"{service}-*"):  # noqa: S108 -- where glibc keeps it
            left.unlink()
