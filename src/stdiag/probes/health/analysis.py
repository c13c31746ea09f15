"""What the health probe makes of its observation."""

from __future__ import annotations

import enum

import msgspec

from stdiag.model import Analysis
from stdiag.probes.shared.web_answerer import Answerer, Login


class PageKind(enum.StrEnum):
    """What comes for a page."""

    SAMETIME = "sametime"  # a page that speaks of Sametime, or STProxy's JSON
    PAGE = "page"  # a page that does not say whose it is
    TO_TLS = "to-tls"  # port 80 leads to https on the same host
    LOGIN_ANNOUNCED = "login-announced"  # the identity provider that STProxy speaks of
    LOGIN_FOREIGN = "login-foreign"  # a login that STProxy does not speak of
    KNOWN_SITE = "known-site"  # a redirect to another host of the same deployment
    DEFAULT_PAGE = "default-page"  # a web server's own, where nothing has been set up
    NO_PAGE = "no-page"  # status 404, or something else than a page
    REFUSED = "refused"  # it is forbidden, or asks for credentials
    FAILING = "failing"  # another status of an error, a broken answer, or none
    NO_CONNECTION = "no-connection"
    LOOP = "loop"  # redirects that come to no end
    INNER = "inner"  # a redirect to a place that only the inside network has
    ELSEWHERE = "elsewhere"  # a redirect to another host
    UNKNOWN = "unknown"


class PageAnalysis(msgspec.Struct, frozen=True, kw_only=True):
    """What came for one page."""

    page: str
    kind: PageKind
    status: int | None = None
    """Of the last answer."""
    detail: str = ""
    """What it rests on, in a few words."""
    redirects: int = 0
    slowest_us: int = 0
    """The longest wait for the head of one of its answers."""


class AddressHealth(msgspec.Struct, frozen=True, kw_only=True):
    """What one address is."""

    address: str
    answerer: Answerer | None = None
    """Who answers for `/stwebapi/proxyinfo`; null where a page is asked that is not STProxy's."""
    detail: str = ""
    """What it rests on, in a few words."""
    login: Login = Login.UNKNOWN
    community_connected: bool | None = None
    pages: list[PageAnalysis] = []
    plain: PageAnalysis | None = None
    hsts_s: int | None = None
    """Seconds for which browsers are to come over https only and accept no exception (RFC 6797); null: not said."""


class HealthAnalysis(Analysis, kw_only=True):
    """What is known about a Sametime Proxy's pages, or about one page."""

    addresses: list[AddressHealth] = []
