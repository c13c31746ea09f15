"""Names: when they are the same, and how they read."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from stdiag.pki import der
from stdiag.pki.distinguished_name import name_text, relative_names, same_name, within


def name(text: str, kind: _ASN1Type = _ASN1Type.UTF8String) -> bytes:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text, _type=kind)]).public_bytes()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (name("Example CA"), name("Example CA", _ASN1Type.PrintableString), True),
        (name("Example CA"), name("EXAMPLE  ca "), True),
        (name("Prüfstelle"), name("Prüfstelle", _ASN1Type.BMPString), True),
        (name("Example CA"), name("Example CA 2"), False),
        (name("Example CA"), b"junk", False),
        (b"junk", b"junk", True),
        (b"junk", b"jun", False),
    ],
)
def test_same_name(one: bytes, other: bytes, same: bool) -> None:
    assert same_name(one, other) is same
    assert same_name(other, one) is same


def test_within_counts_from_the_most_significant_part() -> None:
    base = x509.Name.from_rfc4514_string("O=Example,C=DE").public_bytes()

    assert within(x509.Name.from_rfc4514_string("CN=a,O=EXAMPLE,C=DE").public_bytes(), base)
    assert not within(x509.Name.from_rfc4514_string("CN=a,O=Other,C=DE").public_bytes(), base)


@pytest.mark.parametrize(
    "text",
    ["CN=a,O=b,C=DE", "CN=a\\,b", "CN=\\#a", "CN=a\\+b", 'CN=\\"x\\"', "CN=Prüfstelle", "DC=example,DC=com"],
)
def test_text_is_rfc_4514(text: str) -> None:
    assert name_text(x509.Name.from_rfc4514_string(text).public_bytes()) == text


def test_several_attributes_in_one_part() -> None:
    built = x509.Name.from_rfc4514_string("CN=a\\+b+OU=c,O=d")

    assert x509.Name.from_rfc4514_string(name_text(built.public_bytes())) == built


def test_values_that_are_no_strings_stand_in_hex() -> None:
    odd = der.encode(0x30, der.encode(0x31, der.encode(0x30, b"\x06\x03\x55\x04\x2d", b"\x03\x02\x00\xff")))

    assert name_text(odd) == "2.5.4.45=#030200ff"


def test_broken_utf_8_is_shown_not_refused() -> None:
    odd = der.encode(0x30, der.encode(0x31, der.encode(0x30, b"\x06\x03\x55\x04\x03", b"\x0c\x02\xc3\x28")))

    assert name_text(odd) == "CN=�("


@given(st.binary(max_size=64))
def test_no_bytes_raise(data: bytes) -> None:
    name_text(data)
    relative_names(data)


@given(st.text(min_size=1, max_size=16).filter(lambda t: "\0" not in t))
def test_text_reads_back(text: str) -> None:
    built = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text, _validate=False)])

    assert name_text(built.public_bytes()).startswith("CN=")
    assert x509.Name.from_rfc4514_string(name_text(built.public_bytes())) == built
