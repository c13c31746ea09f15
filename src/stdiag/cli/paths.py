"""`stdiag paths`: every way to a community server, and where each one that fails ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from stdiag.cli.options import apply_flags, diagnosis_options

if TYPE_CHECKING:
    from stdiag.model import CommunityPath, Proxy
    from stdiag.net.credentials import Secret

_SWAPPED = {"socks5": "socks5h", "socks5h": "socks5", "socks4": "socks4a", "socks4a": "socks4"}
_LOOKED_UP_HERE = ("socks4", "socks5")


@click.command(name="paths")
@click.argument("host", metavar="COMMUNITY_HOST")
@click.option(
    "--port",
    "ports",
    type=click.IntRange(1, 65535),
    multiple=True,
    help="Port of the server; may be repeated. Default: 1533, and as optional ones 80 and 8082.",
)
@click.option(
    "--proxy",
    "proxies",
    metavar="URL",
    multiple=True,
    help="A proxy: http://, https://, socks4://, socks4a://, socks5:// or socks5h://[USER@]HOST:PORT; "
    "reverse:https://HOST/AFFINITY-ID; or system, for this machine's settings. May be repeated.",
)
@click.option("--proxy-user", metavar="USER", help="User name for the proxies whose URL names none.")
@click.option(
    "--proxy-password",
    metavar="SOURCE",
    help="Where the password of USER is: env:NAME, file:PATH (its first line) or prompt.",
)
@click.option(
    "--dns",
    type=click.Choice(["here", "proxy", "both"]),
    help="Who looks the server's name up, for SOCKS proxies: overrides what the URL says.",
)
@click.option(
    "--expected",
    type=click.Choice(["open", "closed", "optional"]),
    help="How these paths must be. Default: at least one of them must work.",
)
@click.option("--no-direct", is_flag=True, help="Leave the direct paths out.")
@diagnosis_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    host: str,
    ports: tuple[int, ...],
    proxies: tuple[str, ...],
    proxy_user: str | None,
    proxy_password: str | None,
    dns: str | None,
    expected: str | None,
    *,
    no_direct: bool,
    vantage: str | None,
    product: str | None,
    ca_files: tuple[str, ...],
    overrides: tuple[str, ...],
    **request: Any,
) -> None:
    """Which paths lead to the community server, and where and why does each other one end?

    Desktop clients (Sametime Connect, Notes) come by one of several connection methods. Each is walked hop by hop, and
    at its end one Sametime handshake without credentials is made: an open port proves nothing.

    \b
    stdiag paths mux.example.com
    stdiag paths mux.example.com --proxy http://proxy.example.com:3128 --proxy socks5h://proxy.example.com:1080
    stdiag paths mux.example.com --port 1533 --expected closed --from internet
    """
    from stdiag.cli.diagnose import Request, diagnose
    from stdiag.cli.path_passwords import community_credentials
    from stdiag.engine.plan import Plan
    from stdiag.formats.errors import FormatError
    from stdiag.formats.host import canonical_host
    from stdiag.model import CommunitySite, Expected, Site
    from stdiag.probes.paths.plan import plan as plan_paths
    from stdiag.probes.registry import probe_named

    try:
        name = canonical_host(host.strip())
    except FormatError as error:
        raise click.UsageError(f"COMMUNITY_HOST: {error}") from error
    if no_direct and not proxies:
        raise click.UsageError("--no-direct leaves no path: name a --proxy, or leave --no-direct out.")
    if (proxy_user or proxy_password) and not proxies:
        raise click.UsageError("--proxy-user and --proxy-password belong to a --proxy URL, which is missing.")
    wanted = Expected(expected) if expected else None
    typed: dict[Proxy, Secret] = {}
    paths = [] if no_direct else [_path(None, ports, wanted)]
    for text in proxies:
        paths += _paths(text, ports, wanted, proxy_user, proxy_password, dns, typed, quiet=request["quiet"])
    sources = {"community.host": "the command line", "community.path": "the command line"}
    site = Site(community=CommunitySite(host=name, path=paths))
    apply_flags(site, sources, vantage=vantage, product=product, ca_files=ca_files, overrides=overrides)
    checks, not_applicable = plan_paths(site)
    if not request["plan_only"] and site.community is not None:
        request["credentials"] = community_credentials(site.community, typed)
    the_plan = Plan(checks=tuple(checks), not_applicable=tuple(not_applicable), not_selected=())
    result = diagnose(the_plan, site, sources, Request(**request), (probe_named("paths"),))
    if result is not None:
        ctx.exit(result[1])


def _path(via: str | None, ports: tuple[int, ...], expected: Any, **who: str | None) -> CommunityPath:
    from stdiag.model import CommunityPath

    return CommunityPath(via=via, ports=list(dict.fromkeys(ports)), expected=expected, **who)


def _paths(
    text: str,
    ports: tuple[int, ...],
    expected: Any,
    user: str | None,
    password: str | None,
    dns: str | None,
    typed: dict[Proxy, Secret],
    *,
    quiet: bool,
) -> list[CommunityPath]:
    """The paths through one --proxy: two where both ways of look-up are to be compared. Raises click.UsageError."""
    from stdiag.formats.errors import FormatError
    from stdiag.formats.proxy import password_in
    from stdiag.formats.via import REVERSE, ViaKind, parse_via, via_of, without_password
    from stdiag.net.credentials import Secret

    try:
        via, had_password = parse_via(text)
        in_url = password_in(_as_proxy(text, REVERSE)) if had_password else None
    except FormatError as error:
        raise click.UsageError(f"--proxy: {error}") from error
    if had_password and not quiet:
        click.echo(
            "--proxy: the password in the URL shows in your shell's history and in the list of processes; "
            "--proxy-password env:NAME does not.",
            err=True,
        )
    known = via.proxy.user if via.proxy else None
    takes_password = via.proxy is not None and not via.proxy.kind.startswith("socks4")
    found = []
    for one in _by_dns(without_password(text), dns) if via.kind is ViaKind.PROXY else [without_password(text)]:
        source = "url" if in_url is not None else password if takes_password and (known or user) else None
        path = _path(
            one,
            ports,
            expected,
            user=None if via.proxy is None or known else user,
            password=source,
        )
        try:
            proxy = via_of(path).proxy
        except FormatError as error:
            raise click.UsageError(f"--proxy {via}: {error}") from error
        if proxy is not None and in_url is not None:
            typed[proxy] = Secret(in_url)
        found.append(path)
    return found


def _as_proxy(text: str, reverse: str) -> str:
    """The URL without what follows its port, so that a reverse proxy's is read as any other's."""
    import re

    url = text.strip().removeprefix(reverse)
    return re.sub(r"(://(?:.*@)?[^/?#]*).*", r"\1", url, flags=re.DOTALL)


def _by_dns(text: str, dns: str | None) -> list[str]:
    """The URL with the scheme that looks names up where `dns` says; both for `both`."""
    scheme, separator, rest = text.partition("://")
    swapped = _SWAPPED.get(scheme.lower())
    if dns is None or swapped is None:
        return [text]
    here, there = (scheme, swapped) if scheme.lower() in _LOOKED_UP_HERE else (swapped, scheme)
    return [f"{one}{separator}{rest}" for one in {"here": [here], "proxy": [there], "both": [here, there]}[dns]]
