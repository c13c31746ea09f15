"""Who signed a certificate: name and signature, never one of the two alone."""

from __future__ import annotations

import enum
import threading
import warnings
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa

from stdiag.pki.certificate import Certificate
from stdiag.pki.distinguished_name import same_name


class SignatureCheck(enum.StrEnum):
    """Whether one certificate issued another."""

    VALID = "valid"
    INVALID = "invalid"  # the name is right, the signature is another key's, or damaged
    NOT_NAMED = "not-named"  # the issuer has another name
    UNVERIFIABLE = "unverifiable"  # the name is right; no library here can do the signature's algorithm


def issued_by(cert: Certificate, issuer: Certificate) -> SignatureCheck:
    raise NotImplementedError
