"""The ways of the lab's desktop clients: the community multiplexer's ports, and the proxies before them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from stdiag.lab.authority import Authority
from stdiag.lab.blueprint import (
    COMMUNITY_HOST,
    COMMUNITY_PORTS,
    MANAGEMENT_NETWORK,
    Blueprint,
    FurtherAddress,
    HttpProxyManner,
    MuxManner,
    SocksManner,
)
from stdiag.lab.endpoint import Endpoint
from stdiag.lab.error import LabError
from stdiag.lab.listener import Handler
from stdiag.lab.mux import Mux
from stdiag.lab.ports import SECOND_ADDRESSES, Ports
from stdiag.lab.proxy import HttpProxy
from stdiag.lab.relay import Destination, Destinations
from stdiag.lab.socks import SocksProxy
from stdiag.lab.tls_context import server_context


def listen_as_mux(blueprint: Blueprint, authority: Authority, ports: Ports) -> list[Endpoint]:
    """The multiplexer's ports."""
    manner = blueprint.mux
    listens = manner not in (MuxManner.NOBODY, MuxManner.BACKLOG_FULL)
    handler = Mux(manner, server_context(Blueprint(), [authority.mux])) if listens else None
    return [ports.listen("mux", manner, handler, port, COMMUNITY_HOST) for port in COMMUNITY_PORTS]


def further_addresses(blueprint: Blueprint, ports: Ports) -> list[Endpoint]:
    """The port of the multiplexer's name at its further address, if it has one."""
    if blueprint.mux_further_address is FurtherAddress.NONE:
        return []
    for address in SECOND_ADDRESSES[:-1]:
        with contextlib.suppress(LabError):
            return [_at_further(address, ports)]
    return [_at_further(SECOND_ADDRESSES[-1], ports)]


def _at_further(address: str, ports: Ports) -> Endpoint:
    role = "mux, further address"
    return ports.listen(role, MuxManner.NOBODY, None, COMMUNITY_PORTS[0], COMMUNITY_HOST, address=address)


def management_networks(blueprint: Blueprint, further: Iterable[Endpoint]) -> list[str]:
    """The networks that the lab's site calls those of its administrators."""
    networks = [MANAGEMENT_NETWORK] if blueprint.mux is MuxManner.SEES_MANAGEMENT else []
    if blueprint.mux_further_address is FurtherAddress.MANAGEMENT:
        networks += [f"{end.address}/{128 if ':' in end.address else 32}" for end in further]
    return networks


def listen_as_proxies(blueprint: Blueprint, ends: Iterable[Endpoint], ports: Ports) -> tuple[Endpoint, Endpoint]:
    """The HTTP proxy and the SOCKS proxy, which lead to `ends` and nowhere else. Of several ends with one name the last
    is the one that they find by it."""
    destinations = Destinations()
    for end in ends:
        if end.named_port is not None:
            destinations.add(end.host, Destination(end.named_port, end.address, end.port))
    by_http, by_socks = blueprint.http_proxy, blueprint.socks_proxy
    socks = None if by_socks is SocksManner.NOBODY else SocksProxy(by_socks, destinations)
    return (
        ports.listen("HTTP proxy", by_http, _http_proxy(by_http, destinations)),
        ports.listen("SOCKS proxy", by_socks, socks),
    )


def _http_proxy(manner: HttpProxyManner, destinations: Destinations) -> Handler | None:
    match manner:
        case HttpProxyManner.NOBODY:
            return None
        case HttpProxyManner.SPEAKS_SOCKS:
            return SocksProxy(SocksManner.OPEN, destinations)
        case _:
            return HttpProxy(manner, destinations)
