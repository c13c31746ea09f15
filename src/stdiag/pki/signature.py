"""Who signed a certificate: name and signature, never one of the two alone."""

from __future__ import annotations

import enum
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa

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
    if DISAGREEING_ALGORITHMS in cert.malformed:
        return SignatureCheck.INVALID
    try:
        return SignatureCheck.VALID if _verify(cert.x509, issuer.x509) else SignatureCheck.INVALID
    except InvalidSignature:
        return SignatureCheck.INVALID
    except Exception:  # UnsupportedAlgorithm, ValueError, TypeError …: cryptography cannot do it, libcrypto may
        return _verify_by_libcrypto(cert, issuer)


def is_self_signed(cert: Certificate) -> bool:
    """Whether the certificate was issued by its own key: a root, or a leaf that vouches for itself."""
    return cert.is_self_issued and issued_by(cert, cert) in (SignatureCheck.VALID, SignatureCheck.UNVERIFIABLE)


def _verify(cert: x509.Certificate, issuer: x509.Certificate) -> bool:
    """False when the signature is of another kind than the key; raises InvalidSignature, or TypeError or what else
    cryptography raises for an algorithm that it lacks."""
    key = issuer.public_key()
    how = cert.signature_algorithm_parameters
    signed, signature = cert.tbs_certificate_bytes, cert.signature
    match key:
        case rsa.RSAPublicKey():
            if isinstance(how, ec.ECDSA):
                return False
            if how is None:
                raise TypeError("an algorithm that cryptography has no parameters for, MD5 with RSA among them")
            # Not Certificate.verify_directly_issued_by: it refuses SHA-1, and names that differ in nothing but
            # the kind of string.
            key.verify(signature, signed, how, _hash(cert))
        case ec.EllipticCurvePublicKey():
            if isinstance(how, padding.PKCS1v15 | padding.PSS):
                return False
            if how is None:
                raise TypeError("as above")
            key.verify(signature, signed, how)
        case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey():
            key.verify(signature, signed)
        case dsa.DSAPublicKey():
            key.verify(signature, signed, _hash(cert))
        case _:
            raise TypeError("a key that signs nothing")
    return True


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
        # Any other complaint (not a CA, say) comes before the signature is looked at.
        return SignatureCheck.INVALID if error.errors[0] == _SIGNATURE_FAILURE else SignatureCheck.UNVERIFIABLE
    except crypto.Error:
        return SignatureCheck.UNVERIFIABLE
    return SignatureCheck.VALID
