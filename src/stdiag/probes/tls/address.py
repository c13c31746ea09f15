"""Asks one address of the endpoint everything that the probe wants to know."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from stdiag.model import FaultReason, bracketed
from stdiag.net import plain
from stdiag.net.byte_stream import ByteStream
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError
from stdiag.net.http_glance import glance
from stdiag.net.side_by_side import side_by_side
from stdiag.net.tls import TlsOffer, TlsSession, TlsVersion, handshake
from stdiag.probes.contract import Tools
from stdiag.probes.shared.record import certificates_of, handshake_record
from stdiag.probes.shared.verifying_store import verifying_store
from stdiag.probes.tls import offers
from stdiag.probes.tls.observation import AddressObservation, Handshake, HttpGlance, PlainGlance

# Shares of a step's time (10 s, unless --timeout says otherwise):
AFTER_SMALL_PASSED = 0.2
"""How long the large ClientHello is still waited for once the small one was answered."""
PLAIN = 0.2
"""How long a port that does not answer TLS may take to answer a plain question."""
GLANCE = 0.3
"""How long a TLS port may take to answer `GET /`; it need not speak HTTP at all."""

NO_ANSWER = (FaultReason.SILENT, FaultReason.SLOW)
BROKE_OFF = (FaultReason.CLOSED, FaultReason.RESET, FaultReason.TLS_PROTOCOL)
CLIENT_CERTIFICATE_MISSING = re.compile(rb"(?i)no required ssl certificate|client certificate (is )?required")


class AddressQuestions:
    """The connections to one address. Each handshake connects anew: what one does must not colour the next."""

    def __init__(
        self, address: str, port: int, server_name: str | None, tools: Tools, clients: Sequence[str] = ()
    ) -> None:
        self._address = address
        self._port = port
        self._server_name = server_name
        self._tools = tools
        self._clients = clients
        self._peer = f"{bracketed(address)}:{port}"
        verifying = verifying_store(tools.trust)
        self._trust = verifying.openssl_store() if verifying else None

    def ask_quick(self) -> AddressObservation:
        """One handshake."""
        observed = AddressObservation(address=self._address, port=self._port)
        stream = self._connect(observed)
        if stream is not None:
            session, record = self._shake(stream, offers.default(self._server_name), self._step_deadline())
            session.close()
            observed.handshakes = [record]
        return observed

    def ask(self) -> AddressObservation:
        """Everything."""
        observed = AddressObservation(address=self._address, port=self._port)
        stream = self._connect(observed)
        if stream is None:
            return observed
        session = self._default_handshake(stream, observed)
        first = observed.handshakes[0]
        if not first.completed and first.fault and first.fault.reason is not FaultReason.NOT_TLS:
            session.close()
            self._ask_otherwise(first.fault.reason, observed)
        base = next((record for record in observed.handshakes if record.completed), None)
        if base is not None:
            self._ask_further(base, session, observed)
            if self._clients:
                self._ask_as_clients(observed)
        session.close()
        observed.handshakes.sort(key=lambda record: record.offer not in ("default", "no-sni"))
        return observed

    def _step_deadline(self) -> Deadline:
        return self._tools.deadline.within(self._tools.timeouts.step)

    def _connect(self, observed: AddressObservation) -> ByteStream | None:
        started = time.monotonic()
        try:
            return self._tools.dialer.connect(self._address, self._port, self._tools.deadline, self._tools.steps)
        except NetError as error:
            observed.connect_fault = error.fault
            observed.connect_waited_us = round((time.monotonic() - started) * 1_000_000)
            return None

    def _shake(self, stream: ByteStream, offer: TlsOffer, deadline: Deadline) -> tuple[TlsSession, Handshake]:
        with self._tools.steps.step("tls", f"TLS handshake, {offer.label}", self._peer) as note:
            session = handshake(stream, offer, deadline, self._trust)
            note.fault = session.result.fault
            note.detail = " ".join(filter(None, (session.result.protocol, session.result.cipher)))
        return session, handshake_record(offer, session.result)

    def _shake_anew(self, offer: TlsOffer) -> Handshake:
        """A handshake on a connection of its own, which ends with it."""
        try:
            stream = self._tools.dialer.connect(self._address, self._port, self._tools.deadline, self._tools.steps)
        except NetError as error:
            return Handshake(offer=offer.label, server_name=offer.server_name, completed=False, fault=error.fault)
        session, record = self._shake(stream, offer, self._step_deadline())
        session.close()
        return record

    def _default_handshake(self, stream: ByteStream, observed: AddressObservation) -> TlsSession:
        """The large ClientHello of today; after a second of silence a small one beside it.

        Middleboxes exist that swallow a ClientHello of more than one segment: then only the small one is answered.
        """
        deadline = self._step_deadline()
        done = threading.Event()
        outcome: list[tuple[TlsSession, Handshake]] = []

        def shake() -> None:
            try:
                outcome.append(self._shake(stream, offers.default(self._server_name), deadline))
            finally:
                done.set()

        threading.Thread(target=shake, daemon=True).start()
        beside: list[Handshake] = []

        def ask_small() -> None:
            small = self._shake_anew(offers.small(self._server_name))
            beside.append(small)
            if small.completed:
                deadline.shorten(AFTER_SMALL_PASSED * self._tools.timeouts.step)

        if not done.wait(min(self._tools.timeouts.silence, deadline.remaining())) and not stream.bytes_received:
            beside_it: list[Callable[[], None]] = [ask_small, partial(self._ask_plainly, observed)]
            side_by_side(beside_it, deadline)
        done.wait(deadline.remaining() + 1.0)
        if not outcome:
            raise RuntimeError("a TLS handshake did not end at its deadline")
        session, record = outcome[0]
        observed.handshakes = [record, *beside]
        if any(record.completed for record in observed.handshakes):
            observed.plain = []  # it only took its time: what it says to a plain question is of no interest
        return session

    def _ask_otherwise(self, reason: FaultReason, observed: AddressObservation) -> None:
        """The default handshake failed: is there another that does not, or another protocol?"""
        asked = {record.offer for record in observed.handshakes}
        name = self._server_name
        if reason not in NO_ANSWER:
            others = [offers.lenient(name), offers.small(name)] + ([offers.without_sni()] if name else [])
            self._shake_all([offer for offer in others if offer.label not in asked], observed)
        unanswered = reason in (FaultReason.SILENT, *BROKE_OFF)
        if unanswered and not observed.plain and not any(record.completed for record in observed.handshakes):
            self._ask_plainly(observed)

    def _ask_further(self, base: Handshake, session: TlsSession, observed: AddressObservation) -> None:
        """A handshake went through as `base`: what else does the address accept, and what does it do after it?"""
        name = base.server_name
        asked = {record.offer for record in observed.handshakes}
        further = [offers.only(version, name) for version in offers.VERSIONS if _below(version, base.protocol)]
        further += [offers.key_kind(kind, name) for kind in _other_key_kinds(base)]
        further.append(offers.finite_field(name, offers.STANDARD))
        if self._server_name and "no-sni" not in asked:
            further.insert(0, offers.without_sni(small_hello=base.offer == "small"))
        if base.offer == "default" and base.alpn != "h2":
            look: Callable[[], None] = partial(self._last_glance, session, observed)
        else:
            session.close()
            look = partial(self._glance_anew, base, observed)
        self._shake_all(further, observed, look)
        if any(_refused_here(record) for record in observed.handshakes if record.offer == "dhe"):
            self._shake_all([offers.finite_field(name, 0)], observed)

    def _ask_as_clients(self, observed: AddressObservation) -> None:
        from stdiag.probes.tls.client_hellos import ask_as_clients

        def shake_all(the_offers: list[TlsOffer]) -> list[Handshake]:
            calls = [partial(self._shake_anew, offer) for offer in the_offers]
            return [record for record in side_by_side(calls, self._tools.deadline) if record is not None]

        observed.clients = ask_as_clients(self._clients, self._server_name, shake_all, observed.handshakes)

    def _shake_all(
        self, the_offers: list[TlsOffer], observed: AddressObservation, beside: Callable[[], None] | None = None
    ) -> None:
        """Handshakes side by side; their records are added in the order of the offers."""
        calls: list[Callable[[], Handshake | None]] = [partial(self._shake_anew, offer) for offer in the_offers]
        if beside is not None:

            def look() -> None:
                beside()

            calls.append(look)
        observed.handshakes += [record for record in side_by_side(calls, self._tools.deadline) if record is not None]

    def _glance(self, session: TlsSession, observed: AddressObservation) -> None:
        observed.http = HttpGlance()
        deadline = self._tools.deadline.within(GLANCE * self._tools.timeouts.step)
        with self._tools.steps.step("http", "GET /", self._peer) as note:
            try:
                answer = glance(session, self._server_name or self._address, deadline)
            except NetError as error:
                observed.http.fault = note.fault = error.fault
                return
            note.detail = str(answer.status)
        observed.http = HttpGlance(
            status=answer.status,
            date=answer.headers.get("date"),
            date_seen=datetime.now(UTC).isoformat(),
            server=answer.headers.get("server"),
            body_says_client_cert_missing=bool(CLIENT_CERTIFICATE_MISSING.search(answer.body)),
        )

    def _last_glance(self, session: TlsSession, observed: AddressObservation) -> None:
        """The glance, and the end of the connection: a server that takes one at a time has others waiting for it."""
        self._glance(session, observed)
        session.close()

    def _glance_anew(self, base: Handshake, observed: AddressObservation) -> None:
        try:
            stream = self._tools.dialer.connect(self._address, self._port, self._tools.deadline, self._tools.steps)
        except NetError as error:
            observed.http = HttpGlance(fault=error.fault)
            return
        session, record = self._shake(stream, offers.http_only(base), self._step_deadline())
        observed.handshakes.append(record)
        if record.completed:
            self._glance(session, observed)
        session.close()

    def _ask_plainly(self, observed: AddressObservation) -> None:
        """Three plain questions side by side: whatever the port speaks, one of them makes it talk."""
        questions = [plain.greet, plain.ask_http, plain.ask_sametime]
        glances = side_by_side([partial(self._plain_glance, ask) for ask in questions], self._tools.deadline)
        observed.plain = [answer for answer in glances if answer is not None]

    def _plain_glance(self, ask: Callable[[ByteStream, Deadline], plain.PlainAnswer]) -> PlainGlance | None:
        deadline = self._tools.deadline.within(PLAIN * self._tools.timeouts.step)
        try:
            stream = self._tools.dialer.connect(self._address, self._port, self._tools.deadline, self._tools.steps)
        except NetError:
            return None
        with self._tools.steps.step("plain", ask.__name__.replace("_", " "), self._peer) as note:
            answer = ask(stream, deadline)
            note.fault = answer.fault
        stream.close()
        return PlainGlance(
            asked=answer.asked,
            spoken=answer.spoken,
            first_bytes=answer.first_bytes.hex() or None,
            fault=answer.fault,
        )


def _below(version: TlsVersion, protocol: str | None) -> bool:
    known = [known.value for known in offers.VERSIONS]
    return protocol in known and known.index(version.value) < known.index(protocol)


def _other_key_kinds(base: Handshake) -> list[str]:
    """The kinds of leaf key that `base` did not show."""
    if not base.chain_sent:
        return []
    leaf = certificates_of(base.chain_sent[:1])[0]
    shown = {"rsa": "rsa", "ec": "ecdsa"}.get(leaf.key_kind)
    return [kind for kind in ("rsa", "ecdsa") if kind != shown]


def _refused_here(record: Handshake) -> bool:
    """True when it was stdiag's own TLS library that would not go on."""
    return record.fault is not None and record.fault.reason is FaultReason.TLS_LOCAL
