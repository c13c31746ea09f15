"""`stdiag bundle`: one file for a support case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stdiag.cli.options import run_options

if TYPE_CHECKING:
    from stdiag.model import Report


@click.command(name="bundle")
@click.argument("source", required=False, metavar="[SITE|REPORT]")
@click.option("-o", "--output", "output", required=True, metavar="FILE.zip", help="Where to.")
@click.option("--redact", is_flag=True, help="Pseudonyms for names and addresses, no certificates; see report redact.")
@run_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    source: str | None,
    output: str,
    *,
    redact: bool,
    vantage: str | None,
    product: str | None,
    ca_files: tuple[str, ...],
    overrides: tuple[str, ...],
    **request: Any,
) -> None:
    """Pack a case: the report as JSON, HTML and Markdown, the certificate chains, the site file, versions, a manifest.

    SITE is what stdiag all takes, and is diagnosed now; without it, stdiag.toml in the current folder. REPORT is a
    report of earlier (report.json, or another bundle): then nothing is contacted. No password is in a bundle. The same
    report always gives the same bytes.

    \b
    stdiag bundle -o case.zip                          diagnose stdiag.toml, and pack it
    stdiag bundle report.json -o case.zip --redact     pack a report under pseudonyms
    stdiag report show case.zip                        open it again

    The exit code is the verdict's; of a REPORT it is 0.
    """
    from stdiag.render.json import to_json

    path = Path(output)
    _check(path)
    flags = {"vantage": vantage, "product": product, "ca_files": ca_files, "overrides": overrides}
    code = 0
    if source is not None and _is_report(source):
        from stdiag.cli.report.opened import open_report

        stored = open_report(source, quiet=request["quiet"])
        report, document = stored.report, stored.document
    else:
        report, code = _diagnosed(source, flags, request)
        document = to_json(report)
    private = None
    if redact:
        from stdiag.cli.report.redacted import map_beside, redacted_report, write_map

        redacted = redacted_report(report, source or "the report")
        report, document = redacted.report, to_json(redacted.report)
        private = map_beside(path)
        write_map(redacted.mapping, private)
    _write(report, document, path)
    if not request["quiet"]:
        click.echo(f"Wrote {path}. Send this.", err=True)
        if private is not None:
            click.echo(f"Wrote {private}: which name stands for which. Keep this, never send it.", err=True)
        else:
            click.echo("It holds names, addresses and certificates as they are; --redact makes pseudonyms.", err=True)
    ctx.exit(code)


def _check(path: Path) -> None:
    if path.suffix.lower() != ".zip":
        raise click.UsageError(f"--output {path}: a bundle is a zip archive, name it {path.stem or 'case'}.zip.")
    if path.is_dir():
        raise click.UsageError(f"--output {path}: that is a folder; name a file in it.")
    if not path.absolute().parent.is_dir():
        raise click.UsageError(f"--output {path}: there is no folder {path.absolute().parent}; create it.")


def _is_report(source: str) -> bool:
    """By its name: a report that is missing must not be taken for a host."""
    return source == "-" or source.lower().endswith((".json", ".zip"))


def _diagnosed(source: str | None, flags: dict[str, Any], request: dict[str, Any]) -> tuple[Report, int]:
    from stdiag.cli.all_checks import run_site
    from stdiag.cli.diagnose import Request

    wanted = Request(form="short", outputs=(), plan_only=False, verbose=False, **request)
    result = run_site(source, (), (), flags, wanted)
    if result is None:  # only a plan has no report, and none was asked for
        raise click.UsageError("There is no report to pack.")
    return result


def _write(report: Report, document: bytes, path: Path) -> None:
    from stdiag.cli.bundle_files import bundle_files
    from stdiag.cli.diagnose import write_whole
    from stdiag.render.bundle import pack

    write_whole(path, pack(bundle_files(report, document)))
