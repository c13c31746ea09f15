"""From the facts about an endpoint to analysis and findings. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime

from stdiag.model import ClockReading, Fault, FaultReason, Finding, Param, Severity, Subject, SubjectKind, bracketed
from stdiag.probes.contract import Context
from stdiag.probes.shared.judge_certificates import certificate_facts, judge_certificates
from stdiag.probes.shared.judge_chain import JudgedChain, chain_analysis, judge_chain, judged_chain
from stdiag.probes.shared.judge_issuers import judge_issuers
from stdiag.probes.shared.judge_proxy import is_of_proxy, judge_no_ipv4, judge_proxy
from stdiag.probes.tls.analysis import ClientCertificate, TlsAnalysis
from stdiag.probes.tls.judge_differences import judge_addresses, judge_key_types, judge_without_sni
from stdiag.probes.tls.judge_protocol import client_certificate, judge_protocol, versions
from stdiag.probes.tls.judge_reach import (
    CONNECT_REASONS,
    as_unmeasured,
    judge_clients_of_today,
    judge_connect,
    judge_name,
    judge_no_handshake,
    lacks_route,
)
from stdiag.probes.tls.observation import AddressObservation, TlsObservation

SEVERITY_ORDER = {severity: place for place, severity in enumerate(Severity)}

MEASURED = {"address", "waited_s", "bytes_received", "first_bytes", "words"}
"""Parameters in which the same finding at two addresses may differ without being another finding."""


def judge(observation: TlsObservation, context: Context) -> tuple[TlsAnalysis, list[Finding]]:
    """(observation, context) → (analysis, findings)."""
    if observation.file is not None:
        return _judge_file(observation, context)
    return _Endpoint(observation, context).judge()


def _judge_file(observation: TlsObservation, context: Context) -> tuple[TlsAnalysis, list[Finding]]:
    subject = Subject(kind=SubjectKind.FILE, file=observation.file, host=observation.host)
    chain = judged_chain(
        observation.file_certificates, None, observation.fetched, context, subject, "/observation/file_certificates"
    )
    findings = judge_chain(chain, context) + judge_issuers(chain)
    findings += judge_certificates(chain, context, observation.host or None, asked_by_address=False)
    analysis = TlsAnalysis(chains=[chain_analysis(chain, None)], certificates=certificate_facts(chain, context.started))
    return analysis, _for_clients(observation, [], context, subject, analysis, findings)


def _for_clients(
    observation: TlsObservation,
    measured: Sequence[AddressObservation],
    context: Context,
    subject: Subject,
    analysis: TlsAnalysis,
    findings: list[Finding],
) -> list[Finding]:
    if not observation.clients:
        return findings
    from stdiag.probes.tls.judge_clients import judge_clients

    return judge_clients(observation, measured, context, subject, analysis, findings)


class _Endpoint:
    """The judgement of one endpoint: address by address, then over the addresses."""

    def __init__(self, observation: TlsObservation, context: Context) -> None:
        self._observation = observation
        self._context = context
        self._analysis = TlsAnalysis()
        self._subject = Subject(
            kind=SubjectKind.ENDPOINT, host=observation.host, port=observation.port, via=observation.via
        )
        self._name = observation.server_name or observation.host

    def judge(self) -> tuple[TlsAnalysis, list[Finding]]:
        observation, analysis = self._observation, self._analysis
        if observation.name_fault is not None:
            if observation.name_fault.reason is FaultReason.NO_IPV4:
                return analysis, judge_no_ipv4(self._subject, ["/observation/name_fault"])
            name = Subject(kind=SubjectKind.NAME, host=observation.host)
            return analysis, judge_name(observation, name)
        if not observation.addresses:
            analysis.undecided.append("no address was asked before the check ended")
        by_address: list[list[Finding]] = []
        notes: list[Finding] = []
        measured: list[AddressObservation] = []
        routed = any(not lacks_route(observed) for observed in observation.addresses)
        for number, observed in enumerate(observation.addresses):
            if observed.connect_fault is not None and is_of_proxy(observed.connect_fault):
                evidence = [f"/observation/addresses/{number}/connect_fault"]
                notes += judge_proxy(observed.connect_fault, self._subject, evidence)
                continue
            found = self._judge_address(observed, f"/observation/addresses/{number}")
            if routed and lacks_route(observed):
                analysis.unmeasured.append(f"{observed.address}: this machine has no route to it")
                notes += as_unmeasured(found)
                continue
            by_address.append(found)
            measured.append(observed)
        findings = _merged(by_address, self._subject) + notes
        findings += judge_addresses(measured, analysis.chains, self._subject)
        self._summarise(measured)
        findings = _without_repeats(findings)
        return analysis, _for_clients(observation, measured, self._context, self._subject, analysis, findings)

    def _judge_address(self, observed: AddressObservation, pointer: str) -> list[Finding]:
        subject = Subject(
            kind=SubjectKind.ADDRESS,
            host=self._observation.host,
            port=self._observation.port,
            address=_shown_address(observed, self._observation),
            via=self._observation.via,
        )
        if observed.connect_fault is not None:
            self._note_not_connected(observed.address, observed.connect_fault.reason)
            return judge_connect(observed, pointer, subject)
        findings: list[Finding] = []
        chains = self._chains(observed, pointer, subject)
        if not any(record.completed for record in observed.handshakes):
            findings += judge_no_handshake(observed, pointer, subject)
            self._note_interrupted(observed)
        elif not self._observation.quick:
            findings += judge_protocol(observed, pointer, subject, self._observation.server_name)
            findings += judge_clients_of_today(observed, findings, pointer, subject)
            if not any(record.completed and record.offer == "default" for record in observed.handshakes):
                self._note_interrupted(observed)
        if any(record.completed and not record.chain_sent for record in observed.handshakes):
            self._analysis.undecided.append(f"{observed.address}: a handshake without a certificate")
        for chain in chains:
            self._analysis.chains.append(chain_analysis(chain, observed.address))
        judged = [chain for chain in chains if chain.handshake is None or chain.handshake.offer != "no-sni"]
        for chain in judged or chains[:1]:
            findings += judge_chain(chain, self._context) + judge_issuers(chain)
            findings += judge_certificates(chain, self._context, self._name, asked_by_address=_is_address(self._name))
            self._analysis.certificates += certificate_facts(chain, self._context.started)
        findings += judge_key_types(judged, pointer, subject)
        findings += judge_without_sni(chains, subject)
        return findings

    def _chains(self, observed: AddressObservation, pointer: str, subject: Subject) -> list[JudgedChain]:
        """The different chains of an address: with SNI, without, and of the other kind of key where it has one."""
        chains: list[JudgedChain] = []
        seen: set[tuple[bool, str, tuple[str, ...]]] = set()
        for index, record in enumerate(observed.handshakes):
            if not record.chain_sent:
                continue
            key = (
                record.offer == "no-sni",
                record.server_name or "",
                tuple(certificate.sha256 for certificate in record.chain_sent),
            )
            if key in seen:
                continue
            seen.add(key)
            place = f"{pointer}/handshakes/{index}/chain_sent"
            chains.append(
                judged_chain(record.chain_sent, record, self._observation.fetched, self._context, subject, place)
            )
        return chains

    def _note_not_connected(self, address: str, reason: FaultReason) -> None:
        match reason:
            case FaultReason.CANCELLED:
                self._analysis.undecided.append(f"{address}: its check ended before it could be asked")
            case FaultReason.LOCAL:
                self._analysis.undecided.append(f"{address}: this machine reached a limit of its own")
            case _ if reason not in CONNECT_REASONS:
                self._analysis.undecided.append(f"{address}: it could not be connected to ({reason})")

    def _note_interrupted(self, observed: AddressObservation) -> None:
        if not observed.handshakes:
            self._analysis.undecided.append(f"{observed.address}: no handshake was made")
        if any(record.fault and record.fault.reason is FaultReason.CANCELLED for record in observed.handshakes):
            self._analysis.undecided.append(f"{observed.address}: the handshake was interrupted")
        if any(record.fault and record.fault.reason is FaultReason.LOCAL for record in observed.handshakes):
            self._analysis.undecided.append(f"{observed.address}: this machine reached a limit of its own")
        if any(is_of_proxy(record.fault) or _no_ipv4(record.fault) for record in observed.handshakes):
            self._analysis.undecided.append(f"{observed.address}: the proxy gave no connection for a handshake")

    def _summarise(self, measured: Sequence[AddressObservation]) -> None:
        """What holds for the endpoint: accepted is what some address accepts, refused what none does."""
        analysis = self._analysis
        each = [versions(observed) for observed in measured]
        accepted = {version for some, _ in each for version in some}
        refused = {version for _, some in each for version in some} - accepted
        analysis.versions_accepted = sorted(accepted)
        analysis.versions_refused = sorted(refused)
        wanted = {client_certificate(observed) for observed in measured}
        analysis.client_certificate = next(
            (
                state
                for state in (ClientCertificate.REQUIRED, ClientCertificate.ASKED, ClientCertificate.NOT_ASKED)
                if state in wanted
            ),
            ClientCertificate.UNKNOWN,
        )
        analysis.certificates = list(dict.fromkeys(analysis.certificates))
        analysis.clock = next((reading for observed in measured if (reading := _clock(observed))), None)
        analysis.unmeasured += self._observation.left_out


def _merged(by_address: Sequence[list[Finding]], endpoint: Subject) -> list[Finding]:
    """What all addresses show alike is a finding about the endpoint; the rest stays with its address."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for findings in by_address:
        for finding in _without_repeats(findings):
            fixed = {key: value for key, value in finding.params.items() if key not in MEASURED}
            groups.setdefault((finding.code, repr(sorted(fixed.items()))), []).append(finding)
    merged: list[Finding] = []
    for group in groups.values():
        if len(group) < len(by_address):
            merged += group
            continue
        first = min(group, key=lambda finding: SEVERITY_ORDER[finding.severity])
        params: dict[str, Param] = dict(first.params)
        if "address" in params:
            params["address"] = ", ".join(str(finding.params["address"]) for finding in group)
        merged.append(
            Finding(
                code=first.code,
                severity=first.severity,
                subject=endpoint,
                params=params,
                evidence=[pointer for finding in group for pointer in finding.evidence],
                affects=first.affects,
            )
        )
    return merged


