"""Shows a finished push check as blocks: what the key is for, who answers, and with whose certificate."""

from __future__ import annotations

import msgspec

from stdiag.model import Block, Check, KeyValues, Mark, Renewal, Subject, Text
from stdiag.probes.contract import Context
from stdiag.probes.push.analysis import PushAnalysis, PushStage, Shown
from stdiag.probes.push.observation import PushObservation
from stdiag.probes.push.services import PushQuestion

_SHOWN = {
    Shown.NONE: "none shown",
    Shown.ACCEPTED: "accepted",
    Shown.REFUSED: "refused",
    Shown.NOT_ASKED: "not asked for",
    Shown.UNKNOWN: "not known",
}
_NOTHING = "Nothing was delivered to any device."


def present(check: Check) -> list[Block]:
    """Blocks for the renderers; empty when nothing was judged."""
    observation = msgspec.json.decode(check.observation, type=PushObservation | None)
    analysis = msgspec.json.decode(check.analysis, type=PushAnalysis | None)
    if observation is None or analysis is None:
        return []
    if observation.question is PushQuestion.KEY:
        return [KeyValues(title="", items=_key_items(observation, analysis))]
    if observation.trust_store is not None:
        store = observation.trust_store
        held = "yes" if store.apple_roots else "no" if analysis.readable else "not known"
        return [KeyValues(title="", items=[("Certificates", str(store.certificates)), ("Apple's root", held)])]
    blocks: list[Block] = [KeyValues(title="", items=_endpoint_items(observation, analysis))]
    if observation.question is PushQuestion.APNS and analysis.stage is PushStage.OK:
        proven = "key, topic and way are proven" if observation.certificate_shown else "the way is proven"
        blocks.append(Text(f"By Apple's answer {proven}. {_NOTHING}", Mark.GOOD))
    return blocks


def renewals(subject: Subject, analysis: PushAnalysis, _context: Context) -> list[Renewal]:
    """The end of the push certificate."""
    return [
        Renewal(
            what=f"{facts.role} {facts.name}", subject=subject, not_after=facts.not_after, days_left=facts.days_left
        )
        for facts in analysis.certificates
    ]


def _key_items(observation: PushObservation, analysis: PushAnalysis) -> list[tuple[str, str]]:
    key = observation.key
    certificate = key.certificate if key else None
    items = [("Readable", "yes" if analysis.readable else f"no ({analysis.problem})")]
    if certificate is not None:
        items += [
            ("Certificate", certificate.subject),
            ("Issued by", certificate.issuer),
            ("Valid until", f"{certificate.not_after} ({analysis.days_left} days)"),
            ("For", ", ".join(analysis.environments) or "neither production nor sandbox"),
            ("Topics", ", ".join(analysis.topics) or "none"),
        ]
    if key is not None and key.algorithms:
        items.append(("Encrypted with", ", ".join(key.algorithms)))
    return items


def _endpoint_items(observation: PushObservation, analysis: PushAnalysis) -> list[tuple[str, str]]:
    items = [("Ended at", ", ".join(analysis.reasons) or "not known")]
    if observation.address:
        items.append(("Address", observation.address))
    handshake = observation.handshake
    if handshake is not None and handshake.completed:
        items.append(("TLS", " ".join(filter(None, (handshake.protocol, handshake.cipher, handshake.alpn)))))
    if analysis.peer_subject:
        # As IBM's apnstest prints them.
        items += [("Server certificate", analysis.peer_subject), ("Issuer", analysis.peer_issuer or "")]
    if observation.question in (PushQuestion.APNS, PushQuestion.LEGACY):
        items.append(("Client certificate", _SHOWN[analysis.client_certificate]))
    if analysis.http_status is not None:
        items.append(("Answer", " ".join(filter(None, (str(analysis.http_status), analysis.apns_reason)))))
    return items
