"""What is known of a log once it has been read."""

from __future__ import annotations

import enum

import msgspec


class LogFormat(enum.StrEnum):
    """How the lines of a log begin. Two may hold for one line: what a container runtime puts before it, and its own."""

    SAMETIME_ANDROID = "sametime-android"  # YYYY/MM/DD HH:MM:SS.mmm thread LEVEL Class.method:line text
    LOGCAT = "logcat"  # threadtime, time, or as Android Studio shows it
    LOGCAT_BRIEF = "logcat-brief"  # L/tag(pid): text, without a time
    WEBSPHERE = "websphere"  # SystemOut.log, SystemErr.log, trace.log
    SAMETIME_SERVER = "sametime-server"  # sametime.log of a Community Server: level component DD/Mon, HH:MM:SS text
    TOMCAT = "tomcat"  # catalina.log
    NGINX_ERROR = "nginx-error"
    HTTPD_ERROR = "httpd-error"  # error_log of Apache httpd and IBM HTTP Server
    ACCESS_LOG = "access-log"  # common and combined
    ISO_TIME = "iso-time"  # any line that begins with an ISO 8601 time
    DOCKER_JSON = "docker-json"  # the runtime's own files, one JSON document a line
    COMPOSE = "docker-compose"  # service-1  | text
    CRI = "kubernetes"  # time stdout F text
    UNKNOWN = "unknown"


class AttemptOutcome(enum.StrEnum):
    """How an attempt to connect ended, as far as the log tells."""

    FAILED = "failed"
    SUCCEEDED = "succeeded"
    OPEN = "open"  # the log does not tell


class LogException(msgspec.Struct, kw_only=True):
    """One thing that the log says, with its repeats."""

    code: str
    """The catalogue's code for it."""
    pattern: str
    """Name of the pattern that recognised it."""
    exception: str | None
    """The class that was thrown, with its package, where the line names one."""
    said: str
    """The words that were recognised: never the whole line. Secrets in them are ***."""
    host: str | None
    """The server that was tried, where the log names it."""
    port: int | None
    issuer: str | None
    """The name of an issuer, where the line names one."""
    count: int
    first: str | None
    """Time of the first occurrence, as written in the log: most logs do not tell their time zone."""
    last: str | None
    first_line: int
    last_line: int


class AttemptRun(msgspec.Struct, kw_only=True):
    """Attempts to connect that followed each other and ended alike."""

    outcome: AttemptOutcome
    code: str | None
    """What stopped them: the catalogue's code. None where nothing did, or nothing was recognised."""
    host: str | None
    port: int | None
    count: int
    first: str | None
    last: str | None
    first_line: int
    last_line: int


class TriedEndpoint(msgspec.Struct, kw_only=True):
    """A server that the log names where somebody connects, or fails to."""

    host: str
    port: int | None
    """None where neither the log nor the scheme says it."""
    scheme: str | None
    count: int
    first: str | None
    last: str | None
    first_line: int


class LogSummary(msgspec.Struct, kw_only=True):
    """A log that was read from beginning to end."""

    file: str
    size: int
    """Bytes, as stored."""
    lines: int
    recognised: int
    """Lines that a pattern of the catalogue matched; what is absent has no line."""
    formats: list[LogFormat]
    """How its lines begin, the most frequent first; taken from a sample."""
    first: str | None
    """Time of the first line that has one, as written."""
    last: str | None
    exceptions: list[LogException]
    """In the order in which they first occur."""
    timeline: list[AttemptRun]
    """In the order of the log."""
    endpoints: list[TriedEndpoint]
    compressed: bool = False
    encoding: str = "utf-8"
    notes: list[str] = []
    """What could not be read, and what was left out to stay within bounds: one sentence each."""

    @property
    def others(self) -> int:
        """Lines that no pattern matched: nobody says what they mean."""
        return self.lines - self.recognised
