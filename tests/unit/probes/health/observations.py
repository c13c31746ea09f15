"""Observations of pages, made by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from stdiag.model import Fault, FaultReason, Finding, Product, Site, StproxySite, TrustSite
from stdiag.net.stage import Stage
from stdiag.probes.contract import Context
from stdiag.probes.health.analysis import HealthAnalysis
from stdiag.probes.health.judge import judge
from stdiag.probes.health.observation import AddressPages, HealthObservation, Walk, WalkEnd
from stdiag.probes.shared.web_facts import Exchange, PageFacts, ProxyInfo

HOST = "chat.example.com"
BASE = f"https://{HOST}"
PROXY_INFO = "/stwebapi/proxyinfo"
HEALTHY = ProxyInfo(is_saml=False, is_oidc=False, community_connected=True)
PAGES = ("/", "/chat", "/meeting")


def answer(url: str, status: int | None = 200, **facts: Any) -> Exchange:
    """What came for `url`."""
    if "title" in facts or "page" in facts:
        facts.setdefault("body", "html")
    if "title" in facts:
        title = facts.pop("title")
        facts["page"] = PageFacts(title=title, sametime="sametime" in title.lower())
    return msgspec.convert({"url": url, "stage": "http", "status": status, **facts}, Exchange)


def failed(url: str, reason: FaultReason, stage: Stage = Stage.HTTP) -> Exchange:
    """No answer."""
    return answer(url, None, stage=stage, fault=Fault(reason, "words"), duration_us=5_000_000, body="unread")


def info(value: ProxyInfo = HEALTHY, **facts: Any) -> Walk:
    """STProxy's answer about itself."""
    facts.setdefault("content_type", "application/json")
    return Walk(page=PROXY_INFO, hops=[answer(BASE + PROXY_INFO, proxy_info=value, body="json", **facts)])


def walk(page: str, *hops: Exchange, end: WalkEnd = WalkEnd.ANSWERED) -> Walk:
    """The walk to a page."""
    return Walk(page=page, hops=list(hops), end=end)


def page(path: str, title: str = "Sametime", **facts: Any) -> Walk:
    """A page with a title, or with the facts that `page=` says."""
    if "page" not in facts:
        facts["title"] = title
    return walk(path, answer(BASE + path, **facts))


def status(path: str, code: int, **facts: Any) -> Walk:
    """A bare status."""
    return walk(path, answer(BASE + path, code, **facts))


def healthy_pages(**instead: Walk) -> list[Walk]:
    """`/`, `/chat` and `/meeting`; `chat=` and the like replace one."""
    names = {"/": "root", "/chat": "chat", "/meeting": "meeting"}
    return [instead.get(names[path]) or page(path) for path in PAGES]


def at(
    proxyinfo: Walk | None = None, *pages: Walk, address: str = "192.0.2.1", plain: Walk | None = None
) -> AddressPages:
    """The answers of one address: STProxy's healthy ones where nothing else is said."""
    return AddressPages(
        address=address, port=443, proxyinfo=proxyinfo or info(), pages=list(pages or healthy_pages()), plain=plain
    )


def observed(*addresses: AddressPages, **facts: Any) -> HealthObservation:
    """The facts about the Sametime Proxy."""
    return HealthObservation(url=BASE, host=HOST, port=443, tls=True, addresses=list(addresses), **facts)


def of_page(*walks: Walk, url: str = f"{BASE}/help") -> HealthObservation:
    """The facts about a page that the site names, a walk for each address."""
    ends = [AddressPages(address=f"192.0.2.{number}", port=443, pages=[one]) for number, one in enumerate(walks, 1)]
    return HealthObservation(url=url, role="page", host=HOST, port=443, tls=True, addresses=ends)


def judged(
    observation: HealthObservation, product: Product | None = None, **site: Any
) -> tuple[HealthAnalysis, list[Finding]]:
    """Analysis and findings; `own_ca=True`: the site has roots of its own."""
    trust = TrustSite(ca_files=["root.pem"]) if site.pop("own_ca", False) else TrustSite()
    site.setdefault("stproxy", StproxySite(url=BASE))
    context = Context(started=datetime.now(UTC), site=Site(product=product, trust=trust, **site))
    return judge(observation, context)


def codes(observation: HealthObservation, product: Product | None = None, **site: Any) -> list[str]:
    """Codes of the findings."""
    return [finding.code for finding in judged(observation, product, **site)[1]]
