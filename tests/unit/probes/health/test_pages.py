"""Pages → codes: what one address, or a page that the site names, can show."""

from __future__ import annotations

import pytest
from tests.unit.probes.health.observations import (
    BASE,
    HOST,
    PAGES,
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

from stdiag.model import Fault, FaultReason, HealthSite, Product, Severity, StproxySite, SubjectKind
from stdiag.net.stage import Stage
from stdiag.probes.health.analysis import PageKind
from stdiag.probes.health.observation import Walk, WalkEnd
from stdiag.probes.shared.web_facts import PageFacts, ProxyInfo

TWELVE = Product.V12_DOCKER
NGINX = PageFacts(title="Welcome to nginx!", maker="nginx", welcome=True)
LOGIN = PageFacts(title="Sign in", login=True)
SAML = ProxyInfo(is_saml=True, is_oidc=False, idp_url="https://idp.example.net/saml", community_connected=True)


def test_a_healthy_one_is_told_in_full() -> None:
    analysis, findings = judged(observed(at()), TWELVE)
    assert (findings, analysis.undecided, analysis.unmeasured) == ([], [], [])
    assert [seen.kind for seen in analysis.addresses[0].pages] == [PageKind.SAMETIME] * 3
    assert analysis.addresses[0].community_connected is True


@pytest.mark.parametrize(
    ("chat", "code"),
    [
        (status("/chat", 404), "health-page-missing"),
        (status("/chat", 410), "health-page-missing"),
        (status("/chat", 200, body="empty"), "health-page-missing"),
        (status("/chat", 200, body="json"), "health-page-missing"),
        (status("/chat", 200, body="text"), "health-page-missing"),
        (status("/chat", 200, body="text", content_type="text/html"), None),
        (status("/chat", 500), "health-page-failing"),
        (status("/chat", 502), "health-page-failing"),
        (status("/chat", 302), "health-page-failing"),
        (status("/chat", 200, body="html", fault=Fault(FaultReason.CLOSED)), "health-page-failing"),
        (status("/chat", 200, body="html", fault=Fault(FaultReason.TOO_LARGE)), None),
        (walk("/chat", failed(f"{BASE}/chat", FaultReason.SILENT)), "health-page-failing"),
        (walk("/chat", failed(f"{BASE}/chat", FaultReason.REFUSED, Stage.TCP)), "health-page-failing"),
        (walk("/chat", failed(f"{BASE}/chat", FaultReason.CANCELLED)), None),
        (status("/chat", 403), "health-page-refused"),
        (status("/chat", 401, challenge="Basic"), "health-page-refused"),
        (page("/chat", page=NGINX), "health-default-page"),
        (page("/chat", page=LOGIN), "health-foreign-login"),
        (page("/chat", page=PageFacts(title="Sametime", login=True, sametime=True)), None),
        (page("/chat", title="Somebody's page"), None),
        (page("/chat", content_type="text/plain"), "health-content-type"),
        (page("/chat", content_type="text/html; charset=utf-8"), None),
        (page("/chat", waited_us=3_100_000), "health-slow"),
        (page("/chat", waited_us=2_900_000), None),
    ],
)
def test_one_page(chat: Walk, code: str | None) -> None:
    _, findings = judged(observed(at(info(), *healthy_pages(chat=chat))), TWELVE)
    assert [finding.code for finding in findings] == ([code] if code else [])
    for finding in findings:
        assert finding.subject.kind is SubjectKind.ENDPOINT
        assert finding.evidence[0].startswith("/observation/addresses/0/pages/1")
        assert "/chat" in str(finding.params)


def test_pages_of_one_kind_are_one_finding() -> None:
    gone = healthy_pages(chat=status("/chat", 404), meeting=status("/meeting", 404))
    (finding,) = judged(observed(at(info(), *gone)), TWELVE)[1]
    assert finding.params["pages"] == ["/chat: status 404", "/meeting: status 404"]
    assert finding.params["page_url"] == f"{BASE}/chat"


@pytest.mark.parametrize(
    ("product", "severity"),
    [(TWELVE, Severity.WARNING), (Product.V11, Severity.WARNING), (Product.V9, Severity.INFO), (None, Severity.INFO)],
)
def test_a_missing_page_is_judged_by_what_is_documented(product: Product | None, severity: Severity) -> None:
    (finding,) = judged(observed(at(info(), status("/", 404))), product)[1]
    assert (finding.code, finding.severity) == ("health-page-missing", severity)


class TestServer:
    """What is wrong with the whole server has the provisioning probe's code."""

    @pytest.mark.parametrize(
        ("first", "code"),
        [
            (info(ProxyInfo(community_connected=False)), "prov-community-down"),
            (status(PROXY_INFO, 503), "prov-backend-down"),
            (walk(PROXY_INFO, failed(BASE + PROXY_INFO, FaultReason.RESET)), "prov-no-answer"),
            (page(PROXY_INFO, page=LOGIN), "prov-foreign-login"),
            (status(PROXY_INFO, 200, body="text"), "prov-not-stproxy"),
            (page(PROXY_INFO, title="A wiki"), "prov-not-stproxy"),
            (status(PROXY_INFO, 401, challenge="Negotiate"), "prov-proxy-auth-scheme"),
            (status(PROXY_INFO, 403), "prov-stproxy-unknown"),
            (
                walk(PROXY_INFO, answer(BASE, 302, location="https://www.example.net/"), end=WalkEnd.OTHER_HOST),
                "prov-redirect-elsewhere",
            ),
            (
                walk(PROXY_INFO, answer(BASE, 302, location="https://sso.example.net/"), end=WalkEnd.OTHER_HOST),
                "prov-foreign-login",
            ),
        ],
    )
    def test_the_same_code_on_the_same_subject(self, first: Walk, code: str) -> None:
        _, findings = judged(observed(at(first)), TWELVE)
        assert [finding.code for finding in findings] == [code]
        assert findings[0].subject.kind is SubjectKind.ENDPOINT
        assert findings[0].evidence[0].startswith("/observation/addresses/0/proxyinfo/hops/0")

    def test_no_connection(self) -> None:
        refused = walk(PROXY_INFO, failed(BASE + PROXY_INFO, FaultReason.REFUSED, Stage.TCP))
        ends = [at(refused), at(refused, address="192.0.2.2")]
        for end in ends:
            end.pages = []
        (finding,) = judged(observed(*ends))[1]
        assert (finding.code, finding.subject.kind) == ("net-refused", SubjectKind.ENDPOINT)
        assert finding.params["address"] == "192.0.2.1, 192.0.2.2"

    def test_no_handshake_is_the_tls_probes_matter(self) -> None:
        end = at(walk(PROXY_INFO, failed(BASE + PROXY_INFO, FaultReason.TLS_PROTOCOL, Stage.TLS)))
        end.pages = []
        analysis, findings = judged(observed(end))
        assert (findings, len(analysis.undecided)) == ([], 1)

    def test_an_older_one_without_proxyinfo_is_not_down(self) -> None:
        for product in (None, Product.V9, Product.V11, TWELVE):
            analysis, findings = judged(observed(at(status(PROXY_INFO, 404))), product)
            assert (findings, analysis.undecided, len(analysis.unmeasured)) == ([], [], 1)

    def test_credentials_are_the_provisioning_checks_matter_where_there_is_a_link(self) -> None:
        asks = [status(path, 401, challenge='Basic realm="x"') for path in (PROXY_INFO, *PAGES)]
        assert codes(observed(at(*asks))) == ["health-asks-credentials"]
        link = StproxySite(url=BASE, provisioning_url=f"hclsametime://{HOST}/?action=AddCommunity")
        analysis, findings = judged(observed(at(*asks)), stproxy=link)
        assert (findings, len(analysis.unmeasured)) == ([], 1)


class TestNothing:
    """A web server that shows nothing of Sametime: how sure that is depends on the release."""

    NOTHING = at(status(PROXY_INFO, 404), *(status(path, 404) for path in PAGES))
    A_PAGE = at(status(PROXY_INFO, 404), page("/", title="A wiki"), status("/chat", 404), status("/meeting", 404))

    def test_all_documented_pages_are_missing(self) -> None:
        (finding,) = judged(observed(self.NOTHING), TWELVE)[1]
        assert (finding.code, finding.severity) == ("health-nothing-of-sametime", Severity.ERROR)
        assert len(finding.params["pages"]) == 3  # type: ignore[arg-type]  # a list

    @pytest.mark.parametrize("product", [None, Product.V9, Product.V11])
    def test_without_the_release_it_is_a_warning(self, product: Product | None) -> None:
        (finding,) = judged(observed(self.NOTHING), product)[1]
        assert (finding.code, finding.severity) == ("health-nothing-of-sametime", Severity.WARNING)

    @pytest.mark.parametrize("product", [None, TWELVE])
    def test_a_page_that_does_not_say_whose_it_is_may_be_anybodys(self, product: Product | None) -> None:
        (finding,) = judged(observed(self.A_PAGE), product)[1]
        assert (finding.code, finding.severity) == ("health-nothing-of-sametime", Severity.WARNING)

    def test_a_welcome_page_is_proof(self) -> None:
        end = at(status(PROXY_INFO, 404), page("/", page=NGINX), status("/chat", 404), status("/meeting", 404))
        assert codes(observed(end), TWELVE)[0] == "prov-not-stproxy"


class TestLogin:
    """What STProxy says of logins, and what pages do."""

    def test_both(self) -> None:
        both = ProxyInfo(is_saml=True, is_oidc=True, community_connected=True)
        (finding,) = judged(observed(at(info(both))), TWELVE)[1]
        assert (finding.code, finding.severity) == ("health-saml-and-oidc", Severity.WARNING)
        assert finding.evidence == ["/observation/addresses/0/proxyinfo/hops/0/proxy_info"]

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            (ProxyInfo(is_saml=True, is_oidc=False, community_connected=True), "IDPUrl"),
            (ProxyInfo(is_saml=False, is_oidc=True, community_connected=True), "oidcIssuer"),
            (
                ProxyInfo(is_oidc=True, idp_url="/sametime-auth/api/v1/oidc/login", community_connected=True),
                "oidcIssuer",
            ),
        ],
    )
    def test_an_address_is_missing(self, said: ProxyInfo, field: str) -> None:
        (finding,) = judged(observed(at(info(said))), TWELVE)[1]
        assert (finding.code, finding.params["field"]) == ("health-login-address", field)

    def test_the_identity_provider_that_is_announced(self) -> None:
        for location in ("https://idp.example.net/saml", "https://other.example.net/sso/start"):
            away = walk("/chat", answer(f"{BASE}/chat", 302, location=location), end=WalkEnd.OTHER_HOST)
            assert codes(observed(at(info(SAML), *healthy_pages(chat=away))), TWELVE) == []

    def test_a_form_that_leads_to_it(self) -> None:
        form = page("/chat", page=PageFacts(title="One moment", login=True))
        assert codes(observed(at(info(SAML), *healthy_pages(chat=form))), TWELVE) == []

    def test_one_that_is_not_announced(self) -> None:
        away = walk("/chat", answer(f"{BASE}/chat", 302, location="https://sso.example.net/"), end=WalkEnd.OTHER_HOST)
        (finding,) = judged(observed(at(info(), *healthy_pages(chat=away))), TWELVE)[1]
        assert (finding.code, finding.params["login"]) == ("health-foreign-login", "user name and password")


