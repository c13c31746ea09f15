"""Logs of servers: SystemOut.log in the forms of several locales, sametime.log, error_log of IHS."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.formats.client_log.logs import CCM_BROKEN, CCM_HEALTHY, CCM_START, SAMETIME, read

from stdiag.formats.client_log.header import parse_header
from stdiag.formats.client_log.summary import AttemptOutcome, LogFormat

STOP = "[4/28/16 16:20:00:000 CEST] 00000042 ServerCollabo A   WSVR0024I: Server CCMCluster_server1 stopped\n"


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        ("4/28/16 16:10:07:655 CEST", 58207.655),
        ("4/8/16 6:01:02:003 EST", 21662.003),
        ("28/04/16 16:10:07:655 BST", 58207.655),
        ("28.04.16 16:10:07:655 MESZ", 58207.655),
        ("28.04.16, 16:10:07:655 MESZ", 58207.655),
        ("16/04/28 16:10:07:655 JST", 58207.655),
        ("16-4-28 16:10:07:655 GMT+08:00", 58207.655),
        ("2016-04-28 16:10:07:655 CEST", 58207.655),
        ("2016-04-28T16:10:07.655+0200", 58207.655),
        ("16. 4. 28   16:10:07:655 KST", 58207.655),
    ],
)
def test_websphere_writes_times_as_the_locale_of_the_server_does(time: str, seconds: float) -> None:
    header, forms = parse_header(f"[{time}] 0000014a LCDAUtil      I text")
    assert header is not None
    assert forms == (LogFormat.WEBSPHERE,)
    assert (header.time, header.thread, header.message) == (time, "0000014a", "LCDAUtil      I text")
    assert header.seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("line", "form", "time", "thread", "message"),
    [
        (
            "I Server 13/May, 07:01:30 Logged in to server 192.0.2.30",
            LogFormat.SAMETIME_SERVER,
            "13/May, 07:01:30",
            "Server",
            "Logged in to server 192.0.2.30",
        ),
        (
            "[Thu Apr 28 16:10:07 2016] [warn] [client 192.0.2.7] [7f9a700a7060] [21173] SSL0222W: x",
            LogFormat.HTTPD_ERROR,
            "Thu Apr 28 16:10:07 2016",
            "",
            "SSL0222W: x",
        ),
        (
            "[Thu Apr 28 16:10:07.123456 2016] [core:error] [pid 3:tid 4] [client 192.0.2.7:5] AH00126: x",
            LogFormat.HTTPD_ERROR,
            "Thu Apr 28 16:10:07.123456 2016",
            "",
            "AH00126: x",
        ),
    ],
)
def test_other_servers(line: str, form: LogFormat, time: str, thread: str, message: str) -> None:
    header, forms = parse_header(line)
    assert header is not None
    assert forms == (form,)
    assert (header.time, header.thread, header.message) == (time, thread, message)


def test_a_sound_start_of_ccm_says_nothing_that_is_found() -> None:
    log = read(CCM_HEALTHY)
    assert log.formats == [LogFormat.WEBSPHERE]
    assert (log.exceptions, log.recognised, log.timeline) == ([], 0, [])


def test_each_try_to_download_is_counted_and_is_no_attempt_to_connect() -> None:
    log = read(CCM_HEALTHY + CCM_BROKEN * 3)
    (found,) = log.exceptions
    assert (found.code, found.count, found.said) == (
        "log-ccm-cache",
        3,
        "CDHC enabled but configuration error found",
    )
    assert found.first == "4/27/16 19:09:58:679 CEST"
    assert log.timeline == []


def test_a_start_without_its_lines_is_told_by_the_start() -> None:
    log = read(CCM_START)
    (found,) = log.exceptions
    assert (found.code, found.pattern, found.count) == ("log-ccm-start", "ccm-start", 1)
    assert found.said == "Server CCMCluster_server1 open for e-business"
    assert (found.first, found.first_line) == ("4/28/16 16:02:42:727 CEST", 1)
    assert log.recognised == 0, "what is absent has no line"


ENABLED = CCM_HEALTHY.partition("\n")[0] + "\n"


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        (CCM_START + ENABLED, 0),  # with the first large file
        (ENABLED + CCM_START, 0),  # before the server says that it is open
        (CCM_START * 3, 3),
        (CCM_START + STOP + ENABLED + CCM_START, 1),  # the lines belong to the second start
        (CCM_START + ENABLED + STOP + CCM_START, 1),
        (CCM_START + ENABLED + CCM_START, 0),  # killed, not stopped: nobody knows to which start they belong
        (CCM_START + ENABLED + CCM_START + CCM_START, 1),
        (CCM_START.replace("CCMCluster_server1", "STProxyServer"), 0),  # no server for CCM
        (CCM_BROKEN + CCM_START, 1),  # "enabled but" is no sound start
    ],
)
def test_which_starts_lack_their_lines(text: str, missed: int) -> None:
    found = [one for one in read(text).exceptions if one.code == "log-ccm-start"]
    assert sum(one.count for one in found) == missed


@settings(deadline=None)
@given(st.lists(st.sampled_from([CCM_START, STOP, ENABLED, CCM_BROKEN, "x\n"]), max_size=12))
def test_no_more_starts_are_missed_than_there_are(parts: list[str]) -> None:
    log = read("".join(parts))
    missed = sum(one.count for one in log.exceptions if one.code == "log-ccm-start")
    assert missed <= parts.count(CCM_START)
    if ENABLED not in parts:
        assert missed == parts.count(CCM_START)
    assert [one.first_line for one in log.exceptions] == sorted(one.first_line for one in log.exceptions)


def test_the_timeline_tells_whether_a_login_followed() -> None:
    log = read(SAMETIME)
    assert log.formats == [LogFormat.SAMETIME_SERVER]
    assert [(run.outcome, run.code, run.host, run.count) for run in log.timeline] == [
        (AttemptOutcome.FAILED, "log-server-link", "192.0.2.30", 2),
        (AttemptOutcome.SUCCEEDED, None, "192.0.2.30", 1),
        (AttemptOutcome.FAILED, "log-not-in-servers-list", "192.0.2.31", 1),
        (AttemptOutcome.FAILED, "log-not-in-servers-list", None, 1),
    ]
    assert [(one.code, one.host, one.count) for one in log.exceptions] == [
        ("log-server-link", "192.0.2.30", 2),
        ("log-not-in-servers-list", "192.0.2.31", 1),
        ("log-not-in-servers-list", None, 1),
    ]
    assert "reason = 80000223" in log.exceptions[0].said


def test_the_line_of_a_database_names_it() -> None:
    log = read(
        "com.ibm.db2.jcc.am.DisconnectNonTransientConnectionException: [jcc][t4] Exception java.net.ConnectException: "
        "Error opening socket to server db2.example.com/192.0.2.20 on port 50001 with message: Connection refused.\n"
        "proxy-1  | MongoNetworkError: failed to connect to server [mongo.example.com:27017] on first connect "
        "[MongoNetworkError: connect ECONNREFUSED 192.0.2.21:27017]\n"
    )
    assert [(one.code, one.host, one.port) for one in log.exceptions] == [
        ("log-database", "db2.example.com", 50001),
        ("log-database", "mongo.example.com", 27017),
    ]
