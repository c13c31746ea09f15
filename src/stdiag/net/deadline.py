"""How long something may take: one moment in time, handed down, and the event that ends everything early."""

from __future__ import annotations

import threading
import time

import msgspec

CANCEL_SLICE = 0.1
"""Seconds: no wait is longer without a look at the cancel event, which must be seen within 200 ms."""


class Timeouts(msgspec.Struct, frozen=True):
    """How long each kind of wait may last, in seconds."""

    connect: float = 5.0
    """One TCP connect."""
    step: float = 10.0
    """One step of a check: a TLS handshake, an HTTP answer."""
    proxy: float = 30.0
    """A proxy's verdict: it may itself wait for a connect of its own."""
    check: float = 45.0
    """One check, everything included."""
    silence: float = 1.0
    """After so much silence something else is tried beside."""

    def scaled(self, factor: float) -> Timeouts:
        """All times multiplied by `factor`."""
        return Timeouts(
            connect=self.connect * factor,
            step=self.step * factor,
            proxy=self.proxy * factor,
            check=self.check * factor,
            silence=self.silence * factor,
        )


class Deadline:
    """A moment on the monotonic clock, `seconds` from now, with an event that may end the work before."""

    __slots__ = ("_at", "cancel")

    def __init__(self, seconds: float, *, cancel: threading.Event | None = None) -> None:
        self._at = time.monotonic() + seconds
        self.cancel = cancel or threading.Event()
        """Shared by all deadlines made from this one."""

    def remaining(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self._at - time.monotonic())

    @property
    def expired(self) -> bool:
        """True when the time is over."""
        return self.remaining() <= 0.0

    @property
    def cancelled(self) -> bool:
        """True when somebody ended the work."""
        return self.cancel.is_set()

    def within(self, seconds: float) -> Deadline:
        """The earlier of this deadline and `seconds` from now, with the same cancel event."""
        return Deadline(min(seconds, self.remaining()), cancel=self.cancel)

    def shorten(self, seconds: float) -> None:
        """Brings this deadline forward to `seconds` from now; deadlines made from it earlier stay as they are."""
        self._at = min(self._at, time.monotonic() + seconds)

    def overstayed(self, seconds: float) -> bool:
        """True when the time has been over for `seconds`."""
        return time.monotonic() >= self._at + seconds
