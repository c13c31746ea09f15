"""What the health probe records: which pages a web server gives, and where its redirects lead."""

from __future__ import annotations

import enum

import msgspec

from stdiag.model import Fault
from stdiag.probes.shared.web_facts import Exchange


class WalkEnd(enum.StrEnum):
    """Why no further redirect was followed."""

    ANSWERED = "answered"  # the last answer is no redirect, or none came
    LOOP = "loop"  # it leads to what was asked before, with the same cookies
    TOO_MANY = "too-many"
    OTHER_HOST = "other-host"  # another host is not contacted on a server's word
    NOT_TOLD = "not-told"  # a --resolve moved the host's port, and says nothing of the one that it leads to


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """One page, asked as a browser does that has just been started: redirects within the host are followed, and the
    cookies that come on the way are sent back. Neither cookies nor queries are kept."""

    page: str
    """What was asked for: a path of STProxy's, or a whole URL."""
    hops: list[Exchange]
    """The first request, and one for each redirect that was followed."""
    end: WalkEnd = WalkEnd.ANSWERED
    cookies: bool = False
    """True: cookies came on the way."""


class AddressPages(msgspec.Struct, kw_only=True):
    """All that one address answered."""

    address: str
    port: int
    proxyinfo: Walk | None = None
    """`/stwebapi/proxyinfo`; null where a page is asked that is not STProxy's."""
    pages: list[Walk] = []
    """Asked when the first question had an answer."""
    plain: Walk | None = None
    """`http://HOST/` at port 80, where the host's pages are https at port 443."""


class HealthObservation(msgspec.Struct, kw_only=True):
    """The facts about a Sametime Proxy's pages, or about one page that the site names."""

    url: str
    """STProxy's, without a path; or the page's."""
    role: str | None = None
    """What the site calls the page: meetings, whiteboard or page. null: STProxy itself was asked."""
    host: str
    port: int
    tls: bool
    via: str | None = None
    """The proxy that everything went through. Where it looks names up, the name stands in `addresses`."""
    name_fault: Fault | None = None
    name_waited_us: int = 0
    """How long the failed look-up was waited for."""
    addresses: list[AddressPages] = []
    left_out: list[str] = []
    """Measurements that were not made, with the reason."""
