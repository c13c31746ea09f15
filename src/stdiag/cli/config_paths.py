"""Configuration files that a user names: read before a run, so that a mistake ends with one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from stdiag.formats.config.document import ConfigDocument
    from stdiag.formats.config.read import Reading
    from stdiag.formats.config.site_of import Described
    from stdiag.model import Proxy, Site
    from stdiag.net.credentials import Secret

OPTION = "--from-config"


def take_from_config(
    site: Site, sources: dict[str, str], paths: Sequence[str], secrets: dict[Proxy, Secret] | None = None
) -> Described:
    """Completes `site` by what the files say, and has them judged too. The password of a push proxy goes into `secrets`
    where there are such, and nowhere else. Raises click.UsageError for a path that cannot be used."""
    from stdiag.formats.config.site_merge import complete
    from stdiag.formats.config.site_of import site_of

    documents = read_or_refuse(paths, OPTION).documents
    described = site_of(documents)
    complete(site, sources, described)
    further = [path for path in dict.fromkeys(paths) if path not in site.config.paths]
    site.config.paths = [*site.config.paths, *further]
    sources["config.paths"] = ", ".join(filter(None, [sources.get("config.paths"), OPTION]))
    if secrets is not None and site.push is described.site.push:
        _take_password(site, sources, documents, secrets)
    return described


def _take_password(
    site: Site, sources: dict[str, str], documents: Sequence[ConfigDocument], secrets: dict[Proxy, Secret]
) -> None:
    """Documents hold no password: it is read from the environment file that names the proxy."""
    from pathlib import Path

    from stdiag.formats.config.document import ConfigKind
    from stdiag.formats.config.read import LARGEST
    from stdiag.formats.errors import FormatError
    from stdiag.formats.push_env import parse_push_env
    from stdiag.formats.push_site import push_proxy
    from stdiag.formats.text_file import read_text_file
    from stdiag.net.credentials import Secret

    if site.push is None or not site.push.user:
        return
    for document in documents:
        if document.kind is not ConfigKind.ENVIRONMENT or document.first("STCONF_PUSH_PROXY_PASSWORD") is None:
            continue
        try:
            env = parse_push_env(read_text_file(Path(document.file), LARGEST), document.file)
        except FormatError:
            continue
        if env.user == site.push.user and env.password:
            site.push.password = f"file:{document.file}"
            sources["push.password"] = sources["push.user"]
            proxy = push_proxy(site.push)
            if proxy is not None:
                secrets[proxy] = Secret(env.password)
            return


def read_or_refuse(paths: Sequence[str], option: str = "") -> Reading:
    """What the paths hold. Raises click.UsageError for the first that cannot be used; `option` names where it stood."""
    from stdiag.formats.config.read import read_paths
    from stdiag.formats.errors import FormatError

    try:
        return read_paths(paths)
    except FormatError as error:
        raise click.UsageError(f"{option}: {error}" if option else str(error)) from error
