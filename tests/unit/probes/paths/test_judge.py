"""Reasons → findings: how much a failing path matters, causes that paths share, and what is told beside."""

from __future__ import annotations

import msgspec
import pytest
from tests.unit.probes.paths.observations import (
    ACK,
    HOST,
    answer,
    answers,
    codes,
    direct,
    ended,
    fault,
    judged,
    proxy_tls,
    reply,
    reverse,
    shaken,
    spoke,
    through,
    web,
    with_expected,
)

from stdiag.model import Expected, FaultReason, Finding, Vantage
from stdiag.probes.paths.observation import PathObservation, SametimeReply, SystemSettings

F = FaultReason
DEAD = fault(F.TIMEOUT)
REFUSED = fault(F.REFUSED)
DENIED = ended("request", F.PROXY_REFUSED_REQUEST, reply(403, squid="ERR_ACCESS_DENIED 0"))


def one(findings: list[Finding], code: str) -> Finding:
    """The only finding with this code."""
    (found,) = [finding for finding in findings if finding.code == code]
    return found


def test_all_is_well() -> None:
    analysis, findings = judged(direct(**ACK))
    assert findings == []
    path = analysis.paths[0]
    assert (path.path, path.setting, path.answer, path.server_version) == ("direct", "direct", "ack", "30.8521")
    assert path.seen_address == "192.0.2.7"


# How much it matters.


def test_no_path_works() -> None:
    assert codes(judged(direct(fault=REFUSED))[1]) == {"path-server-unreachable": "error"}


def test_another_path_works() -> None:
    _, findings = judged(through("socks5", **ended("proxy-tcp", F.REFUSED)), direct(**ACK))
    assert codes(findings) == {"path-proxy-unreachable": "warning"}


@pytest.mark.parametrize(
    ("expected", "severity"), [(Expected.OPEN, {"path-proxy-unreachable": "error"}), (Expected.OPTIONAL, {})]
)
def test_the_site_says_how_a_path_must_be(expected: Expected, severity: dict[str, str]) -> None:
    failing = with_expected(through("socks5", **ended("proxy-tcp", F.REFUSED)), expected)
    analysis, findings = judged(failing, direct(**ACK))
    assert codes(findings) == severity
    assert analysis.paths[0].as_expected is (False if expected is Expected.OPEN else None)


@pytest.mark.parametrize(
    ("path", "found", "as_expected"),
    [
        (direct(fault=DEAD), {}, True),
        (direct(**ACK), {"path-open-unexpectedly": "error"}, False),
        (direct(**spoke("silent")), {"path-open-unexpectedly": "warning"}, False),
    ],
)
def test_a_path_that_must_be_closed(path: PathObservation, found: dict[str, str], as_expected: bool) -> None:
    analysis, findings = judged(with_expected(path, Expected.CLOSED), vantage=Vantage.INTERNET)
    assert codes(findings) == found
    assert analysis.paths[0].as_expected is as_expected


@pytest.mark.parametrize("vantage", [Vantage.INTERNET, Vantage.STPROXY])
def test_the_port_belongs_to_the_inside_network(vantage: Vantage) -> None:
    assert codes(judged(direct(fault=DEAD), vantage=vantage)[1]) == {"path-server-unreachable": "warning"}
    must = with_expected(direct(fault=DEAD), Expected.OPEN)
    assert codes(judged(must, vantage=vantage)[1]) == {"path-server-unreachable": "error"}
    assert codes(judged(direct(fault=DEAD), vantage=Vantage.INSIDE)[1]) == {"path-server-unreachable": "error"}


def test_old_ports_are_no_matter_when_the_path_works_by_another() -> None:
    _, findings = judged(direct(**ACK), direct(80, fault=REFUSED), direct(8082, fault=REFUSED))
    assert findings == []


def test_the_community_port_matters_even_when_an_old_one_works() -> None:
    _, findings = judged(direct(fault=REFUSED), direct(80, **ACK))
    assert codes(findings) == {"path-server-unreachable": "warning"}


