"""Where the addresses of one name do not answer alike. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from stdiag.catalogue.kinds import health
from stdiag.model import Finding, Severity, Subject
from stdiag.probes.health.analysis import AddressHealth, PageKind
from stdiag.probes.health.observation import AddressPages
from stdiag.probes.shared.web_answerer import Answerer
from stdiag.probes.shared.web_words import ANSWERERS, COMMUNITY, LOGINS

_NOBODY = (Answerer.NO_CONNECTION, Answerer.NO_TLS, Answerer.OTHER_MODE, Answerer.NO_ANSWER)
_NO_ANSWER = (PageKind.NO_CONNECTION, PageKind.UNKNOWN)


def difference_findings(
    analysed: Sequence[AddressHealth], observed: Sequence[AddressPages], pointers: Sequence[str], endpoint: Subject
) -> list[Finding]:
    """The finding that names what differs, and at which addresses; only among those that answered, since what does
    not is told by itself. The three belong together, address by address."""
    there = [index for index, one in enumerate(analysed) if one.answerer not in _NOBODY and not _is_silent(one)]
    if len(there) < 2:
        return []
    ends = [analysed[index] for index in there]
    differences = [
        _difference("what answers", ends, [_answerer(one) for one in ends]),
        _difference("login", ends, [LOGINS[one.login] for one in ends]),
        _difference("community", ends, [COMMUNITY[one.community_connected] for one in ends]),
    ]
    pages = dict.fromkeys(seen.page for one in ends for seen in one.pages)
    differences += [_difference(page, ends, [_page(one, page) for one in ends]) for page in pages]
    differences.append(_difference("http", ends, [_plain(one) for one in ends]))
    found = [text for text in differences if text]
    servers = _difference("Server header", ends, [_server(observed[index]) for index in there])
    if not found and not servers:
        return []
    return [
        health.HEALTH_ADDRESSES_DIFFER.found(
            endpoint,
            evidence=[pointers[index] for index in there],
            severity=None if found else Severity.INFO,
            affects=None if found else "nobody is stopped; it shows that different machines, or versions, answer",
            differences=found or [servers],
        )
    ]


def _is_silent(one: AddressHealth) -> bool:
    """A named page's address that gave no answer at all."""
    return one.answerer is None and all(page.kind in _NO_ANSWER for page in one.pages)


def _difference(what: str, ends: Sequence[AddressHealth], values: Sequence[str]) -> str:
    """`login: SAML at 192.0.2.1, OpenID Connect at 192.0.2.2`; empty where all have the same."""
    at: dict[str, list[str]] = {}
    for end, value in zip(ends, values, strict=True):
        at.setdefault(value, []).append(end.address)
    if len(at) < 2:
        return ""
    return f"{what}: " + ", ".join(f"{value} at {' and '.join(addresses)}" for value, addresses in at.items())


def _answerer(one: AddressHealth) -> str:
    if one.answerer is None:
        return ""
    return one.detail if one.answerer is Answerer.UNKNOWN else ANSWERERS[one.answerer]


def _page(one: AddressHealth, page: str) -> str:
    found = next((seen for seen in one.pages if seen.page == page), None)
    return "not asked" if found is None or found.kind is PageKind.UNKNOWN else found.detail


def _plain(one: AddressHealth) -> str:
    if one.plain is None or one.plain.kind is PageKind.UNKNOWN:
        return "not asked"
    return one.plain.detail


def _server(one: AddressPages) -> str:
    """What the server calls itself in its first answer."""
    walks = [one.proxyinfo] if one.proxyinfo is not None else one.pages
    named = next((hop.server for walk in walks for hop in walk.hops if hop.status is not None), None)
    return named or "none"
