"""Shows what the clients make of a server: the matrix by ranges of versions, and the chain that most accept."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.clients.matrix import Row, rows, who
from stdiag.clients.verdict import ClientVerdict
from stdiag.model import Block, Mark, Table, Text
from stdiag.probes.shared.judge_chain import short_name
from stdiag.probes.tls.analysis import RecommendedChain, TlsAnalysis

WORDS = {True: "accepts", False: "REJECTS", None: "unknown"}
COLUMNS = ["Client", "Verdict", "Why"]


def client_blocks(analysis: TlsAnalysis) -> list[Block]:
    """Blocks for the matrix; empty where no client was asked for."""
    if not analysis.clients:
        return []
    title = f"Clients (the platform's own TLS; roots as of {analysis.client_roots_as_of})"
    blocks: list[Block] = [_table(title, analysis.clients)]
    for recommended in analysis.recommended:
        blocks += _recommended(recommended)
    return blocks


def _table(title: str, verdicts: Sequence[ClientVerdict]) -> Table:
    return Table(title=title, columns=COLUMNS, rows=[_row(row) for row in rows(verdicts)])


def _row(row: Row) -> list[str]:
    why = row.detail
    if row.doubt and row.accepts is False:
        why = f"{why}; {row.doubt}"
    elif row.reason and not why:
        why = row.reason.value
    return [row.who, WORDS[row.accepts], why]


def _recommended(recommended: RecommendedChain) -> list[Block]:
    names = " → ".join(short_name(one.subject) for one in recommended.certificates)
    gained = [one for one in recommended.clients if one.client in recommended.gained]
    lost = [one for one in recommended.clients if one.client in recommended.lost]
    blocks: list[Block] = [
        Text(f"Most clients accept this chain (built and verified): {names}", Mark.GOOD),
        _table(f"Clients with that chain{f' (gained: {who(gained)})' if gained else ''}", recommended.clients),
    ]
    if lost:
        blocks.append(Text(f"Lost in any case: {who(lost)}", Mark.BAD))
    return blocks
