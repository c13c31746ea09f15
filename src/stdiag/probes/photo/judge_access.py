"""Whom does the photo host let through? Pure, and careful: from a place whose address may be on its list, an open door
says nothing about strangers."""

from __future__ import annotations

from typing import NamedTuple

from stdiag.catalogue.kinds import photo_host as kinds
from stdiag.model import Finding, Severity, Subject, Vantage
from stdiag.probes.photo.analysis import PhotoRule
from stdiag.probes.photo.cookies import LTPA_COOKIES, MEETING_COOKIE
from stdiag.probes.photo.judge_picture import picture_words
from stdiag.probes.photo.observation import PhotoAddress, PhotoAnswer, PhotoRole
from stdiag.probes.photo.outcome import PhotoOutcome, outcome_of

_CANDIDATES = (
    "the rule is written for Apache 2.4 (expr) and the server is 2.2 like IBM HTTP Server 8",
    "the cookies are spelt otherwise in the rule and [NC] is missing",
    "the conditions are joined by [OR]",
)
_NOT_VALID = "the token is not valid any more or another domain's"
_LOOKS_AT_IT = "the server verifies the login and made-up tokens are none"


class Access(NamedTuple):
    """What one address's answers say of the rule."""

    rule: PhotoRule
    findings: list[Finding]
    opened_by: list[str]
    refused_to: list[str]
    unmeasured: list[str]


def judge_access(found: PhotoAddress, vantage: Vantage | None, subject: Subject, pointer: str) -> Access:
    """The rule of a photo host that is to let through only who is logged in, in a meeting, or on its list.

    `subject` is the endpoint, `pointer` leads to `found`, whose first question was answered.
    """
    return _Access(found, vantage, subject, pointer).judge()


