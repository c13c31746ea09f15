"""Which push checks a site gets."""

from __future__ import annotations

import pytest

from stdiag.engine.plan import plan as engine_plan
from stdiag.engine.plan import without_third_parties
from stdiag.model import PushEndpoints, PushEnvironment, PushSite, Site, StproxySite, TlsSite
from stdiag.probes.push.plan import asked_of, contacts, plan
from stdiag.probes.push.services import PushQuestion
from stdiag.probes.registry import probe_named


def subjects(push: PushSite | None) -> list[str]:
    checks, _ = plan(Site(push=push))
    return [str(check.subject) for check in checks]


def test_without_the_table_nothing() -> None:
    checks, beside = plan(Site())
    assert not checks
    assert beside[0].reason == "the site has no [push] table, and its clients name no phones"


@pytest.mark.parametrize(
    ("clients", "hosts"),
    [
        (["ios>=15"], {"api.push.apple.com"}),
        (["android>=6", "openjdk"], {"fcm.googleapis.com", "oauth2.googleapis.com"}),
        (["all"], {"api.push.apple.com", "fcm.googleapis.com"}),
    ],
)
def test_phones_among_the_clients_need_the_way_to_their_service(clients: list[str], hosts: set[str]) -> None:
    checks, _ = plan(Site(clients=clients))
    planned = {check.subject.host for check in checks}
    assert hosts <= planned
    assert ("api.push.apple.com" in planned) is ("api.push.apple.com" in hosts)
    assert all(asked_of(check).key is None for check in checks)


def test_offline_nobody_is_contacted_whom_the_site_does_not_name() -> None:
    probes = (probe_named("push"),)
    for site, kept in ((Site(clients=["ios"]), 0), (Site(push=PushSite(key="k.p12", google=False)), 3)):
        offline = without_third_parties(engine_plan(site, probes), site, probes)
        assert len(offline.checks) == kept
        assert {entry.what for entry in offline.not_selected} == (
            set() if kept else {"push api.push.apple.com:443", "push api.push.apple.com:2197"}
        )


@pytest.mark.parametrize(
    "site",
    [
        Site(clients=["openjdk", "java"]),
        Site(stproxy=StproxySite(url="https://chat.example.com")),
        Site(stproxy=StproxySite(provisioning_url="hclsametime://chat.example.com/?action=AddCommunity")),
    ],
)
def test_nobody_is_contacted_where_no_phones_are_named(site: Site) -> None:
    assert not plan(site)[0]


def test_an_empty_table_asks_apple_and_google() -> None:
    assert subjects(PushSite()) == [
        "api.push.apple.com:443",
        "api.push.apple.com:2197",
        "fcm.googleapis.com:443",
        "oauth2.googleapis.com:443",
        "accounts.google.com:443",
        "iid.googleapis.com:443",
    ]


def test_the_sandbox_and_the_old_interface() -> None:
    push = PushSite(environment=PushEnvironment.SANDBOX, legacy=True, google=False)
    assert subjects(push) == [
        "api.sandbox.push.apple.com:443",
        "api.sandbox.push.apple.com:2197",
        "gateway.sandbox.push.apple.com:2195",
        "feedback.sandbox.push.apple.com:2196",
    ]


@pytest.mark.parametrize("port", [2195, 2196])
def test_a_configuration_of_the_old_interface_is_looked_at(port: int) -> None:
    assert any(subject.endswith(f":{port}") for subject in subjects(PushSite(notification_port=port)))


def test_files_come_first_and_with_their_limit() -> None:
    site = Site(push=PushSite(key="k.p12", trust_store="t.p12"), tls=TlsSite(renew_before_days=60))
    checks, _ = plan(site)
    assert [asked_of(check).question for check in checks[:2]] == [PushQuestion.KEY, PushQuestion.TRUST_STORE]
    assert asked_of(checks[0]).renew_before_days == 60
    assert asked_of(checks[1]).key is None
    assert not contacts(checks[0], site)


def test_a_proxy_is_needed_and_the_direct_way_is_compared() -> None:
    site = Site(push=PushSite(via="http://proxy.example.com:3128", google=False))
    checks, _ = plan(site)
    assert [(str(check.subject), asked_of(check).needed) for check in checks] == [
        ("api.push.apple.com:443", False),
        ("api.push.apple.com:2197", False),
        ("api.push.apple.com:443 via http://proxy.example.com:3128", True),
        ("api.push.apple.com:2197 via http://proxy.example.com:3128", True),
    ]
    assert [(line.destination, line.port) for check in checks for line in contacts(check, site)][2:] == [
        ("proxy.example.com", "3128")
    ] * 2


def test_endpoints_can_be_others() -> None:
    named = PushEndpoints(
        apns=["127.0.0.1:8443"], legacy=["[::1]:2195"], google=["a.example:1"], devices=["b.example:2"]
    )
    assert subjects(PushSite(endpoints=named, device_side=True)) == [
        "127.0.0.1:8443",
        "[::1]:2195",
        "a.example:1",
        "b.example:2",
    ]


def test_no_secret_is_planned() -> None:
    push = PushSite(key="k.p12", passphrase="env:APNS_PASSPHRASE", via="http://u@p:1", password="env:PW")  # noqa: S106
    checks, _ = plan(Site(push=push))
    assert "APNS_PASSPHRASE" not in repr(checks)
