"""Reasons in words: what each one says, and what to do about it in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stdiag.model import ProxyKind
from stdiag.probes.paths.reasons import Reason

NEVER_SEEN = (
    "stdiag's Sametime handshake follows the published draft and a free client library; it was never checked "
    "against a real Sametime server."
)
"""Said wherever an answer of a server is interpreted."""


class ReasonWords(NamedTuple):
    """One reason for a reader."""

    cause: str
    """A clause."""
    remedy: str
    """A step, in the imperative."""


_NAME = "mend the name in DNS"
_PROXY_NAME = "correct the proxy's name, in DNS or in the setting"
_PROXY_DNS = "let the proxy's DNS know the server's name, or have the client look it up itself"
_PORT = "see on the server whether the mux listens on this port"
_WAY = "have the firewall let the connection through"

WORDS: dict[Reason, ReasonWords] = {
    Reason.LOCAL_DNS_NOT_FOUND: ReasonWords("the server's name does not exist in the DNS here", _NAME),
    Reason.LOCAL_DNS_SERVER_FAILURE: ReasonWords("the DNS here could not look the server's name up", _NAME),
    Reason.LOCAL_DNS_TIMEOUT: ReasonWords("the DNS here did not answer for the server's name", _NAME),
    Reason.LOCAL_DNS_NO_IPV4: ReasonWords(
        "the server has no IPv4 address, and SOCKS4 carries no other", "use SOCKS5, or give the server an IPv4 address"
    ),
    Reason.PROXY_DNS_NOT_FOUND: ReasonWords("the proxy's name does not exist in the DNS here", _PROXY_NAME),
    Reason.PROXY_DNS_SERVER_FAILURE: ReasonWords("the DNS here could not look the proxy's name up", _PROXY_NAME),
    Reason.PROXY_DNS_TIMEOUT: ReasonWords("the DNS here did not answer for the proxy's name", _PROXY_NAME),
    Reason.PROXY_TCP_REFUSED: ReasonWords(
        "the proxy's address refuses the connection: nothing listens on this port, or a firewall rejects it",
        "correct the proxy's port, or start the proxy",
    ),
    Reason.PROXY_TCP_TIMEOUT: ReasonWords(
        "the proxy's address does not answer: a firewall drops the packets, or the host is down", _WAY
    ),
    Reason.PROXY_TCP_UNREACHABLE: ReasonWords("there is no way from here to the proxy's address", _WAY),
    Reason.PROXY_TCP_RESET: ReasonWords("the connection to the proxy is cut while it is made", _WAY),
    Reason.PROXY_TLS_NOT_TLS: ReasonWords("it does not speak TLS", "write http:// in place of https:// for this proxy"),
    Reason.PROXY_TLS_UNTRUSTED: ReasonWords(
        "its certificate is not trusted", "name the CA with --ca-file, or mend the proxy's certificate chain"
    ),
    Reason.PROXY_TLS_NAME_MISMATCH: ReasonWords(
        "its certificate is for another name", "use the name that the certificate holds"
    ),
    Reason.PROXY_PROTOCOL_WRONG_KIND: ReasonWords(
        "it speaks another protocol", "name the right kind of proxy and its port"
    ),
    Reason.PROXY_PROTOCOL_SILENT: ReasonWords(
        "it accepts the connection and says nothing", "see in the proxy's log what it waits for"
    ),
    Reason.PROXY_PROTOCOL_CLOSED: ReasonWords(
        "it ends the connection before its verdict", "see in the proxy's log why it ends the connection"
    ),
    Reason.PROXY_PROTOCOL_GARBAGE: ReasonWords(
        "its answer is not one of this protocol", "name the right kind of proxy and its port"
    ),
    Reason.PROXY_PROTOCOL_FALSE_SUCCESS: ReasonWords(
        "it says connected, and there is no tunnel behind it", "name a forward proxy, not a web server"
    ),
    Reason.PROXY_PROTOCOL_SOCKS4A_UNSUPPORTED: ReasonWords(
        "it knows SOCKS4 but not 4a, which looks names up at the proxy", "use socks4:// or socks5h://"
    ),
    Reason.PROXY_AUTH_REQUIRED: ReasonWords("it wants a user name and a password", "give the client the proxy's login"),
    Reason.PROXY_AUTH_REJECTED: ReasonWords(
        "it does not accept the user name and password that were sent", "correct them; they are not tried again"
    ),
    Reason.PROXY_AUTH_METHOD: ReasonWords(
        "it accepts none of the ways of login that were offered", "allow user name and password at the proxy"
    ),
    Reason.PROXY_AUTH_SCHEME_UNSUPPORTED: ReasonWords(
        "Basic is not among the ways of login that it offers", "allow Basic, or exempt the server from the login"
    ),
    Reason.PROXY_POLICY_DENIED: ReasonWords("its rules deny the connection", "add the server to the proxy's rules"),
    Reason.PROXY_POLICY_PORT_DENIED: ReasonWords(
        "its rules deny this port", "add the port to the proxy's allowed ports"
    ),
    Reason.REMOTE_DNS_NOT_FOUND: ReasonWords("the proxy's DNS does not know the server's name", _PROXY_DNS),
    Reason.REMOTE_DNS_SERVER_FAILURE: ReasonWords("the proxy's DNS could not look the server's name up", _PROXY_DNS),
    Reason.REMOTE_DNS_TIMEOUT: ReasonWords("the proxy's DNS did not answer for the server's name", _PROXY_DNS),
    Reason.REMOTE_TCP_REFUSED: ReasonWords(
        "the connection is refused: nothing listens on this port, or a firewall rejects it", _PORT
    ),
    Reason.REMOTE_TCP_TIMEOUT: ReasonWords(
        "no answer to the connect: a firewall drops the packets, or the host is down", _WAY
    ),
    Reason.REMOTE_TCP_UNREACHABLE: ReasonWords("there is no way to the server's address", _WAY),
    Reason.TARGET_SILENT: ReasonWords("the port accepts the connection and says nothing", _PORT),
    Reason.TARGET_CLOSED: ReasonWords("the connection is ended without an answer", _PORT),
    Reason.TARGET_RESET: ReasonWords("the connection is cut", _PORT),
    Reason.TARGET_NOT_SAMETIME: ReasonWords("something else than Sametime answers", _PORT),
    Reason.REVERSE_AUTH_REQUIRED: ReasonWords(
        "the reverse proxy wants a login", "give the client the login, or exempt the tunnel's address from it"
    ),
    Reason.REVERSE_AUTH_REJECTED: ReasonWords(
        "the reverse proxy does not accept the login that was sent", "correct it; it is not tried again"
    ),
    Reason.REVERSE_FORM_LOGIN: ReasonWords(
        "the reverse proxy sends a login form, which no Sametime client fills in",
        "use Basic authentication for this address, or exempt it from the login",
    ),
    Reason.REVERSE_FORBIDDEN: ReasonWords("the reverse proxy forbids the request", "allow the tunnel's address"),
    Reason.REVERSE_MOVED: ReasonWords(
        "the reverse proxy sends elsewhere", "pass the tunnel's address on instead of redirecting it"
    ),
    Reason.REVERSE_BAD_GATEWAY: ReasonWords(
        "the server behind the reverse proxy does not answer it", "see whether the mux runs and the rule names its port"
    ),
    Reason.REVERSE_GATEWAY_TIMEOUT: ReasonWords(
        "the server behind the reverse proxy does not answer in time", "see whether the mux hangs or a firewall drops"
    ),
    Reason.REVERSE_WRONG_BACKEND: ReasonWords(
        "another server stands behind this path",
        "map both /CommunityCBR and /communityCBR below the affinity id to the mux",
    ),
    Reason.OK: ReasonWords("Sametime answers", "nothing to do"),
}
"""Every reason that there is."""


def causes(reasons: Sequence[Reason]) -> str:
    """What the reasons say, as one clause."""
    return ", or ".join(WORDS[reason].cause for reason in reasons)


def candidates(reasons: Sequence[Reason]) -> list[str]:
    """What a finding lists; nothing where there is only one."""
    return [f"{reason} ({WORDS[reason].cause})" for reason in reasons] if len(reasons) > 1 else []


SETTINGS = {
    ProxyKind.SOCKS4: "socks4-proxy",
    ProxyKind.SOCKS4A: "socks4-proxy",
    ProxyKind.SOCKS5: "socks5-proxy",
    ProxyKind.SOCKS5H: "socks5-proxy",
}
"""The client's connectionType for each kind of SOCKS proxy."""


def setting_of(kind: ProxyKind | None, method: str, *, system: bool, reverse: bool, tls: bool) -> str:
    """The client's connectionType that takes a path."""
    if system:
        return "useBrowserSettings"
    if reverse:
        return "reverse-proxy"
    if kind is None:
        if tls:
            return "tls-direct"
        return "http-direct" if method == "cbr" else "direct"
    if kind in SETTINGS:
        return SETTINGS[kind]
    return "https-proxy" if method == "connect" else "http-proxy"
