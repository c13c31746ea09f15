"""The stdiag.toml that the lab writes for its deployment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from stdiag.lab.blueprint import COMMUNITY_HOST, HOST, Blueprint
from stdiag.lab.error import LabError

MARK = "# Written by `stdiag lab`"
"""How the file begins: by this the lab knows a file that it may replace."""


def write_site_file(
    file: Path, blueprint: Blueprint, addresses: Mapping[str, str], proxies: Sequence[str], ca_file: Path
) -> None:
    """Write the site file of a lab of this `blueprint`.

    `addresses`: NAME:PORT, as URLs have it → ADDRESS:PORT where it is (several with commas). `proxies`: URLs of those
    through which desktop clients come beside the direct way. `ca_file` is the root, which the site names as its own if
    the blueprint says so. Raises LabError when a file of somebody else's is in the
    way, or when it cannot be written.
    """
    # TOML's basic strings escape as JSON does (TOML 1.0, "String"), backslashes of Windows paths included.
    lines = [
        f"{MARK} for the time it runs: everything here is on this machine.",
        "",
        f"{f'product = {json.dumps(blueprint.product)}':33}# which remedies are printed",
        'vantage = "inside"               # where stdiag runs',
        "",
        "[stproxy]                        # web and mobile clients come here",
        f"url = {json.dumps(f'https://{HOST}')}",
        f"provisioning_url = {json.dumps(provisioning_url(blueprint))}",
        "",
    ]
    lines += [
        "[community]                      # desktop clients come here",
        f"host = {json.dumps(COMMUNITY_HOST)}",
        "",
        "[[community.path]]               # directly, from the same network",
        'expected = "open"',
        "",
    ]
    for proxy in proxies:
        lines += ["[[community.path]]", f"via = {json.dumps(proxy)}", 'expected = "open"', ""]
    if blueprint.root_trusted:
        lines += [
            "[trust]                          # the root that the lab's clients are given",
            f"ca_files = [{json.dumps(str(ca_file))}]",
            "",
        ]
    lines += [
        "[resolve]                        # no DNS knows the lab: look-ups are answered here",
        *(f"{json.dumps(place)} = {json.dumps(where)}" for place, where in addresses.items()),
        "",
    ]
    try:
        if file.exists() and not file.read_text(encoding="utf-8", errors="replace").startswith(MARK):
            raise LabError(f"{file} exists and is not the lab's: choose another folder.")
        file.write_text("\n".join(lines), encoding="utf-8")
    except OSError as problem:
        raise LabError(f"{file} cannot be written: {problem.strerror or problem}.") from problem


def provisioning_url(blueprint: Blueprint) -> str:
    """The link that mobile users get, with everything that faults have added to it."""
    return "&".join([blueprint.provisioning_url, *blueprint.further_parameters])
