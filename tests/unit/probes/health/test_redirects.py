"""Redirects → codes: circles, the way out of https, places inside, port 80; and what folds under what."""

from __future__ import annotations

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
    walk,
)

from stdiag.engine.verdict import causes
from stdiag.model import FaultReason, Finding, HealthSite, Product, Severity, Subject, SubjectKind
from stdiag.net.stage import Stage
from stdiag.probes.health.analysis import PageKind
from stdiag.probes.health.observation import Walk, WalkEnd
from stdiag.probes.health.places import inner_reason

TWELVE = Product.V12_DOCKER
PLAIN = f"http://{HOST}/"


def loop(path: str) -> Walk:
    return walk(path, answer(BASE + path, 302, location=BASE + path), end=WalkEnd.LOOP)


class TestLoop:
    """Redirects that come back to where they began."""

    def test_everything_in_a_circle_is_one_finding(self) -> None:
        end = at(loop(PROXY_INFO), *(loop(path) for path in ("/", "/chat", "/meeting")))
        (finding,) = judged(observed(end), TWELVE)[1]
        assert (finding.code, finding.severity) == ("health-redirect-loop", Severity.ERROR)
        assert finding.params["circle"] == "it leads to itself"
        assert finding.affects is None  # everybody, as the catalogue says

    def test_one_page_in_a_circle(self) -> None:
        (finding,) = judged(observed(at(info(), *healthy_pages(chat=loop("/chat")))), TWELVE)[1]
        assert finding.code == "health-redirect-loop"
        assert "web users" in str(finding.affects)

    def test_ping_pong_between_http_and_https(self) -> None:
        there, back = answer(f"{BASE}/chat", 302, location=f"http://{HOST}/chat"), f"http://{HOST}/chat"
        bounced = walk("/chat", there, answer(back, 301, location=f"{BASE}/chat"), end=WalkEnd.LOOP)
        (finding,) = judged(observed(at(info(), *healthy_pages(chat=bounced))), TWELVE)[1]
        assert finding.code == "health-redirect-loop"
        assert finding.params["circle"] == f"from http://{HOST}/chat to {BASE}/chat and back"

    def test_a_longer_circle(self) -> None:
        around = walk(
            "/chat",
            answer(f"{BASE}/chat", 302, location=f"{BASE}/a"),
            answer(f"{BASE}/a", 302, location=f"{BASE}/chat"),
            end=WalkEnd.LOOP,
        )
        (finding,) = judged(observed(at(info(), *healthy_pages(chat=around))), TWELVE)[1]
        assert finding.params["circle"] == f"{BASE}/a leads back to {BASE}/chat"

    def test_no_end(self) -> None:
        hops = [answer(f"{BASE}/{number}", 302, location=f"{BASE}/{number + 1}") for number in range(10)]
        endless = walk("/chat", *hops, end=WalkEnd.TOO_MANY)
        (finding,) = judged(observed(at(info(), *healthy_pages(chat=endless))), TWELVE)[1]
        assert (finding.code, finding.params["circle"]) == (
            "health-redirect-loop",
            "after 10 redirects there is no end",
        )

    def test_a_circle_in_which_each_answer_sets_another_cookie(self) -> None:
        hops = [answer(f"{BASE}/chat", 302, location=f"{BASE}/chat")] * 10
        restless = walk("/chat", *hops, end=WalkEnd.TOO_MANY)
        (finding,) = judged(observed(at(info(), *healthy_pages(chat=restless))), TWELVE)[1]
        assert finding.params["circle"] == f"{BASE}/chat leads to itself"

    def test_the_provisioning_probes_redirect_folds_under_it(self) -> None:
        (finding,) = judged(observed(at(loop(PROXY_INFO))), TWELVE)[1]
        beside = Finding("prov-redirect-elsewhere", Severity.ERROR, finding.subject, {})
        (cause,) = causes([("/1", beside), ("/2", finding)])
        assert (cause.code, cause.folded) == ("health-redirect-loop", ["/1"])


