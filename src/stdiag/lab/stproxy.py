"""The lab's STProxy: its certificates, its ports, and what answers on them."""

from __future__ import annotations

import contextlib
import ssl

from cryptography import x509

from stdiag.lab import not_tls
from stdiag.lab.authority import Authority, Identity
from stdiag.lab.blueprint import Blueprint, ClientCertificate, Listener
from stdiag.lab.endpoint import Endpoint
from stdiag.lab.error import LabError
from stdiag.lab.fronts import WebServer, plain_server
from stdiag.lab.listener import Handler
from stdiag.lab.ports import FIRST_ADDRESS, Ports
from stdiag.lab.tls_context import server_context
from stdiag.lab.tls_service import Contexts, Dripping, LongHelloSwallowed, TlsService

HTTP_ROLE = "http port"
"""What port 80 is called, which speaks no TLS."""

_HTTP_PORT = 80
_PORT = 443
_SECOND_ADDRESSES = ("127.0.0.2", "::1")  # macOS has the former only when it was set up


class StproxyPart:
    """Everything on the STProxy's host."""

    def __init__(
        self,
        blueprint: Blueprint,
        authority: Authority,
        web: WebServer,
        ports: Ports,
        second_web: WebServer | None = None,
    ) -> None:
        """`second_web` answers at the second address; without it, `web` does."""
        self._blueprint = blueprint
        self._authority = authority
        self._web = web
        self._second_web = second_web
        self._ports = ports
        self._services: list[tuple[TlsService, list[Identity]]] = []

    def listen(self) -> list[Endpoint]:
        """Opens its ports: the first one, its second address, a further port of the provisioning URL, and port 80."""
        authority, listener = self._authority, self._blueprint.listener
        identities = [authority.main] + ([authority.rsa] if authority.rsa else [])
        ends = [self._listen_at(FIRST_ADDRESS, self._handler(listener, identities))]
        if authority.second_address or self._second_web:
            its_own = [authority.second_address] if authority.second_address else list(identities)
            ends.append(self._listen_at_second(self._handler(listener, its_own, self._second_web)))
        if further := self._blueprint.further_port:
            handler = self._handler(further.listener, identities)
            ends.append(self._ports.listen(further.role, further.listener, handler, further.number))
        return [*ends, self._plain_port()]

    def _plain_port(self) -> Endpoint:
        manner = self._blueprint.plain_port
        web = plain_server(manner)
        return self._ports.listen(HTTP_ROLE, manner, not_tls.PlainHttp(web) if web else None, _HTTP_PORT)

    def apply_bundle(self, chain: tuple[x509.Certificate, ...]) -> None:
        """Serve this chain, leaf first, wherever its key is used. Raises LabError when that is nowhere."""
        installed = False
        for service, identities in self._services:
            for index, identity in enumerate(identities):
                if identity.key.public_key() == chain[0].public_key():
                    identities[index] = Identity(identity.key, chain)
                    service.contexts = self._contexts(identities)
                    installed = True
        if not installed:
            raise LabError("The bundle's first certificate does not belong to a key of the server.")

    def _listen_at_second(self, handle: Handler | None) -> Endpoint:
        for address in _SECOND_ADDRESSES[:-1]:
            with contextlib.suppress(LabError):
                return self._listen_at(address, handle)
        return self._listen_at(_SECOND_ADDRESSES[-1], handle)

    def _listen_at(self, address: str, handle: Handler | None) -> Endpoint:
        return self._ports.listen("STProxy", self._blueprint.listener, handle, _PORT, address=address)

    def _handler(self, listener: Listener, identities: list[Identity], web: WebServer | None = None) -> Handler | None:
        """The handler of a port's connections; None when nobody accepts any."""
        web = web or self._web
        match listener:
            case Listener.TLS:
                return self._tls_service(identities, web)
            case Listener.SWALLOWS_LONG_HELLO:
                return LongHelloSwallowed(self._tls_service(identities, web))
            case Listener.DRIPS:
                return Dripping(self._contexts(identities))
            case Listener.HTTP:
                return not_tls.PlainHttp(web)
            case Listener.NOBODY | Listener.BACKLOG_FULL:
                return None
            case without_tls:
                return not_tls.HANDLERS[without_tls]

    def _tls_service(self, identities: list[Identity], web: WebServer) -> TlsService:
        service = TlsService(self._contexts(identities), web, self._blueprint.clock_offset)
        self._services.append((service, identities))
        return service

    def _contexts(self, identities: list[Identity]) -> Contexts:
        return Contexts(
            self._context(identities),
            self._context([other]) if (other := self._authority.without_sni) else None,
            self._blueprint.without_sni,
        )

    def _context(self, identities: list[Identity]) -> ssl.SSLContext:
        demanded = self._blueprint.client_certificate is ClientCertificate.REQUIRED
        return server_context(self._blueprint, identities, self._authority.client_ca if demanded else None)
