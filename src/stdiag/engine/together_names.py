"""Names: what only several checks show. From where this machine reaches the others and as whom they see it, addresses
whose name is another server's, and proxies that look names up differently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from stdiag.catalogue.registry import kind
from stdiag.formats.address_range import network_of, same_address
from stdiag.model import Check, Finding, Subject, SubjectKind

_NAMES = "names"
_PATHS = "paths"
_THIS_MACHINE = "this machine"
_LOOKED_UP_HERE = {"socks5h": "socks5", "socks4a": "socks4"}
"""A SOCKS proxy's scheme, where the proxy looks names up → the same where the client does."""
_BEHIND_THE_NAME = ("remote-tcp", "target")
"""Stages that a path reaches only when somebody has found an address for the server."""


class _Address(msgspec.Struct):
    address: str = ""
    management: str | None = None
    source: str | None = None
    source_management: str | None = None
    source_interface: str | None = None
    reverse: list[str] = []


class _Own(msgspec.Struct):
    interface: str = ""
    address: str = ""


class _Observed(msgspec.Struct):
    """The part of a names check's observation that is compared over checks."""

    host: str = ""
    addresses: list[_Address] = []
    own: list[_Own] = []


class _Concluded(msgspec.Struct):
    management_networks: list[str] = []


class _Named(msgspec.Struct):
    pointer: str
    seen: _Observed
    networks: list[str]


class _Reply(msgspec.Struct):
    seen_address: str | None = None


class _Way(msgspec.Struct):
    kind: str = "direct"
    proxy: str | None = None
    method: str = "raw"


class _ObservedPath(msgspec.Struct):
    path: _Way = msgspec.field(default_factory=_Way)
    port: int = 0
    local_address: str | None = None
    sametime: _Reply | None = None
    sametime_in_tls: _Reply | None = None


class _ObservedPaths(msgspec.Struct):
    host: str = ""
    paths: list[_ObservedPath] = []


class _ConcludedPath(msgspec.Struct):
    path: str = ""
    stage: str | None = None
    server_version: str | None = None


class _ConcludedPaths(msgspec.Struct):
    paths: list[_ConcludedPath] = []


class _Walked(msgspec.Struct):
    """One path to one port, with what was concluded of it."""

    pointer: str
    host: str
    observed: _ObservedPath
    concluded: _ConcludedPath

    @property
    def label(self) -> str:
        return f"{self.concluded.path} to {self.observed.port}"


def names_findings(checks: Sequence[Check]) -> list[Finding]:
    """Findings over all checks of names and paths, with evidence pointers into the report."""
    named = [one for number, check in enumerate(checks) if (one := _named(number, check))]
    walked = [path for number, check in enumerate(checks) for path in _walked(number, check)]
    return [*_sources(named), *_seen(named, walked), *_reverse(named), *_by_proxies(walked)]


def _named(number: int, check: Check) -> _Named | None:
    if check.probe != _NAMES:
        return None
    seen = msgspec.json.decode(check.observation, type=_Observed | None)
    concluded = msgspec.json.decode(check.analysis, type=_Concluded | None)
    if seen is None or concluded is None:
        return None
    return _Named(f"/checks/{number}/observation", seen, concluded.management_networks)


def _walked(number: int, check: Check) -> Iterator[_Walked]:
    if check.probe != _PATHS:
        return
    seen = msgspec.json.decode(check.observation, type=_ObservedPaths | None)
    concluded = msgspec.json.decode(check.analysis, type=_ConcludedPaths | None)
    if seen is None or concluded is None:
        return
    for index, (observed, said) in enumerate(zip(seen.paths, concluded.paths, strict=False)):
        yield _Walked(f"/checks/{number}/observation/paths/{index}", seen.host, observed, said)


def _sources(named: Sequence[_Named]) -> list[Finding]:
    """Connections that leave by the management card: one cause, however many servers are reached so. A server that is
    in such a network itself is reached from there as a matter of course."""
    by_source: dict[tuple[str, str], list[tuple[str, _Named, _Address]]] = {}
    for one in named:
        for index, address in enumerate(one.seen.addresses):
            network = address.source_management
            if address.source and network and address.management is None:
                entry = (f"{one.pointer}/addresses/{index}", one, address)
                by_source.setdefault((address.source, network), []).append(entry)
    return [
        kind("names-source-management").found(
            Subject(kind=SubjectKind.NAME, host=_THIS_MACHINE),
            evidence=[pointer for pointer, _, _ in entries],
            peers=list(dict.fromkeys(one.seen.host for _, one, _ in entries)),
            local=source,
            card=entries[0][2].source_interface,
            network=network,
        )
        for (source, network), entries in by_source.items()
    ]


