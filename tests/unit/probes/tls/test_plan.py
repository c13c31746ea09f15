"""Which TLS checks a site gets, and whom they contact."""

from __future__ import annotations

import pytest
from tests.unit.probes.tls.observations import HOST

from stdiag.formats.target import parse_target
from stdiag.model import Site, StproxySite, TlsSite, Vantage
from stdiag.probes.tls.plan import contacts, plan, planned, planned_file


def test_each_endpoint_once_and_the_stproxy_first() -> None:
    site = Site(
        stproxy=StproxySite(url=f"https://{HOST}/chat"),
        tls=TlsSite(targets=["mux.example.com:1516", f"{HOST}:443", HOST]),
    )
    checks, not_applicable = plan(site)
    assert [str(check.subject) for check in checks] == [f"{HOST}:443", "mux.example.com:1516"]
    assert not_applicable == []
    assert {check.probe for check in checks} == {"tls"}


def test_a_site_without_an_endpoint_says_so() -> None:
    checks, not_applicable = plan(Site())
    assert checks == []
    assert [entry.what for entry in not_applicable] == ["tls"]


def test_options_travel_with_the_check() -> None:
    site = Site(tls=TlsSite(targets=["192.0.2.1"], name=HOST, quick=True))
    (check,) = plan(site)[0]
    assert check.options == {"quick": True, "server_name": HOST}
    assert planned(parse_target(HOST)).options == {}


@pytest.mark.parametrize(
    ("target", "resolve", "destinations"),
    [
        (HOST, {}, [HOST, "the DNS servers of this machine", "issuers"]),
        ("192.0.2.1", {}, ["192.0.2.1", "issuers"]),
        ("[2001:db8::1]:8443", {}, ["2001:db8::1", "issuers"]),
    ],
)
def test_contacts(target: str, resolve: dict[str, str], destinations: list[str]) -> None:
    site = Site(resolve=resolve, vantage=Vantage.INSIDE)
    listed = contacts(planned(parse_target(target)), site)
    assert [line.destination.replace("the certificates' ", "").split(" (")[0] for line in listed] == destinations
    assert {line.source for line in listed} == {"a machine in the inside network"}


def test_a_name_that_is_resolved_here_asks_no_dns() -> None:
    for key in (f"{HOST}:443", HOST):
        listed = contacts(planned(parse_target(HOST)), Site(resolve={key: "192.0.2.10:443"}))
        assert not [line for line in listed if line.port == "53"]


def test_quick_fetches_no_issuers_and_a_file_nothing_else() -> None:
    assert not [line for line in contacts(planned(parse_target(HOST), quick=True), Site()) if "HTTP" in line.protocol]
    (line,) = contacts(planned_file("chain.pem", HOST), Site())
    assert line.port == "80, 443"
