"""What each address is good for: management networks, dead ones among living ones, ranges in which nobody is."""

from __future__ import annotations

from collections.abc import Callable

from stdiag.catalogue.kinds import names as kinds
from stdiag.catalogue.reach import seconds
from stdiag.formats.address_range import NOBODYS, AddressRange
from stdiag.model import FaultReason, Finding, Severity, Subject, SubjectKind, Vantage, bracketed
from stdiag.probes.names.analysis import AddressUse
from stdiag.probes.names.judge_answer import source_words
from stdiag.probes.names.observation import NamedAddress, NameObservation, PortTried

RANGES = {
    AddressRange.PUBLIC: "a public address",
    AddressRange.PRIVATE: "a private address",
    AddressRange.LOOPBACK: "the machine itself",
    AddressRange.LINK_LOCAL: "an address that a network card without one gave itself",
    AddressRange.UNSPECIFIED: "the address that stands for no address",
    AddressRange.DOCUMENTATION: "an address of examples in documents",
    AddressRange.OTHER: "an address that no machine can have",
    AddressRange.UNKNOWN: "no address",
}
_STATES = {
    FaultReason.REFUSED: "refused",
    FaultReason.RESET: "reset",
    FaultReason.UNREACHABLE: "no way there",
}
_NOT_SAID = frozenset({FaultReason.CANCELLED, FaultReason.LOCAL})
"""These tell of this machine and not of the address."""

_Made = Callable[[NamedAddress, str, PortTried | None, Subject], Finding]
"""(address, pointer to it, the connect that tells the most, subject) → the finding."""


class AddressJudgement:
    """The judgement of all addresses of one name."""

    def __init__(self, seen: NameObservation, vantage: Vantage | None) -> None:
        self._seen = seen
        self._internet = vantage is Vantage.INTERNET
        self._name = Subject(kind=SubjectKind.NAME, host=seen.host)
        self.unmeasured: list[str] = []
        self.findings: list[Finding] = []

    def judge(self) -> None:
        """Fills `findings` and `unmeasured`."""
        for number, one in enumerate(self._seen.addresses):
            self._judge_one(one, f"/observation/addresses/{number}")
        for port in self._seen.ports:
            self._dead_among_living(port)
        self._loopback()
        self._own_cards()
        self._ipv6_only()

    def uses(self) -> list[AddressUse]:
        """The addresses, for the analysis."""
        named = self._seen.addresses
        return [AddressUse(address=one.address, what=what_it_is(one), accepts=accepts(one)) for one in named]

    def _judge_one(self, one: NamedAddress, pointer: str) -> None:
        if one.management is not None:
            self._told(one, pointer, self._management)
        elif self._is_useless(one):
            self._told(one, pointer, self._useless)
        elif self._is_private(one):
            self._told(one, pointer, self._private)

    def _is_useless(self, one: NamedAddress) -> bool:
        """Networks that somebody built with the addresses of examples exist: there it counts what answers."""
        return one.range in NOBODYS and not one.told_by_resolve and accepts(one) is not True

    def _is_private(self, one: NamedAddress) -> bool:
        return self._internet and one.range is AddressRange.PRIVATE and not one.told_by_resolve

    def _told(self, one: NamedAddress, pointer: str, made: _Made) -> None:
        """Once for each port at which the address is dead: other checks find it there too, and it is one cause. A
        living one is told once."""
        dead = [tried for tried in one.tried if connected(one, tried) is False]
        for tried in dead:
            self.findings.append(made(one, pointer, tried, self._at(one, tried)))
        if dead:
            return
        first = one.tried[0] if one.tried else None
        self.findings.append(made(one, pointer, first, self._at(one, first) if first else self._name))

    def _management(self, one: NamedAddress, pointer: str, tried: PortTried | None, subject: Subject) -> Finding:
        return kinds.NAMES_MANAGEMENT_ADDRESS.found(
            subject,
            evidence=[pointer],
            severity=_weight(one, tried),
            where=one.address,
            network=one.management,
            state=_state(one, tried),
            source=f"so says {source_words(self._seen)}",
        )

    def _private(self, one: NamedAddress, pointer: str, tried: PortTried | None, subject: Subject) -> Finding:
        return kinds.NAMES_PRIVATE_ADDRESS.found(
            subject,
            evidence=[pointer],
            severity=_weight(one, tried),
            where=one.address,
            state=_state(one, tried),
        )

    def _useless(self, one: NamedAddress, pointer: str, tried: PortTried | None, subject: Subject) -> Finding:
        ports = self._seen.ports
        if tried is None and ports:  # what cannot be connected to is not tried, and is dead for sure
            subject = self._at(one, PortTried(port=ports[0], real_port=ports[0]))
        return kinds.NAMES_ADDRESS_USELESS.found(
            subject,
            evidence=[pointer],
            severity=Severity.ERROR if ports else None,
            where=one.address,
            what=RANGES[one.range],
            source=f"so says {source_words(self._seen)}",
            others=[other.address for other in self._seen.addresses if other is not one],
        )

    def _dead_among_living(self, port: int) -> None:
        """What all addresses do alike is not a matter of the name."""
        tried = [
            (number, one, attempt)
            for number, one in enumerate(self._seen.addresses)
            for attempt in one.tried
            if attempt.port == port
        ]
        living = [one.address for _, one, attempt in tried if connected(one, attempt)]
        dead = [entry for entry in tried if connected(entry[1], entry[2]) is False]
        self.unmeasured += [_lacking(one) for _, one, attempt in tried if _lacks_route(one, attempt)]
        if len(dead) > 1 and not living:
            what = f"which of {len(dead)} addresses is the wrong one at port {port}"
            self.unmeasured.append(f"{what}: none of them accepts connections")
        for number, one, attempt in dead if living else []:
            if self._told_otherwise(one):
                continue
            self.findings.append(
                kinds.NAMES_ADDRESS_DEAD.found(
                    self._at(one, attempt),
                    evidence=[f"/observation/addresses/{number}/tried"],
                    where=one.address,
                    count=len(self._seen.addresses),
                    state=_fault_words(attempt),
                    others=living,
                )
            )

    def _told_otherwise(self, one: NamedAddress) -> bool:
        return one.management is not None or self._is_useless(one) or self._is_private(one)

    def _loopback(self) -> None:
        own = [one for one in self._seen.addresses if one.range is AddressRange.LOOPBACK and not one.told_by_resolve]
        if own:
            self.findings.append(
                kinds.NAMES_LOOPBACK.found(
                    self._name,
                    evidence=["/observation/system"],
                    where=", ".join(one.address for one in own),
                    source=source_words(self._seen),
                )
            )

    def _own_cards(self) -> None:
        """A server whose own name leads to two of its cards. That one of them is for administrators says more."""
        own = [one for one in self._seen.addresses if one.interface and one.range is not AddressRange.LOOPBACK]
        if len({one.interface for one in own}) > 1 and not any(one.management for one in own):
            cards = [f"{one.interface} ({one.address})" for one in own]
            self.findings.append(
                kinds.NAMES_OWN_CARDS.found(self._name, evidence=["/observation/addresses"], cards=cards)
            )

    def _ipv6_only(self) -> None:
        seen = self._seen
        outside = [one.address for one in seen.addresses if one.range is not AddressRange.LOOPBACK]
        if not outside or any(one.told_by_resolve for one in seen.addresses):
            return
        also = seen.dns.addresses if seen.dns else []
        if all(":" in address for address in (*outside, *also)):
            self.findings.append(
                kinds.NAMES_IPV6_ONLY.found(self._name, evidence=["/observation/system"], addresses=outside)
            )

    def _at(self, one: NamedAddress, tried: PortTried) -> Subject:
        """As the other checks name it, so that what both find is one cause."""
        shown = one.address if tried.real_port == tried.port else f"{bracketed(one.address)}:{tried.real_port}"
        return Subject(kind=SubjectKind.ADDRESS, host=self._seen.host, port=tried.port, address=shown)


