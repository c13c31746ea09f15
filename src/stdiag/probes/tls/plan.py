"""Which TLS checks a site gets, and whom they contact."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.formats.errors import FormatError
from stdiag.formats.target import Target, parse_target
from stdiag.model import NotChecked, Site, Subject, SubjectKind, Vantage, bracketed
from stdiag.probes.contract import Contact, Planned
from stdiag.probes.shared.through import contacts_through

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
    pages = [url for url in (site.health.meetings_url, site.health.whiteboard_url, *site.health.pages) if url]
    texts += [url for url in pages if url.startswith("https:")]
    targets = [*map(parse_target, texts), *links, *map(parse_target, site.tls.targets)]
    if not targets:
        why = "the site names no TLS endpoint: no [stproxy] url, no provisioning URL that says TLS, and no targets"
        return [], [NotChecked(what="tls", reason=why)]
    unique: dict[tuple[str, int], Target] = {}
    for target in targets:
        unique.setdefault((target.host, target.port), target)
    checks = [
        planned(target, quick=site.tls.quick, name=site.tls.name, clients=site.clients) for target in unique.values()
    ]
    return checks, []


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


def planned(target: Target, *, quick: bool = False, name: str | None = None, clients: Sequence[str] = ()) -> Planned:
    """The check of one endpoint. `name`: what to send as SNI and to compare with, where it is not the target's own.
    `clients`: those that it is to be judged for, which one handshake cannot tell."""
    options: dict[str, str | int | bool] = {}
    if quick:
        options["quick"] = True
    elif clients:
        options["clients"] = " ".join(clients)
    if name:
        options["server_name"] = name
    subject = Subject(kind=SubjectKind.ENDPOINT, host=target.host, port=target.port)
    return Planned(probe="tls", subject=subject, options=options)


def planned_file(path: str, name: str, clients: Sequence[str] = ()) -> Planned:
    """The check of a PEM file; `name` may be empty: then no name is compared."""
    options: dict[str, str | int | bool] = {"clients": " ".join(clients)} if clients else {}
    return Planned(probe="tls", subject=Subject(kind=SubjectKind.FILE, file=path, host=name), options=options)


def contacts(check: Planned, site: Site) -> list[Contact]:
    """The endpoint itself, the name server, and issuers' addresses in case the chain breaks off."""
    source = HERE[site.vantage] if site.vantage else "this machine"
    if check.subject.file is not None:
        return [_issuers(source)]
    host, port = check.subject.host, str(check.subject.port)
    override = site.resolve.get(f"{host}:{port}") or site.resolve.get(host)
    if check.path.proxy is not None:
        there = Contact(source=source, destination=host, port=port, protocol="TCP, TLS", reason=_REASON)
        return contacts_through(check, source, [there], also=", and to issuers of missing certificates")
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


def _issuers(source: str) -> Contact:
    return Contact(
        source=source,
        destination="the certificates' issuers (their caIssuers addresses)",
        port="80, 443",
        protocol="HTTP, HTTPS",
        reason="only when a chain is incomplete, to prove the repair; never with --offline",
        third_party=True,
    )
