"""Kinds about what a client's log says of the way to the server."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds.log_shared import COMMON, SEEN, SHOW
from stdiag.model import Severity

_NETWORK = "clients in the network where this log was written"
_ELSEWHERE = "clients in other networks"

LOG_NAME_NOT_FOUND = FindingKind(
    code="log-name-not-found",
    severity=Severity.ERROR,
    summary="The log says that the server's name could not be looked up.",
    params=COMMON,
    evidence=SEEN,
    affects="clients that use the same DNS, and a client that was offline",
    spares="clients whose DNS knows the name",
    reach=2,
    follows=("net-name-not-found", "net-name-timeout", "net-name-server-failure"),
    remedy="dns",
    page="log-network",
    proof="nslookup {host}",
)

LOG_REFUSED = FindingKind(
    code="log-refused",
    severity=Severity.ERROR,
    summary="The log says that the connection was refused.",
    params=COMMON,
    evidence=SEEN,
    affects=_NETWORK,
    spares=_ELSEWHERE,
    reach=2,
    follows=("net-refused",),
    remedy="listener",
    page="log-network",
    proof=SHOW,
)

LOG_TIMEOUT = FindingKind(
    code="log-timeout",
    severity=Severity.ERROR,
    summary="The log says that nobody answered the request to connect.",
    params=COMMON,
    evidence=SEEN,
    affects=_NETWORK,
    spares=_ELSEWHERE,
    reach=2,
    follows=("net-timeout",),
    remedy="open-port",
    page="log-network",
    proof=SHOW,
)

LOG_UNREACHABLE = FindingKind(
    code="log-unreachable",
    severity=Severity.ERROR,
    summary="The log says that there was no way to the address: no route, or the client was offline.",
    params=COMMON,
    evidence=SEEN,
    affects=_NETWORK,
    spares=_ELSEWHERE,
    reach=2,
    follows=("net-unreachable",),
    remedy="open-port",
    page="log-network",
    proof=SHOW,
)

LOG_RESET = FindingKind(
    code="log-reset",
    severity=Severity.WARNING,
    summary="The log says that a connection was cut while it was in use.",
    params=COMMON,
    evidence=SEEN,
    affects="clients whose traffic takes this way; single ones are normal when a phone changes its network",
    reach=2,
    follows=("net-reset",),
    remedy="listener",
    page="log-network",
    proof=SHOW,
)

LOG_NO_ANSWER = FindingKind(
    code="log-no-answer",
    severity=Severity.WARNING,
    summary="The log says that an answer was waited for in vain.",
    params=COMMON,
    evidence=SEEN,
    affects="clients whose traffic takes this way, or all when the server is too slow",
    reach=2,
    follows=("prov-no-answer", "tls-handshake-silent"),
    remedy="stproxy-backend",
    page="log-network",
    proof=SHOW,
)

LOG_PROXY_LOGIN = FindingKind(
    code="log-proxy-login",
    severity=Severity.ERROR,
    summary="The log says that a proxy on the way wants a login.",
    params=COMMON,
    evidence=SEEN,
    affects="clients that go through this proxy without a login that it takes",
    spares="clients on another way: mobile data in place of the company's Wi-Fi",
    reach=2,
    follows=("path-proxy-login",),
    remedy="proxy-login",
    page="log-network",
    proof=SHOW,
)

LOG_PROXY_REFUSED = FindingKind(
    code="log-proxy-refused",
    severity=Severity.ERROR,
    summary="The log says that a proxy on the way did not open the connection.",
    params=COMMON,
    evidence=SEEN,
    affects="clients that go through this proxy",
    spares="clients on another way",
    reach=2,
    follows=("path-proxy-denied", "path-proxy-port-denied", "path-proxy-says-no"),
    remedy="proxy-rule",
    page="log-network",
    proof=SHOW,
)

KINDS = (
    LOG_NAME_NOT_FOUND,
    LOG_REFUSED,
    LOG_TIMEOUT,
    LOG_UNREACHABLE,
    LOG_RESET,
    LOG_NO_ANSWER,
    LOG_PROXY_LOGIN,
    LOG_PROXY_REFUSED,
)