def _without_repeats(findings: Sequence[Finding]) -> list[Finding]:
    """One finding for each code, subject and set of parameters, the most serious: two chains of one server share most
    of theirs."""
    kept: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        key = (finding.code, str(finding.subject), repr(sorted(finding.params.items())))
        known = kept.setdefault(key, finding)
        if SEVERITY_ORDER[finding.severity] < SEVERITY_ORDER[known.severity]:
            kept[key] = finding
    return list(kept.values())


def _shown_address(observed: AddressObservation, observation: TlsObservation) -> str:
    """The address; with its port where a --resolve sent the connection to another one."""
    if observed.port == observation.port:
        return observed.address
    return f"{bracketed(observed.address)}:{observed.port}"


def _no_ipv4(fault: Fault | None) -> bool:
    return fault is not None and fault.reason is FaultReason.NO_IPV4


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _clock(observed: AddressObservation) -> ClockReading | None:
    """The server's clock beside ours (RFC 9110 §6.6.1: Date tells whole seconds)."""
    glance = observed.http
    if glance is None or glance.date is None or glance.date_seen is None:
        return None
    from email.utils import parsedate_to_datetime

    try:
        there = parsedate_to_datetime(glance.date)
        there = (there if there.tzinfo else there.replace(tzinfo=UTC)).astimezone(UTC)
        here = datetime.fromisoformat(glance.date_seen)
        ahead_s = (there - here).total_seconds()
    except (ValueError, OverflowError, TypeError):  # a date of no calendar, or a report that was tampered with
        return None
    return ClockReading(peer_time=there.isoformat(), local_time=here.isoformat(), ahead_s=round(ahead_s, 1))
