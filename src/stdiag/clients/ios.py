"""iOS: URLSession with App Transport Security, which is what apps use."""

from __future__ import annotations

from datetime import date

from stdiag.clients.profile import (
    FORWARD_SECRET,
    V1_2_AND_1_3,
    CipherSet,
    Fetches,
    Policy,
    Profile,
    Source,
    StoreKind,
    Tls,
    UserRoots,
    ValidityLimit,
)
from stdiag.clients.table import releases
from stdiag.formats.client_selector import Platform, Version, parse_version

_SECURITY = "Apple Platform Security, TLS security"
_TRUST_13 = "support.apple.com/103769: requirements for trusted certificates in iOS 13"
_ATS = "it depends on the app's App Transport Security settings"

CIPHERS = CipherSet("ios", FORWARD_SECRET.offered, f"RSA key exchange, perhaps: {_ATS}")
APPLE_LIMITS = (
    ValidityLimit(825, date(2019, 7, 1), public_roots_only=False),
    ValidityLimit(398, date(2020, 9, 1), public_roots_only=True),
)
"""Of iOS 13 and macOS 10.15 on, and of iOS 14 and macOS 11 on."""


def profiles() -> tuple[Profile, ...]:
    """One for each release in the table, oldest first."""
    return tuple(_profile(parse_version(release.version)) for release in releases(Platform.IOS))


def _profile(version: Version) -> Profile:
    strict = version >= (13,)
    return Profile(
        platform=Platform.IOS,
        version=version,
        tls=V1_2_AND_1_3 if strict else (Tls.V1_2,),
        tls_perhaps=(Tls.V1_0, Tls.V1_1) if strict else (Tls.V1_0, Tls.V1_1, Tls.V1_3),
        ciphers=CIPHERS,
        fetches=Fetches.BY_LUCK,
        store=StoreKind.RELEASE,
        anchor_dates=True,
        cn_fallback=not strict,
        sha1=Policy.REFUSED,
        md5=Policy.REFUSED,
        min_rsa=2048,
        min_ec=224,
        server_purpose_from=date(2019, 7, 1) if strict else None,
        validity=APPLE_LIMITS[: 2 if version >= (14,) else 1] if strict else (),
        user_roots=UserRoots.TRUSTED,
        sources={
            "tls": Source(f"{_SECURITY}: TLS 1.3 from 12.2; 1.0 and 1.1 deprecated in 15, still there", _ATS),
            "ciphers": Source(f"{_SECURITY}: forward secrecy", _ATS),
            "groups": Source("P-256, P-384 and X25519", "from memory"),
            "sni": Source("URLSession sends it", "from memory"),
            "fetches": Source(
                "Apple DTS, developer forums 688028: the system can fetch a missing intermediate, "
                "but a server should not rely on it"
            ),
            "store": Source("stdiag.clients/data/anchors.json", "Apple's further constraints on roots are not in it"),
            "anchor_match": Source("SecTrust compares certificates", "from memory"),
            "anchor_dates": Source("SecTrust checks the dates of anchors", "from memory"),
            "cn_fallback": Source(_TRUST_13, "" if strict else "that 12 compares the common name is from memory"),
            "sha1": Source(f"{_SECURITY}: from iOS 11 refused for TLS"),
            "md5": Source(f"{_SECURITY}: signatures must be SHA-2"),
            "key_size": Source(f"{_SECURITY}, {_TRUST_13}: RSA 2048 at least", "the least EC size is from memory"),
            "validity": Source(f"{_TRUST_13}; HT211025 for 398 days", "" if strict else "no limit is known for 12"),
            "user_roots": Source("trusted once a profile is installed and the root is switched on", "from memory"),
        },
    )
