"""Which host names a site has, and whom their checks contact. Opens nothing."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from stdiag.formats.errors import FormatError
from stdiag.formats.host import as_address, canonical_host
from stdiag.formats.names_site import parse_named_host
from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.formats.push_site import push_proxy
from stdiag.formats.special_names import is_reserved, is_this_machine
from stdiag.formats.target import parse_target
from stdiag.formats.via import ViaKind, via_of
from stdiag.model import (
    CommunityPath,
    CommunitySite,
    Expected,
    NotChecked,
    PushSite,
    Site,
    Subject,
    SubjectKind,
    Vantage,
)
from stdiag.probes.contract import Contact, Planned
from stdiag.probes.names.observation import HostRole

HERE = {
    Vantage.STPROXY: "the Sametime Proxy host",
    Vantage.INSIDE: "a machine in the inside network",
    Vantage.INTERNET: "a machine on the internet",
}
COMMUNITY_PORT = 1533
PORTS_AT_MOST = 4
_WEB_PORTS = {"http": 80, "https": 443}


class Mention(msgspec.Struct, frozen=True):
    """One place in the site that names a host."""

    typed: str
    role: HostRole
    port: int | None = None
    direct: bool = True
    """False: a proxy makes the connection, and this machine only looks the name up."""


class Named(msgspec.Struct):
    """One host of the site, with all that the site says of it."""

    host: str
    roles: list[HostRole] = []
    ports: dict[int, bool] = {}
    """The ports that the site names → whether clients here connect to them directly."""
    dotted: bool = False

    def add(self, mention: Mention) -> None:
        """One more place in the site that names it."""
        if mention.role not in self.roles:
            self.roles.append(mention.role)
        if mention.port is not None:
            self.ports[mention.port] = self.ports.get(mention.port, False) or mention.direct
        self.dotted = self.dotted or mention.typed.endswith(".")


def plan(site: Site) -> tuple[list[Planned], list[NotChecked]]:
    """One check for each host name of the site. An address needs none, and neither does a name of this machine's."""
    named: dict[str, Named] = {}
    for mention in _mentioned(site):
        try:
            host = canonical_host(mention.typed)
        except FormatError:
            continue  # the check of what names it says what is wrong with it
        if as_address(host) is None and not is_this_machine(host):
            named.setdefault(host, Named(host)).add(mention)
    not_checked = []
    if site.tls.quick and site.tls.targets:
        what = f"names of {len(site.tls.targets)} TLS targets"
        not_checked.append(NotChecked(what=what, reason="a sweep asks one question of each server"))
    if not named:
        reason = "the site names its hosts by address, or as this machine: there is no name to look up"
        not_checked.append(NotChecked(what="names", reason=reason))
    return [planned(one, site) for one in named.values()], not_checked


def planned(named: Named, site: Site) -> Planned:
    """The check of one host."""
    options: dict[str, str | int | bool] = {"roles": ",".join(named.roles)}
    if named.ports:
        options["ports"] = ",".join(map(str, named.ports))
    if direct := [port for port, direct in named.ports.items() if direct]:
        options["tried"] = ",".join(map(str, direct[:PORTS_AT_MOST]))
    if len(direct) > PORTS_AT_MOST:
        options["left"] = len(direct) - PORTS_AT_MOST
    if named.dotted:
        options["dotted"] = True
    if site.names.management_networks:
        options["management"] = ",".join(site.names.management_networks)
    if site.vantage is Vantage.INTERNET:
        options["internet"] = True
    return Planned(probe="names", subject=Subject(kind=SubjectKind.NAME, host=named.host), options=options)


def contacts(check: Planned, site: Site) -> list[Contact]:
    """The name servers, and the host's own ports in case that it has several addresses."""
    source = HERE[site.vantage] if site.vantage else "this machine"
    host = check.subject.host
    named = str(check.options.get("ports", "")).split(",")
    told = [site.resolve.get(key) for key in (host, *(f"{host}:{port}" for port in named))]
    override = next((where for where in told if where), None)
    lines = []
    if ports := str(check.options.get("tried", "")):
        lines.append(
            Contact(
                source=source,
                destination=f"{host} (at {override}, by resolve)" if override else host,
                port=ports.replace(",", ", "),
                protocol="TCP",
                reason="which of its addresses accept connections, where it has several",
            )
        )
    if not (override and is_reserved(host)):
        reason = "names become addresses, and addresses names"
        servers = "the DNS servers of this machine"
        lines.append(Contact(source=source, destination=servers, port="53", protocol="UDP, TCP", reason=reason))
    return lines


def _mentioned(site: Site) -> Iterator[Mention]:
    """Every mention of a host that this machine looks up."""
    yield from _of_stproxy(site)
    if site.community is not None:
        yield from _of_community(site.community)
    if site.push is not None:
        yield from _of_push(site.push)
    for text in [] if site.tls.quick else site.tls.targets:
        target = parse_target(text)
        yield Mention(target.host, HostRole.TARGET, target.port)
    for text in site.names.hosts:
        host, port = parse_named_host(text)
        yield Mention(host, HostRole.FURTHER, port)


def _of_stproxy(site: Site) -> Iterator[Mention]:
    """What users open, and what pages take from elsewhere."""
    urls = [(site.stproxy.url if site.stproxy else None, HostRole.STPROXY)]
    pages = (site.health.meetings_url, site.health.whiteboard_url, *site.health.pages)
    urls += [(url, HostRole.PAGE) for url in pages]
    if site.photo is not None:
        urls += [(url, HostRole.STPROXY) for url in site.photo.stproxy_urls]
        urls += [(url, HostRole.PHOTOS) for url in site.photo.urls]
    for url, role in urls:
        yield from _of_url(url, role)
    if site.stproxy is not None and site.stproxy.provisioning_url:
        link = parse_provisioning(site.stproxy.provisioning_url)
        if link.effective_port is not None:  # without one no client comes there
            yield Mention(link.host, HostRole.PROVISIONING, link.effective_port)


def _of_url(url: str | None, role: HostRole) -> Iterator[Mention]:
    if not url:
        return
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return
    if host:
        yield Mention(host, role, port or _WEB_PORTS.get(parts.scheme))


def _of_community(community: CommunitySite) -> Iterator[Mention]:
    """The proxies, and the server where this machine looks it up: most proxies are given its name, which need not be
    known here. A way that may be closed proves nothing by a name that is not known here either."""
    for path in community.path or [CommunityPath()]:
        try:
            via = via_of(path)
        except FormatError:
            continue
        direct = via.kind is ViaKind.DIRECT
        if via.proxy is not None:
            yield Mention(via.proxy.host, HostRole.PROXY, via.proxy.port)
        looked_up = direct or (via.kind is ViaKind.PROXY and via.proxy is not None and via.proxy.resolves == "here")
        if looked_up and path.expected in (None, Expected.OPEN):
            for port in path.ports or [COMMUNITY_PORT]:
                yield Mention(community.host, HostRole.COMMUNITY, port, direct)


def _of_push(push: PushSite) -> Iterator[Mention]:
    """The push proxy, which looks all else up; without one the services that the site names itself. Apple's and
    Google's own are their matter."""
    try:
        proxy = push_proxy(push)
    except FormatError:
        proxy = None
    if proxy is not None:
        yield Mention(proxy.host, HostRole.PUSH, proxy.port)
        return
    ends = push.endpoints
    for text in (*ends.apns, *ends.legacy, *ends.google, *ends.devices):
        target = parse_target(text)
        yield Mention(target.host, HostRole.PUSH, target.port)
