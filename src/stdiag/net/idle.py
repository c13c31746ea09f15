"""Does a connection on which nothing is said stay open? One question, silence, and the same question again.

Firewalls and load balancers forget connections that are idle for too long. Some reset them, some only drop what comes
later; a server or a reverse proxy that has a limit of its own closes in an orderly way.
"""

from __future__ import annotations

import enum
import time
from typing import TYPE_CHECKING

import msgspec

from stdiag.model import Fault, FaultReason
from stdiag.net.faults import NetError

if TYPE_CHECKING:
    from stdiag.net.byte_stream import ByteStream
    from stdiag.net.deadline import Deadline

_HEAD_LIMIT = 64 * 1024


class IdleEnd(enum.StrEnum):
    """How it ended."""

    ANSWERED = "answered"  # after the silence as before it
    CLOSED = "closed"  # in an orderly way: whoever speaks HTTP there has a limit of its own
    RESET = "reset"
    SILENT = "silent"  # the second question was taken, and nothing came
    NOT_KEPT = "not-kept"  # the first answer did not come whole, or the connection ended with it
    NOT_REACHED = "not-reached"
    CUT_SHORT = "cut-short"  # the user or the time of the check ended it


class IdleHold(msgspec.Struct, frozen=True, kw_only=True):
    """A connection that was held open."""

    address: str
    """Where it led."""
    asked_s: float
    """How long it was to be silent, in seconds."""
    lasted_s: float = 0.0
    """How long it was silent and open."""
    ended: IdleEnd
    """What became of it."""
    fault: Fault | None = None
    """Why it ended, where it did not end well."""

    @property
    def answered(self) -> bool:
        """True when the connection worked after the silence."""
        return self.ended is IdleEnd.ANSWERED


def hold(
    stream: ByteStream, address: str, question: bytes, seconds: float, deadline: Deadline, answer_s: float
) -> IdleHold:
    """Asks `question` (a whole request whose answer has no body, such as HEAD), is silent for `seconds`, and asks
    again. `answer_s`: how long an answer may take. Closes the stream. Never raises for what a network can do."""
    began: float | None = None
    asked_again = False
    lasted = 0.0
    try:
        _ask(stream, question, deadline.within(answer_s))
        began = time.monotonic()
        end = _silence(stream, deadline.within(seconds))
        lasted = time.monotonic() - began
        if end is None and lasted < seconds * 0.99:
            end = IdleEnd.CUT_SHORT
        if end is None:
            asked_again = True
            _ask(stream, question, deadline.within(answer_s))
            end = IdleEnd.ANSWERED
        return IdleHold(address=address, asked_s=seconds, lasted_s=lasted, ended=end)
    except NetError as error:
        if began is not None and not asked_again:
            lasted = time.monotonic() - began
        end = _end_of(error.fault.reason, silent=began is not None, asked_again=asked_again)
        return IdleHold(address=address, asked_s=seconds, lasted_s=lasted, ended=end, fault=error.fault)
    finally:
        stream.close()


def _ask(stream: ByteStream, question: bytes, deadline: Deadline) -> None:
    """Sends it and reads the head of the answer. Raises NetError: closed when it ends before."""
    stream.send_all(question, deadline)
    head = b""
    while b"\r\n\r\n" not in head and len(head) < _HEAD_LIMIT:
        data = stream.recv(4096, deadline)
        if not data:
            raise NetError(Fault(FaultReason.CLOSED))
        head += data


def _silence(stream: ByteStream, deadline: Deadline) -> IdleEnd | None:
    """Waits until the deadline; None when the connection was open to the end. Raises NetError: reset, cancelled."""
    while True:
        try:
            data = stream.recv(4096, deadline)
        except NetError as error:
            if error.fault.reason in (FaultReason.SLOW, FaultReason.SILENT):
                return None
            raise
        if not data:
            return IdleEnd.CLOSED


def _end_of(reason: FaultReason, *, silent: bool, asked_again: bool) -> IdleEnd:
    if reason in (FaultReason.CANCELLED, FaultReason.LOCAL):
        return IdleEnd.CUT_SHORT
    if not silent:
        return IdleEnd.NOT_KEPT
    if reason is FaultReason.RESET:
        return IdleEnd.RESET
    if asked_again and reason in (FaultReason.SLOW, FaultReason.SILENT):
        return IdleEnd.SILENT
    return IdleEnd.CLOSED
