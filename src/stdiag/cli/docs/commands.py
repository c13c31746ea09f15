"""cli.md: what `--help` shows, for every command, at one width."""

from __future__ import annotations

from collections.abc import Iterator

import click

from stdiag.cli.main import cli

WIDTH = 100
"""Columns of the help in the page, whatever the terminal is that the page is made in."""


def every_command() -> Iterator[tuple[str, click.Command, click.Context]]:
    """(full name, command, context) of the program, its commands and theirs, in the order of their help."""
    yield from _below("stdiag", cli, None)


def _below(
    name: str, command: click.Command, parent: click.Context | None
) -> Iterator[tuple[str, click.Command, click.Context]]:
    # The program's own settings hold: -h is an option of every command. Only the width is the page's.
    settings = {**command.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    context = click.Context(command, info_name=name.rpartition(" ")[2], parent=parent, **settings)
    yield name, command, context
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None and not found.hidden:
                yield from _below(f"{name} {inner}", found, context)


def commands_page() -> str:
    """The page."""
    parts = ["# Commands", "What `--help` shows. [Exit codes](exit-codes.md) have their own page."]
    for name, command, context in every_command():
        parts += [f"## {name}", f"```text\n{command.get_help(context).rstrip()}\n```"]
    return "\n\n".join(parts) + "\n"
