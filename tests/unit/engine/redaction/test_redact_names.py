"""Names, addresses and network cards of a names check are pseudonyms, and the check can still be judged."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.unit.engine.fakes import STARTED, check
from tests.unit.engine.test_difference import report

from stdiag.engine.again import judge_again
from stdiag.engine.redaction.redact import redact
from stdiag.engine.runner import judged
from stdiag.formats.address_range import network_of, range_of
from stdiag.model import Fault, FaultReason, NamesSite, Report, Site, Subject, SubjectKind, to_raw
from stdiag.net.interfaces import OwnAddress
from stdiag.net.name_records import DnsAnswer, DnsStatus
from stdiag.probes.contract import Context
from stdiag.probes.names.observation import HostRole, HostsEntry, NamedAddress, NameObservation, PortTried
from stdiag.probes.registry import probe_named
from stdiag.render.json import to_json

HOST = "stchat01.acme-widgets.de"
NETWORK = "10.47.0.0/16"
SITE = Site(names=NamesSite(hosts=[HOST, "widgetdb:50000"], management_networks=[NETWORK]))
NEEDLES = ("stchat01", "acme", "widget", "10.47", "203.0.113.77", "fd12:3456", "Corporate LAN", "10.1.7")


def named(address: str, **fields: Any) -> NamedAddress:
    return NamedAddress(address=address, range=range_of(address), management=network_of(address, [NETWORK]), **fields)


def observed(**fields: Any) -> NameObservation:
    dead = PortTried(port=443, real_port=443, fault=Fault(FaultReason.REFUSED, f"refused by {HOST}"))
    seen = NameObservation(
        host=HOST,
        roles=[HostRole.STPROXY],
        ports=[443],
        system_asked=True,
        system=["10.1.7.5", "10.47.11.5"],
        hosts=[HostsEntry(file="/etc/hosts", line=3, address="10.1.7.5")],
        dns=DnsAnswer(
            status=DnsStatus.ANSWERED,
            addresses=["10.1.7.5", "10.47.11.5"],
            aliases=["node1.acme-widgets.de"],
            servers=["203.0.113.77"],
        ),
        dns_management=["10.47.11.5"],
        addresses=[
            named("10.1.7.5", source="10.1.7.9", source_interface="Corporate LAN", reverse=["widgetdb"]),
            named("10.47.11.5", interface="Corporate LAN 2", tried=[dead]),
        ],
        own=[OwnAddress("Corporate LAN", "10.1.7.9"), OwnAddress("Corporate LAN 2", "fd12:3456::9")],
        default_sources=["10.1.7.9"],
    )
    for name, value in fields.items():
        setattr(seen, name, value)
    return seen


def finished(seen: NameObservation) -> Report:
    made = check(probe="names", subject=Subject(kind=SubjectKind.NAME, host=HOST))
    made.observation = to_raw(seen)
    probe = probe_named("names")
    judged(made, seen, probe, Context(started=STARTED, site=SITE))
    return report(made, site=SITE)


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (observed(), "names-management-address"),
        (observed(system=["10.1.7.5"], addresses=[named("10.1.7.5")], dns_management=[]), "names-hosts-file"),
        (
            observed(
                addresses=[named("10.1.7.5", interface="Corporate LAN"), named("10.1.7.6", interface="Corporate LAN 2")]
            ),
            "names-own-cards",
        ),
    ],
)
def test_nothing_is_left_and_the_same_is_found(seen: NameObservation, code: str) -> None:
    whole = finished(seen)
    assert code in {finding.code for finding in whole.checks[0].findings}
    made = redact(whole, probe_named).report
    text = json.dumps(json.loads(to_json(made)), ensure_ascii=False)
    assert [needle for needle in NEEDLES if needle.lower() in text.lower()] == []
    assert made.redacted is not None
    assert made.redacted.not_judgeable == []
    again = judge_again(made, probe_named).report
    assert [finding.code for finding in again.checks[0].findings] == [
        finding.code for finding in whole.checks[0].findings
    ]


def test_the_hosts_files_place_stays() -> None:
    made = redact(finished(observed()), probe_named).report
    assert json.loads(bytes(made.checks[0].observation))["hosts"][0]["file"] == "/etc/hosts"
    assert made.site.names.hosts[0].endswith(".invalid")
    assert made.site.names.hosts[1].endswith(":50000")
