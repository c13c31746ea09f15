"""SOCKS 4, 4a and 5 as a client speaks them, with every byte of the replies kept.

Sources: RFC 1928 (SOCKS5), RFC 1929 (user and password), and the SOCKS4 and SOCKS4A memos of Ying-Da Lee.
"""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Callable
from typing import NoReturn

from stdiag.model import FaultReason
from stdiag.net.credentials import Secret
from stdiag.net.faults import NetError, failed
from stdiag.net.proxy_talk import ProxyTalk, TunnelStep

SOCKS4_GRANTED = 0x5A
SOCKS5_REPLIES = {
    0: "granted",
    1: "general failure",
    2: "not allowed by its rules",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "time over on the way (TTL expired)",
    7: "command not supported",
    8: "kind of address not supported",
}
"""RFC 1928 §6."""

_SOCKS4_REPLIES = {
    0x5B: "rejected or failed",
    0x5C: "it could not ask this machine's identd",
    0x5D: "identd names another user",
}
_METHODS = {0: "none", 1: "GSSAPI", 2: "user and password", 0xFF: "none of those offered"}

_NO_METHOD = 0xFF
_PASSWORD_METHOD = 2

# After a refusal's code its remaining bytes say nothing more: they are kept if they come soon.
_REST_S = 0.3


def ask_socks4(talk: ProxyTalk, address: str, port: int, user: str | None) -> None:
    """Asks for a connection to `address`, an IPv4 address. Raises NetError: why there is none."""
    _ask_socks4(talk, ipaddress.IPv4Address(address).packed, port, user, b"")


def ask_socks4a(talk: ProxyTalk, name: str, port: int, user: str | None) -> None:
    """Asks for a connection to `name` (in A-labels), which the proxy looks up. Raises NetError: why there is none."""
    _ask_socks4(talk, b"\0\0\0\1", port, user, name.encode("ascii") + b"\0")


def _ask_socks4(talk: ProxyTalk, address: bytes, port: int, user: str | None, name: bytes) -> None:
    talk.say(b"\4\1" + port.to_bytes(2, "big") + address + (user or "").encode("utf-8") + b"\0" + name)
    with talk.reply(TunnelStep.REQUEST) as reply:
        version, code = talk.exactly(2)
        # The memo says 0; some servers answer with the 4 of the request.
        if version not in (0, 4) or not SOCKS4_GRANTED <= code <= SOCKS4_GRANTED + 3:
            talk.foreign()
        reply.status = code
        if code == SOCKS4_GRANTED:
            talk.exactly(6)
            return
        _take_rest(talk, 6)
        reason = FaultReason.PROXY_REFUSED_REQUEST if code == 0x5B else FaultReason.PROXY_AUTH_REJECTED
        raise failed(reason, f"SOCKS4 reply {code:#04x}: {_SOCKS4_REPLIES[code]}")


def greet_socks5(
    talk: ProxyTalk,
    user: str | None,
    password: Secret | None,
    *,
    offer_password: bool,
    on_verdict: Callable[[bool], None],
) -> None:
    """Agrees on a way of authentication, and authenticates. Raises NetError: proxy-auth-required when the proxy wants
    a password and `password` is None, proxy-auth-rejected, proxy-auth-method, or what the connection did.

    `offer_password`: name that way although there may be no `password` to send now; `on_verdict` hears whether the
    password was taken.
    """
    methods = b"\0\2" if offer_password else b"\0"
    talk.say(b"\5" + bytes([len(methods)]) + methods)
    with talk.reply(TunnelStep.GREETING) as reply:
        version, method = talk.exactly(2)
        if version != 5:
            talk.foreign()
        reply.status = method
        reply.schemes = [_METHODS.get(method, f"method {method}")] if method != _NO_METHOD else []
        if method == _NO_METHOD:
            reason = FaultReason.PROXY_AUTH_METHOD if offer_password else FaultReason.PROXY_AUTH_REQUIRED
            raise failed(reason, f"SOCKS5 method 0xff: {_METHODS[_NO_METHOD]}")
        if method not in methods:
            raise failed(FaultReason.PROXY_AUTH_METHOD, f"SOCKS5 method {method:#04x}, which was not offered")
        if method == _PASSWORD_METHOD and password is None:
            raise failed(FaultReason.PROXY_AUTH_REQUIRED, "SOCKS5 method 0x02: user and password")
    if method == _PASSWORD_METHOD and password is not None:
        _send_password(talk, user or "", password, on_verdict)


def _send_password(talk: ProxyTalk, user: str, password: Secret, on_verdict: Callable[[bool], None]) -> None:
    """RFC 1929 §2. The reply's version is 1; servers that say 5 there exist, and mean the same."""
    name, word = user.encode("utf-8"), password.reveal().encode("utf-8")
    if not 1 <= len(name) <= 255 or not 1 <= len(word) <= 255:
        raise failed(FaultReason.LOCAL, "user and password must have 1 to 255 bytes for SOCKS5 (RFC 1929)")
    talk.say(b"\1" + bytes([len(name)]) + name + bytes([len(word)]) + word)
    with talk.reply(TunnelStep.AUTH, sent_credentials=True) as reply:
        version, status = talk.exactly(2)
        if version not in (1, 5):
            talk.foreign()
        reply.status = status
        on_verdict(status == 0)
        if status:
            raise failed(FaultReason.PROXY_AUTH_REJECTED, f"RFC 1929 status {status:#04x}")


def ask_socks5(talk: ProxyTalk, host: str, port: int) -> None:
    """Asks for a connection to `host`: an address, or a name (in A-labels) that the proxy looks up.

    To be called after greet_socks5. Raises NetError: why there is none.
    """
    talk.say(b"\5\1\0" + _socks5_address(host) + port.to_bytes(2, "big"))
    with talk.reply(TunnelStep.REQUEST) as reply:
        version, code = talk.exactly(2)
        if version != 5:
            talk.foreign()
        reply.status = code
        if code:
            _take_rest(talk, 8)
            raise failed(
                FaultReason.PROXY_REFUSED_REQUEST, f"SOCKS5 reply {code:#04x}: {SOCKS5_REPLIES.get(code, 'unassigned')}"
            )
        _reserved, kind = talk.exactly(2)
        match kind:
            case 1:
                talk.exactly(4 + 2)
            case 3:
                talk.exactly(talk.exactly(1)[0] + 2)
            case 4:
                talk.exactly(16 + 2)
            case _:
                _unknown_address(kind)


def _unknown_address(kind: int) -> NoReturn:
    raise failed(
        FaultReason.PROXY_PROTOCOL, f"a kind of address {kind:#04x}, which SOCKS5 does not know", seen="socks5"
    )


def _socks5_address(host: str) -> bytes:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        name = host.encode("ascii")
        return b"\3" + bytes([len(name)]) + name
    return (b"\1" if address.version == 4 else b"\4") + address.packed


def _take_rest(talk: ProxyTalk, size: int) -> None:
    with contextlib.suppress(NetError):  # many servers end the connection with the code
        talk.exactly(size, _REST_S)
