"""What OpenSSL complains of, and what the peer did, as closed reasons."""

from __future__ import annotations

from OpenSSL import SSL

from stdiag.model import Fault, FaultReason
from stdiag.net.alerts import alert_name

# RFC 5246 §7.2; under TLS 1.3 the level means nothing, and all but these two are fatal (RFC 8446 §6).
_FATAL = 2
_NOT_FATAL = frozenset({"close_notify", "user_canceled"})

# What OpenSSL says when it refuses, or cannot do, what the server asks for: the server may be fine for others.
_LOCAL_REASONS = frozenset(
    {
        "ca key too small",
        "ca md too weak",
        "dh key too small",
        "ee key too small",
        "internal error",
        "legacy sigalg disallowed or unsupported",
        "no cipher match",
        "no ciphers available",
        "no protocols available",
        "no suitable key share",
        "no suitable signature algorithm",
        "unable to find ecdh parameters",
        "unsafe legacy renegotiation disabled",
        "unsupported protocol",
        "version too low",
    }
)


class Alerts:
    """What the peer has complained of, as OpenSSL's info callback tells it: its error texts do not always say that an
    alert came."""

    __slots__ = ("fatal", "names")

    def __init__(self, names: list[str]) -> None:
        """`names` is added to, one for each alert."""
        self.names = names
        self.fatal: str | None = None

    def received(self, value: int, version: int) -> None:
        """An alert: `value` holds its level and its description; `version` is what was agreed on, 0 before that."""
        name = alert_name(value & 0xFF)
        self.names.append(name)
        if name not in _NOT_FATAL and (value >> 8 == _FATAL or version > SSL.TLS1_2_VERSION):
            self.fatal = name


def fault_of_tls(error: SSL.Error, alerts: Alerts) -> Fault:
    """Why OpenSSL has given up: what the peer has said comes first, then what OpenSSL says."""
    words = words_of(error)
    reasons = _reasons(error)
    if alerts.fatal is not None:
        return Fault(FaultReason.TLS_ALERT, words, alert=alerts.fatal)
    if isinstance(error, SSL.SysCallError | SSL.ZeroReturnError) or "close_notify" in alerts.names:
        return Fault(FaultReason.CLOSED, "close_notify" if "close_notify" in alerts.names else "without close_notify")
    if "excessive message size" in reasons:
        return Fault(FaultReason.TOO_LARGE, words)
    if not reasons or any(reason in _LOCAL_REASONS for reason in reasons):
        return Fault(FaultReason.TLS_LOCAL, words)
    return Fault(FaultReason.TLS_PROTOCOL, words)


def _reasons(error: SSL.Error) -> list[str]:
    entries = error.args[0] if error.args else []
    return [entry[2] for entry in entries if len(entry) == 3] if isinstance(entries, list) else []


def words_of(error: SSL.Error) -> str:
    """OpenSSL's reasons: evidence, never a finding."""
    return "; ".join(_reasons(error)) or "the bundled OpenSSL gives no reason"
