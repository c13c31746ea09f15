"""The report on logs as blocks, and as text or Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from stdiag.catalogue.prose import words
from stdiag.cli.log_report import LogCause, LogReport
from stdiag.formats.client_log.summary import AttemptOutcome, AttemptRun, LogFormat, LogSummary
from stdiag.model import Block, KeyValues, Mark, Severity, Table, Text, bracketed
from stdiag.render.blocks import block_lines
from stdiag.render.layout import Style, Tone
from stdiag.render.markdown import block_markdown
from stdiag.render.markup import md_text

_SHOWN = 20
"""Rows of a table before the rest is only counted; the JSON document holds them all."""
_OUTCOMES = {
    AttemptOutcome.FAILED: "failed",
    AttemptOutcome.SUCCEEDED: "succeeded",
    AttemptOutcome.OPEN: "end not in the log",
}
_FORMATS = {
    LogFormat.SAMETIME_ANDROID: "Sametime for Android",
    LogFormat.LOGCAT: "logcat",
    LogFormat.LOGCAT_BRIEF: "logcat (brief)",
    LogFormat.WEBSPHERE: "WebSphere",
    LogFormat.SAMETIME_SERVER: "Sametime Community Server",
    LogFormat.TOMCAT: "Tomcat",
    LogFormat.NGINX_ERROR: "nginx error log",
    LogFormat.HTTPD_ERROR: "Apache or IHS error log",
    LogFormat.ACCESS_LOG: "access log",
    LogFormat.ISO_TIME: "lines with ISO times",
    LogFormat.DOCKER_JSON: "Docker's JSON lines",
    LogFormat.COMPOSE: "docker compose logs",
    LogFormat.CRI: "Kubernetes",
    LogFormat.UNKNOWN: "unknown",
}
_Section = tuple[str, list[Block]]


def as_text(report: LogReport, style: Style) -> str:
    """The screen."""
    lines: list[str] = []
    for title, blocks in _sections(report):
        lines += [*([""] if lines else []), *(style.paint(line, Tone.HEAD) for line in style.wrap(title))]
        for number, block in enumerate(blocks):
            lines += ([""] if number and isinstance(block, KeyValues) else []) + block_lines(block, style)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def as_markdown(report: LogReport) -> str:
    """The same for a ticket. What logs hold is escaped: it cannot become markup."""
    lines: list[str] = []
    for number, (title, blocks) in enumerate(_sections(report)):
        lines += [f"{'##' if number else '#'} {md_text(title)}", ""]
        for block in blocks:
            lines += [*block_markdown(block), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _sections(report: LogReport) -> Iterator[_Section]:
    if report.stops_a_client:
        yield (
            "The logs name what stopped a client" if len(report.logs) > 1 else "The log names what stopped a client",
            [],
        )
    else:
        yield (
            "Nothing was recognised that stops a client",
            [Text("That proves nothing: only known lines are recognised, and a log may be too short.", Mark.NOTE)],
        )
    causes = [cause for cause in report.causes if cause.finding.severity is not Severity.INFO]
    for number, cause in enumerate(causes[:_SHOWN], start=1):
        yield _cause(number, cause)
    if len(causes) > _SHOWN:
        yield f"{len(causes) - _SHOWN} more are in the JSON document", []
    if notes := [cause for cause in report.causes if cause.finding.severity is Severity.INFO]:
        yield "Notes", [_note(cause) for cause in notes[:_SHOWN]]
    for log in report.logs:
        yield _log(log)


def _cause(number: int, cause: LogCause) -> _Section:
    finding = cause.finding
    told = words(finding)
    items = [
        ("Seen", told.evidence),
        ("Code", finding.code),
        ("May be", ", ".join(cause.candidates)),
        ("Not told by it", "; ".join(cause.doubts)),
        ("Hits", told.affects),
        ("Also said", "; ".join(f"{words(one).evidence} ({one.code})" for one in cause.folded)),
        ("Measure it", cause.confirm),
        ("By hand", told.proof),
        ("What to do", "" if cause.confirm else f"stdiag explain {finding.code}"),
    ]
    return f"{number}. {finding.severity.upper()}  {told.summary}", [
        KeyValues("", [(key, value) for key, value in items if value])
    ]


def _note(cause: LogCause) -> Block:
    told = words(cause.finding)
    return Text(f"{told.summary} {told.evidence} ({cause.finding.code})", Mark.NOTE)


def _log(log: LogSummary) -> _Section:
    items = [
        ("Lines", f"{log.lines}: {log.recognised} recognised, {log.others} not known to stdiag"),
        ("Form", ", ".join(_FORMATS[form] for form in log.formats) or "no known one"),
    ]
    if log.first:
        items.append(("Times", f"{log.first} to {log.last}, as written in the log"))
    stored = [*(["gzip"] if log.compressed else []), *([log.encoding] if log.encoding != "utf-8" else [])]
    if stored:
        items.append(("Stored as", ", ".join(stored)))
    blocks: list[Block] = [KeyValues("", items)]
    if log.timeline:
        rows = [_attempt(run) for run in log.timeline[:_SHOWN]]
        title = "Attempts to connect" + _of(len(log.timeline))
        blocks.append(Table(title, ["From", "To", "Times", "Server", "How it ended"], rows))
    if log.endpoints:
        tried = sorted(log.endpoints, key=lambda one: -one.count)[:_SHOWN]
        servers = [[_server(one.host, one.port), one.scheme or "", str(one.count)] for one in tried]
        blocks.append(Table("Servers tried" + _of(len(log.endpoints)), ["Server", "Scheme", "Lines"], servers))
    blocks += [Text(note, Mark.NOTE) for note in log.notes]
    return f"Log {log.file}", blocks


def _of(count: int) -> str:
    return f" (the first {_SHOWN} of {count}; the JSON document has them all)" if count > _SHOWN else ""


def _attempt(run: AttemptRun) -> list[str]:
    first = run.first or f"line {run.first_line}"
    last = run.last or f"line {run.last_line}"
    if run.first and run.last:
        day, _, clock = run.last.partition(" ")
        last = clock if clock and run.first.startswith(f"{day} ") else last
    ended = _OUTCOMES[run.outcome] + (f": {run.code}" if run.code else "")
    return [first, last, str(run.count), _server(run.host, run.port), ended]


def _server(host: str | None, port: int | None) -> str:
    if host is None:
        return "not named"
    return f"{bracketed(host)}:{port}" if port else bracketed(host)
