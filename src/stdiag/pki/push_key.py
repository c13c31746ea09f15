"""The key file with which a server shows Apple who it is: PKCS#12, read from memory and kept there.

What is told of the file holds no secret; the private key is in `PushKey`, which shows itself to nobody.
"""

from __future__ import annotations

import enum
import secrets
from collections.abc import Sequence

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs12

from stdiag.pki.der import DerError
from stdiag.pki.pkcs12_outline import Pkcs12Outline, pkcs12_outline
from stdiag.pki.quiet import quiet

MAX_KEY_FILE_BYTES = 1 << 20
_BASE64_HEAD = b"MI"


class KeyProblem(enum.StrEnum):
    """Why a key file cannot be used as it is. Closed; exactly one, the first that stands in the way."""

    UNREADABLE = "unreadable"  # the file cannot be opened
    EMPTY = "empty"
    TOO_LARGE = "too-large"
    PEM = "pem"
    JKS = "jks"
    JCEKS = "jceks"
    BASE64 = "base64"
    CERTIFICATE = "certificate"  # a certificate in DER: what Apple's portal hands out
    NOT_PKCS12 = "not-pkcs12"
    DAMAGED = "damaged"
    PASSPHRASE_NEEDED = "passphrase-needed"  # noqa: S105 - a word for what is wrong, not a passphrase
    WRONG_PASSPHRASE = "wrong-passphrase"  # noqa: S105 - as above; or the content is damaged: the MAC tells no more
    UNSUPPORTED = "unsupported"  # an encryption that the library does not have
    NO_PRIVATE_KEY = "no-private-key"
    NO_CERTIFICATE = "no-certificate"
    KEY_MISMATCH = "key-mismatch"  # the certificate is of another key
    TWO_KEYS = "two-keys"


class OpensWith(enum.StrEnum):
    """What it takes to open the file."""

    PASSPHRASE = "passphrase"  # noqa: S105 - a word, not a passphrase
    EMPTY = "empty"  # the empty passphrase, although another one was given
    EMPTY_AS_GIVEN = "empty-as-given"
    ANYTHING = "anything"  # neither encrypted nor protected by a MAC


class PushKey:
    """A private key with its certificate. Shows nothing of itself, and is not stored."""

    __slots__ = ("certificate", "chain", "key")

    def __init__(self, certificate: x509.Certificate, key: PrivateKeyTypes, chain: Sequence[x509.Certificate]) -> None:
        self.certificate = certificate
        self.key = key
        self.chain = tuple(chain)

    def __repr__(self) -> str:
        return "<PushKey>"

    def __reduce__(self) -> str:
        raise TypeError("a private key is not stored")


class PushKeyReading(msgspec.Struct, frozen=True, kw_only=True):
    """What a key file turned out to be."""

    problem: KeyProblem | None = None
    outline: Pkcs12Outline | None = None
    """None for a file that is none, and for one in BER, which the library may read all the same."""
    opens_with: OpensWith | None = None
    """None: it was not opened."""
    certificate: bytes | None = None
    """DER of the key's certificate; where there is no key, of the first one."""
    others: tuple[bytes, ...] = ()
    """DER of the further certificates."""
    key: PushKey | None = None
    """Set when key and certificate are there and fit."""


def read_push_key(data: bytes, passphrase: str | None) -> PushKeyReading:
    """`data` as a key file. Never raises, and writes nothing anywhere."""
    outline: Pkcs12Outline | None = None
    try:
        outline = pkcs12_outline(data)
    except DerError:
        if (problem := _what_else(data)) is not None:
            return PushKeyReading(problem=problem)
    opened, opens_with, problem = _opened(data, passphrase, outline)
    if opened is None:
        return PushKeyReading(problem=problem, outline=outline)
    key, certificate, others = opened
    others_der = tuple(one.public_bytes(Encoding.DER) for one in others)
    problem, certificate = _content(key, certificate, others, outline)
    usable = key is not None and certificate is not None and problem in (None, KeyProblem.TWO_KEYS)
    return PushKeyReading(
        problem=problem,
        outline=outline,
        opens_with=opens_with,
        certificate=certificate.public_bytes(Encoding.DER) if certificate else None,
        others=tuple(der for der in others_der if certificate is None or der != certificate.public_bytes(Encoding.DER)),
        key=PushKey(certificate, key, others) if usable and key and certificate else None,
    )


_Opened = tuple[PrivateKeyTypes | None, x509.Certificate | None, list[x509.Certificate]]


