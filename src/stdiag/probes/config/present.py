"""Shows a finished config check as blocks: the files, and the addresses in them."""

from __future__ import annotations

import msgspec

from stdiag.formats.config.address import FoundAddress
from stdiag.model import Block, Check, Table, Text
from stdiag.probes.config.analysis import ConfigAnalysis

ROWS = 40
"""Rows of a table; the JSON report has them all."""


def present(check: Check) -> list[Block]:
    """Blocks for the renderers; empty when nothing was judged."""
    analysis = msgspec.json.decode(check.analysis, type=ConfigAnalysis | None)
    if analysis is None:
        return []
    blocks: list[Block] = []
    if analysis.files:
        rows = [[one.file, one.kind.value, str(one.settings)] for one in analysis.files[:ROWS]]
        blocks.append(Table("Files", ["file", "what it is", "settings"], rows))
        blocks += _more(len(analysis.files))
    for title, of_site in (("Addresses in them", True), ("Addresses that are nobody's to ask", False)):
        found = [one for one in analysis.addresses if bool(one.left_out) is not of_site]
        if found:
            last = "key of the site" if of_site else "because"
            blocks.append(Table(title, ["for", "address", "where", last], [_row(one) for one in found[:ROWS]]))
            blocks += _more(len(found))
    return blocks


def _row(one: FoundAddress) -> list[str]:
    return [one.role.value, one.address, one.place, one.left_out or one.becomes]


def _more(count: int) -> list[Block]:
    return [Text(f"and {count - ROWS} more")] if count > ROWS else []
