"""`stdiag provisioning check`: is the link for mobile users right, and does what it names answer?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stdiag.cli.options import apply_flags, diagnosis_options
from stdiag.cli.proxies import read_via, via_options

if TYPE_CHECKING:
    from stdiag.engine.plan import Plan
    from stdiag.formats.provisioning.url import ProvisioningUrl, UrlContext
    from stdiag.model import Proxy, Site

FILE_LIMIT = 1 << 20


@click.command(name="check")
@click.argument("urls", nargs=-1, metavar="[URL]…")
@click.option("--from-file", "urls_file", metavar="FILE", help="Take URLs from FILE, one a line ('-': stdin).")
@click.option("--text-only", is_flag=True, help="Judge what stands in the URL; contact nobody.")
@click.option(
    "--server-setting",
    is_flag=True,
    help="The URL is one of a server's configuration (configUrl, MOBILE_CONFIGURL), where %s stands for the user.",
)
@via_options
@diagnosis_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    urls: tuple[str, ...],
    urls_file: str | None,
    *,
    text_only: bool,
    server_setting: bool,
    via: str | None,
    via_password: str | None,
    vantage: str | None,
    product: str | None,
    ca_files: tuple[str, ...],
    overrides: tuple[str, ...],
    **request: Any,
) -> None:
    """Is the link for mobile users right, and does what it names answer?

    Both generations: sametime:// (8.5 to 10) and hclsametime:// (11 and 12). Put the URL in quotes: a shell takes & for
    its own.

    \b
    stdiag provisioning check 'hclsametime://chat.example.com/?action=AddCommunity'
    stdiag provisioning check --text-only 'sametime://chat.example.com:9080/?action=AddCommunity&ssl=false'
    stdiag provisioning check --from-file links.txt
    stdiag provisioning check 'hclsametime://chat.example.com/?action=AddCommunity' --via http://proxy.example.com:3128
    """
    from stdiag.cli.diagnose import Request, diagnose
    from stdiag.formats.provisioning.url import UrlContext
    from stdiag.probes.registry import probe_named

    context = UrlContext.SERVER if server_setting else UrlContext.HANDED_OUT
    found = _read(urls, urls_file, context)
    if any(url.has_password for url in found) and not request["quiet"]:
        warn_of_password()
    site, sources = _site(found)
    apply_flags(site, sources, vantage=vantage, product=product, ca_files=ca_files, overrides=overrides)
    if text_only and (via is not None or via_password is not None):
        raise click.UsageError("--text-only contacts nobody: leave --via out.")
    the_plan = _plan(found, site, read_via(via, via_password, sources, request), text_only=text_only)
    result = diagnose(the_plan, site, sources, Request(**request), (probe_named("tls"), probe_named("provisioning")))
    if result is not None:
        ctx.exit(result[1])


def warn_of_password() -> None:
    """Once a run, on stderr."""
    click.echo(
        "A password stands in the URL. It is not used here and shown nowhere, but your shell's history keeps it, and "
        "everybody who gets the link can read it.",
        err=True,
    )


def _read(texts: tuple[str, ...], urls_file: str | None, context: UrlContext) -> list[ProvisioningUrl]:
    """The URLs that are named, each once. Raises click.UsageError."""
    from stdiag.formats.errors import FormatError
    from stdiag.formats.provisioning.parse import parse_provisioning

    found: dict[str, ProvisioningUrl] = {}
    place: dict[str, Any] = {}
    try:
        for place, text in [*(({}, text) for text in texts), *_lines(urls_file)]:  # noqa: B007 - the error tells it
            url = parse_provisioning(text, context)
            found.setdefault(url.masked, url)
    except FormatError as error:
        raise click.UsageError(str(error.at(**place))) from error
    if not found:
        raise click.UsageError("Name a URL: stdiag provisioning check 'hclsametime://HOST/…', or --from-file FILE.")
    return list(found.values())


def _lines(urls_file: str | None) -> list[tuple[dict[str, Any], str]]:
    """The lines of the file that hold something, each with its place. Raises FormatError."""
    from stdiag.formats.text_file import decode_text, read_text_file

    if urls_file is None:
        return []
    if urls_file == "-":
        name = "standard input"
        text = decode_text(sys.stdin.buffer.read(FILE_LIMIT), name)
    else:
        name = urls_file
        text = read_text_file(Path(urls_file), FILE_LIMIT)
    return [
        ({"file": name, "line": number}, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]


def _site(urls: list[ProvisioningUrl]) -> tuple[Site, dict[str, str]]:
    from stdiag.model import Site, StproxySite

    if len(urls) > 1:
        return Site(), {}
    stproxy = StproxySite(provisioning_url=urls[0].masked)
    return Site(stproxy=stproxy), {"stproxy.provisioning_url": "the command line"}


def _plan(urls: list[ProvisioningUrl], site: Site, proxy: Proxy | None, *, text_only: bool) -> Plan:
    """The TLS check of each endpoint to which clients are made to speak TLS, and the check of each URL; all on the way
    through `proxy` where there is one."""
    from stdiag.engine.plan import Plan
    from stdiag.probes.provisioning.plan import planned
    from stdiag.probes.shared.through import through
    from stdiag.probes.tls.plan import planned as planned_tls
    from stdiag.probes.tls.plan import provisioned

    endpoints = {str(target): target for url in urls for target in provisioned(url.masked)}
    tls = [] if text_only else [planned_tls(target, name=site.tls.name) for target in endpoints.values()]
    checks = [*tls, *(planned(url, text_only=text_only) for url in urls)]
    if proxy is not None:
        checks = [through(check, proxy) for check in checks]
    return Plan(checks=tuple(checks), not_applicable=(), not_selected=())
