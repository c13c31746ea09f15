"""Who answers for the name, and whether the others say the same: --resolve, hosts file, system, DNS."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.catalogue.kinds import names as kinds
from stdiag.formats.address_range import same_address
from stdiag.model import FaultReason, Finding, Subject, SubjectKind
from stdiag.net.name_records import DnsAnswer, DnsStatus
from stdiag.probes.names.analysis import AnsweredBy
from stdiag.probes.names.observation import HostRole, NameObservation

SAYS_NOTHING = {
    DnsStatus.NXDOMAIN: "does not know the name",
    DnsStatus.NO_DATA: "has no address for it",
    DnsStatus.TIMEOUT: "did not answer",
    DnsStatus.FAILED: "gave no usable answer",
    DnsStatus.NO_SERVER: "is not set up on this machine",
}
WITHOUT_ANSWER = (DnsStatus.TIMEOUT, DnsStatus.FAILED, DnsStatus.NO_SERVER)
"""Nothing follows from these: another moment may bring another answer."""
_CURE = "this line is the cure, on this machine"
FOR_CLIENTS = frozenset({HostRole.STPROXY, HostRole.PROVISIONING, HostRole.COMMUNITY, HostRole.PAGE})
"""Roles of hosts that users' machines look up, and not only servers."""


def answered_by(seen: NameObservation) -> AnsweredBy:
    """Who decides where the name leads from here."""
    if seen.addresses and all(one.told_by_resolve for one in seen.addresses):
        return AnsweredBy.RESOLVE
    if not seen.system:
        return AnsweredBy.NOBODY
    if all(_holds([entry.address for entry in seen.hosts], address) for address in seen.system):
        return AnsweredBy.HOSTS_FILE
    if seen.dns is not None and any(_holds(seen.dns.addresses, address) for address in seen.system):
        return AnsweredBy.DNS
    if seen.dns is not None and seen.dns.searched_as:
        return AnsweredBy.SEARCH_DOMAIN
    return AnsweredBy.SYSTEM


def source_words(seen: NameObservation) -> str:
    """The same in words that name the place."""
    match answered_by(seen):
        case AnsweredBy.RESOLVE:
            return "--resolve or the table [resolve]"
        case AnsweredBy.HOSTS_FILE:
            return place_of(seen)
        case AnsweredBy.DNS:
            return "the DNS"
        case AnsweredBy.SEARCH_DOMAIN:
            return f"the DNS, asked for {seen.dns.searched_as if seen.dns else None}"
        case AnsweredBy.SYSTEM | AnsweredBy.NOBODY:
            return "this machine's own look-up"


def place_of(seen: NameObservation) -> str:
    """The lines of the hosts file that answer."""
    numbers = ", ".join(dict.fromkeys(str(entry.line) for entry in seen.hosts))
    lines = "line" if "," not in numbers else "lines"
    return f"{lines} {numbers} of {seen.hosts[0].file}" if seen.hosts else "the hosts file"


def judge_answer(seen: NameObservation) -> list[Finding]:
    """What is to be said of the answer as such."""
    by = answered_by(seen)
    subject = Subject(kind=SubjectKind.NAME, host=seen.host)
    if by is AnsweredBy.RESOLVE:
        return _override(seen, subject)
    findings: list[Finding] = []
    if by is AnsweredBy.HOSTS_FILE:
        findings.append(_hosts_file(seen, subject))
    elif by is AnsweredBy.SEARCH_DOMAIN and seen.dns is not None:
        full = seen.dns.searched_as
        findings.append(kinds.NAMES_SEARCH_DOMAIN.found(subject, evidence=["/observation/dns"], full=full))
    elif by is AnsweredBy.SYSTEM and seen.dns is not None and seen.dns.status not in WITHOUT_ANSWER:
        findings.append(
            kinds.NAMES_SYSTEM_DIFFERS.found(
                subject,
                evidence=["/observation/system", "/observation/dns"],
                here=list(seen.system),
                dns=_clause(seen.dns),
                servers=list(seen.dns.servers),
            )
        )
    return findings


def _override(seen: NameObservation, subject: Subject) -> list[Finding]:
    """Before the DNS is switched over that is as it should be: said, so that nobody takes it for the DNS's answer."""
    if not seen.system_asked:
        return []
    told = [one.address for one in seen.addresses]
    if seen.system and all(_holds(told, address) for address in seen.system):
        return []
    system = f"leads to {', '.join(seen.system)}" if seen.system else "has no address here"
    if seen.system_fault is not None and seen.system_fault.reason is not FaultReason.NAME_NOT_FOUND:
        system = f"could not be looked up ({seen.system_fault.reason})"
    evidence = ["/observation/addresses", "/observation/system" if seen.system else "/observation/system_fault"]
    return [kinds.NAMES_OVERRIDE_DIFFERS.found(subject, evidence=evidence, told=told, system=system)]


def _hosts_file(seen: NameObservation, subject: Subject) -> Finding:
    here, dns = list(seen.system), seen.dns
    evidence = ["/observation/hosts", *(["/observation/dns"] if dns else [])]
    place = place_of(seen)

    def agrees(clause: str) -> Finding:
        return kinds.NAMES_HOSTS_FILE.found(subject, evidence=evidence, here=here, dns=clause, place=place)

    if dns is None:
        return agrees("was not asked")
    if dns.status is not DnsStatus.ANSWERED:
        only_here = dns.status not in WITHOUT_ANSWER and not dns.searched_as
        if not only_here or not FOR_CLIENTS & set(seen.roles):
            return agrees(_clause(dns))
    elif seen.dns_management and not any(one.management for one in seen.addresses):
        return agrees(f"{_clause(dns)}, of which a management network has {', '.join(seen.dns_management)}: {_CURE}")
    elif all(_holds(dns.addresses, address) for address in here):
        left_out = [address for address in dns.addresses if not _holds(here, address)]
        return agrees(f"lists {', '.join(left_out)} as well" if left_out else "says the same")
    return kinds.NAMES_HOSTS_DIFFERS.found(subject, evidence=evidence, here=here, dns=_clause(dns), place=place)


def _clause(dns: DnsAnswer) -> str:
    if dns.status is DnsStatus.ANSWERED:
        return f"says {', '.join(dns.addresses)}"
    return SAYS_NOTHING[dns.status]


def _holds(addresses: Sequence[str], wanted: str) -> bool:
    return any(same_address(address, wanted) for address in addresses)
