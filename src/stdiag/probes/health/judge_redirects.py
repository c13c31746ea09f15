"""What redirects mean: circles, the way out of https, places inside. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import urlsplit

import msgspec

from stdiag.catalogue.kinds import health
from stdiag.model import Finding, Severity, Subject
from stdiag.probes.health.analysis import PageAnalysis, PageKind
from stdiag.probes.health.observation import Walk, WalkEnd
from stdiag.probes.health.page_kind import redirects_of
from stdiag.probes.health.places import inner_reason
from stdiag.probes.shared.web_answerer import origin
from stdiag.probes.shared.web_facts import Exchange

MANY = 5
"""Redirects for one page that are told: this tool's own limit."""

HTTP, HTTPS = 80, 443


class Seen(msgspec.Struct, frozen=True):
    """One page's walk, what it came to, and where it is recorded."""

    walk: Walk
    page: PageAnalysis
    pointer: str

    @property
    def request(self) -> str:
        """The URL that was asked first."""
        return self.walk.hops[0].url


class Home(msgspec.Struct, frozen=True):
    """Where users come to."""

    host: str
    port: int
    known_ports: Collection[int] = ()
    """Further ports of the host that the site names."""


def redirect_findings(seen: Sequence[Seen], home: Home, subject: Subject, *, whole: bool) -> list[Finding]:
    """What is wrong with the redirects of these pages at one address; each thing once, by the first page that shows it.
    `whole`: the first one is what everything hangs on, so that an error in it stops everybody."""
    loops = [one for one in seen if one.page.kind is PageKind.LOOP]
    if loops:
        return [_loop(loops[0], subject, whole=whole and loops[0] is seen[0])]
    found: list[Finding] = []
    for judgements in (_inner, _plain, _many):
        all_of_them = (
            one
            for index, page in enumerate(seen)
            for one in judgements(page, home, subject, whole=whole and index == 0)
        )
        found += itertools.islice(all_of_them, 1)
    return found


def circle_of(hops: Sequence[Exchange]) -> str:
    """What leads where, as a clause."""
    last = hops[-1]
    target = last.location or last.url
    if _same(target, last.url):
        return f"{last.url} leads to itself" if len(hops) > 1 else "it leads to itself"
    if {origin(target)[0], origin(last.url)[0]} == {"http", "https"} and urlsplit(target).path == urlsplit(
        last.url
    ).path:
        return f"from {last.url} to {target} and back"
    return f"{last.url} leads back to {target}"


def leads_out_of_tls(hops: Sequence[Exchange]) -> int | None:
    """Which answer leads from https to http on the same host and its usual port; None: none does."""
    for index, hop in enumerate(hops):
        if hop.location is not None and hop.url.startswith("https:"):
            scheme, host, port = origin(hop.location)
            if (scheme, port, host) == ("http", HTTP, origin(hop.url)[1]):
                return index
    return None


def _loop(seen: Seen, subject: Subject, *, whole: bool) -> Finding:
    walk = seen.walk
    target = walk.hops[-1].location
    returns = walk.end is WalkEnd.LOOP or any(target and _same(target, hop.url) for hop in walk.hops)
    circle = circle_of(walk.hops) if returns else f"after {len(walk.hops)} redirects there is no end"
    return health.HEALTH_REDIRECT_LOOP.found(
        subject,
        evidence=[seen.pointer],
        affects=None if whole else "web users who open this address: browsers give up",
        request=seen.request,
        circle=circle,
        redirects=redirects_of(walk),
    )


def _inner(seen: Seen, home: Home, subject: Subject, *, whole: bool) -> Iterator[Finding]:
    """A name, an address or a port that is not for users."""
    del whole
    for index, hop in enumerate(seen.walk.hops):
        if hop.location is None:
            continue
        severity = Severity.ERROR
        reason = inner_reason(hop.location, home.host) if seen.page.kind is PageKind.INNER else None
        if reason is None:
            reason = _other_port(hop.location, home)
            if reason is not None and seen.walk.hops[-1].status is not None:
                severity = Severity.WARNING
        if reason is not None:
            yield health.HEALTH_REDIRECT_INNER.found(
                subject,
                evidence=[f"{seen.pointer}/hops/{index}"],
                severity=severity,
                request=hop.url,
                location=hop.location,
                reason=reason,
            )


def _other_port(location: str, home: Home) -> str | None:
    scheme, host, port = origin(location)
    if host != home.host or port in (HTTP, HTTPS, home.port, *home.known_ports):
        return None
    without = " without TLS" if scheme == "http" else ""
    return f"port {port}{without}, and not the one that users come by"


def _plain(seen: Seen, home: Home, subject: Subject, *, whole: bool) -> Iterator[Finding]:
    """From https to http on the same host."""
    del home
    hops = seen.walk.hops
    index = leads_out_of_tls(hops)
    if index is None:
        return
    last = hops[-1]
    severity = Severity.WARNING
    if seen.walk.end is WalkEnd.NOT_TOLD:
        then = "which is not encrypted"
    elif last.url.startswith("https:"):
        then = "and from there back to https"
    elif last.status is None:
        then, severity = "where no answer comes", Severity.ERROR
    else:
        then = "which answers without encryption"
    yield health.HEALTH_REDIRECT_PLAIN.found(
        subject,
        evidence=[f"{seen.pointer}/hops/{index}"],
        severity=Severity.ERROR if whole else severity,
        request=hops[index].url,
        location=hops[index].location,
        then=then,
    )


def _many(seen: Seen, home: Home, subject: Subject, *, whole: bool) -> Iterator[Finding]:
    del home, whole
    count = redirects_of(seen.walk)
    if count >= MANY:
        yield health.HEALTH_REDIRECT_MANY.found(subject, evidence=[seen.pointer], request=seen.request, redirects=count)


def _same(one: str, other: str) -> bool:
    return (*origin(one), urlsplit(one).path) == (*origin(other), urlsplit(other).path)