class TestOutOfTls:
    """From https to http on the same host."""

    def bounce(self, *after: object, end: WalkEnd = WalkEnd.ANSWERED) -> Walk:
        first = answer(f"{BASE}/chat", 302, location=f"http://{HOST}/chat")
        return walk("/chat", first, *after, end=end)  # type: ignore[arg-type]  # exchanges

    @pytest.mark.parametrize(
        ("after", "then", "severity"),
        [
            ([answer(f"http://{HOST}/chat", title="Sametime")], "which answers without encryption", Severity.WARNING),
            (
                [
                    answer(f"http://{HOST}/chat", 301, location=f"{BASE}/home"),
                    answer(f"{BASE}/home", title="Sametime"),
                ],
                "and from there back to https",
                Severity.WARNING,
            ),
            ([failed(f"http://{HOST}/chat", FaultReason.REFUSED, Stage.TCP)], "where no answer comes", Severity.ERROR),
        ],
    )
    def test_a_page(self, after: list[object], then: str, severity: Severity) -> None:
        _, findings = judged(observed(at(info(), *healthy_pages(chat=self.bounce(*after)))), TWELVE)
        finding = next(one for one in findings if one.code == "health-redirect-plain")
        assert (finding.params["then"], finding.severity) == (then, severity)

    def test_proxyinfo_itself_stops_everybody(self) -> None:
        first = answer(BASE + PROXY_INFO, 302, location=f"http://{HOST}{PROXY_INFO}")
        led = walk(
            PROXY_INFO, first, answer(f"http://{HOST}{PROXY_INFO}", body="json", content_type="application/json")
        )
        _, findings = judged(observed(at(led)), TWELVE)
        assert [(one.code, one.severity) for one in findings] == [("health-redirect-plain", Severity.ERROR)]

    def test_where_a_rehearsal_does_not_say_what_is_at_port_80(self) -> None:
        analysis, findings = judged(
            observed(at(info(), *healthy_pages(chat=self.bounce(end=WalkEnd.NOT_TOLD)))), TWELVE
        )
        assert [one.code for one in findings] == ["health-redirect-plain"]
        assert len(analysis.unmeasured) == 1


class TestInside:
    """Names, addresses and ports that are not for users."""

    @pytest.mark.parametrize(
        "location",
        [
            "http://stproxy01.internal:9080/chat",
            "https://stproxy01/",
            "https://10.1.2.3/",
            "http://192.168.1.5:9080/",
            "https://chat.corp/",
            "https://[fd00::1]/",
        ],
    )
    def test_a_name_or_an_address(self, location: str) -> None:
        away = walk("/", answer(f"{BASE}/", 302, location=location), end=WalkEnd.OTHER_HOST)
        (finding,) = judged(observed(at(info(), *healthy_pages(root=away))), TWELVE)[1]
        assert (finding.code, finding.severity) == ("health-redirect-inner", Severity.ERROR)
        assert finding.params["location"] == location

    @pytest.mark.parametrize(
        "location", ["https://www.example.com/", "https://203.0.113.1/", "https://portal.example/"]
    )
    def test_another_site(self, location: str) -> None:
        away = walk("/", answer(f"{BASE}/", 302, location=location), end=WalkEnd.OTHER_HOST)
        assert codes(observed(at(info(), *healthy_pages(root=away))), TWELVE) == ["health-redirect-elsewhere"]

    def test_who_is_inside_may_lead_inside(self) -> None:
        assert inner_reason("https://other/", "chat") is None
        assert inner_reason("https://other.local/", "chat.local") is None
        assert inner_reason("https://10.1.2.3/", "10.1.2.4") is None
        assert inner_reason("https://other/", "chat.example.com") is not None

    @pytest.mark.parametrize(
        ("after", "severity"),
        [
            (answer(f"https://{HOST}:9443/chat", title="Sametime"), Severity.WARNING),
            (failed(f"https://{HOST}:9443/chat", FaultReason.REFUSED, Stage.TCP), Severity.ERROR),
        ],
    )
    def test_a_port(self, after: object, severity: Severity) -> None:
        moved = walk(
            "/",
            answer(f"{BASE}/", 302, location=f"https://{HOST}:9443/chat"),
            after,  # type: ignore[arg-type]  # an exchange
        )
        _, findings = judged(observed(at(info(), *healthy_pages(root=moved))), TWELVE)
        assert (findings[0].code, findings[0].severity) == ("health-redirect-inner", severity)
        assert "port 9443" in str(findings[0].params["reason"])

    def test_a_port_that_the_site_names(self) -> None:
        moved = walk(
            "/",
            answer(f"{BASE}/", 302, location=f"https://{HOST}:9443/stmeetings"),
            answer(f"https://{HOST}:9443/stmeetings", title="Sametime"),
        )
        site = HealthSite(meetings_url=f"https://{HOST}:9443/stmeetings")
        assert codes(observed(at(info(), *healthy_pages(root=moved))), TWELVE, health=site) == []


