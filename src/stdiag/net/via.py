"""The way of a whole run through one proxy: what connects and resolves as the direct way does, so that probes need not
know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from OpenSSL import crypto

from stdiag.model import Fault, FaultReason, Proxy, ProxyKind
from stdiag.net.byte_stream import ByteStream
from stdiag.net.credentials import Credentials
from stdiag.net.deadline import Deadline, Timeouts
from stdiag.net.dial import Dialer
from stdiag.net.faults import NetError
from stdiag.net.proxy_talk import TunnelStep
from stdiag.net.resolve import Resolver, ascii_name, is_address
from stdiag.net.trace import StepRecorder
from stdiag.net.tunnel import Tunnel, only_ipv4, open_tunnel


class TunnelResolver(Resolver):
    """Looks names up where the proxy's kind has it done: here, or not at all, so that the proxy is given the name."""

    def __init__(self, proxy: Proxy, overrides: Mapping[str, str]) -> None:
        """`overrides`: as Resolver takes them; they hold either way."""
        super().__init__(overrides)
        self._proxy = proxy

    def resolve(self, host: str, port: int, deadline: Deadline, steps: StepRecorder) -> list[tuple[str, int]]:
        """As Resolver.resolve; a name itself, in A-labels, where the proxy looks it up.

        Raises NetError: as Resolver.resolve, and no-ipv4 for what SOCKS4 cannot carry.
        """
        if self._proxy.resolves == "proxy" and not is_address(host) and not self.told(host, port):
            with steps.step("dns", "left to the proxy", peer=host):
                return [(ascii_name(host), port)]
        addresses = super().resolve(host, port, deadline, steps)
        if self._proxy.kind in (ProxyKind.SOCKS4, ProxyKind.SOCKS4A):
            return only_ipv4(addresses)
        return addresses


class TunnelDialer:
    """Makes its connections through a proxy."""

    def __init__(
        self,
        proxy: Proxy,
        *,
        resolver: Resolver,
        dialer: Dialer,
        credentials: Credentials,
        timeouts: Timeouts,
        trust: crypto.X509Store | None = None,
    ) -> None:
        """`resolver` looks the proxy itself up, and `dialer` connects to it."""
        self._proxy = proxy
        self._resolver = resolver
        self._dialer = dialer
        self._credentials = credentials
        self._timeouts = timeouts
        self._trust = trust

    def connect(self, address: str, port: int, deadline: Deadline, steps: StepRecorder) -> ByteStream:
        """A connection to `address`, which may be a name that the proxy looks up.

        Raises NetError: a proxy-… reason, whose words say where on the way it ended.
        """
        tunnel = open_tunnel(
            self._proxy,
            address,
            port,
            resolver=self._resolver,
            dialer=self._dialer,
            credentials=self._credentials,
            timeouts=self._timeouts,
            deadline=deadline,
            steps=steps,
            trust=self._trust,
        )
        if tunnel.stream is None:
            raise NetError(fault_on_the_way(tunnel, self._proxy))
        return tunnel.stream

    @contextmanager
    def place(self, address: str, port: int, deadline: Deadline, steps: StepRecorder) -> Iterator[None]:
        """As Dialer.place."""
        with self._dialer.place(address, port, deadline, steps):
            yield


_STAGES = {
    TunnelStep.TARGET_DNS: "looking the target up",
    TunnelStep.PROXY_DNS: "looking the proxy up",
    TunnelStep.PROXY_TCP: "connecting to the proxy",
    TunnelStep.PROXY_TLS: "the TLS handshake with the proxy",
    TunnelStep.GREETING: "greeting the proxy",
    TunnelStep.AUTH: "authenticating to the proxy",
    TunnelStep.REQUEST: "the proxy's verdict",
    TunnelStep.OPEN: "the open tunnel",
}

_UNCHANGED = frozenset({FaultReason.CANCELLED, FaultReason.LOCAL})


def fault_on_the_way(tunnel: Tunnel, proxy: Proxy) -> Fault:
    """Why there is no tunnel, as one fault that cannot be mistaken for one of the target's own."""
    fault = tunnel.fault or Fault(FaultReason.PROXY_CLOSED)
    said = ": ".join(part for part in (str(fault.reason), fault.words) if part)
    words = f"{_STAGES[tunnel.ended_at]} ({proxy}): {said}"
    reason = _reason(tunnel.ended_at, fault.reason)
    if reason is FaultReason.PROXY_REFUSED_REQUEST and _forbids(tunnel, proxy):
        reason = FaultReason.PROXY_DENIED
    schemes = ", ".join(tunnel.replies[-1].schemes) if tunnel.replies else ""
    seen = schemes or None if reason.startswith("proxy-auth-") else fault.seen
    return Fault(reason, words, fault.alert, seen, fault.reason if fault.reason is not reason else None)


def _forbids(tunnel: Tunnel, proxy: Proxy) -> bool:
    """True when the code that it answered means a rule and nothing else (RFC 9110 §15.5.4, RFC 1928 §6)."""
    status = tunnel.replies[-1].status if tunnel.replies else None
    return status == (403 if proxy.kind in (ProxyKind.HTTP, ProxyKind.HTTPS) else 2)


def _reason(ended_at: TunnelStep, reason: FaultReason) -> FaultReason:
    if reason in _UNCHANGED or reason.startswith("proxy-"):
        return reason
    match ended_at:
        case TunnelStep.TARGET_DNS:
            return reason
        case TunnelStep.PROXY_DNS:
            return FaultReason.PROXY_NAME
        case TunnelStep.PROXY_TCP:
            return FaultReason.PROXY_UNREACHABLE
        case TunnelStep.PROXY_TLS:
            return FaultReason.PROXY_TLS
        case TunnelStep.GREETING | TunnelStep.AUTH | TunnelStep.REQUEST | TunnelStep.OPEN:
            pass
    match reason:
        case FaultReason.SILENT | FaultReason.SLOW:
            return FaultReason.PROXY_SILENT
        case FaultReason.CLOSED | FaultReason.RESET:
            return FaultReason.PROXY_CLOSED
        case _:
            return FaultReason.PROXY_PROTOCOL
