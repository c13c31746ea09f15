"""Which pages a site has that its users open, and whom their checks contact."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.formats.target import parse_target
from stdiag.formats.web_url import WebUrl, parse_web_url
from stdiag.model import NotChecked, Product, Site, Subject, SubjectKind
from stdiag.probes.contract import Contact, Planned
from stdiag.probes.shared.here import source_of
from stdiag.probes.shared.provisioned import why_not_asked
from stdiag.probes.shared.through import contacts_through

HTTP, HTTPS = 80, 443
ROOT, CHAT, MEETING = "/", "/chat", "/meeting"

_TWELVE = (Product.V12_DOCKER, Product.V12_KUBERNETES, Product.V12_WINDOWS)


class Role(msgspec.Struct, frozen=True):
    """A page that the site names."""

    name: str
    """meetings, whiteboard or page."""
    url: str


def is_twelve(product: Product | None) -> bool:
    """True when the product is one of release 12."""
    return product in _TWELVE


def plan(site: Site) -> tuple[list[Planned], list[NotChecked]]:
    """The check of the site's Sametime Proxy, and one for each page that the site names beside."""
    checks: list[Planned] = []
    beside: list[NotChecked] = []
    base, why_not = base_of(site)
    if base is not None:
        checks.append(planned(base, site.product))
    else:
        beside.append(NotChecked(what="health", reason=why_not))
    unique: dict[str, Role] = {}
    for role in _roles(site):
        unique.setdefault(str(parse_web_url(role.url)), role)
    checks += [planned_page(parse_web_url(url), role.name) for url, role in unique.items()]
    return checks, beside


def base_of(site: Site) -> tuple[WebUrl | None, str]:
    """Where the site's web clients come to; None with the reason. The address for browsers counts, and else the one
    in the link for mobile users."""
    stproxy = site.stproxy
    if stproxy is not None and stproxy.url:
        target = parse_target(stproxy.url)
        return WebUrl(tls=True, host=target.host, port=target.port), ""
    if stproxy is None or not stproxy.provisioning_url:
        return None, "the site names no Sametime Proxy: neither url nor provisioning_url in [stproxy]"
    url = parse_provisioning(stproxy.provisioning_url)
    if (reason := why_not_asked(url)) is not None:
        return None, f"whom to ask cannot be told: {reason}"
    return WebUrl(tls=bool(url.uses_tls), host=url.host, port=url.effective_port or HTTPS), ""


def pages_of(product: Product | None) -> tuple[str, ...]:
    """What is asked beside `/stwebapi/proxyinfo`: pages that the product's documentation names, and all of them where
    the product is not known. Of releases before 12 only `/` is documented."""
    return (ROOT, CHAT, MEETING) if product is None or is_twelve(product) else (ROOT,)


def planned(base: WebUrl, product: Product | None) -> Planned:
    """The check of one Sametime Proxy."""
    return Planned(probe="health", subject=_subject(base, base.base), options={"pages": " ".join(pages_of(product))})


def planned_page(url: WebUrl, role: str) -> Planned:
    """The check of one page that the site names; `role` is what it calls it."""
    return Planned(probe="health", subject=_subject(url, str(url)), options={"role": role})


def contacts(check: Planned, site: Site) -> list[Contact]:
    """The server, and its port 80 where that may lead to it."""
    url = parse_web_url(check.subject.url or "")
    source = source_of(site)
    role = check.options.get("role")
    called = "page" if role == "page" else f"{role} page"
    reason = f"whether the {called} answers" if role else "the pages that users open"
    protocol = "TCP, TLS, HTTP" if url.tls else "TCP, HTTP"
    targets = [Contact(source=source, destination=url.host, port=str(url.port), protocol=protocol, reason=reason)]
    if not role and asks_plain(url):
        plain = "whether http:// leads to https:// (nobody has to listen there)"
        targets.append(Contact(source=source, destination=url.host, port=str(HTTP), protocol="TCP, HTTP", reason=plain))
    return contacts_through(check, source, targets) if check.path.proxy is not None else targets


def asks_plain(url: WebUrl) -> bool:
    """True when who leaves the https:// out comes to port 80 of the same host."""
    return url.tls and url.port == HTTPS


def _roles(site: Site) -> Iterator[Role]:
    health = site.health
    if health.meetings_url:
        yield Role("meetings", health.meetings_url)
    if health.whiteboard_url:
        yield Role("whiteboard", health.whiteboard_url)
    yield from (Role("page", url) for url in health.pages)


def known_hosts(site: Site) -> set[str]:
    """Hosts of the deployment, as far as the site names them."""
    found = {parse_web_url(role.url).host for role in _roles(site)}
    if site.community is not None:
        found.add(site.community.host)
    if site.stproxy is not None and site.stproxy.provisioning_url:
        found.add(parse_provisioning(site.stproxy.provisioning_url).host)
    if site.stproxy is not None and site.stproxy.url:
        found.add(parse_target(site.stproxy.url).host)
    return found


def known_ports(site: Site, host: str) -> set[int]:
    """Ports of `host` that the site names for users."""
    found = {url.port for role in _roles(site) if (url := parse_web_url(role.url)).host == host}
    if site.stproxy is not None and site.stproxy.provisioning_url:
        link = parse_provisioning(site.stproxy.provisioning_url)
        found |= {link.effective_port} if link.host == host and link.effective_port else set()
    return found


def _subject(url: WebUrl, text: str) -> Subject:
    return Subject(kind=SubjectKind.URL, host=url.host, port=url.port, url=text)
