"""Proxies: what they are (the types stand in the model, so that the parsers know them too) and how one is reached."""

from __future__ import annotations

from stdiag.model import Proxy, ProxyKind

__all__ = ["SOCKS_KINDS", "Proxy", "ProxyKind"]

SOCKS_KINDS = frozenset({ProxyKind.SOCKS4, ProxyKind.SOCKS4A, ProxyKind.SOCKS5, ProxyKind.SOCKS5H})
