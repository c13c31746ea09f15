"""Certificates as files and issuers' servers hold them: DER, PEM (RFC 7468) or PKCS#7 (RFC 2315)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Literal

from stdiag.pki import der as asn1
from stdiag.pki.certificate import Certificate, parse_certificate
from stdiag.pki.quiet import quiet

Form = Literal["der", "pem", "pkcs7"]

MAX_BYTES = 1 << 20
MAX_CERTIFICATES = 100
_MAX_COMMENT = 200

# `TRUSTED CERTIFICATE` is OpenSSL's: a certificate, and settings behind it.
_BLOCK = re.compile(
    rb"-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE|PKCS7|PKCS #7 SIGNED DATA|CMS)-----([^-]*)-----END \1-----"
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SIGNED_DATA = "1.2.840.113549.1.7.2"


def read_certificates(
    data: bytes, *, max_bytes: int = MAX_BYTES, max_certificates: int = MAX_CERTIFICATES
) -> tuple[Form | None, list[Certificate]]:
    """The form of `data` and its certificates in their order; (None, []) for anything else and for what is too large.

    A single broken certificate among others is returned with its `problem`. Text around PEM blocks, a byte order
    mark and any line ends are tolerated.
    """
    if len(data) > max_bytes:
        return None, []
    if data[:2] in _UTF16:
        data = data.decode("utf-16", "replace").encode()  # what Windows' Notepad calls Unicode
    blocks = list(islice(pem_blocks(data), max_certificates))
    if blocks:
        only_pkcs7 = all(label not in _CERTIFICATE_LABELS for label, _ in blocks)
        found = [c for label, body in blocks for c in _of_block(label, body)][:max_certificates]
        return ("pkcs7" if only_pkcs7 else "pem"), found
    found = [parse_certificate(body) for body in islice(_sequences(data), max_certificates)]
    if found and found[0].problem is None:
        return "der", [c for c in found if c.problem is None]
    inside = _of_pkcs7(data)[:max_certificates]
    return ("pkcs7", inside) if inside else (None, [])


_CERTIFICATE_LABELS = (b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE")


def pem_blocks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(label, decoded body) of each PEM block that can hold certificates. A body that is not Base64 comes as it is."""
    for match in _BLOCK.finditer(data):
        label, text = match.groups()
        try:
            yield label, binascii.a2b_base64(text)
        except binascii.Error:
            yield label, text


def pem_bundle(certs: Iterable[Certificate]) -> str:
    """`certs` as a PEM file's text, each under a comment with its subject. Line feeds only."""
    return "".join(f"# {_comment(cert.subject or 'unreadable')}\n{cert.pem}" for cert in certs)


def _comment(text: str) -> str:
    """Server-sent text made safe for a comment: no control characters, nothing that looks like a PEM boundary."""
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    shown = re.sub("-{2,}", "-", shown)
    return shown if len(shown) <= _MAX_COMMENT else shown[: _MAX_COMMENT - 1] + "…"


def _of_block(label: bytes, body: bytes) -> list[Certificate]:
    if label not in _CERTIFICATE_LABELS:
        return _of_pkcs7(body)
    if label.startswith(b"TRUSTED"):
        body = next(_sequences(body), body)
    return [parse_certificate(body)]


def _sequences(data: bytes) -> Iterator[bytes]:
    """SEQUENCEs that stand one behind another, as long as they do."""
    at = 0
    while at < len(data) and data[at] == asn1.SEQUENCE:
        try:
            found = asn1.element(data, at, len(data))
        except asn1.DerError:
            return
        yield data[found.start : found.end]
        at = found.end


def _of_pkcs7(data: bytes) -> list[Certificate]:
    try:
        return [parse_certificate(body) for body in _signed_data_certificates(data)]
    except asn1.DerError:
        return _of_ber_pkcs7(data)


def _signed_data_certificates(data: bytes) -> list[bytes]:
    """The certificates of a SignedData (RFC 2315 §9.1), in their order. Raises DerError."""
    whole = asn1.element(data, 0, len(data))
    parts = asn1.children(data, whole)
    if len(parts) < 2 or asn1.dotted(data[parts[0].body : parts[0].end]) != _SIGNED_DATA:
        raise asn1.DerError("not signed data")
    content = asn1.element(data, parts[1].body, parts[1].end)
    for part in asn1.children(data, content):
        if part.tag == 0xA0:
            return [data[c.start : c.end] for c in asn1.children(data, part) if c.tag == asn1.SEQUENCE]
    return []


def _of_ber_pkcs7(data: bytes) -> list[Certificate]:
    """PKCS#7 with lengths left open (BER), which OpenSSL reads and a DER reader cannot."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

    if data[:2] != b"\x30\x80":
        return []
    with quiet():
        try:
            found = pkcs7.load_der_pkcs7_certificates(data)
        except (ValueError, UnsupportedAlgorithm):
            return []
    return [parse_certificate(cert.public_bytes(Encoding.DER)) for cert in found]
