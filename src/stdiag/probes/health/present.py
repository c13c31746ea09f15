"""Shows a finished health check as blocks: each page at each address, and what STProxy says of itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from stdiag.model import Block, Check, KeyValues, Table
from stdiag.probes.health.analysis import AddressHealth, HealthAnalysis, PageAnalysis, PageKind
from stdiag.probes.shared.web_answerer import Answerer
from stdiag.probes.shared.web_words import ANSWERERS, COMMUNITY, LOGINS

COLUMNS_AT_MOST = 3
"""Addresses that stand side by side; more stand one below the other."""
_DAY_S = 86400
_BY_NAME = (Answerer.STPROXY, Answerer.CREDENTIALS, Answerer.BACKEND_DOWN, Answerer.NO_CONNECTION, Answerer.NO_TLS)


def present(check: Check) -> list[Block]:
    """Blocks for the renderers; empty when nothing was judged."""
    analysis = msgspec.json.decode(check.analysis, type=HealthAnalysis | None)
    if analysis is None or not analysis.addresses:
        return []
    ends = analysis.addresses
    rows = _rows(ends)
    if len(ends) <= COLUMNS_AT_MOST:
        columns = ["page", *(one.address for one in ends)]
        table = Table("What users get", columns, [[page, *cells] for page, cells in rows])
    else:
        long = [[page, one.address, cell] for page, cells in rows for one, cell in zip(ends, cells, strict=True)]
        table = Table("What users get", ["page", "address", "what comes"], long)
    items = _items([one for one in ends if one.answerer is Answerer.STPROXY], ends)
    return [table, KeyValues("", items)] if items else [table]


def _rows(ends: Sequence[AddressHealth]) -> list[tuple[str, list[str]]]:
    """Page → a cell for each address."""
    rows: list[tuple[str, list[str]]] = []
    if any(one.answerer is not None for one in ends):
        rows.append(("/stwebapi/proxyinfo", [_proxyinfo(one) for one in ends]))
    for page in dict.fromkeys(seen.page for one in ends for seen in one.pages):
        by_address = [next((seen for seen in one.pages if seen.page == page), None) for one in ends]
        rows.append((page, [_cell(seen) for seen in by_address]))
    plain = next((one.plain for one in ends if one.plain is not None), None)
    if plain is not None:
        rows.append((plain.page, [_cell(one.plain) for one in ends]))
    return rows


def _proxyinfo(one: AddressHealth) -> str:
    if one.answerer is None:
        return "-"
    return ANSWERERS[one.answerer] if one.answerer in _BY_NAME else one.detail


def _cell(seen: PageAnalysis | None) -> str:
    if seen is None:
        return "not asked"
    if seen.kind is PageKind.NO_CONNECTION or seen.status is None:
        return seen.detail
    if seen.kind is PageKind.TO_TLS:
        return f"{seen.status}, {seen.detail}"
    said = seen.detail if seen.detail.startswith("status ") else f"{seen.status}, {seen.detail}"
    if seen.redirects and not seen.detail.startswith(("redirect to", "a redirect", "more than")):
        said += f" ({seen.redirects} redirect{'s' if seen.redirects > 1 else ''})"
    return said


def _items(stproxies: Sequence[AddressHealth], ends: Sequence[AddressHealth]) -> list[tuple[str, str]]:
    items: list[tuple[str, str]] = []
    if stproxies:
        items.append(("Login", _each(stproxies, lambda one: LOGINS[one.login])))
        items.append(("Community Server", _each(stproxies, lambda one: COMMUNITY[one.community_connected])))
    if any(one.hsts_s is not None for one in ends):
        items.append(("Over https only", _each(ends, lambda one: _hsts(one.hsts_s))))
    return items


def _each(ends: Sequence[AddressHealth], word: Callable[[AddressHealth], str]) -> str:
    """One word where all addresses have the same, else each with its address."""
    words = {one.address: word(one) for one in ends}
    if len(set(words.values())) == 1:
        return next(iter(words.values()))
    return ", ".join(f"{said} ({address})" for address, said in words.items())


def _hsts(seconds: int | None) -> str:
    if seconds is None:
        return "browsers are not told so"
    return f"browsers are told so for {round(seconds / _DAY_S)} days" if seconds else "no longer, browsers are told"
