"""A page of the catalogue as one Markdown document: its prose, the shared remedies, and its codes with what is said
of each. `stdiag explain` shows it, docs/findings/ holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.prose import page, remedy, remedy_sections
from stdiag.catalogue.registry import ALL
from stdiag.model import Product

# What stands in a command where a run would put the subject's own values.
_PLACEHOLDERS = {
    "connect": "HOST:PORT",
    "endpoint": "HOST:PORT",
    "server_name": "HOST",
    "host": "HOST",
    "port": "PORT",
    "address": "ADDRESS",
    "where": "ADDRESS",
    "url": "URL",
    "file": "FILE",
    "proxy": "PROXY",
    "unknown": "/communityCBR",
    "request": "https://HOST:PORT/stwebapi/proxyinfo",
    "page_url": "https://HOST/chat",
    "photo_url": "https://HOST/joe.bloggs@example.com.jpg",
}

_REACH = (
    "stops everybody",
    "stops all mobile users",
    "stops some clients",
    "stops nobody yet",
    "stops nobody",
)


def reach_words(kind: FindingKind) -> str:
    """Whom a kind stops, as a heading or a table says it."""
    return _REACH[kind.reach]


def by_page(kinds: Iterable[FindingKind]) -> dict[str, list[FindingKind]]:
    """`kinds` under the names of their pages, in the order in which they come."""
    pages: dict[str, list[FindingKind]] = {}
    for kind in kinds:
        pages.setdefault(kind.page, []).append(kind)
    return pages


def document(page_name: str, kinds: Sequence[FindingKind], product: Product | None = None) -> str:
    """The page with the remedies and the cards of `kinds`, which are some or all of those that it serves. `product`
    narrows the remedies. Raises KeyError for a page that does not exist."""
    remedies = dict.fromkeys(kind.remedy for kind in kinds if kind.remedy)
    parts = [page(page_name).source.strip()]
    parts += ["\n\n".join(_remedy(name, product)) for name in remedies]
    parts += ["\n\n".join(_card(kind)) for kind in kinds]
    return "\n\n".join(parts) + "\n"


def _remedy(name: str, product: Product | None) -> Iterator[str]:
    yield f"## Remedy: {remedy(name).title}"
    for section in remedy_sections(name, product):
        yield f"### {section.heading}"
        yield section.text


def _card(kind: FindingKind) -> Iterator[str]:
    yield f"## {kind.code}: {kind.severity.value}, {reach_words(kind)}"
    facts = [f"- Hits: {kind.affects}"]
    if kind.spares:
        facts.append(f"- Does not hit: {kind.spares}")
    if kind.follows:
        facts.append(f"- May follow from: {', '.join(kind.follows)}")
    if leads_to := [other.code for other in ALL.values() if kind.code in other.follows]:
        facts.append(f"- May lead to: {', '.join(leads_to)}")
    yield "\n".join(facts)
    if kind.proof:
        yield "See it without stdiag:"
        yield f"```\n{kind.proof.format_map(_PLACEHOLDERS)}\n```"
