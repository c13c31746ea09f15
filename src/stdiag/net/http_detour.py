"""Requests through a proxy, as requests and PySocks make them: for what is fetched on the way, not for a diagnosis.

An http:// URL goes to an HTTP proxy as it is (RFC 9112 §3.2.2), an https:// one through CONNECT; SOCKS is PySocks's.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import socks  # type: ignore[import-untyped]  # PySocks comes without types
import urllib3
from requests.adapters import HTTPAdapter

from stdiag.model import Fault, FaultReason, ProxyKind, bracketed
from stdiag.net.deadline import Deadline
from stdiag.net.faults import NetError, failed, fault_of
from stdiag.net.http_connect import basic
from stdiag.net.http_guard import Guard, Reply
from stdiag.net.resolve import Resolver
from stdiag.net.stage import Stage
from stdiag.net.trace import StepRecorder

if TYPE_CHECKING:
    from stdiag.net.fetch import Detour

_SOCKS = {
    ProxyKind.SOCKS4: socks.SOCKS4,
    ProxyKind.SOCKS4A: socks.SOCKS4,
    ProxyKind.SOCKS5: socks.SOCKS5,
    ProxyKind.SOCKS5H: socks.SOCKS5,
}

_TUNNEL_FAILED = re.compile(r"Tunnel connection failed: (\d{3})")


class DetourGuard(Guard):
    """A Guard whose requests go through a proxy.

    The password is sent only when the proxy has taken it before, in a tunnel: here nobody would notice a rejection.
    """

    def __init__(
        self, deadline: Deadline, steps: StepRecorder, resolver: Resolver, detour: Detour, *, allow_private: bool
    ) -> None:
        """`resolver` looks targets up as far as the proxy does not."""
        super().__init__(deadline, steps, resolver, allow_private=allow_private)
        self._detour = detour
        self._proxy = detour.proxy
        self._password = detour.credentials.for_proxy(self._proxy) if detour.credentials.may_send(self._proxy) else None

    def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        limit: int,
        *,
        wanted: Callable[[int], bool] = lambda _status: True,
    ) -> Reply:
        """As Guard.ask."""
        parts = urlsplit(url)
        self._check_target(parts.hostname or "")
        if parts.scheme == "http" and self._speaks_http and self._password is not None:
            headers = {**headers, "Proxy-Authorization": basic(self._proxy.user or "", self._password)}
        try:
            return super().ask(method, url, headers, limit, wanted=wanted)
        except NetError as error:
            raise NetError(self._about_proxy(error.fault)) from error

    def open(self, host: str, port: int) -> socket.socket:
        """A socket that leads to `host`: for an HTTP proxy that is the proxy itself. Raises NetError."""
        if self._speaks_http:
            return self.connected(self._addresses_of_proxy())
        targets = self._permitted(host.strip("[]"), port)
        address, own_port = targets[0]
        with self._steps.step("proxy", f"ask {self._proxy.kind} for {bracketed(address)}:{own_port}", str(self._proxy)):
            return self.guarded(self._through_socks(address, own_port))

    @property
    def _speaks_http(self) -> bool:
        return self._proxy.kind in (ProxyKind.HTTP, ProxyKind.HTTPS)

    def _addresses_of_proxy(self) -> list[tuple[str, int]]:
        return self._detour.resolver.resolve(self._proxy.host, self._proxy.port, self._deadline, self._steps)

    def _through_socks(self, host: str, port: int) -> socket.socket:
        address, proxy_port = self._addresses_of_proxy()[0]
        sock = socks.socksocket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        # Before it is connected, so that the watching thread ends also a proxy that sends a byte now and then.
        self.watched(sock)
        sock.settimeout(max(0.001, self._deadline.remaining()))
        sock.set_proxy(
            _SOCKS[self._proxy.kind],
            address,
            proxy_port,
            rdns=self._proxy.resolves == "proxy",
            username=self._proxy.user,
            password=self._password.reveal() if self._password else None,
        )
        try:
            sock.connect((host, port))
        except OSError as error:  # PySocks's errors are OSErrors
            sock.close()
            raise NetError(_fault_of_socks(error)) from error
        sock.settimeout(None)
        return sock  # type: ignore[no-any-return]  # a socksocket is a socket

    def _check_target(self, host: str) -> None:
        """What may not be contacted directly may not be contacted through a proxy either."""
        try:
            ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            if self._proxy.resolves == "proxy" and not self._allow_private and "." not in host:
                raise failed(FaultReason.FORBIDDEN_TARGET, f"{host[:100]}: a name inside") from None
        else:
            if not self._permits(host):
                raise failed(FaultReason.FORBIDDEN_TARGET, host)

    def _permits(self, address: str) -> bool:
        """A name comes here only where the proxy looks it up."""
        return super()._permits(address) if _is_address(address) else self._proxy.resolves == "proxy"

    def _proxies(self) -> dict[str, str]:
        return {"http": str(self._proxy), "https": str(self._proxy)} if self._speaks_http else {}

    def _manager(self, adapter: HTTPAdapter) -> urllib3.PoolManager:
        if not self._speaks_http:
            return super()._manager(adapter)
        header = (
            {} if self._password is None else {"proxy-authorization": basic(self._proxy.user or "", self._password)}
        )
        manager = urllib3.ProxyManager(str(self._proxy), proxy_headers=header, proxy_ssl_context=self._proxy_tls())
        adapter.proxy_manager[str(self._proxy)] = manager
        return manager

    def _proxy_tls(self) -> Any:
        return self.tls_context() if self._proxy.kind is ProxyKind.HTTPS else None

    def _about_proxy(self, fault: Fault) -> Fault:
        """A connection that was not made was one to the proxy."""
        if refused := _TUNNEL_FAILED.search(fault.words):
            reason = FaultReason.PROXY_AUTH_REQUIRED if refused[1] == "407" else FaultReason.PROXY_REFUSED_REQUEST
            return Fault(reason, f"the proxy {self._proxy}: {fault.words}")
        connecting = (FaultReason.REFUSED, FaultReason.TIMEOUT, FaultReason.UNREACHABLE)
        if self.stage is Stage.TCP and fault.reason in connecting:
            return Fault(FaultReason.PROXY_UNREACHABLE, f"the proxy {self._proxy}: {fault.reason} {fault.words}")
        return fault


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True


def _fault_of_socks(error: OSError) -> Fault:
    """PySocks wraps every error of its negotiation in one class; the real one is inside."""
    inner = getattr(error, "socket_err", None) or error
    words = str(inner)[:200]
    match inner:
        case socks.ProxyConnectionError():
            return Fault(FaultReason.PROXY_UNREACHABLE, words)
        case socks.SOCKS5AuthError():
            return Fault(FaultReason.PROXY_AUTH_REQUIRED, words)
        case socks.SOCKS5Error() | socks.SOCKS4Error():
            return Fault(FaultReason.PROXY_REFUSED_REQUEST, words)
        case socks.ProxyError():
            return Fault(FaultReason.PROXY_PROTOCOL, words)
        case TimeoutError():
            return Fault(FaultReason.PROXY_SILENT, words)
        case _:
            fault = fault_of(inner)
            closed = fault.reason in (FaultReason.RESET, FaultReason.LOCAL)
            return Fault(FaultReason.PROXY_CLOSED if closed else FaultReason.PROXY_UNREACHABLE, words)
