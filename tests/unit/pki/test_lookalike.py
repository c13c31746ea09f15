"""Pairs of CAs that people mix up, and pairs that they do not."""

from __future__ import annotations

import pytest
from cryptography import x509
from tests.minting import Authority

from stdiag.pki.certificate import parse_certificate
from stdiag.pki.lookalike import looks_like


@pytest.mark.parametrize(
    ("sent", "missing", "organization", "expected"),
    [
        ("GlobalSign GCC R6 AlphaSSL CA 2023", "GlobalSign GCC R46 AlphaSSL CA 2024", "GlobalSign nv-sa", True),
        ("DigiCert TLS RSA SHA256 2020 CA1", "DigiCert Global G2 TLS RSA SHA256 2020 CA1", "DigiCert Inc", True),
        (
            "Sectigo RSA Domain Validation Secure Server CA",
            "Sectigo RSA Organization Validation Secure Server CA",
            "Sectigo Limited",
            True,
        ),
        ("R10", "R11", "Let's Encrypt", True),
        ("E5", "R11", "Let's Encrypt", True),
        ("Corp Issuing CA", "Corp Issuing CA", None, True),
        ("Example Policy CA", "Example Issuing CA", "Example", False),
        ("Example Root", "Example Issuing CA 3", "Example", False),
        ("R10", "WR2 Signing", "Let's Encrypt", False),
    ],
)
def test_pairs(sent: str, missing: str, organization: str | None, expected: bool) -> None:
    mine = parse_certificate(Authority(sent, organization=organization).der)
    theirs = Authority(missing, organization=organization).certificate.subject.public_bytes()

    assert looks_like(mine, theirs) is expected


def test_another_organization_is_no_mix_up() -> None:
    mine = parse_certificate(Authority("Issuing CA 1", organization="One").der)
    theirs = x509.Name.from_rfc4514_string("CN=Issuing CA 2,O=Two").public_bytes()

    assert not looks_like(mine, theirs)
    assert not looks_like(mine, b"junk")
