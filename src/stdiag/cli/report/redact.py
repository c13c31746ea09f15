"""`stdiag report redact`: a report that may be handed on."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="redact")
@click.argument("file", metavar="FILE")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Where to; the format follows the suffix. Without it FILE-redacted.json. May be repeated.",
)
@click.option("-q", "--quiet", is_flag=True, help="No notes on stderr.")
def command(file: str, outputs: tuple[str, ...], *, quiet: bool) -> None:
    """Replace hosts, addresses, users and organisations by pseudonyms, the same for the same over the whole report.

    Certificates, their fingerprints and what servers wrote are taken out, so that part cannot be judged again; the
    report says so. The map of names is written beside it, as FILE.PRIVATE-map.json: keep it, or nobody can tell what
    an answer is about.
    """
    from stdiag.cli.diagnose import check_outputs
    from stdiag.cli.report.opened import open_report
    from stdiag.cli.report.redacted import map_beside, redacted_report, write_map
    from stdiag.cli.report.shown import write_files

    if not outputs:
        if file == "-":
            raise click.UsageError("Say where to write it: -o FILE.")
        outputs = (str(Path(file).with_name(f"{Path(file).stem}-redacted.json")),)
    check_outputs(outputs)
    if file != "-" and any(Path(output).absolute() == Path(file).absolute() for output in outputs):
        raise click.UsageError(f"{file} is the report itself: name another file, and keep both.")
    redacted = redacted_report(open_report(file, quiet=quiet).report, file)
    private = map_beside(Path(outputs[0]))
    write_map(redacted.mapping, private)
    write_files(redacted.report, outputs)
    if not quiet:
        click.echo(f"Wrote {', '.join(outputs)}. Send this.", err=True)
        click.echo(f"Wrote {private}: which name stands for which. Keep this, never send it.", err=True)
