"""A certificate as a value: everything that judgements ask of it, read once, whatever state it is in."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from functools import lru_cache

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.oid import ExtensionOID, NameOID

from stdiag.pki import der as asn1
from stdiag.pki.distinguished_name import attribute_texts, name_text, same_name
from stdiag.pki.extensions import Extensions, issuer_addresses, key_uses, purposes, subtrees
from stdiag.pki.quiet import quiet

MAX_CERTIFICATE_BYTES = 1 << 20
DISAGREEING_ALGORITHMS = "signature algorithm"
"""In `malformed`: the signed part names another algorithm than the signature. No client accepts that."""
_MAX_CACHED_BYTES = 1 << 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Certificate(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """One certificate (RFC 5280 §4). Made by `parse_certificate`; equal when their bytes are equal."""

    der: bytes
    sha256: str
    problem: str | None = None
    """Why it could not be read. Then nothing but `der`, `sha256` and `pem` means anything."""
    malformed: tuple[str, ...] = ()
    """Parts that could not be read while the rest could: names or dotted identifiers of extensions, `public key`."""
    version: int = 0
    subject: str = ""
    """RFC 4514 text, most specific part first."""
    issuer: str = ""
    common_name: str | None = None
    organization: str | None = None
    subject_der: bytes = b""
    issuer_der: bytes = b""
    serial_hex: str = ""
    """Lower-case hex; with a minus sign for the (forbidden, yet found) negative number."""
    not_before: datetime = _EPOCH
    not_after: datetime = _EPOCH
    is_self_issued: bool = False
    """Subject and issuer are the same name. Says nothing of who signed it."""
    is_ca: bool | None = None
    """None: there is no basicConstraints extension that can be read."""
    path_length: int | None = None
    key_kind: str = "unknown"
    """rsa, ec, ed25519, ed448, dsa or unknown."""
    key_bits: int | None = None
    key_curve: str | None = None
    """Name of the curve, or its dotted identifier where cryptography does not know it."""
    signature_hash: str | None = None
    """sha256, sha1, md5 …; None where the scheme has none of its own (Ed25519) or it is not known."""
    has_san: bool = False
    """A subjectAltName extension is present, readable or not."""
    dns_names: tuple[str, ...] = ()
    ip_addresses: tuple[str, ...] = ()
    ski: str | None = None
    aki: str | None = None
    ca_issuers: tuple[str, ...] = ()
    """Addresses where the issuer's certificate lies (RFC 5280 §4.2.2.1), as they stand there: hostile text."""
    key_usage: frozenset[str] | None = None
    """Names as in RFC 5280 §4.2.1.3, in snake case: key_cert_sign, digital_signature …"""
    extended_key_usage: frozenset[str] | None = None
    """serverAuth, clientAuth, any …, or dotted identifiers."""
    permitted: tuple[str, ...] | None = None
    """Permitted subtrees of nameConstraints as `kind:value`; None when it has none."""
    excluded: tuple[str, ...] | None = None
    name_constraints: x509.NameConstraints | None = None
    unknown_critical: tuple[str, ...] = ()
    """Dotted identifiers of critical extensions that no client understands."""
    spki_sha256: str = ""
    x509: x509.Certificate | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __repr__(self) -> str:
        return f"<Certificate {self.sha256[:8]} {self.subject or self.problem!r}>"

    @property
    def pem(self) -> str:
        """RFC 7468 text, ending in a line feed. An unreadable certificate has one too: its bytes are the evidence."""
        text = base64.b64encode(self.der).decode()
        lines = "".join(f"{text[at : at + 64]}\n" for at in range(0, len(text), 64))
        return f"-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n"

    def is_valid_at(self, at: datetime) -> bool:
        """Whether `at` (aware) lies in the validity, both ends included (RFC 5280 §4.1.2.5)."""
        return self.not_before <= at <= self.not_after


def parse_certificate(der: bytes) -> Certificate:
    """`der` as a Certificate. Never raises: what is no certificate comes back with its `problem`."""
    # A hostile giant must not push the ordinary ones out, nor sit in memory for ever.
    return _parse_cached(bytes(der)) if len(der) <= _MAX_CACHED_BYTES else _parse(bytes(der))


def _parse(der: bytes) -> Certificate:
    digest = hashlib.sha256(der).hexdigest()
    if len(der) > MAX_CERTIFICATE_BYTES:
        return Certificate(der=der[:0], sha256=digest, problem=f"larger than {MAX_CERTIFICATE_BYTES} bytes")
    try:
        parts = asn1.outline(der)
    except asn1.DerError as error:
        return Certificate(der=der, sha256=digest, problem=f"not a certificate: {error}")
    with quiet():
        try:
            return _read(der, digest, parts)
        except Exception as error:  # whatever a parser may raise on hostile bytes is a fact about the bytes
            return Certificate(der=der, sha256=digest, problem=f"cannot be read: {error}")


_parse_cached = lru_cache(maxsize=1024)(_parse)


