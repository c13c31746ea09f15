"""What a host name tells by its text alone: names that no DNS knows, and forms that some clients stumble over."""

from __future__ import annotations

_RESERVED = frozenset(
    {"test", "example", "invalid", "localhost", "onion", "alt", "example.com", "example.net", "example.org"}
)
"""Names that are nobody's (RFC 2606, RFC 6761, RFC 7686, RFC 9476): the DNS of the internet is not asked about them."""

_OWN = frozenset({"local", "internal", "home.arpa"})
"""Domains that are everybody's own: by multicast (RFC 6762), by ICANN's decision of 2024, in homes (RFC 8375)."""


def is_reserved(name: str) -> bool:
    """True for a name below a domain that is kept for tests and examples."""
    return _below(name, _RESERVED) is not None


def is_this_machine(name: str) -> bool:
    """True for names that mean the machine itself wherever they are asked for (RFC 6761 §6.3)."""
    return _below(name, frozenset({"localhost"})) is not None


def own_domain(name: str) -> str | None:
    """`local`, `internal` or `home.arpa` when the name is below it; None for any other name."""
    return _below(name, _OWN)


def labels_of(name: str) -> list[str]:
    """The parts of a name, without the root's empty one."""
    return name.rstrip(".").split(".")


def _below(name: str, domains: frozenset[str]) -> str | None:
    labels = labels_of(name.lower())
    tails = (".".join(labels[start:]) for start in range(len(labels)))
    return next((tail for tail in tails if tail in domains), None)
