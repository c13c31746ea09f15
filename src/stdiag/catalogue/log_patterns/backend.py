"""Lines about what stands behind Sametime: the LDAP directory, DB2, MongoDB."""

from __future__ import annotations

from stdiag.catalogue.log_patterns.pattern import LogPattern

_HOST = r"(?P<host>[A-Za-z0-9.\-]{1,253})"
_PORT = r"(?P<port>\d{1,5})"

PATTERNS = (
    LogPattern(
        name="ldap-unreachable",
        code="log-ldap-unreachable",
        needles=("naming.CommunicationException: ", "naming.ServiceUnavailableException: "),
        regex=(
            rf"naming\.(?:CommunicationException|ServiceUnavailableException): (?:simple bind failed: )?{_HOST}:{_PORT}"
        ),
        source="Java's LDAP provider (JNDI), as in WebSphere and Tomcat",
        doubt="`simple bind failed` on port 636 mostly is a certificate: the lines below tell",
        example="javax.naming.CommunicationException: ldap.example.com:389 [Root exception is java.io.IOException]",
    ),
    LogPattern(
        name="ldap-login",
        code="log-ldap-login",
        needles=("xception: [LDAP: error code", "LTPA. The exception is [LDAP"),
        regex=r"LDAP: error code 49\b(?:[^\]\r\n]{0,200}?\bdata [0-9a-f]{1,8}\b)?",
        source="RFC 4511 appendix A, result code 49, in the words of Java; Active Directory adds `data`",
        doubt="one user's wrong password reads like that of the account that Sametime itself binds with",
        example=(
            "javax.naming.AuthenticationException: [LDAP: error code 49 - 80090308: LdapErr: DSID-0C090334, comment: "
            "AcceptSecurityContext error, data 775, vece]"
        ),
    ),
    LogPattern(
        name="db2-standby",
        code="log-database-standby",
        needles=("xception: DB2 SQL Error: SQLCODE=-1776", "xception: SQL1776N"),
        regex=r"SQLCODE=-1776\b|SQL1776N",
        source="DB2, message SQL1776N; an IBM support article on connections to an HADR standby",
        doubt="with automatic client reroute a slow primary sends single connections there too",
        example="com.ibm.db2.jcc.am.SqlException: DB2 SQL Error: SQLCODE=-1776, SQLSTATE=08004, SQLERRMC=1",
    ),
    LogPattern(
        name="db2-lost",
        code="log-database",
        needles=("onnectionException", "isconnectException"),
        regex=(
            r"(?:DisconnectNonTransient(?:Connection)?Exception|jcc\.\w{1,4}\.DisconnectException)"
            rf"(?:[^\r\n]{{0,200}}?Error opening socket to server {_HOST}"
            rf"(?:/[0-9A-Fa-f:.]{{0,45}})?(?: on port {_PORT}(?![\d,]))?)?"
            r"|websphere\.ce\.cm\.StaleConnectionException"
        ),
        source="DB2's JDBC driver (errors -4499), WebSphere",
        doubt="single ones are connections that a firewall or a restart of the database has cut",
        example=(
            "com.ibm.db2.jcc.am.DisconnectNonTransientConnectionException: [jcc][t4][2043][11550][4.18.60] Exception "
            "java.net.ConnectException: Error opening socket to server db2.example.com/192.0.2.20 on port 50,000 with "
            "message: Connection refused. ERRORCODE=-4499, SQLSTATE=08001"
        ),
    ),
    LogPattern(
        name="mongodb",
        code="log-database",
        needles=(
            "MongoNetworkError: failed to connect to server",
            "MongoServerSelectionError: connect ECONNRE",
            "MongoServerSelectionError: getaddrinfo",
            "MongoServerSelectionError: Server selection timed out",
            "MongoTimeoutException",
            "MongoSocketOpenException",
            "MongoSecurityException",
        ),
        regex=(
            rf"MongoNetworkError: failed to connect to server \[{_HOST}:{_PORT}\]|MongoServerSelectionError\b"
            r"|Mongo(?:Timeout|SocketOpen|Security)Exception\b"
        ),
        source="MongoDB's drivers for Node.js and Java; no log of a Sametime service with such a line was at hand",
        doubt="right after a start it is normal: the services come up before the database",
        example=(
            "proxy-1  | MongoNetworkError: failed to connect to server [mongodb.example.com:27017] on first connect "
            "[MongoNetworkError: connect ECONNREFUSED 192.0.2.21:27017]"
        ),
    ),
)
