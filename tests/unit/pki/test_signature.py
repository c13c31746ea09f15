"""Who signed: old hashes, other names, and what no library can verify."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID
from tests.minting import Authority, Minted, mint

from stdiag.pki import signature
from stdiag.pki.certificate import Certificate, parse_certificate
from stdiag.pki.signature import SignatureCheck, is_self_signed, issued_by

ROOT = Authority("Root", key_kind="rsa2048")
# Not out of minting's small stock of RSA keys: there it may be ROOT's own.
STRANGER = Authority("Root", key=rsa.generate_private_key(public_exponent=65537, key_size=2048))


def read(minted: Minted) -> Certificate:
    return parse_certificate(minted.der)


@pytest.mark.parametrize("old_hash", ["sha1", "md5"])
def test_old_hashes_are_verified(old_hash: str) -> None:
    leaf = read(ROOT.issue("a.example.com", old_hash=old_hash))

    assert leaf.signature_hash == old_hash
    assert issued_by(leaf, read(ROOT)) is SignatureCheck.VALID
    assert issued_by(leaf, read(STRANGER)) is SignatureCheck.INVALID
    assert issued_by(leaf, read(Authority("Root", key_kind="ec"))) is SignatureCheck.INVALID


@pytest.mark.parametrize("kind", ["ec", "rsa2048", "ed25519", "dsa"])
def test_kinds_of_keys(kind: str) -> None:
    root, other = Authority("Root", key_kind=kind), Authority("Root", key_kind="rsa2048" if kind == "ec" else "ec")
    leaf = read(root.issue("a.example.com"))

    assert issued_by(leaf, read(root)) is SignatureCheck.VALID
    assert issued_by(leaf, read(other)) is SignatureCheck.INVALID
    assert issued_by(leaf, read(Authority("Other", key=root.key))) is SignatureCheck.NOT_NAMED


def test_names_may_be_another_kind_of_string() -> None:
    """Clients compare names as RFC 5280 §7.1 says; cryptography's own check compares bytes."""
    printable = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, "example ROOT", _type=_ASN1Type.PrintableString)],
    )
    utf8 = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Root")])
    one = Authority("", subject_name=printable)
    twin = Authority("", subject_name=utf8, key=one.key)

    assert issued_by(read(one.issue("a.example.com")), read(twin)) is SignatureCheck.VALID


def test_self_signed_and_merely_self_issued() -> None:
    rolled = Authority("Root", ROOT)

    assert is_self_signed(read(ROOT))
    assert read(rolled).is_self_issued
    assert not is_self_signed(read(rolled))


def test_what_cryptography_cannot_do_is_asked_of_libcrypto(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> bool:
        raise ValueError("Unsupported signature algorithm")

    monkeypatch.setattr(signature, "_verify", refuses)
    issued_by.cache_clear()
    leaf = read(ROOT.issue("a.example.com", old_hash="sha1"))

    assert issued_by(leaf, read(ROOT)) is SignatureCheck.VALID
    assert issued_by(leaf, read(Authority("Root", key_kind="rsa2048", identifiers=False))) is not SignatureCheck.VALID
    assert issued_by(read(ROOT), read(ROOT)) is SignatureCheck.VALID
    issued_by.cache_clear()


def test_what_nobody_can_verify_is_not_called_invalid(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> bool:
        raise ValueError("Unsupported signature algorithm")

    monkeypatch.setattr(signature, "_verify", refuses)
    issued_by.cache_clear()
    no_ca = mint("Server", ROOT, ca=False)  # OpenSSL complains of that before it looks at the signature
    leaf = mint("a.example.com", no_ca)

    assert issued_by(read(leaf), read(no_ca)) is SignatureCheck.UNVERIFIABLE
    issued_by.cache_clear()


def test_unreadable_ones_issue_nothing() -> None:
    broken = parse_certificate(b"junk")

    assert issued_by(broken, read(ROOT)) is SignatureCheck.NOT_NAMED
    assert issued_by(read(ROOT), broken) is SignatureCheck.NOT_NAMED
    assert not is_self_signed(broken)
