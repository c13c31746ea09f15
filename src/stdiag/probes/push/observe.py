"""Records what a key file holds, or how far one endpoint of a push service lets us come."""

from __future__ import annotations

import contextlib

import msgspec

from stdiag.net.byte_stream import ByteStream
from stdiag.net.faults import NetError
from stdiag.net.resolve import ascii_name, is_address
from stdiag.net.tls import ClientCertificate, TlsOffer, TlsSession, handshake
from stdiag.pki.apple_push import push_certificate
from stdiag.probes.contract import Planned, Tools
from stdiag.probes.push.files import read_key, read_roots, read_trust_store
from stdiag.probes.push.observation import PushObservation
from stdiag.probes.push.plan import Asked, asked_of
from stdiag.probes.push.reach import reach
from stdiag.probes.push.requests import ask_apns, ask_google, ask_page, listen
from stdiag.probes.push.services import IMPOSSIBLE_TOKEN, REQUEST_BODY, PushQuestion, is_apple
from stdiag.probes.shared.record import certificates_of, handshake_record
from stdiag.probes.shared.verifying_store import verifying_store

_ALPN = {PushQuestion.APNS: ("h2",), PushQuestion.GOOGLE: ("http/1.1",)}


def observe(planned: Planned, tools: Tools) -> PushObservation:
    """The facts about one key file, one trust store, or one endpoint."""
    asked = asked_of(planned)
    observation = PushObservation(
        question=asked.question,
        host=planned.subject.host,
        port=planned.subject.port,
        service_of=_owner(planned.subject.host),
        needed=asked.needed,
        alternatives=asked.alternatives,
        wanted_topic=asked.topic,
        renew_before_days=asked.renew_before_days,
        expected_roots=read_roots(asked.expected_roots),
    )
    client: ClientCertificate | None = None
    if asked.key is not None:
        observation.key, client = read_key(asked.key, tools.credentials.passphrase(asked.key))
    if asked.trust_store is not None:
        passphrase = tools.credentials.passphrase(asked.trust_store)
        observation.trust_store = read_trust_store(asked.trust_store, passphrase, observation.expected_roots)
    if planned.subject.port is not None:
        _ask_endpoint(observation, asked, planned.subject.port, client, tools)
    return observation


def _owner(host: str) -> str:
    if is_apple(host):
        return "apple"
    return "google" if host.lower().endswith((".google.com", ".googleapis.com")) else "other"


def _ask_endpoint(
    observation: PushObservation, asked: Asked, port: int, client: ClientCertificate | None, tools: Tools
) -> None:
    stream = reach(observation, observation.host, port, asked.proxy, tools)
    if stream is None:
        return
    observation.certificate_shown = client is not None
    session = _shake_hands(observation, stream, client, tools)
    try:
        if session.result.completed:
            _exchange(observation, session, tools)
    finally:
        session.close()


def _shake_hands(
    observation: PushObservation, stream: ByteStream, client: ClientCertificate | None, tools: Tools
) -> TlsSession:
    host = observation.host
    server_name: str | None = None
    with contextlib.suppress(NetError):
        server_name = None if is_address(host) else ascii_name(host)
    alpn = _ALPN.get(observation.question, ())
    offer = TlsOffer(label="push", server_name=server_name, alpn=alpn)
    store = verifying_store(tools.trust)
    deadline = tools.deadline.within(tools.timeouts.step)
    with tools.steps.step("tls", "TLS handshake", stream.peer) as note:
        trust = store.openssl_store() if store else None
        session = handshake(stream, offer, deadline, trust, client=client)
        note.fault = session.result.fault
        note.detail = " ".join(filter(None, (session.result.protocol, session.result.alpn)))
    record = handshake_record(offer, session.result)
    observation.peer_chain = record.chain_sent
    observation.handshake = msgspec.structs.replace(record, chain_sent=[])
    return session


def _exchange(observation: PushObservation, session: TlsSession, tools: Tools) -> None:
    host, question = observation.host, observation.question
    deadline = tools.deadline.within(tools.timeouts.step)
    if question is PushQuestion.DEVICE:
        return
    label = "listen" if question is PushQuestion.LEGACY else "one request"
    with tools.steps.step("http" if question is not PushQuestion.LEGACY else "tls", label, host) as note:
        if question is PushQuestion.LEGACY:
            answer = listen(session, deadline)
        elif question is PushQuestion.GOOGLE:
            answer = ask_google(session, host, deadline)
        elif session.result.alpn == "h2":
            answer = ask_apns(session, host, _topic(observation), deadline)
        else:
            # Apple's service speaks nothing but HTTP/2: what this is shows best when it is asked as a web server.
            path = f"/3/device/{IMPOSSIBLE_TOKEN}"
            answer = ask_page(session, "POST", path, host, REQUEST_BODY, deadline)
        note.fault = answer.fault
        note.detail = " ".join(filter(None, (str(answer.status or ""), answer.reason)))
    observation.exchange = answer
    if observation.handshake is not None:
        observation.handshake.alerts_received = list(session.result.alerts_received)


def _topic(observation: PushObservation) -> str | None:
    """The topic asked for, else the certificate's first: the app's own, before those of its calls and watches."""
    if observation.wanted_topic:
        return observation.wanted_topic
    if observation.key is None or observation.key.certificate is None:
        return None
    (certificate,) = certificates_of([observation.key.certificate])
    topics = push_certificate(certificate).topics
    return topics[0] if topics else None
