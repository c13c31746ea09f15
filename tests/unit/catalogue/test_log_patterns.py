"""Patterns for log lines: each recognises its example, is found by the fast search, and cannot be made slow."""

from __future__ import annotations

import re
import time

import click
import pytest

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds import log, log_certificate, log_handshake, log_network, log_server
from stdiag.catalogue.log_patterns import PATTERNS, SEARCHED_FOR, confirming_command
from stdiag.catalogue.log_patterns.pattern import LogPattern
from stdiag.catalogue.registry import ALL
from stdiag.cli.main import cli
from stdiag.formats.client_log.header import parse_header
from stdiag.formats.client_log.recognise import LONGEST, Recogniser

each = pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)

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


@each
@pytest.mark.parametrize("piece", HOSTILE)
def test_no_line_makes_a_pattern_slow(pattern: LogPattern, piece: str) -> None:
    message = (piece * (LONGEST // len(piece)))[: LONGEST - 40] + pattern.needles[0]
    regex = re.compile(pattern.regex, re.ASCII)
    started = time.process_time()
    regex.search(message)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_line_makes_a_header_slow(piece: str) -> None:
    started = time.process_time()
    parse_header(piece * (LONGEST // len(piece)))
    assert time.process_time() - started < 0.5


def test_names_are_unique_and_every_kind_has_a_pattern() -> None:
    names = [pattern.name for pattern in PATTERNS]
    assert len(set(names)) == len(names)
    assert {pattern.code for pattern in PATTERNS} == {kind.code for kind in log.KINDS}


def test_every_text_that_is_searched_for_is_needed() -> None:
    needles = [needle for pattern in PATTERNS for needle in pattern.needles]
    assert [hub for hub in SEARCHED_FOR if not any(hub in needle for needle in needles)] == []
    assert len(SEARCHED_FOR) <= 64, "each costs time on every byte of a log"


@pytest.mark.parametrize("module", [log_certificate, log_handshake, log_network, log_server])
def test_every_constant_is_listed_and_named_after_its_code(module: object) -> None:
    constants = {name: value for name, value in vars(module).items() if isinstance(value, FindingKind)}
    listed = vars(module)["KINDS"]
    assert {value.code for value in constants.values()} == {kind.code for kind in listed}
    assert all(name == value.code.upper().replace("-", "_") for name, value in constants.items())


@pytest.mark.parametrize("code", sorted({pattern.code for pattern in PATTERNS}))
@pytest.mark.parametrize("host", ["chat.example.com", "2001:db8::1", None])
def test_the_command_that_confirms_would_be_accepted(code: str, host: str | None) -> None:
    import shlex

    line = confirming_command(code, host, 8443)
    if not line:
        assert code in {"log-websockets", "log-retry-loop", "log-old-android"}
        return
    name, *arguments = shlex.split(line)[1:]
    context = click.Context(cli, info_name="stdiag", **cli.context_settings)
    command = cli.get_command(context, name)
    while isinstance(command, click.Group):
        command = command.get_command(context, arguments.pop(0))
    assert command is not None
    command.make_context(name, arguments, parent=context)


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
        "",
    ],
)
def test_what_means_nothing_is_not_recognised(message: str) -> None:
    assert said(message) is None
