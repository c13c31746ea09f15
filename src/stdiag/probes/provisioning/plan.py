"""Which provisioning URLs a site has, and whom their checks contact."""

from __future__ import annotations

import msgspec

from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.formats.provisioning.url import ProvisioningUrl, UrlContext, UrlDefect
from stdiag.model import NotChecked, Site, Subject, SubjectKind, Vantage
from stdiag.probes.contract import Contact, Planned
from stdiag.probes.shared.provisioned import why_not_asked
from stdiag.probes.shared.through import contacts_through

HERE = {
    Vantage.STPROXY: "the Sametime Proxy host",
    Vantage.INSIDE: "a machine in the inside network",
    Vantage.INTERNET: "a machine on the internet",
}


def plan(site: Site) -> tuple[list[Planned], list[NotChecked]]:
    """The check of the site's provisioning URL."""
    if not site.stproxy or not site.stproxy.provisioning_url:
        return [], [NotChecked(what="provisioning", reason="the site names no provisioning URL")]
    return [planned(parse_provisioning(site.stproxy.provisioning_url))], []


def planned(url: ProvisioningUrl, *, text_only: bool = False, hold_s: int = 0) -> Planned:
    """The check of one URL. `text_only`: contact nobody, judge only what stands in it. `hold_s`: hold a connection
    open in silence for so many seconds; 0: none."""
    subject = Subject(kind=SubjectKind.URL, host=url.host, port=url.effective_port, url=url.masked)
    options: dict[str, str | int | bool] = {"context": url.context.value}
    if url.defects:
        # The subject is written in the canonical way, and has no password: quotes around it would be forgotten.
        options["defects"] = msgspec.json.encode(url.defects).decode("utf-8")
    if text_only:
        options["text_only"] = True
    if hold_s:
        options["hold_s"] = hold_s
    return Planned(probe="provisioning", subject=subject, options=options)


def planned_url(check: Planned) -> ProvisioningUrl:
    """The URL of a check, with everything that its form showed."""
    url = parse_provisioning(check.subject.url or "", str(check.options.get("context", UrlContext.HANDED_OUT)))
    noted = check.options.get("defects")
    return with_defects(url, msgspec.json.decode(str(noted), type=list[UrlDefect]) if noted else [])


def with_defects(url: ProvisioningUrl, noted: list[UrlDefect]) -> ProvisioningUrl:
    """`url` with defects that were noted when it was read before; each stands once."""
    known = [defect for defect in noted if defect not in url.defects]
    return msgspec.structs.replace(url, defects=[*known, *url.defects])


def photo_port(url: ProvisioningUrl) -> int | None:
    """The port that photos are to come from, where it is another than the URL's; 0 means none."""
    value = url.value("photoPort") or ""
    number = int(value) if value.isascii() and value.isdecimal() and len(value) < 6 else 0
    return number if 0 < number < 65536 and number != url.effective_port else None


def contacts(check: Planned, site: Site) -> list[Contact]:
    """The Sametime Proxy that the URL names, and the port for photos where it names one."""
    url = planned_url(check)
    if check.options.get("text_only") or why_not_asked(url) is not None:
        return []
    source = HERE[site.vantage] if site.vantage else "this machine"
    targets = [
        Contact(
            source=source,
            destination=url.host,
            port=str(url.effective_port),
            protocol="TCP, HTTP" if url.uses_tls is False else "TCP, TLS, HTTP",
            reason="what answers where the provisioning URL points to",
        )
    ]
    if photos := photo_port(url):
        targets.append(
            Contact(
                source=source,
                destination=url.host,
                port=str(photos),
                protocol="TCP, TLS, HTTP",
                reason="the port that the provisioning URL names for photos",
            )
        )
    return contacts_through(check, source, targets) if check.path.proxy is not None else targets
