"""What curl says about a web server: the second opinion about what answers."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class CurlAnswer:
    """One answer, no redirect followed and no certificate verified."""

    exit_code: int
    """0, or why there was no answer: 7 refused, 28 time-out, 35 no TLS, 52 empty reply …"""
    status: int
    """0 when there was no answer."""
    headers: dict[str, str]
    """Names in lower case; the last one of several of the same name."""
    body: bytes


def curl_answer(url: str, folder: Path, *options: str) -> CurlAnswer:
    """Ask `url`; `folder` takes curl's files."""
    head, body = folder / "curl-head", folder / "curl-body"
    for file in (head, body):
        file.unlink(missing_ok=True)
    env = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    done = subprocess.run(
        [
            *("curl", "--disable", "--silent", "--insecure", "--http1.1", "--max-time", "20"),
            *("--dump-header", str(head), "--output", str(body), "--write-out", "%{http_code}"),
            *options,
            url,
        ],
        capture_output=True,
        encoding="ascii",
        env=env,
        timeout=30,
        check=False,
    )
    lines = head.read_text(encoding="latin-1").splitlines() if head.exists() else []
    pairs = [line.partition(":") for line in lines if ":" in line]
    return CurlAnswer(
        exit_code=done.returncode,
        status=int(done.stdout or 0),
        headers={name.lower(): value.strip() for name, _, value in pairs},
        body=body.read_bytes() if body.exists() else b"",
    )