def test_json_as_another_type_stops_nobody() -> None:
    (finding,) = judged(observed(at(info(content_type="text/html"))), TWELVE)[1]
    assert (finding.code, finding.severity) == ("health-content-type", Severity.INFO)
    assert codes(observed(at(info(content_type="application/json;charset=UTF-8"))), TWELVE) == []


class TestNamedPage:
    """A page that the site names must be one."""

    URL = f"{BASE}/help"

    @pytest.mark.parametrize(
        ("came", "code"),
        [
            (page("/help", title="Help"), None),
            (status("/help", 404), "health-page-missing"),
            (status("/help", 503), "health-page-failing"),
            (status("/help", 403), "health-page-refused"),
            (page("/help", page=NGINX), "health-default-page"),
            (walk("/help", failed(f"{BASE}/help", FaultReason.SILENT)), "health-page-failing"),
        ],
    )
    def test_it_answers_or_not(self, came: Walk, code: str | None) -> None:
        _, findings = judged(of_page(came))
        assert [finding.code for finding in findings] == ([code] if code else [])
        for finding in findings:
            assert finding.subject.kind is SubjectKind.URL
            assert finding.subject.url == self.URL
            assert finding.severity is (Severity.WARNING if code == "health-page-refused" else Severity.ERROR)

    def test_a_login_before_it_leaves_open_what_is_behind(self) -> None:
        analysis, findings = judged(of_page(page("/help", page=LOGIN)))
        assert (findings, len(analysis.unmeasured)) == ([], 1)

    def test_no_connection_is_about_the_endpoint(self) -> None:
        (finding,) = judged(of_page(walk("/help", failed(self.URL, FaultReason.TIMEOUT, Stage.TCP))))[1]
        assert (finding.code, finding.subject.kind) == ("net-timeout", SubjectKind.ENDPOINT)

    def test_no_handshake(self) -> None:
        analysis, findings = judged(of_page(walk("/help", failed(self.URL, FaultReason.TLS_ALERT, Stage.TLS))))
        assert (findings, len(analysis.undecided)) == ([], 1)

    def test_to_another_host_of_the_site(self) -> None:
        away = walk("/help", answer(self.URL, 302, location="https://meet.example.com/"), end=WalkEnd.OTHER_HOST)
        assert codes(of_page(away)) == ["health-redirect-elsewhere"]
        assert codes(of_page(away), health=HealthSite(meetings_url="https://meet.example.com/stmeetings")) == []
