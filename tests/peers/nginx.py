"""nginx: one process a test, with as many server blocks as the case needs."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.peers.identity import KeyFiles
from tests.peers.process import accepts, running

CONF = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr notice;
worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
{blocks}
}}
"""


@dataclass(frozen=True, kw_only=True)
class Site:
    """One `server` block."""

    ports: Sequence[int]
    keys: Sequence[KeyFiles] = ()
    """None: plain HTTP. Two: an RSA and an ECDSA certificate side by side."""
    name: str = "_"
    addresses: Sequence[str] = ("127.0.0.1",)
    protocols: str = "TLSv1.2 TLSv1.3"
    ciphers: str = "ALL:@SECLEVEL=0"
    default: bool = False
    """Answers clients that name another host, or none."""
    verify_client: str = "off"
    """off, on or optional."""
    client_ca: Path | None = None
    reject_handshake: bool = False
    """Refuses the handshake with the alert unrecognized_name."""
    directives: str = ""

    def block(self) -> str:
        """The configuration text."""
        ssl = " ssl" if self.keys or self.reject_handshake else ""
        default = " default_server" if self.default else ""
        lines = [
            f"listen {f'[{address}]' if ':' in address else address}:{port}{ssl}{default};"
            for address in self.addresses
            for port in self.ports
        ]
        lines.append(f"server_name {self.name};")
        for pair in self.keys:
            lines += [f"ssl_certificate {pair.chain};", f"ssl_certificate_key {pair.key};"]
        if ssl:
            lines += [f"ssl_protocols {self.protocols};", f"ssl_ciphers {self.ciphers};"]
        if self.reject_handshake:
            lines.append("ssl_reject_handshake on;")
        if self.verify_client != "off":
            lines += [f"ssl_verify_client {self.verify_client};", f"ssl_client_certificate {self.client_ca};"]
        lines += [self.directives, 'location / { return 200 "ok\\n"; }']
        return "  server {\n" + "".join(f"    {line}\n" for line in lines if line) + "  }"


@contextlib.contextmanager
def nginx(folder: Path, *sites: Site) -> Iterator[None]:
    """Run nginx with these server blocks."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    conf = folder / "nginx.conf"
    conf.write_text(CONF.format(folder=folder, blocks="\n".join(site.block() for site in sites)), encoding="utf-8")
    first = sites[0]
    with running(
        [program, "-p", folder, "-c", conf, "-e", "stderr"],
        folder,
        ready=lambda _log: accepts(first.ports[0], first.addresses[0]),
    ):
        yield
