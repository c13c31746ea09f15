"""Kinds about what comes for a Sametime Proxy's pages, and about what it says of itself."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds.health_shared import ASK, NO_WAY_THERE, OF_SERVER, WEB_USERS
from stdiag.model import Severity

_PAGE = "curl -vk --max-time 10 -o answer.txt {page_url}"
_ALL_OTHERS = (*NO_WAY_THERE, *OF_SERVER, "health-redirect-loop", "health-nothing-of-sametime")

HEALTH_NOTHING_OF_SAMETIME = FindingKind(
    code="health-nothing-of-sametime",
    severity=Severity.WARNING,
    summary="A web server answers, and nothing of what was asked for shows that it is Sametime's: {pages}.",
    params=("pages", "request", "status", "server"),
    evidence="{request}: status {status}[, server {server}]",
    affects="all web and mobile users, when this is the address that they have",
    spares="everybody, when an older Sametime Proxy without such pages stands here",
    reach=2,
    follows=(*NO_WAY_THERE, *OF_SERVER, "health-redirect-loop"),
    remedy="stproxy-routing",
    page="health-pages",
    proof=ASK,
)
"""Params: pages (list of `/chat: status 404`), request (proxyinfo's URL), its status, server (or None)."""

HEALTH_PAGE_MISSING = FindingKind(
    code="health-page-missing",
    severity=Severity.WARNING,
    summary="The server has no page where users expect one: {pages}.",
    params=("pages", "page_url"),
    affects=WEB_USERS,
    spares="mobile users, who need /stwebapi only",
    reach=2,
    follows=_ALL_OTHERS,
    remedy="web-pages",
    page="health-pages",
    proof=_PAGE,
)
"""Params: pages (list of `/chat: status 404`), page_url (URL of the first one)."""

HEALTH_PAGE_FAILING = FindingKind(
    code="health-page-failing",
    severity=Severity.ERROR,
    summary="Pages that users open fail: {pages}.",
    params=("pages", "page_url"),
    affects=WEB_USERS,
    spares="mobile users, who need /stwebapi only",
    reach=2,
    follows=_ALL_OTHERS,
    remedy="web-pages",
    page="health-pages",
    proof=_PAGE,
)
"""Params: pages (list of `/chat: status 502, nothing is reached behind it`), page_url (URL of the first one)."""

HEALTH_PAGE_REFUSED = FindingKind(
    code="health-page-refused",
    severity=Severity.WARNING,
    summary="Pages that are public in Sametime are forbidden here, or ask for credentials: {pages}.",
    params=("pages", "page_url"),
    affects=WEB_USERS,
    spares="users from where they are allowed, when a rule goes by address",
    reach=2,
    follows=(*_ALL_OTHERS, "health-asks-credentials", "prov-stproxy-unknown"),
    remedy="web-pages",
    page="health-pages",
    proof=_PAGE,
)
"""Params: pages (list of `/chat: status 403`), page_url (URL of the first one)."""

HEALTH_DEFAULT_PAGE = FindingKind(
    code="health-default-page",
    severity=Severity.WARNING,
    summary="Where a page of Sametime belongs stands one that a web server brings along: {pages}.",
    params=("pages", "page_url"),
    affects=WEB_USERS,
    spares="mobile users, who need /stwebapi only",
    reach=2,
    follows=_ALL_OTHERS,
    remedy="web-pages",
    page="health-pages",
    proof=_PAGE,
)
"""Params: pages (list of `/: the default page of nginx`), page_url (URL of the first one)."""

HEALTH_FOREIGN_LOGIN = FindingKind(
    code="health-foreign-login",
    severity=Severity.WARNING,
    summary="Pages lead to a login that the Sametime Proxy does not speak of: {pages}.",
    params=("pages", "page_url", "login"),
    evidence="the Sametime Proxy's own login: {login}",
    affects="web users: they log in twice, or at a place that does not know them",
    spares="everybody, when that is the single sign-on that you put before the web client",
    reach=3,
    follows=_ALL_OTHERS,
    remedy="login-mode",
    page="health-login",
    proof=_PAGE,
)
"""Params: pages (list of `/chat: redirect to https://sso.example.com/`), page_url (URL), login (in words)."""

HEALTH_ASKS_CREDENTIALS = FindingKind(
    code="health-asks-credentials",
    severity=Severity.WARNING,
    summary="A reverse proxy asks for credentials before anything of Sametime answers.",
    params=("request", "status", "offered"),
    evidence="status {status}, it offers {offered}",
    affects="mobile users whose app does not know of it; what answers behind could not be asked",
    spares="web users, whose browser asks for them",
    reach=2,
    follows=NO_WAY_THERE,
    remedy="proxy-auth",
    page="prov-proxy-auth",
    proof=ASK,
)
"""Params: request, status (401 or 407), offered (list of schemes)."""

HEALTH_SAML_AND_OIDC = FindingKind(
    code="health-saml-and-oidc",
    severity=Severity.WARNING,
    summary="The Sametime Proxy says that SAML and OpenID Connect are both switched on.",
    params=("request",),
    evidence="isSAML and isOIDC are both true",
    affects="mobile users: they may end at the identity provider with an error, while web users get in",
    reach=2,
    follows=(*NO_WAY_THERE, "config-saml-and-oidc"),
    remedy="login-mode",
    page="health-login",
    proof="curl -sk --max-time 10 {request}",
)
"""Params: request."""

HEALTH_LOGIN_ADDRESS = FindingKind(
    code="health-login-address",
    severity=Severity.WARNING,
    summary="The Sametime Proxy says that users log in by {login}, and does not say where: {field} is empty.",
    params=("request", "login", "field"),
    affects="mobile users: their app does not know which page to open",
    spares="web users, whom the server redirects itself",
    reach=2,
    follows=(*NO_WAY_THERE, "config-saml-phones"),
    remedy="login-mode",
    page="health-login",
    proof="curl -sk --max-time 10 {request}",
)
"""Params: request, login (SAML or OpenID Connect), field (`IDPUrl`, `oidcIssuer`)."""

HEALTH_CONTENT_TYPE = FindingKind(
    code="health-content-type",
    severity=Severity.WARNING,
    summary="{request} is said to be {content_type}, and is {body}.",
    params=("request", "content_type", "body"),
    affects="web users: a browser may show the page's source, or offer to save it",
    reach=3,
    follows=(*NO_WAY_THERE, *OF_SERVER),
    remedy="web-pages",
    page="health-pages",
    proof="curl -skI --max-time 10 {request}",
)
"""Params: request, content_type (or `nothing`), body (HTML, JSON)."""

HEALTH_SLOW = FindingKind(
    code="health-slow",
    severity=Severity.WARNING,
    summary="Answers take their time: {waited_s} s for {pages}.",
    params=("pages", "waited_s", "limit", "page_url"),
    evidence="waited for with an open connection; more than {limit} is told here",
    affects="everybody who waits for these pages, and clients that give up earlier",
    reach=3,
    follows=(*NO_WAY_THERE, *OF_SERVER),
    remedy="stproxy-backend",
    page="health-slow",
    proof="curl -vk --max-time 60 -o answer.txt {page_url}",
)
"""Params: pages (list), waited_s (the longest, in seconds), limit (this tool's own: `3 s`), page_url (of the first)."""

HEALTH_ADDRESSES_DIFFER = FindingKind(
    code="health-addresses-differ",
    severity=Severity.WARNING,
    summary="The addresses of {host} do not answer alike: {differences}.",
    params=("differences",),
    affects="users whom chance sends to the one that is not as it should be",
    spares="users whom chance sends to the other: that is why it looks as if it came and went",
    reach=2,
    follows=(
        *NO_WAY_THERE,
        *OF_SERVER,
        "prov-community-down",
        "prov-stproxy-unknown",
        "health-redirect-loop",
        "health-redirect-inner",
        "health-redirect-plain",
        "health-redirect-elsewhere",
        "health-nothing-of-sametime",
        "health-page-missing",
        "health-page-failing",
        "health-page-refused",
        "health-default-page",
        "health-foreign-login",
        "health-saml-and-oidc",
        "health-login-address",
        "health-asks-credentials",
    ),
    remedy="same-pages-everywhere",
    page="health-addresses",
    proof=ASK.replace("{request}", "https://{connect}/stwebapi/proxyinfo"),
)
"""Params: differences (list of `login: SAML at 192.0.2.1, user name and password at 192.0.2.2`)."""

KINDS = (
    HEALTH_NOTHING_OF_SAMETIME,
    HEALTH_PAGE_FAILING,
    HEALTH_PAGE_MISSING,
    HEALTH_PAGE_REFUSED,
    HEALTH_DEFAULT_PAGE,
    HEALTH_CONTENT_TYPE,
    HEALTH_SLOW,
    HEALTH_FOREIGN_LOGIN,
    HEALTH_ASKS_CREDENTIALS,
    HEALTH_SAML_AND_OIDC,
    HEALTH_LOGIN_ADDRESS,
    HEALTH_ADDRESSES_DIFFER,
)
