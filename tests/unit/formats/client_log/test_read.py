"""A log is told as what it says: exceptions with their times and servers, attempts, endpoints."""

from __future__ import annotations

import json

from tests.unit.formats.client_log.logs import ANDROID, OKHTTP, WEBSPHERE, read

from stdiag.formats.client_log.summary import AttemptOutcome, LogFormat


def test_the_classic_android_log_is_one_failed_attempt() -> None:
    log = read(ANDROID)
    assert log.formats == [LogFormat.SAMETIME_ANDROID]
    assert (log.lines, log.recognised, log.others) == (9, 7, 2)
    assert (log.first, log.last) == ("2013/06/21 16:28:15.891", "2013/06/21 16:28:15.901")
    (run,) = log.timeline
    assert (run.outcome, run.code, run.count) == (AttemptOutcome.FAILED, "log-chain-not-trusted", 1)
    assert (run.first_line, run.last_line) == (1, 9)
    anchor = log.exceptions[0]
    assert (anchor.pattern, anchor.count, anchor.first_line, anchor.last_line) == ("android-trust-anchor", 3, 1, 9)
    assert (anchor.first, anchor.last) == (log.first, log.last)
    assert [one.code for one in log.exceptions] == [
        "log-chain-not-trusted",
        "log-certificate-refused",
        "log-old-android",
        "log-certificate-refused",
        "log-retry-loop",
    ]
    assert log.notes == []


def test_a_copy_from_a_web_page_has_no_break_spaces() -> None:
    log = read(ANDROID.replace("    ", "\u00a0\u00a0 \u00a0"))
    assert log.first == "2013/06/21 16:28:15.891"
    assert log.formats == [LogFormat.SAMETIME_ANDROID]
    assert log.timeline == read(ANDROID).timeline
    frames = [one for one in log.exceptions if one.code == "log-old-android"]
    assert frames[0].first == "2013/06/21 16:28:15.895"


def test_repeats_of_an_attempt_stand_in_one_row() -> None:
    later = "".join(ANDROID.replace("16:28:15", f"16:{minute}:15") for minute in range(30, 50))
    log = read(ANDROID + later)
    (run,) = log.timeline
    assert run.count == 21
    assert run.last == "2013/06/21 16:49:15.901"
    assert log.exceptions[0].count == 63


def test_okhttp_names_server_and_end() -> None:
    log = read(OKHTTP)
    assert [(run.outcome, run.code, run.host, run.port, run.count) for run in log.timeline] == [
        (AttemptOutcome.FAILED, "log-chain-not-trusted", "chat.example.com", 443, 1),
        (AttemptOutcome.SUCCEEDED, None, "chat.example.com", 8443, 1),
        (AttemptOutcome.FAILED, "log-timeout", "chat.example.com", 443, 1),
    ]
    first = log.exceptions[0]
    assert first.exception == "java.security.cert.CertPathValidatorException"
    assert (first.host, first.port) == ("chat.example.com", 443), "the attempt that the line belongs to names it"
    assert {(one.host, one.port, one.scheme) for one in log.endpoints} == {
        ("chat.example.com", 443, "https"),
        ("chat.example.com", 8443, "https"),
    }


def test_ibm_names_the_missing_issuer_and_the_server() -> None:
    log = read(WEBSPHERE)
    assert log.formats == [LogFormat.WEBSPHERE]
    issuers = [one.issuer for one in log.exceptions if one.issuer]
    assert issuers == ["CN=Example Issuing CA, O=Example"]
    signer = log.exceptions[0]
    assert (signer.pattern, signer.host, signer.port) == ("websphere-signer", "meet.example.com", 443)
    (run,) = log.timeline
    assert (run.code, run.host, run.port) == ("log-chain-not-trusted", "meet.example.com", 443)
    assert all(one.first == "4/28/16 16:10:08:001 CEST" for one in log.exceptions), (
        "stack lines have no time of their own"
    )


def test_a_later_cause_of_a_generic_failure_wins() -> None:
    log = read(
        "05-02 10:11:12.000  1234  1250 W x: javax.net.ssl.SSLHandshakeException: Handshake failed\n"
        "05-02 10:11:12.010  1234  1250 W x: Caused by: java.security.cert.CertificateExpiredException: x\n"
    )
    assert [run.code for run in log.timeline] == ["log-certificate-expired"]