def test_many_redirects_are_told() -> None:
    hops = [answer(f"{BASE}/{number}", 302, location=f"{BASE}/{number + 1}") for number in range(5)]
    long = walk("/chat", *hops, answer(f"{BASE}/5", title="Sametime"))
    (finding,) = judged(observed(at(info(), *healthy_pages(chat=long))), TWELVE)[1]
    assert (finding.code, finding.severity) == ("health-redirect-many", Severity.INFO)
    assert codes(observed(at(info(), *healthy_pages(chat=walk("/chat", *hops[1:], long.hops[-1])))), TWELVE) == []


class TestPort80:
    """It may be closed, and it may lead to https."""

    @pytest.mark.parametrize(
        ("plain", "kind", "severity"),
        [
            (walk(PLAIN, failed(PLAIN, FaultReason.REFUSED, Stage.TCP)), PageKind.NO_CONNECTION, None),
            (walk(PLAIN, failed(PLAIN, FaultReason.TIMEOUT, Stage.TCP)), PageKind.NO_CONNECTION, None),
            (
                walk(PLAIN, answer(PLAIN, 301, location=f"{BASE}/"), answer(f"{BASE}/", title="Sametime")),
                PageKind.TO_TLS,
                None,
            ),
            (walk(PLAIN, answer(PLAIN, 301, location=f"{BASE}/"), answer(f"{BASE}/", 404)), PageKind.TO_TLS, None),
            (walk(PLAIN, answer(PLAIN, 404)), PageKind.NO_PAGE, None),
            (walk(PLAIN, answer(PLAIN, title="Sametime")), PageKind.SAMETIME, Severity.WARNING),
            (walk(PLAIN, answer(PLAIN, title="Apache")), PageKind.PAGE, Severity.INFO),
        ],
    )
    def test_what_it_does(self, plain: Walk, kind: PageKind, severity: Severity | None) -> None:
        analysis, findings = judged(observed(at(plain=plain)), TWELVE)
        assert [(one.code, one.severity) for one in findings] == ([("health-plain-page", severity)] if severity else [])
        assert analysis.addresses[0].plain is not None
        assert analysis.addresses[0].plain.kind is kind

    def test_elsewhere(self) -> None:
        away = walk(PLAIN, answer(PLAIN, 301, location="https://www.example.net/"), end=WalkEnd.OTHER_HOST)
        assert codes(observed(at(plain=away)), TWELVE) == ["health-redirect-elsewhere"]


class TestHsts:
    """Strict-Transport-Security matters where certificates come from a CA of the site's own."""

    @pytest.mark.parametrize(
        ("header", "seconds"),
        [
            ("max-age=31536000; includeSubDomains", 31536000),
            ('max-age="86400"', 86400),
            ("includeSubDomains; MAX-AGE=60", 60),
            ("max-age=0", 0),
            ("max-age=x", None),
            ("", None),
            ("max-age=10, max-age=20", 10),
        ],
    )
    def test_the_age(self, header: str, seconds: int | None) -> None:
        analysis, findings = judged(observed(at(info(hsts=header or None))), TWELVE, own_ca=True)
        assert analysis.addresses[0].hsts_s == seconds
        assert [one.code for one in findings] == (["health-hsts-final"] if seconds else [])

    def test_with_a_public_ca_it_is_no_finding(self) -> None:
        assert codes(observed(at(info(hsts="max-age=31536000"))), TWELVE) == []

    def test_over_http_it_means_nothing(self) -> None:
        plain = walk(PLAIN, answer(PLAIN, 301, location=f"{BASE}/", hsts="max-age=60"), page("/").hops[0])
        assert codes(observed(at(plain=plain)), TWELVE, own_ca=True) == []


def test_a_page_of_the_site_with_a_circle_is_about_its_url() -> None:
    (finding,) = judged(of_page(loop("/help")))[1]
    assert (finding.code, finding.subject.kind) == ("health-redirect-loop", SubjectKind.URL)
    endpoint = Subject(kind=SubjectKind.ENDPOINT, host=HOST, port=443)
    down = Finding("net-refused", Severity.ERROR, endpoint, {})
    assert [cause.code for cause in causes([("/1", down), ("/2", finding)])] == ["net-refused"]
