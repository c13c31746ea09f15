"""What the names probe records: where a name leads from here, who says so, and what this machine has to do with it.

What an address is (its range, the management network that it lies in, the card that has it) is recorded with it, so
that a report under pseudonyms still tells.
"""

from __future__ import annotations

import enum

import msgspec

from stdiag.formats.address_range import AddressRange
from stdiag.model import Fault
from stdiag.net.interfaces import OwnAddress
from stdiag.net.name_records import DnsAnswer, DnsStatus


class HostRole(enum.StrEnum):
    """What a host is in the site."""

    STPROXY = "stproxy"
    PROVISIONING = "provisioning"  # the provisioning URL names it
    COMMUNITY = "community"
    PAGE = "page"  # one that users open
    PHOTOS = "photos"
    PUSH = "push"  # a push proxy, or a service in place of Apple's or Google's
    PROXY = "proxy"
    TARGET = "target"  # a TLS port
    FURTHER = "further"  # a server that the site names for its name alone


class HostsEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the hosts file that answers for the name."""

    file: str
    """Path of the file."""
    line: int
    """Its number, from 1."""
    address: str
    """Where it sends the name."""


class PortTried(msgspec.Struct, frozen=True, kw_only=True):
    """One TCP connect to an address of several."""

    port: int
    """The port that the site names."""
    real_port: int
    """The port that was connected to: another one where --resolve says so."""
    fault: Fault | None = None
    """Why there was no connection; null: it was accepted."""
    duration_us: int = 0
    """Microseconds."""


class NamedAddress(msgspec.Struct, kw_only=True):
    """One address that the name leads to."""

    address: str
    """The address."""
    told_by_resolve: bool = False
    """True: --resolve, or the site's table [resolve], says so."""
    range: AddressRange = AddressRange.UNKNOWN
    """What an address of this kind is good for."""
    management: str | None = None
    """The site's management network that it lies in."""
    interface: str | None = None
    """The network card of this machine that has it."""
    source: str | None = None
    """This machine's own address from which connections to it go out; null: there is no route."""
    source_management: str | None = None
    """The site's management network that `source` lies in."""
    source_interface: str | None = None
    """The network card that has `source`."""
    reverse_status: DnsStatus | None = None
    """How the question for the address's names ended; null: it was not asked."""
    reverse: list[str] = []
    """The names that the DNS gives for it (PTR)."""
    tried: list[PortTried] = []
    """TCP connects, where the name has several addresses or this one is a doubtful one."""


class NameObservation(msgspec.Struct, kw_only=True):
    """The facts about one host name."""

    host: str
    """The name, without a trailing dot."""
    roles: list[HostRole] = []
    """What the host is in the site."""
    ports: list[int] = []
    """The ports that the site names for it."""
    dotted: bool = False
    """True: the site writes the name with a dot at its end."""
    name_fault: Fault | None = None
    """Why the system gave no address, where nothing else does."""
    name_waited_us: int = 0
    """Microseconds that the failed look-up was waited for."""
    system_asked: bool = False
    """True: the system was asked for the name."""
    system: list[str] = []
    """The addresses that the system gave, in its order."""
    system_fault: Fault | None = None
    """Why the system gave none, where --resolve answers in its place."""
    system_took_us: int = 0
    """Microseconds that the system's look-up took; it is made once a run."""
    hosts: list[HostsEntry] = []
    """Lines of the hosts file that name the host."""
    hosts_problem: str | None = None
    """Why the hosts file could not be read."""
    dns: DnsAnswer | None = None
    """What the DNS said when it was asked directly; null: it was not asked."""
    dns_management: list[str] = []
    """Those of the DNS's addresses that lie in a management network of the site."""
    addresses: list[NamedAddress] = []
    """Every address that the name leads to from here."""
    own: list[OwnAddress] = []
    """The addresses of this machine's network cards."""
    default_sources: list[str] = []
    """The addresses that connections to the rest of the world go out from."""
    left_out: list[str] = []
    """What was not asked, with the reason."""
