"""Whatever was observed: a judgement is pure, points at its facts, and calls nothing good that was not seen to be."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.minting import Authority
from tests.unit.probes.tls.observations import (
    DIRECT,
    HOST,
    ISSUER_URL,
    ONE,
    OTHER,
    SIX,
    context,
    pki,
    records,
    unreadable,
)

from stdiag.catalogue.registry import ALL
from stdiag.engine.runner import judged
from stdiag.model import Check, Fault, Outcome, Severity, Subject, SubjectKind, to_raw
from stdiag.probes.tls import PROBE
from stdiag.probes.tls.observation import (
    AddressObservation,
    Fetched,
    Handshake,
    HttpGlance,
    PlainGlance,
    TlsObservation,
)

SIBLING = Authority("Example Issuing CA R6", parent=pki().root)
POOL = [*records(pki().leaf, pki().issuing, pki().root, SIBLING), unreadable()]
FURTHER = [
    "no-sni",
    "small",
    "lenient",
    "tls1.0",
    "tls1.2",
    "rsa",
    "ecdsa",
    "dhe",
    "dhe-weak",
    "http/1.1",
    "",
]
ANY = st.text(max_size=12)
FAULTS = st.builds(
    Fault,
    st.sampled_from(DIRECT),
    ANY,
    st.sampled_from([None, "handshake_failure", "certificate_required"]),
    st.sampled_from([None, "http", "smtp", "unknown"]),
)
CHAINS = st.lists(st.sampled_from(POOL), max_size=4)


def handshake(completed: bool, fault: Fault, **more: Any) -> Handshake:
    return Handshake(completed=completed, fault=None if completed else fault, **more)


def begun(handshakes: list[Handshake]) -> list[Handshake]:
    """The usual ClientHello is the first that is sent, and is sent once."""
    return [msgspec.structs.replace(one, offer="default") for one in handshakes[:1]] + handshakes[1:]


def as_made(observation: TlsObservation) -> TlsObservation:
    """A quick observation has one handshake an address."""
    if observation.quick:
        for observed in observation.addresses:
            del observed.handshakes[1:]
    return observation


HANDSHAKES = st.builds(
    handshake,
    st.booleans(),
    FAULTS,
    offer=st.sampled_from(FURTHER),
    server_name=st.sampled_from([HOST, None]),
    protocol=st.sampled_from([None, "TLSv1", "TLSv1.2", "TLSv1.3", "TLSv9"]),
    cipher=st.sampled_from([None, "AES256-SHA", "TLS_AES_256_GCM_SHA384"]),
    chain_sent=CHAINS,
    verify_code=st.sampled_from([None, 0, 21]),
    client_cert_requested=st.booleans(),
    bytes_received=st.integers(0, 9),
    first_bytes=st.one_of(st.none(), ANY, st.binary(max_size=8).map(bytes.hex)),
)
DATES = st.one_of(
    st.none(),
    ANY,
    st.sampled_from(
        ["Fri, 31 Dec 9999 23:59:59 -0100", "Mon, 01 Jan 0001 00:00:00 +0100", "Fri, 20 Nov 2026 1:00 +99999999999999"]
    ),
)
GLANCES = st.builds(
    HttpGlance,
    status=st.one_of(st.none(), st.integers()),
    date=DATES,
    date_seen=st.sampled_from([None, "", "2026-11-20T12:00:00", "2026-11-20T12:00:00+00:00"]),
    body_says_client_cert_missing=st.booleans(),
    fault=st.one_of(st.none(), FAULTS),
)
PLAIN = st.builds(PlainGlance, asked=ANY, spoken=st.sampled_from([None, "http", "unknown"]), first_bytes=ANY)
ADDRESSES = st.builds(
    AddressObservation,
    address=st.sampled_from([ONE, OTHER, SIX]),
    port=st.sampled_from([443, 8443]),
    connect_fault=st.one_of(st.none(), st.none(), FAULTS),
    handshakes=st.lists(HANDSHAKES, max_size=5).map(begun),
    http=st.one_of(st.none(), GLANCES),
    plain=st.lists(PLAIN, max_size=2),
)
FETCHED = st.builds(
    Fetched, url=st.sampled_from([ISSUER_URL, "http://x/"]), certificates=CHAINS, fault=st.none() | FAULTS
)
OBSERVATIONS = st.builds(
    TlsObservation,
    host=st.sampled_from([HOST, ONE]),
    port=st.just(443),
    file=st.sampled_from([None, None, None, "chain.pem"]),
    server_name=st.sampled_from([HOST, None]),
    quick=st.booleans(),
    name_fault=st.one_of(st.none(), st.none(), st.none(), FAULTS),
    addresses=st.lists(ADDRESSES, max_size=3),
    file_certificates=CHAINS,
    fetched=st.lists(FETCHED, max_size=2),
).map(as_made)


def check_of(observation: TlsObservation) -> Check:
    check = Check(
        probe="tls",
        subject=Subject(kind=SubjectKind.ENDPOINT, host=observation.host, port=observation.port),
        outcome=Outcome.UNDECIDED,
        observation=to_raw(observation),
    )
    return judged(check, observation, PROBE, context())


def resolve(document: Any, pointer: str) -> Any:
    """RFC 6901."""
    for part in pointer.split("/")[1:]:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


@settings(max_examples=300, deadline=None)
@given(OBSERVATIONS)
def test_any_observation(observation: TlsObservation) -> None:
    check = check_of(observation)
    document = json.loads(msgspec.json.encode(check))
    for finding in check.findings:
        assert set(finding.params) == set(ALL[finding.code].params)
        assert finding.evidence
        for pointer in finding.evidence:
            resolve(document, pointer)
    # Pure: the stored facts judged again mean the same.
    again = check_of(msgspec.json.decode(check.observation, type=TlsObservation))
    assert msgspec.json.encode(again) == msgspec.json.encode(check)
    # Not seen to be good is not good.
    if check.outcome in (Outcome.PASS, Outcome.WARN) and observation.file is None:
        assert observation.name_fault is None
        assert any(
            record.completed and record.offer == "default" and record.chain_sent
            for observed in observation.addresses
            if observed.connect_fault is None
            for record in observed.handshakes
        )
    assert PROBE.present(check) is not None


@settings(max_examples=100, deadline=None)
@given(OBSERVATIONS)
def test_the_decision_does_not_depend_on_the_order_of_addresses(observation: TlsObservation) -> None:
    reversed_one = msgspec.structs.replace(observation, addresses=observation.addresses[::-1])
    one, other = check_of(observation), check_of(reversed_one)
    errors = [{f.code for f in check.findings if f.severity is Severity.ERROR} for check in (one, other)]
    assert errors[0] == errors[1]
    assert one.outcome == other.outcome
