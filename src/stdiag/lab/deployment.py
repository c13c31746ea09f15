"""The lab as one thing that is started and stopped."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import socket
import ssl
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from cryptography import x509

from stdiag.lab import not_tls
from stdiag.lab.authority import Authority, Identity, mint, pem
from stdiag.lab.blueprint import (
    COMMUNITY_HOST,
    COMMUNITY_PORTS,
    HOST,
    PUSH_HOST,
    PUSH_PORTS,
    Aia,
    Blueprint,
    ClientCertificate,
    HttpProxyManner,
    Listener,
    MuxManner,
    PushManner,
    SocksManner,
)
from stdiag.lab.compose import compose
from stdiag.lab.error import LabError
from stdiag.lab.fronts import WebServer, web_server
from stdiag.lab.issuer_server import IssuerServer
from stdiag.lab.listener import Handler, ListeningServer, bound_socket
from stdiag.lab.mux import Mux
from stdiag.lab.proxy import HttpProxy
from stdiag.lab.relay import Destination, Destinations
from stdiag.lab.site_file import write_site_file
from stdiag.lab.socks import SocksProxy
from stdiag.lab.tls_context import server_context
from stdiag.lab.tls_service import Contexts, Dripping, LongHelloSwallowed, TlsService

if TYPE_CHECKING:
    from stdiag.lab.push import PushTable

_FIRST_ADDRESS = "127.0.0.1"
_SECOND_ADDRESSES = ("127.0.0.2", "::1")  # macOS has the former only when it was set up


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A port of the lab."""

    role: str
    """STProxy, mux, issuer server, …"""
    address: str
    port: int
    speaks: str
    """What it does there, in a few words."""
    named_port: int | None = None
    """The port of `host` that stands for it in URLs; None: it is named by its address."""
    host: str = HOST
    """The name that clients know it by."""

    def __str__(self) -> str:
        """ADDRESS:PORT, an IPv6 address in brackets."""
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


class _Server(Protocol):
    def start(self) -> None: ...
    def stop(self) -> None: ...