def what_it_is(one: NamedAddress) -> str:
    """An address in a few words."""
    if one.management is not None:
        return f"in the management network {one.management}"
    if one.interface is not None and one.range is not AddressRange.LOOPBACK:
        return f"this machine, {one.interface}"
    return RANGES[one.range]


def accepts(one: NamedAddress) -> bool | None:
    """Whether it accepts connections; None: not tried, or it differs by port."""
    states = {connected(one, attempt) for attempt in one.tried} - {None}
    return states.pop() if len(states) == 1 else None


def connected(one: NamedAddress, tried: PortTried) -> bool | None:
    """Whether a connect was accepted; None where its failure tells of this machine and not of the address."""
    if tried.fault is None:
        return True
    return None if tried.fault.reason in _NOT_SAID or _lacks_route(one, tried) else False


def _weight(one: NamedAddress, tried: PortTried | None) -> Severity | None:
    """Whoever is given a dead address is stopped."""
    return Severity.ERROR if tried and connected(one, tried) is False else None


def _lacks_route(one: NamedAddress, tried: PortTried) -> bool:
    """True when this machine has no way to an IPv6 address at all: that says nothing about the server."""
    return tried.fault is not None and tried.fault.reason is FaultReason.UNREACHABLE and ":" in one.address


def _lacking(one: NamedAddress) -> str:
    return f"{one.address}: this machine has no route to it"


def _fault_words(tried: PortTried) -> str:
    if tried.fault is None:
        return "accepted"
    if tried.fault.reason is FaultReason.TIMEOUT:
        return f"no answer within {seconds(tried.duration_us)} s"
    return _STATES.get(tried.fault.reason, tried.fault.reason.value)


def _state(one: NamedAddress, tried: PortTried | None) -> str | None:
    """A clause about the connect; None where it tells nothing."""
    if tried is None or connected(one, tried) is None:
        return None
    if tried.fault is None:
        return f"accepts connections on port {tried.port} all the same"
    return f"accepts no connection on port {tried.port}: {_fault_words(tried)}"
