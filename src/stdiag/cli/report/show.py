"""`stdiag report show`: a stored report in any format."""

from __future__ import annotations

import click

from stdiag.cli.options import FORMATS


@click.command(name="show")
@click.argument("file", metavar="FILE")
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), default="text", help="What is printed.")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Also write it to FILE; the format follows the suffix. May be repeated.",
)
@click.option("-v", "--verbose", is_flag=True, help="Every check in detail, with its timed steps.")
@click.option("-q", "--quiet", is_flag=True, help="No notes on stderr.")
def command(file: str, form: str, outputs: tuple[str, ...], *, verbose: bool, quiet: bool) -> None:
    """Show a stored report, or the one in a bundle, as it was judged when it was made.

    Exits 0 whatever the verdict: stdiag report judge has the verdict's exit code. JSON is handed on byte for byte.

    \b
    stdiag report show report.json
    stdiag report show case.zip -o case.md -o case.html
    """
    from stdiag.cli.diagnose import check_outputs
    from stdiag.cli.report.opened import open_report
    from stdiag.cli.report.shown import print_report, write_files

    check_outputs(outputs)
    stored = open_report(file, quiet=quiet)
    write_files(stored.report, outputs, stored.document)
    print_report(stored.report, form, verbose=verbose, document=stored.document)
