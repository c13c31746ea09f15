"""Two places side by side: what follows from it, and no more."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from tests.unit.engine.fakes import STARTED, check, endpoint, finding, name
from tests.unit.engine.test_difference import report

from stdiag.engine.compare import Comparison, compare
from stdiag.engine.reach import Reach, reaches
from stdiag.model import Check, Expected, Fault, FaultReason, Outcome, Path, Report, Site, Vantage, to_raw
from stdiag.probes.paths.analysis import PathAnalysis, PathsAnalysis
from stdiag.probes.paths.observation import PathObservation, PathsObservation
from stdiag.probes.paths.reasons import Answer, Reason

MUX = "mux.example.com"
OK = (Reason.OK,)


def paths_check(
    *reasons: Reason,
    address: str | None = "203.0.113.5",
    expected: Expected | None = None,
    label: str = "direct",
) -> Check:
    """One path to 1533 that ends so."""
    made = check(subject=name(MUX), probe="paths")
    made.observation = to_raw(
        PathsObservation(host=MUX, paths=[PathObservation(path=Path(), port=1533, target_address=address)])
    )
    made.analysis = to_raw(
        PathsAnalysis(
            paths=[
                PathAnalysis(
                    path=label,
                    port=1533,
                    setting="direct",
                    stage=reasons[0].stage if reasons else None,
                    reasons=list(reasons),
                    answer=Answer.ACK if reasons == OK else Answer.NOTHING,
                    expected=expected,
                )
            ]
        )
    )
    return made


def seen_from(vantage: Vantage | None, *checks: Check) -> Report:
    return report(*checks, site=Site(vantage=vantage))


def both(one: Check, other: Check) -> Comparison:
    return compare(seen_from(Vantage.INSIDE, one), seen_from(Vantage.INTERNET, other))


def test_opens_inside_times_out_outside() -> None:
    found = both(paths_check(*OK), paths_check(Reason.REMOTE_TCP_TIMEOUT))
    (line,) = found.lines
    assert line.says.startswith("1533 opens inside, times out outside: a firewall between, not the server")
    assert (found.first, line.first, found.second, line.second) == ("inside", "answers", "outside", line.second)
    assert "times out" in line.second


def test_other_addresses_leave_another_cause_open() -> None:
    (line,) = both(paths_check(*OK), paths_check(Reason.REMOTE_TCP_TIMEOUT, address="198.51.100.9")).lines
    assert "not the server" not in line.says
    assert "198.51.100.9" in line.says
    (line,) = both(paths_check(*OK), paths_check(Reason.REMOTE_TCP_TIMEOUT, address=None)).lines
    assert "not the server" not in line.says


def test_a_private_address_outside_is_no_firewall() -> None:
    (line,) = both(
        paths_check(*OK, address="10.1.2.3"), paths_check(Reason.REMOTE_TCP_TIMEOUT, address="10.1.2.3")
    ).lines
    assert "nobody reaches over the internet" in line.says
    assert "firewall" not in line.says


def test_runs_that_lie_apart_conclude_less() -> None:
    inside, outside = (
        seen_from(Vantage.INSIDE, paths_check(*OK)),
        seen_from(Vantage.INTERNET, paths_check(Reason.REMOTE_TCP_TIMEOUT)),
    )
    outside.run.started = (STARTED + timedelta(hours=5)).isoformat()
    found = compare(inside, outside)
    assert "unless the server changed between the runs" in found.lines[0].says
    assert any("5 hours apart" in note for note in found.notes)
    outside.run.started = "long ago"
    assert "unless" in compare(inside, outside).lines[0].says


def test_what_is_meant_to_be_closed_is_no_fault() -> None:
    (line,) = both(paths_check(*OK), paths_check(Reason.REMOTE_TCP_TIMEOUT, expected=Expected.CLOSED)).lines
    assert line.says.endswith("as the site file wants it.")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason.REMOTE_TCP_REFUSED, "the server listens; a firewall between rejects it"),
        (Reason.REMOTE_TCP_UNREACHABLE, "no route"),
        (Reason.TARGET_RESET, "something between cuts the connection"),
        (Reason.LOCAL_DNS_NOT_FOUND, "the name is missing in the DNS"),
        (Reason.LOCAL_DNS_TIMEOUT, "could not tell the address"),
    ],
)
def test_other_ends_have_their_own_words(reason: Reason, words: str) -> None:
    (line,) = both(paths_check(*OK), paths_check(reason)).lines
    assert words in line.says
    assert "not the server" not in line.says


def test_the_same_failure_in_both_places_points_at_what_they_share() -> None:
    (line,) = both(paths_check(Reason.REMOTE_TCP_TIMEOUT), paths_check(Reason.REMOTE_TCP_TIMEOUT)).lines
    assert "what both have in common" in line.says
    assert "firewall between" not in line.says


def test_a_way_through_a_proxy_blames_nobody() -> None:
    (line,) = both(
        paths_check(*OK, label="http://p:3128, CONNECT"),
        paths_check(Reason.REMOTE_TCP_TIMEOUT, label="http://p:3128, CONNECT"),
    ).lines
    assert "firewall" not in line.says
    assert "on the way through http://p:3128, CONNECT" in line.says


def test_what_one_run_did_not_measure_says_nothing() -> None:
    found = compare(seen_from(Vantage.INSIDE, paths_check(*OK)), seen_from(Vantage.INTERNET))
    assert found.lines[0].says == "Nothing follows: it was not measured outside."


def test_the_server_is_cleared_only_where_it_answers_and_the_rest_is_the_same() -> None:
    opened = {reason for reason in Reason if reason.stage.value in ("ok", "target")} - {Reason.TARGET_RESET}
    cleared = set()
    for pair in itertools.product(Reason, repeat=2):
        (line,) = both(paths_check(pair[0]), paths_check(pair[1])).lines
        if "not the server" in line.says:
            cleared.add(frozenset(pair))
    assert cleared == {frozenset({reason, Reason.REMOTE_TCP_TIMEOUT}) for reason in opened}


def tls_check(leaf: str | None = None, *codes: str, fault: FaultReason | None = None) -> Check:
    made = check(*map(finding, codes), probe="tls", subject=endpoint())
    shaken = [{"chain_sent": [{"sha256": leaf}]}] if leaf else []
    fault_seen = Fault(fault) if fault else None
    made.observation = to_raw(
        {"addresses": [{"address": "203.0.113.5", "connect_fault": fault_seen, "handshakes": shaken}]}
    )
    return made


def test_two_certificates_are_two_devices_or_a_renewal() -> None:
    (line,) = both(tls_check("aa"), tls_check("bb", "tls-chain-incomplete")).lines
    assert "Different certificates" in line.says
    assert "Found outside only: tls-chain-incomplete." in line.says
    assert both(tls_check("aa"), tls_check("aa")).lines[0].says == ""


def test_a_tls_port_is_compared_by_its_connects() -> None:
    (line,) = both(tls_check("aa"), tls_check(fault=FaultReason.TIMEOUT)).lines
    assert line.says.startswith("443 answers inside, times out outside: a firewall between, not the server")


def test_the_reports_own_word_on_their_place_wins() -> None:
    inside, outside = (
        seen_from(Vantage.INSIDE, tls_check("aa")),
        seen_from(Vantage.INTERNET, tls_check(fault=FaultReason.TIMEOUT)),
    )
    assert compare(outside, inside).lines == compare(inside, outside).lines
    assert compare(outside, inside).notes


def test_places_that_are_not_said_are_noted() -> None:
    found = compare(seen_from(None, tls_check("aa")), seen_from(None, tls_check("aa")))
    assert (found.first, found.second) == ("inside", "outside")
    assert "--from" in found.notes[0]
    same = compare(seen_from(Vantage.INSIDE), seen_from(Vantage.INSIDE))
    assert (same.first, same.second) == ("first", "second")


def test_an_undecided_check_was_not_measured() -> None:
    undecided = check(outcome=Outcome.UNDECIDED, probe="tls")
    assert [seen.reach for seen in reaches(report(undecided)).values()] == [Reach.UNKNOWN]
