"""Observation → codes: every situation that one address, or several, can show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from stdiag.engine.verdict import outcome_of, verdict
from stdiag.model import (
    Check,
    Fault,
    FaultReason,
    Finding,
    Outcome,
    Product,
    Severity,
    Site,
    Subject,
    SubjectKind,
    to_raw,
)
from stdiag.net.stage import Stage
from stdiag.probes.contract import Context
from stdiag.probes.provisioning.analysis import ProvisioningAnalysis
from stdiag.probes.provisioning.judge import judge
from stdiag.probes.provisioning.observation import AddressAnswers, ProvisioningObservation
from stdiag.probes.provisioning.present import present
from stdiag.probes.shared.web_answerer import Answerer, Login
from stdiag.probes.shared.web_facts import Exchange, PageFacts, ProxyInfo

HOST = "chat.example.com"
TLS_URL = f"hclsametime://{HOST}/?action=AddCommunity"
PLAIN_URL = f"sametime://{HOST}:9080/?action=AddCommunity&ssl=false"
EXPECTS = "&authProxyEnabled=true"
HEALTHY = ProxyInfo(is_saml=False, is_oidc=False, community_connected=True)


def answer(status: int | None = 200, **facts: Any) -> Exchange:
    """What came over TLS for proxyinfo, unless `facts` say otherwise."""
    plain = facts.pop("plain", False)
    url = f"http://{HOST}:9080/stwebapi/proxyinfo" if plain else f"https://{HOST}:443/stwebapi/proxyinfo"
    return msgspec.convert({"url": url, "stage": "http", "status": status, **facts}, Exchange)


def failed(reason: FaultReason, stage: Stage = Stage.HTTP, **facts: Any) -> Exchange:
    return answer(None, stage=stage, fault=Fault(reason, "words"), duration_us=5_000_000, body="unread", **facts)


def page(**facts: Any) -> PageFacts:
    return msgspec.convert(facts, PageFacts)


def observed(url: str, *answers: AddressAnswers, **facts: Any) -> ProvisioningObservation:
    plain = url.startswith("sametime")
    return ProvisioningObservation(
        url=url, host=HOST, port=9080 if plain else 443, tls=not plain, addresses=list(answers), **facts
    )


def at(*proxyinfo: Exchange, address: str = "192.0.2.1", port: int = 443, **more: Any) -> AddressAnswers:
    return AddressAnswers(address=address, port=port, proxyinfo=list(proxyinfo), **more)


def judged(
    observation: ProvisioningObservation, product: Product | None = None
) -> tuple[ProvisioningAnalysis, list[Finding]]:
    return judge(observation, Context(started=datetime.now(UTC), site=Site(product=product)))


def codes(observation: ProvisioningObservation) -> list[str]:
    return [finding.code for finding in judged(observation)[1]]


STPROXY = answer(proxy_info=HEALTHY, body="json")
NGINX_HOME = answer(body="html", page=page(title="Welcome to nginx!", maker="nginx", welcome=True))
LOGIN_FORM = answer(body="html", page=page(title="Sign in", login=True))
BASIC = answer(401, challenge='Basic realm="WebSEAL"')


@pytest.mark.parametrize(
    ("exchange", "who", "code"),
    [
        (STPROXY, Answerer.STPROXY, None),
        (answer(proxy_info=ProxyInfo(community_connected=False), body="json"), Answerer.STPROXY, "prov-community-down"),
        (answer(proxy_info=ProxyInfo(is_saml=True), body="json"), Answerer.STPROXY, None),
        (answer(404), Answerer.UNKNOWN, "prov-stproxy-unknown"),
        (answer(403), Answerer.UNKNOWN, "prov-stproxy-unknown"),
        (answer(500), Answerer.UNKNOWN, "prov-stproxy-unknown"),
        (answer(204), Answerer.UNKNOWN, "prov-stproxy-unknown"),
        (answer(502), Answerer.BACKEND_DOWN, "prov-backend-down"),
        (answer(503), Answerer.BACKEND_DOWN, "prov-backend-down"),
        (answer(504), Answerer.BACKEND_DOWN, "prov-backend-down"),
        (NGINX_HOME, Answerer.NOT_STPROXY, "prov-not-stproxy"),
        (answer(body="html", page=page(title="A wiki")), Answerer.NOT_STPROXY, "prov-not-stproxy"),
        (answer(body="html", page=page(title="HCL Sametime")), Answerer.UNKNOWN, "prov-stproxy-unknown"),
        (answer(body="json"), Answerer.NOT_STPROXY, "prov-not-stproxy"),
        (answer(body="text"), Answerer.NOT_STPROXY, "prov-not-stproxy"),
        (answer(body="binary"), Answerer.NOT_STPROXY, "prov-not-stproxy"),
        (answer(body="text", fault=Fault(FaultReason.TOO_LARGE)), Answerer.NOT_STPROXY, "prov-not-stproxy"),
        (answer(body="text", fault=Fault(FaultReason.CLOSED)), Answerer.NO_ANSWER, "prov-no-answer"),
        (LOGIN_FORM, Answerer.LOGIN_PAGE, "prov-foreign-login"),
        (answer(403, page=page(login=True), body="html"), Answerer.LOGIN_PAGE, "prov-foreign-login"),
        (answer(401, page=page(login=True), body="html"), Answerer.LOGIN_PAGE, "prov-foreign-login"),
        (answer(302, location="https://sso.example.com/login"), Answerer.LOGIN_PAGE, "prov-foreign-login"),
        (answer(302, location="https://www.example.com/"), Answerer.ELSEWHERE, "prov-redirect-elsewhere"),
        (answer(301, location=f"https://{HOST}:8443/stwebapi"), Answerer.ELSEWHERE, "prov-redirect-elsewhere"),
        (answer(301, location=f"http://{HOST}/"), Answerer.ELSEWHERE, "prov-redirect-elsewhere"),
        (BASIC, Answerer.CREDENTIALS, "prov-proxy-auth-unexpected"),
        (answer(407, challenge="Basic realm=x"), Answerer.CREDENTIALS, "prov-proxy-auth-unexpected"),
        (answer(401, challenge="Negotiate, NTLM"), Answerer.CREDENTIALS, "prov-proxy-auth-scheme"),
        (answer(401), Answerer.CREDENTIALS, "prov-proxy-auth-scheme"),
        (failed(FaultReason.SILENT), Answerer.NO_ANSWER, "prov-no-answer"),
        (failed(FaultReason.RESET), Answerer.NO_ANSWER, "prov-no-answer"),
        (failed(FaultReason.CLOSED), Answerer.NO_ANSWER, "prov-no-answer"),
        (failed(FaultReason.MALFORMED), Answerer.NO_ANSWER, "prov-no-answer"),
        (failed(FaultReason.REFUSED, Stage.TCP), Answerer.NO_CONNECTION, "net-refused"),
        (failed(FaultReason.TIMEOUT, Stage.TCP), Answerer.NO_CONNECTION, "net-timeout"),
        (failed(FaultReason.UNREACHABLE, Stage.TCP), Answerer.NO_CONNECTION, "net-unreachable"),
        (failed(FaultReason.RESET, Stage.TCP), Answerer.NO_CONNECTION, "net-reset"),
        (failed(FaultReason.TLS_PROTOCOL, Stage.TLS), Answerer.NO_TLS, None),
        (failed(FaultReason.CANCELLED), Answerer.NO_ANSWER, None),
    ],
)
def test_one_answer(exchange: Exchange, who: Answerer, code: str | None) -> None:
    analysis, findings = judged(observed(TLS_URL, at(exchange)))
    assert [finding.code for finding in findings] == ([code] if code else [])
    assert [one.answerer for one in analysis.addresses] == [who]
    for finding in findings:
        assert finding.evidence
        assert finding.evidence[0].startswith("/observation/addresses/0/proxyinfo/0")


def test_a_healthy_stproxy_is_told_in_full() -> None:
    analysis, findings = judged(observed(TLS_URL, at(STPROXY)))
    assert (findings, analysis.undecided, analysis.unmeasured) == ([], [], [])
    assert (analysis.addresses[0].login, analysis.addresses[0].community_connected) == (Login.PASSWORD, True)
    assert any("TLS" in line for line in analysis.phone_shows)


@pytest.mark.parametrize(
    ("saml", "oidc", "login"),
    [
        (True, True, Login.SAML_AND_OIDC),
        (True, False, Login.SAML),
        (False, True, Login.OIDC),
        (None, True, Login.OIDC),
        (True, None, Login.SAML),
        (False, None, Login.UNKNOWN),
        (None, None, Login.UNKNOWN),
    ],
)
def test_the_way_to_log_in(saml: bool | None, oidc: bool | None, login: Login) -> None:
    info = ProxyInfo(is_saml=saml, is_oidc=oidc, community_connected=True)
    analysis, _ = judged(observed(TLS_URL, at(answer(proxy_info=info, body="json"))))
    assert analysis.addresses[0].login is login


def test_what_stproxy_does_not_say_is_not_checked_and_not_down() -> None:
    info = ProxyInfo(is_saml=False, is_oidc=False)
    analysis, findings = judged(observed(TLS_URL, at(answer(proxy_info=info, body="json"))))
    assert findings == []
    assert len(analysis.unmeasured) == 1
    assert analysis.undecided == []


@pytest.mark.parametrize(("status", "severity"), [(404, Severity.INFO), (403, Severity.WARNING)])
def test_unknown_is_never_an_error(status: int, severity: Severity) -> None:
    analysis, findings = judged(observed(TLS_URL, at(answer(status))))
    assert findings[0].severity is severity
    assert analysis.unmeasured


class TestNotFound:
    """404 for proxyinfo: the answer for / decides, as far as it can."""

    ROOT = NGINX_HOME

    def test_a_welcome_page(self) -> None:
        assert codes(observed(TLS_URL, at(answer(404), root=[self.ROOT]))) == ["prov-not-stproxy"]

    def test_the_same_server_says_404(self) -> None:
        own = answer(404, page=page(title="404 Not Found", maker="nginx"))
        assert codes(observed(TLS_URL, at(own, root=[self.ROOT]))) == ["prov-not-stproxy"]

    def test_an_application_server_behind_it_says_404(self) -> None:
        behind = answer(404, page=page(title="HTTP Status 404", maker="Tomcat"))
        assert codes(observed(TLS_URL, at(behind, root=[self.ROOT]))) == ["prov-stproxy-unknown"]

    @pytest.mark.parametrize("root", [answer(302, location=f"https://{HOST}/chat"), answer(404), LOGIN_FORM])
    def test_anything_else_proves_nothing(self, root: Exchange) -> None:
        assert codes(observed(TLS_URL, at(answer(404), root=[root]))) == ["prov-stproxy-unknown"]


class TestRedirects:
    """Within the host they are followed, and the last answer counts."""

    MOVED = answer(302, location=f"https://{HOST}/other")

    def test_to_stproxy(self) -> None:
        assert codes(observed(TLS_URL, at(self.MOVED, STPROXY))) == []

    def test_to_a_login_page(self) -> None:
        assert codes(observed(TLS_URL, at(self.MOVED, LOGIN_FORM))) == ["prov-foreign-login"]

    def test_to_a_page_that_could_be_an_older_stproxys(self) -> None:
        chat = answer(body="html", page=page(title="Chat"))
        assert codes(observed(TLS_URL, at(self.MOVED, chat))) == ["prov-stproxy-unknown"]

    def test_without_end(self) -> None:
        assert codes(observed(TLS_URL, at(*[self.MOVED] * 6))) == ["prov-redirect-elsewhere"]

    def test_first_within_and_then_away(self) -> None:
        away = answer(302, location="https://portal.example.net/")
        _, findings = judged(observed(TLS_URL, at(self.MOVED, away)))
        assert [finding.code for finding in findings] == ["prov-redirect-elsewhere"]
        assert findings[0].params["location"] == "https://portal.example.net/"
        assert findings[0].evidence == ["/observation/addresses/0/proxyinfo/1"]

    def test_to_a_login_form_on_another_port_of_the_host(self) -> None:
        moved = answer(302, location=f"https://{HOST}:8443/")
        assert codes(observed(TLS_URL, at(moved, LOGIN_FORM))) == ["prov-foreign-login"]


class TestMode:
    """TLS where the URL says plain, and the reverse."""

    NO_TLS = failed(FaultReason.TLS_PROTOCOL, Stage.TLS)

    @pytest.mark.parametrize("status", [200, 302, 404, 502])
    def test_a_plain_port(self, status: int) -> None:
        other = answer(status, plain=True, location="http://elsewhere.example.com/" if status == 302 else None)
        observation = observed(TLS_URL, at(self.NO_TLS, other_mode=other))
        _, findings = judged(observation)
        assert [finding.code for finding in findings] == ["prov-tls-port-speaks-plain"]
        assert findings[0].subject.kind is SubjectKind.URL

    @pytest.mark.parametrize(
        "other",
        [
            answer(400, plain=True),
            failed(FaultReason.CLOSED, plain=True),
            answer(302, plain=True, location=f"https://{HOST}:9080/stwebapi/proxyinfo"),
        ],
        ids=["400", "closed", "redirect to itself over TLS"],
    )
    def test_a_tls_port_that_answers_plain_questions_is_no_plain_port(self, other: Exchange) -> None:
        analysis, findings = judged(observed(TLS_URL, at(self.NO_TLS, other_mode=other)))
        assert findings == []
        assert len(analysis.undecided) == 1

    @pytest.mark.parametrize(
        "first",
        [answer(400, plain=True), failed(FaultReason.CLOSED, plain=True), failed(FaultReason.MALFORMED, plain=True)],
    )
    def test_a_tls_port(self, first: Exchange) -> None:
        over_tls = answer(protocol="TLSv1.3")
        observation = observed(PLAIN_URL, at(first, port=9080, other_mode=over_tls))
        _, findings = judged(observation)
        assert [finding.code for finding in findings] == ["prov-plain-port-speaks-tls"]
        assert findings[0].params == {"protocol": "TLSv1.3"}

    def test_a_plain_port_that_says_400(self) -> None:
        observation = observed(PLAIN_URL, at(answer(400, plain=True), port=9080, other_mode=self.NO_TLS))
        assert codes(observation) == ["prov-stproxy-unknown"]


class TestProxyAuthentication:
    """What a reverse proxy asks for, beside what the URL says."""

    def test_as_the_url_says(self) -> None:
        analysis, findings = judged(observed(TLS_URL + EXPECTS, at(BASIC)))
        assert (findings, analysis.undecided) == ([], [])
        assert len(analysis.unmeasured) == 1

    @pytest.mark.parametrize(
        ("said", "shown"),
        [
            ("authProxyEnabled=true", "authProxyEnabled=true"),
            ("authProxyReuseCredentials=true", "authProxyReuseCredentials=true"),
            ("authProxyUser=u", "authProxyUser"),
        ],
    )
    def test_nobody_asks(self, said: str, shown: str) -> None:
        _, findings = judged(observed(f"{TLS_URL}&{said}", at(STPROXY, root=[answer(302)])))
        assert [finding.code for finding in findings] == ["prov-proxy-auth-missing"]
        assert findings[0].params["says"] == shown
        assert findings[0].severity is Severity.WARNING

    def test_only_other_paths_are_protected(self) -> None:
        assert codes(observed(TLS_URL + EXPECTS, at(STPROXY, root=[BASIC]))) == []

    def test_the_url_says_no(self) -> None:
        observation = observed(f"{TLS_URL}&authProxyEnabled=false", at(BASIC))
        assert codes(observation) == ["prov-proxy-auth-unexpected"]

    def test_not_basic_is_wrong_whatever_the_url_says(self) -> None:
        bearer = answer(401, challenge='Bearer realm="x", charset="UTF-8"')
        for url in (TLS_URL, TLS_URL + EXPECTS):
            _, findings = judged(observed(url, at(bearer)))
            assert [finding.code for finding in findings] == ["prov-proxy-auth-scheme"]
            assert findings[0].params["offered"] == ["Bearer"]


class TestAddresses:
    """What all addresses show alike is said once."""

    def test_alike(self) -> None:
        refused = failed(FaultReason.REFUSED, Stage.TCP)
        _, findings = judged(observed(TLS_URL, at(refused), at(refused, address="192.0.2.2")))
        assert [(finding.code, finding.subject.kind) for finding in findings] == [("net-refused", SubjectKind.ENDPOINT)]
        assert findings[0].params["address"] == "192.0.2.1, 192.0.2.2"

    def test_different(self) -> None:
        _, findings = judged(observed(TLS_URL, at(STPROXY), at(answer(502), address="192.0.2.2")))
        assert [(finding.code, finding.subject.address) for finding in findings] == [("prov-backend-down", "192.0.2.2")]

    def test_no_route_to_ipv6_says_nothing_about_the_server(self) -> None:
        unreachable = failed(FaultReason.UNREACHABLE, Stage.TCP)
        analysis, findings = judged(observed(TLS_URL, at(STPROXY), at(unreachable, address="2001:db8::1")))
        assert findings == []
        assert len(analysis.unmeasured) == 1

    def test_another_port_by_resolve_stands_in_the_subject(self) -> None:
        _, findings = judged(observed(TLS_URL, at(STPROXY), at(answer(502), address="192.0.2.2", port=8443)))
        assert findings[0].subject.address == "192.0.2.2:8443"

    def test_none_was_asked(self) -> None:
        analysis, findings = judged(observed(TLS_URL))
        assert (findings, len(analysis.undecided)) == ([], 1)

    def test_the_name_is_not_found(self) -> None:
        observation = observed(TLS_URL, name_fault=Fault(FaultReason.NAME_NOT_FOUND, "words"))
        _, findings = judged(observation)
        assert [(finding.code, finding.subject.kind) for finding in findings] == [
            ("net-name-not-found", SubjectKind.NAME)
        ]


class TestPhotos:
    """photoPort is asked beside; it is no cause while the URL's own port cannot be reached."""

    URL = f"sametime://{HOST}:9080/?action=AddCommunity&ssl=false&photoPort=8444"

    @pytest.mark.parametrize(
        ("photo", "problem"),
        [
            ([failed(FaultReason.REFUSED, Stage.TCP)], "nothing listens there"),
            ([failed(FaultReason.TIMEOUT, Stage.TCP)], "no answer within 5 s"),
            ([failed(FaultReason.TLS_PROTOCOL, Stage.TLS), failed(FaultReason.MALFORMED)], "neither TLS nor HTTP"),
            ([failed(FaultReason.SILENT)], "no answer came within 5 s"),
            ([answer(503)], "status 503"),
        ],
    )
    def test_it_does_not_answer(self, photo: list[Exchange], problem: str) -> None:
        observation = observed(self.URL, at(STPROXY, port=9080, photo=photo), photo_port=8444)
        _, findings = judged(observation)
        assert [finding.code for finding in findings] == ["prov-photo-port"]
        assert problem in str(findings[0].params["problem"])

    @pytest.mark.parametrize(
        "photo", [[answer(404)], [failed(FaultReason.TLS_PROTOCOL, Stage.TLS), answer(200)], [answer(401)], []]
    )
    def test_it_answers(self, photo: list[Exchange]) -> None:
        assert codes(observed(self.URL, at(STPROXY, port=9080, photo=photo), photo_port=8444)) == []

    def test_the_host_is_dead(self) -> None:
        dead = failed(FaultReason.TIMEOUT, Stage.TCP)
        observation = observed(self.URL, at(dead, port=9080, photo=[dead]), photo_port=8444)
        assert codes(observation) == ["net-timeout"]


