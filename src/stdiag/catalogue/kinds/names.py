"""The family of names in one place: its kinds come from two modules, and judgements import them from here."""

from __future__ import annotations

from stdiag.catalogue.kinds import names_address, names_answer
from stdiag.catalogue.kinds.names_address import (
    NAMES_ADDRESS_DEAD,
    NAMES_ADDRESS_USELESS,
    NAMES_IPV6_ONLY,
    NAMES_LOOPBACK,
    NAMES_MANAGEMENT_ADDRESS,
    NAMES_OWN_CARDS,
    NAMES_PRIVATE_ADDRESS,
    NAMES_SEEN_ADDRESS,
    NAMES_SOURCE_MANAGEMENT,
)
from stdiag.catalogue.kinds.names_answer import (
    NAMES_FEW_LABELS,
    NAMES_HOSTS_DIFFERS,
    NAMES_HOSTS_FILE,
    NAMES_OVERRIDE_DIFFERS,
    NAMES_OWN_DOMAIN,
    NAMES_PROXY_DIFFERS,
    NAMES_REVERSE_OTHER,
    NAMES_SEARCH_DOMAIN,
    NAMES_SINGLE_LABEL,
    NAMES_SYSTEM_DIFFERS,
    NAMES_TRAILING_DOT,
    NAMES_UNDERSCORE,
)

KINDS = (*names_address.KINDS, *names_answer.KINDS)

__all__ = [
    "KINDS",
    "NAMES_ADDRESS_DEAD",
    "NAMES_ADDRESS_USELESS",
    "NAMES_FEW_LABELS",
    "NAMES_HOSTS_DIFFERS",
    "NAMES_HOSTS_FILE",
    "NAMES_IPV6_ONLY",
    "NAMES_LOOPBACK",
    "NAMES_MANAGEMENT_ADDRESS",
    "NAMES_OVERRIDE_DIFFERS",
    "NAMES_OWN_CARDS",
    "NAMES_OWN_DOMAIN",
    "NAMES_PRIVATE_ADDRESS",
    "NAMES_PROXY_DIFFERS",
    "NAMES_REVERSE_OTHER",
    "NAMES_SEARCH_DOMAIN",
    "NAMES_SEEN_ADDRESS",
    "NAMES_SINGLE_LABEL",
    "NAMES_SOURCE_MANAGEMENT",
    "NAMES_SYSTEM_DIFFERS",
    "NAMES_TRAILING_DOT",
    "NAMES_UNDERSCORE",
]
