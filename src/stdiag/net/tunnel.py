"""Tunnels through a proxy: every step on the way is known, and everything that the proxy answered is kept.

A tunnel that the proxy calls open proves nothing yet: some proxies say so before they have connected, and web servers
say so who know no tunnels. Proof is the first byte of the target.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec
from OpenSSL import crypto

from stdiag.model import Fault, FaultReason, Proxy, ProxyKind, bracketed
from stdiag.net.byte_stream import ByteStream, Connects
from stdiag.net.credentials import Credentials, Secret, Turn
from stdiag.net.deadline import Deadline, Timeouts
from stdiag.net.faults import NetError, failed
from stdiag.net.http_connect import ask_connect
from stdiag.net.proxy_talk import ProxyReply, ProxyTalk, TunnelStep
from stdiag.net.resolve import Resolver, ascii_name, is_address
from stdiag.net.socks import ask_socks4, ask_socks4a, ask_socks5, greet_socks5
from stdiag.net.tls import TlsOffer, TlsResult, handshake
from stdiag.net.tls_stream import TlsStream
from stdiag.net.trace import StepRecorder

__all__ = ["ProxyReply", "Tunnel", "TunnelStep", "TunnelStream", "open_tunnel"]

TARGETS_AT_MOST = 4
"""Addresses of a target that are tried, one after the other, while the proxy refuses each."""
PROXIES_AT_MOST = 4
"""Addresses of the proxy that are tried."""


class Tunnel(msgspec.Struct, kw_only=True):
    """What came of it."""

    stream: ByteStream | None = None
    """The way to the target; None: `fault` says why there is none."""
    ended_at: TunnelStep
    replies: list[ProxyReply] = []
    """All that the proxy said, in its order; after a demand for a password and for each further address it is asked
    anew, on another connection."""
    resolved_by: Literal["here", "proxy"]
    target_address: str | None = None
    """The target as the proxy was told it: an address, or the name where the proxy looks it up."""
    proxy_address: str | None = None
    """The address of the proxy that was connected to."""
    tls: TlsResult | None = None
    """For an https proxy: the handshake with it. Its verification codes cover the proxy's name (62, 64)."""
    fault: Fault | None = None
    """At proxy-tcp and proxy-dns what the connect or the look-up brought; later silent, slow, closed, reset, or a
    proxy-… reason."""


class TunnelStream:
    """The way through an open tunnel: what the proxy said before is not counted, and what it read ahead comes first."""

    def __init__(self, inner: ByteStream, early: bytes, peer: str) -> None:
        """`early`: bytes of the target that came together with the proxy's answer."""
        self._inner = inner
        self._early = early
        self.peer = peer
        self.bytes_received = 0

    def recv(self, size: int, deadline: Deadline) -> bytes:
        """As ByteStream.recv."""
        if self._early:
            return self._take_early(size)
        try:
            data = self._inner.recv(size, deadline)
        except NetError as error:
            if error.fault.reason in (FaultReason.SILENT, FaultReason.SLOW):
                reason = FaultReason.SLOW if self.bytes_received else FaultReason.SILENT
                raise failed(reason, error.fault.words) from error
            raise
        self.bytes_received += len(data)
        return data

    def recv_waiting(self, size: int) -> bytes | None:
        """As ByteStream.recv_waiting."""
        if self._early:
            return self._take_early(size)
        data = self._inner.recv_waiting(size)
        self.bytes_received += len(data or b"")
        return data

    def send_all(self, data: bytes, deadline: Deadline) -> None:
        """As ByteStream.send_all."""
        self._inner.send_all(data, deadline)

    def close(self) -> None:
        """As ByteStream.close."""
        self._inner.close()

    def _take_early(self, size: int) -> bytes:
        data, self._early = self._early[:size], self._early[size:]
        self.bytes_received += len(data)
        return data


def open_tunnel(
    proxy: Proxy,
    host: str,
    port: int,
    *,
    resolver: Resolver,
    dialer: Connects,
    credentials: Credentials,
    timeouts: Timeouts,
    deadline: Deadline,
    steps: StepRecorder,
    trust: crypto.X509Store | None = None,
) -> Tunnel:
    """A tunnel through `proxy` to `host` (a name or an address). Never raises for what a network can do.

    A --resolve for the target holds through every proxy. Connecting takes at most `timeouts.connect` for each address
    of the proxy, TLS with it `timeouts.step`, and all its verdicts together `timeouts.proxy`. A password is sent only
    after the proxy has asked for it; to an https proxy, only when its certificate is verified with `trust`.
    """
    opening = _Opening(proxy, resolver, dialer, credentials, timeouts, deadline, steps, trust)
    try:
        opening.tunnel.stream = opening.open(host, port)
        opening.tunnel.ended_at = TunnelStep.OPEN
    except NetError as error:
        opening.tunnel.fault = error.fault
    return opening.tunnel