class TestText:
    """What stands in the URL is judged with it."""

    def test_text_only(self) -> None:
        analysis, findings = judged(ProvisioningObservation(url=f"{TLS_URL}&colour=red", text_only=True))
        assert [finding.code for finding in findings] == ["prov-parameter-unknown"]
        assert findings[0].subject.kind is SubjectKind.URL
        assert (analysis.undecided, len(analysis.unmeasured)) == ([], 1)

    def test_no_port_means_that_nobody_was_asked(self) -> None:
        observation = ProvisioningObservation(url=f"sametime://{HOST}/?action=AddCommunity", host=HOST)
        analysis, findings = judged(observation)
        assert [finding.code for finding in findings] == ["prov-port-missing"]
        assert len(analysis.undecided) == 1

    def test_an_ssl_that_is_neither_means_that_nobody_was_asked(self) -> None:
        observation = ProvisioningObservation(url=f"sametime://{HOST}:9080/?action=AddCommunity&ssl=yes", host=HOST)
        analysis, findings = judged(observation)
        assert "prov-value-invalid" in [finding.code for finding in findings]
        assert len(analysis.undecided) == 1

    @pytest.mark.parametrize(
        ("url", "product", "found"),
        [
            (TLS_URL, Product.V9, True),
            (TLS_URL, Product.V12_DOCKER, False),
            (TLS_URL, None, False),
            (PLAIN_URL, Product.V11, True),
            (PLAIN_URL, Product.V8_5, False),
        ],
    )
    def test_the_generation_fits_the_product(self, url: str, product: Product | None, found: bool) -> None:
        _, findings = judged(ProvisioningObservation(url=url, text_only=True), product)
        assert ("prov-generation-mismatch" in [finding.code for finding in findings]) is found


