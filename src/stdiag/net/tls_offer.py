"""What a ClientHello offers, and the OpenSSL context that makes it."""

from __future__ import annotations

import enum
import threading
from collections.abc import Sequence

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from OpenSSL import SSL, crypto

from stdiag.net.openssl import use_store

# More than the offers of a run times its trust stores; a long sweep must not keep old stores alive for ever.
_MAX_CONTEXTS = 64

# 0 with anonymous key exchange excluded: a server that offers it would send no certificate at all.
_ALL_CIPHERS = "ALL:!aNULL:!eNULL"


class TlsVersion(enum.StrEnum):
    """Protocol versions, in OpenSSL's spelling."""

    TLS1_0 = "TLSv1"
    TLS1_1 = "TLSv1.1"
    TLS1_2 = "TLSv1.2"
    TLS1_3 = "TLSv1.3"


_NUMBERS = {
    TlsVersion.TLS1_0: SSL.TLS1_VERSION,
    TlsVersion.TLS1_1: SSL.TLS1_1_VERSION,
    TlsVersion.TLS1_2: SSL.TLS1_2_VERSION,
    TlsVersion.TLS1_3: SSL.TLS1_3_VERSION,
}


class TlsOffer(msgspec.Struct, frozen=True, kw_only=True):
    """What a ClientHello offers."""

    label: str
    """A word for people; not part of the hello."""
    server_name: str | None
    """The name for SNI (RFC 6066 §3), in A-labels; None sends none."""
    min_version: TlsVersion | None = None
    """None: what the bundled OpenSSL takes at its default security level."""
    max_version: TlsVersion | None = None
    ciphers: str | None = None
    """An OpenSSL cipher list for TLS 1.2 and older."""
    security_level: int | None = None
    """OpenSSL's SECLEVEL. 0 is needed for TLS 1.0 and 1.1, short keys and Diffie-Hellman groups, SHA-1, and for
    servers that lack secure renegotiation (RFC 5746)."""
    small_hello: bool = False
    """Offer the group P-256 only: the hello then has some 350 bytes, where the post-quantum key share of the default
    makes it 1500 and more, which some middleboxes swallow."""
    alpn: tuple[str, ...] = ("h2", "http/1.1")


class ClientCertificate:
    """What a client shows a server that asks for it: certificate, private key, and the chain to send along. Shows
    itself to nobody else, and is not stored."""

    __slots__ = ("certificate", "chain", "key")

    def __init__(self, certificate: x509.Certificate, key: PrivateKeyTypes, chain: Sequence[x509.Certificate]) -> None:
        self.certificate = certificate
        self.key = key
        self.chain = tuple(chain)

    def __repr__(self) -> str:
        return "<ClientCertificate>"

    def __reduce__(self) -> str:
        raise TypeError("a private key is not stored")


_Key = tuple[TlsOffer, int]

_lock = threading.Lock()
_contexts: dict[_Key, tuple[SSL.Context, crypto.X509Store | None]] = {}


def context_for(
    offer: TlsOffer, trust: crypto.X509Store | None, client: ClientCertificate | None = None
) -> SSL.Context:
    """The context for `offer`, made once for all names: making one takes as long as a handshake. One that holds a
    `client`'s private key is made anew each time, and kept by nobody here.

    Raises SSL.Error when the bundled OpenSSL cannot do what is offered, or does not take the key; its list of reasons
    may be empty.
    """
    if client is not None:
        return _with_client(_made(offer, trust), client)
    key = (msgspec.structs.replace(offer, server_name=None, label=""), id(trust))
    with _lock:
        if key not in _contexts:
            if len(_contexts) >= _MAX_CONTEXTS:
                _contexts.clear()
            _contexts[key] = (_made(offer, trust), trust)  # holding the store keeps its id from being used again
        return _contexts[key][0]


def _with_client(context: SSL.Context, client: ClientCertificate) -> SSL.Context:
    try:
        context.use_certificate(client.certificate)
        context.use_privatekey(client.key)  # type: ignore[arg-type]  # the kinds that it refuses raise TypeError
        for issuer in client.chain:
            context.add_extra_chain_cert(issuer)
        context.check_privatekey()
    except TypeError:  # a kind of key that TLS has no use for, such as X25519; the key stays out of the words
        raise SSL.Error([("", "", "this kind of private key cannot be used in TLS")]) from None
    return context


def _made(offer: TlsOffer, trust: crypto.X509Store | None) -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    if offer.security_level is not None:
        ciphers = offer.ciphers or (_ALL_CIPHERS if offer.security_level == 0 else "DEFAULT")
        context.set_cipher_list(f"{ciphers}:@SECLEVEL={offer.security_level}".encode("ascii"))
    elif offer.ciphers is not None:
        context.set_cipher_list(offer.ciphers.encode("ascii"))
    if offer.min_version is not None:
        context.set_min_proto_version(_NUMBERS[offer.min_version])
    elif offer.security_level == 0:
        context.set_min_proto_version(SSL.TLS1_VERSION)
    if offer.max_version is not None:
        context.set_max_proto_version(_NUMBERS[offer.max_version])
    if offer.security_level == 0:
        context.set_options(getattr(SSL, "OP_LEGACY_SERVER_CONNECT", 0))  # absent in builds without the option
    if offer.small_hello:
        context.set_tmp_ecdh(ec.SECP256R1())
    if offer.alpn:
        context.set_alpn_protos([protocol.encode("ascii") for protocol in offer.alpn])
    if trust is not None:
        use_store(context, trust)
    return context
