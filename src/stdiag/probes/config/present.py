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
        folder = check.subject.file or ""
        rows = [[_below(one.file, folder), one.kind.value, str(one.settings)] for one in analysis.files[:ROWS]]
        blocks.append(Table("Files", ["file", "what it is", "settings"], rows))
        blocks += _more(len(analysis.files))
    ours = [one for one in analysis.addresses if not one.left_out]
    if ours:
        rows = [_row(one) for one in ours[:ROWS]]
        blocks += [Table("Addresses in them", ["for", "address", "where"], rows), *_more(len(ours))]
    others = [one for one in analysis.addresses if one.left_out]
    if others:
        rows = [[*_row(one), one.left_out] for one in others[:ROWS]]
        columns = ["for", "address", "where", "because"]
        blocks += [Table("Addresses that are nobody's to ask", columns, rows), *_more(len(others))]
    return blocks


def _row(one: FoundAddress) -> list[str]:
    return [one.role.value, one.address, one.place]


def _below(file: str, folder: str) -> str:
    """`file` as it lies below the check's folder, which stands in the title already."""
    rest = file[len(folder) :]
    return rest.lstrip("/\\") if folder and file.startswith(folder) and rest[:1] in ("/", "\\") else file


def _more(count: int) -> list[Block]:
    return [Text(f"and {count - ROWS} more")] if count > ROWS else []
