"""The issuer server: plain HTTP, where the certificates' caIssuers addresses lead (RFC 5280 §4.2.2.1)."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs7

from stdiag.lab import http
from stdiag.lab.authority import ISSUER_FILE, POLICY_FILE, ROOT_FILE, Authority
from stdiag.lab.blueprint import Aia, Part
from stdiag.lab.fronts import SERVER
from stdiag.lab.http import Reply, Request
from stdiag.lab.listener import Connection

_DER_TYPE = "application/pkix-cert"
_GONE = Reply(404, b"Not found\n", "text/plain; charset=utf-8")


class IssuerServer:
    """Handler of the issuer server's connections. It starts empty: its address must stand in what it will serve."""

    def __init__(self, aia: Aia) -> None:
        self._aia = aia
        self._files: dict[str, bytes] = {}
        self._pkcs7 = b""

    def publish(self, authority: Authority) -> None:
        """Serve the CA certificates of `authority`."""
        names = {ISSUER_FILE: Part.ISSUER, POLICY_FILE: Part.POLICY, ROOT_FILE: Part.ROOT}
        found = {name: authority.parts[part] for name, part in names.items() if part in authority.parts}
        encoding = serialization.Encoding.PEM if self._aia is Aia.PEM else serialization.Encoding.DER
        self._files = {f"/{name}": each.public_bytes(encoding) for name, each in found.items()}
        issuers: list[x509.Certificate] = list(found.values())
        self._pkcs7 = pkcs7.serialize_certificates(issuers, serialization.Encoding.DER)

    def __call__(self, connection: Connection) -> None:
        """Serve one connection."""
        if self._aia is Aia.SILENT:
            connection.discard_input()
            return
        http.serve(connection.socket, self._respond, server=SERVER)

    def _respond(self, request: Request) -> Reply:
        path = request.path
        if self._aia is Aia.REDIRECT_LOOP:
            return Reply(302, location="/moved/here" if path != "/moved/here" else "/moved/there")
        if self._aia is Aia.GONE or path not in self._files:
            return _GONE
        if self._aia is Aia.PKCS7:
            return Reply(200, self._pkcs7, "application/pkcs7-mime")
        return Reply(200, self._files[path], "application/x-pem-file" if self._aia is Aia.PEM else _DER_TYPE)
