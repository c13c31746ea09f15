"""`stdiag explain`: what a finding means and what to do, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from stdiag.render.layout import Style


class _UsageError(click.ClickException):
    """Wrong usage, told in one sentence."""

    exit_code = 2


def _products(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Checked here and not by click.Choice: the generations are the model's, which `--help` need not load."""
    if value is None:
        return None
    from stdiag.model import Product

    if value not in set(Product):
        raise _UsageError(f"There is no generation {value!a}: use one of {', '.join(Product)}.")
    return value


@click.command(name="explain")
@click.argument("codes", nargs=-1, metavar="CODE...")
@click.option("--all", "everything", is_flag=True, help="Explain every code.")
@click.option(
    "--product",
    metavar="GENERATION",
    callback=_products,
    help="Remedies for this one only: 8.5, 9, 10, 11, 12-docker, 12-kubernetes, 12-windows.",
)
def command(codes: tuple[str, ...], everything: bool, product: str | None) -> None:
    """Explain what a finding means, whom it hits and how to fix it.

    CODE is a finding's code, or the beginning of several (tls-chain). `stdiag list` shows all codes.
    """
    import sys

    from stdiag.catalogue.document import by_page, document
    from stdiag.catalogue.registry import ALL
    from stdiag.model import Product
    from stdiag.render.terminal import style_of

    if not codes and not everything:
        raise _UsageError("Say which code to explain, such as tls-chain-incomplete; `stdiag list` shows all of them.")
    kinds = dict.fromkeys(ALL) if everything else dict.fromkeys(code for text in codes for code in _matching(text))
    style = style_of(sys.stdout)
    chosen = Product(product) if product else None
    screens = [
        _screen(document(name, served, chosen), style) for name, served in by_page(ALL[code] for code in kinds).items()
    ]
    rule = "-" * style.width
    click.echo(f"\n\n{rule}\n\n".join(screens))


def _screen(markdown: str, style: Style) -> str:
    """A page as a manual shows it: text stands further in than its heading, so that no colour is needed to see it."""
    import re

    from stdiag.render.layout import Tone
    from stdiag.render.prose_lines import prose_lines

    parts: list[str] = []
    margin = 0
    for part in re.split(r"^(#+ .*)$", markdown, flags=re.MULTILINE):
        heading = re.fullmatch(r"(#+) (.*)", part)
        if heading:
            margin = 2 if len(heading[1]) > 2 else 0
            parts.append("\n".join(style.paint(line, Tone.HEAD) for line in style.wrap(heading[2], " " * margin)))
        elif part.strip():
            parts.append("\n".join(prose_lines(part.strip(), style, margin + 2)))
    return "\n\n".join(parts)


def _matching(text: str) -> list[str]:
    """The codes that `text` stands for: itself, or all that begin with it."""
    from stdiag.catalogue.registry import ALL

    wanted = text.strip().lower().rstrip("*")
    if wanted in ALL:
        return [wanted]
    if found := [code for code in ALL if wanted and code.startswith(wanted)]:
        return found
    from difflib import get_close_matches

    from stdiag.render.safe import plain

    close = get_close_matches(wanted[:80], ALL, n=1)
    hint = f"did you mean {close[0]}?" if close else "`stdiag list` shows all of them."
    raise _UsageError(f"There is no code {plain(text, 80)}: {hint}")
