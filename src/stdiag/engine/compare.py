"""Two runs from two places, side by side, and what may be concluded from it. No more than that is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address, ip_network

import msgspec

from stdiag.engine.reach import OPEN, Place, Reach, Seen, reaches
from stdiag.model import Expected, Report, Vantage

APART_S = 3600
"""Runs that lie further apart may have met two states of the same server."""

PLACES = {Vantage.INSIDE: "inside", Vantage.INTERNET: "outside", Vantage.STPROXY: "on the STProxy host"}

_NOT_ROUTED = tuple(
    ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "::1")
)
"""RFC 1918, RFC 3927, RFC 4193 and loopback: nobody gets there over the internet."""


class Line(msgspec.Struct, frozen=True):
    """One place in both runs."""

    place: str
    first: str
    second: str
    says: str
    """What follows from the two; empty where nothing does."""


class Comparison(msgspec.Struct, frozen=True):
    """Two runs side by side."""

    first: str
    """Where the first was made, as its column is headed."""
    second: str
    lines: list[Line]
    """Those that differ come first."""
    notes: list[str]


def compare(one: Report, other: Report) -> Comparison:
    """`one` as seen from inside, `other` from outside, unless the reports themselves say otherwise."""
    notes: list[str] = []
    if one.site.vantage is Vantage.INTERNET and other.site.vantage in (Vantage.INSIDE, Vantage.STPROXY):
        one, other = other, one
        notes.append("The reports say which was made where: the columns are in that order.")
    first, second = _headings(one, other)
    if one.site.vantage is None or other.site.vantage is None:
        notes.append("Not both reports say where they were made (--from): the columns are in the order of the files.")
    elif one.site.vantage is other.site.vantage:
        notes.append("Both reports say that they were made in the same place.")
    apart = _apart_s(one, other)
    if apart is None or apart > APART_S:
        lasting = f"{apart / 3600:.0f} hours apart" if apart is not None else "at times that cannot be compared"
        notes.append(f"The runs were made {lasting}: what differs may have changed in between. Repeat them together.")
    sure = apart is not None and apart <= APART_S
    here, there = reaches(one), reaches(other)
    lines = []
    for place in dict.fromkeys((*here, *there)):
        a, b = here.get(place, Seen(Reach.UNKNOWN)), there.get(place, Seen(Reach.UNKNOWN))
        says = " ".join(_says(place, (first, a, one), (second, b, other), sure=sure))
        lines.append((_differs(a, b), Line(str(place), _words(a), _words(b), says)))
    lines.sort(key=lambda entry: not entry[0])
    return Comparison(first, second, [line for _, line in lines], notes)


Side = tuple[str, Seen, Report]


def _headings(one: Report, other: Report) -> tuple[str, str]:
    names = (
        PLACES.get(one.site.vantage or Vantage.INSIDE, "inside"),
        PLACES.get(other.site.vantage or Vantage.INTERNET, ""),
    )
    if one.site.vantage is None and other.site.vantage is Vantage.INSIDE:
        return "first", "second"
    return names if names[0] != names[1] else ("first", "second")


def _apart_s(one: Report, other: Report) -> float | None:
    try:
        started = [datetime.fromisoformat(report.run.started) for report in (one, other)]
        return abs((started[0] - started[1]).total_seconds())
    except (ValueError, TypeError):  # no dates, or one without a zone
        return None


def _differs(a: Seen, b: Seen) -> bool:
    other_leaf = a.leaf != b.leaf and bool(a.leaf and b.leaf)
    return a.reach is not b.reach or a.codes != b.codes or other_leaf or _leads_elsewhere(a, b)


def _leads_elsewhere(a: Seen, b: Seen) -> bool:
    """True for a name that has other addresses in the two places, whatever their order."""
    return a.reach is b.reach is Reach.LEADS and set(a.addresses) != set(b.addresses)


def _words(seen: Seen) -> str:
    if seen.reach is Reach.LEADS:
        return f"{seen.reach} {seen.detail or 'no address'}"
    return f"{seen.reach} ({seen.detail})" if seen.detail else seen.reach.value


def _says(place: Place, a: Side, b: Side, *, sure: bool) -> Iterator[str]:
    reaches_both = (a[1].reach, b[1].reach)
    if Reach.UNKNOWN in reaches_both:
        if a[1].reach is not b[1].reach:
            where = a[0] if a[1].reach is Reach.UNKNOWN else b[0]
            yield f"Nothing follows: it was not measured {where}."
        return
    if a[1].reach in OPEN and b[1].reach in OPEN:
        yield from _both_open(a, b)
    elif a[1].reach in OPEN or b[1].reach in OPEN:
        yield from _one_open(place, *((a, b) if a[1].reach in OPEN else (b, a)), sure=sure)
    elif a[1].reach is b[1].reach and place.is_direct:
        yield (
            f"It {a[1].reach} in both places: look at what both have in common, the server itself first, then what "
            "stands right before it."
        )
    elif a[1].reach is not b[1].reach:
        yield "It fails in both places, in different ways: neither run shows the server itself."


def _both_open(a: Side, b: Side) -> Iterator[str]:
    if _leads_elsewhere(a[1], b[1]):
        yield "The name leads to different addresses: a hosts file, another DNS, or answers that change with time."
    if a[1].leaf and b[1].leaf and a[1].leaf != b[1].leaf:
        yield (
            "Different certificates are shown: TLS ends at two different devices (a reverse proxy, a load balancer, an "
            "inspecting firewall), or the certificate was changed between the runs."
        )
    for name, mine, theirs in ((a[0], a[1], b[1]), (b[0], b[1], a[1])):
        only = [code for code in mine.codes if code not in theirs.codes]
        if only:
            yield f"Found {name} only: {', '.join(only)}."


def _one_open(place: Place, open_: Side, shut: Side, *, sure: bool) -> Iterator[str]:
    there, here = shut[1], open_[1]
    what = str(place.port) if place.port is not None else place.host
    verb = {Reach.ANSWERS: "answers", Reach.LEADS: "is found"}.get(here.reach, "opens")
    if place.probe == "paths" and place.is_direct:
        verb = "opens"
    seen = f"{what} {verb} {open_[0]}, {there.reach} {shut[0]}"
    if there.expected is Expected.CLOSED and there.reach in (Reach.REFUSED, Reach.TIMES_OUT, Reach.UNREACHABLE):
        yield f"{seen}: as the site file wants it."
        return
    if not place.is_direct:
        yield f"{seen}: what stops it lies on the way through {place.way}; {open_[0]} the server answers on it."
        return
    yield f"{seen}: {_why(here, there, shut)}" + ("" if sure else ", unless the server changed between the runs") + "."


def _why(here: Seen, there: Seen, shut: Side) -> str:
    other = _elsewhere(here, there, shut[0])
    match there.reach:
        case Reach.TIMES_OUT if shut[2].site.vantage is Vantage.INTERNET and _not_routed(there):
            return f"the name leads to {', '.join(there.addresses)} there, which nobody reaches over the internet"
        case Reach.TIMES_OUT if other:
            return f"a firewall between, or {other}; the server itself answers"
        case Reach.TIMES_OUT:
            return "a firewall between, not the server (its own packet filter counts as one)"
        case Reach.REFUSED:
            return "the server listens; a firewall between rejects it" + (f", or {other}" if other else "")
        case Reach.RESET:
            return "something between cuts the connection" + (f", or {other}" if other else "")
        case Reach.UNREACHABLE:
            return "the network there has no route to it, or a firewall says so; the server itself answers"
        case Reach.NO_NAME:
            return "the name is missing in the DNS there" + _and_no_port(here)
        case Reach.NAME_TROUBLE:
            return "the DNS there could not tell the address" + _and_no_port(here)
        case _:
            return "the server itself answers; what stops it there is open"


def _and_no_port(here: Seen) -> str:
    return "" if here.reach is Reach.LEADS else ", and nothing is known of the port"


def _elsewhere(here: Seen, there: Seen, where: str) -> str:
    """What may be said of the addresses when they are not known to be the same."""
    if not here.addresses or not there.addresses:
        return "another machine there (not both runs recorded the address)"
    if set(here.addresses) & set(there.addresses):
        return ""
    return f"the other address that the name has {where} ({', '.join(there.addresses)}) leads elsewhere"


def _not_routed(seen: Seen) -> bool:
    def is_one(text: str) -> bool:
        try:
            address = ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in _NOT_ROUTED if network.version == address.version)

    return bool(seen.addresses) and all(map(is_one, seen.addresses))
