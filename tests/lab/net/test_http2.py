"""One HTTP/2 request over our own TLS session: every way in which a push service, or what stands before it, answers."""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.lab.push_services import apns, server_context
from tests.minting import Authority, Minted
from tests.push_keys import TOPIC, push_identity

from stdiag.lab.apns import ApnsBehaviour, ApnsRules
from stdiag.model import FaultReason
from stdiag.net.deadline import Deadline, Timeouts
from stdiag.net.dial import Dialer
from stdiag.net.http2 import Http2Answer, Http2Request, ask_http2
from stdiag.net.tls import ClientCertificate, TlsOffer, handshake
from stdiag.net.trace import StepRecorder

ROOT = Authority("Example Push Service Root")
SERVER = ROOT.issue("localhost")
NOW = datetime.now(UTC)
KEY = push_identity(ROOT)
EXPIRED = push_identity(ROOT, not_before=NOW - timedelta(days=400), not_after=NOW - timedelta(days=35))
STRANGER = push_identity(Authority("Somebody Else"))
REQUEST = Http2Request(
    method="POST",
    authority="localhost",
    path="/3/device/" + "0" * 64,
    headers=(("apns-topic", TOPIC),),
    body=b'{"aps":{}}',
)


def ask(port: int, client: Minted | None = None, request: Http2Request = REQUEST, limit: float = 5.0) -> Http2Answer:
    deadline = Deadline(limit)
    stream = Dialer(Timeouts()).connect("127.0.0.1", port, deadline, StepRecorder(time.monotonic()))
    shown = ClientCertificate(client.certificate, client.key, ()) if client else None
    offer = TlsOffer(label="test", server_name="localhost", alpn=("h2",))
    session = handshake(stream, offer, deadline, None, client=shown)
    assert session.result.completed, session.result.fault
    assert session.result.alpn in ("h2", None)
    try:
        return ask_http2(session, request, deadline)
    finally:
        session.close()


@contextlib.contextmanager
def service(folder: Path, rules: ApnsRules | None = None, *, required: bool = False) -> Iterator[int]:
    with apns(server_context(folder, SERVER, client_ca=ROOT, required=required), rules) as port:
        yield port


def test_an_impossible_token_is_refused_with_a_reason(tmp_path: Path) -> None:
    with service(tmp_path) as port:
        answer = ask(port, KEY)
    assert (answer.status, answer.body) == (400, b'{"reason": "BadDeviceToken"}')
    assert answer.complete
    assert answer.settings_received
    assert answer.fault is None
    assert answer.headers["apns-id"]


def test_without_a_certificate(tmp_path: Path) -> None:
    with service(tmp_path) as port:
        answer = ask(port)
    assert (answer.status, answer.body) == (403, b'{"reason": "MissingProviderToken"}')


@pytest.mark.parametrize(
    ("client", "alert"),
    [(EXPIRED, "certificate_expired"), (STRANGER, "unknown_ca"), (None, "certificate_required")],
    ids=["expired", "stranger", "none"],
)
def test_a_refused_certificate_shows_at_the_first_read(tmp_path: Path, client: Minted | None, alert: str) -> None:
    """Under TLS 1.3 the handshake had succeeded: the answer is the alert, every time."""
    with service(tmp_path, required=True) as port:
        for _ in range(10):
            answer = ask(port, client)
            assert answer.fault is not None
            assert answer.fault.reason is FaultReason.TLS_ALERT
            assert answer.fault.alert == alert
            assert not answer.settings_received


def test_goaway_brings_its_reason(tmp_path: Path) -> None:
    with service(tmp_path, ApnsRules(ApnsBehaviour.SHUTDOWN)) as port:
        answer = ask(port, KEY)
    assert answer.goaway is not None
    assert answer.goaway.error == "NO_ERROR"
    assert answer.goaway.debug == '{"reason": "Shutdown"}'


def test_a_reset_stream(tmp_path: Path) -> None:
    with service(tmp_path, ApnsRules(ApnsBehaviour.RESETS)) as port:
        assert ask(port, KEY).reset == "REFUSED_STREAM"


def test_silence_ends_with_the_deadline(tmp_path: Path) -> None:
    with service(tmp_path, ApnsRules(ApnsBehaviour.SILENT)) as port:
        started = time.monotonic()
        answer = ask(port, KEY, limit=0.6)
    assert time.monotonic() - started < 1.2
    assert answer.settings_received
    assert answer.fault is not None
    assert answer.fault.reason is FaultReason.SLOW


def test_a_page_over_http_2(tmp_path: Path) -> None:
    with service(tmp_path, ApnsRules(ApnsBehaviour.HTML)) as port:
        answer = ask(port, KEY)
    assert answer.status == 503
    assert answer.headers["content-type"] == "text/html"
    assert b"Blocked by policy" in answer.body


def test_http_1_in_its_place(tmp_path: Path) -> None:
    with service(tmp_path, ApnsRules(ApnsBehaviour.HTTP1)) as port:
        answer = ask(port, KEY)
    assert answer.spoken == "http"
    assert answer.status == 403
    assert b"Access denied" in answer.body


def test_a_close_after_the_handshake(tmp_path: Path) -> None:
    with service(tmp_path, ApnsRules(ApnsBehaviour.CLOSES)) as port:
        answer = ask(port, KEY)
    assert answer.fault is not None
    assert answer.fault.reason in (FaultReason.CLOSED, FaultReason.RESET)
    assert not answer.settings_received


def test_garbage(tmp_path: Path) -> None:
    with service(tmp_path, ApnsRules(ApnsBehaviour.GARBAGE)) as port:
        answer = ask(port, KEY)
    assert answer.fault is not None
    assert answer.fault.reason in (FaultReason.MALFORMED, FaultReason.CLOSED)
    assert answer.status is None


def test_tls_1_2_refuses_in_the_handshake(tmp_path: Path) -> None:
    context = server_context(tmp_path, SERVER, client_ca=ROOT, required=True, highest=ssl.TLSVersion.TLSv1_2)
    with apns(context) as port:
        assert ask(port, KEY).status == 400
        deadline = Deadline(5)
        stream = Dialer(Timeouts()).connect("127.0.0.1", port, deadline, StepRecorder(time.monotonic()))
        shown = ClientCertificate(EXPIRED.certificate, EXPIRED.key, ())
        offer = TlsOffer(label="test", server_name="localhost", alpn=("h2",))
        session = handshake(stream, offer, deadline, None, client=shown)
        session.close()
        result = session.result
    assert not result.completed
    assert result.fault is not None
    assert result.fault.alert == "certificate_expired"
