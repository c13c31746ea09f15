"""Weak keys and signatures, as short facts."""

from __future__ import annotations

import pytest
from tests.minting import Authority, mint

from stdiag.pki.certificate import parse_certificate
from stdiag.pki.strength import weak_key, weak_signature


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("rsa1024", "RSA 1024"),
        ("rsa2048", None),
        ("ec", None),
        ("ec192", "EC secp192r1"),
        ("ed25519", None),
        ("dsa", "DSA 2048"),
    ],
)
def test_keys(kind: str, expected: str | None) -> None:
    assert weak_key(parse_certificate(mint("a.example.com", key_kind=kind).der)) == expected


@pytest.mark.parametrize(("old_hash", "expected"), [("sha1", "SHA-1"), ("md5", "MD5")])
def test_signatures(old_hash: str, expected: str) -> None:
    root = Authority("Root", key_kind="rsa2048", old_hash=old_hash)

    assert weak_signature(parse_certificate(root.issue("a.example.com", old_hash=old_hash).der)) == expected
    assert weak_signature(parse_certificate(root.issue("a.example.com").der)) is None
    # Nobody checks a root's signature on itself.
    assert weak_signature(parse_certificate(root.der)) is None


def test_what_cannot_be_read_is_not_called_weak() -> None:
    assert weak_key(parse_certificate(b"junk")) is None
    assert weak_signature(parse_certificate(b"junk")) is None
