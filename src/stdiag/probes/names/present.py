"""Shows a finished names check as blocks: who answers, and each address with what it is."""

from __future__ import annotations

import msgspec

from stdiag.model import Block, Check, KeyValues, Table, bracketed
from stdiag.net.name_records import DnsAnswer, DnsStatus
from stdiag.probes.names.analysis import AnsweredBy, NamesAnalysis
from stdiag.probes.names.judge_address import accepts, what_it_is
from stdiag.probes.names.judge_answer import SAYS_NOTHING, source_words
from stdiag.probes.names.observation import HostRole, NamedAddress, NameObservation

ROLES = {
    HostRole.STPROXY: "the Sametime Proxy",
    HostRole.PROVISIONING: "in the provisioning URL",
    HostRole.COMMUNITY: "the community server",
    HostRole.PAGE: "a page that users open",
    HostRole.PHOTOS: "a host of photos",
    HostRole.PUSH: "on the way of pushes",
    HostRole.PROXY: "a proxy",
    HostRole.TARGET: "a TLS port",
    HostRole.FURTHER: "a further server",
}
_ACCEPTS = {True: "yes", False: "no", None: "not tried"}
_DIFFERS = "by port"


def present(check: Check) -> list[Block]:
    """Blocks for the renderers; empty when nothing was observed."""
    seen = msgspec.json.decode(check.observation, type=NameObservation | None)
    analysis = msgspec.json.decode(check.analysis, type=NamesAnalysis | None)
    if seen is None or analysis is None:
        return []
    blocks: list[Block] = [KeyValues("The name", _properties(seen, analysis))]
    if seen.addresses:
        columns = ["address", "what it is", "reached from", "accepts", "its names"]
        blocks.append(Table("Where it leads", columns, [_row(one) for one in seen.addresses]))
    return blocks


def _properties(seen: NameObservation, analysis: NamesAnalysis) -> list[tuple[str, str]]:
    items = [("is", ", ".join(ROLES[role] for role in seen.roles) or "a host")]
    if analysis.answered_by is not AnsweredBy.NOBODY:
        items.append(("answered by", source_words(seen)))
    if seen.system_asked:
        took = f", after {max(seen.system_took_us / 1000, 1):.0f} ms" if seen.system else ""
        items.append(("the system says", (", ".join(seen.system) or "no address") + took))
    if seen.dns is not None:
        items.append(("the DNS says", _records(seen.dns)))
    if seen.default_sources:
        items.append(("this machine's way out", ", ".join(seen.default_sources)))
    return items


def _records(dns: DnsAnswer) -> str:
    if dns.status is not DnsStatus.ANSWERED:
        also = f"; it knows {dns.searched_as}" if dns.searched_as else ""
        return f"it {SAYS_NOTHING[dns.status]}{also}"
    through = f" by way of {' → '.join(dns.aliases)}" if dns.aliases else ""
    kept = f", for {dns.ttl_s} s" if dns.ttl_s is not None else ""
    return f"{', '.join(dns.addresses)}{through}{kept}"


def _row(one: NamedAddress) -> list[str]:
    source = one.source or "no route"
    card = f" ({one.source_interface})" if one.source_interface else ""
    state = _ACCEPTS[accepts(one)] if len({attempt.fault is None for attempt in one.tried}) < 2 else _DIFFERS
    real = {attempt.real_port for attempt in one.tried if attempt.real_port != attempt.port}
    shown = ", ".join(f"{bracketed(one.address)}:{port}" for port in sorted(real)) if real else one.address
    return [shown, what_it_is(one), f"{source}{card}", state, ", ".join(one.reverse) or "-"]
