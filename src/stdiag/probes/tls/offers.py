"""The ClientHellos that the probe sends, and what each is for."""

from __future__ import annotations

import msgspec

from stdiag.net.tls import TlsOffer, TlsVersion
from stdiag.probes.tls.observation import Handshake

VERSIONS = (TlsVersion.TLS1_0, TlsVersion.TLS1_1, TlsVersion.TLS1_2, TlsVersion.TLS1_3)
VERSION_LABEL = {
    TlsVersion.TLS1_0: "tls1.0",
    TlsVersion.TLS1_1: "tls1.1",
    TlsVersion.TLS1_2: "tls1.2",
    TlsVersion.TLS1_3: "tls1.3",
}

STANDARD = 2
"""OpenSSL's security level today: 112 bits, so RSA 2048, no SHA-1 signatures, TLS 1.2."""


def default(server_name: str | None) -> TlsOffer:
    """What a client of today sends."""
    return TlsOffer(label="default", server_name=server_name, security_level=STANDARD)


def without_sni(*, small_hello: bool = False) -> TlsOffer:
    """The same without a server name, as old clients and bare-address URLs send."""
    return TlsOffer(label="no-sni", server_name=None, security_level=STANDARD, small_hello=small_hello)


def http_only(base: Handshake) -> TlsOffer:
    """For the glance at HTTP where the default handshake failed, or agreed on HTTP/2, which the glance does not speak:
    the offer that went through as `base`, with HTTP/1.1 only."""
    offer = {"small": small, "lenient": lenient}.get(base.offer, default)(base.server_name)
    return msgspec.structs.replace(offer, label="http/1.1", alpn=("http/1.1",))


def small(server_name: str | None) -> TlsOffer:
    """A ClientHello of some 350 bytes: one that no middlebox ever had to reassemble."""
    return TlsOffer(label="small", server_name=server_name, security_level=STANDARD, small_hello=True)


def lenient(server_name: str | None) -> TlsOffer:
    """Whatever the library can still speak: to get hold of the chain of a server that speaks no more than that."""
    return TlsOffer(
        label="lenient",
        server_name=server_name,
        min_version=TlsVersion.TLS1_0,
        ciphers="ALL",
        security_level=0,
        small_hello=True,
    )


def only(version: TlsVersion, server_name: str | None) -> TlsOffer:
    """One protocol version and no other."""
    return TlsOffer(
        label=VERSION_LABEL[version],
        server_name=server_name,
        min_version=version,
        max_version=version,
        ciphers="ALL",
        security_level=0,
        small_hello=True,
    )


def key_kind(kind: str, server_name: str | None) -> TlsOffer:
    """Only cipher suites that need an RSA (or ECDSA) certificate. TLS 1.3 suites name no key, so 1.2 it is."""
    return TlsOffer(
        label=kind,
        server_name=server_name,
        min_version=TlsVersion.TLS1_0,
        max_version=TlsVersion.TLS1_2,
        ciphers={"rsa": "aRSA", "ecdsa": "aECDSA"}[kind],
        security_level=0,
        small_hello=True,
    )


def finite_field(server_name: str | None, security_level: int) -> TlsOffer:
    """Only finite-field Diffie-Hellman: OpenSSL refuses groups that are too small for the level."""
    return TlsOffer(
        label="dhe" if security_level else "dhe-weak",
        server_name=server_name,
        min_version=None if security_level else TlsVersion.TLS1_0,
        max_version=TlsVersion.TLS1_2,
        ciphers="kDHE",
        security_level=security_level,
        small_hello=True,
    )
