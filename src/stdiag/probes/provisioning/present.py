"""Shows a finished provisioning check as blocks: what the phone will show, and what answered."""

from __future__ import annotations

import msgspec

from stdiag.model import Block, Check, Table, Text
from stdiag.probes.provisioning.analysis import AddressAnalysis, ProvisioningAnalysis
from stdiag.probes.shared.web_answerer import Answerer
from stdiag.probes.shared.web_words import ANSWERERS, COMMUNITY, LOGINS


def present(check: Check) -> list[Block]:
    """Blocks for the renderers; empty when nothing was judged."""
    analysis = msgspec.json.decode(check.analysis, type=ProvisioningAnalysis | None)
    if analysis is None:
        return []
    blocks: list[Block] = []
    if analysis.phone_shows:
        blocks.append(Text("What the phone will show:"))
        blocks += [Text(f"- {line}") for line in analysis.phone_shows]
    if analysis.addresses:
        columns = ["address", "answers", "status", "login", "community"]
        blocks.append(Table("What answers there", columns, [_row(one) for one in analysis.addresses]))
    return blocks


def _row(one: AddressAnalysis) -> list[str]:
    status = str(one.status) if one.status is not None else "-"
    if one.answerer is not Answerer.STPROXY:
        return [one.address, ANSWERERS[one.answerer], status, "-", "-"]
    return [one.address, ANSWERERS[one.answerer], status, LOGINS[one.login], COMMUNITY[one.community_connected]]
