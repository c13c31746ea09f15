"""What the provisioning probe records: the URL without its secret, and what answers where it points to.

Bodies are not kept, since a page may hold tokens: what was read in them is. Addresses of redirects lose their query
for the same reason.
"""

from __future__ import annotations

import msgspec

from stdiag.formats.provisioning.url import UrlContext, UrlDefect
from stdiag.model import Fault
from stdiag.net.idle import IdleHold
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
    protocol: str | None = None
    """The TLS version, as OpenSSL calls it."""
    server: str | None = None
    content_type: str | None = None
    challenge: str | None = None
    """WWW-Authenticate, or for status 407 Proxy-Authenticate, as sent."""
    location: str | None = None
    """Where a redirect leads to, made absolute, without user, query and fragment."""
    body: str = "empty"
    """empty, json (but not STProxy's), html, text, binary, or unread."""
    proxy_info: ProxyInfo | None = None
    page: PageFacts | None = None


class AddressAnswers(msgspec.Struct, kw_only=True):
    """All that one address answered."""

    address: str
    port: int
    proxyinfo: list[Exchange] = []
    """`GET /stwebapi/proxyinfo`, and then each redirect that stays on the host, five at most."""
    root: list[Exchange] = []
    """`GET /`, asked when the first answer did not say it all; followed in the same way."""
    other_mode: Exchange | None = None
    """The same over TLS where the URL says plain, and the reverse: asked when the URL's own mode failed."""
    photo: list[Exchange] = []
    """`GET /` at photoPort: over TLS, and in plain when that failed."""


class ProvisioningObservation(msgspec.Struct, kw_only=True):
    """The facts about one provisioning URL."""

    url: str
    """With *** for a password."""
    context: UrlContext = UrlContext.HANDED_OUT
    defects: list[UrlDefect] = []
    """What the form of the URL showed as it was typed: `url` is written in the canonical way."""
    text_only: bool = False
    """True: nothing was contacted, because the user wanted it so."""
    host: str = ""
    port: int | None = None
    tls: bool | None = None
    via: str | None = None
    """The proxy that everything went through. Where it looks names up, the name stands in `addresses`."""
    photo_port: int | None = None
    """Where it was asked."""
    name_fault: Fault | None = None
    name_waited_us: int = 0
    """How long the failed look-up was waited for."""
    addresses: list[AddressAnswers] = []
    idle: IdleHold | None = None
    """A connection that was held open without a word, where that was asked for."""
    left_out: list[str] = []
    """Measurements that were not made, with the reason."""
