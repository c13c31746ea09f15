"""`stdiag init`: a stdiag.toml to start with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from stdiag.model import Site, StproxySite

_DEFAULT_FILE = "stdiag.toml"


class _UsageError(click.ClickException):
    """Wrong usage, told in one sentence."""

    exit_code = 2


@click.command(name="init")
@click.argument("site", required=False, metavar="[SITE]")
@click.option("-o", "--output", metavar="FILE", default=_DEFAULT_FILE, help="The file to write. Default: stdiag.toml.")
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
@click.option("--provisioning-url", metavar="URL", help="The link that mobile users get, beside SITE.")
@click.option("--product", metavar="GENERATION", help="8.5, 9, 10, 11, 12-docker, 12-kubernetes or 12-windows.")
@click.option("--from", "vantage", metavar="PLACE", help="Where stdiag runs: stproxy, inside or internet.")
@click.option("--tls", "targets", multiple=True, metavar="HOST:PORT", help="A further TLS port. Repeatable.")
@click.option("--ca-file", "ca_files", multiple=True, metavar="FILE", help="Roots of your own CA. Repeatable.")
@click.option(
    "--from-config",
    "from_config",
    multiple=True,
    metavar="PATH",
    help="Take the servers from this configuration file or folder. What SITE and options say goes before. Repeatable.",
)
@click.option(
    "--resolve",
    "overrides",
    multiple=True,
    metavar="NAME[:PORT]=ADDRESS[:PORT]",
    help="Use this address instead of asking DNS. Repeatable.",
)
def command(site: str | None, *, output: str, force: bool, **given: Any) -> None:
    """Write a commented stdiag.toml, which `stdiag all` then takes.

    SITE is a host name, an https:// URL or a provisioning URL. Without it and without options, it asks.

    \b
    stdiag init chat.example.com --product 12-docker --from inside
    stdiag init 'hclsametime://chat.example.com/?action=AddCommunity'
    stdiag init --from-config /opt/sametime
    """
    from stdiag.formats.errors import FormatError
    from stdiag.formats.site_text import site_toml

    file = Path(output)
    if not force and os.path.lexists(file):
        raise _UsageError(f"{output} is there already: choose another --output, or --force to replace it.")
    if site is None and not any(given.values()):
        site, given = _answers(given)
    paths: tuple[str, ...] = given.pop("from_config")
    try:
        meant = _site(site, file, given)
        text = _with_config(meant, file, paths) if paths else site_toml(meant)
    except FormatError as error:
        raise _UsageError(str(error)) from error
    _write(file, text, force=force)
    click.echo(f"Wrote {output}. Next: stdiag all{'' if output == _DEFAULT_FILE else f' {output}'}", err=True)


def _site(site: str | None, file: Path, given: dict[str, Any]) -> Site:
    """The site that the options mean. Raises FormatError or _UsageError."""
    from stdiag.formats.resolve import parse_resolve
    from stdiag.formats.target import parse_target
    from stdiag.model import Product, Site, TlsSite, TrustSite, Vantage

    return Site(
        product=_chosen(Product, given["product"], "generation"),
        vantage=_chosen(Vantage, given["vantage"], "place"),
        stproxy=_stproxy(site, given["provisioning_url"]),
        tls=TlsSite(targets=[str(parse_target(text)) for text in given["targets"]]),
        trust=TrustSite(ca_files=[_beside(file, name) for name in given["ca_files"]]),
        resolve=dict(parse_resolve(text) for text in given["overrides"]),
    )


def _with_config(site: Site, file: Path, paths: tuple[str, ...]) -> str:
    """The text for `site`, completed by the configuration files, with where each value stands and what was left out.
    Raises FormatError or click.UsageError."""
    from stdiag.cli.config_paths import take_from_config
    from stdiag.formats.site_text import site_toml

    sources: dict[str, str] = {}
    found = take_from_config(site, sources, paths).found
    site.config.paths = [_beside(file, path, "--from-config") for path in site.config.paths]
    del sources["config.paths"]
    left_out = [f"  {one.address}; {one.role}, {one.place}: {one.left_out}" for one in found if one.left_out]
    if site.push is not None and site.push.user:
        click.echo('The push proxy asks for a password: add password = "env:NAME" to [push].', err=True)
    if not any(one.becomes for one in found):
        click.echo("No address of a server was found: the file names the configuration alone.", err=True)
    return site_toml(site, sources, ["Addresses that were left out, with the reason:", *left_out] if left_out else ())


def _stproxy(site: str | None, provisioning_url: str | None) -> StproxySite | None:
    from stdiag.formats.target import parse_target
    from stdiag.model import StproxySite

    url = None
    if site is not None and site.strip().lower().startswith(("sametime:", "hclsametime:")):
        if provisioning_url is not None:
            raise _UsageError("SITE and --provisioning-url are both provisioning URLs: give one of them.")
        provisioning_url = site
    elif site is not None:
        target = parse_target(site)
        if target.had_credentials:
            click.echo("The user name or password in the URL is not written.", err=True)
        url = target.url
    if url is None and provisioning_url is None:
        return None
    return StproxySite(url=url, provisioning_url=None if provisioning_url is None else _masked(provisioning_url))


def _masked(text: str) -> str:
    from stdiag.formats.provisioning.parse import parse_provisioning

    url = parse_provisioning(text)
    if url.has_password:
        click.echo("The password in the provisioning URL is not written: *** stands for it.", err=True)
    return url.masked


def _chosen(kind: Any, text: str | None, what: str) -> Any:
    if not text:
        return None
    if text not in set(kind):
        raise _UsageError(f"There is no {what} {text!a}: use one of {', '.join(kind)}.")
    return kind(text)


def _beside(file: Path, name: str, option: str = "--ca-file") -> str:
    """The name as it must stand in `file`: relative to its folder where it lies below it."""
    from stdiag.formats.errors import FormatError

    if not name.strip() or "\0" in name:
        raise FormatError(f"{option}: this is not a path", expected="the name of a file")
    absolute, folder = Path(name).absolute(), file.absolute().parent
    return absolute.relative_to(folder).as_posix() if absolute.is_relative_to(folder) else str(absolute)


def _write(file: Path, text: str, *, force: bool) -> None:
    try:
        with file.open("w" if force else "x", encoding="utf-8", newline="\n") as out:
            out.write(text)
    except FileExistsError:
        raise _UsageError(f"{file} is there already: choose another --output, or --force to replace it.") from None
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) and error.strerror else "the name is not valid"
        raise _UsageError(f"{file} cannot be written: {words}.") from error


def _answers(given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """What somebody at a terminal says. Raises _UsageError when nobody is there."""
    import sys

    from stdiag.model import Product, Vantage
    from stdiag.render.terminal import is_terminal

    if not is_terminal(sys.stdin):
        raise _UsageError("Name what is to be diagnosed, for example stdiag init chat.example.com.")
    site: str = click.prompt(
        "Host, https:// URL or provisioning URL that users come to", value_proc=_usable_site, err=True
    )
    answers = dict(given)
    answers["product"] = _choice(f"Sametime generation ({', '.join(Product)}; empty: unknown)", Product, "generation")
    answers["vantage"] = _choice(f"Where stdiag runs ({', '.join(Vantage)}; empty: unknown)", Vantage, "place")
    ca_files = str(
        click.prompt("File with your own CA's roots (empty: none)", default="", show_default=False, err=True)
    )
    answers["ca_files"] = (ca_files.strip(),) if ca_files.strip() else ()
    return site, answers


def _choice(question: str, kind: Any, what: str) -> str | None:
    def known(answer: str) -> str:
        try:
            _chosen(kind, answer.strip(), what)
        except _UsageError as error:
            raise click.BadParameter(error.message) from error
        return answer.strip()

    return click.prompt(question, default="", show_default=False, value_proc=known, err=True) or None


def _usable_site(answer: str) -> str:
    from stdiag.formats.errors import FormatError

    try:
        _stproxy(answer, None)
    except FormatError as error:
        raise click.BadParameter(str(error)) from error
    return answer