def _opened(
    data: bytes, passphrase: str | None, outline: Pkcs12Outline | None
) -> tuple[_Opened | None, OpensWith | None, KeyProblem | None]:
    given = (passphrase or "").encode("utf-8", "surrogateescape")
    unprotected = outline is not None and not outline.has_mac and not outline.encrypted
    opened, problem = _load(data, given or None)
    if opened is None and problem is KeyProblem.WRONG_PASSPHRASE:
        # The empty passphrase has two spellings in the format (RFC 7292 appendix B.1), and may not be the one given.
        opened, _ = _load(data, b"") if not given else _load(data, None)
        if opened is None and given:
            opened, _ = _load(data, b"")
        if opened is not None and given:
            return opened, OpensWith.EMPTY, None
    if opened is None:
        return None, None, KeyProblem.PASSPHRASE_NEEDED if not given and _is_about_passphrase(problem) else problem
    if unprotected and _load(data, secrets.token_hex(16).encode())[0] is not None:
        return opened, OpensWith.ANYTHING, None
    return opened, OpensWith.PASSPHRASE if given else OpensWith.EMPTY_AS_GIVEN, None


def _is_about_passphrase(problem: KeyProblem | None) -> bool:
    return problem is KeyProblem.WRONG_PASSPHRASE


def _load(data: bytes, passphrase: bytes | None) -> tuple[_Opened | None, KeyProblem | None]:
    """cryptography's answer. Its words are not passed on: nobody knows what a later version will quote in them."""
    with quiet():
        try:
            return pkcs12.load_key_and_certificates(data, passphrase), None
        except UnsupportedAlgorithm:
            return None, KeyProblem.UNSUPPORTED
        except ValueError as error:
            wrong = "password" in str(error).lower()
            return None, KeyProblem.WRONG_PASSPHRASE if wrong else KeyProblem.DAMAGED
        except TypeError:  # for a passphrase that is not UTF-8
            return None, KeyProblem.WRONG_PASSPHRASE
        except Exception:  # whatever else a parser says of hostile bytes
            return None, KeyProblem.DAMAGED


def _content(
    key: PrivateKeyTypes | None,
    certificate: x509.Certificate | None,
    others: Sequence[x509.Certificate],
    outline: Pkcs12Outline | None,
) -> tuple[KeyProblem | None, x509.Certificate | None]:
    """What is wrong with what lies in the file, and the certificate that counts."""
    if key is None:
        return KeyProblem.NO_PRIVATE_KEY, certificate or (others[0] if others else None)
    fitting = next((one for one in (certificate, *others) if one is not None and _fits(key, one)), None)
    if fitting is None:
        shown = certificate or (others[0] if others else None)
        return (KeyProblem.KEY_MISMATCH if shown else KeyProblem.NO_CERTIFICATE), shown
    if outline is not None and (outline.private_keys or 0) > 1:
        return KeyProblem.TWO_KEYS, fitting
    return None, fitting


def _fits(key: PrivateKeyTypes, certificate: x509.Certificate) -> bool:
    try:
        form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return key.public_key().public_bytes(*form) == certificate.public_key().public_bytes(*form)
    except (ValueError, UnsupportedAlgorithm):
        return False


def _what_else(data: bytes) -> KeyProblem | None:
    """What a file is that shows no PKCS#12 outline; None: it may still be one, in BER."""
    start = data[:64].lstrip(b"\xef\xbb\xbf\r\n\t ")
    if not data.strip():
        return KeyProblem.EMPTY
    if len(data) > MAX_KEY_FILE_BYTES:
        return KeyProblem.TOO_LARGE
    if data.startswith(bytes.fromhex("feedfeed")):
        return KeyProblem.JKS
    if data.startswith(bytes.fromhex("cececece")):
        return KeyProblem.JCEKS
    if b"-----BEGIN " in data[:4096] or start.startswith(b"Bag Attributes"):
        return KeyProblem.PEM
    if start.startswith(_BASE64_HEAD) and all(byte in _BASE64 for byte in data[:4096]):
        return KeyProblem.BASE64
    if data[:2] == b"\x30\x80":
        return None
    if data[:1] != b"\x30":
        return KeyProblem.NOT_PKCS12
    return _other_der(data)


_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n\t ")
_PFX_VERSION = b"\x02\x01\x03"


def _other_der(data: bytes) -> KeyProblem | None:
    """A certificate in DER, or the remains of a PKCS#12 file."""
    with quiet():
        try:
            x509.load_der_x509_certificate(data)
        except Exception:  # its parser has several; none of them is a certificate
            return KeyProblem.DAMAGED if _PFX_VERSION in data[:12] else KeyProblem.NOT_PKCS12
    return KeyProblem.CERTIFICATE
