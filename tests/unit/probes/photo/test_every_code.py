"""Every code of the photos' family is found in some situation, points at its facts, and is told in words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.engine.test_difference import report
from tests.unit.probes.photo.observations import (
    AWAY,
    COPY_URL,
    HOST,
    LTPA,
    LTPA2,
    MEETING,
    ONE,
    URL,
    answered,
    at,
    away,
    broken,
    context,
    copied,
    observed,
    page,
    picture,
    pki,
    shaken,
    shows,
    with_each,
)

from stdiag.catalogue.kinds import photo
from stdiag.catalogue.prose import words
from stdiag.engine.redaction.redact import redact
from stdiag.engine.runner import judged
from stdiag.engine.together_photo import photo_findings
from stdiag.model import (
    Check,
    Fault,
    FaultReason,
    Outcome,
    PhotoAccess,
    Product,
    Severity,
    Subject,
    SubjectKind,
    Vantage,
    to_raw,
)
from stdiag.net.stage import Stage
from stdiag.probes.contract import Context
from stdiag.probes.photo import PROBE
from stdiag.probes.photo.observation import PhotoAnswer, PhotoObservation
from stdiag.probes.registry import probe_named

OUTSIDE = context(Vantage.INTERNET)
CAPITALS = f"https://{HOST}/Joe.Bloggs@example.com.jpg"
ALL = (LTPA, LTPA2, MEETING)


def situations() -> dict[str, tuple[PhotoObservation, Context]]:
    """Code → what shows it, and from where."""
    inside, proxy = context(), context(Vantage.STPROXY)
    plain = URL.replace("https:", "http:")
    refused = observed(at(away(), *with_each(dict.fromkeys(ALL, False))))
    return {
        "photo-open-to-everybody": (observed(at(shows())), OUTSIDE),
        "photo-cookie-by-name": (observed(at(away(), *with_each(dict.fromkeys(ALL, True)))), inside),
        "photo-stproxy-refused": (observed(at(away(), *with_each(dict.fromkeys(ALL, True), real=ALL))), proxy),
        "photo-refused": (observed(at(answered(403)), access=PhotoAccess.PUBLIC), inside),
        "photo-cookies-refused": (refused, inside),
        "photo-cookie-refused": (
            observed(at(away(), *with_each({LTPA: False, LTPA2: True, MEETING: True}, real=(LTPA, LTPA2)))),
            inside,
        ),
        "photo-missing": (observed(at(answered(404))), inside),
        "photo-not-an-image": (observed(at(page("<b>Sign</b>"))), inside),
        "photo-server-error": (observed(at(answered(503, server="nginx"))), inside),
        "photo-no-answer": (observed(at(broken(FaultReason.SILENT))), inside),
        "photo-redirected": (observed(at(shows(passed=[URL], url=URL)), url=plain), inside),
        "photo-slow": (observed(at(shows(duration_us=4_000_000))), inside),
        "photo-cut-off": (observed(at(shows(image=picture(whole=False)))), inside),
        "photo-large": (observed(at(shows(image=picture(bytes_came=50_000)))), inside),
        "photo-form": (observed(at(shows(image=picture(form="PNG"), content_type="image/png"))), inside),
        "photo-content-type": (observed(at(shows(content_type="text/plain"))), inside),
        "photo-odd-size": (observed(at(shows(image=picture(width=1, height=1)))), inside),
        "photo-name-capitals": (observed(at(shows(), in_lower_case=answered(404)), url=CAPITALS), inside),
        "photo-name-not-mail": (observed(at(shows()), url=f"https://{HOST}/joe.jpg"), context(product=Product.V9)),
        "photo-url-placeholder": (observed(url=f"https://{HOST}/{{mail}}.jpg"), inside),
        "photo-url-form": (observed(url="joe.jpg"), inside),
        "photo-url-encoding": (observed(at(shows()), url=f"https://{HOST}/joe@example.com.jpg?x=a b"), inside),
        "photo-url-plain": (observed(at(shows()), url=plain), context(copies=False)),
        "photo-chain-incomplete": (observed(at(shows(), handshake=shaken(pki().leaf))), inside),
        "photo-root-unknown": (observed(at(shows(), handshake=shaken(pki().leaf, pki().issuing))), inside),
        "photo-certificate-refused": (
            observed(at(shows(), handshake=shaken(pki().issuing.issue("a.example"), pki().issuing))),
            context(Vantage.STPROXY, Product.V12_DOCKER, _own()),
        ),
    }


def _own() -> Any:
    from tests.unit.probes.photo.observations import own_roots

    return own_roots(pki().root)


JUDGED_TOGETHER = {"photo-copy-differs"}
CODES = sorted(situations())


def checked(observation: PhotoObservation, given: Context) -> Check:
    """The check of an observation, judged."""
    subject = Subject(kind=SubjectKind.URL, host=observation.host, port=observation.port, url=observation.url)
    check = Check(probe="photo", subject=subject, outcome=Outcome.UNDECIDED, observation=to_raw(observation))
    return judged(check, observation, PROBE, given)


def test_every_code_has_its_situation() -> None:
    assert {kind.code for kind in photo.KINDS} == {*situations(), *JUDGED_TOGETHER}


@pytest.mark.parametrize("code", CODES)
def test_it_is_found_alone(code: str) -> None:
    assert [finding.code for finding in checked(*situations()[code]).findings] == [code]


@pytest.mark.parametrize("code", CODES)
def test_evidence_points_at_facts(code: str) -> None:
    check = checked(*situations()[code])
    document = {"observation": json.loads(bytes(check.observation)), "analysis": json.loads(bytes(check.analysis))}
    for finding in check.findings:
        assert finding.evidence
        for pointer in finding.evidence:
            place: Any = document
            for part in pointer.lstrip("/").split("/"):
                place = place[int(part)] if isinstance(place, list) else place[part]


@pytest.mark.parametrize("code", CODES)
def test_it_is_told(code: str) -> None:
    check = checked(*situations()[code])
    told = words(check.findings[0])
    assert "{" not in told.summary.replace("{mail}", "")
    assert "unknown" not in told.summary
    assert PROBE.present(check) or not json.loads(bytes(check.observation))["addresses"]


@pytest.mark.parametrize("code", CODES)
def test_nobody_is_named_in_a_redacted_report(code: str) -> None:
    check = checked(*situations()[code])
    whole = report(check)
    whole.site = situations()[code][1].site
    redacted = redact(whole, probe_named)
    text = json.dumps(json.loads(bytes(to_raw(redacted.report)))).lower()
    for needle in ("bloggs", "example.com", "joe", ONE):
        assert needle not in text, text[max(0, text.index(needle) - 100) :][:200]
    assert [finding.code for finding in redacted.report.checks[0].findings] == [code]


def test_a_copy_that_differs() -> None:
    inside = context()
    original = checked(observed(at(shows())), inside)
    other = checked(copied(at(shows(image=picture(sha256="cd" * 32)))), inside)
    (finding,) = photo_findings([original, other])
    assert (finding.code, str(finding.subject)) == ("photo-copy-differs", COPY_URL)
    assert finding.evidence == ["/checks/1/analysis/picture", "/checks/0/analysis/picture"]
    assert photo_findings([original, checked(copied(at(shows())), inside)]) == []
    # Two originals and one copy: nobody says whose it is.
    assert photo_findings([original, checked(observed(at(shows()), number=1), inside), other]) == []
    assert photo_findings([original]) == []


ANSWERS = st.sampled_from(
    [
        shows(),
        away(),
        answered(401, challenge="Basic"),
        answered(404),
        answered(500),
        answered(200, body="empty"),
        page(login=True),
        page(),
        broken(FaultReason.SILENT),
        broken(FaultReason.CANCELLED),
        broken(FaultReason.REFUSED, Stage.TCP),
        broken(FaultReason.TLS_ALERT, Stage.TLS),
        broken(FaultReason.PROXY_SILENT, Stage.TCP),
        answered(302, location=AWAY, fault=Fault(FaultReason.CLOSED)),
    ]
)


@st.composite
def observations(draw: st.DrawFn) -> PhotoObservation:
    def shown(name: str, *, made_up: bool) -> PhotoAnswer:
        answer = draw(ANSWERS)
        return PhotoAnswer(shown=name, made_up=made_up, exchange=answer.exchange, image=answer.image)

    def address(number: int) -> Any:
        cookies = [shown(name, made_up=draw(st.booleans()) and name != MEETING) for name in ALL if draw(st.booleans())]
        plain = draw(st.none() | ANSWERS)
        lower = draw(st.none() | ANSWERS)
        return at(plain, *cookies, address=f"192.0.2.{number}", in_lower_case=lower)

    addresses = [address(number) for number in range(draw(st.integers(0, 3)))]
    make = copied if draw(st.booleans()) else observed
    return make(*addresses, access=draw(st.sampled_from(PhotoAccess)))


@settings(max_examples=300)
@given(observations(), st.sampled_from([None, *Vantage]))
def test_whatever_came_nothing_is_passed_that_was_not_seen(
    observation: PhotoObservation, vantage: Vantage | None
) -> None:
    given_context = context(vantage)
    check = checked(observation, given_context)
    again = checked(observation, given_context)
    assert (bytes(check.analysis), check.findings) == (bytes(again.analysis), again.findings)
    analysis = json.loads(bytes(check.analysis))
    bad = [finding for finding in check.findings if finding.severity is not Severity.INFO]
    seen = "picture" in analysis and analysis["picture"] is not None
    assert seen or bad or analysis["undecided"] or analysis["unmeasured"]
