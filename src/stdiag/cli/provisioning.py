"""`stdiag provisioning`: the URL that sets up mobile clients. Each of its commands stands in a module of its own."""

from __future__ import annotations

import importlib

import click

_COMMANDS: dict[str, tuple[str, str]] = {
    "check": ("stdiag.cli.provisioning_check", "Is the URL right, and does what it names answer?"),
    "build": ("stdiag.cli.provisioning_build", "Make a correct URL from options or answers."),
    "qr": ("stdiag.cli.provisioning_qr", "Show a URL as a QR code, or write it as SVG or PNG."),
    "convert": ("stdiag.cli.provisioning_convert", "Move a URL from Sametime 8.5 to 10 on to 11 and 12."),
}
"""Name → module that exports a command of this name, and the line of help that is shown without importing it."""


class _Table(click.Group):
    """Subcommands by the static table: each imports only what it needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names in the table's order."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """The command, imported now; None for a name that is not in the table."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(_COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """The table itself."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])


@click.group(name="provisioning", cls=_Table)
def command() -> None:
    """The provisioning URL: the link or QR code that sets up mobile clients.

    sametime:// is for Sametime 8.5 to 10, hclsametime:// for 11 and 12. Put URLs in single quotes: & and ? mean
    something to a shell.
    """