def test_an_http_proxy_may_serve_by_either_of_its_forms() -> None:
    forms = [through("http", **DENIED), web(*answers(200, 200, 404), kind="http")]
    assert judged(*(with_expected(form, Expected.OPEN) for form in forms))[1] == []


def test_a_path_that_nobody_can_tell_is_no_path_that_fails() -> None:
    analysis, findings = judged(
        direct(fault=fault(F.CANCELLED, "over")), through("socks5", **ended("proxy-tcp", F.REFUSED))
    )
    assert analysis.undecided == ["direct, port 1533: over"]
    assert codes(findings) == {"path-proxy-unreachable": "warning"}
    assert analysis.paths[0].stage is None


def test_an_optional_path_that_nobody_can_tell_spoils_nothing() -> None:
    unknown = with_expected(direct(80, fault=fault(F.CANCELLED)), Expected.OPTIONAL)
    analysis, _ = judged(direct(**ACK), unknown)
    assert analysis.undecided == []
    assert len(analysis.unmeasured) == 1


def test_a_script_of_this_machine_is_open_and_never_direct() -> None:
    analysis, findings = judged(system=SystemSettings(script="http://wpad/wpad.dat"))
    assert "http://wpad/wpad.dat" in analysis.undecided[0]
    assert findings == []


def test_beside_a_script_another_path_that_fails_is_no_error() -> None:
    _, findings = judged(direct(fault=REFUSED), system=SystemSettings(script="http://wpad/wpad.dat"))
    assert codes(findings) == {"path-server-unreachable": "warning"}


# Causes that paths share.


def test_a_dead_server_is_said_once() -> None:
    _, findings = judged(
        direct(fault=REFUSED),
        web(answer(None, stage="name", fault=REFUSED)),
        through("socks5h", **ended("request", F.PROXY_REFUSED_REQUEST, reply(5))),
        through("socks4", **ended("request", F.PROXY_REFUSED_REQUEST, reply(0x5B))),
        through("http", **ended("request", F.PROXY_REFUSED_REQUEST, reply(503, squid="ERR_CONNECT_FAIL 111"))),
    )
    found = one(findings, "path-server-unreachable")
    assert codes(findings) == {"path-server-unreachable": "error"}
    assert len(found.params["paths"]) == 5  # type: ignore[arg-type]  # a list, as the kind says
    assert len(found.evidence) == 5


def test_a_dead_proxy_beside_hides_no_shared_cause() -> None:
    _, findings = judged(
        direct(fault=REFUSED),
        through("socks4", **ended("request", F.PROXY_REFUSED_REQUEST, reply(0x5B))),
        through("http", **ended("proxy-tcp", F.TIMEOUT)),
        through("https", **DENIED),
    )
    assert codes(findings) == {
        "path-server-unreachable": "error",
        "path-proxy-unreachable": "error",
        "path-proxy-denied": "error",
    }


def test_what_only_one_proxy_sees_stays_with_it() -> None:
    _, findings = judged(direct(fault=DEAD), through("socks4", **ended("proxy-tcp", F.REFUSED)))
    assert codes(findings) == {"path-server-unreachable": "error", "path-proxy-unreachable": "error"}


def test_a_name_that_a_proxy_knows_is_not_why_it_fails_by_another_port() -> None:
    failing = through("http", 9, **ended("request", F.PROXY_REFUSED_REQUEST, reply(503)))
    alone, beside = judged(failing)[0].paths[0], judged(failing, through("http", **ACK))[0].paths[0]
    assert any(reason.startswith("remote-dns") for reason in alone.reasons)
    assert {reason.stage for reason in beside.reasons} == {"remote-tcp"}


def test_candidates_stay_candidates_in_the_analysis() -> None:
    analysis, _ = judged(
        direct(fault=REFUSED), through("socks4", **ended("request", F.PROXY_REFUSED_REQUEST, reply(0x5B)))
    )
    assert len(analysis.paths[1].reasons) > 1


