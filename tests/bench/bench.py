"""`make bench`: what stdiag costs, as ratios to what the same machine does with other tools in the same minute.

Prints a table and exits 1 when a bound is broken. `--json` prints the numbers for a machine; `--only WORD` measures
the rows whose name holds that word.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.logs import MB, failing, ordinary, unique
from tests.bench.measure import BenchError, Command, cpu_seconds, medians, peak_megabytes
from tests.bench.scenes import Scene, dead_hosts, healthy_fleet

from stdiag.net.deadline import Timeouts

STDIAG = str(Path(sys.executable).with_name("stdiag"))
DEAD = 5
MEMORY_MB = 100.0
LOG_MB_PER_S = 30
CLIENTS_S = 0.5


@dataclass(frozen=True)
class Row:
    """One bound, and how it was kept."""

    what: str
    measured: float
    bound: float
    unit: str
    detail: str

    @property
    def kept(self) -> bool:
        """True when the bound holds."""
        return self.measured <= self.bound


def python(code: str) -> Command:
    """The interpreter that stdiag runs on, doing `code`."""
    return Command((sys.executable, "-c", code))


def ratio(what: str, bound: float, subject: tuple[str, float], peer: tuple[str, float]) -> Row:
    """A row for two medians in seconds, each with its name."""
    detail = f"{subject[0]} {subject[1]:.3f} s, {peer[0]} {peer[1]:.3f} s"
    return Row(what, subject[1] / peer[1], bound, "x", detail)


def start_up(_scene: Scene) -> Iterator[Row]:
    """The cost of being asked for help: little more than importing click."""
    own, peer = medians([Command((STDIAG, "--help")), python("import click")], rounds=15)
    yield ratio("stdiag --help", 1.5, ("--help", own), ("import click", peer))


def one_server(scene: Scene) -> Iterator[Row]:
    """One healthy server, in full and quick, against importing the TLS library alone."""
    tls = (STDIAG, "tls", scene.targets[0], "--ca-file", str(scene.root))
    full, quick, clients, peer = medians(
        [Command(tls), Command((*tls, "--quick")), Command((*tls, "--clients")), python("import OpenSSL.SSL")],
        rounds=9,
    )
    yield ratio("stdiag tls", 3.0, ("tls", full), ("import OpenSSL.SSL", peer))
    yield ratio("stdiag tls --quick", 2.0, ("tls --quick", quick), ("import OpenSSL.SSL", peer))
    yield Row("all clients, added", clients - full, CLIENTS_S, "s", f"--clients {clients:.3f} s, without {full:.3f} s")


def sweep(scene: Scene) -> Iterator[Row]:
    """Five hundred servers, against eight s_clients at a time."""
    tls = (STDIAG, "tls", "--targets", str(scene.targets_file), "--ca-file", str(scene.root))
    s_client = ("openssl", "s_client", "-CAfile", str(scene.root), "-connect", "{}")
    quick, full, peer = medians(
        [
            Command((*tls, "--quick")),
            Command(tls),
            Command(("xargs", "-P8", "-I{}", *s_client), stdin=scene.targets_file),
        ],
        rounds=3,
    )
    count = len(scene.targets)
    yield ratio(f"{count} servers, --quick", 1.0, ("--quick", quick), ("xargs -P8 openssl s_client", peer))
    yield ratio(f"{count} servers", 4.0, ("in full", full), ("xargs -P8 openssl s_client", peer))


def dead(_scene: Scene) -> Iterator[Row]:
    """Hosts that do not answer are waited for at the same time, not one after the other."""
    connect = Timeouts().connect
    with dead_hosts(DEAD) as targets:
        (seconds,) = medians([Command((STDIAG, "tls", *targets), exit_codes=(1,))], rounds=1)
    yield Row(f"{DEAD} dead hosts", seconds, connect + 1.0, "s", f"one connect time-out is {connect:.0f} s")


def memory(scene: Scene) -> Iterator[Row]:
    """The whole diagnosis of a site with twenty endpoints."""
    peak = peak_megabytes(Command((STDIAG, "all", str(scene.site))))
    yield Row("stdiag all, peak memory", peak, MEMORY_MB, "MB", "20 endpoints")


def logs(_scene: Scene) -> Iterator[Row]:
    """Logs of clients: an ordinary one, the two kinds that are the most work, and the memory that a large one takes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "client.log"
        for what, make, size, exits in (
            ("ordinary", ordinary, 100, (1,)),
            ("failures only", failing, 30, (1,)),
            ("no line twice", unique, 30, (0,)),
        ):
            make(path, size * MB)
            megabytes = path.stat().st_size / MB
            seconds = min(cpu_seconds(Command((STDIAG, "log", str(path)), exit_codes=exits)) for _ in range(3))
            speed = f"processor time; {megabytes / seconds:.0f} MB/s, at least {LOG_MB_PER_S} wanted"
            yield Row(f"stdiag log, {what}", seconds, megabytes / LOG_MB_PER_S, "s", speed)
        ordinary(path, 1000 * MB)
        peak = peak_megabytes(Command((STDIAG, "log", str(path)), exit_codes=(1,)))
        yield Row("stdiag log, peak memory", peak, MEMORY_MB, "MB", "a log of 1 GB")


GROUPS: dict[str, Callable[[Scene], Iterator[Row]]] = {
    "start": start_up,
    "one": one_server,
    "sweep": sweep,
    "dead": dead,
    "memory": memory,
    "log": logs,
}


def table(rows: list[Row]) -> str:
    """The rows for a reader, one a line."""
    lines = [f"{'':28} {'measured':>10} {'bound':>9}"]
    lines += [
        f"{row.what:28} {row.measured:>7.2f} {row.unit:2} {row.bound:>6.2f} {row.unit:2}"
        f"  {'ok  ' if row.kept else 'OVER'}  {row.detail}"
        for row in rows
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure, print, and say by the exit code whether every bound was kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    parser.add_argument("--only", choices=GROUPS, action="append", help="measure this group; repeatable")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, healthy_fleet(Path(folder)) as scene:
        try:
            rows = [row for name in arguments.only or GROUPS for row in GROUPS[name](scene)]
        except BenchError as error:
            print(f"bench: {error}", file=sys.stderr)
            return 1
    print(json.dumps([{**asdict(row), "kept": row.kept} for row in rows], indent=2) if arguments.json else table(rows))
    broken = [row.what for row in rows if not row.kept]
    if broken:
        print(f"bench: over the bound: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
