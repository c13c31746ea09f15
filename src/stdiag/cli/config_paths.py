"""Configuration files that a user names: read before a run, so that a mistake ends with one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from stdiag.formats.config.read import Reading
    from stdiag.formats.config.site_of import Described
    from stdiag.model import Site

OPTION = "--from-config"


def describe(paths: Sequence[str]) -> Described:
    """The site that the files describe. Raises click.UsageError for a path that cannot be used."""
    from stdiag.formats.config.site_of import site_of

    return site_of(read_or_refuse(paths, OPTION).documents)


def take_from_config(site: Site, sources: dict[str, str], paths: Sequence[str]) -> Described:
    """Completes `site` by what the files say, and has them judged too. Raises click.UsageError."""
    from stdiag.formats.config.site_merge import complete

    described = describe(paths)
    complete(site, sources, described)
    further = [path for path in dict.fromkeys(paths) if path not in site.config.paths]
    site.config.paths = [*site.config.paths, *further]
    sources["config.paths"] = ", ".join(filter(None, [sources.get("config.paths"), OPTION]))
    return described


def read_or_refuse(paths: Sequence[str], option: str = "") -> Reading:
    """What the paths hold. Raises click.UsageError for the first that cannot be used; `option` names where it stood."""
    from stdiag.formats.config.read import read_paths
    from stdiag.formats.errors import FormatError

    try:
        return read_paths(paths)
    except FormatError as error:
        raise click.UsageError(f"{option}: {error}" if option else str(error)) from error