def _seen(named: Sequence[_Named], walked: Sequence[_Walked]) -> list[Finding]:
    """The server says as whom it sees this client: another of this machine's cards, or a management address."""
    networks = list(dict.fromkeys(network for one in named for network in one.networks))
    own = {entry.address: entry.interface for one in named for entry in one.seen.own}
    by_place: dict[tuple[str, str, str, str], dict[str, _Walked]] = {}
    for path in walked:
        for reply in (path.observed.sametime, path.observed.sametime_in_tls):
            seen = reply.seen_address if reply else None
            local = path.observed.local_address or path.observed.path.proxy
            if not seen or not local or same_address(seen, local):
                continue
            if what := _what(seen, networks, own, by_proxy=path.observed.path.kind == "proxy"):
                by_place.setdefault((path.host, seen, local, what), {})[path.pointer] = path
    return [
        kind("names-seen-address").found(
            Subject(kind=SubjectKind.ENDPOINT, host=host, port=next(iter(paths.values())).observed.port),
            evidence=list(paths),
            seen=seen,
            what=what,
            local=local,
            paths=[path.label for path in paths.values()],
        )
        for (host, seen, local, what), paths in by_place.items()
    ]


def _what(seen: str, networks: Sequence[str], own: dict[str, str], *, by_proxy: bool) -> str | None:
    """What the address is that the server sees, where it is one to be warned of. A proxy's own address is none, even
    where the proxy runs on this machine."""
    if network := network_of(seen, networks):
        return f"in the management network {network}"
    card = next((card for address, card in own.items() if same_address(address, seen)), None)
    return f"the address of another network card ({card})" if card is not None and not by_proxy else None


def _reverse(named: Sequence[_Named]) -> list[Finding]:
    """An address whose name is another host of the site, which itself is elsewhere."""
    by_host = {one.seen.host: one for one in named}
    findings = []
    for one in named:
        for index, address in enumerate(one.seen.addresses):
            if one.seen.host in address.reverse:
                continue
            others = [by_host[name] for name in address.reverse if name in by_host]
            for other in others:
                there = [entry.address for entry in other.seen.addresses]
                if not there or any(same_address(address.address, entry) for entry in there):
                    continue  # two hosts on one address: it has the name of one of them
                findings.append(
                    kind("names-reverse-other").found(
                        Subject(kind=SubjectKind.NAME, host=one.seen.host),
                        evidence=[f"{one.pointer}/addresses/{index}/reverse", f"{other.pointer}/addresses"],
                        where=address.address,
                        other=other.seen.host,
                        there=there,
                    )
                )
    return findings


def _by_proxies(walked: Sequence[_Walked]) -> list[Finding]:
    """The same way twice, and the same port: only who looked the name up differs."""
    by_way = {(_way(path), path.observed.port): path for path in walked if path.observed.path.proxy}
    findings = []
    for (way, port), remote in by_way.items():
        scheme, _, rest = way.partition("://")
        here = by_way.get((f"{_LOOKED_UP_HERE.get(scheme)}://{rest}", port))
        if here is None or not (clauses := _difference(remote.concluded, here.concluded)):
            continue
        findings.append(
            kind("names-proxy-differs").found(
                Subject(kind=SubjectKind.ENDPOINT, host=remote.host, port=port, via=remote.observed.path.proxy),
                evidence=[remote.pointer, here.pointer],
                by_proxy=clauses[0],
                from_here=clauses[1],
                paths=[remote.label, here.label],
            )
        )
    return findings


def _way(path: _Walked) -> str:
    return f"{path.observed.path.proxy} {path.observed.path.method}"


def _difference(remote: _ConcludedPath, here: _ConcludedPath) -> tuple[str, str] | None:
    """What became of each, as clauses; None where both came to the same, or to nothing that an address explains."""
    ended = (remote.stage, here.stage)
    if ended == ("ok", "ok"):
        versions = (remote.server_version, here.server_version)
        if None in versions or versions[0] == versions[1]:
            return None
        return f"a server of version {versions[0]} answers", f"one of version {versions[1]} answers"
    if "ok" not in ended or not any(stage in _BEHIND_THE_NAME for stage in ended):
        return None  # a name that one of them does not know is said on its own
    failed = "another place is reached, where no Sametime server answers"
    works = "the server answers"
    return (works, failed) if remote.stage == "ok" else (failed, works)
