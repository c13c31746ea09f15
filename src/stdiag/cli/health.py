"""`stdiag health`: do the pages that users open answer, and what does the Sametime Proxy say of itself?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from stdiag.cli.options import apply_flags, diagnosis_options
from stdiag.cli.proxies import read_via, via_options

if TYPE_CHECKING:
    from stdiag.engine.plan import Plan
    from stdiag.formats.web_url import WebUrl
    from stdiag.model import Proxy, Site


@click.command(name="health")
@click.argument("servers", nargs=-1, metavar="[URL | HOST]…")
@click.option(
    "--page", "pages", multiple=True, metavar="URL", help="A further page that must answer, on any host. Repeatable."
)
@via_options
@diagnosis_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    servers: tuple[str, ...],
    *,
    pages: tuple[str, ...],
    via: str | None,
    via_password: str | None,
    vantage: str | None,
    product: str | None,
    ca_files: tuple[str, ...],
    overrides: tuple[str, ...],
    **request: Any,
) -> None:
    """Do the pages that users open answer, and what does the Sametime Proxy say of itself?

    At every address of the host, without a login: /stwebapi/proxyinfo, the pages of the product, and where http://
    leads to. A URL or HOST is a Sametime Proxy; a provisioning URL and a site file will do too. Without one, and
    without --page, stdiag.toml in this folder is taken.

    \b
    stdiag health chat.example.com
    stdiag health chat.example.com --product 12-docker --page https://meetings.example.com/stmeetings
    stdiag health chat.example.com --via http://proxy.example.com:3128
    """
    from stdiag.cli.diagnose import Request, diagnose
    from stdiag.probes.registry import probe_named

    site, sources, bases = _site(servers, pages, quiet=request["quiet"])
    apply_flags(site, sources, vantage=vantage, product=product, ca_files=ca_files, overrides=overrides)
    the_plan = _plan(site, bases, read_via(via, via_password, sources, request))
    result = diagnose(the_plan, site, sources, Request(**request), (probe_named("tls"), probe_named("health")))
    if result is not None:
        ctx.exit(result[1])


def _site(
    servers: tuple[str, ...], pages: tuple[str, ...], *, quiet: bool
) -> tuple[Site, dict[str, str], list[WebUrl]]:
    """The site, where its values came from, and servers that do not stand in it: several, or one without TLS. Raises
    click.UsageError."""
    from stdiag.cli.all_checks import read_site_argument
    from stdiag.formats.errors import FormatError
    from stdiag.formats.web_url import parse_web_url
    from stdiag.model import Site

    bases: list[WebUrl] = []
    site = Site()
    sources: dict[str, str] = {}
    try:
        urls = [str(parse_web_url(page)) for page in pages]
        if len(servers) > 1 or (servers and servers[0].strip().lower().startswith("http:")):
            bases = [_base(server) for server in servers]
        elif servers or not pages:
            site, sources = read_site_argument(servers[0] if servers else None, "health")
            bases = _without_link(site, sources)
    except FormatError as error:
        raise click.UsageError(str(error)) from error
    if any("@" in text for text in (*pages, *(servers if len(servers) > 1 else ()))) and not quiet:
        click.echo("A user name or password in a URL is not used here, and shows in your shell's history.", err=True)
    if urls:
        site.health.pages = [*site.health.pages, *urls]
        sources["health.pages"] = "--page"
    return site, sources, bases


def _without_link(site: Site, sources: dict[str, str]) -> list[WebUrl]:
    """Takes the link for mobile users out of the site, since its own check is not made here. Where the site has no
    other address, what the link names stands in its place, or is returned where it is without TLS."""
    from stdiag.model import StproxySite
    from stdiag.probes.health.plan import base_of

    base, _ = base_of(site)
    if site.stproxy is None or site.stproxy.provisioning_url is None or base is None:
        return []
    source = sources.pop("stproxy.provisioning_url", "the command line")
    if not base.tls:
        site.stproxy = None
        return [base]
    sources.setdefault("stproxy.url", source)
    site.stproxy = StproxySite(url=site.stproxy.url or base.base)
    return []


def _base(text: str) -> WebUrl:
    """The server that `text` names: a URL of either kind, a provisioning URL, or HOST[:PORT]. Raises FormatError."""
    import re

    from stdiag.formats.errors import FormatError
    from stdiag.formats.target import parse_target
    from stdiag.formats.web_url import WebUrl, parse_web_url
    from stdiag.model import Site, StproxySite
    from stdiag.probes.health.plan import base_of

    if re.match(r"\s*(hcl)?sametime\s*:", text, re.IGNORECASE):
        from stdiag.formats.provisioning.parse import parse_provisioning

        base, why_not = base_of(Site(stproxy=StproxySite(provisioning_url=parse_provisioning(text).masked)))
        if base is None:
            raise FormatError(why_not)
        return base
    if re.match(r"\s*http:", text, re.IGNORECASE):
        url = parse_web_url(text)
        return WebUrl(tls=False, host=url.host, port=url.port)
    target = parse_target(text)
    return WebUrl(tls=True, host=target.host, port=target.port)


def _plan(site: Site, bases: list[WebUrl], proxy: Proxy | None) -> Plan:
    """The checks of `bases`, else those of the site, and beside each the TLS check of its endpoint; all on the way
    through `proxy` where there is one."""
    from stdiag.engine.plan import Plan
    from stdiag.formats.target import parse_target
    from stdiag.model import bracketed
    from stdiag.probes.health.plan import plan, planned
    from stdiag.probes.shared.through import through
    from stdiag.probes.tls.plan import planned as planned_tls

    checks, beside = plan(site)
    if bases or checks:
        beside = []  # pages alone were asked for
    checks = [*(planned(base, site.product) for base in dict.fromkeys(bases)), *checks]
    encrypted = [check.subject for check in checks if (check.subject.url or "").startswith("https:")]
    targets = dict.fromkeys(f"{bracketed(subject.host)}:{subject.port}" for subject in encrypted)
    tls = [planned_tls(parse_target(target), name=site.tls.name) for target in targets]
    if proxy is not None:
        checks, tls = [through(check, proxy) for check in checks], [through(check, proxy) for check in tls]
    return Plan(checks=(*tls, *checks), not_applicable=tuple(beside), not_selected=())
