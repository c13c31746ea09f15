"""One path on the way: what it has, what it has found so far, and the connections that it makes."""

from __future__ import annotations

import copy
import time

from stdiag.model import Fault, Proxy, bracketed
from stdiag.net.byte_stream import ByteStream
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError
from stdiag.net.local_address import local_address_to
from stdiag.net.resolve import is_address
from stdiag.net.tls import TlsOffer, TlsResult
from stdiag.net.tunnel import ProxyReply, Tunnel, TunnelStep, open_tunnel
from stdiag.pki.trust import TrustStore
from stdiag.probes.contract import Tools
from stdiag.probes.paths.observation import HopReply, PathObservation, ProxyTls
from stdiag.probes.paths.spec import PathSpec
from stdiag.probes.shared.record import handshake_record

ADDRESSES_AT_MOST = 4

SHOWN_HEADERS = frozenset(
    {
        "server",
        "via",
        "location",
        "content-type",
        "content-length",
        "proxy-authenticate",
        "www-authenticate",
        "x-squid-error",
        "x-cache",
        "proxy-agent",
        "connection",
    }
)
"""Headers that tell who answered. Others may hold cookies and tokens."""

_HEADER_LIMIT = 400


class Walk:
    """One path to one port. Belongs to one thread, but for what several connections beside one another record."""

    def __init__(self, host: str, spec: PathSpec, tools: Tools, store: TrustStore | None) -> None:
        self.host = host
        self.spec = spec
        self.tools = tools
        self.trust = store.openssl_store() if store else None
        self.finished = False
        self.proxy_tls: ProxyTls | None = None
        self._started = time.monotonic()
        self.observed = PathObservation(
            path=spec.path,
            port=spec.port,
            system=spec.system,
            expected=spec.expected,
            implied=spec.implied,
            resolved_by=spec.path.resolves,
        )

    @property
    def server_name(self) -> str | None:
        """The name for SNI: never an address (RFC 6066 §3)."""
        return None if is_address(self.host) else self.host

    def step_deadline(self) -> Deadline:
        """For one answer of what stands at the end."""
        return self.tools.deadline.within(self.tools.timeouts.step)

    def finish(self) -> None:
        """All is recorded."""
        self.observed.duration_us = round((time.monotonic() - self._started) * 1_000_000)
        self.finished = True

    def snapshot(self) -> PathObservation:
        """What is recorded now; a walk that hangs may go on with its own."""
        return self.observed if self.finished else copy.copy(self.observed)

    def connect(self, *, first: bool) -> ByteStream | None:
        """A connection to the path's end; None when there is none. `first`: what happens is recorded."""
        proxy = self.spec.proxy
        return self._direct(first=first) if proxy is None else self._tunnelled(proxy, first=first)

    def _direct(self, *, first: bool) -> ByteStream | None:
        tools = self.tools
        try:
            addresses = tools.resolver.resolve(self.host, self.spec.port, tools.deadline, tools.steps)
        except NetError as error:
            if first:
                self.observed.fault = error.fault
            return None
        fault: Fault | None = None
        for address, port in addresses[:ADDRESSES_AT_MOST]:
            try:
                stream = tools.dialer.connect(address, port, tools.deadline, tools.steps)
            except NetError as error:
                fault = fault or error.fault
                if first and self.observed.target_address is None:
                    self.observed.target_address = address
                continue
            if first:
                self.observed.target_address = address
                self.observed.local_address = local_address_to(address, port)
            return stream
        if first:
            self.observed.fault = fault
        return None

    def _tunnelled(self, proxy: Proxy, *, first: bool) -> ByteStream | None:
        tools = self.tools
        tunnel = open_tunnel(
            proxy,
            self.host,
            self.spec.port,
            resolver=tools.resolver,
            dialer=tools.dialer,
            credentials=tools.credentials,
            timeouts=tools.timeouts,
            deadline=tools.deadline,
            steps=tools.steps,
            trust=self.trust,
        )
        if first:
            self._record(tunnel, proxy)
        return tunnel.stream

    def _record(self, tunnel: Tunnel, proxy: Proxy) -> None:
        observed = self.observed
        observed.ended_at = tunnel.ended_at.value
        observed.fault = tunnel.fault if tunnel.ended_at is not TunnelStep.OPEN else None
        observed.resolved_by = tunnel.resolved_by
        observed.target_address = tunnel.target_address
        observed.replies = [_hop_reply(reply) for reply in tunnel.replies]
        if tunnel.tls is not None:
            self.record_proxy_tls(proxy, tunnel.tls)

    def record_proxy_tls(self, proxy: Proxy, result: TlsResult) -> None:
        """A handshake with the proxy itself."""
        offer = TlsOffer(label="to the proxy", server_name=None if is_address(proxy.host) else proxy.host)
        self.proxy_tls = ProxyTls(host=proxy.host, port=proxy.port, handshake=handshake_record(offer, result))

    @property
    def authority(self) -> str:
        """HOST:PORT of the server, as a request names it."""
        return f"{bracketed(self.host)}:{self.spec.port}"


def shown_headers(headers: dict[str, str]) -> dict[str, str]:
    """Those that may be kept."""
    return {name: value[:_HEADER_LIMIT] for name, value in headers.items() if name in SHOWN_HEADERS}


def _hop_reply(reply: ProxyReply) -> HopReply:
    return HopReply(
        step=reply.step.value,
        received=reply.received.hex(),
        status=reply.status,
        headers=shown_headers(reply.headers),
        schemes=reply.schemes,
        sent_credentials=reply.sent_credentials,
        fault=reply.fault,
    )