class _Opening:
    """One tunnel in the making."""

    def __init__(
        self,
        proxy: Proxy,
        resolver: Resolver,
        dialer: Connects,
        credentials: Credentials,
        timeouts: Timeouts,
        deadline: Deadline,
        steps: StepRecorder,
        trust: crypto.X509Store | None,
    ) -> None:
        self._proxy = proxy
        self._resolver = resolver
        self._dialer = dialer
        self._credentials = credentials
        self._timeouts = timeouts
        self._deadline = deadline
        self._steps = steps
        self._trust = trust
        self._verdict: Deadline | None = None
        self.tunnel = Tunnel(ended_at=TunnelStep.TARGET_DNS, resolved_by=proxy.resolves)

    def open(self, host: str, port: int) -> TunnelStream:
        """Raises NetError; the tunnel then says at which step."""
        targets = self._targets(host, port)[:TARGETS_AT_MOST]
        for address, own_port in targets[:-1]:
            try:
                return self._through(address, own_port)
            except NetError as error:
                if error.fault.reason is not FaultReason.PROXY_REFUSED_REQUEST or self._verdict_deadline().expired:
                    raise
        return self._through(*targets[-1])

    def _targets(self, host: str, port: int) -> list[tuple[str, int]]:
        """What the proxy is to be asked for: one of these."""
        known = self._resolver.told(host, port)
        if known or is_address(host):
            self.tunnel.resolved_by = "here"
        if not known and self.tunnel.resolved_by == "proxy":
            return [(ascii_name(host), port)]
        addresses = known or self._resolver.resolve(host, port, self._deadline, self._steps)
        if self._proxy.kind in (ProxyKind.SOCKS4, ProxyKind.SOCKS4A):
            addresses = only_ipv4(addresses)
        return addresses

    def _through(self, address: str, port: int) -> TunnelStream:
        """Asks the proxy for one address; again on another connection once it has asked for a password."""
        self.tunnel.target_address = address
        if self._credentials.may_send(self._proxy):
            return self._asked(address, port, Turn.ACCEPTED)
        try:
            return self._asked(address, port, None)
        except NetError as error:
            if error.fault.reason is not FaultReason.PROXY_AUTH_REQUIRED:
                raise
            turn = self._password_turn(error.fault)
        return self._asked(address, port, turn)

    def _password_turn(self, demand: Fault) -> Turn:
        """The right to send the password that the proxy asks for. Raises NetError when there is none."""
        # An HTTP proxy answers about the password and the target in one: those who wait for the verdict would wait
        # for a dead target.
        patience = self._timeouts.connect if self._proxy.kind in (ProxyKind.HTTP, ProxyKind.HTTPS) else None
        if self._secret() is not None:
            self.tunnel.ended_at = TunnelStep.AUTH
        turn = self._credentials.wait_for_turn(self._proxy, self._verdict_deadline(), patience)
        match turn:
            case Turn.NO_PASSWORD:
                raise NetError(demand)
            case Turn.REJECTED:
                words = "the password is not sent again: the proxy has rejected it in this run"
                raise failed(FaultReason.PROXY_AUTH_REJECTED, words)
            case Turn.WITHHELD | Turn.WAIT:
                words = "the password is not sent again: each time it was, the proxy ended the connection"
                raise failed(FaultReason.PROXY_AUTH_REQUIRED, words)
            case Turn.FIRST | Turn.ACCEPTED:
                return turn

    def _asked(self, address: str, port: int, turn: Turn | None) -> TunnelStream:
        """One connection to the proxy and one request. `turn` FIRST or ACCEPTED: the password may be sent."""
        told = False

        def on_verdict(accepted: bool) -> None:
            nonlocal told
            told = True
            (self._credentials.accepted if accepted else self._credentials.rejected)(self._proxy)

        ended = False
        try:
            stream = self._connected()
            try:
                return self._negotiated(stream, address, port, self._secret() if turn else None, on_verdict)
            except BaseException:
                stream.close()
                raise
        except NetError as error:
            ended = error.fault.reason in (FaultReason.CLOSED, FaultReason.RESET)
            raise
        finally:
            if turn is Turn.FIRST and not told:
                sent = any(reply.sent_credentials for reply in self.tunnel.replies)
                self._credentials.no_verdict(self._proxy, ended=ended and sent)

    def _negotiated(
        self, stream: ByteStream, address: str, port: int, password: Secret | None, on_verdict: Callable[[bool], None]
    ) -> TunnelStream:
        proxy, tunnel = self._proxy, self.tunnel
        if password is not None and tunnel.tls is not None and tunnel.tls.verify_errors:
            tunnel.ended_at = TunnelStep.AUTH
            words = "the password is not sent: the proxy's certificate is not verified"
            raise failed(FaultReason.PROXY_AUTH_REQUIRED, words)
        talk = ProxyTalk(stream, self._verdict_deadline(), tunnel.replies)
        target = f"{bracketed(address)}:{port}"
        try:
            with self._steps.step("proxy", f"ask {proxy.kind} for {target}", peer=stream.peer) as note:
                match proxy.kind:
                    case ProxyKind.HTTP | ProxyKind.HTTPS:
                        ask_connect(talk, address, port, proxy.user, password, on_verdict)
                    case ProxyKind.SOCKS4 | ProxyKind.SOCKS4A if is_address(address):
                        ask_socks4(talk, address, port, proxy.user)
                    case ProxyKind.SOCKS4 | ProxyKind.SOCKS4A:
                        ask_socks4a(talk, address, port, proxy.user)
                    case ProxyKind.SOCKS5 | ProxyKind.SOCKS5H:
                        offered = self._secret() is not None
                        greet_socks5(talk, proxy.user, password, offer_password=offered, on_verdict=on_verdict)
                        ask_socks5(talk, address, port)
                note.detail = "granted"
        finally:
            tunnel.ended_at = talk.step
        return TunnelStream(stream, talk.leftover, f"{target} via {proxy}")

    def _connected(self) -> ByteStream:
        """A connection to the proxy, with TLS where it is an https proxy."""
        proxy, tunnel = self._proxy, self.tunnel
        tunnel.ended_at = TunnelStep.PROXY_DNS
        addresses = self._resolver.resolve(proxy.host, proxy.port, self._deadline, self._steps)
        tunnel.ended_at = TunnelStep.PROXY_TCP
        stream = self._first_connected(addresses[:PROXIES_AT_MOST])
        if proxy.kind is not ProxyKind.HTTPS:
            return stream
        tunnel.ended_at = TunnelStep.PROXY_TLS
        server_name = None if is_address(proxy.host) else proxy.host
        offer = TlsOffer(label="to the proxy", server_name=server_name, alpn=("http/1.1",))
        deadline = self._deadline.within(self._timeouts.step)
        with self._steps.step("tls", "TLS handshake with the proxy", stream.peer) as note:
            session = handshake(stream, offer, deadline, self._trust, name=proxy.host)
            note.fault = session.result.fault
        tunnel.tls = session.result
        if session.result.fault is not None:
            session.close()
            raise NetError(session.result.fault)
        return TlsStream(session, stream.peer)

    def _first_connected(self, addresses: list[tuple[str, int]]) -> ByteStream:
        first: NetError | None = None
        for address, port in addresses:
            try:
                stream = self._dialer.connect(address, port, self._deadline, self._steps)
            except NetError as error:
                # That this machine has no route to one of the addresses says less than what another one answered.
                if first is None or first.fault.reason is FaultReason.UNREACHABLE:
                    first = error
                continue
            self.tunnel.proxy_address = address
            return stream
        raise first or failed(FaultReason.NAME_NOT_FOUND)

    def _verdict_deadline(self) -> Deadline:
        """One for all that this tunnel waits for at the proxy, from the first time that it waits."""
        if self._verdict is None:
            self._verdict = self._deadline.within(self._timeouts.proxy)
        return self._verdict

    def _secret(self) -> Secret | None:
        return self._credentials.for_proxy(self._proxy)


def only_ipv4(addresses: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The addresses that SOCKS4 can carry. Raises NetError no-ipv4 when there is none."""
    found = [(address, port) for address, port in addresses if ":" not in address]
    if not found:
        raise failed(FaultReason.NO_IPV4, ", ".join(address for address, _ in addresses))
    return found
