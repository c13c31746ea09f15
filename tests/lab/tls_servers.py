"""TLS servers of the standard library on loopback: another OpenSSL than the one that is tested."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from tests.lab.peers_faulty import Behaviour, closes
from tests.minting import Minted
from tests.peers.identity import write_key_files

PAGE = b"HTTP/1.1 200 OK\r\nServer: example\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"

# The 1024-bit group of RFC 2409 §6.2: as weak as real old servers are.
_WEAK_DH = """\
-----BEGIN DH PARAMETERS-----
%s
-----END DH PARAMETERS-----
"""
_WEAK_PRIME = bytes.fromhex(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF"
)


def server_context(folder: Path, identity: Minted, *sent_after: x509.Certificate) -> ssl.SSLContext:
    """A server that sends `identity` and then these certificates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    files = write_key_files(folder, identity, *sent_after)
    context.load_cert_chain(files.chain, files.key)
    return context


def only(context: ssl.SSLContext, version: ssl.TLSVersion) -> ssl.SSLContext:
    """Speaks one version. For the old ones the caller expects Python's warning."""
    if version <= ssl.TLSVersion.TLSv1_1:
        context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = version
    context.minimum_version = version
    return context


def with_weak_dh(context: ssl.SSLContext, folder: Path) -> ssl.SSLContext:
    """TLS 1.2 with a Diffie-Hellman group of 1024 bits and nothing better."""
    # DHParameter ::= SEQUENCE { prime INTEGER, base INTEGER } (PKCS #3), the base is 2.
    integers = b"\x02\x81\x81\x00" + _WEAK_PRIME + b"\x02\x01\x02"
    der = b"\x30\x81" + bytes([len(integers)]) + integers
    file = folder / "dh.pem"
    file.write_text(_WEAK_DH % base64.encodebytes(der).decode("ascii").strip(), encoding="ascii")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("DHE:@SECLEVEL=0")
    context.load_dh_params(str(file))
    return context


def asking_for_a_certificate(context: ssl.SSLContext, issuer: Minted, mode: ssl.VerifyMode) -> ssl.SSLContext:
    """Asks clients for a certificate of `issuer`'s."""
    context.load_verify_locations(cadata=issuer.pem)
    context.verify_mode = mode
    return context


def tls(context: ssl.SSLContext, *pieces: bytes, then: Behaviour = closes) -> Behaviour:
    """Shakes hands, reads a request, says these pieces, ends with close_notify, and goes on in clear with `then`."""

    def behave(connection: socket.socket, stop: threading.Event) -> None:
        connection.settimeout(5)
        handle = connection.dup()
        with handle, context.wrap_socket(handle, server_side=True, suppress_ragged_eofs=True) as server:
            server.recv(65536)
            for piece in pieces:
                server.sendall(piece)
            server.settimeout(0.2)
            with contextlib.suppress(OSError):
                server.unwrap()
        then(connection, stop)

    return behave


def server_flight(context: ssl.SSLContext, client_hello: bytes) -> bytes:
    """What a server answers to a ClientHello, without a network."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(incoming, outgoing, server_side=True)
    incoming.write(client_hello)
    with contextlib.suppress(ssl.SSLWantReadError):
        server.do_handshake()
    return outgoing.read()


def names_seen(context: ssl.SSLContext) -> Sequence[str | None]:
    """A list that grows with each ClientHello: the name in its SNI."""
    seen: list[str | None] = []

    def on_name(_: ssl.SSLObject | ssl.SSLSocket, name: str | None, __: ssl.SSLContext) -> None:
        seen.append(name)

    context.sni_callback = on_name
    return seen


def inside_tls(context: ssl.SSLContext, behaviour: Behaviour) -> Behaviour:
    """The same behaviour behind a TLS handshake."""

    def behave(connection: socket.socket, stop: threading.Event) -> None:
        connection.settimeout(5)
        with context.wrap_socket(connection.dup(), server_side=True) as server:
            behaviour(server, stop)

    return behave