def checked(observation: ProvisioningObservation, subject: Subject) -> Check:
    analysis, findings = judged(observation)
    outcome = outcome_of(findings, analysis.undecided)
    return Check(
        "provisioning", subject, outcome, observation=to_raw(observation), analysis=to_raw(analysis), findings=findings
    )


SUBJECT = Subject(kind=SubjectKind.URL, host=HOST, port=443, url=TLS_URL)


def test_a_connection_that_fails_in_two_probes_is_one_cause() -> None:
    check = checked(observed(TLS_URL, at(failed(FaultReason.REFUSED, Stage.TCP))), SUBJECT)
    endpoint = Subject(kind=SubjectKind.ENDPOINT, host=HOST, port=443)
    of_tls = Finding("net-refused", Severity.ERROR, endpoint, {"address": "192.0.2.1"})
    tls = Check("tls", endpoint, Outcome.FAIL, findings=[of_tls])
    assert [cause.code for cause in verdict([tls, check], []).causes] == ["net-refused"]


def test_plain_http_where_the_url_says_tls_is_one_cause() -> None:
    no_tls = failed(FaultReason.TLS_PROTOCOL, Stage.TLS)
    check = checked(observed(TLS_URL, at(no_tls, other_mode=answer(plain=True))), SUBJECT)
    endpoint = Subject(kind=SubjectKind.ENDPOINT, host=HOST, port=443)
    of_tls = Finding("tls-not-tls", Severity.ERROR, endpoint, {"spoken": "plain HTTP", "first_bytes": None})
    causes = verdict([Check("tls", endpoint, Outcome.FAIL, findings=[of_tls]), check], []).causes
    assert [(cause.code, len(cause.folded)) for cause in causes] == [("tls-not-tls", 1)]


def test_a_handshake_that_fails_leaves_this_check_undecided() -> None:
    check = checked(observed(TLS_URL, at(failed(FaultReason.TLS_PROTOCOL, Stage.TLS))), SUBJECT)
    assert (check.outcome, check.findings) == (Outcome.UNDECIDED, [])


def test_blocks_tell_what_the_phone_shows_and_what_answers() -> None:
    blocks = present(checked(observed(TLS_URL, at(STPROXY)), SUBJECT))
    shown = msgspec.json.encode(blocks).decode()
    assert "What the phone will show" in shown
    assert "user name and password" in shown
    assert "connected" in shown


def test_a_check_that_was_not_made_shows_nothing() -> None:
    assert present(Check("provisioning", SUBJECT, Outcome.SKIP)) == []


def test_a_stored_observation_is_judged_the_same() -> None:
    observation = observed(TLS_URL, at(answer(502, server="nginx"), root=[answer(502)]))
    again = msgspec.json.decode(msgspec.json.encode(observation), type=ProvisioningObservation)
    assert judged(again) == judged(observation)
