"""Beginnings of lines, each form told from the others."""

from __future__ import annotations

import pytest

from stdiag.formats.client_log.header import parse_header
from stdiag.formats.client_log.summary import LogFormat

CASES = [
    (
        "2013/06/21 16:28:15.891    340    FINE    A.b:1    text",
        (LogFormat.SAMETIME_ANDROID,),
        "2013/06/21 16:28:15.891",
        "340",
        "A.b:1    text",
    ),
    (
        "06-21 16:28:15.891  1234  5678 D Tag : text",
        (LogFormat.LOGCAT,),
        "06-21 16:28:15.891",
        "1234  5678",
        "Tag : text",
    ),
    (
        "2019-04-12 14:25:56.438 7534-7540/com.example E/Tag: text",
        (LogFormat.LOGCAT,),
        "2019-04-12 14:25:56.438",
        "7534-7540",
        "Tag: text",
    ),
    ("06-21 16:28:15.891 D/Tag( 1234): text", (LogFormat.LOGCAT,), "06-21 16:28:15.891", "1234", "text"),
    ("W/System.err(  941): text", (LogFormat.LOGCAT_BRIEF,), None, "941", "text"),
    (
        "[4/28/16 16:10:07:655 CEST] 00000147 LCDAUtil      I text",
        (LogFormat.WEBSPHERE,),
        "4/28/16 16:10:07:655 CEST",
        "00000147",
        "LCDAUtil      I text",
    ),
    (
        "[28.04.16 16:10:07:655 MESZ] 00000147 SystemErr     R text",
        (LogFormat.WEBSPHERE,),
        "28.04.16 16:10:07:655 MESZ",
        "00000147",
        "SystemErr     R text",
    ),
    (
        "2024/05/02 10:11:12 [error] 29#29: *17 text",
        (LogFormat.NGINX_ERROR,),
        "2024/05/02 10:11:12",
        "29#29",
        "*17 text",
    ),
    (
        "21-Jun-2013 16:28:15.891 SEVERE [main] a.B.c text",
        (LogFormat.TOMCAT,),
        "21-Jun-2013 16:28:15.891",
        "main",
        "a.B.c text",
    ),
    (
        '192.0.2.7 - - [02/May/2024:10:11:12 +0000] "GET / HTTP/1.1" 401 3',
        (LogFormat.ACCESS_LOG,),
        "02/May/2024:10:11:12 +0000",
        "",
        '"GET / HTTP/1.1" 401 3',
    ),
    ("2024-05-02T10:11:12.5Z text", (LogFormat.ISO_TIME,), "2024-05-02T10:11:12.5Z", "", "text"),
    ("2024-05-02 10:11:12,512 text", (LogFormat.ISO_TIME,), "2024-05-02 10:11:12,512", "", "text"),
    (
        "2024-05-02T10:11:12.5Z stderr F plain text",
        (LogFormat.CRI,),
        "2024-05-02T10:11:12.5Z",
        "",
        "plain text",
    ),
    (
        '{"log":"2024-05-02T09:00:00Z text\\n","stream":"stdout","time":"2024-05-02T10:11:12Z"}',
        (LogFormat.DOCKER_JSON, LogFormat.ISO_TIME),
        "2024-05-02T09:00:00Z",
        "",
        "text",
    ),
    ("proxy-1  | W/Tag( 7): text", (LogFormat.COMPOSE, LogFormat.LOGCAT_BRIEF), None, "proxy-1 7", "text"),
]


@pytest.mark.parametrize(("line", "forms", "time", "thread", "message"), CASES, ids=[case[0][:40] for case in CASES])
def test_each_form(line: str, forms: tuple[LogFormat, ...], time: str | None, thread: str, message: str) -> None:
    header, found = parse_header(line)
    assert header is not None
    assert found == forms
    assert (header.time, header.thread, header.message) == (time, thread, message)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "text",
        "    at a.B.c(D.java:1)",
        "\tat x",
        "Caused by: x",
        '{"log":',
        '{"log":7}',
        '{"logs":"x"}',
        "2013/06/21",
        "[x] y",
    ],
)
def test_what_has_no_header(line: str) -> None:
    assert parse_header(line)[0] is None


def test_seconds_are_those_of_the_day() -> None:
    header, _ = parse_header("06-21 16:28:15.891  1  2 D T: x")
    assert header is not None
    assert header.seconds == pytest.approx(16 * 3600 + 28 * 60 + 15.891)


def test_a_stack_trace_that_a_runtime_wraps_line_by_line_stays_one() -> None:
    header, _ = parse_header("proxy-1  |     at a.B.c(D.java:1)")
    assert header is not None
    assert header.format is LogFormat.UNKNOWN
