"""`stdiag paths` as a user runs it, and what it concluded about each path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.peers.command import Run, diagnose


@dataclass(frozen=True)
class PathSeen:
    """One path to one port: what was seen, and what it was taken for."""

    seen: dict[str, Any]
    """The entry of `observation.paths`."""
    concluded: dict[str, Any]
    """The entry of `analysis.paths`."""

    @property
    def reasons(self) -> list[str]:
        """The reason, or the candidates."""
        return list(self.concluded["reasons"])

    @property
    def sametime(self) -> dict[str, Any]:
        """What came after the HANDSHAKE: in TLS, when it was made there."""
        reply = self.seen.get("sametime_in_tls") or self.seen.get("sametime")
        assert reply, self.seen
        return dict(reply)

    @property
    def replies(self) -> bytes:
        """All bytes that the proxy sent before the tunnel was open."""
        return b"".join(bytes.fromhex(reply["received"]) for reply in self.seen["replies"])


@dataclass(frozen=True)
class PathsRun:
    """One run with one community server."""

    run: Run

    @property
    def check(self) -> dict[str, Any]:
        """The one check of the probe."""
        (check,) = [check for check in self.run.report["checks"] if check["probe"] == "paths"]
        return dict(check)

    def paths(self, method: str | None = None, proxied: bool | None = None) -> list[PathSeen]:
        """The paths by this method (raw, connect, cbr), with or without a proxy."""
        observed = self.check["observation"]["paths"]
        concluded = self.check["analysis"]["paths"]
        assert len(observed) == len(concluded)
        pairs = [PathSeen(*pair) for pair in zip(observed, concluded, strict=True)]
        return [
            pair
            for pair in pairs
            if method in (None, pair.seen["path"]["method"]) and proxied in (None, pair.seen["path"]["kind"] == "proxy")
        ]

    def path(self, method: str | None = None, *, proxied: bool | None = None) -> PathSeen:
        """The one such path."""
        found = self.paths(method, proxied)
        assert len(found) == 1, [pair.concluded for pair in found]
        return found[0]


def diagnose_paths(
    host: str, *ports: int, options: tuple[str | Path, ...] = (), hosts: Mapping[str, str] | None = None
) -> PathsRun:
    """`stdiag paths HOST --port …` and further options. `hosts` are names to resolve here: name → address.

    With a proxy the direct paths are left out: they would ask the machine's name servers for names that only the
    proxy knows.
    """
    words: list[str | Path] = ["paths", host, *(["--no-direct"] if "--proxy" in options else [])]
    for port in ports:
        words += ["--port", str(port)]
    for name, address in (hosts or {}).items():
        words += ["--resolve", f"{name}={address}"]
    return PathsRun(diagnose(*words, *options))


def causes_on_every_path(host: str, port: int, proxy: str, *, timeout: float = 0.3) -> list[str]:
    """Codes of the verdict's causes where `host`, which is this machine, is asked directly and through `proxy`."""
    run = diagnose(
        "paths",
        host,
        *("--port", str(port)),
        *("--resolve", f"{host}=127.0.0.1"),
        *("--proxy", proxy),
        *("--timeout", str(timeout)),
    )
    return run.causes
