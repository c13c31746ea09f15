"""`stdiag lab`: a small Sametime deployment on loopback, to learn and to demonstrate with."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from stdiag.cli.lab_exam import command as exam

if TYPE_CHECKING:
    from stdiag.lab.deployment import Lab

_WIDTH = 100


class _LabUsageError(click.ClickException):
    """One sentence, without click's usage lines around it."""

    exit_code = 2


@click.group(name="lab")
def command() -> None:
    """A small Sametime deployment on this machine, healthy or with faults of your choice."""


command.add_command(exam)


@command.command()
@click.option("--fault", "faults", multiple=True, metavar="NAME", help="Inject this fault; may be given several times.")
@click.option(
    "--folder",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="Where stdiag.toml and the root's certificate are written and left. Default: a temporary folder.",
)
@click.option(
    "--for", "seconds", metavar="SECONDS", type=click.FloatRange(min=0), help="End by itself after this time."
)
def run(faults: tuple[str, ...], folder: str | None, seconds: float | None) -> None:
    """Start the lab, say where it listens, and keep it running until ^C."""
    from stdiag.lab.deployment import Lab
    from stdiag.lab.error import LabError

    try:
        with _terminable(), Lab(faults, folder) as lab:
            _announce(lab)
            _wait(seconds)
    except LabError as problem:
        raise _LabUsageError(str(problem)) from problem
    except KeyboardInterrupt:
        click.echo()
    click.echo("The lab has ended.")


@command.command()
def faults() -> None:
    """List the faults that can be injected, and what must be found first."""
    import textwrap

    from stdiag.lab.faults import FAULTS

    rows = [(fault.name, fault.injects, " or ".join(fault.first)) for fault in FAULTS]
    name_width = max(len(name) for name, _, _ in rows)
    code_width = max(len(code) for fault in FAULTS for code in fault.first)
    injects_width = _WIDTH - name_width - code_width - 4

    def line(name: str, injects: str, codes: str) -> None:
        left = textwrap.wrap(injects, injects_width)
        right = textwrap.wrap(codes, code_width, break_on_hyphens=False)
        for index in range(max(len(left), len(right))):
            cells = (
                name if index == 0 else "",
                left[index] if index < len(left) else "",
                right[index] if index < len(right) else "",
            )
            click.echo(f"{cells[0]:{name_width}}  {cells[1]:{injects_width}}  {cells[2]}".rstrip())

    line("FAULT", "WHAT IS INJECTED", "FIRST FINDING")
    for row in rows:
        line(*row)


def _announce(lab: Lab) -> None:
    from stdiag.lab.blueprint import HOST
    from stdiag.lab.compose import find_fault

    for name in lab.faults:
        fault = find_fault(name)
        click.echo(f"Injected: {fault.name}: {fault.injects}.")
    if not lab.faults:
        click.echo("Injected: nothing, this deployment is healthy.")
    click.echo()
    for end in lab.endpoints:
        name = f" for {HOST}:443" if end.role == "STProxy" else ""
        click.echo(f"{end.role + name:32}  {end}  ({end.speaks})")
    click.echo(f"{'site file':32}  {lab.site_file}")
    click.echo()
    click.echo("Try, in another terminal:")
    click.echo(f"  stdiag all {_quoted(str(lab.site_file))}")
    click.echo("and, to see it without stdiag:")
    for line in _openssl_lines(lab):
        click.echo(f"  {line}")
    click.echo()
    click.echo("^C ends the lab.")


def _openssl_lines(lab: Lab) -> list[str]:
    import os

    from stdiag.lab.blueprint import HOST

    connect = f"openssl s_client -connect {lab.stproxy} -servername {HOST}"
    trust = f"-CAfile {_quoted(str(lab.root_file))}"
    return [f"{connect} {trust}"] if os.name == "nt" else [f"{connect} \\", f"  {trust} </dev/null"]


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """A script's or a service manager's SIGTERM ends the lab as ^C does, so that nothing stays behind."""
    import signal

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _wait(seconds: float | None) -> None:
    import time

    end = None if seconds is None else time.monotonic() + seconds
    while (left := 0.5 if end is None else end - time.monotonic()) > 0:
        time.sleep(min(left, 0.5))  # in short pieces: on Windows ^C is seen between them


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
