"""Handshakes with a real TLS server."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL, crypto
from tests.lab.peers_faulty import peer
from tests.lab.tls_servers import (
    PAGE,
    asking_for_a_certificate,
    names_seen,
    only,
    server_context,
    tls,
    with_weak_dh,
)
from tests.peers.identity import Identity, authority, leaf, rsa_key

from stdiag.model import Fault, FaultReason
from stdiag.net.deadline import Deadline, Timeouts
from stdiag.net.dial import Dialer
from stdiag.net.faults import NetError
from stdiag.net.tls import TlsOffer, TlsResult, TlsSession, TlsVersion, handshake, verify_text
from stdiag.net.tls_offer import context_for
from stdiag.net.trace import StepRecorder

ROOT = authority("Example Root")
INTERMEDIATE = authority("Example Intermediate", ROOT)
OTHER = authority("Example Intermediate 2", ROOT)
LEAF = leaf("chat.example.com", INTERMEDIATE, key=rsa_key())

OLD_VERSIONS = pytest.mark.filterwarnings("ignore:.*TLSv1:DeprecationWarning")


@pytest.fixture
def healthy(tmp_path: Path) -> ssl.SSLContext:
    return server_context(tmp_path, LEAF, INTERMEDIATE.certificate)


@pytest.fixture(scope="module")
def trust() -> crypto.X509Store:
    store = crypto.X509Store()
    store.add_cert(crypto.X509.from_cryptography(ROOT.certificate))
    return store


def offer(
    label: str = "default",
    *,
    server_name: str | None = "chat.example.com",
    version: TlsVersion | None = None,
    max_version: TlsVersion | None = None,
    security_level: int | None = None,
    small_hello: bool = False,
    ciphers: str | None = None,
    alpn: tuple[str, ...] = ("h2", "http/1.1"),
) -> TlsOffer:
    return TlsOffer(
        label=label,
        server_name=server_name,
        min_version=version,
        max_version=version or max_version,
        security_level=security_level,
        small_hello=small_hello,
        ciphers=ciphers,
        alpn=alpn,
    )


def shake(port: int, what: TlsOffer, trust: crypto.X509Store | None = None) -> TlsSession:
    stream = Dialer(Timeouts()).connect("127.0.0.1", port, Deadline(5), StepRecorder(time.monotonic()))
    return handshake(stream, what, Deadline(5), trust)


def result_of(port: int, what: TlsOffer, trust: crypto.X509Store | None = None) -> TlsResult:
    session = shake(port, what, trust)
    session.close()
    return session.result


def der(*identities: Identity) -> list[bytes]:
    return [identity.certificate.public_bytes(Encoding.DER) for identity in identities]


def test_a_healthy_server(healthy: ssl.SSLContext, trust: crypto.X509Store) -> None:
    healthy.set_alpn_protocols(["http/1.1"])
    with peer(tls(healthy, PAGE)) as port:
        session = shake(port, offer(), trust)
        result = session.result
        assert (result.completed, result.fault) == (True, None)
        assert (result.protocol, result.alpn) == ("TLSv1.3", "http/1.1")
        assert result.cipher is not None
        assert result.cipher.startswith("TLS_")
        assert result.group is not None
        assert result.chain_der == der(LEAF, INTERMEDIATE)
        assert (result.verify_code, result.verify_errors) == (0, [])
        assert not result.client_cert_requested
        assert result.alerts_received == []
        assert result.first_bytes[:3] == b"\x16\x03\x03"
        assert len(result.first_bytes) == 64
        assert result.bytes_received > 1000
        assert 0 < result.duration_us < 5_000_000
        session.write(b"GET / HTTP/1.0\r\n\r\n", Deadline(5))
        assert session.read(1000, Deadline(5)) == PAGE
        assert session.read(1000, Deadline(5)) == b""
        session.close()
        session.close()


@OLD_VERSIONS
@pytest.mark.parametrize("version", TlsVersion)
def test_every_version(version: TlsVersion, healthy: ssl.SSLContext, trust: crypto.X509Store) -> None:
    number = {
        TlsVersion.TLS1_0: ssl.TLSVersion.TLSv1,
        TlsVersion.TLS1_1: ssl.TLSVersion.TLSv1_1,
        TlsVersion.TLS1_2: ssl.TLSVersion.TLSv1_2,
        TlsVersion.TLS1_3: ssl.TLSVersion.TLSv1_3,
    }[version]
    with peer(tls(only(healthy, number), PAGE)) as port:
        session = shake(port, offer(version=version, security_level=0), trust)
        assert (session.result.fault, session.result.protocol) == (None, version)
        assert session.result.chain_der == der(LEAF, INTERMEDIATE)
        session.write(b"GET / HTTP/1.0\r\n\r\n", Deadline(5))
        assert session.read(1000, Deadline(5)) == PAGE
        session.close()


@OLD_VERSIONS
def test_an_old_server_and_a_lenient_offer(healthy: ssl.SSLContext) -> None:
    with peer(tls(only(healthy, ssl.TLSVersion.TLSv1))) as port:
        assert result_of(port, offer(security_level=0)).protocol == "TLSv1"


@OLD_VERSIONS
def test_an_old_server_and_the_default_offer(healthy: ssl.SSLContext) -> None:
    with peer(tls(only(healthy, ssl.TLSVersion.TLSv1))) as port:
        fault = result_of(port, offer(max_version=TlsVersion.TLS1_2)).fault
    assert fault is not None
    assert (fault.reason, fault.words) == (FaultReason.TLS_LOCAL, "unsupported protocol")


def test_no_version_in_common(healthy: ssl.SSLContext) -> None:
    with peer(tls(only(healthy, ssl.TLSVersion.TLSv1_2))) as port:
        result = result_of(port, offer(version=TlsVersion.TLS1_3))
    assert result.fault is not None
    assert (result.fault.reason, result.fault.alert) == (FaultReason.TLS_ALERT, "protocol_version")
    assert result.alerts_received == ["protocol_version"]
    assert not result.completed
    assert result.protocol is None
    assert result.verify_code is None
    assert result.waited_us > 0


@pytest.mark.parametrize(
    ("sent", "codes", "code"),
    [
        ([LEAF, INTERMEDIATE], [], 0),
        ([LEAF, INTERMEDIATE, ROOT], [], 0),
        ([LEAF, OTHER, INTERMEDIATE], [], 0),
        ([LEAF, INTERMEDIATE, INTERMEDIATE], [], 0),
        ([LEAF], [(20, 0), (21, 0)], 21),
        ([LEAF, OTHER], [(20, 0), (21, 0)], 21),
    ],
)
@pytest.mark.parametrize("version", [TlsVersion.TLS1_2, TlsVersion.TLS1_3])
def test_the_chain_is_kept_as_sent(
    sent: list[Identity],
    codes: list[tuple[int, int]],
    code: int,
    version: TlsVersion,
    tmp_path: Path,
    trust: crypto.X509Store,
) -> None:
    context = server_context(tmp_path, LEAF, *(identity.certificate for identity in sent[1:]))
    with peer(tls(context)) as port:
        result = result_of(port, offer(version=version), trust)
    assert result.completed
    assert result.chain_der == der(*sent)
    assert (result.verify_errors, result.verify_code) == (codes, code)


def test_other_verification_codes(tmp_path: Path, trust: crypto.X509Store, healthy: ssl.SSLContext) -> None:
    expired = leaf("chat.example.com", ROOT, days=(-20, -10))
    alone = leaf("chat.example.com", None)
    with (
        peer(tls(server_context(tmp_path / "expired", expired))) as expired_port,
        peer(tls(server_context(tmp_path / "alone", alone))) as self_signed_port,
        peer(tls(healthy)) as port,
    ):
        assert result_of(expired_port, offer(), trust).verify_code == 10
        assert result_of(self_signed_port, offer(), trust).verify_code == 18
        assert result_of(port, offer(), None).verify_errors == [(20, 1)]


def test_words_of_verification_codes_are_openssls() -> None:
    assert verify_text(0) == "ok"
    assert verify_text(21) == "unable to verify the first certificate"
    assert verify_text(10) == "certificate has expired"
    assert verify_text(99_999)


def test_the_name_is_sent_or_not(healthy: ssl.SSLContext) -> None:
    seen = names_seen(healthy)
    with peer(tls(healthy)) as port:
        assert result_of(port, offer()).completed
        assert result_of(port, offer(server_name=None)).completed
    assert seen == ["chat.example.com", None]


def test_a_name_that_the_server_refuses(healthy: ssl.SSLContext) -> None:
    healthy.sni_callback = lambda *_: ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    with peer(tls(healthy)) as port:
        result = result_of(port, offer())
    assert result.fault is not None
    assert (result.fault.reason, result.fault.alert) == (FaultReason.TLS_ALERT, "unrecognized_name")


def test_alpn(healthy: ssl.SSLContext) -> None:
    healthy.set_alpn_protocols(["h2", "http/1.1"])
    with peer(tls(healthy)) as port:
        assert result_of(port, offer()).alpn == "h2"
        assert result_of(port, offer(alpn=("http/1.1",))).alpn == "http/1.1"
        assert result_of(port, offer(alpn=())).alpn is None


def test_sizes_of_the_hello(healthy: ssl.SSLContext) -> None:
    with peer(tls(healthy)) as port:
        large = result_of(port, offer())
        small = result_of(port, offer(small_hello=True))
    assert large.hello_bytes > 1400  # the post-quantum key share: more than one packet
    assert small.completed
    assert small.hello_bytes < 450
    assert small.group in ("secp256r1", "prime256v1", "P-256")


@pytest.mark.parametrize("version", [TlsVersion.TLS1_2, TlsVersion.TLS1_3])
def test_a_client_certificate_is_asked_for(version: TlsVersion, healthy: ssl.SSLContext) -> None:
    with peer(tls(asking_for_a_certificate(healthy, ROOT, ssl.CERT_OPTIONAL), PAGE)) as port:
        session = shake(port, offer(version=version))
        assert session.result.completed
        assert session.result.client_cert_requested
        session.write(b"GET / HTTP/1.0\r\n\r\n", Deadline(5))
        assert session.read(1000, Deadline(5)) == PAGE
        session.close()


def test_a_client_certificate_is_required_under_tls_1_2(healthy: ssl.SSLContext, trust: crypto.X509Store) -> None:
    with peer(tls(asking_for_a_certificate(healthy, ROOT, ssl.CERT_REQUIRED))) as port:
        result = result_of(port, offer(version=TlsVersion.TLS1_2), trust)
    assert not result.completed
    assert result.client_cert_requested
    assert result.fault is not None
    assert (result.fault.reason, result.fault.alert) == (FaultReason.TLS_ALERT, "handshake_failure")
    # All that came before the refusal is kept.
    assert result.chain_der == der(LEAF, INTERMEDIATE)
    assert (result.verify_code, result.protocol) == (0, "TLSv1.2")


def test_a_client_certificate_is_required_under_tls_1_3(healthy: ssl.SSLContext) -> None:
    with peer(tls(asking_for_a_certificate(healthy, ROOT, ssl.CERT_REQUIRED))) as port:
        session = shake(port, offer(version=TlsVersion.TLS1_3))
        assert session.result.completed  # the refusal comes later
        assert session.result.client_cert_requested
        with pytest.raises(NetError) as caught:
            session.read(100, Deadline(5))
        assert (caught.value.fault.reason, caught.value.fault.alert) == (FaultReason.TLS_ALERT, "certificate_required")
        assert session.result.alerts_received == ["certificate_required"]
        session.close()


def test_a_write_to_a_server_that_has_refused_tells_its_alert(healthy: ssl.SSLContext) -> None:
    with peer(tls(asking_for_a_certificate(healthy, ROOT, ssl.CERT_REQUIRED))) as port:
        session = shake(port, offer(version=TlsVersion.TLS1_3))
        time.sleep(0.2)  # the server has sent its alert and left
        caught: Fault | None = None
        try:
            for _ in range(50):
                session.write(b"x" * 1000, Deadline(1))
                time.sleep(0.01)
        except NetError as error:
            caught = error.fault
        session.close()
    assert caught is not None
    assert (caught.reason, caught.alert) == (FaultReason.TLS_ALERT, "certificate_required")


def test_a_weak_diffie_hellman_group(healthy: ssl.SSLContext, tmp_path: Path) -> None:
    with peer(tls(with_weak_dh(healthy, tmp_path))) as port:
        default = result_of(port, offer(ciphers="DHE", max_version=TlsVersion.TLS1_2))
        lenient = result_of(port, offer(security_level=0))
    assert default.fault is not None
    assert (default.fault.reason, default.fault.words) == (FaultReason.TLS_LOCAL, "dh key too small")
    assert default.chain_der == der(LEAF, INTERMEDIATE)
    assert lenient.completed


@pytest.mark.parametrize(
    "what",
    [
        offer(version=TlsVersion.TLS1_0),  # not at the default security level
        offer(ciphers="NO-SUCH-CIPHER"),
    ],
)
def test_what_the_bundled_openssl_cannot_do(what: TlsOffer, healthy: ssl.SSLContext) -> None:
    with peer(tls(healthy)) as port:
        result = result_of(port, what)
    assert result.fault is not None
    assert result.fault.reason is FaultReason.TLS_LOCAL
    assert result.fault.words


def test_an_error_of_openssl_without_a_reason(healthy: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise SSL.Error([])

    monkeypatch.setattr(SSL.Context, "set_min_proto_version", refuse)
    with peer(tls(healthy)) as port:
        session = shake(port, offer(version=TlsVersion.TLS1_2, alpn=("none-other-uses-this",)))
        assert session.result.fault is not None
        assert session.result.fault.reason is FaultReason.TLS_LOCAL
        with pytest.raises(NetError):
            session.read(1, Deadline(1))
        session.close()


def test_contexts_are_made_once_for_all_names(trust: crypto.X509Store) -> None:
    one = context_for(offer("default", server_name="a.example.com"), trust)
    assert context_for(offer("no-sni", server_name=None), trust) is one
    assert context_for(offer(small_hello=True), trust) is not one
    assert context_for(offer(), None) is not one


def test_side_by_side_nothing_is_mixed_up(healthy: ssl.SSLContext, tmp_path: Path, trust: crypto.X509Store) -> None:
    incomplete = server_context(tmp_path / "incomplete", LEAF)
    found: list[tuple[bool, int | None, int]] = []
    with peer(tls(healthy)) as good_port, peer(tls(incomplete)) as bad_port:

        def work(port: int) -> None:
            for _ in range(10):
                result = result_of(port, offer(), trust)
                found.append((port == good_port, result.verify_code, len(result.chain_der)))

        threads = [threading.Thread(target=work, args=(port,)) for port in (good_port, bad_port) * 4]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(found) == [(False, 21, 1)] * 40 + [(True, 0, 2)] * 40


def test_garbage_after_the_handshake(healthy: ssl.SSLContext) -> None:
    def behave(connection: socket.socket, stop: threading.Event) -> None:
        connection.settimeout(5)
        with connection.dup() as handle, healthy.wrap_socket(handle, server_side=True):
            connection.sendall(b"plain words, no record\r\n" * 10)
            stop.wait(1)

    with peer(behave) as port:
        session = shake(port, offer())
        with pytest.raises(NetError) as caught:
            session.read(100, Deadline(2))
        session.close()
    assert caught.value.fault.reason is FaultReason.TLS_PROTOCOL


def test_an_endless_talk_ends_on_time(healthy: ssl.SSLContext) -> None:
    healthy.maximum_version = ssl.TLSVersion.TLSv1_2
    with peer(tls(healthy, *[b"x"] * 3_000_000)) as port:
        session = shake(port, offer())
        session.write(b"GET / HTTP/1.0\r\n\r\n", Deadline(5))
        deadline = Deadline(0.3)
        started = time.monotonic()
        with pytest.raises(NetError) as caught:
            _read_for_ever(session, deadline)
        assert time.monotonic() - started < 0.6
        session.close()
    assert caught.value.fault.reason is FaultReason.SLOW


def _read_for_ever(session: TlsSession, deadline: Deadline) -> None:
    while session.read(1, deadline):
        pass


def test_silence_after_the_handshake(healthy: ssl.SSLContext) -> None:
    with peer(tls(healthy)) as port:  # waits for a request
        session = shake(port, offer())
        with pytest.raises(NetError) as caught:
            session.read(100, Deadline(0.2))
        session.close()
    assert caught.value.fault.reason is FaultReason.SILENT
