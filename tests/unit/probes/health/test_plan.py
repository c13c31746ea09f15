"""Which checks a site makes, and whom they would contact."""

from __future__ import annotations

import pytest

from stdiag.engine.plan import contacts, plan
from stdiag.formats.proxy import parse_proxy
from stdiag.formats.web_url import parse_web_url
from stdiag.model import HealthSite, Product, Site, StproxySite
from stdiag.probes.health.plan import planned_page
from stdiag.probes.registry import probe_named
from stdiag.probes.shared.through import through

PROBES = (probe_named("health"),)
LINK = "hclsametime://chat.example.com/?action=AddCommunity"


def planned(site: Site) -> list[tuple[str, str]]:
    """URL and what is asked of each check."""
    return [(one.subject.url or "", " ".join(map(str, one.options.values()))) for one in plan(site, PROBES).checks]


@pytest.mark.parametrize(
    ("stproxy", "url"),
    [
        (StproxySite(url="https://chat.example.com"), "https://chat.example.com"),
        (StproxySite(url="https://chat.example.com:8443/chat"), "https://chat.example.com:8443"),
        (StproxySite(url="https://chat.example.com", provisioning_url=LINK), "https://chat.example.com"),
        (StproxySite(provisioning_url=LINK), "https://chat.example.com"),
        (StproxySite(provisioning_url="sametime://h.example.com:9080/?ssl=false"), "http://h.example.com:9080"),
        (StproxySite(provisioning_url="sametime://[2001:db8::1]:9443/?ssl=true"), "https://[2001:db8::1]:9443"),
    ],
)
def test_where_web_clients_come_to(stproxy: StproxySite, url: str) -> None:
    assert planned(Site(stproxy=stproxy)) == [(url, "/ /chat /meeting")]


@pytest.mark.parametrize(
    "stproxy",
    [
        None,
        StproxySite(provisioning_url="sametime://h.example.com/?action=AddCommunity"),
        StproxySite(provisioning_url="sametime://h.example.com:9080/?ssl=maybe"),
    ],
)
def test_what_does_not_apply_is_said(stproxy: StproxySite | None) -> None:
    the_plan = plan(Site(stproxy=stproxy), PROBES)
    assert the_plan.checks == ()
    assert [one.what for one in the_plan.not_applicable] == ["health"]


@pytest.mark.parametrize(
    ("product", "pages"),
    [
        (None, "/ /chat /meeting"),
        (Product.V12_DOCKER, "/ /chat /meeting"),
        (Product.V12_WINDOWS, "/ /chat /meeting"),
        (Product.V11, "/"),
        (Product.V8_5, "/"),
    ],
)
def test_pages_that_the_release_documents(product: Product | None, pages: str) -> None:
    site = Site(product=product, stproxy=StproxySite(url="https://chat.example.com"))
    assert planned(site) == [("https://chat.example.com", pages)]


def test_pages_that_the_site_names_each_once() -> None:
    health = HealthSite(
        meetings_url="https://meet.example.com/stmeetings",
        whiteboard_url="http://meet.example.com/whiteboard",
        pages=["https://meet.example.com/stmeetings", "https://chat.example.com/help"],
    )
    assert planned(Site(health=health)) == [
        ("https://meet.example.com/stmeetings", "meetings"),
        ("http://meet.example.com/whiteboard", "whiteboard"),
        ("https://chat.example.com/help", "page"),
    ]


def test_the_certificates_of_their_hosts_are_looked_at() -> None:
    health = HealthSite(meetings_url="https://meet.example.com/stmeetings", pages=["http://plain.example.com/"])
    the_plan = plan(Site(stproxy=StproxySite(url="https://chat.example.com"), health=health), (probe_named("tls"),))
    assert [str(one.subject) for one in the_plan.checks] == ["chat.example.com:443", "meet.example.com:443"]


def asked(site: Site) -> list[tuple[str, str, str]]:
    lines = contacts(plan(site, PROBES), site, PROBES)
    return [(line.destination, line.port, line.protocol) for line in lines]


def test_who_would_be_contacted() -> None:
    assert asked(Site(stproxy=StproxySite(url="https://chat.example.com"))) == [
        ("chat.example.com", "443", "TCP, TLS, HTTP"),
        ("chat.example.com", "80", "TCP, HTTP"),
    ]
    assert asked(Site(stproxy=StproxySite(url="https://chat.example.com:8443"))) == [
        ("chat.example.com", "8443", "TCP, TLS, HTTP")
    ]
    assert asked(Site(health=HealthSite(pages=["http://h.example.com/x"]))) == [("h.example.com", "80", "TCP, HTTP")]


def test_through_a_proxy_the_way_to_it_is_named() -> None:
    proxy, _ = parse_proxy("http://proxy.example.com:3128")
    check = through(planned_page(parse_web_url("https://h.example.com/x"), "page"), proxy)
    lines = PROBES[0].contacts(check, Site())
    assert [line.destination for line in lines][:2] == ["proxy.example.com", "h.example.com"]
