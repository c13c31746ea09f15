"""Certificates minted for tests: authorities, what they issue, and every way to get it wrong.

    root = Authority("Root")
    issuing = Authority("Issuing CA", parent=root)
    leaf = issuing.issue("chat.example.com")
    leaf.der, leaf.pem, leaf.key

Knobs are the same for both and all optional: see `Knobs`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from typing import TypedDict, Unpack

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
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
    subject_name: x509.Name
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
    old_hash: str
    """sha1 or md5: sign with it, which the builder of `cryptography` refuses. Needs an RSA issuer."""


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
        usual: Knobs = {"ca": True, "key_usage": ("key_cert_sign", "crl_sign"), "dns": None, "purposes": None}
        usual.update(knobs)
        made = mint(name, parent, **usual)
        super().__init__(made.certificate, made.key)

    def issue(self, *hosts: str, **knobs: Unpack[Knobs]) -> Minted:
        """A server certificate for `hosts`, which are its subjectAltName; the first is its common name too."""
        usual: Knobs = {"dns": hosts}
        usual.update(knobs)
        return mint(hosts[0] if hosts else "", self, **usual)


def mint(common_name: str, issuer: Minted | None = None, **knobs: Unpack[Knobs]) -> Minted:
    """One certificate; self-signed without an `issuer`."""
    key = knobs.get("key") or new_key(knobs.get("key_kind", "ec"))
    subject = knobs.get("subject_name") or _name(common_name, knobs.get("organization", "Example"))
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
    return _resigned(made, signer, knobs["old_hash"]) if "old_hash" in knobs else made


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


_SHA256_RSA = bytes.fromhex("300d06092a864886f70d01010b0500")
# The same length, so that nothing around them moves.
_OLD_RSA = {
    "sha1": (bytes.fromhex("300d06092a864886f70d0101050500"), hashes.SHA1()),  # noqa: S303 - the weakness is what is tested
    "md5": (bytes.fromhex("300d06092a864886f70d0101040500"), hashes.MD5()),  # noqa: S303 - as above
}


def _resigned(made: Minted, signer: PrivateKey, hash_name: str) -> Minted:
    """`made` with an old signature in place of its own. `signer` must be an RSA key."""
    if not isinstance(signer, rsa.RSAPrivateKey):
        raise TypeError("old hashes are minted with RSA issuers only")
    identifier, algorithm = _OLD_RSA[hash_name]
    signed = made.certificate.tbs_certificate_bytes.replace(_SHA256_RSA, identifier, 1)
    signature = signer.sign(signed, padding.PKCS1v15(), algorithm)
    head = made.der[: made.der.index(made.certificate.tbs_certificate_bytes)]
    bits = b"\x03\x82" + (len(signature) + 1).to_bytes(2) if len(signature) > 254 else b"\x03\x81\x81"
    der = head + signed + identifier + bits + b"\x00" + signature
    return Minted(x509.load_der_x509_certificate(der), made.key)
