"""Desktop browsers as they are today: what the administrator looks at when it "works here"."""

from __future__ import annotations

from datetime import date

from stdiag.clients.ios import APPLE_LIMITS
from stdiag.clients.profile import (
    MODERN,
    V1_2_AND_1_3,
    Fetches,
    Policy,
    Profile,
    Source,
    StoreKind,
    UserRoots,
    ValidityLimit,
)
from stdiag.formats.client_selector import Platform

_BASELINE = "CA/Browser Forum baseline requirements"
_MEMORY = "from memory"


def profiles() -> tuple[Profile, ...]:
    """Chrome (and Edge), Firefox, Safari."""
    chrome = Source("Chrome Root Store", "taken as Mozilla's, which it resembles and is not")
    firefox = Source("Mozilla's roots, as certifi has them")
    safari = Source("Apple's roots: stdiag.clients/data/anchors.json, the newest iOS", "macOS may lag behind")
    chrome_limit = (ValidityLimit(398, date(2020, 9, 1), public_roots_only=True),)
    return (
        _profile(Platform.CHROME, StoreKind.MOZILLA, chrome, chrome_limit, Source("fetches caIssuers over HTTP")),
        _profile(
            Platform.FIREFOX,
            StoreKind.MOZILLA,
            firefox,
            (),
            Source("preloads the intermediates that public CAs have disclosed", "it fetches nothing, but has them"),
        ),
        _profile(
            Platform.SAFARI,
            StoreKind.APPLE,
            safari,
            APPLE_LIMITS,
            Source("the system fetches caIssuers", "Apple calls it nothing to rely on; on the desktop it rarely fails"),
        ),
    )


def _profile(
    platform: Platform, store: StoreKind, roots: Source, limits: tuple[ValidityLimit, ...], fetching: Source
) -> Profile:
    apple = platform is Platform.SAFARI
    return Profile(
        platform=platform,
        version=(),
        tls=V1_2_AND_1_3,
        ciphers=MODERN,
        fetches=Fetches.ALWAYS,
        store=store,
        anchor_dates=apple,
        cn_fallback=False,
        sha1=Policy.REFUSED,
        md5=Policy.REFUSED,
        min_rsa=2048 if apple else 1024,
        min_ec=224,
        server_purpose_from=date(2019, 7, 1) if apple else None,
        validity=limits,
        user_roots=UserRoots.TRUSTED,
        sources={
            "tls": Source("TLS 1.0 and 1.1 left all browsers in 2020", _MEMORY),
            "ciphers": Source("ECDHE and RSA with AES and ChaCha20", _MEMORY),
            "groups": Source("X25519, P-256, P-384", _MEMORY),
            "sni": Source("all send it"),
            "fetches": fetching,
            "store": roots,
            "anchor_match": Source("a certificate that is in the store itself", _MEMORY),
            "anchor_dates": Source("Chrome and Firefox trust an anchor whatever its dates", _MEMORY),
            "cn_fallback": Source("Chrome 58 and Firefox 48 dropped it", _MEMORY),
            "sha1": Source("refused since 2017", f"{_MEMORY}; policies can allow it for private roots"),
            "md5": Source("refused since 2011", _MEMORY),
            "key_size": Source(_BASELINE, "what a browser enforces of it is from memory"),
            "validity": Source(f"{_BASELINE}, Apple HT211025", _MEMORY),
            "user_roots": Source("from the system's store, or the browser's own"),
        },
    )
