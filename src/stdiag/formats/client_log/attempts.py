"""Attempts to connect, put together from the lines that belong to one, and told as a timeline."""

from __future__ import annotations

from collections import deque
from itertools import chain

import msgspec

from stdiag.formats.client_log.endpoints import Endpoint
from stdiag.formats.client_log.recognise import Said, Turn
from stdiag.formats.client_log.summary import AttemptOutcome, AttemptRun

_APART_S = 2.0
"""Seconds of silence after which lines of one thread are taken for another attempt's."""
_APART_LINES = 200
"""The same in lines, where a log has no times."""
_THREADS = 256
_RUNS = 200
"""Runs that are kept at each end of a timeline."""
NO_RANK = 99


class Moment(msgspec.Struct, frozen=True):
    """Where and when a line stands."""

    line: int
    time: str | None
    seconds: float | None
    thread: str


class _Open(msgspec.Struct):
    begun: Moment
    last: Moment
    endpoint: Endpoint | None = None
    code: str | None = None
    rank: int = NO_RANK


class Timeline:
    """Takes recognised lines in their order; `finish` gives the attempts, repeats collapsed."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        self._first: list[AttemptRun] = []
        self._latest: deque[AttemptRun] = deque(maxlen=_RUNS)
        self._latest_run: AttemptRun | None = None
        self.dropped = 0

    def add(self, moment: Moment, said: Said) -> Endpoint | None:
        """One line. Returns the server that it is about: its own, or that of the attempt that it belongs to. Lines of
        rank 2 and above belong to no attempt."""
        pattern = said.pattern
        if pattern is not None and pattern.rank >= 2 and said.turn is Turn.NONE:
            return said.endpoint
        attempt = self._open.get(moment.thread)
        if attempt is not None and (said.turn is Turn.BEGINS or not _belongs(attempt, moment, said)):
            self._close(moment.thread, AttemptOutcome.OPEN if attempt.code is None else AttemptOutcome.FAILED)
            attempt = None
        if attempt is None:
            attempt = self._begin(moment)
        attempt.last = moment
        if said.endpoint is not None and (attempt.endpoint is None or attempt.endpoint.port is None):
            attempt.endpoint = said.endpoint
        if pattern is not None and pattern.rank < attempt.rank:
            attempt.code, attempt.rank = pattern.code, pattern.rank
        match said.turn:
            case Turn.SUCCEEDS:
                self._close(moment.thread, AttemptOutcome.SUCCEEDED)
            case Turn.FAILS:
                self._close(moment.thread, AttemptOutcome.FAILED)
            case Turn.BEGINS | Turn.NONE:
                pass
        return said.endpoint or attempt.endpoint

    def finish(self) -> list[AttemptRun]:
        """All runs in the order of the log. Call it once, at the end."""
        for thread, attempt in list(self._open.items()):
            self._close(thread, AttemptOutcome.OPEN if attempt.code is None else AttemptOutcome.FAILED)
        return sorted(chain(self._first, self._latest), key=lambda run: run.first_line)

    def _begin(self, moment: Moment) -> _Open:
        if len(self._open) >= _THREADS:
            oldest = min(self._open, key=lambda thread: self._open[thread].last.line)
            self._close(oldest, AttemptOutcome.OPEN if self._open[oldest].code is None else AttemptOutcome.FAILED)
        attempt = _Open(begun=moment, last=moment)
        self._open[moment.thread] = attempt
        return attempt

    def _close(self, thread: str, outcome: AttemptOutcome) -> None:
        attempt = self._open.pop(thread)
        code = None if outcome is AttemptOutcome.SUCCEEDED else attempt.code
        host = attempt.endpoint.host if attempt.endpoint else None
        port = attempt.endpoint.port if attempt.endpoint else None
        run = self._latest_run
        if run is not None and (run.outcome, run.code, run.host, run.port) == (outcome, code, host, port):
            run.count += 1
            run.last, run.last_line = attempt.last.time or run.last, max(attempt.last.line, run.last_line)
            return
        run = AttemptRun(
            outcome=outcome,
            code=code,
            host=host,
            port=port,
            count=1,
            first=attempt.begun.time,
            last=attempt.last.time,
            first_line=attempt.begun.line,
            last_line=attempt.last.line,
        )
        self._latest_run = run
        if len(self._first) < _RUNS:
            self._first.append(run)
            return
        if len(self._latest) == _RUNS:
            self.dropped += 1
        self._latest.append(run)


def _belongs(attempt: _Open, moment: Moment, said: Said) -> bool:
    """True when the line is taken for one of the open attempt's."""
    if attempt.endpoint and said.endpoint and attempt.endpoint.host != said.endpoint.host:
        return False
    if said.turn in (Turn.SUCCEEDS, Turn.FAILS):
        return True  # an answer may take its time
    before, now = attempt.last.seconds, moment.seconds
    if before is None or now is None:
        return moment.line - attempt.last.line <= _APART_LINES
    if attempt.code is None:
        return True  # begun, and nothing has gone wrong yet: it waits
    return 0 <= (now - before) % 86_400 <= _APART_S
