"""What stands before the message of a log line: time, thread, level, and what a container runtime adds."""

from __future__ import annotations

import functools
import re

import msgspec

from stdiag.formats.client_log.summary import LogFormat


class Header(msgspec.Struct, frozen=True):
    """The beginning of a line, taken apart. Lines without one (stack traces) belong to the line before."""

    format: LogFormat
    time: str | None
    """As written."""
    seconds: float | None
    """Since midnight, in the log's own time; for distances between neighbouring lines only."""
    thread: str
    message: str


_FLAGS = re.DOTALL | re.ASCII
_CLOCK = r"\d\d?:\d\d:\d\d(?:[.,:]\d{1,9})?"
_ANDROID_TIME = rf"(?P<time>(?:\d{{4}}-)?\d\d-\d\d {_CLOCK})\s+"
# Copies from mail and web pages hold no-break spaces.
_GAP = r"[\s\xa0]+"


def _header(form: LogFormat, *parts: str) -> tuple[LogFormat, re.Pattern[str]]:
    return form, re.compile("".join(parts) + r"(?P<message>.*)", _FLAGS)


_HEADERS = (
    _header(
        LogFormat.SAMETIME_ANDROID,
        rf"(?P<time>\d{{4}}/\d\d/\d\d {_CLOCK})",
        _GAP,
        r"(?P<thread>\d+)",
        _GAP,
        "[A-Z]+",
        _GAP,
    ),
    _header(LogFormat.LOGCAT, _ANDROID_TIME, r"(?:[+-]\d{4}\s+)?(?P<thread>\d+\s+\d+)\s+[VDIWEFAS]\s+"),
    _header(LogFormat.LOGCAT, _ANDROID_TIME, r"(?P<thread>\d+-\d+)\S*\s+[VDIWEFAS][/ ]\s*"),
    _header(LogFormat.LOGCAT, _ANDROID_TIME, r"[VDIWEFAS]/[^(]{1,80}\((?P<thread>\s*\d+)\):\s?"),
    _header(
        LogFormat.WEBSPHERE,
        # The date is in the form of the server's locale: 4/28/16, 28.04.16, 2016-04-28, 16. 4. 28; Java 9 and later
        # write a comma behind some.
        rf"\[(?P<time>\d{{1,4}}[./-] ?\d\d?[./-] ?\d{{1,4}}\.?(?:,? {{1,4}}|T){_CLOCK}[^\]]{{0,24}})\] ",
        r"(?P<thread>[0-9a-f]{8}) ",
    ),
    _header(
        LogFormat.SAMETIME_SERVER,
        r"[A-Z] (?P<thread>[A-Za-z][\w-]{0,30})\s+",
        rf"(?P<time>\d\d?/[A-Z][a-z]{{2}}, {_CLOCK})\s+",
    ),
    _header(LogFormat.NGINX_ERROR, rf"(?P<time>\d{{4}}/\d\d/\d\d {_CLOCK}) \[[a-z]+\] ", r"(?P<thread>\d+#\d+): "),
    _header(
        LogFormat.TOMCAT,
        rf"(?P<time>\d\d-[A-Z][a-z]{{2}}-\d{{4}} {_CLOCK}) [A-Z]+ ",
        r"\[(?P<thread>[^\]]{0,120})\] ",
    ),
    _header(
        LogFormat.HTTPD_ERROR,
        rf"\[(?P<time>[A-Z][a-z]{{2}} [A-Z][a-z]{{2}} [ \d]\d {_CLOCK} \d{{4}})\] (?P<thread>)",
        r"(?:\[[^\]]{0,120}\] ){0,6}",
    ),
    _header(
        LogFormat.ACCESS_LOG,
        r"(?P<thread>)\S{1,80} \S{1,80} [^\[]{1,80}",
        rf"\[(?P<time>\d\d/[A-Z][a-z]{{2}}/\d{{4}}:{_CLOCK} [+-]\d{{4}})\] ",
    ),
    _header(
        LogFormat.ISO_TIME,
        rf"\[?(?P<time>\d{{4}}-\d\d-\d\d[T ]{_CLOCK}(?:Z|[+-]\d\d:?\d\d)?)\]?(?P<thread>)\s*",
    ),
    _header(LogFormat.LOGCAT_BRIEF, r"(?P<time>)[VDIWEFA]/[^(]{1,80}\((?P<thread>\s*\d+)\):\s?"),
)
"""The first that matches counts: the strictest stand first."""

