"""What a client makes of a server: accepted, rejected, or not to be told; and why."""

from __future__ import annotations

import enum

import msgspec


class ClientReason(enum.StrEnum):
    """Why a client rejects a server, or why that cannot be told (those that begin with unknown)."""

    MISSING_INTERMEDIATE = "missing-intermediate"
    ROOT_NOT_IN_STORE = "root-not-in-store"
    NO_COMMON_TLS_VERSION = "no-common-tls-version"
    NO_COMMON_CIPHER = "no-common-cipher"
    NAME = "name"
    EXPIRED = "expired"
    NEEDS_SNI = "needs-sni"  # with `accepts` None: whether it sends the name is not known, and matters here
    WEAK_SIGNATURE = "weak-signature"
    WEAK_KEY = "weak-key"
    VALIDITY_TOO_LONG = "validity-too-long"
    CHAIN_INVALID = "chain-invalid"
    UNKNOWN_NOT_REACHED = "unknown-not-reached"  # no handshake of anybody's went through
    UNKNOWN_NO_ANSWER = "unknown-no-answer"  # this one was not answered in time
    UNKNOWN_TLS_VERSION = "unknown-tls-version"  # it depends on the app or the update level
    UNKNOWN_CIPHER = "unknown-cipher"  # it offers more than stdiag can
    UNKNOWN_HANDSHAKE = "unknown-handshake"  # its hello failed in a way that may be stdiag's own
    UNKNOWN_CLIENT_CERTIFICATE = "unknown-client-certificate"
    UNKNOWN_BY_LUCK = "unknown-by-luck"  # it may fetch the missing issuer
    UNKNOWN_NOT_FETCHED = "unknown-not-fetched"  # it fetches issuers, and from here they were not had
    UNKNOWN_STORE = "unknown-store"  # which roots it has is not known
    UNKNOWN_USER_ROOT = "unknown-user-root"  # whether the app trusts roots that somebody installed
    UNKNOWN_SIGNATURE_POLICY = "unknown-signature-policy"


class ClientVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """One client's answer: a row of the matrix."""

    client: str
    """`android 7.0`."""
    platform: str
    """`android`."""
    version: str
    """`7.0`; empty for a platform of which only today's client is known."""
    accepts: bool | None
    """None: it cannot be told."""
    reason: ClientReason | None = None
    """None when it accepts."""
    detail: str = ""
    """A clause for people: which root, which version. The same for clients that fail of the same."""
    doubt: str = ""
    """What may be wrong about the verdict: a device need not be as its release was."""
    anchor: str | None = None
    """The root by which it accepts."""
