"""Patterns for log lines: each recognises its example, is found by the fast search, and cannot be made slow."""

from __future__ import annotations

import re
import time

import click
import pytest
from tests.unit.formats.client_log.logs import read

from stdiag.catalogue.kinds import log
from stdiag.catalogue.log_patterns import ABSENCES, EVERYTHING, PATTERNS, SEARCHED_FOR, confirming_command
from stdiag.catalogue.log_patterns.pattern import LogAbsence, LogPattern
from stdiag.catalogue.registry import ALL
from stdiag.cli.main import cli
from stdiag.formats.client_log.header import parse_header
from stdiag.formats.client_log.recognise import LONGEST, Recogniser

each = pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
each_absence = pytest.mark.parametrize("absence", ABSENCES, ids=lambda absence: absence.name)

UNMEASURED = {
    "log-ccm-cache",
    "log-ccm-path",
    "log-ccm-start",
    "log-database",
    "log-database-standby",
    "log-keystore",
    "log-ldap-login",
    "log-ltpa-expired",
    "log-ltpa-refused",
    "log-ltpa-undefined",
    "log-old-android",
    "log-retry-loop",
    "log-server-hung",
    "log-websockets",
}

HOSTILE = (
    "A signer with SubjectDN ",
    "CWPKI0022E: SSL HANDSHAKE FAILURE: A signer with SubjectDN x",
    "The certificate issued by ",
    "failed to connect to ",
    "Failed to connect to a",
    "SSL routines:",
    "SSL routines:a:",
    "Hostname a",
    "http://a:1@",
    "https://",
    "java.net.A",
    "a.",
    "1",
    "PKIX path building failed: a",
    "GET /api/v1/check",
    'Unable to resolve host "',
    "certificate expired ",
    "CDHC cdhc_rootPath = a",
    'CDHC cdhc_rootPath = "',
    "WSVR0001I: Server ccm",
    "WSVR0605W: Thread a",
    "SSL0200E: Handshake Failed, A",
    "CWPKI0033E: The keystore located at a",
    "xception: Integrity check failed: a.",
    "naming.CommunicationException: a.",
    "LDAP: error code 49 data ",
    "DisconnectNonTransientException Error opening socket to server a",
    "MongoNetworkError: failed to connect to server [a",
    "Failed to connect to server a.",
    "Failed to connect to server 1 reason ",
    "Rejecting server a",
    "[4/28/16 ",
    "[Thu Apr 28 16:10:07 2016] [a] ",
    "E Server 13/May, ",
    "\u2028\0\x1b[0m",
)


def said(message: str) -> str | None:
    """Name of the pattern that tells the line, once its header is off."""
    header, _ = parse_header(message)
    found = Recogniser(PATTERNS).said((header.message if header else message).strip())
    return found.pattern.name if found and found.pattern else None


@each
def test_a_pattern_recognises_its_example_before_any_other_does(pattern: LogPattern) -> None:
    assert said(pattern.example) == pattern.name


@each
def test_what_is_searched_for_stands_in_the_example(pattern: LogPattern) -> None:
    assert pattern.example.isprintable()
    assert any(needle in pattern.example for needle in pattern.needles)
    for needle in pattern.needles:
        assert needle.isascii()
        assert any(hub in needle for hub in SEARCHED_FOR), needle


@each
def test_a_pattern_names_a_kind_and_its_source(pattern: LogPattern) -> None:
    assert pattern.code.startswith("log-")
    assert pattern.code in ALL
    assert pattern.source
    assert not pattern.doubt.endswith(".")
    groups = set(re.compile(pattern.regex).groupindex)
    assert groups <= {"host", "port", "issuer"}
    assert "issuer" not in groups or "issuer" in ALL[pattern.code].params


