"""Kinds about what answers where a provisioning URL points to."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds import net, tls_handshake
from stdiag.model import Severity

_ASK = "curl -vk --max-time 10 -o answer.txt {request}"
_ALL = "all mobile users who get this link or QR code"

# Without a connection, or without TLS where it is wanted, nothing can be said of what lies behind.
_NO_WAY_THERE = tuple(kind.code for kind in (*net.KINDS, *tls_handshake.KINDS) if kind.severity is Severity.ERROR)

PROV_TLS_PORT_SPEAKS_PLAIN = FindingKind(
    code="prov-tls-port-speaks-plain",
    severity=Severity.ERROR,
    summary="The URL makes clients speak TLS, but the port speaks {spoken}.",
    params=("spoken",),
    affects=_ALL,
    reach=1,
    follows=_NO_WAY_THERE,
    remedy="provisioning-url",
    page="prov-port-mode",
    proof="curl -v --max-time 10 http://{connect}/",
)
"""Params: spoken (`plain HTTP`, `the Sametime protocol` …)."""

PROV_PLAIN_PORT_SPEAKS_TLS = FindingKind(
    code="prov-plain-port-speaks-tls",
    severity=Severity.ERROR,
    summary="The URL says ssl=false, but the port speaks TLS.",
    params=("protocol",),
    evidence="[{protocol}]",
    affects=_ALL,
    reach=1,
    follows=_NO_WAY_THERE,
    remedy="provisioning-url",
    page="prov-port-mode",
    proof="openssl s_client -connect {connect} -servername {server_name} </dev/null",
)
"""Params: protocol (the TLS version that was agreed, or None)."""

PROV_NOT_STPROXY = FindingKind(
    code="prov-not-stproxy",
    severity=Severity.ERROR,
    summary="A web server answers, but it is not the Sametime Proxy: {seen}.",
    params=("seen", "request", "status", "server", "title"),
    evidence="status {status}[, server {server}][, title {title}]",
    affects=_ALL,
    reach=1,
    follows=_NO_WAY_THERE,
    remedy="stproxy-routing",
    page="prov-not-stproxy",
    proof=_ASK,
)
"""Params: seen (a clause: `the default page of nginx`), request (the URL asked), status, server and title (or None)."""

PROV_FOREIGN_LOGIN = FindingKind(
    code="prov-foreign-login",
    severity=Severity.ERROR,
    summary="A login page stands before the Sametime Proxy, and mobile clients cannot fill in forms.",
    params=("request", "status", "location", "title"),
    evidence="status {status}[, redirect to {location}][, title {title}]",
    affects="all mobile users; they speak Basic authentication only",
    spares="web users, who see the form and fill it in",
    reach=1,
    follows=_NO_WAY_THERE,
    remedy="proxy-auth",
    page="prov-proxy-auth",
    proof=_ASK,
)
"""Params: request, status, location and title (or None)."""

PROV_REDIRECT_ELSEWHERE = FindingKind(
    code="prov-redirect-elsewhere",
    severity=Severity.ERROR,
    summary="The server sends its callers elsewhere: {location}.",
    params=("request", "status", "location"),
    evidence="status {status}",
    affects=_ALL,
    reach=1,
    # What the redirect is says more than that there is one.
    follows=(*_NO_WAY_THERE, "health-redirect-loop", "health-redirect-inner", "health-redirect-plain"),
    remedy="stproxy-routing",
    page="prov-not-stproxy",
    proof=_ASK,
)
"""Params: request, status, location."""

PROV_BACKEND_DOWN = FindingKind(
    code="prov-backend-down",
    severity=Severity.ERROR,
    summary="The server in front answers {status}: it does not reach the Sametime Proxy behind it.",
    params=("request", "status", "server"),
    evidence="[server {server}]",
    affects="all mobile and web users",
    spares="desktop clients, which do not use the Sametime Proxy",
    reach=1,
    follows=_NO_WAY_THERE,
    remedy="stproxy-backend",
    page="prov-backend",
    proof=_ASK,
)
"""Params: request, status (502, 503, 504), server (or None)."""

PROV_NO_ANSWER = FindingKind(
    code="prov-no-answer",
    severity=Severity.ERROR,
    summary="The port takes the connection, and gives no proper answer to an HTTP request: {problem}.",
    params=("request", "problem"),
    affects="all mobile and web users, when they come the same way",
    spares="desktop clients, which do not use the Sametime Proxy",
    reach=1,
    follows=_NO_WAY_THERE,
    remedy="stproxy-backend",
    page="prov-no-answer",
    proof=_ASK,
)
"""Params: request, problem (a clause: `nothing came within 10 s`, `what came is not HTTP`)."""

PROV_COMMUNITY_DOWN = FindingKind(
    code="prov-community-down",
    severity=Severity.ERROR,
    summary="The Sametime Proxy runs, but says that it has no connection to the Community Server.",
    params=("request",),
    evidence="communityConnected is false",
    affects="all mobile and web users: nobody can log in",
    spares="desktop clients, when the Community Server itself is up",
    reach=1,
    follows=_NO_WAY_THERE,
    remedy="stproxy-backend",
    page="prov-backend",
    proof="curl -sk --max-time 10 {request}",
)
"""Params: request."""

PROV_PROXY_AUTH_UNEXPECTED = FindingKind(
    code="prov-proxy-auth-unexpected",
    severity=Severity.ERROR,
    summary="A reverse proxy asks for credentials, and the URL does not say so.",
    params=("request", "status", "offered", "realm"),
    evidence="status {status}, it offers {offered}[, realm {realm}]",
    affects=_ALL,
    spares="users who switch the proxy's authentication on in their client by hand",
    reach=1,
    follows=_NO_WAY_THERE,
    remedy="proxy-auth",
    page="prov-proxy-auth",
    proof=_ASK,
)
"""Params: request, status (401 or 407), offered (list of schemes), realm (or None)."""

PROV_PROXY_AUTH_MISSING = FindingKind(
    code="prov-proxy-auth-missing",
    severity=Severity.WARNING,
    summary="The URL says {says}, but from here nobody asks for a reverse proxy's credentials.",
    params=("says", "request", "status"),
    evidence="status {status}",
    affects="nobody is stopped; users may be asked for credentials that nobody needs",
    spares="users on the internet, when only they come through the reverse proxy",
    reach=3,
    follows=_NO_WAY_THERE,
    remedy="proxy-auth",
    page="prov-proxy-auth",
    proof=_ASK,
)
"""Params: says (`authProxyEnabled=true`), request, status."""

PROV_PROXY_AUTH_SCHEME = FindingKind(
    code="prov-proxy-auth-scheme",
    severity=Severity.ERROR,
    summary="The reverse proxy does not offer Basic authentication, the only kind that mobile clients speak.",
    params=("request", "status", "offered"),
    evidence="status {status}, it offers {offered}",
    affects="all mobile users who come through the reverse proxy",
    spares="web users, whose browser knows the other kinds",
    reach=1,
    follows=_NO_WAY_THERE,
    remedy="proxy-auth",
    page="prov-proxy-auth",
    proof=_ASK,
)
"""Params: request, status, offered (list of schemes)."""

PROV_PHOTO_PORT = FindingKind(
    code="prov-photo-port",
    severity=Severity.WARNING,
    summary="The photo port {photo_port} does not answer as photos need it: {problem}.",
    params=("photo_port", "problem"),
    affects="mobile users: they see no photos",
    spares="chat and everything else",
    reach=3,
    remedy="provisioning-url",
    page="prov-photo-port",
)
"""Params: photo_port, problem (a clause)."""

PROV_STPROXY_UNKNOWN = FindingKind(
    code="prov-stproxy-unknown",
    severity=Severity.INFO,
    summary="Whether the Sametime Proxy answers here cannot be told: {request} gives status {status}.",
    params=("request", "status", "server"),
    evidence="[server {server}]",
    affects="nobody: older Sametime Proxies have no such page",
    reach=4,
    follows=("health-nothing-of-sametime", "health-page-failing"),
    remedy="stproxy-routing",
    page="prov-not-stproxy",
    proof=_ASK,
)
"""Params: request, status, server (or None)."""

PROV_GENERATION_MISMATCH = FindingKind(
    code="prov-generation-mismatch",
    severity=Severity.WARNING,
    summary="The URL begins with {scheme}://, the one for {versions}, but the site is said to be {product}.",
    params=("scheme", "versions", "product"),
    affects="mobile users with a client of the other generation: it does not open the link",
    reach=2,
    remedy="provisioning-url",
    page="prov-parameters",
)
"""Params: scheme, versions (`8.5 to 10`), product (as the site file has it)."""

PROV_IDLE_CUT = FindingKind(
    code="prov-idle-cut",
    severity=Severity.WARNING,
    summary="A connection on which nothing was said did not outlive {seconds} s of silence: {problem}.",
    params=("seconds", "problem"),
    evidence="asked once, silent for {seconds} s, then asked again",
    affects="mobile users who wait for messages: they come late, or when the app is opened",
    spares="users who write all the time, and clients that ask again more often",
    reach=3,
    follows=_NO_WAY_THERE,
    remedy="idle-connections",
    page="prov-idle",
)
"""Params: seconds (of silence), problem (a clause)."""

KINDS = (
    PROV_TLS_PORT_SPEAKS_PLAIN,
    PROV_PLAIN_PORT_SPEAKS_TLS,
    PROV_NOT_STPROXY,
    PROV_FOREIGN_LOGIN,
    PROV_REDIRECT_ELSEWHERE,
    PROV_BACKEND_DOWN,
    PROV_NO_ANSWER,
    PROV_COMMUNITY_DOWN,
    PROV_PROXY_AUTH_UNEXPECTED,
    PROV_PROXY_AUTH_MISSING,
    PROV_PROXY_AUTH_SCHEME,
    PROV_PHOTO_PORT,
    PROV_STPROXY_UNKNOWN,
    PROV_GENERATION_MISMATCH,
    PROV_IDLE_CUT,
)
