"""Where a path ends, as judged from its observation alone."""

from __future__ import annotations

import msgspec

from stdiag.model import Fault, FaultReason
from stdiag.probes.paths.reasons import Answer, PathStage, Reason

UNDECIDED = frozenset({FaultReason.CANCELLED, FaultReason.LOCAL})
"""Faults that say nothing about the network: this machine's own, or the end of the run."""


class End(msgspec.Struct, frozen=True):
    """One path's end."""

    reasons: tuple[Reason, ...]
    """One, or the candidates; none when stdiag cannot tell."""
    answer: Answer = Answer.NOTHING
    said: str = ""
    """What was said there, for a reader."""

    @property
    def stage(self) -> PathStage | None:
        """Where it ends: the likeliest reason's hop."""
        return self.reasons[0].stage if self.reasons else None

    @property
    def works(self) -> bool:
        """True only when the evidence leaves nothing else open."""
        return self.reasons == (Reason.OK,)


def by_name(stage: PathStage, fault: Fault) -> tuple[Reason, ...]:
    """A failed look-up, in one of the DNS stages; none when it says nothing about the name."""
    match fault.reason:
        case FaultReason.NAME_NOT_FOUND:
            return (Reason(f"{stage}:not-found"),)
        case FaultReason.NAME_TIMEOUT:
            return (Reason(f"{stage}:timeout"),)
        case FaultReason.NO_IPV4:
            return (Reason.LOCAL_DNS_NO_IPV4,)
        case FaultReason.NAME_SERVER_FAILURE:
            return (Reason(f"{stage}:server-failure"),)
        case _:
            return ()


def by_connect(stage: PathStage, fault: Fault) -> tuple[Reason, ...]:
    """A failed TCP connect: to the proxy, or to the server."""
    match fault.reason:
        case FaultReason.REFUSED:
            return (Reason(f"{stage}:refused"),)
        case FaultReason.TIMEOUT | FaultReason.SILENT | FaultReason.SLOW:
            return (Reason(f"{stage}:timeout"),)
        case FaultReason.UNREACHABLE:
            return (Reason(f"{stage}:unreachable"),)
        case FaultReason.RESET | FaultReason.CLOSED:
            return (Reason.PROXY_TCP_RESET if stage is PathStage.PROXY_TCP else Reason.TARGET_RESET,)
        case _:
            return ()


def first_words(raw: str, limit: int = 80) -> str:
    """The first line of hex-coded bytes as text where it is text, else as hex; "" when there are none."""
    try:
        data = bytes.fromhex(raw)
    except ValueError:  # a report that was tampered with
        return ""
    line = data.split(b"\n", 1)[0].strip(b"\r")[:limit]
    text = line.decode("ascii", "replace")
    if text and text.isprintable() and "\ufffd" not in text:
        return text
    return data[:16].hex(" ")
