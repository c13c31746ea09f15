"""The hosts file: lines of an address and the names that it stands for. Whoever wrote it, it is read with bounds."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from stdiag.formats.host import as_address

MOST_LINES = 50_000


class HostsLine(msgspec.Struct, frozen=True):
    """One line that says something."""

    line: int
    address: str
    names: tuple[str, ...]
    """In lower case, without a trailing dot."""


def hosts_lines(text: str) -> Iterator[HostsLine]:
    """The lines of a hosts file; those that the system passes over (no address, no name) are passed over here too."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n", MOST_LINES)[:MOST_LINES], start=1):
        words = line.partition("#")[0].split()
        if len(words) < 2:
            continue
        address = as_address(words[0])
        if address is not None:
            yield HostsLine(number, address, tuple(word.lower().rstrip(".") for word in words[1:]))


def lines_naming(text: str, name: str) -> list[HostsLine]:
    """The lines that answer for `name`, in their order."""
    wanted = name.lower().rstrip(".")
    return [line for line in hosts_lines(text) if wanted in line.names]