class Lab:
    """A small Sametime deployment on loopback, with the named faults injected.

    `folder` is where stdiag.toml and the root's certificate are written and left; without it, a temporary folder that
    is removed at the end. `push`: with a push service and a key for it, which faults of pushes bring along too. Raises
    UnknownFaultError and FaultConflictError (both LabErrors) when it is made, LabError when this machine cannot run it.
    Private keys are in memory only, the push key excepted.
    """

    def __init__(self, faults: Iterable[str] = (), folder: Path | str | None = None, *, push: bool = False) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        self.blueprint: Blueprint = compose(self.faults)
        if push and self.blueprint.push is None:
            self.blueprint = dataclasses.replace(self.blueprint, push=PushManner.APNS)
        self._web: WebServer = web_server(self.blueprint.front)
        self._wanted_folder = Path(folder) if folder is not None else None
        self._running = contextlib.ExitStack()
        self._folder: Path | None = None
        self._endpoints: tuple[Endpoint, ...] = ()
        self._services: list[tuple[TlsService, list[Identity]]] = []
        self._authority: Authority | None = None

    @property
    def folder(self) -> Path:
        """Where the lab's files are. Only while it runs, or after it when the folder was given."""
        if self._folder is None:
            raise LabError("The lab has not been started.")
        return self._folder

    @property
    def site_file(self) -> Path:
        """The stdiag.toml that describes this lab."""
        return self.folder / "stdiag.toml"

    @property
    def root_file(self) -> Path:
        """The root's certificate, PEM: what `openssl s_client -CAfile` takes."""
        return self.folder / "lab-root.pem"

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Every port: the STProxy's first, its second address next to it; mux; push service; proxies; issuer."""
        return self._endpoints

    @property
    def stproxy(self) -> Endpoint:
        """The STProxy's (first) port."""
        return self._endpoints[0]

    @property
    def mux(self) -> Endpoint:
        """The multiplexer's own port, 1533."""
        return next(end for end in self._endpoints if end.host == COMMUNITY_HOST)

    @property
    def http_proxy(self) -> Endpoint:
        """The HTTP proxy on the way to the community."""
        return self._endpoints[-3]

    @property
    def socks_proxy(self) -> Endpoint:
        """The SOCKS proxy on the way to the community."""
        return self._endpoints[-2]

    @property
    def issuer_url(self) -> str:
        """Address of the issuer server, with a trailing slash."""
        return f"http://{self._endpoints[-1]}/"

    def start(self) -> Lab:
        """Mint, listen, write the site file. When this returns, everything answers."""
        try:
            self._start()
        except BaseException:
            self._running.close()
            raise
        return self

    def stop(self) -> None:
        """Close every port and connection, end every thread, remove what is temporary. May be called twice."""
        self._running.close()
        self._services.clear()

    def __enter__(self) -> Lab:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def apply_bundle(self, pem_text: str) -> None:
        """Install a chain file (leaf first) on the running server, as an administrator would after the diagnosis.

        It goes to every address whose key the leaf belongs to; new connections get it. Raises LabError when the text
        holds no certificates or the leaf belongs to none of the server's keys.
        """
        try:
            chain = tuple(x509.load_pem_x509_certificates(pem_text.encode("utf-8")))
        except ValueError as problem:
            raise LabError(f"The bundle holds no certificates that can be read: {problem}.") from problem
        installed = False
        for service, identities in self._services:
            for index, identity in enumerate(identities):
                if identity.key.public_key() == chain[0].public_key():
                    identities[index] = Identity(identity.key, chain)
                    service.contexts = self._contexts(identities)
                    installed = True
        if not installed:
            raise LabError("The bundle's first certificate does not belong to a key of the server.")

    def _start(self) -> None:
        plan = self.blueprint
        self._folder = self._make_folder()
        issuers = IssuerServer(plan.aia)
        issuer_end = self._listen("issuer server", _FIRST_ADDRESS, plan.aia, issuers)
        self._authority = authority = mint(plan, f"http://{issuer_end}/", dt.datetime.now(dt.UTC))
        issuers.publish(authority)
        identities = [authority.main] + ([authority.rsa] if authority.rsa else [])
        stproxies = [self._listen_as_stproxy(_FIRST_ADDRESS, self._handler(plan.listener, identities))]
        if authority.second_address:
            handler = self._handler(plan.listener, [authority.second_address])
            stproxies.append(self._listen_on_second_address(handler))
        web_ends = (*stproxies, *self._further_ports(identities))
        mux_ends = self._muxes(authority)
        proxies = self._proxies((*web_ends, *mux_ends))
        push_ends, push = self._push(self._folder)
        self._endpoints = (*web_ends, *mux_ends, *push_ends, *proxies, issuer_end)
        self._write_files(authority.root, proxies, push)

    def _make_folder(self) -> Path:
        if self._wanted_folder is None:
            temporary = tempfile.TemporaryDirectory(prefix="stdiag-lab-")
            return Path(self._running.enter_context(temporary))
        try:
            self._wanted_folder.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise LabError(f"{self._wanted_folder} cannot be made: {problem.strerror or problem}.") from problem
        return self._wanted_folder.resolve()

    def _further_ports(self, identities: list[Identity]) -> list[Endpoint]:
        port = self.blueprint.further_port
        if port is None:
            return []
        handler = self._handler(port.listener, identities)
        return [self._listen(port.role, _FIRST_ADDRESS, port.listener, handler, port.number)]

    def _muxes(self, authority: Authority) -> list[Endpoint]:
        manner = self.blueprint.mux
        listens = manner not in (MuxManner.NOBODY, MuxManner.BACKLOG_FULL)
        handler = Mux(manner, server_context(Blueprint(), [authority.mux])) if listens else None
        return [self._listen("mux", _FIRST_ADDRESS, manner, handler, port, COMMUNITY_HOST) for port in COMMUNITY_PORTS]

    def _push(self, folder: Path) -> tuple[list[Endpoint], PushTable | None]:
        manner = self.blueprint.push
        if manner is None:
            return [], None
        from stdiag.lab.push import PushPart  # HTTP/2 is loaded where it is played

        part = PushPart(manner, dt.datetime.now(dt.UTC))
        handler = part.handler()
        ends = [self._listen("push service", _FIRST_ADDRESS, manner, handler, port, PUSH_HOST) for port in PUSH_PORTS]
        return ends, part.write(folder)

    def _proxies(self, ends: Iterable[Endpoint]) -> tuple[Endpoint, Endpoint]:
        destinations = Destinations()
        for end in ends:
            if end.named_port is not None:
                destinations.add(end.host, Destination(end.named_port, end.address, end.port))
        by_http, by_socks = self.blueprint.http_proxy, self.blueprint.socks_proxy
        socks = None if by_socks is SocksManner.NOBODY else SocksProxy(by_socks, destinations)
        return (
            self._listen("HTTP proxy", _FIRST_ADDRESS, by_http, _http_proxy(by_http, destinations)),
            self._listen("SOCKS proxy", _FIRST_ADDRESS, by_socks, socks),
        )

    def _write_files(self, root: x509.Certificate, proxies: tuple[Endpoint, Endpoint], push: PushTable | None) -> None:
        addresses: dict[str, str] = {}
        for end in self._endpoints:
            if end.named_port is not None:
                place = f"{end.host}:{end.named_port}"
                before = addresses.get(place)
                addresses[place] = f"{before}, {end}" if before else str(end)
        urls = [f"http://{proxies[0]}", f"socks5h://{proxies[1]}"]
        write_site_file(self.site_file, self.blueprint, addresses, urls, self.root_file, push)
        try:
            self.root_file.write_text(pem((root,)), encoding="ascii")
        except OSError as problem:
            raise LabError(f"{self.root_file} cannot be written: {problem.strerror or problem}.") from problem

    def _listen_on_second_address(self, handle: Handler | None) -> Endpoint:
        for address in _SECOND_ADDRESSES[:-1]:
            with contextlib.suppress(LabError):
                return self._listen_as_stproxy(address, handle)
        return self._listen_as_stproxy(_SECOND_ADDRESSES[-1], handle)

    def _listen_as_stproxy(self, address: str, handle: Handler | None) -> Endpoint:
        return self._listen("STProxy", address, self.blueprint.listener, handle, 443)

    def _listen(
        self,
        role: str,
        address: str,
        speaks: StrEnum,
        handle: Handler | None,
        named_port: int | None = None,
        host: str = HOST,
    ) -> Endpoint:
        bound = bound_socket(address)
        port = bound.getsockname()[1]
        server = _server(bound, handle, role, speaks)
        self._running.callback(server.stop)
        server.start()
        words = f"HTTP: {speaks}" if isinstance(speaks, Aia) else str(speaks)
        return Endpoint(role, address, port, words, named_port, host)

    def _handler(self, listener: Listener, identities: list[Identity]) -> Handler | None:
        """The handler of a port's connections; None when nobody accepts any."""
        match listener:
            case Listener.TLS:
                return self._tls_service(identities)
            case Listener.SWALLOWS_LONG_HELLO:
                return LongHelloSwallowed(self._tls_service(identities))
            case Listener.DRIPS:
                return Dripping(self._contexts(identities))
            case Listener.HTTP:
                return not_tls.PlainHttp(self._web)
            case Listener.NOBODY | Listener.BACKLOG_FULL:
                return None
            case without_tls:
                return not_tls.HANDLERS[without_tls]

    def _tls_service(self, identities: list[Identity]) -> TlsService:
        service = TlsService(self._contexts(identities), self._web, self.blueprint.clock_offset)
        self._services.append((service, identities))
        return service

    def _contexts(self, identities: list[Identity]) -> Contexts:
        assert self._authority is not None  # noqa: S101 - servers are made after minting
        return Contexts(
            self._context(identities, self._authority),
            self._context([other], self._authority) if (other := self._authority.without_sni) else None,
            self.blueprint.without_sni,
        )

    def _context(self, identities: list[Identity], authority: Authority) -> ssl.SSLContext:
        demanded = self.blueprint.client_certificate is ClientCertificate.REQUIRED
        return server_context(self.blueprint, identities, authority.client_ca if demanded else None)


def _http_proxy(manner: HttpProxyManner, destinations: Destinations) -> Handler | None:
    match manner:
        case HttpProxyManner.NOBODY:
            return None
        case HttpProxyManner.SPEAKS_SOCKS:
            return SocksProxy(SocksManner.OPEN, destinations)
        case _:
            return HttpProxy(manner, destinations)


def _server(bound: socket.socket, handle: Handler | None, role: str, speaks: StrEnum) -> _Server:
    if handle is not None:
        return ListeningServer(bound, handle, role)
    if speaks in (Listener.BACKLOG_FULL, MuxManner.BACKLOG_FULL, PushManner.BACKLOG_FULL):
        return not_tls.FullBacklog(bound)
    return not_tls.NobodyListens(bound)
