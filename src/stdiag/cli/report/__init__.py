"""`stdiag report`: what can be done with a stored report. Each of its commands stands in a module of its own."""

from __future__ import annotations

import importlib

import click

_COMMANDS: dict[str, tuple[str, str]] = {
    "show": ("stdiag.cli.report.show", "A stored report, or the one in a bundle, in any format."),
    "judge": ("stdiag.cli.report.judge", "Today's rules on the facts of a stored report."),
    "diff": ("stdiag.cli.report.diff", "What is new, fixed and changed from one run to another."),
    "compare": ("stdiag.cli.report.compare", "Two runs from two places, side by side."),
    "validate": ("stdiag.cli.report.validate", "Is a file a report, and where is it not?"),
    "redact": ("stdiag.cli.report.redact", "Take names, addresses and certificates out of a report."),
}
"""Name → module that exports `command`, and the line of help that is shown without importing it."""


class _Table(click.Group):
    """Subcommands by the static table: each imports only what it needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names in the table's order."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """The command, imported now; None for a name that is not in the table."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(_COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """The table itself."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])


@click.group(name="report", cls=_Table)
def command() -> None:
    """Stored reports: show, judge again, compare, hand on. Needs no network.

    A FILE is the JSON of a run (-o report.json), or a bundle (stdiag bundle); - reads it from a pipe.
    """
