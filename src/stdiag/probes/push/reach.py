"""The way to one endpoint: all its addresses side by side, or through a proxy."""

from __future__ import annotations

import queue
import threading
import time

from stdiag.model import FaultReason, Proxy
from stdiag.net.byte_stream import ByteStream
from stdiag.net.deadline import CANCEL_SLICE
from stdiag.net.faults import NetError
from stdiag.net.proxy_talk import ProxyReply
from stdiag.net.tunnel import open_tunnel
from stdiag.probes.contract import Tools
from stdiag.probes.push.observation import ConnectAttempt, ProxyAnswer, ProxyWay, PushObservation

ADDRESSES_AT_MOST = 4


def reach(observation: PushObservation, host: str, port: int, proxy: Proxy | None, tools: Tools) -> ByteStream | None:
    """A connection to HOST:PORT; None: `observation` says why there is none."""
    if proxy is not None:
        return _through(observation, host, port, proxy, tools)
    started = time.monotonic()
    try:
        addresses = tools.resolver.resolve(host, port, tools.deadline, tools.steps)
    except NetError as error:
        observation.name_fault = error.fault
        observation.name_waited_us = _us_since(started)
        return None
    race = _Race(_spread(addresses)[:ADDRESSES_AT_MOST], tools)
    stream = race.run()
    observation.attempts = race.attempts
    observation.address = race.winner
    return stream


def _through(observation: PushObservation, host: str, port: int, proxy: Proxy, tools: Tools) -> ByteStream | None:
    store = next((store for store in tools.trust if store.count), None)
    tunnel = open_tunnel(
        proxy,
        host,
        port,
        resolver=tools.resolver,
        dialer=tools.dialer,
        credentials=tools.credentials,
        timeouts=tools.timeouts,
        deadline=tools.deadline,
        steps=tools.steps,
        trust=store.openssl_store() if store else None,
    )
    observation.way = ProxyWay(
        proxy=str(proxy),
        host=proxy.host,
        port=proxy.port,
        ended_at=tunnel.ended_at,
        replies=[_answer(reply) for reply in tunnel.replies],
        resolved_by=tunnel.resolved_by,
        fault=tunnel.fault,
    )
    observation.address = tunnel.target_address if tunnel.stream is not None else None
    return tunnel.stream


def _answer(reply: ProxyReply) -> ProxyAnswer:
    return ProxyAnswer(
        step=reply.step,
        received=reply.received.hex(),
        status=reply.status,
        schemes=reply.schemes,
        sent_credentials=reply.sent_credentials,
        x_squid_error=reply.headers.get("x-squid-error"),
    )


def _spread(addresses: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """IPv4 and IPv6 by turns, so that a dead family does not take all the places."""
    old = [one for one in addresses if ":" not in one[0]]
    new = [one for one in addresses if ":" in one[0]]
    pairs = [pair for both in zip(old, new, strict=False) for pair in both]
    return pairs + old[len(new) :] + new[len(old) :]


class _Race:
    """Connects to all addresses at a time; the first one to stand is taken, and the others are given up."""

    def __init__(self, addresses: list[tuple[str, int]], tools: Tools) -> None:
        self._addresses = addresses
        self._tools = tools
        self._lock = threading.Lock()
        self._decided = False
        self._ended: queue.SimpleQueue[tuple[ConnectAttempt, ByteStream | None]] = queue.SimpleQueue()
        self.attempts: list[ConnectAttempt] = []
        self.winner: str | None = None

    def run(self) -> ByteStream | None:
        for address, port in self._addresses:
            threading.Thread(target=self._connect, args=(address, port), daemon=True).start()
        while len(self.attempts) < len(self._addresses) and not self._tools.deadline.cancelled:
            try:
                attempt, stream = self._ended.get(timeout=CANCEL_SLICE)
            except queue.Empty:
                if self._tools.deadline.overstayed(0.5):
                    break
                continue
            self.attempts.append(attempt)
            if stream is not None:
                self.winner = attempt.address
                return stream
        with self._lock:
            self._decided = True
        return None

    def _connect(self, address: str, port: int) -> None:
        started = time.monotonic()
        attempt = ConnectAttempt(address=address, port=port)
        stream: ByteStream | None = None
        try:
            stream = self._tools.dialer.connect(address, port, self._tools.deadline, self._tools.steps)
        except NetError as error:
            attempt.fault = error.fault
        attempt.waited_us = _us_since(started)
        with self._lock:
            late = self._decided
            self._decided = self._decided or stream is not None
        if late and stream is not None:
            stream.close()
            stream = None
        if not late:
            self._ended.put((attempt, stream))


def telling(attempts: list[ConnectAttempt]) -> ConnectAttempt | None:
    """The failed attempt that says the most: that this machine has no route to an address says the least."""
    failed = [attempt for attempt in attempts if attempt.fault is not None]
    return min(failed, key=lambda one: bool(one.fault and one.fault.reason is FaultReason.UNREACHABLE), default=None)


def _us_since(moment: float) -> int:
    return round((time.monotonic() - moment) * 1_000_000)
