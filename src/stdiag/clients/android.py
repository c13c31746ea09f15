"""Android's own TLS (HttpsURLConnection, SSLSocket), which is what apps use. Not Chrome's, which has its own."""

from __future__ import annotations

from stdiag.clients.profile import (
    MODERN,
    V1_0_TO_1_2,
    V1_0_TO_1_3,
    V1_2_AND_1_3,
    AnchorMatch,
    CipherSet,
    Groups,
    Policy,
    Profile,
    Sni,
    Source,
    StoreKind,
    Tls,
    UserRoots,
)
from stdiag.clients.table import releases
from stdiag.formats.client_selector import Platform, Version, parse_version

_REFERENCE = "developer.android.com, SSLSocket and SSLEngine: default configuration by API level"
_CONSCRYPT = "conscrypt, TrustManagerImpl"
_CAPTURE = "a ClientHello of Android 2.3.7 in testssl.sh has no server name"
_STRENGTH = "conscrypt, ChainStrengthAnalyzer"

_OLD_AES = "DHE-RSA-AES128-SHA:DHE-RSA-AES256-SHA:DHE-DSS-AES128-SHA:DHE-DSS-AES256-SHA:AES128-SHA:AES256-SHA"
_OLD_EC = "ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA"
_LOST = "RC4, 3DES and DES, which OpenSSL no longer offers"
_API_9 = CipherSet("android-2.3", _OLD_AES, _LOST)
_API_11 = CipherSet("android-4", f"{_OLD_EC}:{_OLD_AES}", _LOST)
_API_21 = CipherSet(
    "android-5",
    f"ECDHE+AESGCM:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:kRSA+AESGCM:{_OLD_EC}:{_OLD_AES}",
    "RC4, which OpenSSL no longer offers",
)
_API_23 = CipherSet(
    "android-6",
    f"ECDHE+AESGCM:kRSA+AESGCM:{_OLD_EC}:AES128-SHA:AES256-SHA",
    "perhaps RC4 and DHE: the sources differ for API 23 to 25",
)
_API_24 = CipherSet(
    "android-7",
    f"ECDHE+AESGCM:ECDHE+CHACHA20:kRSA+AESGCM:{_OLD_EC}:AES128-SHA:AES256-SHA",
    "perhaps DHE: the sources differ for API 23 to 25",
)

_PLAY = "since Android 14 the roots come with Play system updates: a device may be ahead of its release"


def profiles() -> tuple[Profile, ...]:
    """One for each release in the table, oldest first."""
    return tuple(_profile(parse_version(release.version)) for release in releases(Platform.ANDROID))


def _profile(version: Version) -> Profile:
    tls, perhaps, tls_source = _tls(version)
    ciphers, cipher_source = _ciphers(version)
    return Profile(
        platform=Platform.ANDROID,
        version=version,
        tls=tls,
        tls_perhaps=perhaps,
        ciphers=ciphers,
        groups=Groups.P256 if version == (7, 0) else Groups.COMMON,
        sni=Sni.UNSURE if version < (4,) else Sni.SENT,
        store=StoreKind.RELEASE,
        store_updates=_PLAY if version >= (14,) else "",
        anchor_match=AnchorMatch.SUBJECT_AND_KEY,
        anchor_dates=False,
        cn_fallback=version < (9,),
        sha1=_sha1(version),
        md5=Policy.REFUSED if version >= (4, 4) else Policy.UNSURE,
        min_rsa=1024 if version >= (4, 4) else 0,
        min_ec=160 if version >= (4, 4) else 0,
        user_roots=_user_roots(version),
        sources={
            "tls": tls_source,
            "ciphers": cipher_source,
            "groups": _groups_source(version),
            "sni": Source(_CAPTURE, "HttpsURLConnection sends it from 2.3 by common account; Apache's client never did")
            if version < (4,)
            else Source("HttpsURLConnection sends it from 2.3 by common account", "Apache's HttpClient never did"),
            "fetches": Source(
                f"{_CONSCRYPT}: it has no code that fetches; it remembers intermediates that it has seen"
            ),
            "store": _store_source(version),
            "anchor_match": Source(
                f"{_CONSCRYPT}: findBySubjectAndPublicKey", "" if version >= (4, 4) else "read in later sources"
            ),
            "anchor_dates": Source("Let's Encrypt, 2020-12-21; measured with conscrypt"),
            "cn_fallback": Source("conscrypt issue 1145: dropped in 2018, from Android 9"),
            "sha1": _sha1_source(version),
            "md5": Source(_STRENGTH, "" if version >= (4, 4) else "when it came is not known"),
            "key_size": Source(
                f"{_STRENGTH}: RSA below 1024 and EC below 160 refused",
                "" if version >= (4, 4) else "when it came is not known",
            ),
            "validity": Source(f"{_CONSCRYPT}: no limit"),
            "user_roots": _user_roots_source(version),
        },
    )


