"""The hosts file: lines of an address and the names that it stands for. Whoever wrote it, it is read with bounds."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from stdiag.formats.host import as_address

MOST_LINES = 200_000


class HostsLine(msgspec.Struct, frozen=True):
    """One line that says something."""

    line: int
    address: str
    names: tuple[str, ...]
    """In lower case, without a trailing dot."""


def lines_naming(text: str, name: str) -> Iterator[HostsLine]:
    """The lines that answer for `name`, in their order. What the system passes over (no address, no name) is passed
    over here too; a file may have a hundred thousand lines against advertisements, so that few are taken apart."""
    wanted = name.lower().rstrip(".")
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n", MOST_LINES)[:MOST_LINES], start=1):
        if wanted not in line.lower():
            continue
        words = line.partition("#")[0].split()
        names = tuple(word.lower().rstrip(".") for word in words[1:])
        address = as_address(words[0]) if wanted in names else None
        if address is not None:
            yield HostsLine(number, address, names)
