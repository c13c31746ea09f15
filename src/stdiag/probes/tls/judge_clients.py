"""Which clients get through: the matrix, the chain that most of them accept, and whom each finding hits. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from stdiag.clients.accept import ChainCase, Failure, verdict
from stdiag.clients.handshake import ServerEvidence, shaken
from stdiag.clients.matrix import StoreOf, joined, matrix, sentences, store_from
from stdiag.clients.profile import Profile
from stdiag.clients.recommend import recommend
from stdiag.clients.registry import all_profiles, parse_clients
from stdiag.clients.stores import CertificateStore, KnownRoots, private_store
from stdiag.clients.table import table
from stdiag.clients.verdict import ClientReason, ClientVerdict
from stdiag.formats.errors import FormatError
from stdiag.model import Finding, Subject
from stdiag.pki.certificate import Certificate
from stdiag.probes.contract import Context
from stdiag.probes.shared.record import certificates_of, sent
from stdiag.probes.tls.analysis import RecommendedChain, TlsAnalysis
from stdiag.probes.tls.client_findings import client_findings, with_clients
from stdiag.probes.tls.client_hellos import shaken_by_hello
from stdiag.probes.tls.judge_protocol import versions
from stdiag.probes.tls.observation import AddressObservation, SentCertificate, TlsObservation

EVERY_CLIENT = "all"

ABOUT_THE_HANDSHAKE = frozenset(
    {
        ClientReason.NO_COMMON_TLS_VERSION,
        ClientReason.NO_COMMON_CIPHER,
        ClientReason.UNKNOWN_NOT_REACHED,
        ClientReason.UNKNOWN_NO_ANSWER,
        ClientReason.UNKNOWN_TLS_VERSION,
        ClientReason.UNKNOWN_CIPHER,
        ClientReason.UNKNOWN_HANDSHAKE,
        ClientReason.UNKNOWN_CLIENT_CERTIFICATE,
    }
)
"""Reasons that no other chain would change."""


def judge_clients(
    observation: TlsObservation,
    measured: Sequence[AddressObservation],
    context: Context,
    subject: Subject,
    analysis: TlsAnalysis,
    findings: list[Finding],
) -> list[Finding]:
    """Completes `analysis` with what the clients make of the endpoint (or file), and returns `findings`, each with
    whom it hits and spares, and the clients' own."""
    profiles = _known(observation.clients, analysis)
    store_of = store_from(context.trust)
    cases = _cases(observation, measured, context)
    verdicts = _verdicts(profiles, cases, store_of)
    analysis.clients = verdicts
    analysis.clients_in_words = sentences(verdicts)
    analysis.client_roots_as_of = table().as_of
    analysis.recommended = _recommended(profiles, cases, store_of, verdicts)
    named = EVERY_CLIENT not in observation.clients
    own = client_findings(analysis, findings, subject, named=named)
    return [*with_clients(findings, verdicts, named=named), *own]


def _known(clients: Sequence[str], analysis: TlsAnalysis) -> list[Profile]:
    """The clients asked for that this version knows: a stored report may name others."""
    found: dict[str, Profile] = {}
    for text in clients:
        try:
            found |= {profile.client: profile for profile in parse_clients([text])}
        except FormatError as error:
            analysis.undecided.append(f"clients: {error}")
    return [profile for profile in all_profiles() if profile.client in found]


_Case = tuple[ChainCase, ServerEvidence | None]


def _cases(observation: TlsObservation, measured: Sequence[AddressObservation], context: Context) -> list[_Case]:
    """One for each address that was reached, or the file's."""
    if observation.file is not None:
        return [(_case(observation, observation.file_certificates, context, observation.host or None), None)]
    name = observation.server_name or observation.host
    cases: list[_Case] = []
    for observed in measured:
        if observed.connect_fault is not None:
            continue
        chain = next((record.chain_sent for record in observed.handshakes if record.chain_sent), [])
        evidence = ServerEvidence(
            by_hello=shaken_by_hello(observed), versions_accepted=frozenset(versions(observed)[0])
        )
        cases.append((_case(observation, chain, context, name), evidence))
    return cases


def _case(
    observation: TlsObservation, chain: Sequence[SentCertificate], context: Context, name: str | None
) -> ChainCase:
    fetched = [one for found in observation.fetched for one in certificates_of(found.certificates)]
    return ChainCase(
        sent=certificates_of(chain),
        name=name,
        at=context.started,
        fetched=tuple(one for one in dict.fromkeys(fetched) if one.problem is None),
        private=private_store(context.trust),
        known=KnownRoots([CertificateStore(store) for store in context.trust if store.count]),
    )


def _verdicts(profiles: Sequence[Profile], cases: Sequence[_Case], store_of: StoreOf) -> list[ClientVerdict]:
    by_address = [matrix(profiles, case, store_of, evidence) for case, evidence in cases]
    if not by_address:
        unknown = Failure(ClientReason.UNKNOWN_NOT_REACHED, "no address could be connected to", None)
        return [verdict(profile, None, unknown) for profile in profiles]
    verdicts = by_address[0]
    for further in by_address[1:]:
        verdicts = [joined(one, other) for one, other in zip(verdicts, further, strict=True)]
    return verdicts


def _recommended(
    profiles: Sequence[Profile], cases: Sequence[_Case], store_of: StoreOf, verdicts: Sequence[ClientVerdict]
) -> list[RecommendedChain]:
    """For each server certificate with which some client comes as far as the chain."""
    served: dict[Certificate, tuple[ChainCase, list[Profile]]] = {}
    for case, evidence in cases:
        for profile in profiles:
            chain = case.sent if evidence is None else shaken(profile, evidence).chain
            if chain and chain[0].problem is None:
                known = served.setdefault(chain[0], (_with(case, chain), []))[1]
                known.extend([profile] if profile not in known else [])
    found = []
    for case, its_clients in served.values():
        best = recommend(case, its_clients, store_of)
        if best is None or best.certificates == case.sent:
            continue
        with_it = {one.client: one for one in best.verdicts}
        clients = [_as_before(one) or with_it.get(one.client, one) for one in verdicts]
        before = {one.client: one.accepts for one in verdicts}
        if not any(_better(one.accepts, before[one.client]) for one in clients):
            continue
        found.append(
            RecommendedChain(
                certificates=[sent(certificate) for certificate in best.certificates],
                clients=clients,
                gained=[one.client for one in clients if one.accepts and not before[one.client]],
                lost=[one.client for one in clients if one.accepts is False],
            )
        )
    return found


def _better(now: bool | None, before: bool | None) -> bool:
    """From rejected to anything else, or from not to be told to accepted."""
    return now is not before and (before is False or now is True)


def _as_before(verdict: ClientVerdict) -> ClientVerdict | None:
    return verdict if verdict.reason in ABOUT_THE_HANDSHAKE else None


def _with(case: ChainCase, chain: tuple[Certificate, ...]) -> ChainCase:
    return msgspec.structs.replace(case, sent=chain)
