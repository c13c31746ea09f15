"""Just enough DER (X.690 §8, §10) to take a certificate apart where a library gives only all or nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

SEQUENCE = 0x30
SET = 0x31
OBJECT_IDENTIFIER = 0x06


class DerError(ValueError):
    """The bytes are not the DER that was expected."""


class Element(NamedTuple):
    """One tag-length-value, by its place in the buffer."""

    tag: int
    start: int
    """Where the tag stands."""
    body: int
    """Where the value begins."""
    end: int


def element(data: bytes, start: int, limit: int) -> Element:
    """The element at `start`, which must end at or before `limit`. Raises DerError."""
    if start + 2 > limit:
        raise DerError("ends within an element")
    tag = data[start]
    if tag & 0x1F == 0x1F:
        raise DerError("a tag of several bytes")
    length = data[start + 1]
    body = start + 2
    if length >= 0x80:
        size = length & 0x7F
        if not 1 <= size <= 4 or body + size > limit:
            raise DerError("a length that is indefinite or too large")
        length = int.from_bytes(data[body : body + size])
        body += size
    end = body + length
    if end > limit:
        raise DerError("an element longer than what holds it")
    return Element(tag, start, body, end)


def children(data: bytes, parent: Element) -> list[Element]:
    """The elements directly inside `parent`. Raises DerError."""
    found = []
    at = parent.body
    while at < parent.end:
        child = element(data, at, parent.end)
        found.append(child)
        at = child.end
    return found


def encode(tag: int, *bodies: bytes) -> bytes:
    """One element with the joined `bodies` as its value."""
    body = b"".join(bodies)
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    size = (len(body).bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + len(body).to_bytes(size) + body


@lru_cache(maxsize=512)
def dotted(oid: bytes) -> str:
    """The dotted text of an OBJECT IDENTIFIER's value (X.690 §8.19). Raises DerError."""
    arcs: list[int] = []
    value = 0
    for byte in oid:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(value)
            value = 0
    if not arcs or oid[-1] & 0x80:
        raise DerError("an object identifier that does not end")
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


class Outline(NamedTuple):
    """The parts of a certificate (RFC 5280 §4.1) as slices of its DER, tags included."""

    issuer: bytes
    subject: bytes
    spki: bytes
    before_extensions: bytes
    """All of the to-be-signed part ahead of the extensions, without its own tag."""
    after_tbs: bytes
    """Signature algorithm and signature."""
    extensions: tuple[bytes, ...]
    version: int
    algorithms_agree: bool
    """The signature algorithm inside the signed part is the one outside of it, as RFC 5280 §4.1.1.2 demands."""


def outline(der: bytes) -> Outline:
    """The parts of a certificate, without a look at what is in them. Raises DerError."""
    whole = element(der, 0, len(der))
    if whole.tag != SEQUENCE or whole.end != len(der):
        raise DerError("not one SEQUENCE")
    tbs = element(der, whole.body, whole.end)
    if tbs.tag != SEQUENCE:
        raise DerError("not a certificate")
    fields = children(der, tbs)
    version = 1
    if fields and fields[0].tag == 0xA0:
        number = element(der, fields[0].body, fields[0].end)
        version = int.from_bytes(der[number.body : number.end]) + 1
        first = 1
    else:
        first = 0
    # serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo
    if len(fields) < first + 6 or any(fields[first + n].tag != SEQUENCE for n in range(1, 6)):
        raise DerError("not a certificate")
    outer = element(der, tbs.end, whole.end)
    inner = fields[first + 1]
    issuer, subject, spki = fields[first + 2], fields[first + 4], fields[first + 5]
    extensions: tuple[bytes, ...] = ()
    cut = tbs.end
    if fields[-1].tag == 0xA3:
        cut = fields[-1].start
        holder = element(der, fields[-1].body, fields[-1].end)
        extensions = tuple(der[e.start : e.end] for e in children(der, holder))
    return Outline(
        issuer=der[issuer.start : issuer.end],
        subject=der[subject.start : subject.end],
        spki=der[spki.start : spki.end],
        before_extensions=der[tbs.body : cut],
        after_tbs=der[tbs.end : whole.end],
        extensions=extensions,
        version=version,
        algorithms_agree=der[inner.start : inner.end] == der[outer.start : outer.end],
    )


def with_extensions(parts: Outline, extensions: tuple[bytes, ...]) -> bytes:
    """The certificate with only these extensions: no longer rightly signed, but readable."""
    tail = encode(0xA3, encode(SEQUENCE, *extensions)) if extensions else b""
    return encode(SEQUENCE, encode(SEQUENCE, parts.before_extensions, tail), parts.after_tbs)


def extension_name(extension: bytes) -> str:
    """Dotted identifier of one extension. Raises DerError."""
    holder = element(extension, 0, len(extension))
    oid = element(extension, holder.body, holder.end)
    if oid.tag != OBJECT_IDENTIFIER:
        raise DerError("an extension without an identifier")
    return dotted(extension[oid.body : oid.end])
