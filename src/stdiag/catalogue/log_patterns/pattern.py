"""What a pattern for log lines is."""

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
