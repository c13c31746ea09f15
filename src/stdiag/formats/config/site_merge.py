"""A site that a user named, completed by what the configuration files say. Pure."""

from __future__ import annotations

from stdiag.formats.config.site_draft import joined
from stdiag.formats.config.site_of import Described
from stdiag.model import Site

_WHOLE = ("community", "push")
"""Tables whose keys belong together: a user's own is not completed."""
_SINGLE = ("product", "stproxy.url", "stproxy.provisioning_url", "health.meetings_url")
_LISTS = ("tls.targets", "names.hosts")


def complete(site: Site, sources: dict[str, str], described: Described) -> None:
    """Puts into `site` what it does not say itself; lists of servers get longer. `sources` records where from."""
    for table in _WHOLE:
        if getattr(site, table) is None and (other := getattr(described.site, table)) is not None:
            setattr(site, table, other)
            sources |= {key: place for key, place in described.sources.items() if key.startswith(f"{table}.")}
    if site.stproxy is None and described.site.stproxy is not None:
        site.stproxy = type(described.site.stproxy)()
    for key in _SINGLE:
        holder, name = _holder(site, key)
        other = _value(described.site, key)
        if other is not None and getattr(holder, name) is None:
            setattr(holder, name, other)
            sources[key] = described.sources[key]
    for key in _LISTS:
        holder, name = _holder(site, key)
        own: list[str] = getattr(holder, name)
        theirs, _ = _holder(described.site, key)
        further = [one for one in getattr(theirs, name) if one not in own]
        if further:
            own += further
            sources[key] = joined(sources.get(key, ""), described.sources[key])


def _holder(site: Site, key: str) -> tuple[object, str]:
    table, dot, name = key.partition(".")
    return (getattr(site, table), name) if dot else (site, key)


def _value(site: Site, key: str) -> object:
    holder, name = _holder(site, key)
    return None if holder is None else getattr(holder, name)