class _Access:
    def __init__(self, found: PhotoAddress, vantage: Vantage | None, subject: Subject, pointer: str) -> None:
        self._found = found
        self._vantage = vantage
        self._subject = subject
        self._pointer = pointer
        self._request = found.plain.exchange.url if found.plain else ""
        answered = [one for one in found.cookies if outcome_of(one).answered]
        self._passed = [one for one in answered if self._was_let_through(one)]
        self._refused = [one for one in answered if one not in self._passed]

    def judge(self) -> Access:
        plain = self._found.plain
        if plain is None:
            return Access(PhotoRule.UNKNOWN, [], [], [], [])
        outcome = outcome_of(plain)
        if outcome is PhotoOutcome.IMAGE:
            return self._open(plain)
        findings = self._of_stproxy(plain) if outcome.kept_out else []
        if self._passed:
            return self._partly(findings)
        if outcome.kept_out and self._refused:
            return self._nobody(plain, findings)
        return Access(PhotoRule.UNKNOWN, findings, [], _names(self._refused), [])

    def _was_let_through(self, answer: PhotoAnswer) -> bool:
        """Who is told that there is no such photo was let through, where others are told to stay out."""
        outcome, plain = outcome_of(answer), self._found.plain
        if plain is not None and outcome_of(plain).kept_out:
            return outcome in (PhotoOutcome.IMAGE, PhotoOutcome.MISSING, PhotoOutcome.NOT_AN_IMAGE)
        return outcome is PhotoOutcome.IMAGE

    def _open(self, plain: PhotoAnswer) -> Access:
        if self._vantage in (Vantage.INSIDE, Vantage.STPROXY):
            # The list holds the offices and the Sametime Proxy itself: that it lets them through is how it is meant.
            why = "whether strangers are kept out: from here the address may be on the photo host's list"
            unmeasured = [f"{why} (measure from the internet, --from internet)"]
            return Access(PhotoRule.LISTED, [], [], [], unmeasured)
        severity = Severity.ERROR if self._vantage is Vantage.INTERNET else Severity.WARNING
        finding = open_to_everybody(plain, PhotoRole.HOST, self._subject, f"{self._pointer}/plain", severity)
        return Access(PhotoRule.OPEN, [finding], [], [], [])

    def _of_stproxy(self, plain: PhotoAnswer) -> list[Finding]:
        """STProxy fetches photos without a login: its own address must be let through."""
        if self._vantage is not Vantage.STPROXY:
            return []
        return [
            kinds.PHOTO_STPROXY_REFUSED.found(
                self._subject,
                evidence=[f"{self._pointer}/plain/exchange"],
                photo_url=self._request,
                status=plain.exchange.status,
                location=plain.exchange.location,
            )
        ]

    def _partly(self, findings: list[Finding]) -> Access:
        by_name = [one for one in self._passed if one.made_up]
        unmeasured: list[str] = []
        refused = [one for one in self._refused if not one.made_up]
        if by_name:
            cookies = sorted({name for one in by_name for name in one.shown.split(", ")})
            findings.append(
                kinds.PHOTO_COOKIE_BY_NAME.found(
                    self._subject, evidence=self._evidence(by_name), cookies=cookies, photo_url=self._request
                )
            )
            # A server that believes one made-up token and not the other goes by the name.
            refused += [one for one in self._refused if one.made_up and ", " not in one.shown]
        else:
            real = {one.shown for one in self._found.cookies if not one.made_up}
            unknown = [name for name in LTPA_COOKIES if name not in real]
            unmeasured = [f"whether a login's own {name} opens the photo: no real one was there" for name in unknown]
        if refused:
            accepted = sorted({name for one in self._passed for name in one.shown.split(", ")})
            names = _names(refused)
            guests = names == [MEETING_COOKIE]
            findings.append(
                kinds.PHOTO_COOKIE_REFUSED.found(
                    self._subject,
                    evidence=self._evidence(refused),
                    affects="guests in meeting rooms, who have no login: they see no photos" if guests else None,
                    refused=names,
                    accepted=accepted,
                    photo_url=self._request,
                )
            )
        rule = PhotoRule.BY_NAME if by_name else PhotoRule.BY_LOGIN
        return Access(rule, findings, _names(self._passed), _names(self._refused), unmeasured)

    def _nobody(self, plain: PhotoAnswer, findings: list[Finding]) -> Access:
        real = [one for one in self._refused if one.shown in LTPA_COOKIES and not one.made_up]
        candidates = [*_CANDIDATES, _NOT_VALID if real else _LOOKS_AT_IT]
        if {one.shown for one in real} == {"LtpaToken2"}:
            candidates.append("only LtpaToken is let through")
        findings.append(
            kinds.PHOTO_COOKIES_REFUSED.found(
                self._subject,
                evidence=self._evidence(self._refused),
                severity=None if real else Severity.WARNING,
                cookies=_names(self._refused),
                photo_url=self._request,
                status=plain.exchange.status,
                location=plain.exchange.location,
                candidates=candidates,
            )
        )
        return Access(PhotoRule.NOBODY, findings, [], _names(self._refused), [])

    def _evidence(self, answers: list[PhotoAnswer]) -> list[str]:
        return [f"{self._pointer}/cookies/{self._found.cookies.index(one)}" for one in answers]


def open_to_everybody(
    answer: PhotoAnswer, role: PhotoRole, subject: Subject, pointer: str, severity: Severity
) -> Finding:
    """A picture that came without a cookie where it should not."""
    return kinds.PHOTO_OPEN_TO_EVERYBODY.found(
        subject,
        evidence=[pointer],
        severity=severity,
        who="the photo host" if role is PhotoRole.HOST else "the Sametime Proxy",
        photo_url=answer.exchange.url,
        picture=picture_words(answer.image) if answer.image is not None else "",
    )


def _names(answers: list[PhotoAnswer]) -> list[str]:
    return [one.shown.replace(", ", " and ") + (" (made up)" if one.made_up else "") for one in answers]
