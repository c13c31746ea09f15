"""Which TLS checks a site gets, and whom they contact."""

from __future__ import annotations

import msgspec

from stdiag.formats.errors import FormatError
from stdiag.formats.proxy import parse_proxy
from stdiag.formats.target import Target, parse_target
from stdiag.model import NotChecked, Path, Proxy, ProxyKind, Site, Subject, SubjectKind, Vantage, bracketed
from stdiag.probes.contract import Contact, Planned

HERE = {
    Vantage.STPROXY: "the Sametime Proxy host",
    Vantage.INSIDE: "a machine in the inside network",
    Vantage.INTERNET: "a machine on the internet",
}

_REASON = "the TLS chain and handshakes"


def plan(site: Site) -> tuple[list[Planned], list[NotChecked]]:
    """One check for each TLS endpoint that the site names."""
    texts = [site.stproxy.url] if site.stproxy and site.stproxy.url else []
    links = provisioned(site.stproxy.provisioning_url if site.stproxy else None)
    targets = [*map(parse_target, texts), *links, *map(parse_target, site.tls.targets)]
    if not targets:
        why = "the site names no TLS endpoint: no [stproxy] url, no provisioning URL that says TLS, and no targets"
        return [], [NotChecked(what="tls", reason=why)]
    unique: dict[tuple[str, int], Target] = {}
    for target in targets:
        unique.setdefault((target.host, target.port), target)
    return [planned(target, quick=site.tls.quick, name=site.tls.name) for target in unique.values()], []


def provisioned(text: str | None) -> list[Target]:
    """The endpoint of a provisioning URL, when it makes clients speak TLS and says to which port."""
    if not text:
        return []
    from stdiag.formats.provisioning.parse import parse_provisioning

    url = parse_provisioning(text)
    if not url.uses_tls or url.effective_port is None:
        return []
    try:
        return [parse_target(f"{bracketed(url.host)}:{url.effective_port}")]
    except FormatError:
        return []  # the provisioning check says what is wrong with the host


def planned(target: Target, *, quick: bool = False, name: str | None = None) -> Planned:
    """The check of one endpoint. `name`: what to send as SNI and to compare with, where it is not the target's own."""
    options: dict[str, str | int | bool] = {}
    if quick:
        options["quick"] = True
    if name:
        options["server_name"] = name
    subject = Subject(kind=SubjectKind.ENDPOINT, host=target.host, port=target.port)
    return Planned(probe="tls", subject=subject, options=options)


def through(check: Planned, proxy: Proxy) -> Planned:
    """The same check on the way through `proxy`."""
    tunnels = proxy.kind in (ProxyKind.HTTP, ProxyKind.HTTPS)
    path = Path(kind="proxy", proxy=str(proxy), resolves=proxy.resolves, method="connect" if tunnels else "raw")
    return msgspec.structs.replace(check, subject=msgspec.structs.replace(check.subject, via=str(proxy)), path=path)


def planned_file(path: str, name: str) -> Planned:
    """The check of a PEM file; `name` may be empty: then no name is compared."""
    return Planned(probe="tls", subject=Subject(kind=SubjectKind.FILE, file=path, host=name))


def contacts(check: Planned, site: Site) -> list[Contact]:
    """The endpoint itself, the name server, and issuers' addresses in case the chain breaks off."""
    source = HERE[site.vantage] if site.vantage else "this machine"
    if check.subject.file is not None:
        return [_issuers(source)]
    host, port = check.subject.host, str(check.subject.port)
    override = site.resolve.get(f"{host}:{port}") or site.resolve.get(host)
    if check.path.proxy is not None:
        return _contacts_through(check.path, host, port, source)
    destination = f"{host} (at {override}, by resolve)" if override else host
    lines = [Contact(source=source, destination=destination, port=port, protocol="TCP, TLS", reason=_REASON)]
    if not override and not host.replace(".", "").isdigit() and ":" not in host:
        lines.append(
            Contact(
                source=source,
                destination="the DNS servers of this machine",
                port="53",
                protocol="UDP, TCP",
                reason="names become addresses",
            )
        )
    return lines if check.options.get("quick") else [*lines, _issuers(source)]


def _contacts_through(path: Path, host: str, port: str, source: str) -> list[Contact]:
    """What the firewall must let through is the way to the proxy, and the proxy's own way on."""
    proxy, _ = parse_proxy(path.proxy or "")
    names = "names become addresses" if path.resolves == "here" else "the proxy's name becomes an address"
    return [
        Contact(
            source=source,
            destination=proxy.host,
            port=str(proxy.port),
            protocol=f"TCP ({proxy.kind})",
            reason=f"the proxy to {host}:{port}, and to issuers of missing certificates",
        ),
        Contact(source=f"the proxy {proxy.host}", destination=host, port=port, protocol="TCP, TLS", reason=_REASON),
        Contact(
            source=source,
            destination="the DNS servers of this machine",
            port="53",
            protocol="UDP, TCP",
            reason=names,
        ),
    ]


def _issuers(source: str) -> Contact:
    return Contact(
        source=source,
        destination="the certificates' issuers (their caIssuers addresses)",
        port="80, 443",
        protocol="HTTP, HTTPS",
        reason="only when a chain is incomplete, to prove the repair; never with --offline",
        third_party=True,
    )
