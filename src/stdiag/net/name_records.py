"""What the DNS itself says of a name or an address, asked past the hosts file and the system's caches: evidence only.

The system's answer decides what a client on this machine does. It does not tell where it comes from; this does.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from stdiag.net.deadline import Deadline
from stdiag.net.side_by_side import side_by_side

if TYPE_CHECKING:
    import dns.resolver

ALIASES_AT_MOST = 16
ADDRESSES_AT_MOST = 32
NAMES_AT_MOST = 8


class DnsStatus(enum.StrEnum):
    """How the DNS answered."""

    ANSWERED = "answered"
    NO_DATA = "no-data"  # the name exists, and has nothing of the kind that was asked for
    NXDOMAIN = "nxdomain"  # no such name
    FAILED = "failed"  # SERVFAIL, REFUSED, or something that cannot be read
    TIMEOUT = "timeout"
    NO_SERVER = "no-server"  # this machine has no name server configured


class DnsAnswer(msgspec.Struct, kw_only=True):
    """An answer about a name, of both kinds of address together."""

    status: DnsStatus
    """How the DNS answered."""
    addresses: list[str] = []
    """The addresses that it gave: those of IPv4, then those of IPv6."""
    aliases: list[str] = []
    """The names that it is an alias for, one after the other (CNAME)."""
    ttl_s: int | None = None
    """Seconds for which the answer may be kept; the least of all its parts."""
    searched_as: str | None = None
    """The full name that has an answer, when a search domain of this machine must be appended to have one."""
    servers: list[str] = []
    """Those that were asked."""
    words: str = ""
    """What the library said, where there is no answer."""
    duration_us: int = 0
    """Microseconds, for all questions together."""


class Pointer(msgspec.Struct, frozen=True):
    """An answer about an address: the names that it has (PTR)."""

    status: DnsStatus
    names: tuple[str, ...] = ()


class DnsAsker:
    """Asks this machine's name servers. Each question is bounded by `lifetime` seconds, all servers together."""

    def __init__(self, lifetime: float, configuration: str | None = None) -> None:
        """`configuration` names a resolv.conf to use instead of the system's settings (on Windows: the registry's)."""
        import dns.exception
        import dns.resolver

        self._lifetime = lifetime
        self._resolver: dns.resolver.Resolver | None = None
        try:
            self._resolver = dns.resolver.Resolver(filename=configuration or "/etc/resolv.conf")
        except (dns.exception.DNSException, OSError, ValueError):
            return
        self._resolver.lifetime = lifetime
        self._resolver.timeout = lifetime / 2

    @property
    def servers(self) -> list[str]:
        """The name servers that are asked."""
        return [str(server) for server in self._resolver.nameservers] if self._resolver else []

    def addresses_of(self, name: str, deadline: Deadline, *, search: bool) -> DnsAnswer:
        """What is on record for `name`, which is a full one. `search`: where that is nothing, which full name has
        something when this machine's search domains are appended."""
        began = time.monotonic()
        answers = side_by_side([partial(self._asked, name, kind) for kind in ("A", "AAAA")], deadline)
        found = _joined([answer for answer in answers if answer is not None])
        if search and found.status in (DnsStatus.NXDOMAIN, DnsStatus.NO_DATA):
            found.searched_as = self._searched(name)
        found.servers = self.servers
        found.duration_us = round((time.monotonic() - began) * 1_000_000)
        return found

    def names_of(self, addresses: Sequence[str], deadline: Deadline) -> list[Pointer]:
        """What is on record for each address, all asked at the same time."""
        calls: list[Callable[[], Pointer]] = [partial(self._pointer, address) for address in addresses]
        answers = side_by_side(calls, deadline)
        return [answer or Pointer(DnsStatus.TIMEOUT) for answer in answers]

    def _pointer(self, address: str) -> Pointer:
        import dns.exception
        import dns.reversename

        try:
            question = dns.reversename.from_address(address.partition("%")[0])
        except (dns.exception.DNSException, ValueError):
            return Pointer(DnsStatus.FAILED)
        status, answer, _ = self._ask(question, "PTR")
        if answer is None or answer.rrset is None:
            return Pointer(status)
        names = sorted({_text(record.target) for record in answer.rrset})
        return Pointer(status, tuple(names[:NAMES_AT_MOST]))

    def _asked(self, name: str, kind: str) -> DnsAnswer:
        status, answer, words = self._ask(f"{name}.", kind)
        if answer is None:
            return DnsAnswer(status=status, words=words)
        chain = [_text(alias[0].target) for alias in answer.chaining_result.cnames]
        if answer.rrset is None:
            return DnsAnswer(status=status, aliases=chain[:ALIASES_AT_MOST])
        return DnsAnswer(
            status=status,
            addresses=[str(record.address) for record in answer.rrset][:ADDRESSES_AT_MOST],
            aliases=chain[:ALIASES_AT_MOST],
            ttl_s=int(answer.chaining_result.minimum_ttl),
        )

    def _searched(self, name: str) -> str | None:
        for kind in ("A", "AAAA"):
            _, answer, _ = self._ask(name, kind, search=True)
            if answer is not None and answer.rrset is not None and _text(answer.qname) != name:
                return _text(answer.qname)
        return None

    def _ask(self, question: Any, kind: str, *, search: bool = False) -> tuple[DnsStatus, Any, str]:
        """(how it ended, dns.resolver.Answer or None, the library's words)."""
        import dns.exception
        import dns.resolver

        if self._resolver is None or not self._resolver.nameservers:
            return DnsStatus.NO_SERVER, None, "no name server is configured on this machine"
        try:
            answer = self._resolver.resolve(question, kind, search=search, raise_on_no_answer=False)
        except dns.resolver.NXDOMAIN:
            return DnsStatus.NXDOMAIN, None, ""
        except dns.resolver.LifetimeTimeout:
            return DnsStatus.TIMEOUT, None, f"no answer within {self._lifetime:g} s"
        except dns.resolver.NoNameservers as error:
            return DnsStatus.FAILED, None, str(error)[:300]  # it ends in what each server answered
        except (dns.exception.DNSException, OSError, ValueError) as error:
            return DnsStatus.FAILED, None, type(error).__name__
        return (DnsStatus.NO_DATA if answer.rrset is None else DnsStatus.ANSWERED), answer, ""


_ORDER = (
    DnsStatus.ANSWERED,
    DnsStatus.NXDOMAIN,
    DnsStatus.TIMEOUT,
    DnsStatus.FAILED,
    DnsStatus.NO_SERVER,
    DnsStatus.NO_DATA,
)
"""Of two answers the one that stands first says how both ended: "nothing of this kind" says the least."""


def _joined(answers: Sequence[DnsAnswer]) -> DnsAnswer:
    """One answer of those about each kind of address."""
    if not answers:
        return DnsAnswer(status=DnsStatus.TIMEOUT, words="not answered in the time of its check")
    first = min(answers, key=lambda answer: _ORDER.index(answer.status))
    ttls = [answer.ttl_s for answer in answers if answer.ttl_s is not None]
    return DnsAnswer(
        status=first.status,
        addresses=[address for answer in answers for address in answer.addresses],
        aliases=next((answer.aliases for answer in answers if answer.aliases), []),
        ttl_s=min(ttls) if ttls else None,
        words="; ".join(dict.fromkeys(answer.words for answer in answers if answer.words)),
    )


def _text(name: Any) -> str:
    """A name as people write it: lower case, without the root's dot; what does not print stays escaped."""
    return str(name.to_text(omit_final_dot=True)).lower()
