"""Handshakes as the clients make them: each different ClientHello once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stdiag.clients.handshake import Shaken
from stdiag.clients.hello import Hello, first_hellos, second_hellos
from stdiag.clients.profile import Groups
from stdiag.clients.registry import parse_clients
from stdiag.net.tls import TlsOffer, TlsVersion
from stdiag.probes.shared.record import certificates_of
from stdiag.probes.tls.observation import AddressObservation, ClientHandshake, Handshake, SentCertificate

ShakeAll = Callable[[list[TlsOffer]], list[Handshake]]


def ask_as_clients(
    clients: Sequence[str], server_name: str | None, shake_all: ShakeAll, made: Sequence[Handshake]
) -> list[ClientHandshake]:
    """The handshakes that `clients` need to be judged. `made` are those that were made before, `shake_all` makes new
    ones side by side."""
    profiles = parse_clients(clients)
    records = shake_all([offer_of(hello, server_name) for hello in first_hellos(profiles)])
    failed = {record.offer for record in records if not record.completed}
    records += shake_all([offer_of(hello, server_name) for hello in second_hellos(profiles, failed)])
    known = {_key(record.chain_sent): record.offer for record in reversed(made)}
    return [_without_repeats(record, known) for record in records]


def offer_of(hello: Hello, server_name: str | None) -> TlsOffer:
    """The hello as OpenSSL can make it. Level 0: what the client refuses is judged by the client's own rules."""
    return TlsOffer(
        label=hello.label,
        server_name=server_name if hello.sends_name else None,
        min_version=TlsVersion(hello.first),
        max_version=TlsVersion(hello.last),
        ciphers=hello.ciphers.offered,
        security_level=0,
        small_hello=hello.groups is Groups.P256,
        alpn=(),
    )


def shaken_by_hello(observed: AddressObservation) -> dict[str, Shaken]:
    """What came of each hello, for the clients to be judged by."""
    chains = {record.offer: record.chain_sent for record in reversed(observed.handshakes)}
    chains |= {made.handshake.offer: made.handshake.chain_sent for made in observed.clients if not made.chain_as}
    return {
        made.handshake.offer: Shaken(
            completed=made.handshake.completed,
            fault=made.handshake.fault.reason if made.handshake.fault else None,
            alert=made.handshake.fault.alert if made.handshake.fault else None,
            asked_for_certificate=made.handshake.client_cert_requested,
            chain=certificates_of(chains.get(made.chain_as or made.handshake.offer, [])),
        )
        for made in observed.clients
    }


def _without_repeats(record: Handshake, known: dict[tuple[str, ...], str]) -> ClientHandshake:
    key = _key(record.chain_sent)
    first = known.setdefault(key, record.offer)
    if not key or first == record.offer:
        return ClientHandshake(handshake=record)
    record.chain_sent = []
    return ClientHandshake(handshake=record, chain_as=first)


def _key(chain: Sequence[SentCertificate]) -> tuple[str, ...]:
    return tuple(certificate.sha256 for certificate in chain)
