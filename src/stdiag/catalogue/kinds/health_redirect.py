"""Kinds about redirects of a Sametime Proxy's pages, and about the way from http to https."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds.health_shared import FOLLOW, NO_WAY_THERE, OF_SERVER
from stdiag.model import Severity

HEALTH_REDIRECT_LOOP = FindingKind(
    code="health-redirect-loop",
    severity=Severity.ERROR,
    summary="{request} is redirected in a circle: {circle}.",
    params=("request", "circle", "redirects"),
    evidence="redirects seen: {redirects}; cookies that came on the way were sent back",
    affects="all web and mobile users: browsers give up, apps do not connect",
    spares="desktop clients, which do not use the Sametime Proxy",
    reach=1,
    follows=NO_WAY_THERE,
    remedy="https-behind-proxy",
    page="health-redirects",
    proof=FOLLOW,
)
"""Params: request, circle (a clause: `https://chat.example.com/ leads to itself`), redirects (a number)."""

HEALTH_REDIRECT_PLAIN = FindingKind(
    code="health-redirect-plain",
    severity=Severity.WARNING,
    summary="{request} leads from https to {location}, {then}.",
    params=("request", "location", "then"),
    affects="web users, whose browser warns or sends in plain; mobile users, whose app does not follow",
    reach=2,
    follows=(*NO_WAY_THERE, "health-redirect-loop"),
    remedy="https-behind-proxy",
    page="health-redirects",
    proof=FOLLOW,
)
"""Params: request, location (an http:// URL of the same host), then (a clause: `and from there back to https`)."""

HEALTH_REDIRECT_INNER = FindingKind(
    code="health-redirect-inner",
    severity=Severity.ERROR,
    summary="{request} sends its callers to {location}: {reason}.",
    params=("request", "location", "reason"),
    affects="all web users who do not sit in the inside network",
    spares="users inside, who reach the server behind directly: that is why nobody there notices",
    reach=1,
    follows=(*NO_WAY_THERE, "health-redirect-loop"),
    remedy="https-behind-proxy",
    page="health-redirects",
    proof=FOLLOW,
)
"""Params: request, location, reason (a clause: `a name without a domain`)."""

HEALTH_REDIRECT_ELSEWHERE = FindingKind(
    code="health-redirect-elsewhere",
    severity=Severity.WARNING,
    summary="Pages send their visitors to another site: {pages}.",
    params=("pages",),
    affects="web users, unless that is where they are meant to come to",
    reach=2,
    follows=(*NO_WAY_THERE, *OF_SERVER, "health-redirect-inner", "health-redirect-plain"),
    remedy="stproxy-routing",
    page="health-redirects",
    proof=FOLLOW.replace("{request}", "https://{connect}/"),
)
"""Params: pages (list of `/chat: redirect to https://www.example.com/`)."""

HEALTH_REDIRECT_MANY = FindingKind(
    code="health-redirect-many",
    severity=Severity.INFO,
    summary="It takes {redirects} redirects from {request} to a page.",
    params=("request", "redirects"),
    affects="nobody is stopped; each one costs a connection, which is felt in mobile networks",
    reach=4,
    follows=(*NO_WAY_THERE, *OF_SERVER, "health-redirect-loop", "health-redirect-plain"),
    remedy="https-behind-proxy",
    page="health-redirects",
    proof=FOLLOW,
)
"""Params: request, redirects (a number)."""

HEALTH_PLAIN_PAGE = FindingKind(
    code="health-plain-page",
    severity=Severity.WARNING,
    summary="Port 80 of {host} answers by itself and does not lead to https: {seen}.",
    params=("seen",),
    affects="web users who leave the https:// out: what they type there goes in plain",
    spares="mobile users, and whoever has a bookmark",
    reach=3,
    follows=("prov-not-stproxy",),
    remedy="http-to-https",
    page="health-plain",
    proof="curl -v --max-time 10 -o answer.txt http://{host}/",
)
"""Params: seen (a clause: `"Sametime", status 200`)."""

HEALTH_HSTS_FINAL = FindingKind(
    code="health-hsts-final",
    severity=Severity.INFO,
    summary="Browsers are told to accept no exception for this host for {days} days, and its certificates come from "
    "a CA of your own.",
    params=("days", "header"),
    evidence="Strict-Transport-Security: {header}",
    affects="nobody today; when a certificate ends or a root is missing, web users cannot click the warning away",
    spares="mobile and desktop clients, which offer no exception anyway",
    reach=4,
    remedy="hsts",
    page="health-plain",
    proof="curl -skI --max-time 10 https://{connect}/",
)
"""Params: days (a number), header (as sent)."""

KINDS = (
    HEALTH_REDIRECT_LOOP,
    HEALTH_REDIRECT_INNER,
    HEALTH_REDIRECT_PLAIN,
    HEALTH_REDIRECT_ELSEWHERE,
    HEALTH_REDIRECT_MANY,
    HEALTH_PLAIN_PAGE,
    HEALTH_HSTS_FINAL,
)
