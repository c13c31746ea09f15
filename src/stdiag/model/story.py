"""A story told over several checks: what one phone meets, in the order in which it meets it."""

from __future__ import annotations

import enum

import msgspec


class StoryStage(enum.StrEnum):
    """What a phone meets on its way, in this order."""

    URL = "url"  # the link or QR code that sets it up
    NAME = "name"
    TCP = "tcp"
    TLS = "tls"  # version, ciphers, server name
    CERTIFICATE = "certificate"
    REVERSE_PROXY = "reverse-proxy"  # whether somebody before STProxy asks for credentials, and how
    STPROXY = "stproxy"
    IDLE = "idle"  # whether a connection on which nothing is said stays open
    PUSH = "push"  # messages to the phone in the background


class StoryState(enum.StrEnum):
    """How far one stage is known to let the phone through."""

    OK = "ok"
    STOPS = "stops"
    NOT_REACHED = "not-reached"  # an earlier stage stops the phone
    CANNOT_TELL = "cannot-tell"


class StoryStep(msgspec.Struct, frozen=True, kw_only=True):
    """One stage of a story."""

    stage: StoryStage
    """Which one."""
    state: StoryState
    """How far it lets the client through, as seen from here."""
    says: str
    """What was measured, or why nothing can be told."""
    code: str | None = None
    """Code of the finding that it rests on."""
    evidence: list[str] = []
    """Pointers into the report."""


class LogStanding(enum.StrEnum):
    """What the measurement says about a claim of the client's log."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"  # it was measured, and is not so: repaired since, or the phone takes another route
    NOT_REPRODUCED = "not-reproduced"  # from here it shows nothing of it, which proves nothing for the phone's network


class LogClaim(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a client's log says, beside what was measured."""

    code: str
    """What the log gives to suspect: a code of the catalogue."""
    said: str
    """The words that were recognised in the log."""
    count: int
    """How often the log says it."""
    place: str | None = None
    """The server that the log names, HOST:PORT."""
    last: str | None = None
    """Time of the last occurrence, as written in the log."""
    standing: LogStanding = LogStanding.NOT_REPRODUCED
    """What the measurement says of it."""
    why: str = ""
    """What that rests on."""
    evidence: list[str] = []
    """Pointers into the report."""


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """What one client meets, told over several checks, up to the first thing that stops it."""

    client: str
    """Whose story it is: `android 4.4`, or `android` where the version was not said."""
    steps: list[StoryStep]
    """Every stage, in the order in which the client meets them."""
    stopped_by: str | None = None
    """Pointer to the finding that stops the client. null: nothing that was measured does."""
    browser: str = ""
    """Why a desktop browser works all the same; empty when nothing stops the client."""
    log: list[LogClaim] = []
    """What the client's log says, in its order. Empty without a log."""
