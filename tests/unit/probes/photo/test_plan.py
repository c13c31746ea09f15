"""Which photos are asked for, whom that contacts, and what is left out."""

from __future__ import annotations

import pytest
from tests.unit.probes.photo.observations import COPY_URL, HOST, URL

from stdiag.formats.proxy import parse_proxy
from stdiag.model import PhotoAccess, PhotoSite, Site, Vantage
from stdiag.probes.photo.observation import PhotoRole
from stdiag.probes.photo.plan import AT_MOST, PhotoAsked, asked_of, contacts, plan
from stdiag.probes.shared.through import through


def asked(site: PhotoSite) -> dict[str, PhotoAsked]:
    return {str(check.subject.url): asked_of(check) for check in plan(Site(photo=site))[0]}


@pytest.mark.parametrize("photo", [None, PhotoSite()])
def test_a_site_without_photos(photo: PhotoSite | None) -> None:
    checks, beside = plan(Site(photo=photo))
    assert checks == []
    assert [one.what for one in beside] == ["photo"]


def test_each_photo_once_and_certificates_once_a_host() -> None:
    other = f"https://{HOST}/zoe@example.com.jpg"
    found = asked(PhotoSite(urls=[URL, URL, other], stproxy_urls=[COPY_URL], ltpa_token2="env:T"))
    assert list(found) == [URL, other, COPY_URL]
    assert [one.trust for one in found.values()] == [True, False, False]
    assert [one.role for one in found.values()] == [PhotoRole.HOST, PhotoRole.HOST, PhotoRole.COPY]
    assert [one.number for one in found.values()] == [0, 2, 0]
    assert found[URL].tokens == ["LtpaToken2"]
    assert found[URL].access is PhotoAccess.RESTRICTED


def test_http_has_no_certificates() -> None:
    assert not asked(PhotoSite(urls=[URL.replace("https", "http")]))[URL.replace("https", "http")].trust


def test_a_sample_is_enough_and_the_rest_is_told() -> None:
    urls = [f"https://{HOST}/user{number}@example.com.jpg" for number in range(20)]
    copies = [f"https://chat.example.com/{number}.jpg" for number in range(3)]
    checks, beside = plan(Site(photo=PhotoSite(urls=urls, stproxy_urls=copies)))
    roles = [asked_of(check).role for check in checks]
    assert len(roles) == AT_MOST
    assert roles.count(PhotoRole.COPY) == 3
    assert len(checks) + len(beside) == 23
    only_copies, _ = plan(Site(photo=PhotoSite(stproxy_urls=[f"https://c.example/{n}.jpg" for n in range(9)])))
    assert len(only_copies) == AT_MOST


def test_whom_it_contacts() -> None:
    site = Site(photo=PhotoSite(urls=[URL], stproxy_urls=[COPY_URL]), vantage=Vantage.STPROXY)
    first, second = plan(site)[0]
    lines = contacts(first, site)
    assert [(line.source, line.destination, line.port) for line in lines] == [
        ("the Sametime Proxy host", HOST, "443"),
        ("the Sametime Proxy host", "the certificates' issuers (their caIssuers addresses)", "80, 443"),
    ]
    assert [line.third_party for line in lines] == [False, True]
    assert [line.destination for line in contacts(second, site)] == ["chat.example.com"]


def test_through_a_proxy() -> None:
    site = Site(photo=PhotoSite(urls=[URL]))
    proxy, _ = parse_proxy("http://proxy.example.com:3128")
    (check,) = plan(site)[0]
    lines = contacts(through(check, proxy), site)
    assert [line.destination for line in lines[:2]] == ["proxy.example.com", HOST]


@pytest.mark.parametrize("url", ["joe.jpg", f"https://{HOST}/{{mail}}.jpg"])
def test_what_names_nobody_contacts_nobody(url: str) -> None:
    site = Site(photo=PhotoSite(urls=[url]))
    (check,) = plan(site)[0]
    assert contacts(check, site) == []
    assert check.subject.url == url
