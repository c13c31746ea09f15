"""Which names of a site are looked at, with which ports, and whom that contacts."""

from __future__ import annotations

from typing import Any

import pytest

from stdiag.model import (
    CommunityPath,
    CommunitySite,
    Expected,
    HealthSite,
    NamesSite,
    PhotoSite,
    PushEndpoints,
    PushSite,
    Site,
    StproxySite,
    SubjectKind,
    TlsSite,
    Vantage,
)
from stdiag.probes.names.plan import contacts, plan


def planned(site: Site) -> dict[str, dict[str, Any]]:
    """Host → options."""
    checks, _ = plan(site)
    assert all(check.subject.kind is SubjectKind.NAME for check in checks)
    return {check.subject.host: check.options for check in checks}


def community(*paths: CommunityPath) -> dict[str, dict[str, Any]]:
    return planned(Site(community=CommunitySite(host="mux.acme.com", path=list(paths))))


def test_every_table_of_the_site() -> None:
    site = Site(
        stproxy=StproxySite(
            url="https://chat.acme.com/",
            provisioning_url="hclsametime://m.acme.com:8443/?action=AddCommunity",
        ),
        community=CommunitySite(host="mux.acme.com"),
        health=HealthSite(meetings_url="http://meet.acme.com/stmeetings", pages=["https://help.acme.com:9443/x"]),
        photo=PhotoSite(urls=["https://photos.acme.com/a.jpg"], stproxy_urls=["https://chat.acme.com/photos/a.jpg"]),
        push=PushSite(endpoints=PushEndpoints(apns=["relay.acme.com:2197"])),
        tls=TlsSite(targets=["ldap.acme.com:636", "chat.acme.com:9443"]),
        names=NamesSite(hosts=["db2.acme.com:50000", "dm.acme.com"]),
    )
    found = planned(site)
    assert {host: options.get("tried") for host, options in found.items()} == {
        "chat.acme.com": "443,9443",
        "meet.acme.com": "80",
        "help.acme.com": "9443",
        "photos.acme.com": "443",
        "m.acme.com": "8443",
        "mux.acme.com": "1533",
        "relay.acme.com": "2197",
        "ldap.acme.com": "636",
        "db2.acme.com": "50000",
        "dm.acme.com": None,
    }
    assert found["chat.acme.com"]["roles"] == "stproxy,target"


@pytest.mark.parametrize(
    "site",
    [
        Site(),
        Site(stproxy=StproxySite(url="https://192.0.2.10/"), names=NamesSite(hosts=["[2001:db8::1]:389"])),
        Site(stproxy=StproxySite(url="https://localhost:8443/"), community=CommunitySite(host="127.0.0.1")),
        Site(stproxy=StproxySite(provisioning_url="sametime://oauth2redirect")),
        Site(stproxy=StproxySite(provisioning_url="hclsametime://chat acme/?action=AddCommunity")),
    ],
)
def test_a_site_without_names_says_so(site: Site) -> None:
    checks, not_applicable = plan(site)
    assert checks == []
    assert [(one.what, "no name to look up" in one.reason) for one in not_applicable] == [("names", True)]


def test_the_server_is_looked_up_here_only_for_ways_that_need_it() -> None:
    here, there = "socks5://proxy.acme.com:1080", "socks5h://proxy.acme.com:1080"
    assert community(CommunityPath())["mux.acme.com"] == {"roles": "community", "ports": "1533", "tried": "1533"}
    assert community(CommunityPath(via=here))["mux.acme.com"] == {"roles": "community", "ports": "1533"}
    assert set(community(CommunityPath(via=there))) == {"proxy.acme.com"}
    assert set(community(CommunityPath(via="http://proxy.acme.com:3128"))) == {"proxy.acme.com"}
    assert set(community(CommunityPath(via="reverse:https://rp.acme.com/st"))) == {"rp.acme.com"}
    assert community(CommunityPath(via="system")) == {}


@pytest.mark.parametrize("expected", [Expected.CLOSED, Expected.OPTIONAL])
def test_a_way_that_need_not_work_needs_no_name(expected: Expected) -> None:
    assert community(CommunityPath(expected=expected)) == {}


def test_ports_of_several_ways_are_put_together() -> None:
    paths = (CommunityPath(ports=[1533, 8082], expected=Expected.OPEN), CommunityPath(via="socks4://p:1", ports=[80]))
    assert community(*paths)["mux.acme.com"] == {"roles": "community", "ports": "1533,8082,80", "tried": "1533,8082"}


def test_a_push_proxy_looks_everything_up() -> None:
    push = PushSite(via="http://out.acme.com:3128", endpoints=PushEndpoints(apns=["relay.acme.com:2197"]))
    assert set(planned(Site(push=push))) == {"out.acme.com"}


def test_ports_are_bounded() -> None:
    targets = [f"chat.acme.com:{port}" for port in range(8000, 8010)]
    options = planned(Site(tls=TlsSite(targets=targets)))["chat.acme.com"]
    assert (options["tried"], options["left"]) == ("8000,8001,8002,8003", 6)


def test_a_sweep_is_not_made_longer() -> None:
    site = Site(tls=TlsSite(targets=["a.acme.com:443", "b.acme.com:443"], quick=True))
    checks, not_applicable = plan(site)
    assert checks == []
    assert not_applicable[0].what == "names of 2 TLS targets"


def test_what_the_check_needs_of_the_site() -> None:
    site = Site(
        vantage=Vantage.INTERNET,
        stproxy=StproxySite(url="https://chat.acme.com./"),
        names=NamesSite(management_networks=["10.99.0.0/16", "fd00:99::/64"]),
    )
    options = planned(site)["chat.acme.com"]
    assert (options["dotted"], options["internet"]) == (True, True)
    assert options["management"] == "10.99.0.0/16,fd00:99::/64"


def lines(site: Site) -> list[tuple[str, str]]:
    (check,) = plan(site)[0]
    return [(line.destination, line.port) for line in contacts(check, site)]


def test_contacts_are_name_servers_and_the_hosts_own_ports() -> None:
    servers = ("the DNS servers of this machine", "53")
    assert lines(Site(names=NamesSite(hosts=["db2.acme.com"]))) == [servers]
    assert lines(Site(names=NamesSite(hosts=["db2.acme.com:50000"]))) == [("db2.acme.com", "50000"), servers]
    told = Site(names=NamesSite(hosts=["db2.acme.com:50000"]), resolve={"db2.acme.com:50000": "192.0.2.7"})
    assert lines(told) == [("db2.acme.com (at 192.0.2.7, by resolve)", "50000"), servers]


def test_no_name_server_is_asked_for_a_reserved_name_that_is_answered_here() -> None:
    site = Site(names=NamesSite(hosts=["db2.lab.example"]), resolve={"db2.lab.example": "192.0.2.7"})
    assert lines(site) == []
