"""`stdiag report compare`: two places, side by side."""

from __future__ import annotations

import click

COLUMNS = 100


@click.command(name="compare")
@click.argument("inside", metavar="INSIDE")
@click.argument("outside", metavar="OUTSIDE")
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", help="What is printed.")
@click.option("-q", "--quiet", is_flag=True, help="No notes on stderr.")
def command(inside: str, outside: str, form: str, *, quiet: bool) -> None:
    """Lay two runs from two places side by side: what opens here and not there, and what follows from that.

    \b
    stdiag all --from inside -o inside.json       on a machine inside
    stdiag all --from internet -o outside.json    on a machine outside
    stdiag report compare inside.json outside.json

    Exits 0: the runs have their own verdicts.
    """
    from stdiag.cli.report.opened import open_report
    from stdiag.engine.compare import compare

    found = compare(open_report(inside, quiet=quiet).report, open_report(outside, quiet=quiet).report)
    if form == "json":
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return
    from stdiag.render.safe import plain

    if not found.lines:
        click.echo("Neither report has measured a place on the network.")
    for line in found.lines:
        click.echo(plain(line.place, COLUMNS))
        for heading, words in ((found.first, line.first), (found.second, line.second)):
            click.echo(f"  {heading + ':':<10} {plain(words, 300)}")
        if line.says:
            click.echo(f"  → {plain(line.says, 600)}")
    for note in found.notes:
        click.echo(f"Note: {note}")
