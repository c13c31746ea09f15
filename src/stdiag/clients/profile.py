"""What is known of one client: its TLS, its store, its rules; each fact with its source and its doubt."""

from __future__ import annotations

import enum
from datetime import date

import msgspec

from stdiag.formats.client_selector import Platform, Version, version_text


class Tls(enum.StrEnum):
    """Protocol versions, in OpenSSL's spelling."""

    V1_0 = "TLSv1"
    V1_1 = "TLSv1.1"
    V1_2 = "TLSv1.2"
    V1_3 = "TLSv1.3"


class Sni(enum.StrEnum):
    """Does it name the host in its ClientHello (RFC 6066 §3)?"""

    SENT = "sent"
    UNSURE = "unsure"


class Fetches(enum.StrEnum):
    """Does it get issuers that were not sent (caIssuers, RFC 5280 §4.2.2.1)?"""

    NEVER = "never"
    BY_LUCK = "by-luck"  # now and then: nothing to rely on
    ALWAYS = "always"


class AnchorMatch(enum.StrEnum):
    """When is a certificate that was sent an anchor itself?"""

    SUBJECT_AND_KEY = "subject-and-key"
    CERTIFICATE = "certificate"


class Policy(enum.StrEnum):
    """What becomes of a chain with an old signature algorithm in it."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    REFUSED_UNDER_PUBLIC_ROOTS = "refused-under-public-roots"
    UNSURE = "unsure"


class UserRoots(enum.StrEnum):
    """What a root is worth that somebody installed on the device."""

    TRUSTED = "trusted"
    BY_THE_APP = "by-the-app"  # only if the app says so
    NONE = "none"  # there is no way to install one


class StoreKind(enum.StrEnum):
    """Where its public roots come from."""

    RELEASE = "release"  # as in the table, by platform and version
    APPLE = "apple"  # the newest iOS release's: Apple has one list for its systems
    MOZILLA = "mozilla"
    UNKNOWN = "unknown"


class Groups(enum.StrEnum):
    """Elliptic curves that it offers."""

    P256 = "P-256 alone"
    COMMON = "P-256, P-384 and more"


class Source(msgspec.Struct, frozen=True):
    """Where a fact was read."""

    text: str
    doubt: str = ""
    """What may be wrong about it; empty when nothing is known to be."""


class CipherSet(msgspec.Struct, frozen=True):
    """Cipher suites for TLS 1.2 and older."""

    name: str
    offered: str
    """As OpenSSL's cipher list: what of them OpenSSL can offer today."""
    beyond: str = ""
    """What it offers too, or perhaps, and stdiag cannot; empty when that is all."""


class ValidityLimit(msgspec.Struct, frozen=True):
    """The longest validity that it accepts (not_before to not_after)."""

    days: int
    issued_from: date
    """For certificates issued on this day or later."""
    public_roots_only: bool


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """One release of a platform. Which facts there are: `FACTS`."""

    platform: Platform
    version: Version
    tls: tuple[Tls, ...]
    """On by default, oldest first."""
    tls_perhaps: tuple[Tls, ...] = ()
    """On for some: it depends on the app or on the update level."""
    ciphers: CipherSet
    groups: Groups = Groups.COMMON
    sni: Sni = Sni.SENT
    fetches: Fetches = Fetches.NEVER
    store: StoreKind
    store_updates: str = ""
    """Why a device may have another store than its release's; empty when it has that one."""
    anchor_match: AnchorMatch = AnchorMatch.CERTIFICATE
    anchor_dates: bool
    """An expired anchor is none."""
    cn_fallback: bool
    """Compares the common name where the certificate has no subjectAltName for hosts."""
    sha1: Policy
    md5: Policy
    min_rsa: int
    """Bits; 0: any."""
    min_ec: int
    key_identifiers: bool = False
    """An issuer whose key identifier is not the one that the certificate names (RFC 5280 §4.2.1.1) is none."""
    server_purpose_from: date | None = None
    """Certificates issued on this day or later must say serverAuth (RFC 5280 §4.2.1.12)."""
    validity: tuple[ValidityLimit, ...] = ()
    user_roots: UserRoots
    sources: dict[str, Source]
    """Fact → where it was read."""

    @property
    def version_text(self) -> str:
        """`7.1.1`; empty for a client of which only today's is known."""
        return version_text(self.version)

    @property
    def client(self) -> str:
        """`android 7.1.1`: how a report names it."""
        return f"{self.platform} {self.version_text}".strip()

    @property
    def shown(self) -> str:
        """`Android 7.1.1`: for people."""
        return f"{NAMES[self.platform]} {self.version_text}".strip()


FACTS = (
    "tls",
    "ciphers",
    "groups",
    "sni",
    "fetches",
    "store",
    "anchor_match",
    "anchor_dates",
    "cn_fallback",
    "sha1",
    "md5",
    "key_size",
    "validity",
    "user_roots",
)
"""What every profile says, and has a source for."""

NAMES = {
    Platform.ANDROID: "Android",
    Platform.IOS: "iOS",
    Platform.OPENJDK: "OpenJDK",
    Platform.JAVA: "Java",
    Platform.IBM_JAVA: "IBM Java",
    Platform.OPENSSL: "OpenSSL",
    Platform.CHROME: "Chrome, Edge",
    Platform.FIREFOX: "Firefox",
    Platform.SAFARI: "Safari",
}

V1_0_TO_1_2 = (Tls.V1_0, Tls.V1_1, Tls.V1_2)
V1_0_TO_1_3 = (*V1_0_TO_1_2, Tls.V1_3)
V1_2_AND_1_3 = (Tls.V1_2, Tls.V1_3)

_ECDHE = "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES"
MODERN = CipherSet("modern", f"{_ECDHE}:kRSA+AESGCM:kRSA+AES")
"""What clients of the last ten years have in common: ECDHE and RSA with AES and ChaCha20."""
FORWARD_SECRET = CipherSet("forward-secret", _ECDHE)
