"""Kinds about the way to a server: its name, its address, the TCP connection, and the clocks at both ends."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

_CONNECT = "curl -v --connect-timeout 5 https://{connect}/"
_NAME_CODES = ("net-name-not-found", "net-name-timeout", "net-name-server-failure")
_ADDRESS_CODES = ("names-management-address", "names-private-address", "names-address-useless", "names-address-dead")
"""The name leads to an address that is not meant, or to a dead one among living ones: that is to be mended."""

NET_NAME_NOT_FOUND = FindingKind(
    code="net-name-not-found",
    severity=Severity.ERROR,
    summary='The name "{host}" does not exist in the DNS that this machine asks.',
    params=("words",),
    evidence="[the resolver said: {words}]",
    affects="all clients that use the same DNS",
    spares="clients elsewhere, where another DNS (inside, internet) knows the name",
    reach=0,
    remedy="dns",
    page="net-name",
    proof="nslookup {host}",
)
"""Params: words (the resolver's, or None)."""

NET_NAME_TIMEOUT = FindingKind(
    code="net-name-timeout",
    severity=Severity.ERROR,
    summary='The DNS server did not answer the question for "{host}" within {waited_s} s.',
    params=("waited_s", "words"),
    evidence="[the resolver said: {words}]",
    affects="all clients that use the same DNS server",
    spares="clients that still have the answer in their cache",
    reach=0,
    remedy="dns",
    page="net-name",
    proof="nslookup {host}",
)
"""Params: waited_s (seconds), words (the resolver's, or None)."""

NET_NAME_SERVER_FAILURE = FindingKind(
    code="net-name-server-failure",
    severity=Severity.ERROR,
    summary='The DNS server could not say which address "{host}" has.',
    params=("words",),
    evidence="[the resolver said: {words}]",
    affects="all clients that use the same DNS server",
    spares="clients that still have the answer in their cache",
    reach=0,
    remedy="dns",
    page="net-name",
    proof="nslookup {host}",
)
"""Params: words (the resolver's, or None)."""

NET_REFUSED = FindingKind(
    code="net-refused",
    severity=Severity.ERROR,
    summary="The connection was refused: at {address} nothing listens on this port, or a firewall rejects it.",
    params=("address",),
    affects="all clients that are sent to this address",
    reach=0,
    follows=(*_NAME_CODES, *_ADDRESS_CODES),
    remedy="listener",
    page="net-refused",
    proof=_CONNECT,
)
"""Params: address."""

NET_RESET = FindingKind(
    code="net-reset",
    severity=Severity.ERROR,
    summary="The connection to {address} was cut {stage}.",
    params=("address", "stage"),
    evidence="TCP reset",
    affects="all clients whose traffic takes this way",
    spares="clients on another way, when a firewall or a proxy cuts it and not the server",
    reach=0,
    follows=(*_NAME_CODES, *_ADDRESS_CODES, "tls-hello-too-large", "tls-not-tls", "tls-client-cert-required"),
    remedy="listener",
    page="net-refused",
    proof=_CONNECT,
)
"""Params: address, stage (a clause: `during the TLS handshake`, `while connecting`)."""

NET_TIMEOUT = FindingKind(
    code="net-timeout",
    severity=Severity.ERROR,
    summary="{address} did not answer within {waited_s} s: a firewall drops the packets, or the host is down.",
    params=("address", "waited_s"),
    affects="all clients whose traffic takes this way",
    spares="clients on a way that the firewall lets through",
    reach=0,
    follows=(*_NAME_CODES, *_ADDRESS_CODES),
    remedy="open-port",
    page="net-timeout",
    proof=_CONNECT,
)
"""Params: address, waited_s (seconds)."""

NET_UNREACHABLE = FindingKind(
    code="net-unreachable",
    severity=Severity.ERROR,
    summary="There is no way from here to {address}.",
    params=("address", "words"),
    evidence="[the system said: {words}]",
    affects="all clients in this network",
    spares="clients in networks that have a route",
    reach=0,
    follows=(*_NAME_CODES, *_ADDRESS_CODES),
    remedy="open-port",
    page="net-timeout",
    proof=_CONNECT,
)
"""Params: address, words (the operating system's, or None)."""

NET_LOCAL_LIMIT = FindingKind(
    code="net-local-limit",
    severity=Severity.WARNING,
    summary="This machine could not open the connection: it has reached a limit of its own.",
    params=("words",),
    evidence="[the system said: {words}]",
    affects="nobody: it says nothing about the server",
    reach=4,
    remedy="local-limits",
    page="net-local-limit",
)
"""Params: words (the operating system's)."""

CLOCK_SKEW = FindingKind(
    code="clock-skew",
    severity=Severity.WARNING,
    summary="The clocks of the server and of this machine differ by {seconds} s.",
    params=("seconds", "server_time", "local_time"),
    evidence="server: {server_time}; this machine: {local_time}",
    affects="logins with tokens (LTPA, SAML, push) and certificates near the ends of their validity",
    spares="everything without time limits",
    reach=2,
    remedy="clock",
    page="clock-skew",
    proof="curl -skI https://{connect}/",
)
"""Params: seconds (absolute difference), server_time and local_time (UTC, ISO 8601)."""

KINDS = (
    NET_NAME_NOT_FOUND,
    NET_NAME_TIMEOUT,
    NET_NAME_SERVER_FAILURE,
    NET_REFUSED,
    NET_RESET,
    NET_TIMEOUT,
    NET_UNREACHABLE,
    NET_LOCAL_LIMIT,
    CLOCK_SKEW,
)
