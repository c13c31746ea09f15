"""What is asked over a finished handshake: requests that deliver nothing and change nothing."""

from __future__ import annotations

import html
import re
import time

import msgspec

from stdiag import __version__
from stdiag.model import FaultReason
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError
from stdiag.net.http2 import Http2Answer, Http2Request, ask_http2
from stdiag.net.http_glance import HttpAnswer, exchange
from stdiag.net.tls import TlsSession
from stdiag.probes.push.observation import Farewell, PushExchange
from stdiag.probes.push.services import IMPOSSIBLE_TOKEN, REQUEST_BODY

_LONGEST = 300
_TITLE = re.compile(rb"<title[^>]*>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
_HTTP_1 = "http/1.1"
_QUIET_S = 1.0
"""Seconds that the old interface, which is silent when it is content, is listened to."""

# A request that each service refuses in a way of its own; others are asked as the first one.
_GOOGLE_REQUESTS = {
    "oauth2.googleapis.com": ("POST", "/token"),
    "accounts.google.com": ("GET", "/.well-known/openid-configuration"),
    "iid.googleapis.com": ("GET", "/iid/info/0"),
}
_FCM_REQUEST = ("POST", "/v1/projects/stdiag/messages:send")


def ask_apns(session: TlsSession, host: str, topic: str | None, deadline: Deadline) -> PushExchange:
    """A message without content to a device that cannot exist, over HTTP/2."""
    path = f"/3/device/{IMPOSSIBLE_TOKEN}"
    headers = [
        ("apns-push-type", "background"),
        ("apns-priority", "5"),
        ("content-type", "application/json"),
        ("user-agent", f"stdiag/{__version__}"),
    ]
    if topic is not None and topic.isascii() and topic.isprintable():
        headers.append(("apns-topic", topic))
    request = Http2Request(method="POST", authority=host, path=path, headers=headers, body=REQUEST_BODY)
    started = time.monotonic()
    answer = ask_http2(session, request, deadline)
    return _of_http2(answer, f"POST {path}", started)


def ask_page(session: TlsSession, method: str, path: str, host: str, body: bytes, deadline: Deadline) -> PushExchange:
    """One HTTP/1.1 request without credentials."""
    head = [
        f"{method} {path} HTTP/1.1",
        f"Host: {host}",
        f"User-Agent: stdiag/{__version__}",
        "Accept: application/json",
        "Connection: close",
    ]
    if method == "POST":
        head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    request = "\r\n".join([*head, "", ""]).encode("ascii", "replace") + (body if method == "POST" else b"")
    asked = f"{method} {path}"
    started = time.monotonic()
    try:
        answer = exchange(session, request, deadline)
    except NetError as error:
        return PushExchange(protocol=_HTTP_1, asked=asked, fault=error.fault, waited_us=_us_since(started))
    return _of_http1(answer, asked, started)


def ask_google(session: TlsSession, host: str, deadline: Deadline) -> PushExchange:
    """A request that the service refuses for want of a token."""
    method, path = _GOOGLE_REQUESTS.get(host, _FCM_REQUEST)
    return ask_page(session, method, path, host, b"{}", deadline)


def listen(session: TlsSession, deadline: Deadline) -> PushExchange:
    """Sends nothing: the old interface is silent when it is content, and a refusal comes at the first read."""
    record = PushExchange(protocol="binary", asked="nothing")
    started = time.monotonic()
    try:
        if not session.read(64, deadline.within(_QUIET_S)):
            record.spoken = "closed"
    except NetError as error:
        if error.fault.reason not in (FaultReason.SILENT, FaultReason.SLOW):
            record.fault = error.fault
    record.waited_us = _us_since(started)
    return record


def _of_http2(answer: Http2Answer, asked: str, started: float) -> PushExchange:
    reason = _reason(answer.body)
    if reason is None and answer.goaway is not None:
        reason = _reason(answer.goaway.debug.encode()) or _word(answer.goaway.debug)
    return PushExchange(
        protocol="h2" if answer.spoken is None else answer.spoken,
        asked=asked,
        settings_received=answer.settings_received,
        status=answer.status,
        apns_id="apns-id" in answer.headers,
        server=_header(answer.headers, "server"),
        content_type=_header(answer.headers, "content-type"),
        reason=reason,
        title=_title(answer.body),
        spoken=answer.spoken,
        is_json=_is_json(answer.body),
        goaway=Farewell(error=answer.goaway.error, debug=answer.goaway.debug[:_LONGEST]) if answer.goaway else None,
        reset=answer.reset,
        fault=answer.fault,
        waited_us=_us_since(started),
    )


def _of_http1(answer: HttpAnswer, asked: str, started: float) -> PushExchange:
    # Bodies come chunked or not: the braces are all that matters.
    braces = answer.body[answer.body.find(b"{") : answer.body.rfind(b"}") + 1]
    return PushExchange(
        protocol=_HTTP_1,
        asked=asked,
        status=answer.status,
        apns_id="apns-id" in answer.headers,
        server=_header(answer.headers, "server"),
        content_type=_header(answer.headers, "content-type"),
        title=_title(answer.body),
        is_json=_is_json(braces) or "json" in answer.headers.get("content-type", ""),
        waited_us=_us_since(started),
    )


class _Reason(msgspec.Struct):
    reason: str


def _reason(body: bytes) -> str | None:
    """Apple's word for what is wrong: letters only, so that nothing else comes in by this door."""
    try:
        return _word(msgspec.json.decode(body, type=_Reason).reason)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None


def _word(text: str) -> str | None:
    return text if text.isascii() and text.isalnum() and len(text) <= 64 else None


def _is_json(body: bytes) -> bool:
    try:
        return isinstance(msgspec.json.decode(body), dict)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def _title(body: bytes) -> str | None:
    found = _TITLE.search(body)
    return " ".join(html.unescape(found[1].decode("utf-8", "replace")).split())[:_LONGEST] or None if found else None


def _header(headers: dict[str, str], name: str) -> str | None:
    return headers.get(name, "")[:_LONGEST] or None


def _us_since(moment: float) -> int:
    return round((time.monotonic() - moment) * 1_000_000)
