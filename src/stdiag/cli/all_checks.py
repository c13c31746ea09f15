"""`stdiag all`: everything that applies to a site, and the verdict."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stdiag.cli.options import apply_flags, checked_clients, diagnosis_options

if TYPE_CHECKING:
    from stdiag.model import Proxy, Report, Site
    from stdiag.net.credentials import Secret

DEFAULT_FILE = "stdiag.toml"


@click.command(name="all")
@click.argument("site", required=False, metavar="[SITE]")
@click.option(
    "--only", multiple=True, metavar="PROBE", help="Run only this probe. Repeatable; `stdiag list` names them."
)
@click.option("--skip", multiple=True, metavar="PROBE", help="Leave this probe out. Repeatable.")
@click.option(
    "--from-config",
    "from_config",
    multiple=True,
    metavar="PATH",
    help="Take the servers from this configuration file or folder, and judge it too. What SITE says goes before. "
    "Repeatable.",
)
@click.option("--demo", is_flag=True, help="Start the lab with the classic fault, diagnose it, and stop it again.")
@diagnosis_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    site: str | None,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    *,
    from_config: tuple[str, ...],
    demo: bool,
    vantage: str | None,
    product: str | None,
    ca_files: tuple[str, ...],
    overrides: tuple[str, ...],
    **request: Any,
) -> None:
    """GO or NO-GO for a whole deployment, with causes and remedies.

    SITE is a host name, an https:// URL, the provisioning URL of the mobile users, or a site file; without it,
    stdiag.toml in the current folder.

    \b
    stdiag all chat.example.com
    stdiag all stdiag.toml -o report.json
    stdiag all chat.example.com --plan -f md     the firewall request
    stdiag all --from-config /opt/sametime       every server that its configuration files name
    """
    from stdiag.cli.diagnose import Request

    flags = {"vantage": vantage, "product": product, "ca_files": ca_files, "overrides": overrides}
    wanted = Request(**request)
    if demo:
        if site is not None or from_config:
            what = "SITE" if site is not None else "--from-config"
            raise click.UsageError(f"--demo brings its own site: leave {what} out, or leave --demo out.")
        from stdiag.cli.demo import run_demo

        ctx.exit(run_demo(lambda site_file: run_site(site_file, only, skip, flags, wanted), wanted))
    result = run_site(site, only, skip, flags, wanted, from_config)
    ctx.exit(result[1] if result else 0)


def run_site(
    site_text: str | None,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    flags: dict[str, Any],
    request: Any,
    from_config: tuple[str, ...] = (),
) -> tuple[Report, int] | None:
    """Diagnoses what `site_text` names (None: stdiag.toml in this folder), as `stdiag all` does, and shows the report.

    `flags`: what `apply_flags` takes; `request`: cli.diagnose.Request; `from_config`: configuration files that complete
    the site, or make it where `site_text` is None. Returns the report with the exit code, None when only the plan was
    asked for. Raises click.UsageError.
    """
    from stdiag.cli.diagnose import diagnose
    from stdiag.engine.plan import UnknownProbeError, plan
    from stdiag.probes.registry import PROBES

    secrets: dict[Proxy, Secret] = {}
    site, sources = _site(site_text, from_config, secrets)
    apply_flags(site, sources, **flags)
    if site.clients:
        site.clients = checked_clients(site.clients)
    asks_push = site.push is not None and (not only or "push" in only) and "push" not in skip
    if asks_push and not request.plan_only:
        import msgspec

        from stdiag.cli.push_secrets import push_credentials

        found = push_credentials(site, sources, secrets)  # before the plan, which follows the key's environment
        request = msgspec.structs.replace(request, credentials=request.credentials.joined(found))
    asks_photo = site.photo is not None and (not only or "photo" in only) and "photo" not in skip
    if site.photo is not None and asks_photo and not request.plan_only:
        import msgspec

        from stdiag.cli.photo_tokens import photo_credentials

        tokens = photo_credentials(site.photo, quiet=request.quiet)
        request = msgspec.structs.replace(request, credentials=request.credentials.joined(tokens))
    try:
        the_plan = plan(site, PROBES, only, skip)
    except UnknownProbeError as mistake:
        raise click.UsageError(str(mistake)) from mistake
    if site.config.paths and any(one.probe == "config" for one in the_plan.checks):
        from stdiag.cli.config_paths import read_or_refuse

        read_or_refuse([path for path in site.config.paths if path not in from_config], "[config] paths")
    if site.community is not None and not request.plan_only and any(one.probe == "paths" for one in the_plan.checks):
        import msgspec

        from stdiag.cli.path_passwords import community_credentials

        request = msgspec.structs.replace(
            request, credentials=request.credentials.joined(community_credentials(site.community))
        )
    return diagnose(the_plan, site, sources, request, PROBES)


def _site(text: str | None, from_config: tuple[str, ...], secrets: dict[Proxy, Secret]) -> tuple[Site, dict[str, str]]:
    """The site, and where its values came from. A password that `from_config` holds goes into `secrets`. Raises
    click.UsageError."""
    from stdiag.model import Site

    if not from_config:
        return read_site_argument(text)
    from stdiag.cli.config_paths import take_from_config

    site, sources = (Site(), {}) if text is None else read_site_argument(text)
    take_from_config(site, sources, from_config, secrets)
    return site, sources


def read_site_argument(text: str | None, command_name: str = "all") -> tuple[Site, dict[str, str]]:
    """The site that the argument names, and where its values came from. Raises click.UsageError."""
    from stdiag.formats.errors import FormatError
    from stdiag.formats.site_file import read_site
    from stdiag.formats.target import parse_target
    from stdiag.model import Site, StproxySite

    if text is None and not Path(DEFAULT_FILE).is_file():
        raise click.UsageError(
            f"Name what to check, for example stdiag {command_name} chat.example.com: there is no {DEFAULT_FILE} in "
            "this folder."
        )
    if text is not None and os.path.isdir(text):  # noqa: PTH112 - Path.is_dir raises for a name that is too long
        raise click.UsageError(f"{text} is a folder: name the site file in it, {text.rstrip('/')}/{DEFAULT_FILE}.")
    try:
        if text is None or _names_a_file(text):
            return read_site(Path(text or DEFAULT_FILE))
        if re.match(r"\s*(hcl)?sametime\s*:", text, re.IGNORECASE):
            return _provisioned(text)
        target = parse_target(text)
    except FormatError as error:
        raise click.UsageError(str(error)) from error
    if target.had_credentials:
        click.echo("A user name or password in a URL is not used here, and shows in your shell's history.", err=True)
    return Site(stproxy=StproxySite(url=target.url)), {"stproxy.url": "the command line"}


def _provisioned(text: str) -> tuple[Site, dict[str, str]]:
    """The site that mobile users are sent to. Raises FormatError."""
    from stdiag.cli.provisioning_check import warn_of_password
    from stdiag.formats.provisioning.parse import parse_provisioning
    from stdiag.model import Site, StproxySite

    url = parse_provisioning(text)
    if url.has_password:
        warn_of_password()
    site = Site(stproxy=StproxySite(provisioning_url=url.masked))
    return site, {"stproxy.provisioning_url": "the command line"}


def _names_a_file(text: str) -> bool:
    is_file = os.path.isfile(text)  # noqa: PTH113 - Path.is_file raises for a name that is too long
    return text.endswith(".toml") or (is_file and "://" not in text)
