"""What the paths of a matrix say of one another: one server's doing is one cause, in whatever words proxies put it."""

from __future__ import annotations

import pytest
from tests.unit.probes.paths.observations import (
    ACK,
    answer,
    answers,
    codes,
    direct,
    ended,
    fault,
    judged,
    proxy_tls,
    reasons,
    reply,
    shaken,
    spoke,
    through,
    web,
    with_expected,
)

from stdiag.model import Expected, FaultReason, Finding
from stdiag.probes.paths.observation import PathObservation, SametimeReply

F = FaultReason
REFUSAL = spoke("destroy", reason_code=0x80000200)
SILENT = ended("request", F.SILENT)


def unanswered(reason: FaultReason) -> PathObservation:
    """A plain request that an HTTP proxy took, and then: this."""
    return web(answer(None, fault=fault(reason), stage="http"), kind="http", **ended("request", reason))


def only(findings: list[Finding]) -> Finding:
    (found,) = findings
    return found


BEHIND_A_PROXY = {
    "squid, connection ended": web(answer(502, x_squid_error="ERR_ZERO_SIZE_OBJECT 0"), kind="http"),
    "squid, connection reset": web(answer(502, x_squid_error="ERR_READ_ERROR 104"), kind="http"),
    "squid, bytes that are no HTTP": web(*answers(200, 200, 200), kind="http"),
    "tinyproxy, no answer": unanswered(F.SILENT),
    "tinyproxy, connection ended": unanswered(F.CLOSED),
    "tinyproxy, an error page": web(*answers(500, 500, 500), kind="http"),
    "directly": web(answer(None, fault=fault(F.CLOSED), stage="http")),
}


@pytest.mark.parametrize("tunnelled", BEHIND_A_PROXY.values(), ids=BEHIND_A_PROXY)
@pytest.mark.parametrize("first", [True, False])
def test_a_server_that_refuses_is_one_cause_on_every_path(tunnelled: PathObservation, first: bool) -> None:
    paths = [direct(**REFUSAL), tunnelled] if first else [tunnelled, direct(**REFUSAL)]
    analysis, findings = judged(*paths)
    found = only(findings)
    assert (found.code, found.severity, str(found.subject)) == ("path-server-refuses", "error", "mux.example.com:1533")
    assert found.params["reason_code"] == "0x80000200"
    assert len(found.params["paths"]) == 2  # type: ignore[arg-type]  # a list, as the kind says
    assert set(found.evidence) == {"/observation/paths/0", "/observation/paths/1"}
    seen = analysis.paths[1 if first else 0].reasons
    assert [str(reason) for reason in seen] == reasons(tunnelled), "each path keeps what was seen on it"


def test_the_path_that_carried_the_refusal_is_evidence_also_where_it_may_fail() -> None:
    optional = with_expected(direct(**REFUSAL), Expected.OPTIONAL)
    must = with_expected(web(answer(502, x_squid_error="ERR_ZERO_SIZE_OBJECT 0"), kind="http"), Expected.OPEN)
    found = only(judged(optional, must)[1])
    assert (found.code, found.params["reason_code"]) == ("path-server-refuses", "0x80000200")
    assert found.params["paths"] == ["http://proxy.example.com:3128, HTTP, port 1533"]
    assert found.evidence == ["/observation/paths/0", "/observation/paths/1"]


def test_a_refusal_inside_tls_tells_its_reason_too() -> None:
    inside = SametimeReply(spoke="destroy", reason_code=0x8000020B)
    path = direct(**spoke("silent"), tls=shaken(), sametime_in_tls=inside)
    assert only(judged(path)[1]).params["reason_code"] == "0x8000020b"


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (through("socks5", **ended("proxy-tcp", F.REFUSED)), "path-proxy-unreachable"),
        (through("http", **ended("request", F.PROXY_AUTH_REQUIRED, reply(407))), "path-proxy-login"),
        (through("http", **SILENT), "path-proxy-answer"),
        (web(answer(403, x_squid_error="ERR_ACCESS_DENIED 0"), kind="http"), "path-proxy-denied"),
        (web(*answers(403, 403, 403), kind="http"), "path-proxy-says-no"),
        (web(*answers(405, 405, 405), kind="http"), "path-proxy-answer"),
        (web(answer(503, x_squid_error="ERR_CONNECT_FAIL 111"), kind="http"), "path-server-unreachable"),
        (direct(8082, **spoke("silent")), "path-target-mute"),
    ],
)
def test_what_is_a_proxys_own_stays_beside_the_refusal(other: PathObservation, code: str) -> None:
    assert codes(judged(direct(**REFUSAL), other)[1]).keys() == {"path-server-refuses", code}


def test_a_proxy_whose_certificate_does_not_hold_is_told_and_not_what_came_behind() -> None:
    path = through("https", **REFUSAL)
    assert codes(judged(path, proxy_tls=[proxy_tls(20)])[1]) == {"path-proxy-tls": "error"}


def test_where_a_path_works_a_refusal_explains_no_other_one() -> None:
    _, findings = judged(through("socks5", **REFUSAL), direct(**ACK), web(*answers(500, 500, 500), kind="http"))
    assert codes(findings).keys() == {"path-server-refuses", "path-proxy-says-no"}


@pytest.mark.parametrize(
    ("word", "reason"), [("silent", F.SILENT), ("closed", F.CLOSED), ("reset", F.CLOSED), ("ssh", F.SILENT)]
)
def test_what_the_server_does_directly_it_does_behind_a_proxy_that_passes_requests_on(
    word: str, reason: FaultReason
) -> None:
    _, findings = judged(direct(**spoke(word)), unanswered(reason))
    assert len({(finding.code, str(finding.subject)) for finding in findings}) == 1
    assert not any(finding.code.startswith("path-proxy") for finding in findings)


def test_a_plain_request_without_an_answer_may_be_the_servers_doing() -> None:
    assert "target:silent" in reasons(unanswered(F.SILENT))
    assert "target:closed" in reasons(unanswered(F.CLOSED))
    assert "target:silent" not in reasons(through("http", **SILENT)), "a tunnel gets the proxy's verdict first"


def test_alone_the_proxy_is_the_likeliest() -> None:
    assert codes(judged(unanswered(F.SILENT))[1]) == {"path-proxy-answer": "error"}
    _, findings = judged(direct(fault=fault(F.TIMEOUT)), unanswered(F.SILENT))
    assert codes(findings).keys() == {"path-server-unreachable", "path-proxy-answer"}, "a blocked path proves no server"
