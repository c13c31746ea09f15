"""A site that is being put together from what files say, with where each value stands."""

from __future__ import annotations

import msgspec

from stdiag.formats.config.address import FoundAddress, Role
from stdiag.formats.errors import FormatError
from stdiag.formats.target import parse_target
from stdiag.model import PushSite, Site, StproxySite

MOST_TARGETS = 64
"""Addresses of one kind that become targets: no deployment has so many, and each one is contacted."""
MOST_FOUND = 500
LONGEST_SHOWN = 200
"""Characters of an address."""


class Draft:
    """The site so far. Each address is told once: as what it becomes, or why it is left out."""

    def __init__(self) -> None:
        self.site = Site()
        self.sources: dict[str, str] = {}
        """Key of the site → where its value stands."""
        self.found: list[FoundAddress] = []
        self._told: set[tuple[Role, str, str]] = set()

    def once(self, role: Role, key: str, value: str, place: str) -> bool:
        """Sets a key of one value; another one that stands elsewhere is told. True when it was set."""
        table, _, name = key.partition(".")
        if getattr(self.site, table) is None:
            setattr(self.site, table, StproxySite() if table == "stproxy" else PushSite())
        holder = getattr(self.site, table)
        before = getattr(holder, name)
        if before is None:
            setattr(holder, name, value)
            self.sources[key] = place
            self.tell(role, value, place, becomes=key)
            return True
        if before != value:
            self.tell(role, value, place, left_out=f"another one stands in {self.sources[key]}")
        return False

    def tls_target(self, role: Role, target: str, shown: str, place: str) -> None:
        """Adds HOST:PORT, where TLS is spoken. What the site's URL names already is asked there."""
        if target == self._web_endpoint():
            self.tell(role, shown, place, becomes="stproxy.url")
        else:
            self._add(role, "tls.targets", self.site.tls.targets, target, shown, place)

    def host(self, role: Role, host: str, shown: str, place: str) -> None:
        """Adds a host of which nothing but the name is asked, unless more of it is asked elsewhere."""
        web = self._web_endpoint()
        community = self.site.community
        if web is not None and parse_target(web).host == host:
            self.tell(role, shown, place, becomes="stproxy.url")
        elif community is not None and community.host == host:
            self.tell(role, shown, place, becomes="community.host")
        else:
            self._add(role, "names.hosts", self.site.names.hosts, host, shown, place)

    def tell(self, role: Role, address: str, place: str, *, becomes: str = "", left_out: str = "") -> None:
        """Notes an address, once for what it becomes."""
        shown = address if len(address) <= LONGEST_SHOWN else f"{address[: LONGEST_SHOWN - 1]}…"
        key = (role, shown, becomes)
        if key not in self._told and len(self.found) < MOST_FOUND:
            self._told.add(key)
            one = FoundAddress(role=role, address=shown, place=place, becomes=becomes, left_out=left_out)
            self.found.append(one)

    def move(self, old: str, new: str) -> None:
        """The value of one key is that of another by now."""
        self.sources.pop(old, None)
        self.found = [msgspec.structs.replace(one, becomes=new) if one.becomes == old else one for one in self.found]

    def _add(self, role: Role, key: str, values: list[str], value: str, shown: str, place: str) -> None:
        if value not in values:
            if len(values) >= MOST_TARGETS:
                self.tell(role, shown, place, left_out=f"there are more than {MOST_TARGETS} such addresses")
                return
            values.append(value)
            self.sources[key] = joined(self.sources.get(key, ""), place)
        self.tell(role, shown, place, becomes=key)

    def _web_endpoint(self) -> str | None:
        url = self.site.stproxy.url if self.site.stproxy else None
        try:
            return str(parse_target(url)) if url else None
        except FormatError:
            return None


def joined(*places: str) -> str:
    """Places in one line, each once."""
    return ", ".join(dict.fromkeys(place for place in places if place))