def test_threads_are_kept_apart() -> None:
    log = read(
        "05-02 10:11:12.000  1  10 I okhttp: --> GET https://a.example.com/\n"
        "05-02 10:11:12.100  1  11 I okhttp: --> GET https://b.example.com/\n"
        "05-02 10:11:12.200  1  10 I okhttp: <-- 200 OK https://a.example.com/ (1ms)\n"
        "05-02 10:11:12.300  1  11 I okhttp: <-- HTTP FAILED: java.net.ConnectException: Connection refused\n"
    )
    assert [(run.host, run.outcome, run.code) for run in log.timeline] == [
        ("a.example.com", AttemptOutcome.SUCCEEDED, None),
        ("b.example.com", AttemptOutcome.FAILED, "log-refused"),
    ]


def test_an_attempt_without_an_end_is_open() -> None:
    log = read("05-02 10:11:12.000  1  10 I okhttp: --> GET https://a.example.com/\n")
    assert [(run.outcome, run.code) for run in log.timeline] == [(AttemptOutcome.OPEN, None)]


def test_a_server_error_is_an_answer_that_fails() -> None:
    log = read("05-02 10:11:12.000  1  10 I okhttp: <-- 502 Bad Gateway https://a.example.com/ (1ms)\n")
    assert [(run.outcome, run.code) for run in log.timeline] == [(AttemptOutcome.FAILED, "log-server-error")]


def test_silence_parts_attempts_and_midnight_does_not() -> None:
    line = "2013/06/21 {}    340    FINE    A.b:1    Trust anchor for certification path not found.\n"
    apart = read(line.format("16:28:15.000") + line.format("16:28:19.000"))
    assert apart.timeline[0].count == 2
    midnight = read(line.format("23:59:59.500") + line.format("00:00:00.500"))
    assert midnight.timeline[0].count == 1


def test_a_log_without_times_is_parted_by_distance() -> None:
    line = "java.net.ConnectException: Connection refused\n"
    assert read(line + "x\n" * 50 + line).timeline[0].count == 1
    assert read(line + "x\n" * 500 + line).timeline[0].count == 2


def test_exceptions_before_and_after_a_block_boundary_have_their_time() -> None:
    filler = "".join(f"2013/06/21 16:00:00.{n % 1000:03}    1    FINE    A.b:{n}    nothing {n}\n" for n in range(9000))
    last = "2013/06/21 17:00:00.000    1    FINE    A.b:1    failed\n" + "    at a.B.c(D.java)\n" * 40
    log = read(filler + last + "Caused by: java.net.UnknownHostException: chat.example.com\n")
    (found,) = log.exceptions
    assert found.first == "2013/06/21 17:00:00.000"
    assert found.first_line == log.lines == 9042


def test_a_flood_of_different_things_is_bounded() -> None:
    log = read("".join(f"java.net.UnknownHostException: h{n}.example.com\n" for n in range(3000)))
    assert log.recognised == 3000
    assert len(log.exceptions) == 500
    assert len(log.timeline) <= 400
    assert any("different things or servers" in note for note in log.notes)
    assert any("timeline is shortened" in note for note in log.notes)


def test_threads_without_end_are_bounded() -> None:
    log = read("".join(f"05-02 10:11:12.000  1  {n} I o: --> GET https://a.example.com/\n" for n in range(2000)))
    assert sum(run.count for run in log.timeline) == 2000


def test_docker_json_lines() -> None:
    lines = [
        json.dumps({"log": line + "\n", "stream": "stderr", "time": f"2024-05-02T10:11:1{n}.5Z"})
        for n, line in enumerate(["Error: unable to verify the first certificate", "    at x", "GET /api/v1/check 401"])
    ]
    log = read("\n".join(lines) + "\n")
    assert log.formats == [LogFormat.DOCKER_JSON]
    assert [(one.code, one.first) for one in log.exceptions] == [
        ("log-chain-not-trusted", "2024-05-02T10:11:10.5Z"),
        ("log-login-refused", "2024-05-02T10:11:12.5Z"),
    ]


def test_compose_lines_in_colour_keep_services_apart() -> None:
    log = read(
        "\x1b[36mauth-1   | \x1b[0mToken not present in request\n"
        "web-1    | 2024/05/02 10:11:12 [error] 29#29: *17 connect() failed (111: Connection refused) while connecting "
        "to upstream, client: 192.0.2.7\n"
    )
    assert log.formats == [LogFormat.COMPOSE, LogFormat.NGINX_ERROR]
    assert [one.code for one in log.exceptions] == ["log-login-refused", "log-server-error"]
    assert len(log.timeline) == 2


def test_nothing_is_claimed_of_an_empty_log_or_an_unknown_one() -> None:
    assert read("").lines == 0
    unknown = read("hello\nworld\n")
    assert (unknown.lines, unknown.recognised, unknown.others) == (2, 0, 2)
    assert (unknown.formats, unknown.exceptions, unknown.timeline, unknown.first) == ([], [], [], None)
