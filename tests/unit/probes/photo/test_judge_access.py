"""Whom the photo host lets through, from each place, and what may be said of it from there."""

from __future__ import annotations

import pytest
from tests.unit.probes.photo.observations import (
    BOTH,
    LTPA,
    LTPA2,
    MEETING,
    answered,
    at,
    away,
    broken,
    codes,
    context,
    copied,
    judged,
    observed,
    page,
    shows,
    with_each,
)

from stdiag.model import FaultReason, PhotoAccess, Vantage
from stdiag.net.stage import Stage
from stdiag.probes.photo.analysis import PhotoRule
from stdiag.probes.photo.observation import PhotoAnswer

ALL = (LTPA, LTPA2, MEETING)


@pytest.mark.parametrize(
    ("vantage", "expected", "rule"),
    [
        (Vantage.INTERNET, {"photo-open-to-everybody": "error"}, PhotoRule.OPEN),
        (None, {"photo-open-to-everybody": "warning"}, PhotoRule.OPEN),
        (Vantage.INSIDE, {}, PhotoRule.LISTED),
        (Vantage.STPROXY, {}, PhotoRule.LISTED),
    ],
)
def test_an_open_door_is_a_finding_only_where_strangers_are(
    vantage: Vantage | None, expected: dict[str, str], rule: PhotoRule
) -> None:
    observation = observed(at(shows()))
    assert codes(observation, context(vantage)) == expected
    analysis, _ = judged(observation, context(vantage))
    assert analysis.addresses[0].rule is rule
    left_open = [line for line in analysis.unmeasured if line.startswith("whether strangers are kept out")]
    assert bool(left_open) == (rule is PhotoRule.LISTED)


@pytest.mark.parametrize("refusal", [away(), answered(403), answered(401), page(login=True)])
@pytest.mark.parametrize("vantage", [None, Vantage.INSIDE, Vantage.INTERNET])
def test_who_is_kept_out_without_a_cookie_is_right(refusal: PhotoAnswer, vantage: Vantage | None) -> None:
    cookies = with_each(dict.fromkeys(ALL, True), real=(LTPA, LTPA2))
    observation = observed(at(refusal, *cookies, away(BOTH, made_up=True)))
    assert codes(observation, context(vantage)) == {}
    analysis, _ = judged(observation, context(vantage))
    assert analysis.addresses[0].rule is PhotoRule.BY_LOGIN
    assert analysis.unmeasured == []


def test_a_page_in_its_place_is_a_refusal_where_a_cookie_opens() -> None:
    observation = observed(at(page(), *with_each(dict.fromkeys(ALL, True), real=(LTPA, LTPA2))))
    assert codes(observation) == {}


def test_on_stproxys_own_host_no_cookie_must_be_needed() -> None:
    observation = observed(at(away(), *with_each(dict.fromkeys(ALL, True), real=(LTPA, LTPA2))))
    assert codes(observation, context(Vantage.STPROXY)) == {"photo-stproxy-refused": "error"}


def test_a_made_up_token_that_opens_shows_that_the_name_is_enough() -> None:
    observation = observed(at(away(), *with_each(dict.fromkeys(ALL, True))))
    assert codes(observation) == {"photo-cookie-by-name": "info"}
    analysis, findings = judged(observation)
    assert findings[0].params["cookies"] == [LTPA, LTPA2]
    assert analysis.addresses[0].rule is PhotoRule.BY_NAME


def test_without_real_tokens_a_verifying_server_is_left_open() -> None:
    observation = observed(at(away(), *with_each({LTPA: False, LTPA2: False, MEETING: True})))
    analysis, findings = judged(observation)
    assert findings == []
    assert analysis.addresses[0].rule is PhotoRule.BY_LOGIN
    assert [line.split()[4] for line in analysis.unmeasured] == [LTPA, LTPA2]


def test_a_server_by_name_that_knows_one_token_only() -> None:
    observation = observed(at(away(), *with_each({LTPA: False, LTPA2: True, MEETING: True})))
    assert codes(observation) == {"photo-cookie-by-name": "info", "photo-cookie-refused": "warning"}
    refused = next(one for one in judged(observation)[1] if one.code == "photo-cookie-refused")
    assert refused.params["refused"] == [f"{LTPA} (made up)"]


def test_a_real_token_that_is_refused_beside_one_that_is_not() -> None:
    cookies = with_each({LTPA: False, LTPA2: True, MEETING: True}, real=(LTPA, LTPA2))
    observation = observed(at(away(), *cookies, away(BOTH, made_up=True)))
    assert codes(observation) == {"photo-cookie-refused": "warning"}
    (finding,) = judged(observation)[1]
    assert (finding.params["refused"], finding.params["accepted"]) == ([LTPA], [LTPA2, MEETING])
    assert finding.affects is None


def test_guests_of_meetings_are_told_apart() -> None:
    cookies = with_each({LTPA: True, LTPA2: True, MEETING: False}, real=(LTPA, LTPA2))
    observation = observed(at(away(), *cookies, away(BOTH, made_up=True)))
    (finding,) = judged(observation)[1]
    assert finding.code == "photo-cookie-refused"
    assert finding.affects is not None
    assert "guests" in finding.affects


