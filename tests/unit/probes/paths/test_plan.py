"""Which paths are tried, and whom they contact."""

from __future__ import annotations

import pytest
from tests.unit.probes.paths.observations import HOST

from stdiag.model import CommunityPath, CommunitySite, Expected, Site, Vantage
from stdiag.probes.paths.plan import contacts, plan, specs_of


def planned(*paths: CommunityPath) -> list[tuple[str, str, int, Expected | None]]:
    checks, beside = plan(Site(community=CommunitySite(host=HOST, path=list(paths))))
    assert beside == []
    (check,) = checks
    assert str(check.subject) == HOST
    return [(str(spec.via), spec.path.method, spec.port, spec.expected) for spec in specs_of(check)]


def test_a_site_without_a_community_has_none() -> None:
    checks, beside = plan(Site())
    assert checks == []
    assert [entry.what for entry in beside] == ["paths"]


def test_directly_on_1533_and_the_old_ports_as_optional() -> None:
    assert planned() == [
        ("direct", "raw", 1533, None),
        ("direct", "cbr", 1533, Expected.OPTIONAL),
        ("direct", "raw", 80, Expected.OPTIONAL),
        ("direct", "cbr", 80, Expected.OPTIONAL),
        ("direct", "raw", 8082, Expected.OPTIONAL),
        ("direct", "cbr", 8082, Expected.OPTIONAL),
    ]


def test_an_http_proxy_is_two_paths() -> None:
    via = "http://proxy.example.com:3128"
    assert planned(CommunityPath(via=via, ports=[1533])) == [(via, "connect", 1533, None), (via, "cbr", 1533, None)]


@pytest.mark.parametrize("kind", ["socks4", "socks4a", "socks5", "socks5h"])
def test_a_socks_proxy_is_one(kind: str) -> None:
    via = f"{kind}://proxy.example.com:1080"
    assert planned(CommunityPath(via=via, ports=[1533, 80])) == [(via, "raw", 1533, None), (via, "raw", 80, None)]


def test_a_reverse_proxy_has_its_own_port() -> None:
    via = "reverse:https://front.example.com:8443/sales"
    assert planned(CommunityPath(via=via, ports=[1533])) == [(via, "cbr", 8443, None)]


def test_this_machines_settings_are_read_later() -> None:
    assert planned(CommunityPath(via="system", ports=[1533])) == [("system", "raw", 1533, None)]


def test_what_must_be_closed_is_tried_plainly_only() -> None:
    assert planned(CommunityPath(expected=Expected.CLOSED)) == [("direct", "raw", 1533, Expected.CLOSED)]


def test_each_path_once() -> None:
    same = CommunityPath(ports=[1533])
    assert len(planned(same, same)) == 2


def test_no_secret_stands_in_the_plan() -> None:
    path = CommunityPath(via="socks5://p.example.com", user="u", password="env:X", ports=[1533])  # noqa: S106 - where it is, not what
    checks, _ = plan(Site(community=CommunitySite(host=HOST, path=[path])))
    proxy = specs_of(checks[0])[0].proxy
    assert proxy is not None
    assert (proxy.user, proxy.password_ref) == ("u", "env:X")


def test_contacts_are_first_hops_each_once() -> None:
    paths = [
        CommunityPath(ports=[1533]),
        CommunityPath(via="http://proxy.example.com:3128", ports=[1533, 80]),
        CommunityPath(via="reverse:https://front.example.com/sales"),
        CommunityPath(via="system", ports=[1533]),
    ]
    site = Site(community=CommunitySite(host=HOST, path=paths), vantage=Vantage.INSIDE)
    lines = contacts(plan(site)[0][0], site)
    assert [(line.destination, line.port) for line in lines] == [
        (HOST, "1533"),
        ("proxy.example.com", "3128"),
        ("front.example.com", "443"),
        (f"the proxy of this machine's settings, to {HOST}:1533", "as set"),
        ("the DNS servers of this machine", "53"),
    ]
    assert {line.source for line in lines} == {"a machine in the inside network"}
