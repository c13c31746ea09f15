"""`stdiag config diff`: what differs between two versions of a configuration file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from stdiag.formats.config.compare import Difference
    from stdiag.formats.config.document import ConfigDocument, Place

MOST = 100
"""Differences of one kind that are shown; JSON has them all."""


@click.command(name="diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", help="What is printed.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="warning",
    help="What makes the exit code 1: what may stop users, or already a value that is gone or changed.",
)
@click.pass_context
def command(ctx: click.Context, /, old: str, new: str, form: str, fail_on: str) -> None:
    """Compare two versions of a configuration file by their meaning: what did the update overwrite?

    Order, white space and comments are no difference. Secrets are never shown. Both files must be of one
    kind: two stproxyconfig.xml, two custom.env.

    Exit codes: 0 nothing that was there is gone or changed, 1 something is; with --fail-on error only when users may
    lose something by it.
    """
    from stdiag.formats.config.compare import compare
    from stdiag.formats.config.overwritten import Danger
    from stdiag.formats.config.read import read_config
    from stdiag.formats.errors import FormatError

    try:
        before, after = read_config(Path(old)), read_config(Path(new))
    except FormatError as error:
        raise click.UsageError(str(error)) from error
    if before.kind is not after.kind:
        raise click.UsageError(f"{old} is a {before.kind}, {new} a {after.kind}: name two versions of one file.")
    found = compare(before, after)
    if form == "json":
        click.echo(_document(before, after, found))
    else:
        for line in _lines(before, after, found):
            click.echo(line)
    least = {"error": Danger.STOPS, "warning": Danger.CUSTOM}.get(fail_on)
    if least is not None and any(one.danger <= least for one in found):
        ctx.exit(1)


def _document(before: ConfigDocument, after: ConfigDocument, found: list[Difference]) -> str:
    import msgspec

    document = {
        "old": before.file,
        "new": after.file,
        "kind": before.kind,
        "differences": [{**msgspec.to_builtins(one), "danger": one.danger.name.lower()} for one in found],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def _lines(before: ConfigDocument, after: ConfigDocument, found: list[Difference]) -> Iterator[str]:
    from stdiag.formats.config.overwritten import Danger
    from stdiag.render.outline import counted
    from stdiag.render.safe import plain

    names = f"{plain(before.file, 200)} → {plain(after.file, 200)}"
    if not found:
        yield f"{names}: they say the same"
        return
    yield f"{names}: {counted(len(found), 'difference')}"
    titles = {
        Danger.STOPS: "Something that users have may stop",
        Danger.CUSTOM: "A value of your own is gone, or is another one",
        Danger.NEW: "New",
    }
    for danger, title in titles.items():
        rows = [one for one in found if one.danger is danger]
        if rows:
            yield ""
            yield f"{title} ({len(rows)})"
        for one in rows[:MOST]:
            yield from _row(one)
        if len(rows) > MOST:
            yield f"  and {len(rows) - MOST} more (-f json has them all)"


def _row(one: Difference) -> Iterator[str]:
    from stdiag.render.safe import plain

    name = plain(one.name, 200)
    if one.old_name is not None:
        name = f"{plain(one.old_name, 200)} → {name}"
    yield f"  {one.change.value.upper():8} {name}{_where(one.old_place, one.new_place)}"
    if one.old is not None and one.old == one.new:
        yield f"           still {_value(one.old)}" + (", another secret" if "***" in one.old else "")
    elif one.old is not None and one.new is not None:
        yield f"           {_value(one.old)} → {_value(one.new)}"
    else:
        yield f"           {_value(one.old if one.new is None else one.new)}"
    if one.note:
        yield f"           {plain(one.note, 600)}"


def _value(text: str | None) -> str:
    from stdiag.render.safe import plain

    return plain(text, 200) if text else "(empty)"


def _where(old: Place | None, new: Place | None) -> str:
    if old is not None and new is not None:
        return f"  (line {old.line}, now {new.line})" if old.line != new.line else f"  (line {new.line})"
    place = new or old
    return "" if place is None else f"  (line {place.line})"
