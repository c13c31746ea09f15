"""What the pages of one address mean: each kind of thing once, with all pages that show it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.catalogue.kind import FindingKind
from stdiag.catalogue.kinds import health
from stdiag.catalogue.reach import seconds
from stdiag.model import Finding, Param, Severity, Subject
from stdiag.probes.health.analysis import PageKind
from stdiag.probes.health.judge_redirects import Seen

SLOW_S = 3.0
"""Seconds that the head of an answer may take. This tool's own limit: none is documented."""

_KINDS = (
    (PageKind.FAILING, health.HEALTH_PAGE_FAILING),
    (PageKind.NO_CONNECTION, health.HEALTH_PAGE_FAILING),
    (PageKind.NO_PAGE, health.HEALTH_PAGE_MISSING),
    (PageKind.REFUSED, health.HEALTH_PAGE_REFUSED),
    (PageKind.DEFAULT_PAGE, health.HEALTH_DEFAULT_PAGE),
)


def page_findings(seen: Sequence[Seen], subject: Subject, severities: dict[PageKind, Severity]) -> list[Finding]:
    """What is wrong with these pages, redirects aside. `severities`: where it is not the catalogue's."""
    found: list[Finding] = []
    for kind in dict.fromkeys(kind for _, kind in _KINDS):
        of_kind = [one for one in seen if (one.page.kind, kind) in _KINDS]
        if of_kind:
            severity = severities.get(of_kind[0].page.kind)
            found.append(_about(kind, of_kind, subject, severity=severity, page_url=of_kind[0].request))
    away = [one for one in seen if one.page.kind is PageKind.ELSEWHERE]
    if away:
        found.append(_about(health.HEALTH_REDIRECT_ELSEWHERE, away, subject))
    return found


def login_findings(seen: Sequence[Seen], subject: Subject, login: str) -> list[Finding]:
    """Pages that lead to a login which is not STProxy's own, whose kind is `login` in words."""
    foreign = [one for one in seen if one.page.kind is PageKind.LOGIN_FOREIGN]
    if not foreign:
        return []
    return [_about(health.HEALTH_FOREIGN_LOGIN, foreign, subject, page_url=foreign[0].request, login=login)]


def slow_findings(seen: Sequence[Seen], subject: Subject) -> list[Finding]:
    """Answers that were long in coming."""
    slow = [one for one in seen if one.page.slowest_us > SLOW_S * 1_000_000]
    if not slow:
        return []
    return [
        health.HEALTH_SLOW.found(
            subject,
            evidence=[one.pointer for one in slow],
            pages=[one.page.page for one in slow],
            waited_s=seconds(max(one.page.slowest_us for one in slow)),
            limit=f"{SLOW_S:g} s",
            page_url=slow[0].request,
        )
    ]


def content_type_findings(seen: Sequence[Seen], subject: Subject) -> list[Finding]:
    """Answers that say of themselves what they are not; the first one."""
    for one in seen:
        last = one.walk.hops[-1]
        said = (last.content_type or "").lower()
        if last.status != 200 or last.body not in ("html", "json"):
            continue
        is_json = last.proxy_info is not None
        right = "json" in said if is_json else "html" in said or not said
        if right or (last.body == "json" and not is_json):
            continue
        return [
            health.HEALTH_CONTENT_TYPE.found(
                subject,
                evidence=[f"{one.pointer}/hops/{len(one.walk.hops) - 1}/content_type"],
                severity=Severity.INFO if is_json else None,
                affects="nobody as far as is known; a client that goes by it would not read the answer"
                if is_json
                else None,
                request=last.url,
                content_type=last.content_type or "nothing",
                body="JSON" if is_json else "HTML",
            )
        ]
    return []


def told(seen: Seen) -> str:
    """One page and what came, as a clause."""
    return f"{seen.page.page}: {seen.page.detail}"


def _about(
    kind: FindingKind, seen: Sequence[Seen], subject: Subject, *, severity: Severity | None = None, **params: Param
) -> Finding:
    return kind.found(
        subject,
        evidence=[one.pointer for one in seen],
        severity=severity,
        affects=None,
        pages=[told(one) for one in seen],
        **params,
    )
