"""Tunnels through a proxy on loopback, in one call."""

from __future__ import annotations

import time

from OpenSSL import crypto
from tests.lab.proxies import http, socks4, socks5

from stdiag.formats.proxy import parse_proxy
from stdiag.model import FaultReason, Proxy
from stdiag.net.credentials import Credentials
from stdiag.net.deadline import Deadline, Timeouts
from stdiag.net.dial import Dialer
from stdiag.net.resolve import Resolver
from stdiag.net.trace import StepRecorder
from stdiag.net.tunnel import Tunnel, TunnelStep, open_tunnel

TIMEOUTS = Timeouts(connect=0.5, step=2, proxy=1.0)
NAMES = {"mux.example.com": "127.0.0.1"}
OK = b"HTTP/1.1 200 OK\r\n\r\n"
BEHAVIOURS = {"http": http, "socks4": socks4, "socks4a": socks4, "socks5": socks5, "socks5h": socks5}


def lookup(name: str) -> list[str]:
    found = {
        "mux.example.com": ["127.0.0.1"],
        "two.example.com": ["127.0.0.9", "127.0.0.1"],
        "six.example.com": ["::1"],
        "proxy.example.com": ["127.0.0.1"],
    }
    if name not in found:
        raise OSError(name)
    return found[name]


def proxy_at(kind: str, port: int, user: str = "", host: str = "127.0.0.1") -> Proxy:
    return parse_proxy(f"{kind}://{user}{'@' if user else ''}{host}:{port}")[0]


def through(
    proxy: Proxy,
    port: int,
    host: str = "mux.example.com",
    *,
    credentials: Credentials | None = None,
    timeouts: Timeouts = TIMEOUTS,
    overrides: dict[str, str] | None = None,
    trust: crypto.X509Store | None = None,
    dialer: Dialer | None = None,
    steps: StepRecorder | None = None,
) -> Tunnel:
    return open_tunnel(
        proxy,
        host,
        port,
        resolver=Resolver(overrides or {}, lookup=lookup, evidence=lambda _: ""),
        dialer=dialer or Dialer(timeouts),
        credentials=credentials or Credentials(),
        timeouts=timeouts,
        deadline=Deadline(20),
        steps=steps or StepRecorder(time.monotonic()),
        trust=trust,
    )


def end(tunnel: Tunnel) -> tuple[TunnelStep, FaultReason | None]:
    if tunnel.stream is not None:
        tunnel.stream.close()
    return tunnel.ended_at, tunnel.fault.reason if tunnel.fault else None
