"""A check whose whole way goes through one proxy."""

from __future__ import annotations

import msgspec

from stdiag.formats.proxy import parse_proxy
from stdiag.model import Path, Proxy, ProxyKind
from stdiag.probes.contract import Contact, Planned


def through(check: Planned, proxy: Proxy) -> Planned:
    """The same check on the way through `proxy`."""
    tunnels = proxy.kind in (ProxyKind.HTTP, ProxyKind.HTTPS)
    path = Path(kind="proxy", proxy=str(proxy), resolves=proxy.resolves, method="connect" if tunnels else "raw")
    return msgspec.structs.replace(check, subject=msgspec.structs.replace(check.subject, via=str(proxy)), path=path)


def contacts_through(check: Planned, source: str, targets: list[Contact], *, also: str = "") -> list[Contact]:
    """What the firewall must let through instead of `targets`: the way to the proxy, and the proxy's own ways on.

    `also` names whom else the proxy is asked for, as a clause.
    """
    path = check.path
    proxy, _ = parse_proxy(path.proxy or "")
    names = "names become addresses" if path.resolves == "here" else "the proxy's name becomes an address"
    places = " and ".join(f"{target.destination}:{target.port}" for target in targets)
    return [
        Contact(
            source=source,
            destination=proxy.host,
            port=str(proxy.port),
            protocol=f"TCP ({proxy.kind})",
            reason=f"the proxy to {places}{also}",
        ),
        *(msgspec.structs.replace(target, source=f"the proxy {proxy.host}") for target in targets),
        Contact(
            source=source,
            destination="the DNS servers of this machine",
            port="53",
            protocol="UDP, TCP",
            reason=names,
        ),
    ]
