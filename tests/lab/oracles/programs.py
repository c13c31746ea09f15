"""openssl, curl, keytool and Python's own ssl against a running lab: what does not come from us."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from stdiag.lab.blueprint import HOST
from stdiag.lab.deployment import Endpoint, Lab


@dataclass(frozen=True, slots=True)
class Seen:
    """What `openssl s_client` printed."""

    text: str

    @property
    def code(self) -> int:
        """The verify return code."""
        return int(re.findall(r"Verify return code: (\d+)", self.text)[0])

    @property
    def chain(self) -> list[str]:
        """Common names of the certificates sent, in their order."""
        return re.findall(r"^ *\d+ s:.*CN = (.*)$", self.text, re.MULTILINE)

    @property
    def cipher(self) -> str:
        """The suite agreed on; `(NONE)` without a handshake."""
        return str(re.findall(r"Cipher is (\S+)", self.text)[0])


class Oracles:
    """openssl and curl against one lab."""

    def s_client(
        self, lab: Lab, *options: str, at: Endpoint | None = None, sni: bool = True, seconds: int = 20
    ) -> Seen:
        """`openssl s_client` with the lab's root as its only trust."""
        name = ["-servername", HOST] if sni else ["-noservername"]
        command = ["openssl", "s_client", "-connect", str(at or lab.stproxy), *name, "-CAfile", str(lab.root_file)]
        done = subprocess.run(
            [*command, "-showcerts", *options], input=b"", capture_output=True, timeout=seconds, check=False
        )
        return Seen((done.stdout + done.stderr).decode("utf-8", "replace"))

    def curl(self, lab: Lab, path: str, *options: str) -> subprocess.CompletedProcess[str]:
        """`curl` by name, with the lab's address given as a stdiag.toml would."""
        command = ["curl", "-sS", "--cacert", str(lab.root_file), "--connect-to", f"{HOST}:443:{lab.stproxy}"]
        return subprocess.run(
            [*command, *options, f"https://{HOST}{path}"], capture_output=True, text=True, timeout=20, check=False
        )

    def keytool(self, lab: Lab) -> list[str]:
        """Owners of the certificates that Java's keytool is sent, in their order. It asks without SNI."""
        command = [
            "keytool",
            "-printcert",
            "-sslserver",
            str(lab.stproxy),
            "-J-Xshare:auto",
            "-J-XX:TieredStopAtLevel=1",
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        return re.findall(r"^Owner: CN=([^,]+)", done.stdout, re.MULTILINE)

    def plain(self, lab: Lab, sent: bytes, seconds: float = 5.0, at: Endpoint | None = None) -> bytes:
        """What the port says to `sent` until it closes or `seconds` have passed; raises as a socket does."""
        end = at or lab.stproxy
        with socket.create_connection((end.address, end.port), timeout=seconds) as stream:
            return _said(stream, sent)

    def over_tls(self, lab: Lab, sent: bytes) -> bytes:
        """The same over TLS, by Python's ssl."""
        context = ssl.create_default_context(cafile=str(lab.root_file))
        with (
            socket.create_connection((lab.stproxy.address, lab.stproxy.port), timeout=5) as stream,
            context.wrap_socket(stream, server_hostname=HOST) as tls,
        ):
            return _said(tls, sent)

    def handshake(self, lab: Lab) -> str:
        """The TLS version that Python's ssl agrees on with the lab, its root trusted and the name checked."""
        context = ssl.create_default_context(cafile=str(lab.root_file))
        with (
            socket.create_connection((lab.stproxy.address, lab.stproxy.port), timeout=5) as stream,
            context.wrap_socket(stream, server_hostname=HOST) as tls,
        ):
            return str(tls.version())


def _said(stream: socket.socket, sent: bytes) -> bytes:
    stream.sendall(sent)
    received = b""
    with contextlib.suppress(TimeoutError):
        while chunk := stream.recv(4096):
            received += chunk
    return received


Oracle = Callable[[Lab, Oracles], None]
"""Asserts that a program that is not ours sees a fault on the lab that has it."""
