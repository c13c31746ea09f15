"""Records where a name leads: by --resolve, the system, the hosts file, the DNS itself; and which addresses accept."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from stdiag.formats.address_range import NOBODYS, AddressRange, network_of, range_of, same_address
from stdiag.formats.special_names import is_reserved
from stdiag.model import Fault
from stdiag.net.faults import NetError
from stdiag.net.interfaces import OwnAddress, default_sources, own_addresses
from stdiag.net.local_address import local_address_to
from stdiag.net.name_records import DnsAsker
from stdiag.net.side_by_side import side_by_side
from stdiag.probes.contract import Planned, Tools
from stdiag.probes.names.hosts import entries_for
from stdiag.probes.names.observation import HostRole, NamedAddress, NameObservation, PortTried

ADDRESSES_AT_MOST = 8
_DISCARD = 9
"""A port for the question which way leads to an address: nothing is sent there."""
_NOT_TRIED = NOBODYS - {AddressRange.DOCUMENTATION}
"""A connect to 0.0.0.0 is one to this machine; to the others it means nothing. Networks that somebody built with the
addresses of examples exist."""

Place = tuple[str, int | None]
"""An address, and the port that --resolve sends its connections to, where it names one."""
Places = dict[Place, dict[int, int]]
"""Where the name leads → the site's port → the port to connect to."""

Told = dict[int | None, list[tuple[str, int]]]
"""What --resolve says: the site's port, or None for the name as such → addresses and ports."""


def observe(planned: Planned, tools: Tools) -> NameObservation:
    """The facts about one host name."""
    return _Observing(planned, tools).observe()


