"""Observations by hand: the facts that a judgement starts from, without a network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from tests.minting import NOW, Authority, Minted

from stdiag.clients.hello import first_hellos
from stdiag.clients.registry import parse_clients
from stdiag.model import Fault, FaultReason, Finding, Site, Subject, SubjectKind, TlsSite
from stdiag.pki.certificate import parse_certificate
from stdiag.pki.trust import TrustStore
from stdiag.probes.contract import Context
from stdiag.probes.shared.record import sent
from stdiag.probes.tls.analysis import TlsAnalysis
from stdiag.probes.tls.judge import judge
from stdiag.probes.tls.observation import (
    AddressObservation,
    ClientHandshake,
    Fetched,
    Handshake,
    HttpGlance,
    PlainGlance,
    SentCertificate,
    TlsObservation,
)

HOST = "chat.example.com"
PORT = 443
ONE, OTHER, SIX = "192.0.2.1", "192.0.2.2", "2001:db8::1"
ISSUER_URL = "http://issuer.example/issuing.cer"

DIRECT = [reason for reason in FaultReason if not reason.startswith("proxy-") and reason is not FaultReason.NO_IPV4]
"""What can happen on a way without a proxy."""

Found = set[tuple[str, str, str]]
"""Code, severity and subject's kind of each finding."""


class Pki(msgspec.Struct, frozen=True):
    """A small hierarchy."""

    root: Authority
    issuing: Authority
    leaf: Minted


@cache
def pki() -> Pki:
    root = Authority("Example Root")
    issuing = Authority("Example Issuing CA R46", parent=root)
    return Pki(root, issuing, issuing.issue(HOST, ca_issuers=[ISSUER_URL]))


def records(*certificates: Minted) -> list[SentCertificate]:
    """Certificates as an observation keeps them."""
    return [sent(parse_certificate(certificate.der)) for certificate in certificates]


def good_chain() -> list[SentCertificate]:
    return records(pki().leaf, pki().issuing)


def unreadable() -> SentCertificate:
    """What came where a certificate belongs, and is none."""
    return sent(parse_certificate(b"\x30\x00"))


def shaken(offer: str = "default", chain: Sequence[SentCertificate] | None = None, **more: Any) -> Handshake:
    """A handshake that went through."""
    usual: dict[str, Any] = {
        "server_name": None if offer == "no-sni" else HOST,
        "protocol": "TLSv1.3",
        "cipher": "TLS_AES_256_GCM_SHA384",
        "chain_sent": list(good_chain() if chain is None else chain),
        "verify_code": 0,
        "verify_text": "ok",
        "bytes_received": 3000,
        "hello_bytes": 1500,
    }
    return Handshake(offer=offer, completed=True, **{**usual, **more})


def failed(offer: str = "default", reason: FaultReason = FaultReason.TLS_ALERT, **more: Any) -> Handshake:
    """A handshake that broke. `alert`, `seen` and `words` go to its fault."""
    about = {key: more.pop(key) for key in ("alert", "seen", "words") if key in more}
    usual: dict[str, Any] = {"server_name": None if offer == "no-sni" else HOST, "waited_us": 10_000_000}
    return Handshake(offer=offer, completed=False, fault=Fault(reason=reason, **about), **{**usual, **more})


def tls12(offer: str, **more: Any) -> Handshake:
    return shaken(offer, **{"protocol": "TLSv1.2", "cipher": "ECDHE-ECDSA-AES256-GCM-SHA384", **more})


def refused_version(offer: str) -> Handshake:
    return failed(offer, alert="protocol_version")


def healthy() -> list[Handshake]:
    """All handshakes of a good server."""
    return [
        shaken(),
        shaken("no-sni"),
        refused_version("tls1.0"),
        refused_version("tls1.1"),
        tls12("tls1.2"),
        failed("rsa", alert="handshake_failure"),
        failed("dhe", alert="handshake_failure"),
    ]


def at(address: str, *handshakes: Handshake, **more: Any) -> AddressObservation:
    """What one address answered."""
    return AddressObservation(address=address, port=PORT, handshakes=list(handshakes), **more)


def unconnected(address: str, reason: FaultReason, words: str = "") -> AddressObservation:
    return AddressObservation(
        address=address, port=PORT, connect_fault=Fault(reason=reason, words=words), connect_waited_us=5_000_000
    )


def endpoint(*addresses: AddressObservation, **more: Any) -> TlsObservation:
    """The facts about chat.example.com:443."""
    usual: dict[str, Any] = {"host": HOST, "port": PORT, "server_name": HOST}
    return TlsObservation(addresses=list(addresses), **{**usual, **more})


def one_address(*handshakes: Handshake, **more: Any) -> TlsObservation:
    return endpoint(at(ONE, *handshakes, **more))


def sends(*certificates: Minted, **more: Any) -> TlsObservation:
    """One address that answers everything with this chain."""
    return one_address(shaken(chain=records(*certificates), **more))


def for_clients(clients: Sequence[str], answer: Handshake, *handshakes: Handshake, **more: Any) -> TlsObservation:
    """One address that answered `handshakes`, and every hello of these clients with `answer`."""
    made = [
        ClientHandshake(handshake=msgspec.structs.replace(answer, offer=hello.label))
        for hello in first_hellos(parse_clients(clients))
    ]
    return endpoint(at(ONE, *handshakes, clients=made), clients=list(clients), **more)


def fetched(*certificates: Minted, url: str = ISSUER_URL, reason: FaultReason | None = None, **more: Any) -> Fetched:
    fault = None if reason is None else Fault(reason=reason)
    return Fetched(url=url, certificates=records(*certificates), fault=fault, **more)


def glance(**more: Any) -> HttpGlance:
    return HttpGlance(**more)


def said(asked: str, spoken: str | None, first_bytes: bytes = b"") -> PlainGlance:
    return PlainGlance(asked=asked, spoken=spoken, first_bytes=first_bytes.hex() or None)


def store(title: str, *anchors: Minted) -> TrustStore:
    return TrustStore(title, "by hand", "00" * 32, [anchor.der for anchor in anchors])


def context(*stores: TrustStore, **tls: Any) -> Context:
    """Judged at NOW, with the hierarchy's root as the organisation's own unless stores are given."""
    trust = stores or (store("ca-files", pki().root),)
    return Context(started=NOW, site=Site(tls=TlsSite(**tls)), trust=trust)


def judged(observation: TlsObservation, *stores: TrustStore) -> tuple[TlsAnalysis, list[Finding]]:
    return judge(observation, context(*stores))


def found(observation: TlsObservation, *stores: TrustStore) -> Found:
    """What is found in `observation`."""
    return {(one.code, one.severity.value, kind_of(one.subject)) for one in judged(observation, *stores)[1]}


def kind_of(subject: Subject) -> str:
    return f"address {subject.address}" if subject.kind is SubjectKind.ADDRESS else subject.kind.value


def only(observation: TlsObservation, *stores: TrustStore) -> Finding:
    """The one finding of `observation`."""
    (finding,) = judged(observation, *stores)[1]
    return finding
