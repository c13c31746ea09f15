"""The community server and the ways of desktop clients to it, taken into a site."""

from __future__ import annotations

from collections.abc import Container, Sequence

from stdiag.formats.config.address import Endpoint, Role, endpoints_in, is_placeholder, why_left_out
from stdiag.formats.config.connections import ClientConnection
from stdiag.formats.config.settings_of import Found
from stdiag.formats.config.site_draft import Draft, joined
from stdiag.formats.config.site_servers import port_of
from stdiag.formats.errors import FormatError
from stdiag.formats.via import SYSTEM, parse_via, without_password
from stdiag.model import CommunityPath, CommunitySite, Product, bracketed

MOST_PATHS = 16


def take_clients(
    draft: Draft, told: Sequence[ClientConnection], settings: Sequence[Found], services: Container[str]
) -> None:
    """Takes what clients are `told`, and the ports at which the server says that it listens."""
    _Clients(draft, settings, services).take(told)


class _Clients:
    def __init__(self, draft: Draft, settings: Sequence[Found], services: Container[str]) -> None:
        self._draft = draft
        self._services = services
        self._plain = _ports(settings, "VPMX_PORT")
        self._secure = _ports(settings, "VPMX_TLS_PORT")

    def take(self, told: Sequence[ClientConnection]) -> None:
        usable: list[tuple[str, ClientConnection]] = []
        for one in told:
            found = endpoints_in(one.host)
            reason = why_left_out(found[0], self._services) if found else "no host name"
            if reason:
                self._draft.tell(Role.COMMUNITY, one.host, one.host_place, left_out=reason)
            else:
                usable.append((found[0].host, one))
        if usable:
            self._community(usable)
        else:
            self._mux_of_docker()

    def _community(self, usable: list[tuple[str, ClientConnection]]) -> None:
        draft, (host, first) = self._draft, usable[0]
        community = draft.site.community = CommunitySite(host=host)
        places: list[str] = []
        for other, one in usable:
            if other != host:  # a site has one community: of the others the names are looked at
                draft.host(Role.COMMUNITY, other, one.host, one.host_place)
                continue
            shown = f"{bracketed(host)}:{one.port}"
            draft.tell(Role.COMMUNITY, shown, one.host_place, becomes="community.host")
            if one.is_tls:
                draft.tls_target(Role.COMMUNITY, shown, shown, one.port_place or one.host_place)
            places += self._way(community, one)
        direct = next((path for path in community.path if path.via is None), None)
        if direct is not None:
            direct.ports = sorted({*direct.ports, *self._plain})
            places += self._plain.values()
        for port, place in self._secure.items():
            draft.tls_target(Role.COMMUNITY, f"{bracketed(host)}:{port}", f"{bracketed(host)}:{port}", place)
        draft.sources["community.host"] = first.host_place
        if community.path:
            draft.sources["community.path"] = joined(*places) or first.host_place

    def _way(self, community: CommunitySite, one: ClientConnection) -> list[str]:
        """Adds the way of one connection; the places that say it."""
        reason = self._why_not(one.via) if one.via else ""
        if not reason and len(community.path) >= MOST_PATHS:
            reason = f"there are more than {MOST_PATHS} ways"
        if reason:
            self._draft.tell(Role.COMMUNITY_PROXY, one.via or one.host, one.via_place, left_out=reason)
            return []
        via = without_password(one.via) if one.via else None
        known = next((path for path in community.path if path.via == via), None)
        if known is not None:
            known.ports = sorted({*known.ports, one.port})
        else:
            community.path.append(CommunityPath(via=via, ports=[one.port]))
            if via is not None and via != SYSTEM:
                self._draft.tell(Role.COMMUNITY_PROXY, via, one.via_place, becomes="community.path")
        return [one.via_place, one.port_place]

    def _why_not(self, way: str) -> str:
        if is_placeholder(way):
            return "a placeholder"
        try:
            via, _ = parse_via(way)
        except FormatError as error:
            return error.problem
        if via.proxy is None:
            return ""
        return why_left_out(Endpoint(host=via.proxy.host, typed=via.proxy.host), self._services)

    def _mux_of_docker(self) -> None:
        """Sametime's containers are on one machine: where the multiplexer listens, desktop clients come to that one."""
        site, ports = self._draft.site, self._plain
        if site.product is not Product.V12_DOCKER or not ports or site.stproxy is None or site.stproxy.url is None:
            return
        host = endpoints_in(site.stproxy.url)[0].host
        site.community = CommunitySite(host=host, path=[CommunityPath(ports=sorted(ports))])
        source = self._draft.sources["stproxy.url"]
        self._draft.sources["community.host"] = f"{source}, since on Docker it is the same machine"
        self._draft.sources["community.path"] = joined(*ports.values())
        shown = f"{bracketed(host)}:{min(ports)}"
        self._draft.tell(Role.COMMUNITY, shown, joined(*ports.values()), becomes="community.host")


def _ports(settings: Sequence[Found], name: str) -> dict[int, str]:
    """Port → where it stands."""
    found: dict[int, str] = {}
    for setting in settings:
        port = port_of(setting.value) if setting.name == name else None
        if port is not None and len(found) < MOST_PATHS:
            found.setdefault(port, setting.place)
    return found
