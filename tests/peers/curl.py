"""curl on the same proxy: the second opinion about what a proxy answers."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Curl:
    """One run of `curl -v`."""

    exit_code: int
    connect_status: int
    """Status that a proxy answered CONNECT with; 0: none came."""
    status: int
    """Status of the answer to the request; 0: none came."""
    message: str
    """curl's own words for a failure."""
    verbose: str


def curl(
    url: str,
    *options: str,
    proxy: str | None = None,
    hosts: Mapping[str, str] | None = None,
    limit: float = 15,
) -> Curl:
    """Fetch `url`, through `proxy` with CONNECT when one is given.

    `hosts` are names to resolve here: name → address.
    """
    env = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    port = urlsplit(url).port
    via: Sequence[str] = ["--proxy", proxy, "--proxytunnel"] if proxy else []
    resolve = [word for name, address in (hosts or {}).items() for word in ("--resolve", f"{name}:{port}:{address}")]
    done = subprocess.run(
        [
            *("curl", "--disable", "--verbose", "--silent", "--output", "/dev/null", "--max-time", str(limit)),
            *("--write-out", "%{http_connect} %{http_code} %{errormsg}"),
            *via,
            *resolve,
            *options,
            url,
        ],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env=env,
        timeout=limit + 5,
        check=False,
    )
    connect, status, message = done.stdout.split(" ", 2)
    return Curl(done.returncode, int(connect), int(status), message.strip(), done.stderr)
