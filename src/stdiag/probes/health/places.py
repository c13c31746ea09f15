"""Where a redirect leads: is it a place for everybody? Pure."""

from __future__ import annotations

import ipaddress

from stdiag.formats.host import as_address
from stdiag.formats.special_names import labels_of, own_domain
from stdiag.probes.shared.web_answerer import origin

_CUSTOMARY = frozenset({"lan", "corp", "intranet", "private", "home", "localdomain", "localhost", "domain"})
"""Top-level domains that do not exist, and that inside networks use all the same."""

_PRIVATE = tuple(
    map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"))
)
"""Networks that nobody on the internet has a way to (RFC 1918, RFC 6598, RFC 4193)."""


def inner_reason(url: str, home: str) -> str | None:
    """Why only the inside network can follow `url`, as a clause; None where that does not show, or where the host
    `home`, which it was asked of, is such a one itself."""
    host = origin(url)[1]
    if host == home or _inner(home) is not None:
        return None
    return _inner(host)


def _inner(host: str) -> str | None:
    if as_address(host):
        ip = ipaddress.ip_address(host.partition("%")[0])
        private = any(ip.version == network.version and ip in network for network in _PRIVATE)
        return "a private address" if private or ip.is_loopback or ip.is_link_local else None
    labels = labels_of(host)
    if len(labels) == 1:
        return "a name without a domain"
    if (domain := own_domain(host)) is not None:
        return f"a name in .{domain}, which the DNS of the internet does not have"
    if labels[-1] in _CUSTOMARY:
        return f"a name in .{labels[-1]}, which the DNS of the internet does not have"
    return None
