"""Which check a site's configuration files get. It contacts nobody."""

from __future__ import annotations

import os
from collections.abc import Sequence

import msgspec

from stdiag.model import NotChecked, Site, Subject, SubjectKind
from stdiag.probes.contract import Contact, Planned


def plan(site: Site) -> tuple[list[Planned], list[NotChecked]]:
    """One check of all files: some mistakes show only beside another file."""
    if not site.config.paths:
        return [], [NotChecked(what="config", reason="the site names no configuration files: [config] paths")]
    return [planned(site.config.paths)], []


def planned(paths: Sequence[str]) -> Planned:
    """The check of what `paths` name; its subject is their common folder where they are several."""
    subject = Subject(kind=SubjectKind.FILE, file=_common(paths))
    return Planned(probe="config", subject=subject, options={"paths": msgspec.json.encode(list(paths)).decode()})


def paths_of(check: Planned) -> list[str]:
    """The paths of a planned check."""
    return msgspec.json.decode(str(check.options["paths"]), type=list[str])


def contacts(check: Planned, site: Site) -> list[Contact]:  # noqa: ARG001 - the contract's signature
    """Nobody."""
    return []


def _common(paths: Sequence[str]) -> str:
    if len(set(paths)) == 1:
        return paths[0]
    try:
        folder = os.path.commonpath(paths)
    except ValueError:  # on different drives, or some absolute and some not
        folder = ""
    return folder or f"{paths[0]} and {len(paths) - 1} more"
