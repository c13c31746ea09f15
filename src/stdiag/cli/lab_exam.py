"""`stdiag lab exam`: every fault of the lab, diagnosed, and what came out beside what must come out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stdiag.cli.examination import Answer
    from stdiag.lab.faults import LabFault

_COLUMNS = ("FAULT", "FIRST CAUSE FOUND", "VERDICT", "EXPECTED", "TIME")
_EXPECTED = {"right": "yes", "wrong": "NO", "not-run": "?"}
"""Grade → what stands in the table."""

_VERDICT_WIDTH = len("incomplete")


@click.command(name="exam", short_help="Diagnose every fault, and compare with what must be found.")
@click.option(
    "--fault", "names", multiple=True, metavar="NAME", help="Only this one; may be given several times. Default: all."
)
@click.option(
    "--timeout",
    "factor",
    type=click.FloatRange(min=0.1, max=20),
    default=0.3,
    show_default=True,
    metavar="FACTOR",
    help="Multiply the time limits by FACTOR where a fault keeps the diagnosis waiting.",
)
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", help="What is printed.")
@click.pass_context
def command(ctx: click.Context, names: tuple[str, ...], factor: float, form: str) -> None:
    """Prove that stdiag finds what it claims to find, here, on this machine.

    Runs the lab with each fault (and first with none), diagnoses it as `stdiag all` does, and compares: the injected
    cause must be the verdict's first, and nothing unrelated may stand beside it. Where a repaired chain is the whole
    remedy, it is installed, and the verdict must then be GO without a finding.

    The exit code is 1 when an answer is wrong, 3 when a fault cannot be played here. `stdiag lab faults` lists the
    names.

    \b
    stdiag lab exam
    stdiag lab exam --fault wrong-intermediate --fault silent
    """
    import time

    from stdiag.cli.examination import Grade, examine

    faults = _faults(names)
    began = time.monotonic()
    answers = list(_watched(examine(faults, factor), len(faults)))
    order = {fault.name: number for number, fault in enumerate(faults)}
    answers.sort(key=lambda answer: order[answer.fault])
    click.echo(_document(answers) if form == "json" else _table(answers, time.monotonic() - began))
    grades = {answer.grade for answer in answers}
    ctx.exit(1 if Grade.WRONG in grades else 3 if Grade.NOT_RUN in grades else 0)


def _faults(names: tuple[str, ...]) -> list[LabFault]:
    """Those named, or the healthy lab and all of the table. Raises click.UsageError for a name that no fault has."""
    from stdiag.cli.examination import HEALTHY
    from stdiag.lab.compose import find_fault
    from stdiag.lab.error import UnknownFaultError
    from stdiag.lab.faults import FAULTS

    if not names:
        return [HEALTHY, *FAULTS]
    try:
        return [find_fault(name) for name in dict.fromkeys(names)]
    except UnknownFaultError as mistake:
        raise click.UsageError(str(mistake)) from mistake


def _watched(answers: Iterator[Answer], total: int) -> Iterator[Answer]:
    """The answers; somebody who waits at a terminal sees how many there are."""
    import os
    import sys

    from stdiag.render.terminal import can_redraw

    shown = can_redraw(sys.stderr, os.environ)
    for number, answer in enumerate(answers, start=1):
        if shown:
            click.echo(f"\r{number} of {total}", nl=False, err=True)
        yield answer
    if shown:
        click.echo("\r" + " " * 20 + "\r", nl=False, err=True)


def _table(answers: Sequence[Answer], seconds: float) -> str:
    name_width = max(len(text) for text in (_COLUMNS[0], *(answer.fault for answer in answers)))
    code_width = max(len(text) for text in (_COLUMNS[1], *(_first(answer) for answer in answers)))

    def line(fault: str, first: str, verdict: str, expected: str, time: str) -> str:
        return (
            f"{fault:{name_width}}  {first:{code_width}}  {verdict:{_VERDICT_WIDTH}}  "
            f"{expected:{len(_COLUMNS[3])}}  {time}"
        )

    lines = [line(*_COLUMNS)]
    for answer in answers:
        verdict = str(answer.decision or "-")
        lines.append(line(answer.fault, _first(answer), verdict, _EXPECTED[answer.grade], f"{answer.seconds:.1f} s"))
        bundle = f"; with the repaired bundle: {answer.with_bundle}" if answer.with_bundle else ""
        lines.append(f"    {answer.injected}{bundle}")
        lines += [f"    wrong: {mistake}" for mistake in answer.mistakes]
        lines += [f"    not run: {answer.not_run}"] if answer.not_run else []
    return "\n".join([*lines, "", _counts(answers, seconds)])


def _first(answer: Answer) -> str:
    return answer.causes[0] if answer.causes else "-"


def _counts(answers: Sequence[Answer], seconds: float) -> str:
    from stdiag.cli.examination import Grade
    from stdiag.model import Decision

    counts = {grade: sum(answer.grade is grade for answer in answers) for grade in Grade}
    not_run = f", {counts[Grade.NOT_RUN]} not run" if counts[Grade.NOT_RUN] else ""
    tried = [answer for answer in answers if answer.with_bundle is not None]
    mended = sum(answer.with_bundle is Decision.GO for answer in tried)
    bundles = f"; {mended} of {len(tried)} bundles made it GO" if tried else ""
    graded = f"{counts[Grade.RIGHT]} of {len(answers)} as expected, {counts[Grade.WRONG]} wrong{not_run}"
    return f"{graded}{bundles}; {seconds:.0f} s."


def _document(answers: Sequence[Answer]) -> str:
    import msgspec

    from stdiag.cli.examination import Grade

    counts = {grade: sum(answer.grade is grade for answer in answers) for grade in Grade}
    rows = [{**msgspec.to_builtins(answer), "grade": answer.grade} for answer in answers]
    document = {"answers": rows, "counts": counts}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
