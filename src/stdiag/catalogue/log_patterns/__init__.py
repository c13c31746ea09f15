"""The lines in which logs tell why a client could not connect: data, in the order in which they are tried."""

from __future__ import annotations

from stdiag.catalogue.log_patterns import backend, certificate, community, handshake, network, server, websphere
from stdiag.catalogue.log_patterns.pattern import LogAbsence, LogPattern

_MODULES = (certificate, handshake, backend, community, network, server, websphere)
"""A directory that shows a wrong certificate has a certificate's fault; one that refuses the connection its own."""

PATTERNS: tuple[LogPattern, ...] = tuple(
    sorted((pattern for module in _MODULES for pattern in module.PATTERNS), key=lambda pattern: pattern.rank)
)
"""A line is told by the first that matches it: those that name a cause stand before those that do not."""

ABSENCES: tuple[LogAbsence, ...] = websphere.ABSENCES
"""What a log of a sound start holds, and some do not."""

EVERYTHING: tuple[LogPattern | LogAbsence, ...] = (*PATTERNS, *ABSENCES)

SEARCHED_FOR = (
    '" 50',
    "/api/v1/",
    "<-- ",
    "NSURLErrorDomain",
    "xception",
    "ertificate ",
    "nection re",
    "connection abort",
    "timed out",
    "alert",
    "andshake",
    "ECONNRE",
    "UNREACH",
    "ETIMEDOUT",
    "nreachable",
    " 407",
    "CONNECT: ",
    "h proxy",
    "esolve",
    "getaddrinfo",
    "upstream",
    "ailed to connect to",
    "route to host",
    "end of stream",
    "Broken pipe",
    "CLEARTEXT comm",
    "CWPKI",
    "LTPA",
    "tpaToken",
    "WSVR",
    "CDHC ",
    "Failure in SSL",
    "SSL routines",
    "DH keypair",
    "protocol version",
    "ropriate protocol",
    "cipher suites",
    "certification path",
    "PKIX path",
    "haining error",
    "not trusted",
    "not verified",
    "matching",
    "subject alternative",
    "lgorithm constraints",
    "insecure ",
    "pinning",
    "Pin verif",
    "User rejected",
    "BadCertificateN",
    "retryComm",
    "plaintext connection",
    "parse TLS packet",
    "recognized",
    "follow-up",
    "edirect",
    "lient not found",
    "servers list",
    "ebsockets fail",
    "Token not present",
    "local issuer",
    "verify the first",
    "nacceptable cert",
    "wrong net",
)
"""Texts that a log is searched for first: each needle of a pattern holds one of them. Few and long ones are fast."""

_TLS = "stdiag tls {target}"
_PROVISIONING = "stdiag provisioning check 'hclsametime://{target}/?action=AddCommunity'"

_CONFIRM = {
    "log-cleartext": _PROVISIONING,
    "log-login-refused": _PROVISIONING,
    "log-idp-client": _PROVISIONING,
    "log-redirect-loop": _PROVISIONING,
    "log-server-error": _PROVISIONING,
    "log-no-answer": _PROVISIONING,
    "log-proxy-login": "stdiag tls {target} --via http://PROXY:PORT",
    "log-proxy-refused": "stdiag tls {target} --via http://PROXY:PORT",
    "log-not-in-servers-list": "stdiag names HOST",  # of the server that was rejected: the log has its address only
    "log-server-link": "stdiag paths {name} --port 1516",
}

_UNMEASURED = frozenset(
    {
        "log-websockets",
        "log-retry-loop",
        "log-old-android",
        "log-ldap-login",
        "log-database",
        "log-database-standby",
        "log-keystore",
        "log-ltpa-undefined",
        "log-ltpa-refused",
        "log-ltpa-expired",
        "log-server-hung",
        "log-ccm-cache",
        "log-ccm-path",
        "log-ccm-start",
    }
)
"""Codes of what no command measures: their pages say what to look at."""


def confirming_command(code: str, host: str | None, port: int | None) -> str:
    """The command that measures what a log of this code claims: about `host`, or with placeholders where the log does
    not name one. Empty where nothing here measures it. `host` must be plain: letters, digits, dots, colons, hyphens."""
    from stdiag.model import bracketed

    name = bracketed(host) if host else "HOST"
    target = f"{name}:{port}" if port else name
    return "" if code in _UNMEASURED else _CONFIRM.get(code, _TLS).format(target=target, name=name)
