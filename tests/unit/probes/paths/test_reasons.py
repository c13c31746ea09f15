"""Observation → reasons, for every reason of the vocabulary: what programs were seen to answer, and what that allows
to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.probes.paths.observations import (
    ACK,
    answer,
    answers,
    direct,
    ended,
    fault,
    proxy_tls,
    reasons,
    reply,
    reverse,
    shaken,
    spoke,
    through,
    web,
)

from stdiag.model import FaultReason as F
from stdiag.probes.paths.observation import PathObservation, SametimeReply
from stdiag.probes.paths.reasons import PathStage, Reason
from stdiag.probes.paths.words import WORDS, candidates, causes

REMOTE = ["remote-tcp:refused", "remote-tcp:timeout", "remote-tcp:unreachable"]
REMOTE_DNS = ["remote-dns:not-found", "remote-dns:server-failure", "remote-dns:timeout"]
POLICY = ["proxy-policy:port-denied", "proxy-policy:denied"]

Case = tuple[str, PathObservation, list[str]]


def hop(kind: str, step: str, reason: F, *args: Any, **more: Any) -> PathObservation:
    return through(kind, **ended(step, reason, *args, **more))


def squid(said: str, status: int) -> PathObservation:
    return hop("http", "request", F.PROXY_REFUSED_REQUEST, reply(status, squid=said))


def refused_by(kind: str, status: int, received: str = "") -> PathObservation:
    return hop(kind, "request", F.PROXY_REFUSED_REQUEST, reply(status, received))


CASES: list[Case] = [
    # The server's name, here.
    ("direct, no such name", direct(fault=fault(F.NAME_NOT_FOUND)), ["local-dns:not-found"]),
    ("direct, DNS broken", direct(fault=fault(F.NAME_SERVER_FAILURE)), ["local-dns:server-failure"]),
    ("direct, DNS silent", direct(fault=fault(F.NAME_TIMEOUT)), ["local-dns:timeout"]),
    ("socks4 to IPv6 only", hop("socks4", "target-dns", F.NO_IPV4), ["local-dns:no-ipv4"]),
    ("socks5, no such name here", hop("socks5", "target-dns", F.NAME_NOT_FOUND), ["local-dns:not-found"]),
    (
        "direct HTTP, no such name",
        web(answer(None, stage="name", fault=fault(F.NAME_NOT_FOUND))),
        ["local-dns:not-found"],
    ),
    # The proxy's name and port.
    ("proxy's name unknown", hop("http", "proxy-dns", F.NAME_NOT_FOUND), ["proxy-dns:not-found"]),
    ("proxy's DNS broken", hop("socks5", "proxy-dns", F.NAME_SERVER_FAILURE), ["proxy-dns:server-failure"]),
    ("proxy's DNS silent", hop("socks5", "proxy-dns", F.NAME_TIMEOUT), ["proxy-dns:timeout"]),
    ("proxy refused", hop("http", "proxy-tcp", F.REFUSED), ["proxy-tcp:refused"]),
    ("proxy dead", hop("socks4", "proxy-tcp", F.TIMEOUT), ["proxy-tcp:timeout"]),
    ("proxy unreachable", hop("socks5h", "proxy-tcp", F.UNREACHABLE), ["proxy-tcp:unreachable"]),
    ("proxy resets the connect", hop("http", "proxy-tcp", F.RESET), ["proxy-tcp:reset"]),
    (
        "proxy refused, for HTTP tunnelling",
        web(answer(None, fault=fault(F.REFUSED)), kind="http", **ended("proxy-tcp", F.REFUSED)),
        ["proxy-tcp:refused"],
    ),
    (
        "reverse proxy's name unknown",
        reverse(answer(None, stage="name", fault=fault(F.NAME_NOT_FOUND))),
        ["proxy-dns:not-found"],
    ),
    ("reverse proxy refused", reverse(answer(None, stage="tcp", fault=fault(F.REFUSED))), ["proxy-tcp:refused"]),
    # TLS with the proxy.
    ("https proxy without TLS", hop("https", "proxy-tls", F.NOT_TLS), ["proxy-tls:not-tls"]),
    ("https proxy hangs up", hop("https", "proxy-tls", F.RESET), ["proxy-protocol:closed", "proxy-tls:not-tls"]),
    ("https proxy silent", hop("https", "proxy-tls", F.SILENT), ["proxy-protocol:silent", "proxy-tls:not-tls"]),
    ("https proxy alerts", hop("https", "proxy-tls", F.TLS_ALERT), ["proxy-protocol:closed"]),
    (
        "reverse proxy without TLS",
        reverse(answer(None, stage="tls", fault=fault(F.TLS_PROTOCOL))),
        ["proxy-tls:not-tls"],
    ),
    # What the proxy says.
    (
        "SOCKS to an SSH server",
        hop("socks5", "greeting", F.PROXY_PROTOCOL, reply(received="5353"), seen="ssh"),
        ["proxy-protocol:wrong-kind"],
    ),
    (
        "SOCKS5 answer to CONNECT",
        hop("http", "request", F.PROXY_PROTOCOL, reply(received="05ff"), seen="socks5"),
        ["proxy-protocol:wrong-kind"],
    ),
    ("CONNECT to a web server", refused_by("http", 405), ["proxy-protocol:wrong-kind"]),
    ("CONNECT redirected", refused_by("http", 302), ["proxy-protocol:wrong-kind"]),
    ("SOCKS5 knows no CONNECT command", refused_by("socks5", 7), ["proxy-protocol:wrong-kind"]),
    (
        "squid says nothing to SOCKS",
        hop("socks5", "greeting", F.SILENT, reply(step="greeting")),
        ["proxy-protocol:silent", "proxy-protocol:wrong-kind"],
    ),
    ("half a reply", hop("http", "request", F.SLOW, reply(received="48545450")), ["proxy-protocol:silent"]),
    (
        "tinyproxy hangs up on SOCKS",
        hop("socks5", "greeting", F.CLOSED, reply(step="greeting")),
        ["proxy-protocol:closed", "proxy-protocol:wrong-kind"],
    ),
    (
        "half a reply and the end",
        hop("socks5", "greeting", F.CLOSED, reply(received="05", step="greeting")),
        ["proxy-protocol:closed"],
    ),
    (
        "garbage",
        hop("socks5", "greeting", F.PROXY_PROTOCOL, reply(received="ffff"), seen="unknown"),
        ["proxy-protocol:garbage"],
    ),
    (
        "a broken status line",
        hop("http", "request", F.PROXY_PROTOCOL, reply(received="485454502f"), seen="http"),
        ["proxy-protocol:garbage"],
    ),
    ("endless headers", hop("http", "request", F.TOO_LARGE), ["proxy-protocol:garbage"]),
    ("a page for CONNECT", hop("http", "request", F.PROXY_FALSE_SUCCESS, reply(200)), ["proxy-protocol:false-success"]),
    (
        "silence after 2xx",
        through("http", **spoke("silent")),
        ["target:silent", "proxy-protocol:false-success"],
    ),
    (
        "dante takes 4a's placeholder for an address",
        refused_by("socks4a", 0x5B, "005b"),
        ["proxy-protocol:socks4a-unsupported", *REMOTE, *REMOTE_DNS, *POLICY, "proxy-auth:required"],
    ),
    # Logins.
    ("407, nothing sent", hop("http", "request", F.PROXY_AUTH_REQUIRED, reply(407)), ["proxy-auth:required"]),
    ("05 02, nothing sent", hop("socks5", "greeting", F.PROXY_AUTH_REQUIRED, reply(2)), ["proxy-auth:required"]),
    (
        "407, sent",
        hop("http", "request", F.PROXY_AUTH_REJECTED, reply(407, sent_credentials=True)),
        ["proxy-auth:rejected"],
    ),
    ("RFC 1929 says no", hop("socks5", "auth", F.PROXY_AUTH_REJECTED, reply(1, step="auth")), ["proxy-auth:rejected"]),
    (
        "SOCKS4, identd names another",
        hop("socks4", "request", F.PROXY_AUTH_REJECTED, reply(0x5D)),
        ["proxy-auth:rejected"],
    ),
    ("SOCKS4, no identd", hop("socks4", "request", F.PROXY_AUTH_REJECTED, reply(0x5C)), ["proxy-auth:method"]),
    ("05 ff", hop("socks5", "greeting", F.PROXY_AUTH_METHOD, reply(255)), ["proxy-auth:method"]),
    (
        "NTLM only",
        hop("http", "request", F.PROXY_AUTH_METHOD, reply(407, schemes=["NTLM", "Negotiate"])),
        ["proxy-auth:scheme-unsupported"],
    ),
    ("407 for a page", web(answer(407, proxy_authenticate='Basic realm="x"'), kind="http"), ["proxy-auth:required"]),
    (
        "407 for a page, sent",
        web(answer(407, proxy_authenticate="Basic", sent_credentials=True), kind="http"),
        ["proxy-auth:rejected"],
    ),
    (
        "407 for a page, NTLM",
        web(answer(407, proxy_authenticate="NTLM, Negotiate"), kind="http"),
        ["proxy-auth:scheme-unsupported"],
    ),
    (
        "tinyproxy says 401 to a wrong password",
        web(answer(401, sent_credentials=True), kind="http"),
        ["proxy-auth:rejected", "target:not-sametime"],
    ),
    (
        "a wrong password is not sent again for a page",
        web(answer(407, proxy_authenticate="Basic", fault=fault(F.PROXY_AUTH_REJECTED)), kind="http"),
        ["proxy-auth:rejected"],
    ),
    # Rules.
    ("squid's 403", squid("ERR_ACCESS_DENIED 0", 403), POLICY),
    ("tinyproxy's 403", refused_by("http", 403), POLICY),
    ("SOCKS5 02", refused_by("socks5h", 2), POLICY),
    ("403 for a page", web(answer(403), answer(403, "control"), kind="http"), [*POLICY, "target:not-sametime"]),
    ("squid's 403 for a page", web(answer(403, x_squid_error="ERR_ACCESS_DENIED 0"), kind="http"), POLICY),
    # The server's name, at the proxy.
    ("squid cannot look up", squid("ERR_DNS_FAIL 0", 503), REMOTE_DNS),
    (
        "squid cannot forward",
        squid("ERR_CANNOT_FORWARD 0", 500),
        [*REMOTE_DNS, "remote-tcp:unreachable", "remote-tcp:timeout"],
    ),
    ("dante's 04", refused_by("socks5h", 4), ["remote-tcp:unreachable", *REMOTE_DNS]),
    # The server's port.
    ("direct, refused", direct(fault=fault(F.REFUSED)), ["remote-tcp:refused"]),
    ("direct, no answer", direct(fault=fault(F.TIMEOUT)), ["remote-tcp:timeout"]),
    ("direct, no route", direct(fault=fault(F.UNREACHABLE)), ["remote-tcp:unreachable"]),
    ("squid: refused", squid("ERR_CONNECT_FAIL 111", 503), ["remote-tcp:refused"]),
    ("squid on Windows: refused", squid("ERR_CONNECT_FAIL 10061", 503), ["remote-tcp:refused"]),
    ("squid: time-out", squid("ERR_CONNECT_FAIL 110", 503), ["remote-tcp:timeout"]),
    ("squid: no route", squid("ERR_CONNECT_FAIL 113", 503), ["remote-tcp:unreachable"]),
    ("squid: reset", squid("ERR_CONNECT_FAIL 104", 503), ["target:reset"]),
    ("squid: something else", squid("ERR_CONNECT_FAIL 999", 503), REMOTE),
    ("squid: closed", web(answer(502, x_squid_error="ERR_ZERO_SIZE_OBJECT 0"), kind="http"), ["target:closed"]),
    ("squid: silent", web(answer(504, x_squid_error="ERR_READ_TIMEOUT 110"), kind="http"), ["target:silent"]),
    (
        "squid: no HTTP",
        web(answer(502, x_squid_error="ERR_INVALID_RESP 0"), kind="http"),
        ["target:not-sametime"],
    ),
    ("SOCKS5 03", refused_by("socks5", 3), ["remote-tcp:unreachable"]),
    ("SOCKS5 04, an address", refused_by("socks5", 4), ["remote-tcp:unreachable"]),
    ("SOCKS5 05", refused_by("socks5h", 5), ["remote-tcp:refused"]),
    ("SOCKS5 06", refused_by("socks5h", 6), ["remote-tcp:timeout"]),
    # Answers that stand for several causes.
    ("SOCKS5 01", refused_by("socks5h", 1), [*REMOTE, *REMOTE_DNS, *POLICY]),
    ("SOCKS5 01, an address", refused_by("socks5", 1), [*REMOTE, *POLICY]),
    ("SOCKS4 5b", refused_by("socks4", 0x5B), [*REMOTE, *POLICY, "proxy-auth:required"]),
    ("tinyproxy's 500", refused_by("http", 500), [*REMOTE, *REMOTE_DNS]),
    (
        "ncat's 504",
        refused_by("http", 504),
        ["remote-tcp:timeout", "remote-tcp:refused", "remote-tcp:unreachable", *REMOTE_DNS],
    ),
    (
        "an HTTP proxy that only waits",
        hop("http", "request", F.SILENT, reply()),
        ["proxy-protocol:silent", "remote-tcp:timeout", "remote-dns:timeout", "proxy-protocol:wrong-kind"],
    ),
    (
        "microsocks while the server is silent",
        hop("socks5", "request", F.SILENT, reply()),
        ["remote-tcp:timeout", "proxy-protocol:silent"],
    ),
    (
        "ssh -D hangs up for every failure",
        hop("socks5h", "request", F.CLOSED, reply()),
        ["proxy-protocol:closed", *REMOTE, *REMOTE_DNS],
    ),
    # What stands at the end.
    ("ack", direct(**ACK), ["ok"]),
    ("ack through a proxy", through("socks4", **ACK), ["ok"]),
    ("odd ack", direct(**spoke("ack-incomplete", problem="cut off")), ["ok"]),
    ("redirect", direct(**spoke("redirect", redirect_to="mux2")), ["ok"]),
    ("silent", direct(**spoke("silent")), ["target:silent"]),
    ("keep-alives only", direct(**spoke("keep-alive-only")), ["target:silent"]),
    ("closed", through("socks5", **spoke("closed")), ["target:closed"]),
    ("refusal", direct(**spoke("destroy", reason_code=0x8000020B)), ["target:closed"]),
    ("reset", direct(**spoke("reset")), ["target:reset"]),
    ("connect reset", direct(fault=fault(F.RESET)), ["target:reset"]),
    ("SSH", direct(**spoke("ssh", first_bytes="5353482d")), ["target:not-sametime"]),
    ("echo", direct(**spoke("echo")), ["target:not-sametime"]),
    ("garbage at the end", direct(**spoke("garbage", first_bytes="00ff")), ["target:not-sametime"]),
    ("a word of a later version", direct(**spoke("quic")), ["target:not-sametime"]),
    (
        "a web server behind CONNECT",
        through("http", **spoke("http")),
        ["target:not-sametime", "proxy-protocol:false-success"],
    ),
    (
        "TLS with Sametime inside",
        direct(**spoke("reset"), tls=shaken(), sametime_in_tls=SametimeReply(spoke="ack")),
        ["ok"],
    ),
    (
        "TLS with silence inside",
        direct(**spoke("reset"), tls=shaken(), sametime_in_tls=SametimeReply(spoke="silent")),
        ["target:not-sametime"],
    ),
    (
        "TLS that refuses",
        direct(**spoke("tls"), tls=shaken(completed=False, why=fault(F.TLS_ALERT, alert="handshake_failure"))),
        ["target:not-sametime"],
    ),
    ("no TLS either", direct(**spoke("silent"), tls=shaken(completed=False, why=fault(F.SILENT))), ["target:silent"]),
    # HTTP at the end.
    ("the mux by HTTP", web(*answers(200, 200, 404)), ["ok"]),
    ("the mux by HTTP through a proxy", web(*answers(200, 200, 404), kind="http"), ["ok"]),
    ("a server that knows the page and complains", web(*answers(400, 400, 404)), ["ok", "target:not-sametime"]),
    ("another web server", web(*answers(404, 404, 404)), ["target:not-sametime"]),
    ("a server that says yes to all", web(*answers(200, 200, 200)), ["target:not-sametime", "ok"]),
    (
        "a 502 that only one page gets is the server's",
        web(*answers(502, 404, 404), kind="http"),
        ["ok", "target:not-sametime"],
    ),
    ("502 for every page", web(*answers(502, 502, 502), kind="http"), [*REMOTE, *REMOTE_DNS, "target:not-sametime"]),
    ("HTTP silence", web(answer(None, fault=fault(F.SILENT))), ["target:silent"]),
    ("HTTP end", web(answer(None, fault=fault(F.CLOSED))), ["target:closed"]),
    ("HTTP reset", web(answer(None, fault=fault(F.RESET))), ["target:reset"]),
    ("HTTP garbage", web(answer(None, fault=fault(F.MALFORMED))), ["target:not-sametime"]),
    (
        "SOCKS port asked by HTTP",
        web(answer(None, fault=fault(F.MALFORMED)), kind="http", **ended("request", F.MALFORMED)),
        ["proxy-protocol:wrong-kind", "proxy-protocol:garbage"],
    ),
    (
        "a web server in the proxy's place",
        web(*answers(400, 400, 400), kind="http"),
        ["proxy-protocol:wrong-kind", "target:not-sametime"],
    ),
    # Reverse proxies.
    ("reverse, both spellings", reverse(*answers(200, 200, 404)), ["ok"]),
    ("reverse, one spelling", reverse(*answers(200, 404, 404)), ["ok"]),
    ("reverse, 401", reverse(answer(401, www_authenticate='Basic realm="x"')), ["reverse:auth-required"]),
    (
        "reverse, 401 after a password",
        reverse(answer(401, www_authenticate="Basic", sent_credentials=True)),
        ["reverse:auth-rejected"],
    ),
    ("reverse, to a login page", reverse(answer(302, location="/login.html?x")), ["reverse:form-login"]),
    (
        "reverse, a form",
        reverse(answer(200, body='<form><input name="p" type="password"></form>')),
        ["reverse:form-login"],
    ),
    ("reverse, 403", reverse(answer(403)), ["reverse:forbidden"]),
    (
        "reverse, elsewhere",
        reverse(answer(301, location="https://chat2.example.com/sales/CommunityCBR")),
        ["reverse:moved"],
    ),
    ("nginx, dead backend", reverse(answer(502, server="nginx")), ["reverse:bad-gateway"]),
    ("HAProxy, dead backend", reverse(answer(503)), ["reverse:bad-gateway"]),
    (
        "Apache, silent or dead",
        reverse(answer(502, server="Apache/2.4")),
        ["reverse:bad-gateway", "reverse:gateway-timeout"],
    ),
    ("nginx, silent backend", reverse(answer(504, server="nginx")), ["reverse:gateway-timeout"]),
    ("reverse, no such page", reverse(*answers(404, 404, 404)), ["reverse:wrong-backend"]),
    ("reverse, yes to all", reverse(*answers(200, 200, 200)), ["reverse:wrong-backend"]),
    (
        "reverse silent",
        reverse(answer(None, fault=fault(F.SILENT))),
        ["proxy-protocol:silent", "reverse:gateway-timeout"],
    ),
    ("reverse hangs up", reverse(answer(None, fault=fault(F.CLOSED))), ["proxy-protocol:closed"]),
    ("reverse talks garbage", reverse(answer(None, fault=fault(F.MALFORMED))), ["proxy-protocol:garbage"]),
]

# What needs more than the path itself.
CERTIFICATES = [
    ((20,), ["proxy-tls:untrusted"]),
    ((62,), ["proxy-tls:name-mismatch"]),
    ((64,), ["proxy-tls:name-mismatch"]),
    ((18, 62), ["proxy-tls:untrusted"]),
    ((), ["ok"]),
]


@pytest.mark.parametrize(("path", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_reasons(path: PathObservation, expected: list[str]) -> None:
    assert reasons(path) == expected


@pytest.mark.parametrize(("codes", "expected"), CERTIFICATES)
def test_a_proxy_whose_certificate_does_not_hold(codes: tuple[int, ...], expected: list[str]) -> None:
    assert reasons(through("https", **ACK), proxy_tls=[proxy_tls(*codes)]) == expected


def test_every_reason_is_reached_by_an_observation() -> None:
    reached = {reason for _, _, expected in CASES for reason in expected}
    reached |= {reason for _, expected in CERTIFICATES for reason in expected}
    assert reached == {reason.value for reason in Reason}


def test_every_reason_can_be_the_only_or_the_likeliest_one() -> None:
    first = {expected[0] for _, _, expected in CASES} | {expected[0] for _, expected in CERTIFICATES}
    # Some causes are never told by the proxy's answer alone: they are candidates only.
    assert {reason.value for reason in Reason} - first == {"proxy-policy:denied", *REMOTE_DNS[1:]}


def test_case_names_are_unique() -> None:
    names = [case[0] for case in CASES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_belongs_to_a_stage_and_has_words(reason: Reason) -> None:
    assert reason.stage in PathStage
    assert reason is Reason.OK or reason.value.startswith(f"{reason.stage}:")
    assert WORDS[reason].cause
    assert WORDS[reason].remedy
    assert not WORDS[reason].cause.endswith(".")


def test_words_hold_no_reason_that_is_none() -> None:
    assert set(WORDS) == set(Reason)


def test_candidates_are_listed_only_where_there_are_several() -> None:
    assert candidates([Reason.REMOTE_TCP_REFUSED]) == []
    assert len(candidates([Reason.REMOTE_TCP_REFUSED, Reason.REMOTE_TCP_TIMEOUT])) == 2
    assert ", or " in causes([Reason.REMOTE_TCP_REFUSED, Reason.REMOTE_TCP_TIMEOUT])


@pytest.mark.parametrize("reason", [F.CANCELLED, F.LOCAL])
@pytest.mark.parametrize(
    "path",
    [
        lambda why: direct(fault=why),
        lambda why: through("socks5", ended_at="request", fault=why),
        lambda why: web(answer(None, fault=why)),
        lambda why: web(fault=why),
        lambda why: reverse(answer(None, fault=why)),
        lambda why: direct(ended_at="open", sametime=SametimeReply(spoke="silent", fault=why)),
    ],
)
def test_what_this_machine_or_the_user_ended_says_nothing(reason: F, path: Callable[[Any], PathObservation]) -> None:
    assert reasons(path(fault(reason, "ended"))) == []
