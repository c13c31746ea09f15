"""One question to a web server: what comes is recorded as it is, redirects, refusals and broken bodies included.

The certificate is not verified here: the TLS probe judges it, and what a server answers is worth knowing whatever its
certificate is. Nothing is sent but the request: no cookies, no proxy of the environment, and no credentials unless
the caller puts them into `headers`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from stdiag.model import Fault, FaultReason, bracketed
from stdiag.net.faults import NetError
from stdiag.net.stage import Stage

if TYPE_CHECKING:
    from stdiag.net.byte_stream import ByteStream
    from stdiag.net.deadline import Deadline
    from stdiag.net.http_guard import Guard
    from stdiag.net.resolve import Resolver
    from stdiag.net.trace import StepRecorder


class WebAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    url: str
    stage: Stage
    """Where it ended: http when an answer was awaited, or came."""
    status: int | None = None
    headers: dict[str, str] = {}
    """Names in lower case; values of a repeated header are joined with commas (RFC 9110 §5.2)."""
    body: bytes = b""
    """With a fault and a status: the beginning, as far as it came and was wanted."""
    fault: Fault | None = None
    tls: bool = False
    """True: a TLS handshake was finished."""
    protocol: str | None = None
    """The TLS version that was agreed on, as OpenSSL calls it: TLSv1.3."""
    duration_us: int = 0
    waited_us: int = 0
    """Of these: from the connection that stood, TLS included, to the head of the answer; 0 when none came."""


def ask(
    url: str,
    deadline: Deadline,
    steps: StepRecorder,
    resolver: Resolver,
    *,
    headers: Mapping[str, str] = {},
    method: str = "GET",
    limit_bytes: int = 64 * 1024,
    pin: tuple[str, int] | None = None,
    connect_s: float = 5.0,
    over: ByteStream | None = None,
) -> WebAnswer:
    """One request to `url` (http or https), no redirect followed; never raises for what a network can do.

    `pin` is the address and port to connect to: Host and SNI stay the URL's. `over` is a connection that stands
    already, through a proxy say: it is used instead, and closed at the end. The deadline holds for everything
    together, also for a server that sends a byte now and then; `connect_s` for one TCP connect. At most
    `limit_bytes` of the body are kept; a longer one has the fault too-large.
    """
    started = time.monotonic()
    if (mistake := _mistake_in(url)) is not None:
        if over is not None:
            over.close()
        return WebAnswer(url=url, stage=Stage.NAME, fault=mistake)
    parts = urlsplit(url)
    status: int | None = None
    answer_headers: dict[str, str] = {}
    body = b""
    fault: Fault | None = None
    with _guard(deadline, steps, resolver, pin, connect_s, over) as guard:
        try:
            with steps.step("http", f"{method} {parts.path[:200] or '/'}", peer=_peer(parts.netloc, pin, over)) as note:
                status, answer_headers, body, fault = guard.ask(method, url, headers, limit_bytes)
                note.detail = f"status {status}, {len(body)} bytes"
                note.fault = fault
        except NetError as error:
            fault = error.fault
    return WebAnswer(
        url=url,
        stage=guard.stage,
        status=status,
        headers=answer_headers,
        body=body,
        fault=fault,
        tls=guard.tls_version is not None,
        protocol=guard.tls_version,
        duration_us=round((time.monotonic() - started) * 1_000_000),
        waited_us=guard.waited_us,
    )


def _mistake_in(url: str) -> Fault | None:
    """Why nobody is asked for `url`."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        return Fault(FaultReason.MALFORMED, f"not a URL: {error}")
    if "@" in parts.netloc:  # requests would make an Authorization header of it
        return Fault(FaultReason.FORBIDDEN_TARGET, "a URL with a user name in it")
    return None


def _guard(
    deadline: Deadline,
    steps: StepRecorder,
    resolver: Resolver,
    pin: tuple[str, int] | None,
    connect_s: float,
    over: ByteStream | None,
) -> Guard:
    # requests is imported when it is needed: it takes longer than a TLS handshake.
    if over is not None:
        from stdiag.net.http_over import OverGuard

        return OverGuard(over, deadline, steps, resolver)
    from stdiag.net.http_guard import Guard

    return Guard(deadline, steps, resolver, allow_private=True, pin=pin, connect_s=connect_s, any_tls=True)


def _peer(authority: str, pin: tuple[str, int] | None, over: ByteStream | None) -> str:
    if over is not None:
        return over.peer
    return f"{bracketed(pin[0])}:{pin[1]}" if pin else authority
