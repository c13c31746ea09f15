"""What the names probe concludes: who answers for the name, and what each address is good for."""

from __future__ import annotations

import enum

import msgspec

from stdiag.model import Analysis


class AnsweredBy(enum.StrEnum):
    """Who decides where the name leads from here."""

    RESOLVE = "resolve"  # --resolve, or the site's table [resolve]
    HOSTS_FILE = "hosts-file"
    DNS = "dns"
    SEARCH_DOMAIN = "search-domain"  # the DNS, for another name: this machine appends a domain
    SYSTEM = "system"  # this machine, and neither its hosts file nor what the DNS says now explains it
    NOBODY = "nobody"


class AddressUse(msgspec.Struct, frozen=True, kw_only=True):
    """What one address is good for."""

    address: str
    """The address."""
    what: str
    """What it is, in a few words."""
    accepts: bool | None = None
    """Whether it accepts connections at the ports that the site names; null: it was not tried, or differs by port."""


class NamesAnalysis(Analysis, kw_only=True):
    """What is known about one host name."""

    answered_by: AnsweredBy = AnsweredBy.NOBODY
    """Who decides."""
    addresses: list[AddressUse] = []
    """Every address that the name leads to from here."""
    management_networks: list[str] = []
    """The site's networks that only administrators use."""