_ISO_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)"
_COMPOSE = re.compile(r"(?P<service>[A-Za-z0-9][\w.-]{0,80}) +\| ?(?P<rest>.*)", _FLAGS)
_CRI = re.compile(rf"(?P<time>{_ISO_TIME}) (?:stdout|stderr) [FP] (?P<rest>.*)", _FLAGS)
_COLOURS = re.compile(r"\x1b\[[0-9;]{0,20}m")
_TIME_OF_DAY = re.compile(r"[T :](\d\d?):(\d\d):(\d\d)(?:[.,:](\d{1,9}))?", re.ASCII)


_CONTINUES = frozenset(["", " ", "\t", "\r", "\xa0"])


class _DockerLine(msgspec.Struct):
    log: str
    time: str = ""


_DOCKER = msgspec.json.Decoder(_DockerLine)


def parse_header(line: str) -> tuple[Header | None, tuple[LogFormat, ...]]:
    """The header of `line`, or None when it has none, and how it begins."""
    if not line or line[0] in _CONTINUES:
        return None, ()
    wrappers: tuple[LogFormat, ...] = ()
    outer_time: str | None = None
    thread = ""
    if "\x1b" in line:
        line = _COLOURS.sub("", line)
    if line.startswith('{"log":'):
        try:
            unwrapped = _DOCKER.decode(line)
        except (msgspec.DecodeError, UnicodeEncodeError):
            return None, ()
        line, outer_time = unwrapped.log.rstrip("\r\n"), _plain_time(unwrapped.time)
        wrappers = (LogFormat.DOCKER_JSON,)
    elif line[10:11] == "T" and (found := _CRI.match(line)):
        line, outer_time, wrappers = found["rest"], found["time"], (LogFormat.CRI,)
    elif " | " in line[:100] and (found := _COMPOSE.match(line)):
        line, thread, wrappers = found["rest"], found["service"], (LogFormat.COMPOSE,)
    inner = None if line[:1] in _CONTINUES else _own_header(line)
    if inner is None:
        if not wrappers:
            return None, ()
        # What the runtime puts before a line makes it no line of its own: a stack trace is wrapped line by line.
        continued = line[:1] in _CONTINUES or line.startswith("Caused by:")
        seconds = _seconds(outer_time) if outer_time else None
        return Header(LogFormat.UNKNOWN if continued else wrappers[0], outer_time, seconds, thread, line), wrappers
    if thread:
        inner = msgspec.structs.replace(inner, thread=f"{thread} {inner.thread}")
    return inner, (*wrappers, inner.format)


def _own_header(line: str) -> Header | None:
    for form, regex in _HEADERS:
        if found := regex.match(line):
            time, thread, message = found.group("time", "thread", "message")
            return Header(form, time or None, _seconds(time) if time else None, thread.strip(), message)
    return None


@functools.lru_cache(maxsize=256)
def _seconds(time: str) -> float | None:
    """Neighbouring lines often have the same time."""
    found = _TIME_OF_DAY.search(time)
    if found is None:
        return None
    hours, minutes, seconds, fraction = found.groups()
    whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + int(fraction) / 10 ** len(fraction) if fraction else float(whole)


def _plain_time(text: str) -> str | None:
    """A time from JSON, which may hold anything: only what looks like one."""
    found = re.match(_ISO_TIME, text, re.ASCII)
    return found[0] if found else None
