"""Where a path ends, and why: the closed vocabulary of this probe. Each reason is `stage:word`."""

from __future__ import annotations

import enum


class PathStage(enum.StrEnum):
    """The hop at which a path ends."""

    LOCAL_DNS = "local-dns"  # the server's name, looked up by this machine
    PROXY_DNS = "proxy-dns"  # the proxy's own name
    PROXY_TCP = "proxy-tcp"  # the connection to the proxy
    PROXY_TLS = "proxy-tls"  # TLS with the proxy itself, for https:// proxies
    PROXY_PROTOCOL = "proxy-protocol"  # what the proxy says is not what a proxy of its kind says
    PROXY_AUTH = "proxy-auth"  # who may use the proxy
    PROXY_POLICY = "proxy-policy"  # what the proxy allows
    REMOTE_DNS = "remote-dns"  # the server's name, looked up by the proxy
    REMOTE_TCP = "remote-tcp"  # the connection to the server, from here or from the proxy
    TARGET = "target"  # the port is open, but it does not answer as Sametime does
    REVERSE = "reverse"  # what a reverse proxy answers in the server's place
    OK = "ok"


class Reason(enum.StrEnum):
    """Why a path ends there; the remark says what was seen."""

    LOCAL_DNS_NOT_FOUND = "local-dns:not-found"
    LOCAL_DNS_SERVER_FAILURE = "local-dns:server-failure"
    LOCAL_DNS_TIMEOUT = "local-dns:timeout"
    LOCAL_DNS_NO_IPV4 = "local-dns:no-ipv4"  # SOCKS4 carries IPv4 addresses only
    PROXY_DNS_NOT_FOUND = "proxy-dns:not-found"
    PROXY_DNS_SERVER_FAILURE = "proxy-dns:server-failure"
    PROXY_DNS_TIMEOUT = "proxy-dns:timeout"
    PROXY_TCP_REFUSED = "proxy-tcp:refused"
    PROXY_TCP_TIMEOUT = "proxy-tcp:timeout"
    PROXY_TCP_UNREACHABLE = "proxy-tcp:unreachable"
    PROXY_TCP_RESET = "proxy-tcp:reset"
    PROXY_TLS_NOT_TLS = "proxy-tls:not-tls"
    PROXY_TLS_UNTRUSTED = "proxy-tls:untrusted"
    PROXY_TLS_NAME_MISMATCH = "proxy-tls:name-mismatch"
    PROXY_PROTOCOL_WRONG_KIND = "proxy-protocol:wrong-kind"  # it speaks another protocol than the URL says
    PROXY_PROTOCOL_SILENT = "proxy-protocol:silent"
    PROXY_PROTOCOL_CLOSED = "proxy-protocol:closed"
    PROXY_PROTOCOL_GARBAGE = "proxy-protocol:garbage"
    PROXY_PROTOCOL_FALSE_SUCCESS = "proxy-protocol:false-success"  # it says "connected", and there is no tunnel
    PROXY_PROTOCOL_SOCKS4A_UNSUPPORTED = "proxy-protocol:socks4a-unsupported"
    PROXY_AUTH_REQUIRED = "proxy-auth:required"  # no credentials were sent
    PROXY_AUTH_REJECTED = "proxy-auth:rejected"  # those that were sent are not accepted
    PROXY_AUTH_METHOD = "proxy-auth:method"  # SOCKS: none of the methods offered is accepted
    PROXY_AUTH_SCHEME_UNSUPPORTED = "proxy-auth:scheme-unsupported"  # HTTP: Basic is not among those it takes
    PROXY_POLICY_DENIED = "proxy-policy:denied"
    PROXY_POLICY_PORT_DENIED = "proxy-policy:port-denied"
    REMOTE_DNS_NOT_FOUND = "remote-dns:not-found"
    REMOTE_DNS_SERVER_FAILURE = "remote-dns:server-failure"
    REMOTE_DNS_TIMEOUT = "remote-dns:timeout"
    REMOTE_TCP_REFUSED = "remote-tcp:refused"
    REMOTE_TCP_TIMEOUT = "remote-tcp:timeout"
    REMOTE_TCP_UNREACHABLE = "remote-tcp:unreachable"
    TARGET_SILENT = "target:silent"
    TARGET_CLOSED = "target:closed"
    TARGET_RESET = "target:reset"
    TARGET_NOT_SAMETIME = "target:not-sametime"
    REVERSE_AUTH_REQUIRED = "reverse:auth-required"
    REVERSE_AUTH_REJECTED = "reverse:auth-rejected"
    REVERSE_FORM_LOGIN = "reverse:form-login"
    REVERSE_FORBIDDEN = "reverse:forbidden"
    REVERSE_MOVED = "reverse:moved"
    REVERSE_BAD_GATEWAY = "reverse:bad-gateway"
    REVERSE_GATEWAY_TIMEOUT = "reverse:gateway-timeout"
    REVERSE_WRONG_BACKEND = "reverse:wrong-backend"
    OK = "ok"

    @property
    def stage(self) -> PathStage:
        """The hop that the reason belongs to."""
        return PathStage(self.value.partition(":")[0])


class Answer(enum.StrEnum):
    """What spoke at the end of a path."""

    ACK = "ack"  # the Sametime handshake was acknowledged
    TLS_ACK = "tls-ack"  # it was acknowledged inside TLS
    ACK_INCOMPLETE = "ack-incomplete"  # an acknowledgement that is cut off or odd
    DESTROY = "destroy"  # a Sametime server that refuses
    REDIRECT = "redirect"  # a Sametime server that names another one
    KEEP_ALIVE_ONLY = "keep-alive-only"
    HTTP_CBR = "http-cbr"  # a web server that knows the tunnel's address: as much as HTTP can prove
    HTTP = "http"  # a web server
    HTTP_PROXY_PAGE = "http-proxy-page"  # the proxy's own page, not the server's
    TLS = "tls"  # TLS, and no Sametime inside
    ECHO = "echo"  # our own bytes came back
    OTHER = "other"  # another protocol, or bytes that are none
    SILENT = "silent"
    CLOSED = "closed"
    RESET = "reset"
    NOTHING = "nothing"  # the path ended before anything at its end could speak


DNS = ("not-found", "server-failure", "timeout")
"""What can be wrong with a name; the same words in each of the three DNS stages."""

REMOTE_TCP = (Reason.REMOTE_TCP_REFUSED, Reason.REMOTE_TCP_TIMEOUT, Reason.REMOTE_TCP_UNREACHABLE)
REMOTE_DNS = (Reason.REMOTE_DNS_NOT_FOUND, Reason.REMOTE_DNS_SERVER_FAILURE, Reason.REMOTE_DNS_TIMEOUT)
POLICY = (Reason.PROXY_POLICY_PORT_DENIED, Reason.PROXY_POLICY_DENIED)
"""A rule on ports and any other rule answer alike; ports are the commoner one."""
