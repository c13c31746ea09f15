"""The stdiag.toml that the lab writes for its deployment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from stdiag.lab.blueprint import HOST
from stdiag.lab.error import LabError

MARK = "# Written by `stdiag lab`"
"""How the file begins: by this the lab knows a file that it may replace."""


def write_site_file(file: Path, addresses: Sequence[str], ca_file: Path | None) -> None:
    """Write the site file of a lab whose STProxy listens on `addresses` (ADDRESS:PORT each).

    `ca_file` is the root that the site names as its own. Raises LabError when a file of somebody else's is in the way,
    or when it cannot be written.
    """
    # TOML's basic strings escape as JSON does (TOML 1.0, "String"), backslashes of Windows paths included.
    lines = [
        f"{MARK} for the time it runs: everything here is on this machine.",
        "",
        'product = "12-docker"            # which remedies are printed',
        'vantage = "inside"               # where stdiag runs',
        "",
        "[stproxy]                        # web and mobile clients come here",
        f"url = {json.dumps(f'https://{HOST}')}",
        "",
    ]
    if ca_file is not None:
        lines += [
            "[trust]                          # the root that the lab's clients are given",
            f"ca_files = [{json.dumps(str(ca_file))}]",
            "",
        ]
    lines += [
        "[resolve]                        # no DNS knows the lab: look-ups are answered here",
        f"{json.dumps(f'{HOST}:443')} = {json.dumps(', '.join(addresses))}",
        "",
    ]
    try:
        if file.exists() and not file.read_text(encoding="utf-8", errors="replace").startswith(MARK):
            raise LabError(f"{file} exists and is not the lab's: choose another folder.")
        file.write_text("\n".join(lines), encoding="utf-8")
    except OSError as problem:
        raise LabError(f"{file} cannot be written: {problem.strerror or problem}.") from problem
