"""`stdiag provisioning`: the URL that sets up mobile clients. Each of its commands stands in a module of its own."""

from __future__ import annotations

import click

from stdiag.cli.command_table import CommandTable

_COMMANDS: dict[str, tuple[str, str]] = {
    "check": ("stdiag.cli.provisioning_check", "Is the URL right, and does what it names answer?"),
    "build": ("stdiag.cli.provisioning_build", "Make a correct URL from options or answers."),
    "qr": ("stdiag.cli.provisioning_qr", "Show a URL as a QR code, or write it as SVG or PNG."),
    "convert": ("stdiag.cli.provisioning_convert", "Move a URL from Sametime 8.5 to 10 on to 11 and 12."),
}
"""Name → module that exports `command`, and the line of help that is shown without importing it."""


@click.group(name="provisioning", cls=CommandTable, table=_COMMANDS)
def command() -> None:
    """The provisioning URL: the link or QR code that sets up mobile clients.

    sametime:// is for Sametime 8.5 to 10, hclsametime:// for 11 and 12. Put URLs in single quotes: & and ? mean
    something to a shell.
    """
