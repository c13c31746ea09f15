"""What `stdiag log` has to say: the logs as they were read, and what they give to suspect."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from stdiag import __version__
from stdiag.catalogue.log_patterns import EVERYTHING, confirming_command
from stdiag.catalogue.registry import kind
from stdiag.formats.client_log.summary import LogSummary
from stdiag.model import Finding, Severity
from stdiag.probes.shared.client_log import judge_log

SCHEMA_VERSION = "1.0"

# Characters that JSON allows as they are, and that would steer or deceive a terminal (see render.json).
_STEERING = re.compile("[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


class LogCause(msgspec.Struct, frozen=True):
    """One thing that the logs give to suspect, and how to find out."""

    finding: Finding
    candidates: list[str]
    """Codes that a measurement may find behind it."""
    confirm: str
    """The command that measures it; empty where none does."""
    doubts: list[str]
    """What the lines alone do not tell."""
    folded: list[Finding] = []
    """What the same log says that may be a mere consequence of it."""


class LogReport(msgspec.Struct, frozen=True):
    """The document that `-f json` prints."""

    schema_version: str
    tool: str
    logs: list[LogSummary]
    causes: list[LogCause]
    """Worst first."""

    @property
    def stops_a_client(self) -> bool:
        """True when something was recognised that stops a client."""
        return any(cause.finding.severity is Severity.ERROR for cause in self.causes)


def report_on(logs: Sequence[LogSummary]) -> LogReport:
    """The report on `logs`."""
    causes = [cause for log in logs for cause in _causes(log)]
    order = list(Severity)
    causes.sort(key=lambda cause: order.index(cause.finding.severity))
    return LogReport(SCHEMA_VERSION, f"stdiag {__version__}", list(logs), causes)


def to_json(report: LogReport) -> bytes:
    """One document: UTF-8, indented by two, harmless where it is printed."""
    text = msgspec.json.format(msgspec.json.encode(report), indent=2).decode()
    return (_STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n").encode()


def _causes(log: LogSummary) -> list[LogCause]:
    findings = judge_log(log)
    folded: dict[str, list[Finding]] = {}
    for finding in findings:
        for other in findings:
            if other.code in kind(finding.code).follows and _may_be_of_one(finding, other):
                folded.setdefault(other.fingerprint, []).append(finding)
                break
    consequences = {one.fingerprint for group in folded.values() for one in group}
    return [
        _cause(finding, log, _all_folded(finding, folded))
        for finding in findings
        if finding.fingerprint not in consequences
    ]


def _all_folded(finding: Finding, folded: dict[str, list[Finding]]) -> list[Finding]:
    """Consequences and theirs: the relation has no circles."""
    return [two for one in folded.get(finding.fingerprint, []) for two in (one, *_all_folded(one, folded))]


def _may_be_of_one(finding: Finding, other: Finding) -> bool:
    """True where nothing says that the two are about different servers."""
    return not finding.subject.host or not other.subject.host or finding.subject.host == other.subject.host


def _cause(finding: Finding, log: LogSummary, folded: list[Finding]) -> LogCause:
    subject = finding.subject
    said_by = {one.pattern for one in log.exceptions if one.code == finding.code}
    return LogCause(
        finding=finding,
        candidates=[code for code in kind(finding.code).follows if not code.startswith("log-")],
        confirm=confirming_command(finding.code, subject.host or None, subject.port),
        doubts=[one.doubt for one in EVERYTHING if one.name in said_by and one.doubt],
        folded=folded,
    )
