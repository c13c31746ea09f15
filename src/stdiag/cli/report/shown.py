"""A stored report on the screen and in files, with the formats that a run has."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from stdiag.model import Report


def write_files(report: Report, outputs: tuple[str, ...], document: bytes | None = None) -> None:
    """Writes every `-o FILE`. `document`: the report's own bytes, which JSON is written as. Raises
    click.ClickException."""
    from stdiag.cli.diagnose import blocks_of, write_whole
    from stdiag.render.formats import RENDERERS, format_of

    for output in outputs:
        form = format_of(output)
        content = document if document and form == "json" else RENDERERS[form].function(report, blocks_of)
        write_whole(Path(output), content)


def print_report(report: Report, form: str, *, verbose: bool, document: bytes | None = None) -> None:
    """The report on stdout. `document` as in `write_files`."""
    if form == "text":
        from stdiag.cli.diagnose import blocks_of
        from stdiag.render.terminal import style_of
        from stdiag.render.text import render_text

        style = style_of(sys.stdout)
        text = render_text(
            report, blocks_of, width=style.width, unicode=style.unicode, colour=style.colour, verbose=verbose
        )
        click.echo(text, nl=False, color=style.colour)
        return
    if document and form == "json":
        sys.stdout.buffer.write(document)
        return
    from stdiag.cli.diagnose import blocks_of
    from stdiag.render.formats import RENDERERS

    sys.stdout.buffer.write(RENDERERS[form].function(report, blocks_of))
