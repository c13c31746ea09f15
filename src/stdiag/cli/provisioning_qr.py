"""`stdiag provisioning qr`: the URL as a QR code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from stdiag.cli.provisioning_words import UsageSentenceError, note, quiet_option, read_url, server_option, told

if TYPE_CHECKING:
    from stdiag.formats.provisioning.url import ProvisioningUrl
    from stdiag.render.qr import QrCode

_SUFFIXES = (".svg", ".png")


@click.command(name="qr")
@click.argument("url", metavar="URL")
@click.option("-o", "--output", metavar="FILE", help="Write FILE.svg or FILE.png instead of showing the code.")
@click.option(
    "--error",
    "level",
    type=click.Choice(["L", "M", "Q", "H"]),
    default="M",
    help="How much of the code may be soiled: 7, 15, 25 or 30 percent.",
)
@click.option(
    "--width-mm",
    type=click.FloatRange(5, 2000),
    default=40.0,
    metavar="MM",
    help="Width on paper, with the white around it. Default: 40.",
)
@click.option("--invert", is_flag=True, help="For a terminal with dark letters on white, when it shows no colours.")
@server_option
@quiet_option
def command(
    url: str, *, output: str | None, level: Any, width_mm: float, invert: bool, server_setting: bool, quiet: bool
) -> None:
    """Show the QR code of a provisioning URL, or write it to a file for paper and web pages.

    The code holds the URL as it is given, mistakes included; they are told. URL may be - for stdin.
    """
    from pathlib import Path

    from stdiag.render.qr import QrTooLongError, make_qr, png, svg

    text, read = read_url(url, server_setting=server_setting)
    suffix = Path(output).suffix.lower() if output else ""
    if output and suffix not in _SUFFIXES:
        raise UsageSentenceError(f"The file's name must end in {' or '.join(_SUFFIXES)}.")
    try:
        code = make_qr(text, level)
    except QrTooLongError as error:
        raise UsageSentenceError(f"The URL is too long: {error}.") from error
    if output:
        _write(Path(output), svg(code, width_mm) if suffix == ".svg" else png(code, width_mm))
    else:
        _show(code, invert=invert)
    if not quiet:
        note([*_size_notes(code, width_mm if output else None), *_mistakes(read)])


def _write(path: Any, image: bytes) -> None:
    try:
        path.write_bytes(image)
    except OSError as error:
        raise UsageSentenceError(f"{path} cannot be written: {error.strerror or error}.") from error


def _show(code: QrCode, *, invert: bool) -> None:
    import sys

    from stdiag.render.qr import terminal_text
    from stdiag.render.terminal import style_of

    style = style_of(sys.stdout)
    click.echo(terminal_text(code, unicode=style.unicode, colour=style.colour, invert=invert), color=style.colour)


def _size_notes(code: QrCode, width_mm: float | None) -> list[str]:
    import math
    import shutil
    import sys

    from stdiag.render.qr import SMALLEST_MODULE_MM, module_mm
    from stdiag.render.terminal import is_terminal, style_of

    if width_mm is not None:
        if module_mm(code, width_mm) >= SMALLEST_MODULE_MM:
            return []
        least = math.ceil(code.width * SMALLEST_MODULE_MM)
        return [f"Printed {width_mm:g} mm wide, the code is too fine for many phones: use --width-mm {least} or more."]
    columns = shutil.get_terminal_size().columns
    needed = code.width if style_of(sys.stdout).unicode else 2 * code.width
    if is_terminal(sys.stdout) and needed > columns:
        return [f"The code is {needed} columns wide and this terminal {columns}: write it to a file with -o code.svg."]
    return []


def _mistakes(read: ProvisioningUrl) -> list[str]:
    from stdiag.formats.provisioning.check import check_url

    return told(check_url(read), read)
