"""The lab's push service: a stand-in for Apple's on its two ports, and the key file that a server shows to it.

Its certificates are of their own: whatever is wrong with the deployment's, Apple's are not concerned.
"""

from __future__ import annotations

import datetime as dt
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from stdiag.lab.apns import ApnsService
from stdiag.lab.authority import Identity, pem
from stdiag.lab.blueprint import PUSH_HOST, Blueprint, PushManner
from stdiag.lab.error import LabError
from stdiag.lab.listener import Handler
from stdiag.lab.tls_context import server_context

TOPIC = "com.example.sametime"
_OTHER_TOPIC = "com.example.formerapp"
_PASSPHRASE = "lab-passphrase"  # noqa: S105 - of a key that lives as long as the lab
_ARC = "1.2.840.113635.100.6.3."
_ENVIRONMENTS = ("1", "2")  # sandbox, production
_NULL = b"\x05\x00"
_YEAR = 365


@dataclass(frozen=True, slots=True)
class PushTable:
    """What a site file says of the push service."""

    key: Path
    passphrase_file: Path
    topic: str
    root_file: Path
    """The root that the service's chain must end in."""


@dataclass(frozen=True, slots=True)
class _Holder:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


class PushPart:
    """Everything of one lab's push service."""

    def __init__(self, manner: PushManner, now: dt.datetime) -> None:
        """Mints its certificates; `now` (UTC) is the moment from which terms count."""
        self._manner = manner
        self._now = now.replace(microsecond=0)
        self._root = self._ca("Lab Push Root")
        self._client_ca = self._ca("Lab Push Key CA")

    def handler(self) -> Handler | None:
        """The handler of its connections; None when nobody accepts any."""
        if self._manner in (PushManner.NOBODY, PushManner.BACKLOG_FULL):
            return None
        inspected = self._manner is PushManner.INSPECTED
        issuer = self._ca("Lab Inspecting Firewall CA") if inspected else self._root
        names = x509.SubjectAlternativeName([x509.DNSName(PUSH_HOST)])
        leaf = self._issued(PUSH_HOST, issuer, ExtendedKeyUsageOID.SERVER_AUTH, {names: False})
        identity = Identity(leaf.key, (leaf.certificate, issuer.certificate))
        if inspected:  # it cannot show the server's certificate further on, so it does not ask for one
            return ApnsService(server_context(Blueprint(), [identity]))
        context = server_context(Blueprint(), [identity], self._client_ca.certificate)
        context.verify_mode = ssl.CERT_OPTIONAL  # Apple's service takes tokens in place of certificates too
        return ApnsService(context)

    def write(self, folder: Path) -> PushTable:
        """Writes the key file, its passphrase and the root into `folder`. Raises LabError."""
        table = PushTable(
            key=folder / "lab-push-key.p12",
            passphrase_file=folder / "lab-push-passphrase.txt",
            topic=_OTHER_TOPIC if self._manner is PushManner.OTHER_TOPIC else TOPIC,
            root_file=folder / "lab-push-root.pem",
        )
        told = _PASSPHRASE.upper() if self._manner is PushManner.KEY_STAYS_SHUT else _PASSPHRASE
        try:
            table.key.write_bytes(self._key_file())
            table.passphrase_file.write_text(told + "\n", encoding="ascii")
            table.root_file.write_text(pem((self._root.certificate,)), encoding="ascii")
        except OSError as problem:
            raise LabError(f"{folder} cannot be written to: {problem.strerror or problem}.") from problem
        return table

    def _key_file(self) -> bytes:
        issuer = self._ca("Somebody Else's CA") if self._manner is PushManner.KEY_OF_STRANGER else self._client_ca
        extensions: dict[x509.ExtensionType, bool] = {_apple(number, _NULL): False for number in _ENVIRONMENTS}
        extensions[_apple("6", _der(0x30, _der(0x0C, TOPIC.encode()) + _der(0x30, _der(0x0C, b"app"))))] = False
        ends = -35 if self._manner is PushManner.KEY_EXPIRED else _YEAR
        name = f"Apple Push Services: {TOPIC}"
        holder = self._issued(name, issuer, ExtendedKeyUsageOID.CLIENT_AUTH, extensions, ends)
        encryption = BestAvailableEncryption(_PASSPHRASE.encode())
        return pkcs12.serialize_key_and_certificates(b"push", holder.key, holder.certificate, None, encryption)

    def _ca(self, name: str) -> _Holder:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(name, key, 10 * _YEAR).issuer_name(_name(name))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        return _Holder(builder.sign(key, hashes.SHA256()), key)

    def _issued(
        self,
        name: str,
        issuer: _Holder,
        purpose: ObjectIdentifier,
        extensions: dict[x509.ExtensionType, bool],
        ends: int = _YEAR,
    ) -> _Holder:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(name, key, ends).issuer_name(issuer.certificate.subject)
        own: dict[x509.ExtensionType, bool] = {
            x509.BasicConstraints(ca=False, path_length=None): True,
            x509.ExtendedKeyUsage([purpose]): False,
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()): False,
        }
        for extension, critical in (own | extensions).items():
            builder = builder.add_extension(extension, critical=critical)
        return _Holder(builder.sign(issuer.key, hashes.SHA256()), key)

    def _builder(self, name: str, key: ec.EllipticCurvePrivateKey, ends: int) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - dt.timedelta(days=_YEAR + 35))
            .not_valid_after(self._now + dt.timedelta(days=ends, hours=12))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )


def _apple(number: str, value: bytes) -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(ObjectIdentifier(_ARC + number), value)


def _der(tag: int, body: bytes) -> bytes:
    return bytes((tag, len(body))) + body


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