def slow(expression: str, needle: str) -> list[str]:
    """The pieces whose repetition keeps the expression busy."""
    regex = re.compile(expression, re.ASCII)
    found = []
    for piece in HOSTILE:
        message = (piece * (LONGEST // len(piece)))[: LONGEST - 40] + needle
        started = time.process_time()
        regex.search(message)
        if time.process_time() - started >= 0.5:
            found.append(piece)
    return found


@each
def test_no_line_makes_a_pattern_slow(pattern: LogPattern) -> None:
    assert slow(pattern.regex, pattern.needles[0]) == []


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_line_makes_a_header_slow(piece: str) -> None:
    started = time.process_time()
    parse_header(piece * (LONGEST // len(piece)))
    assert time.process_time() - started < 0.5


def test_names_are_unique_and_every_kind_has_a_pattern() -> None:
    names = [pattern.name for pattern in PATTERNS]
    assert len(set(names)) == len(names)
    codes = {pattern.code for pattern in PATTERNS} | {absence.code for absence in ABSENCES}
    assert codes == {kind.code for kind in log.KINDS}


def test_every_text_that_is_searched_for_is_needed() -> None:
    needles = [needle for one in EVERYTHING for needle in one.needles]
    assert [hub for hub in SEARCHED_FOR if not any(hub in needle for needle in needles)] == []
    assert len(SEARCHED_FOR) <= 64, "each costs time on every byte of a log"


@each_absence
def test_an_absence_is_told_by_its_example_and_not_by_a_healthy_one(absence: LogAbsence) -> None:
    def codes(*lines: str) -> list[str]:
        return [one.code for one in read("".join(f"{line}\n" for line in lines)).exceptions]

    assert codes(absence.example) == [absence.code]
    assert codes(absence.example, absence.healthy) == []
    assert codes(absence.healthy, absence.example) == []
    assert codes(absence.healthy) == []
    assert absence.code in ALL
    assert absence.source
    assert absence.doubt
    assert not absence.doubt.endswith(".")


@each_absence
def test_an_absence_is_found_by_the_fast_search_and_cannot_be_made_slow(absence: LogAbsence) -> None:
    lines = (absence.example, absence.healthy)
    assert all(any(needle in line for needle in absence.needles) for line in lines)
    assert all(any(hub in needle for hub in SEARCHED_FOR) for needle in absence.needles)
    for expression in (absence.starts, absence.stops, absence.expected):
        assert slow(expression, absence.needles[0]) == []


@pytest.mark.parametrize("code", sorted({one.code for one in EVERYTHING}))
@pytest.mark.parametrize("host", ["chat.example.com", "2001:db8::1", None])
def test_the_command_that_confirms_would_be_accepted(code: str, host: str | None) -> None:
    import shlex

    line = confirming_command(code, host, 8443)
    if not line:
        assert code in UNMEASURED
        return
    name, *arguments = shlex.split(line)[1:]
    context = click.Context(cli, info_name="stdiag", **cli.context_settings)
    command = cli.get_command(context, name)
    while isinstance(command, click.Group):
        command = command.get_command(context, arguments.pop(0))
    assert command is not None
    command.make_context(name, arguments, parent=context)


SIGNER, KEYSTORE, LDAP = "websphere-signer", "websphere-keystore", "ldap-unreachable"


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("hostname in certificate didn't match: <chat.example.com> != <a.example.com>", "httpclient-hostname"),
        ("javax.net.ssl.SSLException: Received fatal alert: protocol_version", "alert-version"),
        ("SSLHandshakeException: Received fatal alert: bad_certificate", "peer-alert"),
        (
            "SSL_do_handshake() failed (SSL: error:0A000416:SSL routines:sslv3 alert certificate unknown:SSL alert 46)",
            "peer-alert",
        ),
        ("error:1408F10B:SSL routines:ssl3_get_record:wrong version number", "plain-answer"),
        ("error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER", "plain-answer"),
        ("x: SSL routines:OPENSSL_internal:TLSV1_ALERT_PROTOCOL_VERSION", "alert-version"),
        ("SSL routines:tls_process_ske_dhe:dh key too small", "weak-dh"),
        ("java.net.SocketException: No route to host", "unreachable"),
        ("connect ECONNREFUSED 192.0.2.1:443", "refused"),
        ("getaddrinfo ENOTFOUND chat.example.com", "java-unknown-host"),
        ("POST /api/v1/token 403 12 ms", "auth-service"),
        ('"GET /api/v1/check HTTP/1.1" 401 38', "auth-service"),
        ("Token not present in request", "auth-service"),
        ("com.ibm.jsse2.util.h: PKIX path building failed: x", "java-path-building"),
        ("java.net.SocketTimeoutException: timeout", "read-timeout"),
        ("javax.net.ssl.SSLHandshakeException: Handshake failed", "handshake-failed"),
        (
            "CWPKI0823E: SSL HANDSHAKE FAILURE:  A signer with SubjectDN [CN=x] was sent from the host [x.de:443].",
            SIGNER,
        ),
        ('CWPKI0022E: SSL HANDSHAKE FAILURE:  A signer with SubjectDN "CN=x" was sent from the target host.', SIGNER),
        ("SSL0222W: SSL Handshake Failed, No ciphers specified", "ihs-ciphers"),
        ("CWPKI0033E: The keystore located at /x/key.p12 did not load because of the following error: x", KEYSTORE),
        ("java.io.IOException: Keystore was tampered with, or password was incorrect", "java-keystore"),
        ("java.io.IOException: keystore password was incorrect", "java-keystore"),
        ("java.security.UnrecoverableKeyException: Failed PKCS12 integrity checking", "java-keystore"),
        ("Cookie: LtpaToken=”undefined”", "ltpa-undefined"),
        ("LtpaToken2=undefined", "ltpa-undefined"),
        ("SECJ0369E: Authentication failed when using LTPA. The exception is [LDAP: error code 49 - x].", "ldap-login"),
        ("javax.naming.CommunicationException: simple bind failed: ldap.example.com:636 [Root exception is x", LDAP),
        (
            "naming.CommunicationException: simple bind failed: x:636 [PKIX path building failed: x",
            "java-path-building",
        ),
        ("com.ibm.websphere.ce.cm.StaleConnectionException: x", "db2-lost"),
        ("com.mongodb.MongoTimeoutException: Timed out after 30000 ms while waiting for a server", "mongodb"),
        ("MongoServerSelectionError: getaddrinfo ENOTFOUND mongo", "mongodb"),
        ("Server CN=st2/O=Example has wrong net address", "servers-list"),
        ("Failed to connect to server", "server-link"),
        ('getLCDA CDHC cdhc_rootPath = "D:/cache"', "ccm-path"),
        ("getLCDA CDHC cdhc_rootPath = \\\\server\\share", "ccm-path"),
        ("getLCDA CDHC cdhc_rootPath = D:IBMConnectionsdata", "ccm-path"),
    ],
)
def test_other_forms_of_the_same(message: str, name: str) -> None:
    assert said(message) == name


@pytest.mark.parametrize(
    "message",
    [
        "Exit HTTPComm.poll(), result = 0",
        "the certificate store has been read",
        "GET /api/v1/check 200",
        "connection established",
        "user is not trusted with this",
        "handshake done",
        "--> END POST",
        "upstream keepalive is on",
        "pinning the window",
        "NSURLErrorDomain Code=-12020",
        "retryComm is off",
        "LCDAUtil      I getLCDA CDHC enabled",
        "LCDAUtil      I getLCDA CDHC cacheId = fncs-cdhc-node1-9445",
        "LCDAUtil      I getLCDA CDHC cdhc_rootPath = D:/IBM/Connections/data/shared/ccmcache",
        "LCDAUtil      I getLCDA CDHC cdhc_rootPath = /opt/data/ccmcache",
        "LCDAUtil      I getLCDA CDHC cdhc_maxCachedFiles = 10000",
        "WsServerImpl  A   WSVR0001I: Server CCMCluster_server1 open for e-business",
        "WSVR0606W: Thread x was previously reported to be hung but has completed",
        "Logged in to server 192.0.2.30",
        "Connection to server 192.0.2.30 established",
        "server ip:192.0.2.30 provides all the essential services",
        "Cookie: LtpaToken=AbCd",
        "LTPAServerObj <  validateToken -> SUCCESS",
        "CWPKI0003I: SSL initialization completed",
        "MongoClient connected",
        "javax.naming.NameNotFoundException: [LDAP: error code 32 - No Such Object]",
        "",
    ],
)
def test_what_means_nothing_is_not_recognised(message: str) -> None:
    assert said(message) is None
