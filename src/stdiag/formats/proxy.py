"""Proxies as people type them: http://user@proxy.example.com:3128, socks5h://…"""

from __future__ import annotations

import re
from urllib.parse import unquote

from stdiag.formats.errors import FormatError, nearest, shown
from stdiag.formats.host import canonical_host, port_number
from stdiag.model import Proxy, ProxyKind, bracketed

DEFAULT_PORTS = {
    ProxyKind.HTTP: 80,
    ProxyKind.HTTPS: 443,
    ProxyKind.SOCKS4: 1080,
    ProxyKind.SOCKS4A: 1080,
    ProxyKind.SOCKS5: 1080,
    ProxyKind.SOCKS5H: 1080,
}
"""The scheme's own (RFC 9110 §4.2, the SOCKS registration); 3128 and 8080 are customs, and are not guessed."""

LONGEST_NAME = 255
"""Bytes of a user name or password: one length byte in RFC 1929 §2."""

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PASSWORD_SOURCES = ("env:NAME", "file:PATH", "prompt")


def parse_proxy(text: str, password_ref: str | None = None) -> tuple[Proxy, bool]:
    """The proxy that `text` names, and whether a password stood in it: that one is only in `password_in(text)`.

    `password_ref` is where the password comes from otherwise: env:NAME, file:PATH or prompt. Raises FormatError, whose
    text never holds what stands before the @.
    """
    typed = text.strip()
    kind, user, password, host_port = _parts(typed)
    masked = masked_proxy(typed)
    host, port = _host_and_port(host_port, masked)
    reference = None if password_ref is None else parse_password_ref(password_ref)
    if password is not None and reference is not None:
        raise FormatError(
            f"{shown(masked)} holds a password, and another one is named", suggestion="leave one of the two out"
        )
    if (password is not None or reference is not None) and not user:
        raise FormatError(
            f"{shown(masked)} names no user for the password", suggestion=f"write {kind}://USER@{bracketed(host)}:PORT"
        )
    if kind in (ProxyKind.SOCKS4, ProxyKind.SOCKS4A):
        if password is not None or reference is not None:
            raise FormatError("SOCKS4 knows no password", suggestion="leave it out, or use socks5:// if the proxy can")
        if user is not None and "\0" in user:
            raise FormatError("the user name holds a NUL, which ends it in SOCKS4")
    elif user is not None and ":" in user and kind in (ProxyKind.HTTP, ProxyKind.HTTPS):
        raise FormatError("the user name holds a colon, which ends it in HTTP's Basic authentication")
    proxy = Proxy(
        kind=kind,
        host=host,
        port=DEFAULT_PORTS[kind] if port is None else port,
        user=user or None,
        password_ref=reference or ("url" if password is not None else None),
    )
    return proxy, password is not None


def password_in(text: str) -> str | None:
    """The password that stands in a proxy's URL, decoded; None when there is none. Raises FormatError."""
    return _parts(text.strip())[2]


def parse_password_ref(text: str) -> str:
    """`env:NAME`, `file:PATH` or `prompt`, checked. Raises FormatError, whose text does not repeat what was typed: it
    may be the password itself."""
    scheme, colon, rest = text.strip().partition(":")
    if scheme == "prompt" and not colon:
        return "prompt"
    if scheme == "env" and rest and "=" not in rest and "\0" not in rest:
        return f"env:{rest}"
    if scheme == "file" and rest and "\0" not in rest:
        return f"file:{rest}"
    raise FormatError(
        "this does not say where the password comes from",
        expected=" or ".join(_PASSWORD_SOURCES),
        suggestion="never write the password itself here",
    )


def masked_proxy(text: str) -> str:
    """`text` without what may be credentials: everything between the scheme and the last @."""
    return re.sub(r"^([A-Za-z][A-Za-z0-9+.-]*:/{0,2})?.*@", r"\1***@", text, flags=re.DOTALL)


def _parts(typed: str) -> tuple[ProxyKind, str | None, str | None, str]:
    """(kind, user, password, HOST[:PORT])."""
    if not typed:
        raise FormatError("the proxy is empty", suggestion="write SCHEME://HOST:PORT, as http://proxy.example.com:3128")
    url = _URL.fullmatch(typed)
    if not url:
        raise FormatError(
            f"{shown(masked_proxy(typed))} does not say what kind of proxy it is",
            suggestion="write http://, https://, socks4://, socks4a://, socks5:// or socks5h:// before the host",
        )
    try:
        kind = ProxyKind(url[1].lower())
    except ValueError:
        near = nearest(url[1].lower(), [known.value for known in ProxyKind])
        hint = f"did you mean {near}://?" if near else "http, https, socks4, socks4a, socks5 and socks5h are known"
        raise FormatError(f"there is no kind of proxy {shown(url[1])}", suggestion=hint) from None
    credentials, at, rest = url[2].rpartition("@")
    host_port = re.fullmatch(r"([^/\\?#]*)(/?)", rest, re.DOTALL)
    if host_port is None:
        raise FormatError(
            f"{shown(masked_proxy(typed))} has something after the proxy's port", suggestion="leave it out"
        )
    if not at:
        return kind, None, None, host_port[1]
    user, colon, password = credentials.partition(":")
    return kind, _decoded(user, "user name"), _decoded(password, "password") if colon else None, host_port[1]


def _decoded(text: str, what: str) -> str:
    if _BAD_PERCENT.search(text):
        raise FormatError(f"the {what} has a % that begins no code", suggestion="write a percent sign as %25")
    try:
        value = unquote(text, errors="strict")
        encoded = value.encode("utf-8")
    except UnicodeError:
        raise FormatError(f"the {what} is not UTF-8 once its % codes are read") from None
    if len(encoded) > LONGEST_NAME:
        raise FormatError(f"the {what} is longer than the {LONGEST_NAME} bytes that a proxy takes")
    if any(character in "\r\n" for character in value):
        raise FormatError(f"the {what} holds a line end")
    return value


def _host_and_port(text: str, masked: str) -> tuple[str, int | None]:
    if text.startswith("["):
        host, closing, rest = text[1:].partition("]")
        if not closing or ":" not in host or (rest and not rest.startswith(":")):
            raise FormatError(
                f"the brackets in {shown(masked)} do not hold one address",
                expected="[ADDRESS]:PORT, as [2001:db8::1]:1080",
            )
        host, port = host.replace("%25", "%", 1), rest[1:]
    elif text.count(":") > 1:
        raise FormatError(
            f"{shown(masked)} has more than one colon after the host", expected="HOST:PORT, or [ADDRESS]:PORT for IPv6"
        )
    else:
        host, _, port = text.partition(":")
    if not host:
        raise FormatError(f"{shown(masked)} names no host", suggestion="write SCHEME://HOST:PORT")
    return canonical_host(host), port_number(port, masked) if port else None
