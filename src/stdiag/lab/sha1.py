"""A certificate signed with SHA-1, as CAs did until 2016.

`cryptography` has stopped building such certificates, and rightly. The lab takes a certificate that was built and
signed with SHA-256 and replaces the two algorithm identifiers and the signature: RFC 5280 §4.1, RFC 8017 §8.2.
"""

from __future__ import annotations

import hashlib

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

# AlgorithmIdentifier of sha256WithRSAEncryption and of sha1WithRSAEncryption (RFC 4055 §5, RFC 3279 §2.2.1). They have
# the same length, so no length around them changes.
_SHA256_WITH_RSA = bytes.fromhex("300d06092a864886f70d01010b0500")
_SHA1_WITH_RSA = bytes.fromhex("300d06092a864886f70d0101050500")

# DigestInfo of SHA-1 up to the digest itself (RFC 8017 §9.2, note 1).
_SHA1_DIGEST_INFO = bytes.fromhex("3021300906052b0e03021a05000414")

_SEQUENCE = 0x30
_BIT_STRING = 0x03


def resigned_with_sha1(certificate: x509.Certificate, issuer_key: rsa.RSAPrivateKey) -> x509.Certificate:
    """`certificate` with a SHA-1 signature by `issuer_key` in place of its SHA-256 RSA signature."""
    signed_part = certificate.tbs_certificate_bytes.replace(_SHA256_WITH_RSA, _SHA1_WITH_RSA, 1)
    signature = _sign(signed_part, issuer_key.private_numbers())
    bit_string = _der(_BIT_STRING, b"\x00" + signature)  # no unused bits
    return x509.load_der_x509_certificate(_der(_SEQUENCE, signed_part + _SHA1_WITH_RSA + bit_string))


def _sign(message: bytes, key: rsa.RSAPrivateNumbers) -> bytes:
    """RSASSA-PKCS1-v1_5 with SHA-1 (RFC 8017 §8.2.1), from the bare numbers: no library needs to consent."""
    modulus = key.public_numbers.n
    size = (modulus.bit_length() + 7) // 8
    digest_info = _SHA1_DIGEST_INFO + hashlib.sha1(message, usedforsecurity=False).digest()
    padded = b"\x00\x01" + b"\xff" * (size - len(digest_info) - 3) + b"\x00" + digest_info
    return pow(int.from_bytes(padded, "big"), key.d, modulus).to_bytes(size, "big")


def _der(tag: int, content: bytes) -> bytes:
    """One DER element (X.690 §8.1.3): short length form below 128, long form above."""
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content
