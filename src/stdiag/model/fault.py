"""Why a step on the network did not get what it wanted, and the step itself."""

from __future__ import annotations

import enum

import msgspec


class FaultReason(enum.StrEnum):
    """Why a step did not get what it wanted: closed, so that a report can be compared with another."""

    NAME_NOT_FOUND = "name-not-found"
    NAME_SERVER_FAILURE = "name-server-failure"
    NAME_TIMEOUT = "name-timeout"
    REFUSED = "refused"
    TIMEOUT = "timeout"  # no answer to the TCP connect
    UNREACHABLE = "unreachable"
    RESET = "reset"
    CLOSED = "closed"  # the peer ended the connection in an orderly way before it said what was awaited
    SILENT = "silent"  # connected, and then not one byte in the time given
    SLOW = "slow"  # bytes came, but not all that was awaited in the time given
    NOT_TLS = "not-tls"  # the first bytes are another protocol's
    TLS_ALERT = "tls-alert"
    TLS_PROTOCOL = "tls-protocol"  # TLS records came, but they do not make a valid handshake
    TLS_LOCAL = "tls-local"  # stdiag's own TLS library cannot or will not do what the server asks for
    TOO_LARGE = "too-large"
    MALFORMED = "malformed"
    HTTP_STATUS = "http-status"
    REDIRECT = "redirect"  # too many, a loop, or to a scheme that is not followed
    FORBIDDEN_TARGET = "forbidden-target"  # an address that stdiag does not contact on a stranger's word
    NO_IPV4 = "no-ipv4"  # the name has IPv6 addresses only, and SOCKS4 carries none
    PROXY_NAME = "proxy-name"  # the proxy's own name could not be looked up
    PROXY_UNREACHABLE = "proxy-unreachable"  # no TCP connection to the proxy
    PROXY_TLS = "proxy-tls"  # no TLS with an https:// proxy
    PROXY_SILENT = "proxy-silent"  # connected to the proxy, and its verdict did not come in time
    PROXY_CLOSED = "proxy-closed"  # the proxy ended or cut the connection before its verdict
    PROXY_PROTOCOL = "proxy-protocol"  # its answer is not one of the protocol that it was asked in
    PROXY_FALSE_SUCCESS = "proxy-false-success"  # it says connected, and goes on as if it were asked for a page
    PROXY_AUTH_REQUIRED = "proxy-auth-required"
    PROXY_AUTH_REJECTED = "proxy-auth-rejected"
    PROXY_AUTH_METHOD = "proxy-auth-method"  # it wants another way of authentication than can be offered
    PROXY_DENIED = "proxy-denied"  # it says that its rules forbid it: HTTP 403, SOCKS5 02
    PROXY_REFUSED_REQUEST = "proxy-refused-request"  # it understood, and says no
    CANCELLED = "cancelled"
    LOCAL = "local"  # this machine's own limits: no file handles, no buffer space


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a step failed. `reason` is the fact; `words` are what the library or the OS said, kept as evidence only."""

    reason: FaultReason
    words: str = ""
    alert: str | None = None
    """Name of the TLS alert received (RFC 8446 §6), e.g. `protocol_version`, when reason is tls-alert."""
    seen: str | None = None
    """What the peer spoke instead, when reason is not-tls or proxy-protocol: http, smtp, ssh, sametime, ftp, imap,
    pop3, tls, socks4, socks5, unknown. For proxy-auth-…: the schemes that the proxy offers, with commas."""
    cause: FaultReason | None = None
    """What lies under a proxy-… reason: the connect to the proxy was refused, say."""


class StepOutcome(enum.StrEnum):
    """How one timed action ended."""

    OK = "ok"
    FAILED = "failed"
    ABANDONED = "abandoned"  # still running when its check's deadline had passed


class Step(msgspec.Struct, omit_defaults=True):
    """One network action: the waterfall's bar. Exists on failure too."""

    stage: str
    """dns, tcp, tls, http, proxy …: a closed word for each layer."""
    label: str
    """What was done, in a few words: `TLS handshake, no SNI`."""
    offset_us: int
    """Microseconds from the start of the run."""
    duration_us: int
    outcome: StepOutcome
    fault: Fault | None = None
    peer: str = ""
    """Address and port of the other side, or the name for a look-up."""
    detail: str = ""
