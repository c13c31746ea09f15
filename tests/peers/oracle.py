"""What `openssl s_client` says about a server: the second opinion that every test compares with."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SClient:
    """One run of s_client."""

    verify_code: int | None
    """The number behind `Verify return code:`; None when it printed none."""
    verify_text: str | None
    errors: list[tuple[int, int]]
    """(depth, code) of each complaint, in order."""
    sent: list[str]
    """PEM of each certificate as sent."""
    protocol: str | None
    cipher: str | None
    output: str

    @property
    def connected(self) -> bool:
        """True when the handshake was completed."""
        return self.protocol is not None


def s_client(
    port: int,
    name: str | None,
    root: Path | None,
    *options: str,
    address: str = "127.0.0.1",
    request: bytes | None = None,
) -> SClient:
    """Ask the server at `address`:`port`, with `name` as SNI (None: without SNI), trusting `root` alone.

    A `request` is sent after the handshake, and what comes until the server ends the connection stands in the output.
    """
    host = f"[{address}]" if ":" in address else address
    patience = ["-ign_eof"] if request else []
    anchors = ["-CAfile", str(root)] if root else ["-no-CAfile"]
    sni = ["-servername", name] if name else ["-noservername"]
    done = subprocess.run(
        [
            *("openssl", "s_client", "-connect", f"{host}:{port}", "-showcerts"),
            *(*sni, *anchors, "-no-CApath", "-no-CAstore", *patience, *options),
        ],
        input=request or b"",
        capture_output=True,
        timeout=20,
        check=False,
    )
    text = (done.stdout + done.stderr).decode("utf-8", errors="replace")
    codes = re.findall(r"Verify return code: (\d+) \((.*)\)", text)
    session = re.search(r"^New, (\S+), Cipher is (.+)$", text, re.MULTILINE)
    completed = session is not None and session[2] != "(NONE)"
    version = re.search(r"^\s+Protocol  : (\S+)", text, re.MULTILINE)
    errors: list[tuple[int, int]] = []
    depth = 0
    for line in text.splitlines():
        if seen := re.match(r"depth=(\d+) ", line):
            depth = int(seen[1])
        elif bad := re.match(r"verify error:num=(\d+):", line):
            errors.append((depth, int(bad[1])))
    return SClient(
        verify_code=int(codes[-1][0]) if codes else None,
        verify_text=codes[-1][1] if codes else None,
        errors=errors,
        sent=re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", text, re.DOTALL),
        protocol=(version[1] if version else session[1] if session else None) if completed else None,
        cipher=session[2] if session and completed else None,
        output=text,
    )
