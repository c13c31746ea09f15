"""Kinds about where names lead: addresses that nobody reaches, and networks that only administrators use."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

_CONNECT = "curl -v --connect-timeout 5 telnet://{connect}"
_LOOK_UP = "nslookup {host}"

NAMES_MANAGEMENT_ADDRESS = FindingKind(
    code="names-management-address",
    severity=Severity.WARNING,
    summary="The name {host} leads to {where}, which is in the management network {network}[ and {state}].",
    params=("where", "network", "state", "source"),
    evidence="{source}",
    affects="whoever is given this address: clients, and servers that look each other up",
    spares="machines in the management network, and whoever happens to be given another address",
    reach=2,
    remedy="several-cards",
    page="names-several-cards",
    proof=_LOOK_UP,
)
"""Params: where (the address), network, state (what a connect showed, or None), source (who says so)."""

NAMES_OWN_CARDS = FindingKind(
    code="names-own-cards",
    severity=Severity.WARNING,
    summary="The name {host} leads to several network cards of this machine: {cards}.",
    params=("cards",),
    affects="servers that look this one up and take whichever address comes first (WebSphere nodes, Sametime servers)",
    spares="web and mobile clients, as long as each of the addresses answers them",
    reach=2,
    remedy="several-cards",
    page="names-several-cards",
    proof=_LOOK_UP,
)
"""Params: cards (list: card and address)."""

NAMES_SOURCE_MANAGEMENT = FindingKind(
    code="names-source-management",
    severity=Severity.WARNING,
    summary="This machine reaches {peers} from its address {local}, which lies in the management network {network}.",
    params=("peers", "local", "card", "network"),
    evidence="[network card: {card}]",
    affects="servers that admit their peers by address, and everything measured here: clients come another way",
    reach=2,
    remedy="route-by-card",
    page="names-several-cards",
    proof="",
)
"""Params: peers (list of hosts), local (address), card (or None), network."""

NAMES_SEEN_ADDRESS = FindingKind(
    code="names-seen-address",
    severity=Severity.WARNING,
    summary="The server at {host} sees this machine as {seen}, {what}, and not as {local}.",
    params=("seen", "what", "local", "paths"),
    evidence="so on: {paths}",
    affects="servers that are admitted by their address: a Sametime server rejects a peer that is not in its list",
    spares="clients, unless the server admits certain addresses only (VPMX_TRUSTED_CLIENT_IPS)",
    reach=2,
    remedy="route-by-card",
    page="names-several-cards",
    proof="",
)
"""Params: seen (by the server), what (what that address is), local (this machine's own, or the proxy), paths (list)."""

NAMES_ADDRESS_DEAD = FindingKind(
    code="names-address-dead",
    severity=Severity.ERROR,
    summary="Of the {count} addresses of {host}, {where} accepts no connection on port {port}: {state}.",
    params=("where", "count", "state", "others"),
    evidence="these accept: {others}",
    affects="every client that is given this address first: it waits, or fails, now and then",
    spares="clients that try the next address, and whoever has a working one in its cache",
    reach=2,
    remedy="name-addresses",
    page="names-address-dead",
    proof=_CONNECT,
)
"""Params: where (the address), count (of addresses), state (what the connect showed), others (list that accept)."""

NAMES_PRIVATE_ADDRESS = FindingKind(
    code="names-private-address",
    severity=Severity.WARNING,
    summary="Asked from the internet, the name {host} leads to the private address {where}[, which {state}].",
    params=("where", "state"),
    affects="everybody on the internet: a private address is another machine there, or none",
    spares="clients inside, and those with a VPN",
    reach=2,
    remedy="name-addresses",
    page="names-address-range",
    proof=_LOOK_UP,
)
"""Params: where (the address), state (what a connect showed, or None)."""

NAMES_ADDRESS_USELESS = FindingKind(
    code="names-address-useless",
    severity=Severity.WARNING,
    summary="The name {host} leads to {where}, {what}: no server is there.",
    params=("where", "what", "source", "others"),
    evidence="{source}[; other addresses: {others}]",
    affects="every client that is given this address",
    spares="clients that try the next address, where there is one",
    reach=2,
    remedy="name-addresses",
    page="names-address-range",
    proof=_LOOK_UP,
)
"""Params: where (the address), what (its range in words), source (who says so), others (list)."""

NAMES_LOOPBACK = FindingKind(
    code="names-loopback",
    severity=Severity.WARNING,
    summary="On this machine the name {host} leads to the machine itself ({where}), by {source}.",
    params=("where", "source"),
    affects="servers here that tell others their address, and this run: it measured no way that a client goes",
    spares="clients elsewhere, unless the DNS says the same to them",
    reach=3,
    remedy="hosts-file",
    page="names-address-range",
    proof="ping -c 1 {host}",
)
"""Params: where (the addresses), source (who says so)."""

NAMES_IPV6_ONLY = FindingKind(
    code="names-ipv6-only",
    severity=Severity.WARNING,
    summary="The name {host} has IPv6 addresses only: {addresses}.",
    params=("addresses",),
    affects="clients before 8.5, which look broken and show no error, and everybody in a network without IPv6",
    spares="clients with IPv6 all the way",
    reach=2,
    remedy="name-ipv6",
    page="names-ipv6-only",
    proof="nslookup -type=A {host}",
)
"""Params: addresses (list)."""

KINDS = (
    NAMES_MANAGEMENT_ADDRESS,
    NAMES_OWN_CARDS,
    NAMES_SOURCE_MANAGEMENT,
    NAMES_SEEN_ADDRESS,
    NAMES_ADDRESS_DEAD,
    NAMES_PRIVATE_ADDRESS,
    NAMES_ADDRESS_USELESS,
    NAMES_LOOPBACK,
    NAMES_IPV6_ONLY,
)
