"""Which finding a failed look-up or a failed TCP connect is: the same one, whichever probe made it."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.catalogue.kinds import net
from stdiag.model import Fault, FaultReason, Finding, Subject


def name_findings(fault: Fault, subject: Subject, waited_us: int, evidence: Sequence[str]) -> list[Finding]:
    """What a failed look-up means; `subject` is the name, `waited_us` how long it was waited for."""
    words = fault.words or None
    match fault.reason:
        case FaultReason.NAME_NOT_FOUND:
            return [net.NET_NAME_NOT_FOUND.found(subject, evidence=evidence, words=words)]
        case FaultReason.NAME_TIMEOUT:
            waited = seconds(waited_us)
            return [net.NET_NAME_TIMEOUT.found(subject, evidence=evidence, waited_s=waited, words=words)]
        case _:
            return [net.NET_NAME_SERVER_FAILURE.found(subject, evidence=evidence, words=words)]


def connect_findings(
    fault: Fault, subject: Subject, address: str, waited_us: int, evidence: Sequence[str]
) -> list[Finding]:
    """What a failed TCP connect to `address` means; nothing when it was cancelled."""
    match fault.reason:
        case FaultReason.REFUSED:
            return [net.NET_REFUSED.found(subject, evidence=evidence, address=address)]
        case FaultReason.TIMEOUT:
            waited = seconds(waited_us)
            return [net.NET_TIMEOUT.found(subject, evidence=evidence, address=address, waited_s=waited)]
        case FaultReason.UNREACHABLE:
            words = fault.words or None
            return [net.NET_UNREACHABLE.found(subject, evidence=evidence, address=address, words=words)]
        case FaultReason.RESET | FaultReason.CLOSED:
            return [net.NET_RESET.found(subject, evidence=evidence, address=address, stage="while connecting")]
        case FaultReason.LOCAL:
            return [net.NET_LOCAL_LIMIT.found(subject, evidence=evidence, words=fault.words)]
        case _:
            return []


def seconds(microseconds: int) -> float:
    """Seconds as findings tell them: to a tenth."""
    return round(microseconds / 1_000_000, 1)
