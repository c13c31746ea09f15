"""What came where the photo should, and what is wrong with the picture or with the URL's text."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.unit.probes.photo.observations import (
    AWAY,
    HOST,
    LTPA2,
    ONE,
    OTHER,
    URL,
    answered,
    at,
    away,
    broken,
    codes,
    context,
    judged,
    observed,
    page,
    picture,
    shows,
)

from stdiag.model import Fault, FaultReason, PhotoAccess, PhotoSite, Product, Site, StproxySite
from stdiag.net.stage import Stage
from stdiag.probes.photo.observation import PhotoAnswer

CAPITALS = f"https://{HOST}/Joe.Bloggs@example.com.jpg"


@pytest.mark.parametrize(
    ("answer", "code", "told"),
    [
        (answered(404), "photo-missing", {"status": 404}),
        (answered(410), "photo-missing", {"status": 410}),
        (page("Directory"), "photo-not-an-image", {"seen": "a web page", "title": "Directory"}),
        (answered(200, body="empty"), "photo-not-an-image", {"seen": "nothing"}),
        (answered(200, body="json"), "photo-not-an-image", {"seen": "JSON"}),
        (answered(200, body="text"), "photo-not-an-image", {"seen": "a text"}),
        (answered(200, body="binary"), "photo-not-an-image", {"seen": "data of no form that is known"}),
        (
            answered(200, body="binary", fault=Fault(FaultReason.TOO_LARGE)),
            "photo-not-an-image",
            {"seen": "data of no form that is known"},
        ),
        (answered(500, server="x"), "photo-server-error", {"status": 500, "server": "x"}),
        (answered(503), "photo-server-error", {"status": 503}),
        (answered(204, body="empty"), "photo-server-error", {"status": 204}),
        (broken(FaultReason.SILENT), "photo-no-answer", {"problem": "no answer came within 5 s"}),
        (broken(FaultReason.RESET), "photo-no-answer", {"problem": "the connection was reset"}),
        (broken(FaultReason.MALFORMED), "photo-no-answer", {"problem": "what came is not HTTP"}),
        (broken(FaultReason.REFUSED, Stage.TCP), "net-refused", {}),
        (broken(FaultReason.TIMEOUT, Stage.TCP), "net-timeout", {}),
    ],
)
def test_what_stands_in_its_place(answer: PhotoAnswer, code: str, told: dict[str, Any]) -> None:
    (finding,) = judged(observed(at(answer)))[1]
    assert (finding.code, finding.severity.value) == (code, "error")
    assert told.items() <= finding.params.items()
    assert finding.evidence[0].startswith("/observation/addresses/0/plain")


def test_without_a_handshake_it_cannot_be_told() -> None:
    analysis, findings = judged(observed(at(broken(FaultReason.TLS_ALERT, Stage.TLS))))
    assert findings == []
    assert "cannot be asked for without a TLS handshake" in analysis.undecided[0]


@pytest.mark.parametrize("reason", [FaultReason.CANCELLED, FaultReason.LOCAL])
def test_what_this_side_ended_says_nothing(reason: FaultReason) -> None:
    analysis, findings = judged(observed(at(broken(reason))))
    assert findings == []
    assert analysis.undecided != []


def test_a_check_that_ended_before_it_asked_is_undecided() -> None:
    for observation in (observed(at(None)), observed()):
        analysis, findings = judged(observation)
        assert findings == []
        assert analysis.undecided != []


def test_the_way_ended_at_a_proxy() -> None:
    observation = observed(at(broken(FaultReason.PROXY_DENIED, Stage.TCP)), via="http://proxy:3128")
    assert list(codes(observation)) == ["path-proxy-denied"]


@pytest.mark.parametrize(
    ("image", "facts", "expected"),
    [
        ({}, {}, {}),
        ({"form": "GIF"}, {"content_type": "image/gif"}, {}),
        ({}, {"content_type": "image/jpg; charset=binary"}, {}),
        ({"form": "PNG"}, {"content_type": "image/png"}, {"photo-form": "info"}),
        ({"form": "SVG", "width": None, "height": None}, {"content_type": "image/svg+xml"}, {"photo-form": "info"}),
        ({"form": "PNG"}, {}, {"photo-form": "info", "photo-content-type": "warning"}),
        ({}, {"content_type": "text/plain"}, {"photo-content-type": "warning"}),
        ({}, {"content_type": None}, {"photo-content-type": "warning"}),
        ({"bytes_came": 10 * 1024 - 1}, {}, {}),
        ({"bytes_came": 10 * 1024}, {}, {"photo-large": "info"}),
        ({"bytes_came": 45 * 1024}, {}, {"photo-large": "warning"}),
        ({"bytes_came": 1 << 20, "whole": None}, {"fault": Fault(FaultReason.TOO_LARGE)}, {"photo-large": "warning"}),
        ({"whole": False}, {}, {"photo-cut-off": "warning"}),
        ({"whole": False}, {"fault": Fault(FaultReason.CLOSED), "length_said": 9000}, {"photo-cut-off": "warning"}),
        ({"width": 1, "height": 1}, {}, {"photo-odd-size": "warning"}),
        ({"width": 2, "height": 300}, {}, {"photo-odd-size": "warning"}),
        ({"width": 5000, "height": 300}, {}, {"photo-odd-size": "warning"}),
        ({}, {"duration_us": 2_900_000}, {}),
        ({}, {"duration_us": 3_100_000}, {"photo-slow": "warning"}),
    ],
)
def test_the_picture(image: dict[str, Any], facts: dict[str, Any], expected: dict[str, str]) -> None:
    assert codes(observed(at(shows(image=picture(**image), **facts)))) == expected


def test_what_is_told_of_it() -> None:
    cut = shows(image=picture(whole=False), fault=Fault(FaultReason.CLOSED), length_said=9000)
    (finding,) = judged(observed(at(cut)))[1]
    assert finding.params["problem"] == "the answer ended after 3000 of 9000 bytes"
    huge = shows(image=picture(bytes_came=1 << 20, whole=None), fault=Fault(FaultReason.TOO_LARGE), length_said=5 << 20)
    (finding,) = judged(observed(at(huge)))[1]
    assert finding.params["size"] == "5120.0 KB"
    assert judged(observed(at(shows())))[0].picture == msgspec.convert(
        {"role": "host", "number": 0, "url": URL, "sha256": "ab" * 32, "shown": "JPEG, 96 x 96, 2.9 KB"},
        type(judged(observed(at(shows())))[0].picture),
    )


def test_redirects_on_the_same_host() -> None:
    plain = URL.replace("https:", "http:")
    upgraded = shows(passed=[URL], url=URL)
    assert codes(observed(at(upgraded), url=plain)) == {"photo-redirected": "warning"}
    moved = shows(passed=[f"https://{HOST}/new.jpg"], url=f"https://{HOST}/new.jpg")
    assert codes(observed(at(moved))) == {"photo-redirected": "info"}


class TestCapitals:
    """The same name in small letters was asked for too."""

    def test_both_are_there(self) -> None:
        assert codes(observed(at(shows(), in_lower_case=shows()), url=CAPITALS)) == {}

    def test_only_the_one_with_capitals(self) -> None:
        observation = observed(at(shows(), in_lower_case=answered(404)), url=CAPITALS)
        assert codes(observation) == {"photo-name-capitals": "warning"}
        (finding,) = judged(observation)[1]
        assert finding.params["name_found"] == "Joe.Bloggs@example.com.jpg"
        assert finding.params["photo_url"] == URL

    def test_only_the_one_in_small_letters(self) -> None:
        observation = observed(at(answered(404), in_lower_case=shows()), url=CAPITALS)
        assert codes(observation) == {"photo-name-capitals": "error"}
        (finding,) = judged(observation)[1]
        assert finding.params["name_missing"] == "Joe.Bloggs@example.com.jpg"

    def test_neither(self) -> None:
        assert codes(observed(at(answered(404), in_lower_case=answered(404)), url=CAPITALS)) == {
            "photo-missing": "error"
        }

    def test_a_refusal_says_nothing_of_spelling(self) -> None:
        observation = observed(at(away(), shows(LTPA2), in_lower_case=away()), url=CAPITALS)
        assert "photo-name-capitals" not in codes(observation)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"https://{HOST}/{{mail}}.jpg", {"photo-url-placeholder": "error"}),
        ("joe.bloggs.jpg", {"photo-url-form": "error"}),
        ("{mail}.jpg", {"photo-url-placeholder": "error"}),
        ("ftp://photos.example.com/joe.jpg", {"photo-url-form": "error"}),
    ],
)
def test_a_url_that_nobody_can_be_asked_for(url: str, expected: dict[str, str]) -> None:
    analysis, _ = judged(observed(url=url))
    assert codes(observed(url=url)) == expected
    assert analysis.undecided == []


def test_the_text_of_a_url_that_can() -> None:
    spaced = f"https://{HOST}/Joe Bloggs.jpg"
    old = context(product=Product.V9)
    assert codes(observed(at(shows()), url=spaced), old) == {
        "photo-url-encoding": "warning",
        "photo-name-not-mail": "info",
    }
    assert codes(observed(at(shows()), url=spaced)) == {"photo-url-encoding": "warning"}  # 12 has other meetings
    asked = "https://connections.example.com/profiles/photo.do?email=joe@example.com"
    assert codes(observed(at(shows()), url=asked), old) == {}


def test_plain_http_is_told_where_nothing_hands_the_photo_out() -> None:
    plain = observed(at(shows()), url=URL.replace("https:", "http:"))
    assert codes(plain) == {}  # STProxy's copy is named
    assert codes(plain, context(copies=False)) == {"photo-url-plain": "info"}
    assert codes(plain, context(copies=False, stproxy=False)) == {}
    same = Site(stproxy=StproxySite(url=f"https://{HOST}"), photo=PhotoSite(urls=[URL], access=PhotoAccess.PUBLIC))
    given = msgspec.structs.replace(context(), site=same)
    assert codes(plain, given) == {"photo-open-to-everybody": "warning"}


def test_what_two_addresses_show_alike_is_told_once() -> None:
    both = observed(at(answered(404), address=ONE), at(answered(404), address=OTHER))
    assert [finding.code for finding in judged(both)[1]] == ["photo-missing"]
    dead = broken(FaultReason.REFUSED, Stage.TCP)
    (finding,) = judged(observed(at(dead, address=ONE), at(dead, address=OTHER)))[1]
    assert str(finding.subject) == f"{HOST}:443"
    assert finding.params["address"] == f"{ONE}, {OTHER}"
    (finding,) = judged(observed(at(shows(), address=ONE), at(dead, address=OTHER)))[1]
    assert str(finding.subject) == f"{HOST}:443 at {OTHER}"


def test_an_address_that_this_machine_has_no_way_to() -> None:
    six = at(broken(FaultReason.UNREACHABLE, Stage.TCP), address="2001:db8::1")
    analysis, findings = judged(observed(at(shows()), six))
    assert findings == []
    assert "2001:db8::1: this machine has no route to it" in analysis.unmeasured


def test_nobody_else_is_taken_for_the_photo() -> None:
    """A page of another host is never followed, so that its picture is not taken for the photo."""
    assert judged(observed(at(answered(302, location=AWAY))))[0].picture is None
