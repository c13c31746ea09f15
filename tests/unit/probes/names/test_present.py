"""What the screen shows of a name."""

from __future__ import annotations

from tests.unit.probes.names.observations import address, dns, hosts, judged, seen

from stdiag.model import Check, FaultReason, KeyValues, Outcome, Subject, SubjectKind, Table, to_raw
from stdiag.net.name_records import DnsStatus
from stdiag.probes.names.observation import NameObservation
from stdiag.probes.names.present import present


def shown(observed: NameObservation) -> tuple[dict[str, str], list[list[str]]]:
    subject = Subject(kind=SubjectKind.NAME, host=observed.host)
    check = Check(probe="names", subject=subject, outcome=Outcome.PASS)
    check.observation, check.analysis = to_raw(observed), to_raw(judged(observed)[0])
    properties, rows = {}, []
    for block in present(check):
        if isinstance(block, KeyValues):
            properties = dict(block.items)
        elif isinstance(block, Table):
            rows = block.rows
    return properties, rows


def test_who_answers_and_where_it_leads() -> None:
    answer = dns("10.1.1.5", "10.99.1.5")
    answer.aliases, answer.ttl_s = ["node1.acme.com"], 300
    named = address("10.1.1.5", 443)
    named.reverse, named.source_interface = ["node1.acme.com"], "eth0"
    dead = address("10.99.1.5", 443, fault=FaultReason.REFUSED, source=None)
    properties, rows = shown(seen(named, dead, dns=answer, system_took_us=1234, default_sources=["10.1.1.77"]))
    assert properties == {
        "is": "the Sametime Proxy",
        "answered by": "the DNS",
        "the system says": "10.1.1.5, 10.99.1.5, after 1 ms",
        "the DNS says": "10.1.1.5, 10.99.1.5 by way of node1.acme.com, for 300 s",
        "this machine's way out": "10.1.1.77",
    }
    assert rows == [
        ["10.1.1.5", "a private address", "10.1.1.77 (eth0)", "yes", "node1.acme.com"],
        ["10.99.1.5", "in the management network 10.99.0.0/16", "no route", "no", "-"],
    ]


def test_the_hosts_file_and_a_dns_that_knows_another_name() -> None:
    properties, _ = shown(seen(address("10.1.1.5"), hosts=hosts("10.1.1.5", "10.1.1.6"), dns=dns()))
    assert properties["answered by"] == "lines 7, 8 of /etc/hosts"
    assert properties["the DNS says"] == "it does not know the name"
    properties, _ = shown(seen(address("10.1.1.5"), dns=dns(status=DnsStatus.NXDOMAIN, searched_as="chat.acme.com")))
    assert properties["the DNS says"] == "it does not know the name; it knows chat.acme.com"


def test_a_port_that_differs() -> None:
    both = address("10.1.1.5", 443)
    both.tried += address("10.1.1.5", 1533, fault=FaultReason.REFUSED).tried
    _, rows = shown(seen(both))
    assert rows[0][3] == "by port"


def test_nothing_to_show() -> None:
    check = Check(probe="names", subject=Subject(kind=SubjectKind.NAME, host="a.acme.com"), outcome=Outcome.SKIP)
    assert present(check) == []