def _tls(version: Version) -> tuple[tuple[Tls, ...], tuple[Tls, ...], Source]:
    if version < (5,):
        return (Tls.V1_0,), (), Source(f"{_REFERENCE}: TLS 1.1 and 1.2 enabled from API 20")
    if version < (10,):
        return V1_0_TO_1_2, (), Source(f"{_REFERENCE}: TLS 1.1 and 1.2 enabled from API 20")
    if version < (15,):
        return V1_0_TO_1_3, (), Source("developer.android.com, Android 10 features: TLS 1.3")
    if version < (16,):
        return (
            V1_2_AND_1_3,
            (Tls.V1_0, Tls.V1_1),
            Source("Android 15 behaviour changes: TLS 1.0 and 1.1 restricted", "only for apps that target API 35"),
        )
    return (
        V1_2_AND_1_3,
        (),
        Source("conscrypt removed TLS 1.0 and 1.1: okhttp issue 9600, Mastercard gateway-android-sdk"),
    )


def _ciphers(version: Version) -> tuple[CipherSet, Source]:
    if version < (4,):
        return _API_9, Source(_REFERENCE)
    if version < (5,):
        return _API_11, Source(_REFERENCE)
    if version < (6,):
        return _API_21, Source(_REFERENCE)
    if version < (7,):
        return _API_23, Source(_REFERENCE, "RC4 and DHE for API 23 to 25 are from memory")
    if version < (8,):
        return _API_24, Source(_REFERENCE, "DHE for API 23 to 25 is from memory")
    return MODERN, Source(_REFERENCE)


def _groups_source(version: Version) -> Source:
    if version == (7, 0):
        return Source(
            "Android 7.0 offers P-256 alone, mended in 7.1: common account", "from memory; patched devices exist"
        )
    return Source("conscrypt and BoringSSL: P-256 and P-384 at least", "from memory")


def _store_source(version: Version) -> Source:
    doubt = "the last state of the release; roots move within one"
    return Source("stdiag.clients/data/anchors.json", f"{doubt}; {_PLAY}" if version >= (14,) else doubt)


def _sha1(version: Version) -> Policy:
    if version >= (10,):
        return Policy.REFUSED
    return Policy.UNSURE if version >= (9,) else Policy.ACCEPTED


def _sha1_source(version: Version) -> Source:
    doubt = "whether 9 has it already is not known" if version[0] == 9 else ""
    return Source("conscrypt pull request 463 (2018)", doubt)


def _user_roots(version: Version) -> UserRoots:
    if version >= (7,):
        return UserRoots.BY_THE_APP
    return UserRoots.TRUSTED if version >= (4,) else UserRoots.NONE


def _user_roots_source(version: Version) -> Source:
    if version >= (7,):
        text = (
            "android-developers.googleblog.com, 2016-07: from 7.0 only where the app's network security config says so"
        )
        return Source(text, "apps that target an API below 24 still trust them")
    return Source("the trusted credentials of Android 4.0 and later can be added to", "from memory")
