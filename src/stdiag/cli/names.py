"""`stdiag names`: where the names of a deployment lead, and who says so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stdiag.cli.options import apply_flags, diagnosis_options

if TYPE_CHECKING:
    from stdiag.model import Site


@click.command(name="names")
@click.argument("hosts", nargs=-1, metavar="[HOST[:PORT]… | SITE]")
@click.option(
    "--management-network",
    "networks",
    multiple=True,
    metavar="NETWORK",
    help="A network that only administrators use, like 10.99.0.0/16. Repeatable.",
)
@diagnosis_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    hosts: tuple[str, ...],
    networks: tuple[str, ...],
    *,
    vantage: str | None,
    product: str | None,
    ca_files: tuple[str, ...],
    overrides: tuple[str, ...],
    **request: Any,
) -> None:
    """Where do the names of the servers lead from here, who says so, and is it one place for all?

    Hosts file, DNS in both directions, several addresses of which some are dead, a second network card, names that only
    this machine completes. With a port the addresses of a name are tried where it has several; nothing is sent. SITE is
    a site file; without anything it is stdiag.toml in the current folder.

    \b
    stdiag names chat.example.com db2.example.com:50000
    stdiag names chat.example.com --management-network 10.99.0.0/16
    stdiag names stdiag.toml --from stproxy
    """
    from stdiag.cli.diagnose import Request, diagnose
    from stdiag.engine.plan import plan
    from stdiag.probes.registry import probe_named

    site, sources = _site(hosts)
    if networks:
        site.names.management_networks = _networks(networks)
        sources["names.management_networks"] = "--management-network"
    apply_flags(site, sources, vantage=vantage, product=product, ca_files=ca_files, overrides=overrides)
    probes = (probe_named("names"),)
    result = diagnose(plan(site, probes), site, sources, Request(**request), probes)
    if result is not None:
        ctx.exit(result[1])


def _site(hosts: tuple[str, ...]) -> tuple[Site, dict[str, str]]:
    """What the arguments name. Raises click.UsageError."""
    from stdiag.cli.all_checks import read_site_argument
    from stdiag.formats.errors import FormatError
    from stdiag.formats.names_site import canonical_named_host
    from stdiag.model import NamesSite, Site

    if not hosts:
        return read_site_argument(None, "names")
    if len(hosts) == 1 and (_names_a_file(hosts[0]) or "://" in hosts[0]):
        return read_site_argument(hosts[0], "names")
    try:
        named = [canonical_named_host(host) for host in hosts]
    except FormatError as error:
        raise click.UsageError(str(error)) from error
    return Site(names=NamesSite(hosts=list(dict.fromkeys(named)))), {"names.hosts": "the command line"}


def _names_a_file(text: str) -> bool:
    try:
        return text.endswith(".toml") or Path(text).exists()
    except (OSError, ValueError):  # no name of a file: too long, or with a NUL
        return False


def _networks(typed: tuple[str, ...]) -> list[str]:
    from stdiag.formats.errors import FormatError
    from stdiag.formats.names_site import canonical_network

    try:
        return list(dict.fromkeys(map(canonical_network, typed)))
    except FormatError as error:
        raise click.UsageError(f"--management-network: {error}") from error
