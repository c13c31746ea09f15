"""Records what an endpoint answers, at each of its addresses, and fetches the issuers that it did not send."""

from __future__ import annotations

import time
from functools import partial

from stdiag.model import Fault, FaultReason
from stdiag.net.faults import NetError
from stdiag.net.side_by_side import side_by_side
from stdiag.pki.certificate import Certificate
from stdiag.probes.contract import Planned, Tools
from stdiag.probes.shared.issuers import fetch_issuers
from stdiag.probes.shared.record import certificates_of
from stdiag.probes.shared.verifying_store import verifying_store
from stdiag.probes.tls.address import AddressQuestions
from stdiag.probes.tls.observation import AddressObservation, TlsObservation
from stdiag.probes.tls.to_the_top import to_the_top

ADDRESSES_AT_MOST = 16


def observe(planned: Planned, tools: Tools) -> TlsObservation:
    """The facts about one endpoint, or about one file of certificates."""
    subject = planned.subject
    if subject.file is not None:
        from stdiag.probes.tls.file import observe_file

        return observe_file(subject.file, subject.host, tools, asked_clients(planned))
    port = subject.port or 443
    observation = TlsObservation(
        host=subject.host,
        port=port,
        server_name=_server_name(planned),
        via=subject.via,
        quick=bool(planned.options.get("quick")),
        offline=tools.offline,
        clients=asked_clients(planned),
        verified_with=store.name if (store := verifying_store(tools.trust)) else None,
    )
    started = time.monotonic()
    try:
        addresses = tools.resolver.resolve(subject.host, port, tools.deadline, tools.steps)
    except NetError as error:
        observation.name_fault = error.fault
        observation.name_waited_us = round((time.monotonic() - started) * 1_000_000)
        return observation
    if len(addresses) > ADDRESSES_AT_MOST:
        left = len(addresses) - ADDRESSES_AT_MOST
        observation.left_out.append(f"{left} of {len(addresses)} addresses: at most {ADDRESSES_AT_MOST} are asked")
    observation.addresses = _ask_all(addresses[:ADDRESSES_AT_MOST], observation, tools)
    if not observation.quick:
        observation.left_out += _not_measurable(observation)
    if not tools.offline and not observation.quick:
        chains = _chains(observation)
        observation.fetched = fetch_issuers(
            chains, [address for address, _ in addresses], to_the_top(observation, tools)
        )
    return observation


def _server_name(planned: Planned) -> str | None:
    """The name for SNI: never an address (RFC 6066 §3)."""
    name = str(planned.options.get("server_name") or planned.subject.host)
    return None if _is_address(name) else name


def asked_clients(planned: Planned) -> list[str]:
    """The clients that the check is to be judged for."""
    return str(planned.options.get("clients") or "").split()


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def _ask_all(addresses: list[tuple[str, int]], observation: TlsObservation, tools: Tools) -> list[AddressObservation]:
    """All addresses side by side: a dead one costs its own time-out, not the others'."""
    questions = [
        AddressQuestions(address, port, observation.server_name, tools, observation.clients)
        for address, port in addresses
    ]
    calls = [partial(one.ask_quick if observation.quick else one.ask) for one in questions]
    answers = side_by_side(calls, tools.deadline)
    return [answer or _unanswered(*place) for place, answer in zip(addresses, answers, strict=True)]


def _unanswered(address: str, port: int) -> AddressObservation:
    """For an address that was still being asked when the check's time was over: never to be read as passed."""
    fault = Fault(reason=FaultReason.CANCELLED, words="it did not end in the time of its check")
    return AddressObservation(address=address, port=port, connect_fault=fault)


def _not_measurable(observation: TlsObservation) -> list[str]:
    """What TLS 1.3 keeps from being asked: its cipher suites do not name the kind of key (RFC 8446 §4.2.3)."""
    protocols = {
        record.protocol for observed in observation.addresses for record in observed.handshakes if record.completed
    }
    if protocols != {"TLSv1.3"}:
        return []
    return ["whether there is a second certificate with another kind of key (RSA, ECDSA): only TLS 1.2 lets one ask"]


def _chains(observation: TlsObservation) -> list[tuple[Certificate, ...]]:
    """The different chains that came, over all addresses and handshakes."""
    records = {
        tuple(certificate.sha256 for certificate in handshake.chain_sent): handshake.chain_sent
        for observed in observation.addresses
        for handshake in (*observed.handshakes, *(made.handshake for made in observed.clients))
        if handshake.chain_sent
    }
    return [certificates_of(chain) for chain in records.values()]
