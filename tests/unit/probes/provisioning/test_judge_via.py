"""Through a proxy: what ended at the proxy is the proxy's, and what came through it is the server's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from stdiag.model import Fault, FaultReason, Finding, Site, Subject, SubjectKind
from stdiag.net.stage import Stage
from stdiag.probes.contract import Context
from stdiag.probes.provisioning.analysis import ProvisioningAnalysis
from stdiag.probes.provisioning.judge import judge
from stdiag.probes.provisioning.observation import AddressAnswers, ProvisioningObservation
from stdiag.probes.shared.web_facts import Exchange, ProxyInfo

HOST = "chat.example.com"
VIA = "http://proxy.example.com:3128"
ENDPOINT = Subject(SubjectKind.ENDPOINT, HOST, 443, via=VIA)
AT_PROXY = Subject(SubjectKind.ENDPOINT, "proxy.example.com", 3128)
HEALTHY = Exchange(url=f"https://{HOST}/", stage=Stage.HTTP, status=200, proxy_info=ProxyInfo(community_connected=True))

PROXY_REASONS = [reason for reason in FaultReason if reason.startswith("proxy-")]


def ended(reason: FaultReason) -> Exchange:
    return Exchange(url=f"https://{HOST}/", stage=Stage.TCP, fault=Fault(reason, "words"))


def at(*proxyinfo: Exchange, address: str = "192.0.2.1", photo: Exchange | None = None) -> AddressAnswers:
    return AddressAnswers(address=address, port=443, proxyinfo=list(proxyinfo), photo=[photo] if photo else [])


def judged(
    *answers: AddressAnswers, more: str = "", name_fault: Fault | None = None, photo_port: int | None = None
) -> tuple[ProvisioningAnalysis, list[Finding]]:
    observation = ProvisioningObservation(
        url=f"hclsametime://{HOST}/?action=AddCommunity{more}",
        host=HOST,
        port=443,
        tls=True,
        via=VIA,
        photo_port=photo_port,
        name_fault=name_fault,
        addresses=list(answers),
    )
    return judge(observation, Context(started=datetime.now(UTC), site=Site()))


@pytest.mark.parametrize("reason", PROXY_REASONS)
def test_a_fault_of_the_proxy_is_never_the_servers(reason: FaultReason) -> None:
    _, findings = judged(at(ended(reason)), at(ended(reason), address="192.0.2.2"))
    (finding,) = findings  # once for both addresses
    assert finding.code.startswith("path-proxy-")
    assert finding.subject in (ENDPOINT, AT_PROXY)
    assert finding.params["proxy"] == VIA
    assert finding.evidence == ["/observation/addresses/0/proxyinfo/0/fault"]


def test_one_address_that_the_proxy_denies_spares_the_other() -> None:
    analysis, findings = judged(at(ended(FaultReason.PROXY_DENIED)), at(HEALTHY, address="192.0.2.2"))
    assert [finding.code for finding in findings] == ["path-proxy-denied"]
    assert [one.answerer for one in analysis.addresses] == ["stproxy"]


@pytest.mark.parametrize("reason", PROXY_REASONS)
def test_no_connection_for_a_later_question_is_undecided(reason: FaultReason) -> None:
    redirect = Exchange(url=f"https://{HOST}/", stage=Stage.HTTP, status=302, location=f"https://{HOST}/next")
    analysis, findings = judged(at(redirect, ended(reason)))
    assert findings == []
    assert analysis.undecided == ["192.0.2.1: the proxy gave no connection for a question"]


def test_what_the_text_shows_has_no_way_and_what_came_has() -> None:
    down = Exchange(url=f"https://{HOST}/", stage=Stage.HTTP, status=502)
    _, findings = judged(at(down), more="&savePassword=perhaps")
    ways = {finding.code: finding.subject.via for finding in findings}
    assert ways.pop("prov-backend-down") == VIA
    assert set(ways.values()) == {None}


def test_a_name_that_only_has_ipv6_and_socks4() -> None:
    _, findings = judged(name_fault=Fault(FaultReason.NO_IPV4, "2001:db8::1"))
    assert [(finding.code, finding.subject) for finding in findings] == [("path-no-ipv4", ENDPOINT)]


@pytest.mark.parametrize(
    ("reason", "found"),
    [
        (FaultReason.PROXY_DENIED, ["prov-photo-port"]),
        (FaultReason.PROXY_REFUSED_REQUEST, ["prov-photo-port"]),
        (FaultReason.PROXY_SILENT, []),
        (FaultReason.PROXY_CLOSED, []),
    ],
)
def test_photos(reason: FaultReason, found: list[str]) -> None:
    answers = at(HEALTHY, photo=ended(reason))
    analysis, findings = judged(answers, photo_port=8443)
    assert [finding.code for finding in findings] == found
    assert bool(analysis.unmeasured) == (not found)
