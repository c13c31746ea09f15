"""Certificates for the real servers, minted on the spot, and the files that servers read them from."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Identity:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> str:
        """The certificate alone."""
        return pem(self.certificate)

    @property
    def sha256(self) -> str:
        """Fingerprint of the certificate, lower-case hex."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def common_name(self) -> str:
        """The subject's CN."""
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


@dataclass(frozen=True)
class KeyFiles:
    """What a server is configured with."""

    leaf: Path
    key: Path
    issuers: Path | None
    """The certificates that are sent after the leaf."""
    chain: Path
    """Leaf and those, in one file."""


def ec_key() -> ec.EllipticCurvePrivateKey:
    """P-256: minted in no time."""
    return ec.generate_private_key(ec.SECP256R1())


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """RSA, where a case is about RSA."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def pem(*certificates: x509.Certificate) -> str:
    """PEM, one after the other."""
    return "".join(certificate.public_bytes(Encoding.PEM).decode("ascii") for certificate in certificates)


def private_pem(key: Key) -> bytes:
    """The key as servers read it: PKCS#8, not encrypted."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def distinguished_name(common_name: str) -> x509.Name:
    """The subject of everything minted here."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example Trust"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _build(
    common_name: str, key: Key, issuer: Identity | None, days: tuple[float, float], ca_issuers: Sequence[str]
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(distinguished_name(common_name))
        .issuer_name(issuer.certificate.subject if issuer else distinguished_name(common_name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + days[0] * DAY)
        .not_valid_after(now + days[1] * DAY)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
            critical=False,
        )
    )
    if ca_issuers:
        access = [
            x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(url))
            for url in ca_issuers
        ]
        builder = builder.add_extension(x509.AuthorityInformationAccess(access), critical=False)
    return builder


def authority(
    common_name: str,
    issuer: Identity | None = None,
    *,
    key: Key | None = None,
    days: tuple[float, float] = (-30, 3650),
    ca_issuers: Sequence[str] = (),
) -> Identity:
    """A CA: a root when no issuer is given, else an intermediate. `days` are from now."""
    key = key or ec_key()
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        _build(common_name, key, issuer, days, ca_issuers)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    return Identity(builder.sign((issuer.key if issuer else key), hashes.SHA256()), key)


def leaf(
    name: str,
    issuer: Identity | None,
    *,
    key: Key | None = None,
    days: tuple[float, float] = (-10, 200),
    ca_issuers: Sequence[str] = (),
    purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
) -> Identity:
    """A server's certificate for `name` (an IP address becomes an IP SAN); self-signed when no issuer is given."""
    key = key or ec_key()
    try:
        san: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        san = x509.DNSName(name)
    builder = (
        _build(name, key, issuer, days, ca_issuers)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([san]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    )
    return Identity(builder.sign((issuer.key if issuer else key), hashes.SHA256()), key)


def write_key_files(folder: Path, identity: Identity, *sent_after: x509.Certificate) -> KeyFiles:
    """The files of a server that sends `identity` and then `sent_after`, in this order."""
    folder.mkdir(parents=True, exist_ok=True)
    files = KeyFiles(
        leaf=folder / "leaf.pem",
        key=folder / "key.pem",
        issuers=folder / "issuers.pem" if sent_after else None,
        chain=folder / "chain.pem",
    )
    files.leaf.write_text(identity.pem, encoding="ascii")
    files.key.write_bytes(private_pem(identity.key))
    if files.issuers:
        files.issuers.write_text(pem(*sent_after), encoding="ascii")
    files.chain.write_text(identity.pem + pem(*sent_after), encoding="ascii")
    return files
