"""Makes the golden reports of this version of the schema from real runs: `python -m tests.golden.reports.make`.

They are committed once for a version and never made again afterwards: that older reports stay readable is what they are
for. Before the version's first release they may be made anew.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.lab.peers_faulty import refusing

from stdiag.lab.deployment import Lab
from stdiag.model import SCHEMA_VERSION

FOLDER = Path(__file__).with_name(SCHEMA_VERSION)
STDIAG = (sys.executable, "-m", "stdiag")
CRASHES = """
from stdiag.cli import main
from stdiag.probes.tls import file
def crash(*_): raise ZeroDivisionError
file.observe_file = crash
main.main()
"""
CHAIN = "../../../../sample_certs/complete.pem"


def made(name: str, *arguments: str | Path, program: tuple[str, ...] = STDIAG) -> None:
    """The report of one run."""
    file = Path(f"{name}.json")
    done = subprocess.run(
        [*program, *map(str, arguments), "-q", "-o", str(file)], capture_output=True, check=False, cwd=FOLDER
    )
    print(name, done.returncode, FOLDER.joinpath(file).stat().st_size)


def sweep(folder: Path, lab: Lab) -> None:
    """Some servers that answer, and some that do not."""
    targets = [f"{name}.lab.example:443" for name in ("chat", "chat2", "mail", "www")]
    address = str(lab.stproxy)
    with refusing() as port:
        (folder / "list.txt").write_text("\n".join([*targets, f"127.0.0.1:{port}"]), encoding="utf-8")
        overrides = [part for one in targets for part in ("--resolve", f"{one}={address}")]
        roots = ("--ca-file", str(lab.site_file.parent / "lab-root.pem"))
        made("sweep", "tls", "--quick", "--targets", folder / "list.txt", *overrides, *roots)


def interrupted(lab: Lab) -> None:
    """One check done, one ended by ^C."""
    process = subprocess.Popen(
        [*STDIAG, "all", str(lab.site_file), "-q", "-o", "interrupted.json"], stdout=subprocess.DEVNULL, cwd=FOLDER
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    print("interrupted", process.wait())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name, Lab(()) as lab:
        made("healthy", "all", lab.site_file)
        sweep(Path(name), lab)
    with Lab(("missing-intermediate",)) as lab:
        made("no-go", "all", lab.site_file)
    with Lab(("silent",)) as lab:
        interrupted(lab)
    made("incomplete", "tls", "--file", CHAIN, "--offline", program=(sys.executable, "-c", CRASHES))
