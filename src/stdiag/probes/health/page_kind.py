"""What came for one page? Pure, and careful: a page that does not say whose it is may be anybody's."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from stdiag.catalogue.reach import seconds
from stdiag.model import FaultReason
from stdiag.net.stage import Stage
from stdiag.probes.health.analysis import PageAnalysis, PageKind
from stdiag.probes.health.observation import Walk, WalkEnd
from stdiag.probes.health.places import inner_reason
from stdiag.probes.shared.judge_proxy import is_of_proxy
from stdiag.probes.shared.web_answerer import ASKS, BACK_END, names_a_login, no_answer, origin
from stdiag.probes.shared.web_exchange import is_cancelled
from stdiag.probes.shared.web_facts import Exchange, PageFacts, ProxyInfo

_GONE = (404, 410)
FORBIDDEN = 403


class Surroundings(msgspec.Struct, frozen=True):
    """What a page is judged by, beside its own answers."""

    host: str
    info: ProxyInfo | None = None
    """What STProxy says of itself."""
    known_hosts: Collection[str] = ()
    """Other hosts of the deployment."""


def page_of(walk: Walk, around: Surroundings) -> PageAnalysis:
    """What came for the page of `walk`."""
    kind, detail = _kind(walk, around)
    last = walk.hops[-1]
    return PageAnalysis(
        page=walk.page,
        kind=kind,
        status=last.status,
        detail=detail,
        redirects=redirects_of(walk),
        slowest_us=max(hop.waited_us for hop in walk.hops),
    )


def plain_page_of(walk: Walk, around: Surroundings) -> PageAnalysis:
    """What port 80 does: where it leads to https on the same host, that is all it should do."""
    seen = page_of(walk, around)
    leads = any(origin(hop.location or "")[:2] == ("https", around.host) for hop in walk.hops)
    if not leads or seen.kind is PageKind.LOOP:
        return seen
    return msgspec.structs.replace(seen, kind=PageKind.TO_TLS, status=walk.hops[0].status, detail="leads to https")


def redirects_of(walk: Walk) -> int:
    """How many redirects came."""
    return sum(hop.location is not None for hop in walk.hops)


def _kind(walk: Walk, around: Surroundings) -> tuple[PageKind, str]:
    last = walk.hops[-1]
    match walk.end:
        case WalkEnd.LOOP:
            return PageKind.LOOP, "a redirect in a circle"
        case WalkEnd.TOO_MANY:
            return PageKind.LOOP, f"more than {len(walk.hops) - 1} redirects"
        case WalkEnd.NOT_TOLD:
            return PageKind.UNKNOWN, f"redirect to {last.location}"
        case WalkEnd.OTHER_HOST:
            return _leaves(last.location or "", around)
        case WalkEnd.ANSWERED:
            return _answered(last, around)


def _leaves(location: str, around: Surroundings) -> tuple[PageKind, str]:
    detail = f"redirect to {location}"
    host = origin(location)[1]
    if is_announced(location, around.info):
        return PageKind.LOGIN_ANNOUNCED, detail
    if host in around.known_hosts:
        return PageKind.KNOWN_SITE, detail
    if names_a_login(location):
        return PageKind.LOGIN_FOREIGN, detail
    if inner_reason(location, around.host) is not None:
        return PageKind.INNER, detail
    return PageKind.ELSEWHERE, detail


def is_announced(location: str, info: ProxyInfo | None) -> bool:
    """True where STProxy says that an identity provider is asked, and this is it or looks like one."""
    if info is None or not (info.is_saml or info.is_oidc):
        return False
    hosts = {origin(url)[1] for url in (info.idp_url, info.oidc_issuer) if url and "://" in url}
    return origin(location)[1] in hosts or names_a_login(location)


def _answered(last: Exchange, around: Surroundings) -> tuple[PageKind, str]:
    page = last.page or PageFacts()
    if last.status is None:
        if last.stage in (Stage.NAME, Stage.TCP) and not is_of_proxy(last.fault):
            return PageKind.NO_CONNECTION, _no_connection(last)
        unknown = is_cancelled(last.fault) or is_of_proxy(last.fault)
        return (PageKind.UNKNOWN if unknown else PageKind.FAILING), no_answer(last)
    shown = f"status {last.status}"
    if last.status in (*ASKS, FORBIDDEN):
        return PageKind.REFUSED, shown
    if last.status in _GONE:
        return PageKind.NO_PAGE, shown
    if last.status >= 300:
        what = f"{shown}, nothing is reached behind it" if last.status in BACK_END else shown
        return PageKind.FAILING, what
    return _page(last, page, around)


def _page(last: Exchange, page: PageFacts, around: Surroundings) -> tuple[PageKind, str]:
    """A status of success."""
    if last.fault is not None and last.fault.reason is not FaultReason.TOO_LARGE:
        return PageKind.FAILING, no_answer(last)
    if last.proxy_info is not None:
        return PageKind.SAMETIME, "STProxy's JSON"
    titled = f'"{page.title}"' if page.title else "a page"
    if page.welcome:
        return PageKind.DEFAULT_PAGE, f"the default page of {page.maker}"
    if page.login and not page.sametime:
        announced = around.info is not None and bool(around.info.is_saml or around.info.is_oidc)
        return (PageKind.LOGIN_ANNOUNCED if announced else PageKind.LOGIN_FOREIGN), f"a login form, {titled}"
    if page.sametime:
        return PageKind.SAMETIME, titled
    if last.body == "html" or "html" in (last.content_type or "").lower():
        return PageKind.PAGE, titled
    what = {"empty": "an empty answer", "json": "JSON", "text": "text", "binary": "binary data"}.get(
        last.body, "a part"
    )
    return PageKind.NO_PAGE, f"{what} where a page belongs"


def _no_connection(last: Exchange) -> str:
    match last.fault.reason if last.fault else None:
        case FaultReason.REFUSED:
            return "nobody listens"
        case FaultReason.TIMEOUT:
            return f"no connection within {seconds(last.duration_us):g} s"
        case _:
            return "no connection"
