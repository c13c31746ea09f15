"""The stdiag.toml that the lab writes for its deployment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stdiag.lab.blueprint import COMMUNITY_HOST, HOST, PUSH_HOST, PUSH_PORTS, Blueprint, PhotoManner
from stdiag.lab.error import LabError

if TYPE_CHECKING:
    from stdiag.lab.photos import PhotoTable
    from stdiag.lab.push import PushTable

MARK = "# Written by `stdiag lab`"
"""How the file begins: by this the lab knows a file that it may replace."""


@dataclass(slots=True)
class SiteParts:
    """What the lab's parts have to say in its site file."""

    ca_file: Path
    """The deployment's root and the photo host's, which the site names as its own if the blueprint says so."""
    proxies: Sequence[str] = ()
    """URLs of those through which desktop clients come beside the direct way."""
    photo: PhotoTable | None = None
    push: PushTable | None = None
    config: Sequence[Path] = ()
    """The servers' configuration files."""
    management: Sequence[str] = ()
    """Networks that only administrators use."""


def write_site_file(file: Path, blueprint: Blueprint, addresses: Mapping[str, str], parts: SiteParts) -> None:
    """Write the site file of a lab of this `blueprint`.

    `addresses`: NAME:PORT, as URLs have it → ADDRESS:PORT where it is (several with commas). Raises LabError when a
    file of somebody else's is in the way, or when it cannot be written.
    """
    # TOML's basic strings escape as JSON does (TOML 1.0, "String"), backslashes of Windows paths included.
    lines = [
        f"{MARK} for the time it runs: everything here is on this machine.",
        "",
        f"{f'product = {json.dumps(blueprint.product)}':33}# which remedies are printed",
        _vantage(blueprint, parts),
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
    for proxy in parts.proxies:
        lines += ["[[community.path]]", f"via = {json.dumps(proxy)}", 'expected = "open"', ""]
    lines += _config_lines(parts.config) if parts.config else []
    lines += _photo_lines(parts.photo) if parts.photo is not None else []
    lines += _names_lines(parts.management) if parts.management else []
    lines += _push_lines(parts.push) if parts.push is not None else []
    if roots := _roots(blueprint, parts):
        lines += [
            "[trust]                          # the roots that the lab's clients are given",
            f"ca_files = {json.dumps(roots)}",
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


def _vantage(blueprint: Blueprint, parts: SiteParts) -> str:
    # Pushes leave from the STProxy host, desktop clients come from the desks: the lab with both is in no one place.
    if parts.push is not None:
        return "# vantage: this is every place"
    # That anybody sees a photo is seen where anybody is.
    place = "internet" if blueprint.photo is PhotoManner.OPEN else "inside"
    return f"{f'vantage = {json.dumps(place)}':33}# where stdiag runs"


def _roots(blueprint: Blueprint, parts: SiteParts) -> list[str]:
    """One file has both roots, so that commands which name it stay short."""
    if blueprint.root_trusted:
        return [str(parts.ca_file)]
    of_photos = parts.photo.root_file if parts.photo is not None else None
    return [] if of_photos is None else [str(of_photos)]


def _config_lines(files: Sequence[Path]) -> list[str]:
    return [
        "[config]                         # copies of the servers' own configuration",
        f"paths = {json.dumps([str(file) for file in files])}",
        "",
    ]


def _names_lines(management: Sequence[str]) -> list[str]:
    return [
        "[names]                          # where the servers' names may not lead to",
        f"management_networks = {json.dumps(list(management))}",
        "",
    ]


def _photo_lines(photo: PhotoTable) -> list[str]:
    return [
        "[photo]                          # the photos of business cards",
        f"urls = [{json.dumps(photo.url)}]",
        f"stproxy_urls = [{json.dumps(photo.stproxy_url)}]",
        *(
            f"{key} = {json.dumps(f'file:{file}')}"
            for key, file in zip(("ltpa_token", "ltpa_token2"), photo.token_files.values(), strict=True)
        ),
        "",
    ]


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
