"""`stdiag android`: the first thing that stops one phone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stdiag.cli.options import apply_flags, diagnosis_options

if TYPE_CHECKING:
    from stdiag.engine.plan import Plan
    from stdiag.formats.provisioning.url import ProvisioningUrl
    from stdiag.model import LogClaim, Report, Site, Story

LONGEST_HOLD_S = 1800


@click.command(name="android")
@click.argument("site", required=False, metavar="[SITE]")
@click.option("--version", "version", metavar="VERSION", help="The phone's Android: 4.4, 9. Without it all are judged.")
@click.option("--log", "log", metavar="FILE", help="The client's log: is what it says so, measured from here?")
@click.option(
    "--hold",
    "hold_s",
    type=click.IntRange(0, LONGEST_HOLD_S),
    default=0,
    metavar="SECONDS",
    help="Hold a silent connection open for this time: does anybody cut it?",
)
@diagnosis_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    site: str | None,
    version: str | None,
    log: str | None,
    hold_s: int,
    *,
    vantage: str | None,
    product: str | None,
    ca_files: tuple[str, ...],
    overrides: tuple[str, ...],
    **request: Any,
) -> None:
    """One failing Android phone: the first thing that stops it, and why.

    Goes the phone's way, as that Android: provisioning URL, name, connection, TLS, certificate, reverse proxy, Sametime
    Proxy, and push. SITE is the provisioning URL, a host name, an https:// URL, or a site file; without it, stdiag.toml
    in the current folder. Best run where the phone is: in the same network.

    \b
    stdiag android chat.example.com --version 4.4
    stdiag android 'hclsametime://chat.example.com/?action=AddCommunity' --log sametime.log
    stdiag android stdiag.toml --version 9 --hold 300
    """
    from stdiag.cli.all_checks import read_site_argument
    from stdiag.cli.diagnose import Request, diagnose
    from stdiag.probes.registry import probe_named

    client = _client(version)
    the_site, sources = read_site_argument(site, "android")
    apply_flags(the_site, sources, vantage=vantage, product=product, ca_files=ca_files, overrides=overrides)
    if version is not None:
        the_site.clients, sources["clients"] = [client.replace(" ", "=")], "--version"
    claims = _claims(log)
    the_plan = _plan(the_site, hold_s)

    def story(report: Report) -> Story:
        from stdiag.engine.scenarios.android import android_story

        return android_story(report, client, claims)

    probes = [probe_named(name) for name in ("tls", "provisioning", "push")]
    result = diagnose(the_plan, the_site, sources, Request(**request, hold_s=hold_s), probes, story=story)
    if result is not None:
        ctx.exit(result[1])


def _client(version: str | None) -> str:
    """The release whose TLS this version has: 4.4.4 is 4.4. Raises click.UsageError."""
    if version is None:
        return "android"
    from stdiag.cli.options import checked_clients
    from stdiag.clients.android import profiles
    from stdiag.formats.client_selector import parse_client_selector

    text = version.strip().lower().removeprefix("android").strip()
    try:
        wanted = parse_client_selector(f"android={text}").version
    except ValueError as error:
        raise click.UsageError(f"--version: {error}") from error
    # 7 is 7.0, the oldest that it may be; 4.4.4 is no release of its own and has what 4.4 has.
    fitting = [one for one in profiles() if one.version[: len(wanted)] == wanted][:1] or [
        one for one in profiles() if one.version <= wanted and one.version[0] == wanted[0]
    ]
    if not fitting:
        checked_clients([f"android={text}"])  # says which there are
    return fitting[-1].client


def _claims(log: str | None) -> list[LogClaim]:
    """What the log says. Raises click.UsageError."""
    if log is None:
        return []
    from stdiag.engine.scenarios.claims import claims_of
    from stdiag.formats.errors import FormatError
    from stdiag.probes.shared.client_log import read_log

    try:
        return claims_of(read_log(Path(log)))
    except FormatError as error:
        raise click.UsageError(f"--log: {error}") from error


def _plan(site: Site, hold_s: int) -> Plan:
    """The checks of what this phone meets, and of nothing else. Raises click.UsageError."""
    from stdiag.clients.registry import parse_clients
    from stdiag.engine.plan import Plan
    from stdiag.formats.client_selector import EVERY_PLATFORM
    from stdiag.formats.errors import FormatError
    from stdiag.model import NotChecked
    from stdiag.probes.provisioning.plan import planned
    from stdiag.probes.push.plan import google_checks
    from stdiag.probes.tls.plan import planned as planned_tls
    from stdiag.probes.tls.plan import provisioned

    try:
        parse_clients(site.clients)
    except FormatError as error:
        raise click.UsageError(f"clients: {error}") from error
    url = _url(site)
    clients = site.clients or [EVERY_PLATFORM]
    checks = [planned_tls(target, name=site.tls.name, clients=clients) for target in provisioned(url.masked)]
    checks.append(planned(url, hold_s=hold_s))
    google = google_checks(site.push) if site.push is not None else []
    beside = [] if google else [NotChecked(what="push", reason="the site has no [push] table that asks Google")]
    return Plan(checks=(*checks, *google), not_applicable=tuple(beside), not_selected=())


def _url(site: Site) -> ProvisioningUrl:
    """The provisioning URL; for a site without one, the one that a phone of this server would be given."""
    from stdiag.formats.provisioning.parse import parse_provisioning
    from stdiag.formats.target import parse_target
    from stdiag.model import Product, bracketed

    if site.stproxy is None:
        raise click.UsageError("The site names no [stproxy]: phones have nowhere to go.")
    if site.stproxy.provisioning_url:
        return parse_provisioning(site.stproxy.provisioning_url)
    target = parse_target(site.stproxy.url or "")
    old = site.product in (Product.V8_5, Product.V9, Product.V10)
    at = f"{bracketed(target.host)}:{target.port}"
    if old:
        return parse_provisioning(f"sametime://{at}/?action=AddCommunity&ssl=true")
    return parse_provisioning(f"hclsametime://{at}/?action=AddCommunity")
