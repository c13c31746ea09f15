"""The machine that stdiag runs on, as a firewall request names it."""

from __future__ import annotations

from stdiag.model import Site, Vantage

_HERE = {
    Vantage.STPROXY: "the Sametime Proxy host",
    Vantage.INSIDE: "a machine in the inside network",
    Vantage.INTERNET: "a machine on the internet",
}


def source_of(site: Site) -> str:
    """Who connects."""
    return _HERE[site.vantage] if site.vantage else "this machine"
