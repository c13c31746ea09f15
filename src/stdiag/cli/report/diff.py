"""`stdiag report diff`: what changed from one run to another."""

from __future__ import annotations

import click

INCOMPLETE = 3


@click.command(name="diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", help="What is printed.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="error",
    help="What makes the exit code 1 when it is new.",
)
@click.option("-v", "--verbose", is_flag=True, help="List what is unchanged too.")
@click.option("-q", "--quiet", is_flag=True, help="No notes on stderr.")
@click.pass_context
def command(ctx: click.Context, /, old: str, new: str, form: str, fail_on: str, *, verbose: bool, quiet: bool) -> None:
    """Compare the run after a change with the one before it: new, changed, fixed, unchanged.

    Findings are compared by code and subject: times, and the words of libraries and servers, are no change. What the
    new run did not measure is never called fixed.

    Exit codes: 0 nothing new is bad, 1 something new is, or has become an error, 3 nothing new is bad, but an earlier
    error was not looked at again.
    """
    from stdiag.cli.report.opened import open_report
    from stdiag.engine.difference import difference
    from stdiag.model import Severity

    found = difference(open_report(old, quiet=quiet).report, open_report(new, quiet=quiet).report)
    if form == "json":
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        from stdiag.cli.report.changes import change_lines
        from stdiag.engine.difference import Change

        titles = {
            Change.NEW: "New",
            Change.CHANGED: "Changed",
            Change.NOT_LOOKED_AT: "Not looked at again: neither fixed nor still there, as far as this run tells",
            Change.FIXED: "Fixed",
            Change.UNCHANGED: "Unchanged",
        }
        for line in change_lines(found, titles, unchanged=verbose):
            click.echo(line)
    least = Severity.WARNING if fail_on == "warning" else Severity.ERROR
    if fail_on == "never":
        return
    if found.worse(least):
        ctx.exit(1)
    if found.unanswered(least):
        ctx.exit(INCOMPLETE)
