"""`stdiag report`: what can be done with a stored report. Each of its commands stands in a module of its own."""

from __future__ import annotations

import click

from stdiag.cli.command_table import CommandTable

_COMMANDS: dict[str, tuple[str, str]] = {
    "show": ("stdiag.cli.report.show", "A stored report, or the one in a bundle, in any format."),
    "judge": ("stdiag.cli.report.judge", "Today's rules on the facts of a stored report."),
    "diff": ("stdiag.cli.report.diff", "What is new, fixed and changed from one run to another."),
    "compare": ("stdiag.cli.report.compare", "Two runs from two places, side by side."),
    "validate": ("stdiag.cli.report.validate", "Is a file a report, and where is it not?"),
    "redact": ("stdiag.cli.report.redact", "Take names, addresses and certificates out of a report."),
}
"""Name → module that exports `command`, and the line of help that is shown without importing it."""


@click.group(name="report", cls=CommandTable, table=_COMMANDS)
def command() -> None:
    """Stored reports: show, judge again, compare, hand on. Needs no network.

    A FILE is the JSON of a run (-o report.json), or a bundle (stdiag bundle); - reads it from a pipe.
    """
