"""What a pattern for log lines is, and one for lines that are missing."""

from __future__ import annotations

import msgspec


class LogPattern(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which a client or a server writes down why it could not connect."""

    name: str
    code: str
    """The kind of finding that it is a sign of; several patterns may share one."""
    needles: tuple[str, ...]
    """ASCII texts of which at least one stands in every line that `regex` matches: what a log is searched for first.
    Few different ones in the whole table keep the search fast."""
    regex: str
    """Searched in the message, without time and thread. The whole match is what is quoted, so it holds the telling
    words and never the rest of the line. Groups: host and port (of the server that was tried), issuer (a name).
    No nested repetition: logs are hostile."""
    rank: int = 0
    """0: names a cause. 1: a consequence, which names none. 2: tells something, but of no attempt to connect. Of
    several in one attempt the lowest names it."""
    source: str
    """Where the words come from."""
    doubt: str = ""
    """What this line alone does not tell."""
    example: str
    """A line made up in this form."""


class LogAbsence(msgspec.Struct, frozen=True, kw_only=True):
    """Lines that a server writes at every sound start, and that a log of such a start does not hold."""

    name: str
    code: str
    """The kind of finding that it is a sign of."""
    needles: tuple[str, ...]
    """ASCII texts of which at least one stands in every line that one of the three expressions matches."""
    starts: str
    """A line that says that the server has started, and that it is one of those meant. The match is what is quoted."""
    stops: str
    """A line that says that a server has stopped: what came before it belongs to an earlier start."""
    expected: str
    """A line that belongs to a sound start, before or after the one of `starts`."""
    source: str
    """Where the words come from."""
    doubt: str
    """What the absence alone does not tell."""
    example: str
    """A line made up in the form of `starts`, which nothing follows."""
    healthy: str
    """The line that is expected, as a sound start writes it."""
