"""Foreign exceptions become closed reasons here: nothing above this room catches an OSError."""

from __future__ import annotations

import errno
import socket

from stdiag.model import Fault, FaultReason

# Windows reports its own numbers (winerror.h); where the socket module runs elsewhere, errno lacks the names.
_WSAEACCES = 10013
_WSAEMFILE = 10024
_WSAEADDRNOTAVAIL = 10049
_WSAENETDOWN = 10050
_WSAENETUNREACH = 10051
_WSAECONNABORTED = 10053
_WSAECONNRESET = 10054
_WSAENOBUFS = 10055
_WSAESHUTDOWN = 10058
_WSAETIMEDOUT = 10060
_WSAECONNREFUSED = 10061
_WSAEHOSTDOWN = 10064
_WSAEHOSTUNREACH = 10065
_WSAHOST_NOT_FOUND = 11001
_WSATRY_AGAIN = 11002
_WSANO_RECOVERY = 11003
_WSANO_DATA = 11004

_BY_ERRNO: dict[int, FaultReason] = {
    errno.ECONNREFUSED: FaultReason.REFUSED,
    _WSAECONNREFUSED: FaultReason.REFUSED,
    errno.ETIMEDOUT: FaultReason.TIMEOUT,
    _WSAETIMEDOUT: FaultReason.TIMEOUT,
    errno.EHOSTUNREACH: FaultReason.UNREACHABLE,
    errno.ENETUNREACH: FaultReason.UNREACHABLE,
    errno.ENETDOWN: FaultReason.UNREACHABLE,
    getattr(errno, "EHOSTDOWN", errno.EHOSTUNREACH): FaultReason.UNREACHABLE,
    errno.EADDRNOTAVAIL: FaultReason.UNREACHABLE,  # no address of this family here: there is no IPv6
    errno.EAFNOSUPPORT: FaultReason.UNREACHABLE,
    errno.EACCES: FaultReason.UNREACHABLE,  # a filter of this machine (nftables "reject", a firewall product) says no
    errno.EPERM: FaultReason.UNREACHABLE,
    _WSAEACCES: FaultReason.UNREACHABLE,
    _WSAEADDRNOTAVAIL: FaultReason.UNREACHABLE,
    _WSAENETDOWN: FaultReason.UNREACHABLE,
    _WSAENETUNREACH: FaultReason.UNREACHABLE,
    _WSAEHOSTDOWN: FaultReason.UNREACHABLE,
    _WSAEHOSTUNREACH: FaultReason.UNREACHABLE,
    errno.ECONNRESET: FaultReason.RESET,
    errno.ECONNABORTED: FaultReason.RESET,
    errno.EPIPE: FaultReason.RESET,
    getattr(errno, "ESHUTDOWN", errno.EPIPE): FaultReason.RESET,
    _WSAECONNABORTED: FaultReason.RESET,
    _WSAECONNRESET: FaultReason.RESET,
    _WSAESHUTDOWN: FaultReason.RESET,
    errno.EMFILE: FaultReason.LOCAL,
    errno.ENFILE: FaultReason.LOCAL,
    errno.ENOBUFS: FaultReason.LOCAL,
    errno.ENOMEM: FaultReason.LOCAL,
    _WSAEMFILE: FaultReason.LOCAL,
    _WSAENOBUFS: FaultReason.LOCAL,
}

_BY_GAI: dict[int, FaultReason] = {
    socket.EAI_NONAME: FaultReason.NAME_NOT_FOUND,
    getattr(socket, "EAI_NODATA", socket.EAI_NONAME): FaultReason.NAME_NOT_FOUND,
    getattr(socket, "EAI_ADDRFAMILY", socket.EAI_NONAME): FaultReason.NAME_NOT_FOUND,
    _WSAHOST_NOT_FOUND: FaultReason.NAME_NOT_FOUND,
    _WSANO_DATA: FaultReason.NAME_NOT_FOUND,
    socket.EAI_AGAIN: FaultReason.NAME_SERVER_FAILURE,
    socket.EAI_FAIL: FaultReason.NAME_SERVER_FAILURE,
    _WSATRY_AGAIN: FaultReason.NAME_SERVER_FAILURE,
    _WSANO_RECOVERY: FaultReason.NAME_SERVER_FAILURE,
    socket.EAI_MEMORY: FaultReason.LOCAL,
}


class NetError(Exception):
    """The one exception of this room: something that a network, a peer or this machine did."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.reason}: {fault.words}" if fault.words else str(fault.reason))
        self.fault = fault


def failed(reason: FaultReason, words: str = "", *, alert: str | None = None, seen: str | None = None) -> NetError:
    """A NetError with this fault, ready to be raised."""
    return NetError(Fault(reason, words, alert, seen))


def fault_of(error: OSError) -> Fault:
    """The closed reason for an error of the operating system; its own words are kept as evidence.

    A look-up's errors (gaierror) have codes of their own (RFC 3493 §6.1). EAI_AGAIN has several causes (no name server
    reachable, its failure, no network at all): it is a failure of the name service, not proof that a name is missing.
    """
    words = error.strerror or str(error)
    if isinstance(error, socket.gaierror):
        return Fault(_BY_GAI.get(error.errno or 0, FaultReason.NAME_SERVER_FAILURE), words)
    if isinstance(error, TimeoutError) and error.errno is None:
        return Fault(FaultReason.TIMEOUT, words)
    return Fault(fault_reason(error.errno), words)


def fault_reason(code: int | None) -> FaultReason:
    """The closed reason for an errno or a Winsock code, as connect_ex and SO_ERROR give them. What has no entry is a
    matter of this machine."""
    return _BY_ERRNO.get(code or 0, FaultReason.LOCAL)
