"""What a log says beside what was measured: confirmed, contradicted, or not reproduced from here."""

from __future__ import annotations

import pytest
from tests.unit.engine.scenarios.stories import client, found, report

from stdiag.clients.verdict import ClientReason
from stdiag.engine.scenarios.android import android_story
from stdiag.engine.scenarios.claims import claims_of
from stdiag.formats.client_log.summary import LogException, LogSummary
from stdiag.model import LogClaim, LogStanding, Report, Severity

NINE = "android 9"
NOT_TRUSTED = "log-chain-not-trusted"
HEALTHY = report()
INCOMPLETE = report(
    tls=[found("tls-chain-incomplete")],
    clients=(client("9", accepts=False, reason=ClientReason.MISSING_INTERMEDIATE),),
)


def checked(run: Report, code: str, place: str | None = None) -> LogClaim:
    (claim,) = android_story(run, NINE, [LogClaim(code=code, said="words", count=3, place=place)]).log
    return claim


def test_what_is_measured_confirms_it() -> None:
    claim = checked(INCOMPLETE, NOT_TRUSTED)
    assert claim.standing is LogStanding.CONFIRMED
    assert claim.evidence == ["/checks/0/findings/0"]
    assert "tls-chain-incomplete" in claim.why
    assert (claim.said, claim.count) == ("words", 3)


def test_also_by_way_of_another_thing_that_a_log_says() -> None:
    assert checked(INCOMPLETE, "log-handshake-failed").standing is LogStanding.CONFIRMED


def test_a_root_that_this_release_lacks_confirms_it() -> None:
    run = report(
        tls=[found("tls-client-lacks-root")],
        clients=(client("9", accepts=False, reason=ClientReason.ROOT_NOT_IN_STORE),),
    )
    assert checked(run, NOT_TRUSTED).standing is LogStanding.CONFIRMED


@pytest.mark.parametrize("code", [NOT_TRUSTED, "log-tls-version", "log-name-mismatch"])
def test_what_the_server_alone_decides_is_contradicted_by_a_good_measurement(code: str) -> None:
    claim = checked(HEALTHY, code)
    assert claim.standing is LogStanding.CONTRADICTED
    assert "repaired" in claim.why
    assert "another route" in claim.why


def test_an_error_that_this_android_does_not_meet_confirms_nothing() -> None:
    run = report(tls=[found("tls-version-old-only")])
    assert checked(run, "log-tls-version").standing is LogStanding.CONTRADICTED


@pytest.mark.parametrize("code", ["log-name-not-found", "log-timeout", "log-refused", "log-no-answer"])
def test_networks_differ(code: str) -> None:
    assert checked(HEALTHY, code).standing is LogStanding.NOT_REPRODUCED


def test_what_nobody_could_tell_is_not_contradicted() -> None:
    open_question = client("9", accepts=None, reason=ClientReason.UNKNOWN_USER_ROOT, detail="a private root")
    claim = checked(report(clients=(open_question,)), NOT_TRUSTED)
    assert claim.standing is LogStanding.NOT_REPRODUCED
    assert "a private root" in claim.why


def test_a_stage_behind_the_one_that_stops_the_phone_is_still_compared() -> None:
    run = report(
        tls=[found("tls-chain-incomplete")],
        clients=(client("9", accepts=False, reason=ClientReason.MISSING_INTERMEDIATE),),
        url=[found("prov-action-missing"), found("prov-no-answer", Severity.ERROR)],
    )
    assert checked(run, NOT_TRUSTED).standing is LogStanding.CONFIRMED


@pytest.mark.parametrize("code", ["log-retry-loop", "log-old-android", "log-of-a-newer-version"])
def test_what_no_measurement_shows(code: str) -> None:
    assert checked(HEALTHY, code).standing is LogStanding.NOT_REPRODUCED


@pytest.mark.parametrize(
    ("place", "standing"),
    [
        ("CHAT.example.com:443", LogStanding.CONFIRMED),
        ("chat.example.com", LogStanding.CONFIRMED),
        ("192.0.2.10:443", LogStanding.CONFIRMED),
        ("chat.example.com:8443", LogStanding.NOT_REPRODUCED),
        ("other.example.com:443", LogStanding.NOT_REPRODUCED),
        ("[2001:db8::1]:443", LogStanding.NOT_REPRODUCED),
    ],
)
def test_another_server_is_another_story(place: str, standing: LogStanding) -> None:
    assert checked(INCOMPLETE, NOT_TRUSTED, place).standing is standing


def exception(code: str, line: int, host: str | None = None, port: int | None = None) -> LogException:
    return LogException(
        code=code,
        pattern="a pattern",
        exception=None,
        said=f"words {line}",
        host=host,
        port=port,
        issuer=None,
        count=2,
        first=f"first {line}",
        last=f"last {line}",
        first_line=line,
        last_line=line,
    )


def test_claims_of_a_log() -> None:
    exceptions = [
        exception(NOT_TRUSTED, 1, "2001:db8::1", 443),
        exception("log-timeout", 2),
        exception(NOT_TRUSTED, 3, "2001:db8::1", 443),
    ]
    summary = LogSummary(
        file="a.log",
        size=1,
        lines=9,
        recognised=3,
        formats=[],
        first=None,
        last=None,
        exceptions=exceptions,
        timeline=[],
        endpoints=[],
    )
    first, second = claims_of(summary)
    assert (first.place, first.count, first.said, first.last) == ("[2001:db8::1]:443", 4, "words 1", "last 3")
    assert (second.code, second.place) == ("log-timeout", None)
