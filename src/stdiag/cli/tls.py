"""`stdiag tls`: the chain of one or many endpoints, or of a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stdiag.cli.options import apply_flags, checked_clients, diagnosis_options
from stdiag.cli.proxies import read_via, via_options

if TYPE_CHECKING:
    from stdiag.formats.target import Target
    from stdiag.model import Report

LIST_AT_MOST = 1 << 20
"""Bytes of a list of targets."""


@click.command(name="tls")
@click.argument("targets", nargs=-1, metavar="[HOST[:PORT] | URL]…")
@click.option("--targets", "targets_file", metavar="FILE", help="Take targets from FILE, one a line ('-': stdin).")
@click.option("--file", "pem_file", metavar="PEM", help="Judge the certificates in a file instead of a server.")
@click.option("--name", metavar="HOST", help="The name to send (SNI) and to compare the certificate with.")
@click.option("--quick", is_flag=True, help="One handshake an address, the chain's verdict only: for sweeps.")
@click.option("--clients", "every_client", is_flag=True, help="Which clients get through: Android, iOS, Java and more.")
@click.option(
    "--client",
    "clients",
    multiple=True,
    metavar="CLIENTS",
    help="These clients only, and they must get through: 'android>=6', ios, 'openjdk=11'. Repeatable.",
)
@click.option("--fix-bundle", metavar="FILE", help="Write leaf and intermediates in the right order, without the root.")
@click.option("--save-chain", metavar="DIR", help="Keep every chain as it was sent, as PEM files in DIR.")
@via_options
@diagnosis_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    targets: tuple[str, ...],
    targets_file: str | None,
    pem_file: str | None,
    name: str | None,
    *,
    quick: bool,
    every_client: bool,
    clients: tuple[str, ...],
    fix_bundle: str | None,
    save_chain: str | None,
    via: str | None,
    via_password: str | None,
    vantage: str | None,
    product: str | None,
    ca_files: tuple[str, ...],
    overrides: tuple[str, ...],
    **request: Any,
) -> None:
    """Is the TLS chain complete, and for which clients?

    Port 443 by default; 636 and others are written HOST:PORT. Several targets are asked side by side.

    \b
    stdiag tls chat.example.com
    stdiag tls chat.example.com --fix-bundle bundle.pem
    stdiag tls chat.example.com --client 'android>=6' --client ios
    stdiag tls --file chain.pem --name chat.example.com
    stdiag tls chat.example.com --via http://proxy.example.com:3128
    """
    from stdiag.cli.diagnose import Request, check_outputs, diagnose
    from stdiag.engine.plan import Plan
    from stdiag.model import Site, TlsSite
    from stdiag.probes.registry import probe_named
    from stdiag.probes.shared.through import through
    from stdiag.probes.tls.plan import plan as plan_tls
    from stdiag.probes.tls.plan import planned_file

    sources: dict[str, str] = {}
    site = Site(tls=TlsSite(name=_checked_name(name), quick=quick))
    apply_flags(site, sources, vantage=vantage, product=product, ca_files=ca_files, overrides=overrides)
    if every_client or clients:
        if quick:
            raise click.UsageError("--quick makes one handshake, which tells nothing about clients: leave it out.")
        site.clients, sources["clients"] = checked_clients(clients), "--client" if clients else "--clients"
    check_outputs(request["outputs"])
    if fix_bundle or save_chain:
        from stdiag.cli.keep_chains import check_places

        check_places(fix_bundle, save_chain)
    if pem_file is not None:
        if via is not None or via_password is not None:
            raise click.UsageError("--file judges a file and connects to nothing: leave --via out.")
        if targets or targets_file:
            raise click.UsageError("--file judges a file: leave the targets out, or leave --file out.")
        _check_pem(pem_file, quiet=request["quiet"])
        the_plan = Plan(
            checks=(planned_file(pem_file, site.tls.name or "", site.clients),), not_applicable=(), not_selected=()
        )
    else:
        found = _targets(targets, targets_file, quiet=request["quiet"])
        site.tls.targets = [str(target) for target in found]
        sources["tls.targets"] = "the command line"
        checks, not_applicable = plan_tls(site)
        if (proxy := read_via(via, via_password, sources, request)) is not None:
            checks = [through(check, proxy) for check in checks]
        the_plan = Plan(checks=tuple(checks), not_applicable=tuple(not_applicable), not_selected=())
    result = diagnose(the_plan, site, sources, Request(**request), (probe_named("tls"),))
    if result is None:
        return
    report, code = result
    try:
        _keep(report, fix_bundle, save_chain)
    except click.UsageError:
        raise
    except click.ClickException as problem:
        problem.show()
        code = code or 2  # the verdict's stands; but a GO without the bundle that was asked for is no success
    ctx.exit(code)


def _checked_name(name: str | None) -> str | None:
    if name is None:
        return None
    from stdiag.formats.errors import FormatError
    from stdiag.formats.target import parse_target

    try:
        return parse_target(name).host
    except FormatError as error:
        raise click.UsageError(f"--name: {error}") from error


def _targets(texts: tuple[str, ...], targets_file: str | None, *, quiet: bool) -> list[Target]:
    from stdiag.formats.errors import FormatError
    from stdiag.formats.target import parse_target, parse_targets_file
    from stdiag.formats.text_file import decode_text, read_text_file

    try:
        found = [parse_target(text) for text in texts]
        if targets_file == "-":
            piped = sys.stdin.buffer.read(LIST_AT_MOST + 1)
            if len(piped) > LIST_AT_MOST:
                raise click.UsageError("standard input: it is larger than 1024 KiB; is it a list of targets?")
            found += parse_targets_file(decode_text(piped, "standard input"), "standard input")
        elif targets_file is not None:
            found += parse_targets_file(read_text_file(Path(targets_file), LIST_AT_MOST), targets_file)
    except FormatError as error:
        raise click.UsageError(str(error)) from error
    if not found:
        raise click.UsageError("Name a target: stdiag tls HOST[:PORT], or --targets FILE, or --file PEM.")
    if any(target.had_credentials for target in found) and not quiet:
        click.echo("A user name or password in a URL is not used here, and shows in your shell's history.", err=True)
    return found


def _check_pem(pem_file: str, *, quiet: bool) -> None:
    """The user's mistakes with a file end before the run."""
    from stdiag.pki.encoding import read_certificates

    try:
        with Path(pem_file).open("rb") as file:
            data = file.read(1 << 20)
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or "the path is not valid"
        raise click.UsageError(
            f"--file {pem_file} cannot be read ({words}); name a file with certificates that you may read."
        ) from error
    has_key = b"PRIVATE KEY-----" in data
    if not read_certificates(data)[1]:
        what = "a private key and no certificate" if has_key else "no certificate"
        raise click.UsageError(
            f"--file {pem_file} holds {what}: it needs -----BEGIN CERTIFICATE----- blocks (or DER, PKCS#7)."
        )
    if has_key and not quiet:
        click.echo(
            f"{pem_file} also holds a private key: it is not read; take care whom you give the file to.", err=True
        )


def _keep(report: Report, fix_bundle: str | None, save_chain: str | None) -> None:
    if not fix_bundle and not save_chain:
        return
    from stdiag.cli.keep_chains import save_chains, write_bundle

    if save_chain:
        save_chains(report, Path(save_chain))
    if fix_bundle:
        write_bundle(report, Path(fix_bundle))