def test_a_dead_proxy_is_said_once_for_all_that_goes_through_it() -> None:
    dead = ended("proxy-tcp", F.TIMEOUT)
    paths = [through("http", port, **dead) for port in (1533, 80, 8082)]
    paths += [web(answer(None, fault=DEAD), kind="http", port=port, **dead) for port in (1533, 80, 8082)]
    _, findings = judged(*paths)
    found = one(findings, "path-proxy-unreachable")
    assert len(found.params["paths"]) == 6  # type: ignore[arg-type]  # a list, as the kind says
    assert str(found.subject) == "proxy.example.com:3128"


def test_a_proxy_that_allows_80_and_denies_1533() -> None:
    _, findings = judged(
        through("http", 1533, **DENIED),
        through("http", 80, **spoke("silent")),
        direct(fault=DEAD),
    )
    found = one(findings, "path-proxy-port-denied")
    assert (found.params["ports"], found.params["allowed"]) == ("port 1533", "port 80")
    assert found.params["rule"] == "acl SSL_ports port 1533"
    assert str(found.subject) == f"{HOST}:1533 via http://proxy.example.com:3128"
    assert "path-proxy-denied" not in codes(findings)


def test_the_analysis_names_the_rule_on_ports_once_it_is_proven() -> None:
    alone = judged(through("http", 1533, **DENIED))[0].paths[0].reasons
    beside = judged(through("http", 1533, **DENIED), through("http", 80, **ACK))[0].paths[0].reasons
    assert [str(reason) for reason in alone] == ["proxy-policy:port-denied", "proxy-policy:denied"]
    assert [str(reason) for reason in beside] == ["proxy-policy:port-denied"]


def test_another_proxy_or_form_proves_no_rule_on_ports() -> None:
    assert "path-proxy-port-denied" not in codes(
        judged(
            through("http", 1533, **DENIED),
            through("socks5", 80, **ACK),
            web(*answers(200, 200, 404), kind="http", port=80),
        )[1]
    )


def test_a_connect_that_is_denied_is_no_cause_where_requests_go_on_to_a_dead_server() -> None:
    down = web(answer(503, x_squid_error="ERR_CONNECT_FAIL 111"), kind="http")
    _, findings = judged(direct(fault=REFUSED), through("http", **DENIED), down)
    assert codes(findings) == {"path-server-unreachable": "error"}
    _, findings = judged(direct(fault=REFUSED), through("http", **DENIED))
    assert codes(findings) == {"path-server-unreachable": "error", "path-proxy-denied": "error"}


def test_all_ports_denied_are_one_finding() -> None:
    _, findings = judged(*(through("http", port, **DENIED) for port in (1533, 80, 8082)))
    assert one(findings, "path-proxy-denied").params["ports"] == "ports 80, 1533 and 8082"
    assert len(findings) == 1


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (through("https", **ACK), "path-proxy-tls"),
        (through("socks5", **ended("greeting", F.CLOSED, reply(step="greeting"))), "path-proxy-answer"),
        (through("http", **ended("request", F.PROXY_AUTH_REQUIRED, reply(407, schemes=["Basic"]))), "path-proxy-login"),
        (through("http", **ended("request", F.PROXY_REFUSED_REQUEST, reply(500))), "path-proxy-says-no"),
        (
            through("http", **ended("request", F.PROXY_REFUSED_REQUEST, reply(503, squid="ERR_DNS_FAIL 0"))),
            "path-remote-name",
        ),
        (through("socks4", **ended("target-dns", F.NO_IPV4)), "path-no-ipv4"),
        (through("socks4", **ended("proxy-dns", F.NAME_NOT_FOUND)), "net-name-not-found"),
        (direct(fault=fault(F.NAME_TIMEOUT)), "net-name-timeout"),
        (direct(**spoke("silent")), "path-target-mute"),
        (direct(**spoke("ssh", first_bytes="5353482d")), "path-not-sametime"),
        (direct(**spoke("destroy", reason_code=0x8000020B)), "path-server-refuses"),
        (reverse(answer(401)), "path-reverse-login"),
        (reverse(answer(302, location="/login")), "path-reverse-login"),
        (reverse(answer(403)), "path-reverse-denied"),
        (reverse(answer(301, location="/elsewhere")), "path-reverse-denied"),
        (reverse(answer(504)), "path-reverse-backend"),
        (reverse(*answers(404, 404, 404)), "path-reverse-wrong-backend"),
    ],
)
def test_each_cause_has_its_code(path: PathObservation, code: str) -> None:
    tls = [proxy_tls(20)] if path.path.proxy and path.path.proxy.startswith("https") else []
    _, findings = judged(path, proxy_tls=tls)
    assert codes(findings) == {code: "error"}
    assert findings[0].evidence == ["/observation/paths/0"]


