"""Facts about names, as observe() would record them."""

from __future__ import annotations

from datetime import UTC, datetime

from stdiag.formats.address_range import network_of, range_of
from stdiag.model import Fault, FaultReason, Finding, NamesSite, Severity, Site, Vantage
from stdiag.net.name_records import DnsAnswer, DnsStatus
from stdiag.probes.contract import Context
from stdiag.probes.names.analysis import NamesAnalysis
from stdiag.probes.names.judge import judge
from stdiag.probes.names.observation import HostRole, HostsEntry, NamedAddress, NameObservation, PortTried

HOST = "chat.acme.com"
MANAGEMENT = "10.99.0.0/16"
STARTED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def address(
    text: str,
    *ports: int,
    fault: FaultReason | None = None,
    told: bool = False,
    card: str | None = None,
    source: str | None = "10.1.1.77",
    real_port: int | None = None,
) -> NamedAddress:
    """An address; with ports one that was tried at them, and failed where there is a `fault`."""
    tried = [
        PortTried(port=port, real_port=real_port or port, fault=Fault(fault) if fault else None, duration_us=5_000_000)
        for port in ports
    ]
    return NamedAddress(
        address=text,
        told_by_resolve=told,
        range=range_of(text),
        management=network_of(text, [MANAGEMENT]),
        interface=card,
        source=source,
        source_management=network_of(source, [MANAGEMENT]) if source else None,
        tried=tried,
    )


def seen(*addresses: NamedAddress, host: str = HOST, **fields: object) -> NameObservation:
    """An observation in which the system gave these addresses."""
    told = [one for one in addresses if one.told_by_resolve]
    made = NameObservation(
        host=host,
        roles=[HostRole.STPROXY],
        ports=sorted({tried.port for one in addresses for tried in one.tried}),
        system_asked=not told,
        system=[] if told else [one.address for one in addresses],
        addresses=list(addresses),
    )
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def dns(*addresses: str, status: DnsStatus | None = None, searched_as: str | None = None) -> DnsAnswer:
    """What the DNS said."""
    ended = status or (DnsStatus.ANSWERED if addresses else DnsStatus.NXDOMAIN)
    return DnsAnswer(status=ended, addresses=list(addresses), searched_as=searched_as, servers=["10.1.1.53"])


def hosts(*addresses: str) -> list[HostsEntry]:
    """Lines of the hosts file."""
    return [HostsEntry(file="/etc/hosts", line=number, address=one) for number, one in enumerate(addresses, start=7)]


def judged(observation: NameObservation, vantage: Vantage | None = None) -> tuple[NamesAnalysis, list[Finding]]:
    """The judgement, on a site with a management network."""
    site = Site(vantage=vantage, names=NamesSite(management_networks=[MANAGEMENT]))
    return judge(observation, Context(started=STARTED, site=site))


def codes(observation: NameObservation, vantage: Vantage | None = None) -> dict[str, Severity]:
    """Codes with their severity."""
    return {finding.code: finding.severity for finding in judged(observation, vantage)[1]}


def one(observation: NameObservation, code: str, vantage: Vantage | None = None) -> Finding:
    """The one finding with this code."""
    (found,) = [finding for finding in judged(observation, vantage)[1] if finding.code == code]
    return found
