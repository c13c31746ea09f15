"""Fetches a small file over HTTP on the word of a stranger's certificate (caIssuers, RFC 5280 §4.2.2.1).

Nothing is sent but the request: no credentials, no cookies, no proxy of the environment. The certificates of https
servers are not verified here, because what is fetched proves itself: a certificate is taken for an issuer only when
its key verifies the signature that it is meant to have made.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin, urlsplit

import msgspec

from stdiag.model import Fault, FaultReason, Proxy
from stdiag.net.credentials import Credentials
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError, failed
from stdiag.net.resolve import Resolver
from stdiag.net.trace import StepRecorder

if TYPE_CHECKING:
    from stdiag.net.http_guard import Guard

_MAX_URL = 2048
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Detour(msgspec.Struct, frozen=True, eq=False):
    """A proxy that requests go through."""

    proxy: Proxy
    resolver: Resolver
    """Looks the proxy itself up."""
    credentials: Credentials


class FetchResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    url: str
    final_url: str
    """The last one that was asked: where redirects led to, or `url` itself."""
    status: int | None = None
    """Of the last answer."""
    body: bytes = b""
    """Empty when there is a fault."""
    fault: Fault | None = None
    duration_us: int = 0


def fetch(
    url: str,
    deadline: Deadline,
    steps: StepRecorder,
    *,
    limit_bytes: int = 1 << 20,
    max_redirects: int = 5,
    allow_private: bool = False,
    resolver: Resolver | None = None,
    detour: Detour | None = None,
) -> FetchResult:
    """Fetches `url` (http or https) and follows redirects; never raises for what a network can do.

    Contacts no link-local and no multicast address, and this machine or private networks only with `allow_private`
    (forbidden-target): the URL is a stranger's word, and the answer would tell the stranger what is inside. The
    deadline holds for everything together, also for a server that sends a byte now and then. Through a `detour` that
    looks names up itself, what a name stands for is not known here: then only names without a dot are kept out.
    """
    started = time.monotonic()
    at = url
    status: int | None = None
    body = b""
    fault: Fault | None = None
    with _guard(deadline, steps, resolver or Resolver({}), detour, allow_private=allow_private) as guard:
        try:
            _check_url(at, redirected=False)
            visited: set[str] = set()
            while True:
                visited.add(at)
                status, location, body = _get(guard, at, limit_bytes, steps)
                if location is None:
                    break
                at = _next_url(at, location, visited, max_redirects)
            if status != 200:
                body = b""
                fault = Fault(FaultReason.HTTP_STATUS, f"status {status}")
        except NetError as error:
            fault = error.fault
    return FetchResult(
        url=url,
        final_url=at,
        status=status,
        body=body if fault is None else b"",
        fault=fault,
        duration_us=round((time.monotonic() - started) * 1_000_000),
    )


def _guard(
    deadline: Deadline, steps: StepRecorder, resolver: Resolver, detour: Detour | None, *, allow_private: bool
) -> Guard:
    # requests is imported when it is needed: it takes longer than a TLS handshake.
    if detour is None:
        from stdiag.net.http_guard import Guard

        return Guard(deadline, steps, resolver, allow_private=allow_private)
    from stdiag.net.http_detour import DetourGuard

    return DetourGuard(deadline, steps, resolver, detour, allow_private=allow_private)


def _get(guard: Guard, url: str, limit: int, steps: StepRecorder) -> tuple[int, str | None, bytes]:
    """(status, where a redirect leads to, body)."""
    with steps.step("http", f"GET {url[:200]}", peer=urlsplit(url).netloc) as note:
        status, location, body = guard.get(url, limit)
        note.detail = f"status {status}, {len(body)} bytes"
        return status, location if status in _REDIRECTS else None, body


def _check_url(url: str, *, redirected: bool) -> None:
    if len(url) > _MAX_URL:
        raise failed(FaultReason.MALFORMED, f"a URL of more than {_MAX_URL} characters")
    if any(character <= " " or character == "\x7f" for character in url):
        raise failed(FaultReason.MALFORMED, "a URL with a space or a control character")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise failed(FaultReason.MALFORMED, f"not a URL: {error}") from error
    if parts.scheme not in ("http", "https"):
        reason = FaultReason.REDIRECT if redirected else FaultReason.FORBIDDEN_TARGET
        raise failed(reason, f"only http and https are followed, not {parts.scheme[:20] or 'a URL without a scheme'}")
    if "@" in parts.netloc:
        raise failed(FaultReason.FORBIDDEN_TARGET, "a URL with a user name in it")
    if not host:
        raise failed(FaultReason.MALFORMED, "a URL without a host")


def _next_url(at: str, location: str, visited: set[str], max_redirects: int) -> str:
    try:
        url = urldefrag(urljoin(at, location)).url
    except ValueError as error:
        raise failed(FaultReason.MALFORMED, f"not a URL: {error}") from error
    _check_url(url, redirected=True)
    if url in visited:
        raise failed(FaultReason.REDIRECT, "a loop")
    if len(visited) > max_redirects:
        raise failed(FaultReason.REDIRECT, f"more than {max_redirects} redirects")
    return url
