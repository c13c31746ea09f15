"""What came where the photo should: the picture, or what stands in its place. Pure."""

from __future__ import annotations

from typing import Any

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds import photo_file, photo_host
from stdiag.model import Finding, Severity, Subject
from stdiag.probes.photo.judge_picture import judge_picture
from stdiag.probes.photo.observation import PhotoAddress, PhotoAnswer, PhotoObservation, PhotoRole
from stdiag.probes.photo.outcome import PhotoOutcome, outcome_of
from stdiag.probes.shared.web_answerer import no_answer

WHO = {PhotoRole.HOST: "The photo host", PhotoRole.COPY: "The Sametime Proxy"}

_UNKNOWN = "data of no form that is known"
_SEEN = {"html": "a web page", "json": "JSON", "text": "a text", "binary": _UNKNOWN, "empty": "nothing"}


def judge_answer(
    observation: PhotoObservation, found: PhotoAddress, best: PhotoAnswer, subject: Subject, pointer: str
) -> list[Finding]:
    """Findings about `best`, the answer of one address that came farthest, and the same in small letters. `subject` is
    the URL, `pointer` leads to `found`. That somebody was kept out is another's to judge."""
    at = f"{pointer}/{_place(found, best)}"
    outcome = outcome_of(best)
    lower = outcome_of(found.in_lower_case) if found.in_lower_case is not None else None
    if outcome is PhotoOutcome.IMAGE:
        spelling = [_capitals(observation, subject, pointer, there=True)] if lower is PhotoOutcome.MISSING else []
        return [*judge_picture(best, subject, at), *_led_on(observation, best, subject, at), *spelling]
    if outcome is PhotoOutcome.MISSING and lower is PhotoOutcome.IMAGE:
        return [_capitals(observation, subject, pointer, there=False)]
    return _in_its_place(observation, best, subject, at)


def _place(found: PhotoAddress, best: PhotoAnswer) -> str:
    return (
        "plain" if best is found.plain else f"cookies/{next(i for i, one in enumerate(found.cookies) if one is best)}"
    )


def _capitals(observation: PhotoObservation, subject: Subject, pointer: str, *, there: bool) -> Finding:
    """`there`: the URL as it stands finds the photo, and the one in small letters does not."""
    before, slash, name = observation.url.rpartition("/")
    small = name.lower()
    return photo_file.PHOTO_NAME_CAPITALS.found(
        subject,
        evidence=[f"{pointer}/in_lower_case"],
        severity=None if there else Severity.ERROR,
        affects=None if there else "web and mobile users: this photo is asked for in vain",
        name_found=name if there else small,
        name_missing=small if there else name,
        photo_url=f"{before}{slash}{small if there else name}",
    )


def _led_on(observation: PhotoObservation, best: PhotoAnswer, subject: Subject, at: str) -> list[Finding]:
    """A redirect that was followed. From http to https Java goes only if its program does so itself."""
    if not best.passed or observation.role is PhotoRole.COPY:
        return []
    to_tls = best.exchange.url.startswith("https:") and not observation.tls
    return [
        photo_host.PHOTO_REDIRECTED.found(
            subject,
            evidence=[f"{at}/passed"],
            severity=None if to_tls else Severity.INFO,
            affects=None if to_tls else "nobody, as far as is known",
            location=best.exchange.url,
            photo_url=observation.url,
        )
    ]


def _in_its_place(observation: PhotoObservation, best: PhotoAnswer, subject: Subject, at: str) -> list[Finding]:
    exchange, who = best.exchange, WHO[observation.role]
    kind: FindingKind
    params: dict[str, Any]
    match outcome_of(best):
        case PhotoOutcome.MISSING:
            kind, params = photo_host.PHOTO_MISSING, {"who": who[0].lower() + who[1:], "status": exchange.status}
        case PhotoOutcome.NOT_AN_IMAGE:
            kind = photo_host.PHOTO_NOT_AN_IMAGE
            params = {
                "seen": _SEEN.get(exchange.body, _UNKNOWN),
                "status": exchange.status,
                "content_type": exchange.content_type,
                "title": exchange.page.title if exchange.page else None,
            }
        case PhotoOutcome.SERVER_ERROR:
            kind = photo_host.PHOTO_SERVER_ERROR
            params = {"who": who, "status": exchange.status, "server": exchange.server}
        case PhotoOutcome.NO_ANSWER:
            kind, params = photo_host.PHOTO_NO_ANSWER, {"problem": no_answer(exchange)}
        case _:
            return []
    return [kind.found(subject, evidence=[f"{at}/exchange"], photo_url=exchange.url, **params)]
