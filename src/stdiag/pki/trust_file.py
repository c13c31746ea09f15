"""A trust store file, as Java programs have them: PKCS#12, or the certificates in it as PEM or DER."""

from __future__ import annotations

import enum
from collections.abc import Sequence

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from stdiag.pki.certificate import Certificate, parse_certificate
from stdiag.pki.encoding import read_certificates
from stdiag.pki.quiet import quiet

MAX_BYTES = 8 << 20
_MOST = 2000
JAVA_PASSPHRASE = "changeit"  # noqa: S105 - what every Java is delivered with
_JKS = (bytes.fromhex("feedfeed"), bytes.fromhex("cececece"))


class TrustFileProblem(enum.StrEnum):
    """Why nothing is known of a trust store file."""

    UNREADABLE = "unreadable"  # the file cannot be opened
    TOO_LARGE = "too-large"
    JKS = "jks"
    WRONG_PASSPHRASE = "wrong-passphrase"  # noqa: S105 - a word for what is wrong, not a passphrase
    NO_CERTIFICATE = "no-certificate"


class TrustFileReading(msgspec.Struct, frozen=True, kw_only=True):
    """What a trust store file turned out to be."""

    form: str | None = None
    """pkcs12, pem, der or pkcs7."""
    certificates: tuple[Certificate, ...] = ()
    problem: TrustFileProblem | None = None


def read_trust_file(data: bytes, passphrase: str | None) -> TrustFileReading:
    """`data` as a trust store. Without a passphrase Java's customary one and the empty one are tried. Never raises."""
    if len(data) > MAX_BYTES:
        return TrustFileReading(problem=TrustFileProblem.TOO_LARGE)
    if data.startswith(_JKS):
        return TrustFileReading(problem=TrustFileProblem.JKS)
    form, found = read_certificates(data, max_bytes=MAX_BYTES, max_certificates=_MOST)
    if form is not None:
        return _reading(form, found)
    wrong = False
    for candidate in (passphrase,) if passphrase is not None else (JAVA_PASSPHRASE, None, ""):
        opened, is_wrong = _pkcs12(data, candidate)
        wrong = wrong or is_wrong
        if opened is not None:
            return _reading("pkcs12", opened)
    return TrustFileReading(
        problem=TrustFileProblem.WRONG_PASSPHRASE if wrong else TrustFileProblem.NO_CERTIFICATE,
        form="pkcs12" if wrong else None,
    )


def _reading(form: str, found: Sequence[Certificate]) -> TrustFileReading:
    readable = tuple(one for one in found if one.problem is None)
    return TrustFileReading(
        form=form, certificates=readable, problem=None if readable else TrustFileProblem.NO_CERTIFICATE
    )


def _pkcs12(data: bytes, passphrase: str | None) -> tuple[list[Certificate] | None, bool]:
    """The certificates, or None and whether the passphrase is what is wrong."""
    given = None if passphrase is None else passphrase.encode("utf-8", "surrogateescape")
    with quiet():
        try:
            _, certificate, others = pkcs12.load_key_and_certificates(data, given)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            return None, isinstance(error, TypeError) or "password" in str(error).lower()
        except Exception:  # whatever else a parser says of hostile bytes
            return None, False
    found = [one for one in (certificate, *others) if one is not None]
    return [parse_certificate(one.public_bytes(Encoding.DER)) for one in found[:_MOST]], False
