"""What is measured against: healthy servers, a fleet of them, and hosts that are dead."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.peers.identity import authority, leaf, rsa_key, write_key_files
from tests.peers.nginx import Site, nginx
from tests.peers.process import free_port

FLEET = 500

# The first of them is a Sametime Proxy to `stdiag all`, which asks what users would ask.
AS_STPROXY = """\
location = /stwebapi/proxyinfo {
  default_type application/json;
  return 200 '{"isSAML": false, "isOIDC": false, "communityConnected": true}';
}
location = /chat { default_type text/html; return 200 "<html><title>Sametime</title></html>"; }
"""


@dataclass(frozen=True)
class Scene:
    """Files and ports of the running servers."""

    root: Path
    """The CA that all certificates lead to."""
    targets: list[str]
    """HOST:PORT of each endpoint of the fleet."""
    targets_file: Path
    """The same, one a line."""
    site: Path
    """A stdiag.toml that names twenty of them."""


@contextlib.contextmanager
def healthy_fleet(folder: Path) -> Iterator[Scene]:
    """One nginx that listens on 500 ports of 127.0.0.1 with an RSA-2048 certificate and a complete chain."""
    root = authority("Example Root R1", key=rsa_key())
    intermediate = authority("Example Issuing CA R46", root, key=rsa_key())
    keys = write_key_files(folder, leaf("127.0.0.1", intermediate, key=rsa_key()), intermediate.certificate)
    root_file = folder / "root.pem"
    root_file.write_text(root.pem, encoding="ascii")
    ports: set[int] = set()
    while len(ports) < FLEET:
        ports.add(free_port())
    targets = [f"127.0.0.1:{port}" for port in sorted(ports)]
    targets_file = folder / "targets.txt"
    targets_file.write_text("\n".join(targets) + "\n", encoding="ascii")
    site = folder / "stdiag.toml"
    site.write_text(
        f'[stproxy]\nurl = "https://{targets[0]}/"\n'
        f"[tls]\ntargets = {targets[1:20]}\n"
        f'[trust]\nca_files = ["{root_file.name}"]\n',
        encoding="ascii",
    )
    with nginx(folder, Site(ports=sorted(ports), keys=[keys], protocols="TLSv1.2 TLSv1.3", directives=AS_STPROXY)):
        yield Scene(root=root_file, targets=targets, targets_file=targets_file, site=site)


@contextlib.contextmanager
def dead_hosts(count: int) -> Iterator[list[str]]:
    """Listeners whose queue is full: the kernel drops what asks to connect, as a firewall does."""
    with contextlib.ExitStack() as stack:
        targets = []
        for _ in range(count):
            listener = stack.enter_context(socket.socket())
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            for _ in range(4):
                filler = stack.enter_context(socket.socket())
                filler.setblocking(False)
                if filler.connect_ex(listener.getsockname()) not in (0, errno.EINPROGRESS):
                    break
            targets.append(f"127.0.0.1:{listener.getsockname()[1]}")
        yield targets
