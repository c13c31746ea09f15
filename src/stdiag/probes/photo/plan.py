"""Which photo checks a site gets, and whom they contact."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from stdiag.formats.photo_site import TOKEN_COOKIES
from stdiag.formats.photo_url import PhotoUrl, parse_photo_url
from stdiag.model import NotChecked, PhotoAccess, PhotoSite, Site, Subject, SubjectKind
from stdiag.probes.contract import Contact, Planned
from stdiag.probes.photo.observation import PhotoRole
from stdiag.probes.shared.here import source_of
from stdiag.probes.shared.through import contacts_through

AT_MOST = 8
"""URLs of a site that are asked: a sample is enough, and a photo host is nobody's to be searched."""


class PhotoAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one planned check is told beyond its subject: how `options` hold it."""

    role: PhotoRole
    number: int = 0
    access: PhotoAccess = PhotoAccess.RESTRICTED
    trust: bool = False
    """Look at the certificates too: once for each https host."""
    tokens: list[str] = []
    """Cookies of a login whose real values there are."""


def plan(site: Site) -> tuple[list[Planned], list[NotChecked]]:
    """One check for each photo that the site names."""
    photo = site.photo
    if photo is None or not (photo.urls or photo.stproxy_urls):
        why = "the site has no [photo] table" if photo is None else "[photo] names no URL"
        return [], [NotChecked(what="photo", reason=why)]
    wanted = [(PhotoRole.HOST, number, text) for number, text in enumerate(photo.urls)]
    wanted += [(PhotoRole.COPY, number, text) for number, text in enumerate(photo.stproxy_urls)]
    unique: dict[str, tuple[PhotoRole, int, PhotoUrl]] = {}
    for role, number, text in wanted:
        url = parse_photo_url(text)
        unique.setdefault(url.text, (role, number, url))
    chosen = _chosen(list(unique.values()))
    left = [url.text for _, _, url in unique.values() if url.text not in {one.text for _, _, one in chosen}]
    beside = [NotChecked(what=f"photo {text}", reason=f"at most {AT_MOST} photos are asked for") for text in left]
    return _planned(chosen, photo), beside


def _chosen(wanted: Sequence[tuple[PhotoRole, int, PhotoUrl]]) -> list[tuple[PhotoRole, int, PhotoUrl]]:
    """As many as are asked: the photo host's first, but a copy of STProxy's is among them where there is one."""
    copies = [one for one in wanted if one[0] is PhotoRole.COPY]
    hosts = [one for one in wanted if one[0] is PhotoRole.HOST]
    if len(wanted) <= AT_MOST:
        return [*hosts, *copies]
    for_copies = min(len(copies), AT_MOST // 2) if hosts else AT_MOST
    for_hosts = min(len(hosts), AT_MOST - for_copies)
    return [*hosts[:for_hosts], *copies[: AT_MOST - for_hosts]]


def _planned(chosen: Sequence[tuple[PhotoRole, int, PhotoUrl]], photo: PhotoSite) -> list[Planned]:
    tokens = [cookie for key, cookie in TOKEN_COOKIES.items() if getattr(photo, key)]
    trusted: set[tuple[str, int | None]] = set()
    checks = []
    for role, number, url in chosen:
        place = (url.host, url.port)
        trust = role is PhotoRole.HOST and url.tls and url.askable and place not in trusted
        if trust:
            trusted.add(place)
        asked = PhotoAsked(role=role, number=number, access=photo.access, trust=trust, tokens=tokens)
        subject = Subject(kind=SubjectKind.URL, host=url.host, port=url.port, url=url.text)
        checks.append(
            Planned(probe="photo", subject=subject, options={"asked": msgspec.json.encode(asked).decode("utf-8")})
        )
    return checks


def asked_of(check: Planned) -> PhotoAsked:
    """What a planned check was told."""
    return msgspec.json.decode(str(check.options["asked"]), type=PhotoAsked)


def contacts(check: Planned, site: Site) -> list[Contact]:
    """The host that the URL names, and the issuers of its certificates where they are looked at."""
    url, asked = parse_photo_url(check.subject.url or ""), asked_of(check)
    if not url.askable:
        return []
    source = source_of(site)
    what = "a photo, as the Sametime Proxy and Meetings' clients fetch it"
    lines = [
        Contact(
            source=source,
            destination=url.host,
            port=str(url.port),
            protocol="TCP, TLS, HTTP" if url.tls else "TCP, HTTP",
            reason=what if asked.role is PhotoRole.HOST else "the same photo, as the Sametime Proxy hands it out",
        )
    ]
    if check.path.proxy is not None:
        also = ", and to issuers of missing certificates" if asked.trust else ""
        return contacts_through(check, source, lines, also=also)
    if asked.trust:
        lines.append(
            Contact(
                source=source,
                destination="the certificates' issuers (their caIssuers addresses)",
                port="80, 443",
                protocol="HTTP, HTTPS",
                reason="only when a chain is incomplete, to prove the repair; never with --offline",
                third_party=True,
            )
        )
    return lines
