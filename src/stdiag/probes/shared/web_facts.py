"""What is recorded of a web server's answer.

Bodies are not kept, since a page may hold tokens: what was read in them is. Addresses of redirects lose their query
for the same reason.
"""

from __future__ import annotations

import msgspec

from stdiag.model import Fault
from stdiag.net.stage import Stage


class ProxyInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What `/stwebapi/proxyinfo` said: JSON with at least one of STProxy's keys. None: not said, or not readable."""

    is_saml: bool | None = None
    is_oidc: bool | None = None
    oidc_issuer: str | None = None
    idp_url: str | None = None
    community_connected: bool | None = None
    further_keys: list[str] = []


class PageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a page shows of itself."""

    title: str | None = None
    maker: str | None = None
    """Which server's own page it is (its welcome or error page): nginx, Apache, IBM HTTP Server, IIS, Tomcat,
    WebSphere. None: nobody's that is known here."""
    welcome: bool = False
    """True: the maker's welcome page, which stands where nothing has been set up."""
    login: bool = False
    """True: a form that asks for a password, or that sends the visitor to an identity provider."""
    sametime: bool = False
    """True: the word Sametime stands in it."""


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One request without credentials, and what came."""

    url: str
    """As asked, which is without a query."""
    stage: Stage
    """Where it ended: http when an answer was awaited, or came."""
    status: int | None = None
    fault: Fault | None = None
    """Why there is no answer; with a status: why its body is not whole."""
    duration_us: int = 0
    waited_us: int = 0
    """Of these: from the connection that stands, TLS included, to the head of the answer."""
    protocol: str | None = None
    """The TLS version, as OpenSSL calls it."""
    server: str | None = None
    content_type: str | None = None
    challenge: str | None = None
    """WWW-Authenticate, or for status 407 Proxy-Authenticate, as sent."""
    location: str | None = None
    """Where a redirect leads to, made absolute, without user, query and fragment."""
    hsts: str | None = None
    """Strict-Transport-Security, as sent."""
    body: str = "empty"
    """empty, json (but not STProxy's), html, text, binary, or unread."""
    proxy_info: ProxyInfo | None = None
    page: PageFacts | None = None
