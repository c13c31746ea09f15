"""Reads a log once, from beginning to end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import IO

from stdiag.formats.client_log.absences import Absence, AbsenceWatch, Missed
from stdiag.formats.client_log.attempts import Moment, Timeline
from stdiag.formats.client_log.endpoints import Endpoint
from stdiag.formats.client_log.header import Header, parse_header
from stdiag.formats.client_log.recognise import GRAMMAR_NEEDLES, LONGEST, Pattern, Recogniser, Said
from stdiag.formats.client_log.secrets import masked
from stdiag.formats.client_log.sieve import LineSieve
from stdiag.formats.client_log.source import LINE_LIMIT, UNPACKED_LIMIT, LogSource
from stdiag.formats.client_log.summary import LogException, LogFormat, LogSummary, TriedEndpoint

_SAMPLE = 200
"""Lines from which the format is told, and how far back a line without a header looks for its own."""
_MOST = 500
"""Different things, and different servers, that are kept of one log."""
_CONTINUES = (b"", b" ", b"\t", b"\r", b"\xc2")
"""First bytes of lines that belong to the one before; the last begins a no-break space, as copies from mail have it."""
_NO_HEADER = Header(LogFormat.UNKNOWN, None, None, "", "")


def read_client_log(
    stream: IO[bytes],
    name: str,
    patterns: Sequence[Pattern],
    hubs: Iterable[str],
    *,
    absences: Sequence[Absence] = (),
    unpacked_limit: int = UNPACKED_LIMIT,
) -> LogSummary:
    """The summary of the log in `stream`, which is called `name`.

    `hubs` are the texts that lines are searched for first: each needle of a pattern or an absence holds one of them.
    Raises FormatError when the stream cannot be read or is an archive; everything else that a file can hold is
    tolerated.
    """
    source = LogSource(stream, name, unpacked_limit=unpacked_limit)
    reader = _Reader(patterns, hubs, absences)
    for block in source.blocks():
        reader.block(block)
    return reader.summary(source, name)


class _Reader:
    """What is gathered while the blocks pass."""

    def __init__(self, patterns: Sequence[Pattern], hubs: Iterable[str], absences: Sequence[Absence]) -> None:
        self._recogniser = Recogniser(patterns)
        self._absences = AbsenceWatch(absences)
        self._sieve = LineSieve((*hubs, *GRAMMAR_NEEDLES))
        self._timeline = Timeline()
        self._lines = 0
        self._recognised = 0
        self._formats: Counter[LogFormat] = Counter()
        self._first: str | None = None
        self._last_header = _NO_HEADER
        self._exceptions: dict[tuple[object, ...], LogException] = {}
        self._endpoints: dict[tuple[str, int | None], TriedEndpoint] = {}
        self._left_out = 0

    def block(self, block: bytes) -> None:
        """The next block of whole lines."""
        lines = block.split(b"\n")
        if self._lines < _SAMPLE:
            self._sample(lines[: _SAMPLE - self._lines])
        looked = 0
        for index in self._sieve.lines_of_interest(block, lines):
            line = lines[index]
            text = _decoded(line)
            header, forms = (None, ()) if line[:1] in _CONTINUES else parse_header(text)
            if header is None:
                if index > looked:
                    self._last_header = _before(lines, looked, index) or self._last_header
                message = text
            elif header.format is LogFormat.UNKNOWN:
                message = header.message
            else:
                self._last_header = header
                message = header.message
            looked = index + 1
            belongs_to = header if header is not None and header.time else self._last_header
            moment = Moment(self._lines + index + 1, belongs_to.time, belongs_to.seconds, belongs_to.thread)
            message = message.strip()
            self._absences.look(message, moment)
            said = self._recogniser.said(message)
            if said is None:
                continue
            if forms and self._recognised < _SAMPLE:
                self._formats.update(forms)
            self._take(said, moment)
        self._last_header = _before(lines, max(looked, len(lines) - _SAMPLE), len(lines)) or self._last_header
        self._lines += len(lines)

    def summary(self, source: LogSource, name: str) -> LogSummary:
        """What was found. Call it once, after the last block."""
        timeline = self._timeline.finish()
        exceptions = [*self._exceptions.values(), *map(_of_an_absence, self._absences.finish())]
        notes = [*source.notes]
        if source.long_lines:
            limit = LINE_LIMIT // 1024
            notes.append(f"Lines longer than {limit} KiB: {source.long_lines}. Only their beginnings were read.")
        if source.ends_within_line:
            notes.append("It does not end with a whole line: it may be cut off.")
        if self._left_out:
            rest = f"the rest ({self._left_out} lines) was left out"
            notes.append(f"More than {_MOST} different things or servers: {rest}.")
        if self._timeline.dropped:
            dropped = f"{self._timeline.dropped} of its entries, in the middle, were left out"
            notes.append(f"The timeline is shortened: {dropped}.")
        return LogSummary(
            file=name,
            size=source.size,
            lines=self._lines,
            recognised=self._recognised,
            formats=[form for form, _ in self._formats.most_common() if form is not LogFormat.UNKNOWN],
            first=self._first,
            last=self._last_header.time,
            exceptions=sorted(exceptions, key=lambda one: one.first_line),
            timeline=timeline,
            endpoints=list(self._endpoints.values()),
            compressed=source.compressed,
            encoding=source.encoding,
            notes=notes,
        )

    def _sample(self, lines: Sequence[bytes]) -> None:
        for line in lines:
            header, forms = parse_header(_decoded(line))
            self._formats.update(forms)
            if header is not None and self._first is None:
                self._first = header.time

    def _take(self, said: Said, moment: Moment) -> None:
        about = self._timeline.add(moment, said)
        for one in said.endpoints:
            self._tried(one, moment)
        if said.pattern is None:
            return
        self._recognised += 1
        where = about or Endpoint("", None)
        key = (said.pattern.name, where.host, where.port, said.issuer, said.exception)
        known = self._exceptions.get(key)
        if known is not None:
            known.count += 1
            known.last, known.last_line = moment.time or known.last, moment.line
        elif len(self._exceptions) >= _MOST:
            self._left_out += 1
        else:
            self._exceptions[key] = LogException(
                code=said.pattern.code,
                pattern=said.pattern.name,
                exception=said.exception,
                said=_quoted(said.words),
                host=where.host or None,
                port=where.port,
                issuer=_quoted(said.issuer) if said.issuer else None,
                count=1,
                first=moment.time,
                last=moment.time,
                first_line=moment.line,
                last_line=moment.line,
            )

    def _tried(self, one: Endpoint, moment: Moment) -> None:
        known = self._endpoints.get((one.host, one.port))
        if known is not None:
            known.count += 1
            known.last = moment.time or known.last
            known.scheme = known.scheme or one.scheme
        elif len(self._endpoints) >= _MOST:
            self._left_out += 1
        else:
            self._endpoints[one.host, one.port] = TriedEndpoint(
                host=one.host,
                port=one.port,
                scheme=one.scheme,
                count=1,
                first=moment.time,
                last=moment.time,
                first_line=moment.line,
            )


def _of_an_absence(missed: Missed) -> LogException:
    return LogException(
        code=missed.absence.code,
        pattern=missed.absence.name,
        exception=None,
        said=_quoted(missed.said),
        host=None,
        port=None,
        issuer=None,
        count=missed.count,
        first=missed.first.time,
        last=missed.last.time,
        first_line=missed.first.line,
        last_line=missed.last.line,
    )


def _quoted(text: str) -> str:
    return masked(" ".join(text.split()))


def _decoded(line: bytes) -> str:
    return line[: 2 * LONGEST].decode("utf-8", "replace").rstrip("\r")


def _before(lines: Sequence[bytes], start: int, end: int) -> Header | None:
    """The header nearest before `end`, among the lines from `start` on and not too far back."""
    for index in range(end - 1, max(start, end - _SAMPLE) - 1, -1):
        line = lines[index]
        if line[:1] in _CONTINUES or line.startswith(b"Caused by:"):
            continue
        header, _ = parse_header(_decoded(line))
        if header is not None and header.format is not LogFormat.UNKNOWN:
            return header
    return None
