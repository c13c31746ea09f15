"""Shows a finished TLS check as blocks: the chain drawn, and what the endpoint accepts."""

from __future__ import annotations

import msgspec

from stdiag.model import Block, ChainDrawing, ChainLink, Check, KeyValues, Mark, Renewal, Subject
from stdiag.probes.contract import Context
from stdiag.probes.shared.chain_analysis import StoreVerdict
from stdiag.probes.shared.judge_chain import short_name
from stdiag.probes.tls.analysis import ChainAnalysis, ClientCertificate, TlsAnalysis
from stdiag.probes.tls.judge_protocol import SHOWN
from stdiag.probes.tls.observation import AddressObservation, SentCertificate, TlsObservation

CLIENT_CERTIFICATE = {
    ClientCertificate.NOT_ASKED: "not asked for",
    ClientCertificate.ASKED: "asked for, not required",
    ClientCertificate.REQUIRED: "required",
    ClientCertificate.UNKNOWN: "not measured",
}


def present(check: Check) -> list[Block]:
    """Blocks for the renderers; empty when nothing was observed."""
    observation = msgspec.json.decode(check.observation, type=TlsObservation | None)
    analysis = msgspec.json.decode(check.analysis, type=TlsAnalysis | None)
    if observation is None or analysis is None:
        return []
    blocks: list[Block] = []
    drawn: dict[tuple[object, ...], list[str]] = {}
    for chain in analysis.chains:
        sent = _sent(observation, chain)
        key = (tuple(certificate.sha256 for certificate in sent), chain.missing_issuer)
        where = _where(observation, chain)
        if key in drawn:
            drawn[key].append(where)
            continue
        drawn[key] = [where]
        blocks.append(ChainDrawing(title="", links=_links(sent, chain), note=_note(chain)))
    titled: list[Block] = []
    for block, places in zip(blocks, drawn.values(), strict=True):
        if isinstance(block, ChainDrawing):
            titled.append(msgspec.structs.replace(block, title=f"Chain sent: {'; '.join(places)}"))
    if observation.file is None and observation.addresses:
        titled.append(_properties(observation, analysis))
    if analysis.clients:
        from stdiag.probes.tls.present_clients import client_blocks

        titled += client_blocks(analysis)
    return titled


def renewals(subject: Subject, analysis: TlsAnalysis, _context: Context) -> list[Renewal]:
    """End dates of everything in use."""
    return [
        Renewal(
            what=f"{facts.role} {facts.name}",
            subject=subject,
            not_after=facts.not_after,
            days_left=facts.days_left,
        )
        for facts in analysis.certificates
    ]


def _sent(observation: TlsObservation, chain: ChainAnalysis) -> list[SentCertificate]:
    if observation.file is not None:
        return observation.file_certificates
    for observed in observation.addresses:
        if observed.address != chain.address:
            continue
        for handshake in observed.handshakes:
            if (handshake.offer, handshake.server_name) == (chain.offer, chain.server_name):
                return handshake.chain_sent
    return []


def _where(observation: TlsObservation, chain: ChainAnalysis) -> str:
    if chain.address is None:
        return observation.file or ""
    how = {"default": "", "no-sni": ", without SNI", "rsa": ", RSA", "ecdsa": ", ECDSA"}
    return chain.address + how.get(chain.offer, f", {chain.offer}")


def _links(sent: list[SentCertificate], chain: ChainAnalysis) -> list[ChainLink]:
    """The way from the leaf upwards: what was sent, what is missing, where it ends; then what does not belong."""
    by_hash = {certificate.sha256: certificate for certificate in sent}
    way = chain.repaired or [by_hash[sha256] for sha256 in chain.path if sha256 in by_hash]
    proof = (
        "fetched, and the chain verified with it" if chain.recoverable else "fetched, but the chain is not good with it"
    )
    links = []
    for position, certificate in enumerate(way):
        was_sent = certificate.sha256 in by_hash
        links.append(
            ChainLink(
                role="intermediate" if position else "leaf",
                state="sent" if was_sent else "missing",
                name=short_name(certificate.subject),
                detail=f"until {certificate.not_after[:10]}" if was_sent else f"not sent; {proof}",
                mark=Mark.GOOD if was_sent else Mark.BAD,
            )
        )
    links += _end(way, chain)
    for index in sorted({*chain.unrelated, *chain.duplicates}):
        if index < len(sent):
            duplicate = index in chain.duplicates
            links.append(
                ChainLink(
                    role="intermediate",
                    state="duplicate" if duplicate else "unrelated",
                    name=short_name(sent[index].subject) or "(unreadable)",
                    detail="sent twice" if duplicate else "sent, but not part of this chain",
                    mark=Mark.NOTE if duplicate else Mark.BAD,
                )
            )
    return links


def _end(way: list[SentCertificate], chain: ChainAnalysis) -> list[ChainLink]:
    if not way:
        return []
    trust = chain.trust_repaired or chain.trust
    trusting = sorted(name for name, verdict in trust.items() if verdict.trusted)
    if way[-1].subject == way[-1].issuer:
        return []
    if chain.root is None:
        return [
            ChainLink(
                role="intermediate" if chain.complete is False else "root",
                state="missing",
                name=short_name(way[-1].issuer),
                detail="not sent, and in no trust store here",
                mark=Mark.BAD if chain.complete is False else Mark.UNSURE,
            )
        ]
    return [
        ChainLink(
            role="root",
            state="anchor",
            name=short_name(chain.root),
            detail=f"trusted by: {', '.join(trusting)}" if trusting else _why_not_trusted(trust),
            mark=Mark.GOOD if trusting else Mark.BAD,
        )
    ]


def _why_not_trusted(trust: dict[str, StoreVerdict]) -> str:
    """A store may know the root and yet not trust the chain: something below it is the matter."""
    reasons = {name: verdict.reason for name, verdict in trust.items() if verdict.anchor is not None}
    if not reasons:
        return "trusted by none of the stores here"
    return "known, but the chain is not trusted: " + ", ".join(f"{name}: {why}" for name, why in reasons.items())


def _note(chain: ChainAnalysis) -> str:
    if chain.recoverable:
        return "With the missing certificates the chain was built and verified."
    return ""


def _properties(observation: TlsObservation, analysis: TlsAnalysis) -> KeyValues:
    items = [("Addresses", ", ".join(observed.address for observed in observation.addresses))]
    first = next((found for observed in observation.addresses if (found := _first_completed(observed))), None)
    if first is not None:
        items.append(("Agreed on", " ".join(filter(None, (SHOWN.get(first[0], first[0]), first[1])))))
    if not observation.quick and analysis.versions_accepted:
        items.append(("Versions", ", ".join(SHOWN[version] for version in analysis.versions_accepted)))
        items.append(("Client certificate", CLIENT_CERTIFICATE[analysis.client_certificate]))
    return KeyValues(title="", items=items)


def _first_completed(observed: AddressObservation) -> tuple[str, str] | None:
    for record in observed.handshakes:
        if record.completed:
            return record.protocol or "", record.cipher or ""
    return None
