"""`stdiag report judge`: today's rules on yesterday's facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from stdiag.cli.options import FORMATS

if TYPE_CHECKING:
    from stdiag.engine.again import Again
    from stdiag.engine.difference import Difference
    from stdiag.model import Report

INTERRUPTED = 130


@click.command(name="judge")
@click.argument("file", metavar="FILE")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["changes", *FORMATS]),
    default="changes",
    help="What is printed: the changes, or the report judged again.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Also write the report judged again to FILE; the format follows the suffix. May be repeated.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    help="What makes the exit code 1; without it as when the run was made.",
)
@click.option("-v", "--verbose", is_flag=True, help="List what is unchanged; with -f text every check in detail.")
@click.option("-q", "--quiet", is_flag=True, help="No notes on stderr.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    file: str,
    form: str,
    outputs: tuple[str, ...],
    fail_on: Any,
    *,
    verbose: bool,
    quiet: bool,
) -> None:
    """Judge the facts of a stored report by the rules of this version, and say what that changes.

    Nothing is contacted, and validity is judged at the time of the run. The trust stores are those of the machine
    that made the report. The exit code is the new verdict's.
    """
    from stdiag.cli.diagnose import check_outputs
    from stdiag.cli.report.opened import open_report
    from stdiag.cli.report.shown import print_report, write_files
    from stdiag.engine.again import CannotJudgeError, judge_again
    from stdiag.engine.difference import difference
    from stdiag.engine.verdict import exit_code
    from stdiag.probes.registry import probe_named

    check_outputs(outputs)
    stored = open_report(file, quiet=quiet).report
    try:
        again = judge_again(stored, probe_named, fail_on)
    except CannotJudgeError as mistake:
        raise click.UsageError(f"{file}: {mistake}") from mistake
    write_files(again.report, outputs)
    if form == "changes":
        _say(stored, again, difference(stored, again.report), unchanged=verbose)
    else:
        if not quiet:
            for kept in again.kept:
                click.echo(f"Not judged again: {kept.check}: {kept.reason}.", err=True)
        print_report(again.report, form, verbose=verbose)
    ctx.exit(INTERRUPTED if stored.run.interrupted else exit_code(again.report.verdict))


def _say(stored: Report, again: Again, found: Difference, *, unchanged: bool) -> None:
    from stdiag.cli.report.changes import change_lines
    from stdiag.engine.difference import Change
    from stdiag.render.outline import counted
    from stdiag.render.safe import plain

    judged = sum(bytes(check.observation) != b"null" for check in stored.checks) - len(again.kept)
    then, now = stored.tool.version, again.report.tool.version
    rules = f"stdiag {now}" + (", the version that made the report" if then == now else f" instead of {plain(then)}")
    click.echo(f"{counted(judged, 'check')} judged again, by the rules of {rules}.")
    for kept in again.kept:
        click.echo(f"Not judged again: {plain(kept.check, 200)}: {plain(kept.reason)}. Its findings stay.")
    why = "by the rules of this version, from facts that were there already"
    titles = {
        Change.NEW: f"New, {why}",
        Change.CHANGED: "Judged in another way",
        Change.NOT_LOOKED_AT: "No longer told",
        Change.FIXED: "No longer found: the rules that led to it have changed",
        Change.UNCHANGED: "Unchanged",
    }
    for line in change_lines(found, titles, unchanged=unchanged):
        click.echo(line)
    for row in found.of(Change.NEW):
        if row.finding.evidence:
            click.echo(f"  {plain(row.code, 60)} rests on: {plain(', '.join(row.finding.evidence))}")
