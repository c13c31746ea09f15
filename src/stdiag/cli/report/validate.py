"""`stdiag report validate`: is it a report, and where is it not?"""

from __future__ import annotations

import click


@click.command(name="validate")
@click.argument("file", metavar="FILE")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing: the exit code tells.")
@click.pass_context
def command(ctx: click.Context, /, file: str, *, quiet: bool) -> None:
    """Check a file against the schema of the report (stdiag schema), with the place of every mistake.

    Exit codes: 0 it is a report that this version reads, 1 it is not, 2 the file cannot be read.
    """
    import msgspec

    from stdiag.cli.report.opened import report_document
    from stdiag.model import SCHEMA_VERSION
    from stdiag.probes.registry import PROBES
    from stdiag.render.json import ReportError, schema_version
    from stdiag.render.safe import plain
    from stdiag.render.validate import MOST, mistakes_in

    data, altered = report_document(file)
    try:
        version = schema_version(data)
        document = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (ReportError, msgspec.DecodeError, RecursionError) as mistake:
        if not quiet:
            click.echo(plain(f"{file}: {mistake}", 2000))
        ctx.exit(1)
    newer = int(version.partition(".")[2]) > int(SCHEMA_VERSION.partition(".")[2])
    found = mistakes_in(document, {one.name: (one.observation, one.analysis) for one in PROBES}, newer=newer)
    if not quiet:
        for name in altered:
            click.echo(f"{plain(name, 100)}: changed since the bundle was packed")
        for one in found:
            click.echo(f"{one.pointer or '(the document)'}: {one.sentence}")
        if len(found) == MOST:
            click.echo("and perhaps more")
        if not found:
            what = f"a newer minor than {SCHEMA_VERSION}: unknown fields and values are allowed" if newer else "valid"
            click.echo(f"{plain(file, 200)}: a report of schema {version}, {what}.")
    ctx.exit(1 if found or altered else 0)