class _Observing:
    """One host name."""

    def __init__(self, planned: Planned, tools: Tools) -> None:
        options = planned.options
        self._tools = tools
        self._networks = [one for one in str(options.get("management", "")).split(",") if one]
        self._doubtful = {AddressRange.DOCUMENTATION}
        if options.get("internet"):
            self._doubtful.add(AddressRange.PRIVATE)
        self._seen = NameObservation(
            host=planned.subject.host,
            roles=[HostRole(role) for role in str(options.get("roles", "")).split(",") if role],
            ports=[int(port) for port in str(options.get("ports", "")).split(",") if port],
            dotted=bool(options.get("dotted")),
        )
        self._tried = {int(port) for port in str(options.get("tried", "")).split(",") if port}
        if left := int(options.get("left", 0)):
            self._seen.left_out.append(f"{left} more ports of it: at most {len(self._tried)} are tried")
        self._own: list[OwnAddress] = []

    def observe(self) -> NameObservation:
        seen, told = self._seen, self._told()
        self._ask_system(told)
        seen.hosts, seen.hosts_problem = entries_for(seen.host)
        self._own = seen.own = own_addresses()
        seen.default_sources = default_sources()
        places = self._places(told)
        if len(places) > ADDRESSES_AT_MOST:
            seen.left_out.append(f"{len(places) - ADDRESSES_AT_MOST} of {len(places)} addresses")
        kept = list(places.items())[:ADDRESSES_AT_MOST]
        overridden = {address for targets in told.values() for address, _ in targets}
        seen.addresses = [self._address(address, told_by_resolve=address in overridden) for (address, _), _ in kept]
        self._ask_side_by_side([ports for _, ports in kept])
        return seen

    def _told(self) -> Told:
        """What --resolve says: by the site's port, and under None where it says it of the name as such."""
        resolver, host = self._tools.resolver, self._seen.host
        try:
            by_name = resolver.told(host, 0)
            found: Told = {None: by_name} if by_name else {}
            for port in self._seen.ports:
                if targets := resolver.told(host, port):
                    found[port] = targets
        except NetError:
            return {}  # no name that can be asked for: the system's look-up says the same
        return found

    def _untold(self, told: Told) -> bool:
        """True when something is left for the system to answer."""
        return None not in told and (not told or any(port not in told for port in self._seen.ports))

    def _ask_system(self, told: Told) -> None:
        """Once a run for each name. A name that is kept for examples is asked for only when nothing else answers."""
        seen, tools = self._seen, self._tools
        needed = self._untold(told)
        if not needed and is_reserved(seen.host):
            return
        seen.system_asked = True
        # What --resolve answers waits for nobody.
        deadline = tools.deadline if needed else tools.deadline.within(tools.timeouts.step)
        began = time.monotonic()
        try:
            seen.system, seen.system_took_us = tools.resolver.system(seen.host, deadline, tools.steps)
        except NetError as error:
            if needed:
                seen.name_fault = error.fault
                seen.name_waited_us = round((time.monotonic() - began) * 1_000_000)
            else:
                seen.system_fault = error.fault

    def _places(self, told: Told) -> Places:
        """Where the name leads: each address with the ports that are to be reached there."""
        places: Places = {}
        if self._untold(told):
            for address in self._seen.system:
                places[address, None] = {port: port for port in self._seen.ports if port not in told}
        for port, targets in told.items():
            if port is None and len(told) > 1:
                continue  # the same once more
            for address, real_port in targets:
                moved = real_port if port is not None and real_port != port else None
                places.setdefault((address, moved), {}).update({} if port is None else {port: real_port})
        return places

    def _address(self, address: str, *, told_by_resolve: bool) -> NamedAddress:
        source = None if range_of(address) in _NOT_TRIED else local_address_to(address, _DISCARD)
        return NamedAddress(
            address=address,
            told_by_resolve=told_by_resolve,
            range=range_of(address),
            management=network_of(address, self._networks),
            interface=self._card_of(address),
            source=source,
            source_management=network_of(source, self._networks) if source else None,
            source_interface=self._card_of(source) if source else None,
        )

    def _card_of(self, address: str) -> str | None:
        return next((one.interface for one in self._own if same_address(one.address, address)), None)

    def _ask_side_by_side(self, places: list[dict[int, int]]) -> None:
        """Questions to the DNS, and connects: a dead server costs its own time-out and not the others'."""
        seen = self._seen
        calls: list[Callable[[], None]] = []
        if seen.system and self._may_ask_dns():
            asker = DnsAsker(self._tools.timeouts.connect / 2)
            calls += [partial(self._ask_records, asker), partial(self._ask_pointers, asker)]
        for one, ports in zip(seen.addresses, places, strict=True):
            if self._is_tried(one):
                calls += [partial(self._try, one, port, real) for port, real in ports.items() if port in self._tried]
        side_by_side(calls, self._tools.deadline)
        for one in seen.addresses:
            one.tried = sorted(one.tried, key=lambda tried: seen.ports.index(tried.port))

    def _may_ask_dns(self) -> bool:
        if self._tools.offline:
            self._seen.left_out.append("what the DNS says when it is asked directly: left alone with --offline")
            return False
        return True

    def _ask_records(self, asker: DnsAsker) -> None:
        seen = self._seen
        with self._tools.steps.step("dns", "ask the DNS itself", peer=seen.host) as note:
            found = asker.addresses_of(seen.host, self._tools.deadline, search=not seen.hosts)
            note.detail = ", ".join([found.status.value, *found.addresses])
        seen.dns = found
        seen.dns_management = [one for one in found.addresses if network_of(one, self._networks)]

    def _ask_pointers(self, asker: DnsAsker) -> None:
        """Names of the addresses; of this machine's own loopback, and of what --resolve made up, nobody is asked."""
        asked = [one for one in self._seen.addresses if one.range in _WITH_NAMES and not one.told_by_resolve]
        if not asked:
            return
        with self._tools.steps.step("dns", "ask for the names of addresses", peer=self._seen.host) as note:
            pointers = asker.names_of([one.address for one in asked], self._tools.deadline)
            note.detail = ", ".join(name for pointer in pointers for name in pointer.names)
        for one, pointer in zip(asked, pointers, strict=True):
            one.reverse_status, one.reverse = pointer.status, list(pointer.names)

    def _is_tried(self, one: NamedAddress) -> bool:
        """Only where it tells something: other checks connect to the one address of a name anyway."""
        doubtful = one.management is not None or (not one.told_by_resolve and one.range in self._doubtful)
        return one.range not in _NOT_TRIED and (len(self._seen.addresses) > 1 or doubtful)

    def _try(self, one: NamedAddress, port: int, real_port: int) -> None:
        tools = self._tools
        began = time.monotonic()
        fault: Fault | None = None
        try:
            tools.dialer.connect(one.address, real_port, tools.deadline, tools.steps).close()
        except NetError as error:
            fault = error.fault
        took = round((time.monotonic() - began) * 1_000_000)
        one.tried.append(PortTried(port=port, real_port=real_port, fault=fault, duration_us=took))


_WITH_NAMES = frozenset({AddressRange.PUBLIC, AddressRange.PRIVATE, AddressRange.DOCUMENTATION})
