"""Several addresses: what they show alike is said once, and where they differ both are named."""

from __future__ import annotations

import msgspec
import pytest
from tests.unit.probes.health.observations import (
    BASE,
    HOST,
    PROXY_INFO,
    answer,
    at,
    codes,
    failed,
    healthy_pages,
    info,
    judged,
    observed,
    of_page,
    page,
    status,
    walk,
)

from stdiag.engine.verdict import causes
from stdiag.formats.web_url import WebUrl
from stdiag.model import Check, Fault, FaultReason, Outcome, Product, Severity, SubjectKind, to_raw
from stdiag.net.stage import Stage
from stdiag.probes.health.observation import AddressPages, HealthObservation, Walk
from stdiag.probes.health.plan import planned
from stdiag.probes.health.present import present
from stdiag.probes.shared.web_facts import ProxyInfo

TWELVE = Product.V12_DOCKER
BASE_URL = WebUrl(tls=True, host=HOST, port=443)
SECOND = "192.0.2.2"
SAML = ProxyInfo(is_saml=True, is_oidc=False, idp_url="https://idp.example.net/", community_connected=True)


def second(proxyinfo: Walk | None = None, *pages: Walk) -> AddressPages:
    return at(proxyinfo, *pages, address=SECOND)


def test_alike() -> None:
    assert codes(observed(at(), second()), TWELVE) == []


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (second(info(SAML)), f"login: user name and password at 192.0.2.1, SAML at {SECOND}"),
        (
            second(info(ProxyInfo(is_saml=False, is_oidc=False))),
            f"community: connected at 192.0.2.1, not said at {SECOND}",
        ),
        (
            second(info(), *healthy_pages(chat=page("/chat", title="Old chat"))),
            '/chat: "Sametime" at 192.0.2.1, "Old chat"',
        ),
    ],
)
def test_a_difference_that_nothing_else_explains(other: AddressPages, said: str) -> None:
    _, findings = judged(observed(at(), other), TWELVE)
    (finding,) = [one for one in findings if one.code == "health-addresses-differ"]
    assert (finding.severity, finding.subject.kind) == (Severity.WARNING, SubjectKind.ENDPOINT)
    assert said in str(finding.params["differences"])
    assert finding.evidence == ["/observation/addresses/0", "/observation/addresses/1"]


def test_only_the_server_header() -> None:
    ends = observed(at(info(server="nginx")), second(info(server="Apache")))
    (finding,) = judged(ends, TWELVE)[1]
    assert (finding.code, finding.severity) == ("health-addresses-differ", Severity.INFO)
    assert finding.params["differences"] == [f"Server header: nginx at 192.0.2.1, Apache at {SECOND}"]


@pytest.mark.parametrize(
    ("other", "cause"),
    [
        (second(info(ProxyInfo(is_saml=False, is_oidc=False, community_connected=False))), "prov-community-down"),
        (second(status(PROXY_INFO, 502)), "prov-backend-down"),
        (second(info(), *healthy_pages(chat=status("/chat", 404))), "health-page-missing"),
        (second(info(), *healthy_pages(meeting=status("/meeting", 500))), "health-page-failing"),
    ],
)
def test_what_is_wrong_with_one_of_them_is_the_cause(other: AddressPages, cause: str) -> None:
    _, findings = judged(observed(at(), other), TWELVE)
    (told,) = causes([(str(number), finding) for number, finding in enumerate(findings)])
    assert told.code == cause
    assert told.subject.address == SECOND


def test_a_dead_one_is_no_difference() -> None:
    dead = second(walk(PROXY_INFO, failed(BASE + PROXY_INFO, FaultReason.TIMEOUT, Stage.TCP)))
    dead.pages = []
    _, findings = judged(observed(at(), dead), TWELVE)
    assert [(one.code, one.subject.address) for one in findings] == [("net-timeout", SECOND)]


def test_an_ipv6_address_without_a_route_says_nothing() -> None:
    lost = at(walk(PROXY_INFO, failed(BASE + PROXY_INFO, FaultReason.UNREACHABLE, Stage.TCP)), address="2001:db8::1")
    lost.pages = []
    analysis, findings = judged(observed(at(), lost), TWELVE)
    assert (findings, len(analysis.unmeasured)) == ([], 1)


def test_a_proxy_on_the_way_is_never_the_server() -> None:
    via = "http://proxy.example.com:3128"
    ended = walk(PROXY_INFO, answer(BASE + PROXY_INFO, None, stage="tcp", fault=Fault(FaultReason.PROXY_DENIED)))
    ends = [at(ended), second(ended)]
    for end in ends:
        end.pages = []
    (finding,) = judged(observed(*ends, via=via))[1]
    assert (finding.code, finding.subject.via) == ("path-proxy-denied", via)


def test_the_name_is_the_cause() -> None:
    (finding,) = judged(observed(name_fault=Fault(FaultReason.NAME_NOT_FOUND)))[1]
    assert (finding.code, str(finding.subject)) == ("net-name-not-found", HOST)


def test_a_named_page_at_two_addresses() -> None:
    _, findings = judged(of_page(page("/help", title="Help"), status("/help", 404)))
    assert [one.code for one in findings] == ["health-page-missing", "health-addresses-differ"]
    (cause,) = causes([(str(number), finding) for number, finding in enumerate(findings)])
    assert cause.code == "health-page-missing"


def shown(observation: HealthObservation) -> str:
    analysis, _ = judged(observation, TWELVE)
    subject = planned(BASE_URL, TWELVE).subject
    check = Check("health", subject, Outcome.PASS, observation=to_raw(observation), analysis=to_raw(analysis))
    return msgspec.json.encode(present(check)).decode()


def test_what_is_shown() -> None:
    text = shown(observed(at(), second(info(SAML), *healthy_pages(chat=status("/chat", 404)))))
    assert '["page","192.0.2.1","192.0.2.2"]' in text
    assert '["/chat","200, \\"Sametime\\"","status 404"]' in text
    assert f"user name and password (192.0.2.1), SAML ({SECOND})" in text
    assert '["Community Server","connected"]' in text


def test_many_addresses_stand_one_below_the_other() -> None:
    ends = [at(address=f"192.0.2.{number}") for number in range(1, 6)]
    text = shown(observed(*ends))
    assert '["page","address","what comes"]' in text
    assert text.count('"192.0.2.4"') == 4


def test_nothing_judged_shows_nothing() -> None:
    subject = planned(BASE_URL, TWELVE).subject
    assert present(Check("health", subject, Outcome.CRASHED)) == []
