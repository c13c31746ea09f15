"""Kinds about what logs say of servers in front, of logins, and of the client's behaviour."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds.log_shared import CLIENT, COMMON, SEEN, SHOW
from stdiag.model import Severity

_PROXYINFO = "curl -sk https://{endpoint}/stwebapi/proxyinfo"

LOG_LOGIN_REFUSED = FindingKind(
    code="log-login-refused",
    severity=Severity.WARNING,
    summary="The log says that a request was refused for lack of a login or of a right.",
    params=COMMON,
    evidence=SEEN,
    affects="the user whose request it was; a single 401 before a login is normal",
    reach=2,
    follows=("prov-proxy-auth-missing", "prov-proxy-auth-scheme", "prov-foreign-login"),
    remedy="proxy-auth",
    page="log-login",
    proof=_PROXYINFO,
)

LOG_IDP_CLIENT = FindingKind(
    code="log-idp-client",
    severity=Severity.ERROR,
    summary="The log says that the identity provider does not know the client that Sametime names.",
    params=COMMON,
    evidence=SEEN,
    affects="mobile clients that log in by OIDC",
    spares="the web client, where SAML still works",
    reach=2,
    follows=("prov-oidc-redirect",),
    remedy="proxy-auth",
    page="log-login",
    proof=_PROXYINFO,
)

LOG_REDIRECT_LOOP = FindingKind(
    code="log-redirect-loop",
    severity=Severity.ERROR,
    summary="The log says that the client was sent from one address to another without end.",
    params=COMMON,
    evidence=SEEN,
    affects=CLIENT,
    spares="clients that have the cookie that ends the loop",
    reach=2,
    follows=("health-redirect-loop", "prov-redirect-elsewhere", "prov-foreign-login"),
    remedy="reverse-proxy",
    page="log-login",
    proof=_PROXYINFO,
)

LOG_SERVER_ERROR = FindingKind(
    code="log-server-error",
    severity=Severity.ERROR,
    summary="The log says that the server in front answered with an error: what stands behind it is down or slow.",
    params=COMMON,
    evidence=SEEN,
    affects="everybody who uses the same front",
    reach=2,
    follows=("prov-backend-down",),
    remedy="stproxy-backend",
    page="log-server",
    proof=_PROXYINFO,
)

LOG_WEBSOCKETS = FindingKind(
    code="log-websockets",
    severity=Severity.ERROR,
    summary="The log says that websockets fail to load.",
    params=COMMON,
    evidence=SEEN,
    affects="meetings",
    spares="chat",
    reach=2,
    remedy="stproxy-backend",
    page="log-server",
)

LOG_CONNECTION_REJECTED = FindingKind(
    code="log-connection-rejected",
    severity=Severity.ERROR,
    summary="The log says that the client's request failed, for a reason that is not known here.",
    params=COMMON,
    evidence=SEEN,
    affects=CLIENT,
    reach=2,
    follows=(
        "log-chain-not-trusted",
        "log-name-mismatch",
        "log-certificate-expired",
        "log-certificate-refused",
        "log-handshake-failed",
        "log-name-not-found",
        "log-refused",
        "log-timeout",
        "log-unreachable",
    ),
    remedy="log-measure",
    page="log-attempts",
    proof=SHOW,
)

LOG_RETRY_LOOP = FindingKind(
    code="log-retry-loop",
    severity=Severity.INFO,
    summary="The log says that the client tries to connect again and again.",
    params=COMMON,
    evidence=SEEN,
    affects="nobody more: it shows how long the fault lasted",
    reach=4,
    follows=("log-connection-rejected", "log-chain-not-trusted", "log-refused", "log-timeout"),
    remedy="log-measure",
    page="log-attempts",
)

LOG_OLD_ANDROID = FindingKind(
    code="log-old-android",
    severity=Severity.INFO,
    summary="The log was written with the TLS classes of an old Android, which knows old roots and TLS 1.0.",
    params=COMMON,
    evidence=SEEN,
    affects="nobody by itself: it tells which client the server has to please",
    reach=4,
    remedy="log-measure",
    page="log-attempts",
)

KINDS = (
    LOG_LOGIN_REFUSED,
    LOG_IDP_CLIENT,
    LOG_REDIRECT_LOOP,
    LOG_SERVER_ERROR,
    LOG_WEBSOCKETS,
    LOG_CONNECTION_REJECTED,
    LOG_RETRY_LOOP,
    LOG_OLD_ANDROID,
)
