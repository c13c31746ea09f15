"""Keys and signatures that clients refuse today (SP 800-131A, RFC 9155, RFC 9325 §4.5)."""

from __future__ import annotations

from stdiag.pki.certificate import Certificate
from stdiag.pki.signature import is_self_signed

MIN_RSA_BITS = 2048
MIN_EC_BITS = 224
_WEAK_HASHES = {"md2": "MD2", "md4": "MD4", "md5": "MD5", "sha1": "SHA-1"}


def weak_key(cert: Certificate) -> str | None:
    """What is weak about the certificate's key, as `RSA 1024`; None when nothing is."""
    bits = cert.key_bits
    match cert.key_kind:
        case "rsa" if bits is not None and bits < MIN_RSA_BITS:
            return f"RSA {bits}"
        case "ec" if bits is not None and bits < MIN_EC_BITS:
            return f"EC {cert.key_curve or bits}"
        case "dsa":
            return f"DSA {bits}" if bits else "DSA"  # no client of today takes it, whatever its size
    return None


def weak_signature(cert: Certificate) -> str | None:
    """The weak hash in the signature on the certificate, as `SHA-1`; None when it is not weak.

    A self-signed certificate's own signature proves nothing and is checked by nobody.
    """
    weak = _WEAK_HASHES.get(cert.signature_hash or "")
    return weak if weak and not is_self_signed(cert) else None
