"""A client's log, read with the catalogue's patterns, and what it gives to suspect."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from stdiag.catalogue.log_patterns import ABSENCES, PATTERNS, SEARCHED_FOR
from stdiag.catalogue.registry import kind
from stdiag.formats.client_log.read import read_client_log
from stdiag.formats.client_log.source import UNPACKED_LIMIT
from stdiag.formats.client_log.summary import LogException, LogSummary
from stdiag.formats.errors import FormatError
from stdiag.model import Finding, Severity, Subject, SubjectKind, bracketed


def read_log(path: Path, *, unpacked_limit: int = UNPACKED_LIMIT) -> LogSummary:
    """The summary of the log at `path`: any size, in one pass. Raises FormatError when it cannot be read at all."""
    try:
        with path.open("rb") as stream:
            return read_stream(stream, str(path), unpacked_limit=unpacked_limit)
    except FileNotFoundError:
        raise FormatError("there is no such file", file=str(path), suggestion="check the path") from None
    except IsADirectoryError:
        raise FormatError("this is a folder", file=str(path), suggestion="name a file in it") from None
    except PermissionError:
        reason = "this is a folder" if path.is_dir() else "this user may not read it"  # Windows denies to open folders
        raise FormatError(reason, file=str(path), suggestion="name a file that this user can read") from None
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) and error.strerror else "the path is not valid"
        raise FormatError(f"it cannot be read ({words})", file=str(path)) from None


def read_stream(stream: IO[bytes], name: str, *, unpacked_limit: int = UNPACKED_LIMIT) -> LogSummary:
    """The same for a stream that is open already. Raises FormatError."""
    return read_client_log(stream, name, PATTERNS, SEARCHED_FOR, absences=ABSENCES, unpacked_limit=unpacked_limit)


def judge_log(summary: LogSummary) -> list[Finding]:
    """What the log gives to suspect, worst first: one finding for each code and server. Its subject is the server where
    the log names it, else the file. A log is a claim about the past: only a measurement confirms it."""
    groups: dict[tuple[str, str, int | None], list[LogException]] = {}
    for one in summary.exceptions:
        groups.setdefault((one.code, one.host or "", one.port), []).append(one)
    findings = [_finding(group, summary.file) for group in _joined(groups).values()]
    order = list(Severity)
    return sorted(findings, key=lambda finding: order.index(finding.severity))


def _joined(
    groups: dict[tuple[str, str, int | None], list[LogException]],
) -> dict[tuple[str, str, int | None], list[LogException]]:
    """A line without a server adds its count to the same finding's of the only server that is named with it."""
    joined = dict(groups)
    for key, group in groups.items():
        code, host, _ = key
        named = [other for other in groups if other[0] == code and other[1]]
        if not host and len(named) == 1:
            joined[named[0]] = sorted([*joined[named[0]], *group], key=lambda one: one.first_line)
            del joined[key]
    return joined


def _finding(group: list[LogException], file: str) -> Finding:
    entry = kind(group[0].code)
    first = group[0]
    host = next((one.host for one in group if one.host), None)
    port = next((one.port for one in group if one.host and one.port), None)
    endpoint = None if host is None else f"{bracketed(host)}:{port}" if port else bracketed(host)
    params: dict[str, Any] = {
        "said": first.said,
        "count": sum(one.count for one in group),
        "place": f"{Path(file).name or file} line {min(one.first_line for one in group)}",
        "times": _times(group),
        "endpoint": endpoint,
    }
    if "issuer" in entry.params:
        params["issuer"] = next((one.issuer for one in group if one.issuer), None)
    return entry.found(_subject(host, port, file), **params)


def _times(group: list[LogException]) -> str | None:
    first = min(group, key=lambda one: one.first_line).first
    last = max(group, key=lambda one: one.last_line).last
    return first if first == last else " to ".join(filter(None, (first, last))) or None


def _subject(host: str | None, port: int | None, file: str) -> Subject:
    if host is None:
        return Subject(kind=SubjectKind.FILE, file=file)
    if port is None:
        return Subject(kind=SubjectKind.NAME, host=host)
    return Subject(kind=SubjectKind.ENDPOINT, host=host, port=port)
