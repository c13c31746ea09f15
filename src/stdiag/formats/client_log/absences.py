"""What a log does not say although it should: lines that come with every sound start of a server."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

import msgspec

from stdiag.formats.client_log.attempts import Moment
from stdiag.formats.client_log.recognise import Named


class Absence(Named, Protocol):
    """What is needed of one: the three kinds of lines that decide it."""

    @property
    def starts(self) -> str: ...
    @property
    def stops(self) -> str: ...
    @property
    def expected(self) -> str: ...


class Missed(msgspec.Struct):
    """Starts without the lines that should come with them."""

    absence: Absence
    said: str
    """The line of the first start, as far as it was recognised."""
    first: Moment
    last: Moment
    count: int = 1


class _Watched:
    """One absence, over the whole log. A line that is expected may come before the one that says that the server has
    started, or long after it: between two starts without a stop nobody knows to which it belongs, so it serves both."""

    def __init__(self, absence: Absence) -> None:
        self.absence = absence
        self.starts = re.compile(absence.starts, re.ASCII)
        self.stops = re.compile(absence.stops, re.ASCII)
        self.expected = re.compile(absence.expected, re.ASCII)
        self.missed: Missed | None = None
        self._seen = False
        self._waiting: tuple[str, Moment] | None = None

    def look(self, message: str, moment: Moment) -> None:
        if self.expected.search(message):
            self._seen, self._waiting = True, None
        elif started := self.starts.search(message):
            self.settle()
            if not self._seen:
                self._waiting = started[0], moment
            self._seen = False
        elif self.stops.search(message):
            self.settle()
            self._seen = False

    def settle(self) -> None:
        """The last start has come to its end: what has not come by now is missing."""
        if self._waiting is None:
            return
        said, moment = self._waiting
        if self.missed is None:
            self.missed = Missed(self.absence, said, moment, moment)
        else:
            self.missed.count += 1
            self.missed.last = moment
        self._waiting = None


class AbsenceWatch:
    """Takes the lines of interest in their order; `finish` gives what was missed."""

    def __init__(self, absences: Iterable[Absence]) -> None:
        self._watched = [_Watched(absence) for absence in absences]

    def look(self, message: str, moment: Moment) -> None:
        """One line."""
        for watched in self._watched:
            if any(needle in message for needle in watched.absence.needles):
                watched.look(message, moment)

    def finish(self) -> Iterator[Missed]:
        """What was missed, once for each absence. Call it once, at the end."""
        for watched in self._watched:
            watched.settle()
            if watched.missed is not None:
                yield watched.missed
