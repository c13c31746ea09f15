"""Certificates minted for tests: authorities, what they issue, and every way to get it wrong.

    root = Authority("Root")
    issuing = Authority("Issuing CA", parent=root)
    leaf = issuing.issue("chat.example.com")
    leaf.der, leaf.pem, leaf.key

Knobs are the same for both and all optional: see `Knobs`.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import TypedDict, Unpack

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""The moment that minted certificates are valid at, unless a knob says otherwise."""

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | dsa.DSAPrivateKey


class Knobs(TypedDict, total=False):
    """What can be set on any certificate."""

    key: PrivateKey
    key_kind: str
    """ec (default), rsa2048, rsa1024, ed25519, ec192, dsa."""
    organization: str | None
    name: x509.Name
    not_before: datetime
    not_after: datetime
    serial: int
    ca: bool | None
    """basicConstraints; None leaves it out."""
    path_length: int | None
    key_usage: Sequence[str] | None
    purposes: Sequence[x509.ObjectIdentifier] | None
    dns: Sequence[str] | None
    """subjectAltName; None leaves it out."""
    ip: Sequence[str]
    ca_issuers: Sequence[str]
    permitted: Sequence[x509.GeneralName]
    excluded: Sequence[x509.GeneralName]
    identifiers: bool
    """False leaves the key identifiers out."""
    extra: Sequence[tuple[x509.ExtensionType, bool]]
    """Further extensions, each with its criticality."""
    sha1: bool
    """Sign with SHA-1, which `cryptography` refuses: by the openssl command."""


@dataclass(frozen=True)
class Minted:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: PrivateKey = field(repr=False)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


class Authority(Minted):
    """A CA: a root, or an intermediate of `parent`."""

    def __init__(self, name: str, parent: Minted | None = None, **knobs: Unpack[Knobs]) -> None:
        merged: Knobs = {"ca": True, "key_usage": ("key_cert_sign", "crl_sign"), "dns": None, "purposes": None, **knobs}
        made = mint(name, parent, **merged)
        super().__init__(made.certificate, made.key)

    def issue(self, *hosts: str, **knobs: Unpack[Knobs]) -> Minted:
        """A server certificate for `hosts`, which are its subjectAltName; the first is its common name too."""
        merged: Knobs = {"dns": hosts, **knobs}
        return mint(hosts[0] if hosts else "", self, **merged)


def mint(common_name: str, issuer: Minted | None = None, **knobs: Unpack[Knobs]) -> Minted:
    """One certificate; self-signed without an `issuer`."""
    key = knobs.get("key") or new_key(knobs.get("key_kind", "ec"))
    subject = knobs.get("name") or _name(common_name, knobs.get("organization", "Example"))
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(knobs.get("serial") or x509.random_serial_number())
        .not_valid_before(knobs.get("not_before", NOW - timedelta(days=30)))
        .not_valid_after(knobs.get("not_after", NOW + timedelta(days=300)))
    )
    for value, critical in _extensions(knobs, key, signer):
        builder = builder.add_extension(value, critical)
    algorithm = None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    made = Minted(builder.sign(signer, algorithm), key)
    return _signed_with_sha1(made, issuer or made) if knobs.get("sha1") else made


def _name(common_name: str, organization: str | None) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)] if organization else []
    if common_name:
        attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name))
    return x509.Name(attributes)


def _extensions(knobs: Knobs, key: PrivateKey, signer: PrivateKey) -> list[tuple[x509.ExtensionType, bool]]:
    found: list[tuple[x509.ExtensionType, bool]] = []
    ca = knobs.get("ca", False)
    if ca is not None:
        found.append((x509.BasicConstraints(ca, knobs.get("path_length") if ca else None), True))
    usage = knobs.get("key_usage", ("digital_signature", "key_encipherment"))
    if usage is not None:
        found.append((_key_usage(usage), True))
    purposes = knobs.get("purposes", (ExtendedKeyUsageOID.SERVER_AUTH,))
    if purposes is not None:
        found.append((x509.ExtendedKeyUsage(purposes), False))
    dns = knobs.get("dns", (None,))
    names: list[x509.GeneralName] = [x509.DNSName(host) for host in dns or () if host is not None]
    names += [x509.IPAddress(ip_address(address)) for address in knobs.get("ip", ())]
    if names:
        found.append((x509.SubjectAlternativeName(names), False))
    if knobs.get("identifiers", True):
        found.append((x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False))
        found.append((x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False))
    if urls := knobs.get("ca_issuers"):
        method = AuthorityInformationAccessOID.CA_ISSUERS
        places = [x509.AccessDescription(method, x509.UniformResourceIdentifier(url)) for url in urls]
        found.append((x509.AuthorityInformationAccess(places), False))
    permitted, excluded = knobs.get("permitted"), knobs.get("excluded")
    if permitted or excluded:
        found.append((x509.NameConstraints(permitted or None, excluded or None), True))
    found += knobs.get("extra", ())
    return found


def _key_usage(names: Sequence[str]) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
    )
    return x509.KeyUsage(**{name: name in names for name in every}, encipher_only=False, decipher_only=False)


def new_key(kind: str) -> PrivateKey:
    """A key of the kind; RSA and DSA keys are dear, so they come from a small stock, made once."""
    match kind:
        case "ec":
            return ec.generate_private_key(ec.SECP256R1())
        case "ec192":
            return ec.generate_private_key(ec.SECP192R1())
        case "ed25519":
            return ed25519.Ed25519PrivateKey.generate()
        case "dsa":
            return _dsa_key()
        case "rsa1024" | "rsa2048":
            _handed_out[kind] = _handed_out.get(kind, -1) + 1
            return _rsa_key(int(kind.removeprefix("rsa")), _handed_out[kind] % 4)
        case _:
            raise ValueError(kind)


_handed_out: dict[str, int] = {}


@cache
def _rsa_key(bits: int, _number: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@cache
def _dsa_key() -> dsa.DSAPrivateKey:
    return dsa.generate_private_key(2048)


def _signed_with_sha1(made: Minted, issuer: Minted) -> Minted:
    """`made` with its signature replaced by a SHA-1 one. The openssl command re-signs the very certificate."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder, name) for name in ("cert.pem", "ca.pem", "ca.key", "out.der")}
        paths["cert.pem"].write_text(made.pem, encoding="utf-8")
        paths["ca.pem"].write_text(issuer.pem, encoding="utf-8")
        paths["ca.key"].write_text(issuer.key_pem, encoding="utf-8")
        days = (made.certificate.not_valid_after_utc - datetime.now(UTC)).days
        own = issuer is made
        by = ["-signkey", paths["ca.key"]] if own else ["-CA", paths["ca.pem"], "-CAkey", paths["ca.key"]]
        serial = [] if own else ["-set_serial", str(made.certificate.serial_number)]
        subprocess.run(
            ["openssl", "x509", "-in", paths["cert.pem"], *by, *serial, "-sha1", "-days", str(days)]
            + ["-outform", "DER", "-out", paths["out.der"]],
            check=True,
            capture_output=True,
        )
        return Minted(x509.load_der_x509_certificate(paths["out.der"].read_bytes()), made.key)
