"""What a PKCS#12 file (RFC 7292) shows without its passphrase: how it is protected, and what lies in it."""

from __future__ import annotations

import enum

import msgspec

from stdiag.pki import der as asn1

_KEY_BAG = "1.2.840.113549.1.12.10.1.1"
_SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2"
_LOCAL_KEY_ID = "1.2.840.113549.1.9.21"
_PBES2 = "1.2.840.113549.1.5.13"
_OCTET_STRING = 0x04
_MOST_BAGS = 1000

# RFC 7292 appendix C, and the ciphers that PBES2 (RFC 8018) is used with.
_ALGORITHMS = {
    "1.2.840.113549.1.12.1.1": "RC4-128",
    "1.2.840.113549.1.12.1.2": "RC4-40",
    "1.2.840.113549.1.12.1.3": "3DES",
    "1.2.840.113549.1.12.1.4": "3DES with two keys",
    "1.2.840.113549.1.12.1.5": "RC2-128",
    "1.2.840.113549.1.12.1.6": "RC2-40",
    "1.2.840.113549.3.7": "PBES2 with 3DES",
    "2.16.840.1.101.3.4.1.2": "AES-128",
    "2.16.840.1.101.3.4.1.22": "AES-192",
    "2.16.840.1.101.3.4.1.42": "AES-256",
}
OLD_ALGORITHMS = frozenset({"RC4-128", "RC4-40", "3DES", "3DES with two keys", "RC2-128", "RC2-40", "PBES2 with 3DES"})
"""What OpenSSL 3 and other programs of today read only when they are told to."""


class _Content(enum.StrEnum):
    DATA = "1.2.840.113549.1.7.1"
    ENCRYPTED_DATA = "1.2.840.113549.1.7.6"


class Pkcs12Outline(msgspec.Struct, frozen=True, kw_only=True):
    """The outside of a PKCS#12 file."""

    has_mac: bool
    """A MAC over the content, by which a wrong passphrase is noticed at once."""
    encrypted: bool
    """At least one part is encrypted."""
    algorithms: list[str]
    """Names of the encryptions, or dotted identifiers: RC2-40, 3DES, AES-256 …"""
    private_keys: int | None
    """Private keys that can be counted; None when a part that may hold some is encrypted as a whole."""
    by_keytool: bool
    """Java's keytool wrote it: it alone numbers entries with the time."""


def pkcs12_outline(data: bytes) -> Pkcs12Outline:
    """The outline of `data`. Raises DerError for what is no PKCS#12 file in DER, or is cut off."""
    try:
        return _outline(data)
    except (IndexError, ValueError) as error:  # fewer parts than there must be
        raise asn1.DerError(str(error)) from None


def _outline(data: bytes) -> Pkcs12Outline:
    whole = asn1.element(data, 0, len(data))
    if whole.tag != asn1.SEQUENCE:
        raise asn1.DerError("not a SEQUENCE")
    parts = asn1.children(data, whole)
    if len(parts) < 2 or data[parts[0].start : parts[0].end] != b"\x02\x01\x03" or parts[1].tag != asn1.SEQUENCE:
        raise asn1.DerError("not a PFX of version 3")
    content = asn1.children(data, parts[1])
    if len(content) < 2 or _oid(data, content[0]) != _Content.DATA:
        raise asn1.DerError("not protected by a password")
    safe = _octets(data, asn1.element(data, content[1].body, content[1].end))
    reader = _Reader()
    for info in asn1.children(safe, asn1.element(safe, 0, len(safe))):
        reader.read(safe, info)
    return Pkcs12Outline(
        has_mac=len(parts) > 2,
        encrypted=bool(reader.algorithms),
        algorithms=list(dict.fromkeys(reader.algorithms)),
        private_keys=None if reader.hidden and not reader.keys else reader.keys,
        by_keytool=reader.by_keytool,
    )


class _Reader:
    def __init__(self) -> None:
        self.algorithms: list[str] = []
        self.keys = 0
        self.hidden = False
        self.by_keytool = False
        self._bags = 0

    def read(self, safe: bytes, info: asn1.Element) -> None:
        """One ContentInfo of the AuthenticatedSafe."""
        kind, holder = asn1.children(safe, info)[:2]
        inner = asn1.element(safe, holder.body, holder.end)
        match _oid(safe, kind):
            case _Content.DATA:
                bags = _octets(safe, inner)
                for bag in asn1.children(bags, asn1.element(bags, 0, len(bags))):
                    self._bag(bags, bag)
            case _Content.ENCRYPTED_DATA:
                encrypted = asn1.children(safe, inner)[1]
                self.algorithms.append(_algorithm(safe, asn1.children(safe, encrypted)[1]))
                self.hidden = True
            case other:
                raise asn1.DerError(f"content of the kind {other}")

    def _bag(self, bags: bytes, bag: asn1.Element) -> None:
        self._bags += 1
        if self._bags > _MOST_BAGS:
            raise asn1.DerError("too many entries")
        fields = asn1.children(bags, bag)
        kind = _oid(bags, fields[0])
        if kind in (_KEY_BAG, _SHROUDED_KEY_BAG):
            self.keys += 1
        if kind == _SHROUDED_KEY_BAG:
            value = asn1.element(bags, fields[1].body, fields[1].end)
            self.algorithms.append(_algorithm(bags, asn1.children(bags, value)[0]))
        if len(fields) > 2:
            self.by_keytool |= any(_numbered_by_time(bags, one) for one in asn1.children(bags, fields[2]))


def _numbered_by_time(bags: bytes, attribute: asn1.Element) -> bool:
    name, values = asn1.children(bags, attribute)[:2]
    if _oid(bags, name) != _LOCAL_KEY_ID:
        return False
    value = asn1.element(bags, values.body, values.end)
    return bags[value.body : value.end].startswith(b"Time ")


def _algorithm(data: bytes, identifier: asn1.Element) -> str:
    parts = asn1.children(data, identifier)
    name = _oid(data, parts[0])
    if name == _PBES2:
        scheme = asn1.children(data, parts[1])[1]
        name = _oid(data, asn1.children(data, scheme)[0])
    return _ALGORITHMS.get(name, name)


def _oid(data: bytes, element: asn1.Element) -> str:
    if element.tag != asn1.OBJECT_IDENTIFIER:
        raise asn1.DerError("no object identifier")
    return asn1.dotted(data[element.body : element.end])


def _octets(data: bytes, element: asn1.Element) -> bytes:
    if element.tag != _OCTET_STRING:
        raise asn1.DerError("no octet string")
    return data[element.body : element.end]
