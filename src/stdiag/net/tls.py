"""TLS handshakes that never abort on a bad certificate and keep everything that came."""

from __future__ import annotations

from OpenSSL import SSL, crypto

from stdiag.model import Fault, FaultReason
from stdiag.net.byte_stream import ByteStream
from stdiag.net.deadline import Deadline
from stdiag.net.openssl import expect_name, verify_text
from stdiag.net.tls_faults import Alerts, words_of
from stdiag.net.tls_offer import ClientCertificate, TlsOffer, TlsVersion, context_for
from stdiag.net.tls_session import IN_OPENSSL, TlsResult, TlsSession

__all__ = ["ClientCertificate", "TlsOffer", "TlsResult", "TlsSession", "TlsVersion", "handshake", "verify_text"]


def handshake(
    stream: ByteStream,
    offer: TlsOffer,
    deadline: Deadline,
    trust: crypto.X509Store | None,
    *,
    name: str | None = None,
    client: ClientCertificate | None = None,
) -> TlsSession:
    """One handshake over `stream`, which the session then owns. Never raises for what a network can do.

    `trust` holds the anchors that the verification codes rest on; None trusts nobody. With `name` (a name or an
    address) the codes say too whether the certificate is for it. No code ends the handshake. `client` is shown to a
    server that asks for a certificate.
    """
    result = TlsResult()
    alerts = Alerts(result.alerts_received)
    complaints: list[tuple[int, int]] = []
    verified: list[bool] = []
    states: set[bytes] = set()

    def on_certificate(_: SSL.Connection, __: crypto.X509, code: int, depth: int, accepted: int) -> bool:
        verified.append(True)
        if not accepted:
            complaints.append((code, depth))
        return True

    try:
        with IN_OPENSSL:
            connection = SSL.Connection(context_for(offer, trust, client), None)
    except SSL.Error as error:
        result.fault = Fault(FaultReason.TLS_LOCAL, words_of(error))
        return TlsSession(stream, None, result, alerts)
    connection.set_verify(SSL.VERIFY_PEER, on_certificate)

    def on_info(informed: SSL.Connection, where: int, value: int) -> None:
        if where & SSL.SSL_CB_READ_ALERT == SSL.SSL_CB_READ_ALERT:
            alerts.received(value, informed.get_protocol_version() if informed.get_cipher_name() else 0)
        elif where & SSL.SSL_CB_LOOP:
            states.add(informed.get_state_string())

    if name is not None:
        expect_name(connection, name)
    connection.set_info_callback(on_info)
    connection.set_connect_state()
    if offer.server_name is not None:
        connection.set_tlsext_host_name(offer.server_name.encode("ascii"))
    session = TlsSession(stream, connection, result, alerts)
    session.shake_hands(deadline)

    with IN_OPENSSL:
        states.add(connection.get_state_string())
        result.verify_errors = complaints
        result.chain_der = [
            crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate)
            for certificate in connection.get_peer_cert_chain() or []
        ]
        if verified or result.chain_der:
            result.verify_code = complaints[-1][0] if complaints else 0
        # The states' names are the only public way: the request leaves no other trace when it names no CA.
        result.client_cert_requested = any(b"read server certificate request" in state for state in states)
        result.cipher = connection.get_cipher_name()
        if result.cipher is not None:
            result.protocol = connection.get_protocol_version_name()
            result.alpn = connection.get_alpn_proto_negotiated().decode("ascii", "backslashreplace") or None
        if result.completed:
            result.group = _group(connection)
    return session


def _group(connection: SSL.Connection) -> str | None:
    try:
        return connection.get_group_name()
    except NotImplementedError:  # OpenSSL older than 3.0
        return None