def _read(der: bytes, digest: str, parts: asn1.Outline) -> Certificate:
    found = x509.load_der_x509_certificate(der)
    malformed: list[str] = [] if parts.algorithms_agree else [DISAGREEING_ALGORITHMS]
    extensions = Extensions(found, parts, malformed)
    kind, bits, curve = _key(found, parts, malformed)
    basic = extensions.value(x509.BasicConstraints)
    names = extensions.value(x509.SubjectAlternativeName)
    limits = extensions.value(x509.NameConstraints)
    ski = extensions.value(x509.SubjectKeyIdentifier)
    aki = extensions.value(x509.AuthorityKeyIdentifier)
    common_names = attribute_texts(parts.subject, NameOID.COMMON_NAME.dotted_string)
    organizations = attribute_texts(parts.subject, NameOID.ORGANIZATION_NAME.dotted_string)
    serial = found.serial_number
    return Certificate(
        der=der,
        sha256=digest,
        malformed=tuple(dict.fromkeys(malformed)),
        version=parts.version,
        subject=name_text(parts.subject),
        issuer=name_text(parts.issuer),
        # The last one is the most specific one, and the one that clients compared.
        common_name=common_names[-1] if common_names else None,
        organization=organizations[-1] if organizations else None,
        subject_der=parts.subject,
        issuer_der=parts.issuer,
        serial_hex=f"{serial:x}",
        not_before=found.not_valid_before_utc,
        not_after=found.not_valid_after_utc,
        is_self_issued=same_name(parts.subject, parts.issuer),
        is_ca=basic.ca if basic else None,
        path_length=basic.path_length if basic else None,
        key_kind=kind,
        key_bits=bits,
        key_curve=curve,
        signature_hash=_signature_hash(found),
        has_san=ExtensionOID.SUBJECT_ALTERNATIVE_NAME.dotted_string in extensions.present,
        dns_names=tuple(names.get_values_for_type(x509.DNSName)) if names else (),
        ip_addresses=tuple(map(str, names.get_values_for_type(x509.IPAddress))) if names else (),
        ski=ski.digest.hex() if ski else None,
        aki=aki.key_identifier.hex() if aki and aki.key_identifier else None,
        ca_issuers=issuer_addresses(extensions.value(x509.AuthorityInformationAccess)),
        key_usage=key_uses(extensions.value(x509.KeyUsage)),
        extended_key_usage=purposes(extensions.value(x509.ExtendedKeyUsage)),
        permitted=subtrees(limits.permitted_subtrees) if limits else None,
        excluded=subtrees(limits.excluded_subtrees) if limits else None,
        name_constraints=limits,
        unknown_critical=extensions.unknown_critical(),
        spki_sha256=hashlib.sha256(parts.spki).hexdigest(),
        x509=found,
    )


_KEY_KINDS = {
    "1.2.840.113549.1.1.1": "rsa",
    "1.2.840.113549.1.1.10": "rsa",
    "1.2.840.10045.2.1": "ec",
    "1.2.840.10040.4.1": "dsa",
    "1.3.101.112": "ed25519",
    "1.3.101.113": "ed448",
}


def _key(found: x509.Certificate, parts: asn1.Outline, malformed: list[str]) -> tuple[str, int | None, str | None]:
    """Kind, bits and curve of the public key."""
    try:
        key = found.public_key()
    except UnsupportedAlgorithm:
        # A curve or an algorithm that cryptography lacks: the identifier still tells which.
        return _KEY_KINDS.get(found.public_key_algorithm_oid.dotted_string, "unknown"), None, _curve_identifier(parts)
    except Exception:  # as above
        malformed.append("public key")
        return _KEY_KINDS.get(found.public_key_algorithm_oid.dotted_string, "unknown"), None, None
    match key:
        case rsa.RSAPublicKey():
            return "rsa", key.key_size, None
        case ec.EllipticCurvePublicKey():
            return "ec", key.key_size, key.curve.name
        case dsa.DSAPublicKey():
            return "dsa", key.key_size, None
        case ed25519.Ed25519PublicKey():
            return "ed25519", 256, None
        case ed448.Ed448PublicKey():
            return "ed448", 456, None
        case _:
            return "unknown", None, None


def _curve_identifier(parts: asn1.Outline) -> str | None:
    try:
        whole = asn1.element(parts.spki, 0, len(parts.spki))
        algorithm = asn1.element(parts.spki, whole.body, whole.end)
        _, parameters = asn1.children(parts.spki, algorithm)
        if parameters.tag != asn1.OBJECT_IDENTIFIER:
            return None
        return asn1.dotted(parts.spki[parameters.body : parameters.end])
    except ValueError:  # DerError, or not two parts
        return None


_OLD_HASHES = {"1.2.840.113549.1.1.2": "md2", "1.2.840.113549.1.1.3": "md4"}


def _signature_hash(found: x509.Certificate) -> str | None:
    try:
        algorithm = found.signature_hash_algorithm
    except (UnsupportedAlgorithm, ValueError):
        return _OLD_HASHES.get(found.signature_algorithm_oid.dotted_string)
    return algorithm.name if algorithm else None
