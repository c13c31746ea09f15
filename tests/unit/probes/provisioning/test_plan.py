"""Which checks a provisioning URL makes, and whom they would contact."""

from __future__ import annotations

from typing import Any

import pytest

from stdiag.engine.plan import contacts, plan
from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.model import Site, StproxySite, SubjectKind, TlsSite
from stdiag.probes.provisioning.plan import photo_port, planned, planned_url
from stdiag.probes.registry import probe_named

PROBES = (probe_named("tls"), probe_named("provisioning"))
"""Those that ask what a provisioning URL names for its own sake; others have their own tests of what they plan."""

ACTION = "/?action=AddCommunity"


def site(url: str, **more: Any) -> Site:
    return Site(stproxy=StproxySite(provisioning_url=url), **more)


def checks(the_site: Site) -> list[tuple[str, str, int | None]]:
    return [(one.probe, one.subject.host, one.subject.port) for one in plan(the_site, PROBES).checks]


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        (f"hclsametime://chat.example.com{ACTION}", ("chat.example.com", 443)),
        (f"hclsametime://Chat.Example.Com:8443{ACTION}", ("chat.example.com", 8443)),
        (f"sametime://u:p@chat.example.com:9443{ACTION}", ("chat.example.com", 9443)),
        (f"sametime://[2001:db8::1]:9443{ACTION}&ssl=true", ("2001:db8::1", 9443)),
    ],
)
def test_with_tls_both_probes_ask(url: str, endpoint: tuple[str, int]) -> None:
    assert checks(site(url)) == [("tls", *endpoint), ("provisioning", *endpoint)]


@pytest.mark.parametrize("more", ["&ssl=false", "&ssl=maybe"])
def test_without_tls_only_this_one_does(more: str) -> None:
    assert checks(site(f"sametime://chat.example.com:9080{ACTION}{more}")) == [
        ("provisioning", "chat.example.com", 9080)
    ]


def test_without_a_port_none_is_tried() -> None:
    the_site = site(f"sametime://chat.example.com{ACTION}")
    assert checks(the_site) == [("provisioning", "chat.example.com", None)]
    assert contacts(plan(the_site, PROBES), the_site, PROBES) == []


def test_an_endpoint_that_is_named_twice_is_one_tls_check() -> None:
    the_site = site(f"hclsametime://chat.example.com{ACTION}", tls=TlsSite(targets=["chat.example.com:443"]))
    assert checks(the_site) == [("tls", "chat.example.com", 443), ("provisioning", "chat.example.com", 443)]


def test_without_a_url_it_does_not_apply() -> None:
    the_plan = plan(Site(stproxy=StproxySite(url="https://chat.example.com")), PROBES)
    assert [one.probe for one in the_plan.checks] == ["tls"]
    assert "provisioning" in [one.what for one in the_plan.not_applicable]


def test_who_would_be_contacted() -> None:
    the_site = site(f"sametime://chat.example.com:9080{ACTION}&ssl=false&photoPort=8444")
    lines = contacts(plan(the_site, PROBES), the_site, PROBES)
    assert [(line.destination, line.port) for line in lines] == [
        ("chat.example.com", "9080"),
        ("chat.example.com", "8444"),
    ]


def test_text_only_contacts_nobody() -> None:
    url = parse_provisioning(f"hclsametime://chat.example.com{ACTION}")
    check = planned(url, text_only=True)
    probe = next(probe for probe in PROBES if probe.name == "provisioning")
    assert probe.contacts(check, Site()) == []


@pytest.mark.parametrize(
    ("value", "port"),
    [("0", None), ("8444", 8444), ("443", None), ("65536", None), ("x", None), ("٣", None), ("", None)],
)
def test_photo_port(value: str, port: int | None) -> None:
    assert photo_port(parse_provisioning(f"sametime://h.example.com:443{ACTION}&photoPort={value}")) == port


@pytest.mark.parametrize(
    "typed",
    [
        f" 'HCLSametime://u:secret@h.example.com{ACTION}' ",
        "hclsametime://h.example.com/?action=Add\nCommunity",
        f"hclsametime://%s@h.example.com{ACTION}&a\x07b=c",
    ],
)
def test_the_check_knows_what_was_typed_and_no_secret(typed: str) -> None:
    url = parse_provisioning(typed)
    check = planned(url)
    assert check.subject.kind is SubjectKind.URL
    assert "secret" not in repr(check)
    again = planned_url(check)
    assert all(defect in again.defects for defect in url.defects)
    assert again.host == url.host
