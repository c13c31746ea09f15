"""Who signed a certificate: name and signature, never one of the two alone."""

from __future__ import annotations

import enum
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from stdiag.pki.certificate import DISAGREEING_ALGORITHMS, Certificate
from stdiag.pki.distinguished_name import same_name

# X509_V_FLAG_* of OpenSSL (x509_vfy.h). pyOpenSSL names only some of them.
_CHECK_SELF_SIGNATURE = 0x4000
_PARTIAL_CHAIN = 0x80000
_NO_CHECK_TIME = 0x200000
_SIGNATURE_FAILURE = 7  # X509_V_ERR_CERT_SIGNATURE_FAILURE


class SignatureCheck(enum.StrEnum):
    """Whether one certificate issued another."""

    VALID = "valid"
    INVALID = "invalid"  # the name is right, the signature is another key's, or damaged
    NOT_NAMED = "not-named"  # the issuer has another name
    UNVERIFIABLE = "unverifiable"  # the name is right; no library here can do the signature's algorithm


@lru_cache(maxsize=2048)
def issued_by(cert: Certificate, issuer: Certificate) -> SignatureCheck:
    """Whether `issuer`'s name and key issued `cert`. Neither dates nor rights are looked at.

    SHA-1 and MD5 are verified like any other: that they are weak is another question than who signed.
    """
    if cert.x509 is None or issuer.x509 is None or not same_name(cert.issuer_der, issuer.subject_der):
        return SignatureCheck.NOT_NAMED
    if DISAGREEING_ALGORITHMS in cert.malformed or _other_kind(cert.x509, issuer.key_kind):
        return SignatureCheck.INVALID
    try:
        _verify(cert.x509, issuer.x509)
    except InvalidSignature:
        return SignatureCheck.INVALID
    except Exception:  # UnsupportedAlgorithm, ValueError, TypeError …: cryptography cannot do it, libcrypto may
        return _verify_by_libcrypto(cert, issuer)
    return SignatureCheck.VALID


@lru_cache(maxsize=2048)
def signed_by_anchor(cert: Certificate, subject_der: bytes, spki_der: bytes) -> SignatureCheck:
    """As `issued_by`, with an issuer of whom only name and key (SubjectPublicKeyInfo) are known: a client's anchor
    (RFC 5280 §6.1.1 d), whose certificate no store of today may hold any more."""
    if cert.x509 is None or not same_name(cert.issuer_der, subject_der):
        return SignatureCheck.NOT_NAMED
    if DISAGREEING_ALGORITHMS in cert.malformed:
        return SignatureCheck.INVALID
    try:
        key = load_der_public_key(spki_der)
    except Exception:  # a kind of key that cryptography lacks, or no key at all
        return SignatureCheck.UNVERIFIABLE
    if _other_kind(cert.x509, _kind_of(key)):
        return SignatureCheck.INVALID
    try:
        _verify_with(cert.x509, key)
    except InvalidSignature:
        return SignatureCheck.INVALID
    except Exception:  # an algorithm that cryptography lacks; without a certificate libcrypto cannot be asked
        return SignatureCheck.UNVERIFIABLE
    return SignatureCheck.VALID


def identifiers_differ(cert: Certificate, issuer: Certificate) -> bool:
    """`cert` says that a key of another identifier signed it (RFC 5280 §4.2.1.1)."""
    return cert.aki is not None and issuer.ski is not None and cert.aki != issuer.ski


def is_self_signed(cert: Certificate) -> bool:
    """Whether the certificate was issued by its own key: a root, or a leaf that vouches for itself."""
    return cert.is_self_issued and issued_by(cert, cert) in (SignatureCheck.VALID, SignatureCheck.UNVERIFIABLE)


# Beginning of a signature algorithm's dotted identifier → the kind of key that makes such signatures.
_SIGNED_BY = (
    ("1.2.840.113549.1.1.", "rsa"),
    ("1.2.840.10045.4.", "ec"),
    ("1.2.840.10040.4.", "dsa"),
    ("1.3.101.112", "ed25519"),
    ("1.3.101.113", "ed448"),
)


def _other_kind(cert: x509.Certificate, key_kind: str) -> bool:
    """The signature is of a kind that such a key cannot make."""
    algorithm = cert.signature_algorithm_oid.dotted_string
    kind = next((kind for start, kind in _SIGNED_BY if algorithm.startswith(start)), "unknown")
    return "unknown" not in (kind, key_kind) and kind != key_kind


def _verify(cert: x509.Certificate, issuer: x509.Certificate) -> None:
    """Raises InvalidSignature, or what else cryptography raises for an algorithm that it lacks.

    Not Certificate.verify_directly_issued_by: it refuses SHA-1, and names that differ in nothing but the kind of
    string.
    """
    _verify_with(cert, issuer.public_key())


def _verify_with(cert: x509.Certificate, key: object) -> None:
    signed, signature = cert.tbs_certificate_bytes, cert.signature
    match key:
        case rsa.RSAPublicKey():
            # None for MD5: the one old algorithm that cryptography knows only half.
            how = cert.signature_algorithm_parameters or padding.PKCS1v15()
            if isinstance(how, ec.ECDSA):
                raise TypeError("an RSA signature with parameters of another kind")
            key.verify(signature, signed, how, _hash(cert))
        case ec.EllipticCurvePublicKey():
            key.verify(signature, signed, ec.ECDSA(_hash(cert)))
        case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey():
            key.verify(signature, signed)
        case dsa.DSAPublicKey():
            key.verify(signature, signed, _hash(cert))
        case _:
            raise TypeError("a key that signs nothing")


def _kind_of(key: object) -> str:
    match key:
        case rsa.RSAPublicKey():
            return "rsa"
        case ec.EllipticCurvePublicKey():
            return "ec"
        case dsa.DSAPublicKey():
            return "dsa"
        case ed25519.Ed25519PublicKey():
            return "ed25519"
        case ed448.Ed448PublicKey():
            return "ed448"
        case _:
            return "unknown"


def _hash(cert: x509.Certificate) -> hashes.HashAlgorithm:
    algorithm = cert.signature_hash_algorithm
    if algorithm is None:
        raise TypeError("a signature without a hash")
    return algorithm


def _verify_by_libcrypto(cert: Certificate, issuer: Certificate) -> SignatureCheck:
    """The same question to OpenSSL's chain verification: `issuer` is all that it may trust, and no date counts."""
    from OpenSSL import crypto

    store = crypto.X509Store()
    try:
        store.add_cert(crypto.load_certificate(crypto.FILETYPE_ASN1, issuer.der))
        store.set_flags(_PARTIAL_CHAIN | _NO_CHECK_TIME | _CHECK_SELF_SIGNATURE)
        crypto.X509StoreContext(store, crypto.load_certificate(crypto.FILETYPE_ASN1, cert.der)).verify_certificate()
    except crypto.X509StoreContextError as error:
        if error.errors[0] == _SIGNATURE_FAILURE or identifiers_differ(cert, issuer):
            return SignatureCheck.INVALID
        # Any other complaint (not a CA, say) comes before the signature is looked at.
        return SignatureCheck.UNVERIFIABLE
    except crypto.Error:
        return SignatureCheck.UNVERIFIABLE
    return SignatureCheck.VALID
