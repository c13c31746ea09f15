"""OpenSSL and what stands on it: curl, nginx and Apache as clients, Python, PHP, Ruby."""

from __future__ import annotations

from stdiag.clients.profile import (
    MODERN,
    V1_0_TO_1_2,
    V1_0_TO_1_3,
    V1_2_AND_1_3,
    CipherSet,
    Policy,
    Profile,
    Source,
    StoreKind,
    Tls,
    UserRoots,
)
from stdiag.formats.client_selector import Platform, Version

_LEVEL = "SSL_CTX_set_security_level(3)"
_WITH_DHE = CipherSet("openssl", f"{MODERN.offered}:kDHE+AESGCM:kDHE+CHACHA20:kDHE+AES")
_OLD = CipherSet("openssl-1.0.2", _WITH_DHE.offered, "3DES, which OpenSSL no longer offers")


def profiles() -> tuple[Profile, ...]:
    """1.0.2, 1.1.1 and 3, as upstream makes them."""
    return (
        _profile((1, 0, 2), V1_0_TO_1_2, level=0),
        _profile((1, 1, 1), V1_0_TO_1_3, level=1),
        _profile((3,), V1_2_AND_1_3, level=1),
    )


def _profile(version: Version, tls: tuple[Tls, ...], *, level: int) -> Profile:
    return Profile(
        platform=Platform.OPENSSL,
        version=version,
        tls=tls,
        ciphers=_OLD if version < (1, 1) else _WITH_DHE,
        store=StoreKind.MOZILLA,
        anchor_dates=True,
        cn_fallback=True,
        sha1=_sha1(version),
        md5=Policy.REFUSED if level else Policy.ACCEPTED,
        min_rsa=1024 if level else 0,
        min_ec=160 if level else 0,
        key_identifiers=True,
        user_roots=UserRoots.TRUSTED,
        sources={
            "tls": Source(f"changes between releases; {_LEVEL}", "distributions set their own lowest version"),
            "ciphers": Source("ciphers(1): DEFAULT", "distributions and applications set their own list"),
            "groups": Source("SSL_CTX_set1_groups(3): X25519, P-256, P-384 and more"),
            "sni": Source("curl and the languages' HTTPS clients send it", "it is the application's to send it"),
            "fetches": Source("measured with 3.0: OpenSSL fetches nothing"),
            "store": Source(
                "Mozilla's roots, which Linux distributions package",
                "the distribution decides; an old machine has old roots",
            ),
            "anchor_match": Source("X509_verify_cert(3): a self-signed certificate that is in the store itself"),
            "anchor_dates": Source("measured with 3.0: an expired anchor is verification code 10"),
            "cn_fallback": Source("X509_check_host(3): without a dNSName; never for addresses"),
            "sha1": Source(
                f"{_LEVEL}: refused from level 2, in 3 from level 1 on", "distributions raise the level to 2"
            ),
            "md5": Source(f"{_LEVEL}: refused from level 1"),
            "key_size": Source(
                f"{_LEVEL}: level 1 asks for RSA 1024 and EC 160",
                "Debian and others raise it to level 2: RSA 2048, EC 224",
            ),
            "validity": Source("no limit"),
            "user_roots": Source("added to the system's store, or named with --cacert"),
        },
    )


def _sha1(version: Version) -> Policy:
    if version < (1, 1):
        return Policy.ACCEPTED
    return Policy.UNSURE if version < (3,) else Policy.REFUSED
