"""HAProxy in front of a server: plain TCP, TLS that ends here, or HTTP."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.peers.identity import KeyFiles
from tests.peers.process import accepts, free_port, running

CONF = """\
global
  maxconn 100
defaults
  mode {mode}
  timeout client 20s
  timeout connect {connect_timeout}s
  timeout server {server_timeout}s
  retries 0
frontend front
  bind 127.0.0.1:{port}{tls}
  default_backend back
{rules}backend back
  server one 127.0.0.1:{backend}
"""


@contextlib.contextmanager
def haproxy(
    folder: Path,
    backend: int,
    *,
    mode: str = "tcp",
    keys: KeyFiles | None = None,
    strip: str = "",
    rules: Sequence[str] = (),
    connect_timeout: int = 1,
    server_timeout: int = 1,
) -> Iterator[int]:
    """Run HAProxy on 127.0.0.1 before the port `backend`; yields its port. `mode` is tcp or http.

    `strip` is the beginning that it takes off each path; `rules` are further lines of the front end.
    """
    program = shutil.which("haproxy") or "/usr/sbin/haproxy"
    port = free_port()
    tls = ""
    if keys:
        bundle = folder / "haproxy.pem"
        bundle.write_bytes(keys.chain.read_bytes() + keys.key.read_bytes())
        tls = f" ssl crt {bundle}"
    if strip:
        rules = [*rules, rf"http-request replace-path ^{strip}(/.*)$ \1"]
    conf = folder / "haproxy.cfg"
    conf.write_text(
        CONF.format(
            mode=mode,
            connect_timeout=connect_timeout,
            server_timeout=server_timeout,
            port=port,
            tls=tls,
            backend=backend,
            rules="".join(f"  {rule}\n" for rule in rules),
        ),
        encoding="utf-8",
    )
    with running([program, "-db", "-f", conf], folder, ready=lambda _log: accepts(port)):
        yield port
