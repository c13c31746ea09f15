"""Which paths a site gets checked, and whom they contact. Opens nothing."""

from __future__ import annotations

import msgspec

from stdiag.formats.via import Via, ViaKind, via_of
from stdiag.model import CommunityPath, Expected, NotChecked, Site, Subject, SubjectKind, Vantage
from stdiag.probes.contract import Contact, Planned
from stdiag.probes.paths.spec import PathSpec, paths_through

COMMUNITY_PORT = 1533
OPTIONAL_PORTS = (80, 8082)
"""Where older servers take HTTP tunnelling too; Sametime 12 does not list them."""

HERE = {
    Vantage.STPROXY: "the Sametime Proxy host",
    Vantage.INSIDE: "a machine in the inside network",
    Vantage.INTERNET: "a machine on the internet",
}


def plan(site: Site) -> tuple[list[Planned], list[NotChecked]]:
    """One check with all paths: what they have in common is what tells."""
    community = site.community
    if community is None:
        return [], [NotChecked(what="paths", reason="the site names no community server: [community] host")]
    specs = [spec for path in community.path or [CommunityPath()] for spec in _specs(path)]
    unique = {(str(spec.via), spec.via.proxy, spec.path, spec.port): spec for spec in reversed(specs)}
    ordered = [spec for spec in specs if unique[str(spec.via), spec.via.proxy, spec.path, spec.port] is spec]
    subject = Subject(kind=SubjectKind.NAME, host=community.host)
    encoded = msgspec.json.encode(ordered).decode()
    return [Planned(probe="paths", subject=subject, options={"paths": encoded})], []


def specs_of(check: Planned) -> list[PathSpec]:
    """The paths of a planned check."""
    return msgspec.json.decode(str(check.options["paths"]), type=list[PathSpec])


def contacts(check: Planned, site: Site) -> list[Contact]:
    """Each first hop once, and the name server."""
    source = HERE[site.vantage] if site.vantage else "this machine"
    lines: dict[tuple[str, str], Contact] = {}
    for spec in specs_of(check):
        destination, port, protocol = _first_hop(spec, check.subject.host)
        reason = "desktop clients: the way to the community server"
        lines.setdefault(
            (destination, port),
            Contact(source=source, destination=destination, port=port, protocol=protocol, reason=reason),
        )
    dns = Contact(
        source=source,
        destination="the DNS servers of this machine",
        port="53",
        protocol="UDP, TCP",
        reason="names become addresses",
    )
    return [*lines.values(), dns]


def _specs(path: CommunityPath) -> list[PathSpec]:
    via = via_of(path)
    if via.kind is ViaKind.REVERSE and via.proxy is not None:
        return paths_through(via, via.proxy.port, path.expected)
    if path.ports:
        return [spec for port in path.ports for spec in paths_through(via, port, path.expected)]
    specs = paths_through(via, COMMUNITY_PORT, path.expected)
    if path.expected is Expected.CLOSED:
        return specs
    beside = [paths_through(via, port, Expected.OPTIONAL, implied=True) for port in OPTIONAL_PORTS]
    return [*specs, *(spec for group in beside for spec in group)]


def _first_hop(spec: PathSpec, host: str) -> tuple[str, str, str]:
    via: Via = spec.via
    match via.kind:
        case ViaKind.DIRECT:
            return host, str(spec.port), "TCP, HTTP" if spec.path.method == "cbr" else "TCP, TLS"
        case ViaKind.SYSTEM:
            return f"the proxy of this machine's settings, to {host}:{spec.port}", "as set", "HTTP or SOCKS"
        case ViaKind.REVERSE | ViaKind.PROXY:
            proxy = via.proxy
            if proxy is None:
                return host, str(spec.port), "TCP"
            return proxy.host, str(proxy.port), proxy.kind.value.upper()
