"""What is found in the connection settings of clients and of the community server."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.model import Severity

_WHO_GET_IT = "desktop clients that get this file"

CONFIG_SERVER_PORT = FindingKind(
    code="config-server-port",
    severity=Severity.ERROR,
    summary="Ports of the community server are no numbers from 1 to 65535, {names}: {values}.",
    params=("names", "values", "place"),
    evidence="{place}",
    affects="desktop clients, or the servers that connect to this one",
    reach=2,
    remedy="community-port",
    page="config-server-ini",
)
"""Params: names, values, place."""

CONFIG_TRUSTED_CLIENTS = FindingKind(
    code="config-trusted-clients",
    severity=Severity.INFO,
    summary="Only clients from these addresses may log in: {addresses}.",
    params=("addresses", "place"),
    evidence="{place}",
    affects="nobody who is meant to get in; from elsewhere the port opens and the login is refused",
    reach=4,
    remedy="config-sametime-ini",
    page="config-server-ini",
)
"""Params: addresses, place."""

CONFIG_TRUSTED_CLIENTS_INVALID = FindingKind(
    code="config-trusted-clients-invalid",
    severity=Severity.WARNING,
    summary="VPMX_TRUSTED_CLIENT_IPS holds what is no address: {values}.",
    params=("values", "place"),
    evidence="{place}",
    affects="the clients or proxies that were meant",
    reach=2,
    remedy="config-sametime-ini",
    page="config-server-ini",
)
"""Params: values, place."""

CONFIG_FORWARDED_LOGINS = FindingKind(
    code="config-forwarded-logins",
    severity=Severity.INFO,
    summary="The server refuses users whose home server it is not: VP_REJECT_FORWARDED_LOGINS=1.",
    params=("place",),
    evidence="{place}",
    affects="nobody who connects to the own home server or cluster",
    reach=4,
    remedy="config-sametime-ini",
    page="config-server-ini",
)
"""Params: place."""

CONFIG_TLS_RANGE = FindingKind(
    code="config-tls-range",
    severity=Severity.ERROR,
    summary="The TLS versions of the community server cannot be as they are set: {problems}.",
    params=("problems", "place"),
    evidence="{place}",
    affects="everybody who connects with TLS: clients (STMUX), servers (STSRV), the directory (STLDAP)",
    reach=2,
    remedy="config-sametime-ini",
    page="config-server-tls",
)
"""Params: problems (list of clauses), place."""

CONFIG_TLS_OLD = FindingKind(
    code="config-tls-old",
    severity=Severity.WARNING,
    summary="The community server may speak TLS older than 1.2: {versions}.",
    params=("versions", "place"),
    evidence="{place}",
    affects="nobody is stopped; the versions have known weaknesses",
    reach=3,
    remedy="config-sametime-ini",
    page="config-server-tls",
)
"""Params: versions (list, each with the scope of its setting), place."""

CONFIG_SERVER_TLS = FindingKind(
    code="config-server-tls",
    severity=Severity.INFO,
    summary="At port {port} the community server takes TLS only: Sametime Proxy and mux must speak it too.",
    params=("port", "place"),
    evidence="{place}",
    affects="nobody, when all servers of the community are set so",
    reach=4,
    remedy="config-sametime-ini",
    page="config-server-tls",
    proof="openssl s_client -connect SERVER:{port} </dev/null",
)
"""Params: port, place."""

CONFIG_STORE_TYPE = FindingKind(
    code="config-store-type",
    severity=Severity.WARNING,
    summary="Sametime 12 takes key and trust stores of type p12 only, {names}: {values}.",
    params=("names", "values", "place"),
    evidence="{place}",
    affects="everybody who connects with TLS that the store is for",
    reach=2,
    remedy="config-sametime-ini",
    page="config-server-tls",
)
"""Params: names, values, place."""

CONFIG_CONNECTION_TYPE = FindingKind(
    code="config-connection-type",
    severity=Severity.ERROR,
    summary="The client knows no such connectionType: {values}.",
    params=("values", "meant", "place"),
    evidence="{place}[; perhaps meant: {meant}]",
    affects=_WHO_GET_IT,
    reach=2,
    remedy="client-connection",
    page="config-client",
)
"""Params: values, meant (list, perhaps empty), place."""

CONFIG_CLIENT_NUMBER = FindingKind(
    code="config-client-number",
    severity=Severity.ERROR,
    summary="Ports are no numbers from 1 to 65535, {names}: {values}.",
    params=("names", "values", "place"),
    evidence="{place}",
    affects=_WHO_GET_IT,
    reach=2,
    remedy="client-connection",
    page="config-client",
)
"""Params: names, values, place."""

CONFIG_CLIENT_SERVER_PORT = FindingKind(
    code="config-client-server-port",
    severity=Severity.ERROR,
    summary="Clients are sent to port 1516, where only servers are understood.",
    params=("place",),
    evidence="{place}",
    affects=_WHO_GET_IT,
    reach=2,
    remedy="client-connection",
    page="config-client-port",
)
"""Params: place."""

CONFIG_CLIENT_HOST = FindingKind(
    code="config-client-host",
    severity=Severity.ERROR,
    summary="The community's host is no host name, {names}: {problems}.",
    params=("names", "problems", "place"),
    evidence="{place}",
    affects=_WHO_GET_IT,
    reach=2,
    remedy="client-connection",
    page="config-client",
)
"""Params: names, problems (list of clauses), place."""

CONFIG_CLIENT_PROXY = FindingKind(
    code="config-client-proxy",
    severity=Severity.ERROR,
    summary="The way through a proxy names no proxy: {problems}.",
    params=("problems", "place"),
    evidence="{place}",
    affects=_WHO_GET_IT,
    reach=2,
    remedy="client-connection",
    page="config-client",
)
"""Params: problems (list of clauses), place."""

CONFIG_REVERSE_PROXY = FindingKind(
    code="config-reverse-proxy",
    severity=Severity.ERROR,
    summary="The way through a reverse proxy is not written https://HOST:PORT/AFFINITY-ID: {problems}.",
    params=("problems", "place"),
    evidence="{place}",
    affects=_WHO_GET_IT,
    reach=2,
    remedy="reverse-proxy",
    page="config-client",
)
"""Params: problems (list of clauses), place."""

CONFIG_CONNECTION_NOT_ENCRYPTED = FindingKind(
    code="config-connection-not-encrypted",
    severity=Severity.INFO,
    summary="The connectionType https-proxy does not encrypt what goes over it.",
    params=("place",),
    evidence="{place}",
    affects="nobody is stopped; for encryption the type is tls-direct",
    reach=4,
    remedy="client-connection",
    page="config-client",
)
"""Params: place."""

CONFIG_CLIENT_PASSWORD = FindingKind(
    code="config-client-password",
    severity=Severity.WARNING,
    summary="A proxy's password stands in a file that every user gets.",
    params=("place",),
    evidence="{place}",
    affects="nobody is stopped; every user can read it",
    reach=3,
    remedy="client-connection",
    page="config-client",
)
"""Params: place. The password is recorded nowhere."""

CONFIG_ALTERNATE_COMMUNITY = FindingKind(
    code="config-alternate-community",
    severity=Severity.WARNING,
    summary="Alternate communities do not fit managedIds: {problems}.",
    params=("problems", "place"),
    evidence="{place}",
    affects="desktop clients that need the alternate community",
    reach=2,
    remedy="client-connection",
    page="config-client",
)
"""Params: problems (list of clauses), place."""

CONFIG_CLIENT_PORT = FindingKind(
    code="config-client-port",
    severity=Severity.ERROR,
    summary="Clients are told port {ports}, where the server does not listen for them: {problems}.",
    params=("ports", "problems", "said_by", "place"),
    evidence="{place}; the server's side: {said_by}",
    affects=_WHO_GET_IT,
    spares="clients that have another setting of their own",
    reach=2,
    follows=("config-client-server-port",),
    remedy="community-port",
    page="config-client-port",
    proof="stdiag paths HOST",
)
"""Params: ports, problems (list of clauses), said_by (list: settings of the server with their places), place.
Severity: warning where settings that are not in these files can add ports."""

KINDS = (
    CONFIG_SERVER_PORT,
    CONFIG_TRUSTED_CLIENTS,
    CONFIG_TRUSTED_CLIENTS_INVALID,
    CONFIG_FORWARDED_LOGINS,
    CONFIG_TLS_RANGE,
    CONFIG_TLS_OLD,
    CONFIG_SERVER_TLS,
    CONFIG_STORE_TYPE,
    CONFIG_CONNECTION_TYPE,
    CONFIG_CLIENT_NUMBER,
    CONFIG_CLIENT_SERVER_PORT,
    CONFIG_CLIENT_HOST,
    CONFIG_CLIENT_PROXY,
    CONFIG_REVERSE_PROXY,
    CONFIG_CONNECTION_NOT_ENCRYPTED,
    CONFIG_CLIENT_PASSWORD,
    CONFIG_ALTERNATE_COMMUNITY,
    CONFIG_CLIENT_PORT,
)