@pytest.mark.parametrize(
    ("real", "severity", "candidate"),
    [
        ((LTPA, LTPA2), "error", "not valid any more"),
        ((LTPA2,), "error", "only LtpaToken is let through"),
        ((), "warning", "verifies the login"),
    ],
)
def test_nobody_is_let_through(real: tuple[str, ...], severity: str, candidate: str) -> None:
    observation = observed(at(away(), *with_each(dict.fromkeys(ALL, False), real=real)))
    assert codes(observation) == {"photo-cookies-refused": severity}
    analysis, (finding,) = judged(observation)
    assert analysis.addresses[0].rule is PhotoRule.NOBODY
    assert candidate in "; ".join(map(str, finding.params["candidates"] or []))  # type: ignore[arg-type]
    assert "Apache 2.4" in str(finding.params["candidates"])


def test_an_error_for_who_shows_a_token_is_no_way_in() -> None:
    cookies = [answered(500, name, made_up=name != MEETING) for name in ALL]
    assert codes(observed(at(away(), *cookies))) == {"photo-cookies-refused": "warning"}


def test_whoever_is_told_that_there_is_no_photo_was_let_through() -> None:
    cookies = [answered(404, name) for name in ALL]
    observation = observed(at(away(), *cookies))
    assert codes(observation) == {"photo-missing": "error"}
    assert judged(observation)[0].addresses[0].rule is PhotoRule.BY_LOGIN


def test_where_everybody_is_told_so_nothing_is_known_of_the_rule() -> None:
    observation = observed(at(answered(404), *[answered(404, name, made_up=True) for name in ALL]))
    assert codes(observation) == {"photo-missing": "error"}
    assert judged(observation)[0].addresses[0].rule is PhotoRule.UNKNOWN


def test_public_photos_must_come_without_a_cookie() -> None:
    public = {"access": PhotoAccess.PUBLIC}
    assert codes(observed(at(shows()), **public), context(Vantage.INTERNET)) == {}
    assert codes(observed(at(away()), **public), context(Vantage.INTERNET)) == {"photo-refused": "error"}


def test_one_open_address_of_two_is_enough() -> None:
    closed = at(away(), *with_each(dict.fromkeys(ALL, True), real=(LTPA, LTPA2)), address="192.0.2.2")
    observation = observed(closed, at(shows()))
    assert codes(observation, context(Vantage.INTERNET)) == {"photo-open-to-everybody": "error"}


class TestFromTheInternet:
    """A photo host of the inside is not there for strangers."""

    @pytest.mark.parametrize("reason", [FaultReason.REFUSED, FaultReason.TIMEOUT, FaultReason.UNREACHABLE])
    def test_not_to_be_reached_is_right(self, reason: FaultReason) -> None:
        observation = observed(at(broken(reason, Stage.TCP)))
        analysis, findings = judged(observation, context(Vantage.INTERNET))
        assert findings == []
        assert analysis.undecided == []
        assert "nobody answers there" in analysis.unmeasured[0]

    def test_nor_to_have_a_name(self) -> None:
        from stdiag.model import Fault

        observation = observed(name_fault=Fault(FaultReason.NAME_NOT_FOUND))
        analysis, findings = judged(observation, context(Vantage.INTERNET))
        assert findings == []
        assert "the name is not known" in analysis.unmeasured[0]

    def test_but_public_ones_and_copies_have_to_be_reached(self) -> None:
        dead = at(broken(FaultReason.REFUSED, Stage.TCP))
        public = observed(dead, access=PhotoAccess.PUBLIC)
        assert codes(public, context(Vantage.INTERNET)) == {"net-refused": "error"}
        assert codes(copied(dead), context(Vantage.INTERNET)) == {"net-refused": "error"}

    def test_and_from_inside_everybody_has_to(self) -> None:
        assert codes(observed(at(broken(FaultReason.REFUSED, Stage.TCP)))) == {"net-refused": "error"}


class TestCopies:
    """What the Sametime Proxy hands out."""

    def test_it_comes(self) -> None:
        assert codes(copied(at(shows()))) == {}

    def test_from_the_internet_without_a_login_it_is_told(self) -> None:
        assert codes(copied(at(shows())), context(Vantage.INTERNET)) == {"photo-open-to-everybody": "warning"}
        public = copied(at(shows()), access=PhotoAccess.PUBLIC)
        assert codes(public, context(Vantage.INTERNET)) == {}

    def test_a_login_before_it_leaves_the_question_open(self) -> None:
        analysis, findings = judged(copied(at(away())))
        assert findings == []
        assert "asks for a login" in analysis.undecided[0]

    def test_a_reverse_proxy_before_it_is_not_asked_to_open(self) -> None:
        analysis, findings = judged(copied(at(answered(401, challenge='Basic realm="x"'))))
        assert (findings, analysis.undecided) == ([], [])
        assert "reverse proxy asks for credentials" in analysis.unmeasured[0]

    def test_with_a_token(self) -> None:
        assert codes(copied(at(away(), shows(LTPA2)))) == {}
        assert codes(copied(at(away(), away(LTPA2)))) == {"photo-refused": "warning"}

    def test_it_is_missing(self) -> None:
        assert codes(copied(at(answered(404)))) == {"photo-missing": "error"}


def test_a_token_that_was_not_shown_again_is_told() -> None:
    cookies = with_each({LTPA: False, MEETING: True})
    analysis, _ = judged(observed(at(away(), *cookies), tokens_withheld=[LTPA2]))
    assert "with the real LtpaToken2: this host has refused it before" in analysis.unmeasured
