"""One row of the tables: what really happened, what stdiag must say, and what curl shows on the same proxy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.peers.curl import Curl, curl
from tests.peers.far_end import HOSTS, FarEnd
from tests.peers.paths import PathSeen, PathsRun, diagnose_paths

TARGET_UNRESOLVED = ("remote-dns:not-found", "remote-dns:server-failure", "remote-dns:timeout")
TARGET_UNCONNECTED = ("remote-tcp:refused", "remote-tcp:timeout", "remote-tcp:unreachable")
POLICY = ("proxy-policy:denied", "proxy-policy:port-denied")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A target behind a proxy."""

    target: str
    """The word for it in FarEnd."""
    truth: str
    """The reason, as we know it who built the fault."""
    left_open: tuple[str, ...] = ()
    """What the same reply could also mean: stdiag may name these beside the truth, and no others."""
    exit_code: int = 0
    """curl's."""
    connect_status: int = 0
    """The proxy's answer to curl's CONNECT."""
    words: str = ""
    """A pattern in curl's message."""
    timeout: float = 0.5
    """stdiag's --timeout. A proxy here gives its verdict within some seconds; 0.1 where silence is the case."""

    def __str__(self) -> str:
        return f"{self.target}: {self.truth}"

    def holds_for(self, path: PathSeen) -> None:
        """The path was taken for what it is."""
        assert self.truth in path.reasons, path
        assert set(path.reasons) <= {self.truth, *self.left_open}, path
        stages = {reason.partition(":")[0] for reason in path.reasons}
        assert path.concluded["stage"] in stages, path

    def agrees_with(self, oracle: Curl) -> None:
        """curl met the same."""
        assert oracle.exit_code == self.exit_code, oracle
        assert oracle.connect_status == self.connect_status, oracle
        assert re.search(self.words, oracle.message), oracle


def tell(
    case: Case,
    proxy: str,
    far_end: FarEnd,
    *,
    options: tuple[str | Path, ...] = (),
    curl_options: tuple[str, ...] = (),
) -> PathsRun:
    """Ask stdiag and curl about the path to the case's target through `proxy`, and hold both to the case.

    The proxies know HOSTS. Where the scheme says that names are resolved here, stdiag and curl know them too.
    """
    name, port = far_end[case.target]
    known = HOSTS if proxy.startswith(("socks4:", "socks5:")) else {}
    run = diagnose_paths(name, port, options=("--proxy", proxy, "--timeout", str(case.timeout), *options), hosts=known)
    oracle = curl(f"http://{name}:{port}/CommunityCBR", *curl_options, proxy=proxy, hosts=known)
    method = "connect" if proxy.startswith("http") else "raw"
    case.holds_for(run.path(method, proxied=True))
    case.agrees_with(oracle)
    return run
