"""Distinguished names: when two are the same (RFC 5280 §7.1), and how one reads (RFC 4514)."""

from __future__ import annotations

from functools import lru_cache

from stdiag.pki.der import OBJECT_IDENTIFIER, SEQUENCE, SET, DerError, children, dotted, element, encode

_UTF8 = 0x0C
# Tag → how the characters are stored. T61String is read as Latin-1, as everybody does.
_STRINGS = {
    _UTF8: "utf-8",
    0x13: "latin-1",
    0x14: "latin-1",
    0x16: "latin-1",
    0x1A: "latin-1",
    0x1E: "utf-16-be",
    0x1C: "utf-32-be",
}
_SHORT = {
    "2.5.4.3": "CN",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "0.9.2342.19200300.100.1.25": "DC",
    "0.9.2342.19200300.100.1.1": "UID",
    "1.2.840.113549.1.9.1": "E",
}
_ASCII_LOWER = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz")


@lru_cache(maxsize=1024)
def _attributes(name: bytes) -> list[list[tuple[bytes, int, bytes]]]:
    """[[(identifier, tag of the value, value)…] for each relative name]. Raises DerError."""
    whole = element(name, 0, len(name))
    if whole.tag != SEQUENCE or whole.end != len(name):
        raise DerError("not a name")
    names = []
    for rdn in children(name, whole):
        if rdn.tag != SET:
            raise DerError("not a relative name")
        attributes = []
        for pair in children(name, rdn):
            parts = children(name, pair)
            if len(parts) != 2 or parts[0].tag != OBJECT_IDENTIFIER:
                raise DerError("not an attribute")
            oid, value = parts
            attributes.append((name[oid.body : oid.end], value.tag, name[value.body : value.end]))
        names.append(attributes)
    return names


def _folded(tag: int, value: bytes) -> bytes:
    """A value as it is compared: one kind of string, lower case (ASCII), blanks trimmed and made single."""
    coding = _STRINGS.get(tag)
    if coding is None:
        return encode(tag, value)
    try:
        text = value if coding == "utf-8" else value.decode(coding).encode()
    except UnicodeError:
        return encode(tag, value)
    return encode(_UTF8, b" ".join(text.translate(_ASCII_LOWER).split()))


@lru_cache(maxsize=4096)
def relative_names(name: bytes) -> tuple[bytes, ...]:
    """The relative names of a DER name, each in the form in which it is compared, most significant first.

    A name that cannot be taken apart equals only itself, byte for byte.
    """
    try:
        return tuple(
            b"".join(sorted(encode(OBJECT_IDENTIFIER, oid) + _folded(tag, value) for oid, tag, value in rdn))
            for rdn in _attributes(name)
        )
    except DerError:
        return (b"\x00", name)


def same_name(one: bytes, other: bytes) -> bool:
    """Whether two DER names are the same name: kinds of string, case and blanks do not matter (RFC 5280 §7.1)."""
    return one == other or relative_names(one) == relative_names(other)


def within(name: bytes, base: bytes) -> bool:
    """Whether `name` lies in the subtree of `base` (RFC 5280 §4.2.1.10)."""
    upper = relative_names(base)
    return relative_names(name)[: len(upper)] == upper


def attribute_texts(name: bytes, oid: str) -> tuple[str, ...]:
    """The values of one attribute, in order; empty for a name that cannot be taken apart."""
    try:
        return tuple(
            _text(tag, value) for rdn in _attributes(name) for found, tag, value in rdn if dotted(found) == oid
        )
    except DerError:
        return ()


def _text(tag: int, value: bytes) -> str:
    coding = _STRINGS.get(tag)
    return "#" + encode(tag, value).hex() if coding is None else value.decode(coding, "replace")


def _escaped(text: str) -> str:
    """A value with what has a meaning in a name written with a backslash (RFC 4514 §2.4)."""
    escaped = "".join("\\" + c if c in '"+,;<>\\' else "\\00" if c == "\0" else c for c in text)
    if escaped[:1] in ("#", " "):
        escaped = "\\" + escaped
    return escaped[:-1] + "\\ " if escaped.endswith(" ") and len(escaped) > 1 else escaped


@lru_cache(maxsize=4096)
def name_text(name: bytes) -> str:
    """A DER name as text (RFC 4514): most specific part first. What cannot be read stands as `#` and hex."""
    try:
        return ",".join(
            "+".join(f"{_SHORT.get(dotted(oid), dotted(oid))}={_value(tag, value)}" for oid, tag, value in rdn)
            for rdn in reversed(_attributes(name))
        )
    except DerError:
        return "#" + name.hex()


def _value(tag: int, value: bytes) -> str:
    # Hex stands for itself; only text is escaped.
    return _text(tag, value) if tag not in _STRINGS else _escaped(_text(tag, value))
