"""The stdiag.toml that the lab writes for its deployment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stdiag.lab.blueprint import COMMUNITY_HOST, HOST, PUSH_HOST, PUSH_PORTS, Blueprint
from stdiag.lab.error import LabError

if TYPE_CHECKING:
    from stdiag.lab.push import PushTable

MARK = "# Written by `stdiag lab`"
"""How the file begins: by this the lab knows a file that it may replace."""


def write_site_file(
    file: Path,
    blueprint: Blueprint,
    addresses: Mapping[str, str],
    proxies: Sequence[str],
    ca_file: Path,
    push: PushTable | None = None,
) -> None:
    """Write the site file of a lab of this `blueprint`.

    `addresses`: NAME:PORT, as URLs have it → ADDRESS:PORT where it is (several with commas). `proxies`: URLs of those
    through which desktop clients come beside the direct way. `ca_file` is the root, which the site names as its own if
    the blueprint says so, `push` what it says of pushes. Raises LabError when a file of somebody else's is in the
    way, or when it cannot be written.
    """
    # TOML's basic strings escape as JSON does (TOML 1.0, "String"), backslashes of Windows paths included.
    lines = [
        f"{MARK} for the time it runs: everything here is on this machine.",
        "",
        f"{f'product = {json.dumps(blueprint.product)}':33}# which remedies are printed",
        # Pushes leave from the STProxy host, desktop clients come from the desks: the lab with both is in no one place.
        'vantage = "inside"               # where stdiag runs' if push is None else "# vantage: this is every place",
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
    if push is not None:
        lines += _push_lines(push)
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


def _push_lines(push: PushTable) -> list[str]:
    ports = [f"{PUSH_HOST}:{port}" for port in PUSH_PORTS]
    return [
        "[push]                           # messages to phones in the background",
        f"key = {json.dumps(str(push.key))}",
        f"passphrase = {json.dumps(f'file:{push.passphrase_file}')}",
        f"topic = {json.dumps(push.topic)}",
        "google = false                   # the lab has no Google",
        f"expected_roots = [{json.dumps(str(push.root_file))}]",
        "",
        "[push.endpoints]                 # in place of Apple's",
        f"apns = {json.dumps(ports)}",
        "",
    ]


def provisioning_url(blueprint: Blueprint) -> str:
    """The link that mobile users get, with everything that faults have added to it."""
    return "&".join([blueprint.provisioning_url, *blueprint.further_parameters])