# What is told beside.


def test_direct_blocked_and_a_proxy_fine() -> None:
    analysis, findings = judged(direct(fault=DEAD), through("socks5", **ACK))
    assert codes(findings) == {"path-server-unreachable": "warning", "path-direct-blocked": "info"}
    assert one(findings, "path-direct-blocked").params["works"] == ["socks5://proxy.example.com:1080"]
    assert analysis.undecided == []


def test_https_tunnelling_is_not_encrypted() -> None:
    assert codes(judged(through("http", **ACK))[1]) == {"path-not-encrypted": "info"}
    assert judged(through("http", **ACK))[0].paths[0].setting == "https-proxy"


def test_tls_only() -> None:
    path = direct(**spoke("reset"), tls=shaken(), sametime_in_tls=SametimeReply(spoke="ack", major=30, minor=1))
    analysis, findings = judged(path)
    assert codes(findings) == {"path-tls-only": "info"}
    assert (analysis.paths[0].setting, analysis.paths[0].answer) == ("tls-direct", "tls-ack")
    assert analysis.paths[0].server_version == "30.1"


@pytest.mark.parametrize(
    ("seen", "local", "found"),
    [
        ("198.51.100.1", "192.168.1.5", {"path-client-address": "info"}),
        ("192.168.1.5", "192.168.1.5", {}),
        ("0.0.0.0", "192.168.1.5", {}),  # noqa: S104 - an answer, not a place to listen
        ("198.51.100.1", "2001:db8::5", {}),
        ("not an address", "192.168.1.5", {}),
        (None, "192.168.1.5", {}),
    ],
)
def test_address_translation(seen: str | None, local: str, found: dict[str, str]) -> None:
    path = direct(**spoke("ack", seen_address=seen), local_address=local)
    assert codes(judged(path)[1]) == found


def test_a_proxys_address_is_no_surprise() -> None:
    assert judged(through("socks5", **ACK, local_address="192.168.1.5"))[1] == []


@pytest.mark.parametrize("word", ["ack-incomplete", "redirect"])
def test_an_odd_answer_is_told(word: str) -> None:
    assert codes(judged(direct(**spoke(word)))[1]) == {"path-answer-odd": "warning"}


def test_one_spelling_only() -> None:
    found = one(judged(reverse(*answers(200, 404, 404)))[1], "path-cbr-spelling")
    assert (found.params["known"], found.params["unknown"]) == ("/CommunityCBR", "/communityCBR")


def test_settings_of_every_path() -> None:
    analysis, _ = judged(
        direct(**ACK),
        web(*answers(200, 200, 404)),
        through("socks4", **ACK),
        through("socks4a", **ACK),
        through("socks5", **ACK),
        through("socks5h", **ACK),
        through("http", **ACK),
        web(*answers(200, 200, 404), kind="http"),
        reverse(*answers(200, 200, 404)),
        direct(**ACK, system=True),
    )
    assert [path.setting for path in analysis.paths] == [
        "direct",
        "http-direct",
        "socks4-proxy",
        "socks4-proxy",
        "socks5-proxy",
        "socks5-proxy",
        "https-proxy",
        "http-proxy",
        "reverse-proxy",
        "useBrowserSettings",
    ]


def test_a_damaged_report_is_judged_without_a_crash() -> None:
    damaged = msgspec.json.decode(
        b'{"path": {"kind": "proxy", "proxy": "nonsense"}, "port": 1, "ended_at": "moon", "replies": [{"step": "x",'
        b' "received": "zz"}], "fault": {"reason": "proxy-refused-request"}}',
        type=PathObservation,
    )
    judged(damaged, damaged)
