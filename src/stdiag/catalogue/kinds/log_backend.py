"""Kinds about what logs say of the servers behind Sametime: other Community Servers, LDAP, databases."""

from __future__ import annotations

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds.log_shared import COMMON, SEEN
from stdiag.model import Severity

_REACH_IT = "nc -vz {host} {port}"

LOG_NOT_IN_SERVERS_LIST = FindingKind(
    code="log-not-in-servers-list",
    severity=Severity.ERROR,
    summary="The log says that a Community Server rejected another server by its network address.",
    params=COMMON,
    evidence="{place}: {said}; {count} x[, {times}][, about {endpoint}]",
    affects="users of the servers that are kept apart, and everybody when it is the Sametime Proxy",
    reach=2,
    follows=("names-management-address", "names-source-management", "names-seen-address", "names-hosts-differs"),
    remedy="server-addresses",
    page="log-server",
)

LOG_SERVER_LINK = FindingKind(
    code="log-server-link",
    severity=Severity.ERROR,
    summary="The log says that a server or multiplexer of Sametime could not connect to a Community Server.",
    params=COMMON,
    evidence=SEEN,
    affects="users of the two servers, who do not see each other; everybody when it is the multiplexer",
    spares="users who are on one and the same server",
    reach=2,
    follows=("net-name-not-found", "net-refused", "net-timeout"),
    remedy="server-addresses",
    page="log-server",
    proof="nc -vz {host} 1516",
)

LOG_LDAP_UNREACHABLE = FindingKind(
    code="log-ldap-unreachable",
    severity=Severity.ERROR,
    summary="The log says that the LDAP directory could not be reached, or did not take the connection.",
    params=COMMON,
    evidence=SEEN,
    affects="everybody who logs in: web and phones too, while the Sametime Proxy itself is well",
    spares="users who are logged in already",
    reach=2,
    follows=("net-name-not-found", "net-refused", "net-timeout", "tls-chain-incomplete", "tls-root-untrusted"),
    remedy="directory-and-database",
    page="log-backend",
    proof=_REACH_IT,
)

LOG_LDAP_LOGIN = FindingKind(
    code="log-ldap-login",
    severity=Severity.WARNING,
    summary="The log says that the LDAP directory refused a user name or a password.",
    params=COMMON,
    evidence=SEEN,
    affects="the user whose password it was; everybody when it is the account that Sametime binds with",
    reach=2,
    remedy="directory-and-database",
    page="log-backend",
    proof=_REACH_IT,
)

LOG_DATABASE = FindingKind(
    code="log-database",
    severity=Severity.ERROR,
    summary="The log says that a database (DB2, or MongoDB from Sametime 11 on) could not be reached or was lost.",
    params=COMMON,
    evidence=SEEN,
    affects="meetings and push with DB2; with MongoDB persistent chat, push and meetings",
    spares="chat between users who are logged in",
    reach=2,
    follows=("net-name-not-found", "net-refused", "net-timeout"),
    remedy="directory-and-database",
    page="log-backend",
    proof=_REACH_IT,
)

LOG_DATABASE_STANDBY = FindingKind(
    code="log-database-standby",
    severity=Severity.ERROR,
    summary="The log says that DB2 refused a connection because this database is the standby of a pair (HADR).",
    params=COMMON,
    evidence=SEEN,
    affects="meetings, as long as WebSphere does not find the database that is primary now",
    spares="chat",
    reach=2,
    remedy="directory-and-database",
    page="log-backend",
    proof="db2pd -db STMS -hadr",
)

KINDS = (
    LOG_NOT_IN_SERVERS_LIST,
    LOG_SERVER_LINK,
    LOG_LDAP_UNREACHABLE,
    LOG_LDAP_LOGIN,
    LOG_DATABASE,
    LOG_DATABASE_STANDBY,
)
