"""`stdiag log`: what does a client's log say about why it could not connect?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from stdiag.cli.log_report import LogReport
    from stdiag.formats.client_log.summary import LogSummary

_FORMATS = ("text", "json", "md")


@click.command(name="log")
@click.argument("files", nargs=-1, metavar="FILE…")
@click.option("-f", "--format", "form", type=click.Choice(_FORMATS), default="text", help="What is printed.")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Also write it to FILE; the format follows the suffix (.json .md .txt). May be repeated.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of a defect of stdiag's own.")
@click.pass_context
def command(ctx: click.Context, files: tuple[str, ...], form: str, outputs: tuple[str, ...], debug: bool) -> None:  # noqa: ARG001 - main looks for --debug itself
    """What does a client's log say about why it could not connect?

    Reads logs of Sametime for Android, logcat, WebSphere's SystemOut.log, sametime.log, Java, nginx, IHS, and
    `docker compose logs`, of any size, also compressed with gzip ('-': standard input). Names the known causes, and
    the command that measures whether each holds now. Contacts nobody. Exit code 1: something was recognised that
    stops a client.

    \b
    stdiag log sametime.log
    docker compose logs --no-color proxy | stdiag log -
    """
    from stdiag.cli.log_report import report_on

    if not files:
        raise click.UsageError("Name a log: stdiag log FILE…, or '-' for standard input.")
    _check(outputs)
    report = report_on([_read(file) for file in dict.fromkeys(files)])
    for output in outputs:
        from stdiag.cli.diagnose import write_whole

        write_whole(Path(output), _rendered(report, _format_of(output)))
    if form == "text":
        from stdiag.cli.log_view import as_text
        from stdiag.render.terminal import style_of

        style = style_of(sys.stdout)
        click.echo(as_text(report, style), nl=False, color=style.colour)
    else:
        sys.stdout.buffer.write(_rendered(report, form))
    ctx.exit(1 if report.stops_a_client else 0)


def _read(file: str) -> LogSummary:
    from stdiag.formats.errors import FormatError
    from stdiag.probes.shared.client_log import read_log, read_stream

    try:
        return read_stream(sys.stdin.buffer, "standard input") if file == "-" else read_log(Path(file))
    except FormatError as error:
        raise click.UsageError(str(error)) from error


def _rendered(report: LogReport, form: str) -> bytes:
    from stdiag.cli.log_report import to_json
    from stdiag.cli.log_view import as_markdown, as_text
    from stdiag.render.layout import Style

    match form:
        case "json":
            return to_json(report)
        case "md":
            return as_markdown(report).encode()
        case _:
            return as_text(report, Style(width=100)).encode()


def _format_of(output: str) -> str:
    """The format that the suffix asks for. Raises click.UsageError."""
    from stdiag.render.formats import UnknownFormatError, format_of

    try:
        form = format_of(output)
    except UnknownFormatError as mistake:
        raise click.UsageError(f"--output {output}: {mistake}") from mistake
    if form not in _FORMATS:
        raise click.UsageError(f"--output {output}: a log is written as .json, .md or .txt.")
    return form


def _check(outputs: tuple[str, ...]) -> None:
    """Finds a wrong suffix or folder before a gigabyte is read, not after it. Raises click.UsageError."""
    for output in outputs:
        _format_of(output)
        if Path(output).is_dir() or not Path(output).absolute().parent.is_dir():
            raise click.UsageError(f"--output {output}: name a file in a folder that exists.")
