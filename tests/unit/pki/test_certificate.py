"""Certificates in every state: good, odd, damaged, hostile."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.minting import NOW, Authority, Minted, mint

from stdiag.pki import der
from stdiag.pki.certificate import MAX_CERTIFICATE_BYTES, Certificate, parse_certificate
from stdiag.pki.signature import SignatureCheck, issued_by

ROOT = Authority("Root")
LEAF = ROOT.issue(
    "chat.example.com",
    "*.chat.example.com",
    ip=("192.0.2.1", "2001:db8::1"),
    ca_issuers=("http://ca.example.com/root.cer",),
)


def read(minted: Minted) -> Certificate:
    return parse_certificate(minted.der)


def test_what_a_leaf_says() -> None:
    cert = read(LEAF)

    assert cert.problem is None
    assert cert.malformed == ()
    assert cert.subject == "CN=chat.example.com,O=Example"
    assert cert.issuer == "CN=Root,O=Example"
    assert cert.common_name == "chat.example.com"
    assert cert.organization == "Example"
    assert cert.sha256 == LEAF.certificate.fingerprint(hashes.SHA256()).hex()
    assert int(cert.serial_hex, 16) == LEAF.certificate.serial_number
    assert cert.not_before == LEAF.certificate.not_valid_before_utc
    assert cert.is_valid_at(NOW)
    assert not cert.is_valid_at(datetime(2040, 1, 1, tzinfo=UTC))
    assert not cert.is_self_issued
    assert cert.is_ca is False
    assert (cert.key_kind, cert.key_bits, cert.key_curve) == ("ec", 256, "secp256r1")
    assert cert.signature_hash == "sha256"
    assert cert.has_san
    assert cert.dns_names == ("chat.example.com", "*.chat.example.com")
    assert cert.ip_addresses == ("192.0.2.1", "2001:db8::1")
    assert cert.aki == read(ROOT).ski
    assert cert.ca_issuers == ("http://ca.example.com/root.cer",)
    assert cert.key_usage == frozenset({"digital_signature", "key_encipherment"})
    assert cert.extended_key_usage == frozenset({"serverAuth"})
    assert cert.pem.strip() == LEAF.pem.strip()
    assert cert.subject_der == LEAF.certificate.subject.public_bytes()


def test_what_an_authority_says() -> None:
    cert = read(Authority("CA", ROOT, path_length=2, permitted=(x509.DNSName("example.com"),)))

    assert cert.is_ca is True
    assert cert.path_length == 2
    assert cert.key_usage == frozenset({"key_cert_sign", "crl_sign"})
    assert cert.extended_key_usage is None
    assert cert.permitted == ("dns:example.com",)
    assert cert.excluded == ()
    assert read(ROOT).is_self_issued
    assert read(ROOT).permitted is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("rsa1024", ("rsa", 1024, None)),
        ("rsa2048", ("rsa", 2048, None)),
        ("ec192", ("ec", 192, "secp192r1")),
        ("ed25519", ("ed25519", 256, None)),
        ("dsa", ("dsa", 2048, None)),
    ],
)
def test_kinds_of_keys(kind: str, expected: tuple[str, int, str | None]) -> None:
    cert = read(mint("a.example.com", key_kind=kind))

    assert (cert.key_kind, cert.key_bits, cert.key_curve) == expected
    assert cert.signature_hash == (None if kind == "ed25519" else "sha256")


def test_equal_bytes_are_equal_certificates() -> None:
    first, second = parse_certificate(LEAF.der), parse_certificate(bytes(bytearray(LEAF.der)))

    assert first == second
    assert len({first, second}) == 1
    assert first != read(ROOT)


def test_without_a_common_name_or_names() -> None:
    cert = read(mint("", dns=None, organization=None))

    assert cert.subject == ""
    assert cert.common_name is None
    assert not cert.has_san


def test_several_common_names_the_last_counts() -> None:
    names = [x509.NameAttribute(NameOID.COMMON_NAME, n) for n in ("first", "second")]

    assert read(mint("", subject_name=x509.Name(names))).common_name == "second"


def rebuilt(minted: Minted, *extensions: bytes) -> Certificate:
    """The certificate with other extensions; its signature no longer fits."""
    return parse_certificate(der.with_extensions(der.outline(minted.der), extensions))


SAN_OID = bytes.fromhex("0603551d11")
BROKEN_SAN = der.encode(0x30, SAN_OID, der.encode(0x04, b"\x30\x05\x82\x03\xff\xfe\xfd"))
TRUNCATED_SAN = der.encode(0x30, SAN_OID, der.encode(0x04, b"\x30\x20\x82\x03abc"))


@pytest.mark.parametrize("broken", [BROKEN_SAN, TRUNCATED_SAN])
def test_malformed_names_leave_the_rest_readable(broken: bytes) -> None:
    others = [e for e in der.outline(LEAF.der).extensions if SAN_OID not in e]

    cert = rebuilt(LEAF, *others, broken)

    assert cert.problem is None
    assert cert.malformed == ("subjectAltName",)
    assert cert.has_san
    assert cert.dns_names == ()
    assert cert.is_ca is False
    assert cert.aki == read(ROOT).ski


def test_an_extension_twice() -> None:
    extensions = der.outline(LEAF.der).extensions

    cert = rebuilt(LEAF, *extensions, extensions[0])

    assert cert.malformed == ("basicConstraints twice",)
    assert cert.is_ca is False
    assert cert.dns_names


def test_unknown_critical_extensions_are_told_from_known_ones() -> None:
    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")

    assert read(mint("a", extra=((odd, True),))).unknown_critical == ("1.2.3.4",)
    assert read(mint("a", extra=((odd, False),))).unknown_critical == ()


@pytest.mark.parametrize(("serial", "text"), [(b"\x02\x01\x00", "0"), (b"\x02\x01\x85", "-7b")])
def test_serial_numbers_that_are_forbidden_and_found(serial: bytes, text: str) -> None:
    whole = LEAF.der
    tbs = der.element(whole, der.element(whole, 0, len(whole)).body, len(whole))
    parts = der.children(whole, tbs)
    fields = [whole[p.start : p.end] for p in parts]
    fields[1] = serial
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cert = parse_certificate(der.encode(0x30, der.encode(0x30, *fields), whole[tbs.end :]))

    assert cert.problem is None
    assert cert.serial_hex == text


def test_two_signature_algorithms_that_disagree() -> None:
    """The signed part says one thing, the outside another (RFC 5280 §4.1.1.2)."""
    root = Authority("Root", key_kind="rsa2048")
    leaf = root.issue("a.example.com", old_hash="sha1")
    sha1, sha256 = bytes.fromhex("2a864886f70d010105"), bytes.fromhex("2a864886f70d01010b")
    at = leaf.der.rindex(sha1)
    cert = parse_certificate(leaf.der[:at] + sha256 + leaf.der[at + len(sha1) :])

    assert cert.malformed == ("signature algorithm",)
    assert issued_by(cert, read(root)) is SignatureCheck.INVALID


@pytest.mark.parametrize("data", [b"", b"0", b"\x30\x03abc", b"-----BEGIN", b"\x30\x84\xff\xff\xff\xff", LEAF.der[:-1]])
def test_what_is_no_certificate(data: bytes) -> None:
    cert = parse_certificate(data)

    assert cert.problem
    assert cert.subject == ""
    assert cert.der == data
    assert cert.x509 is None


def test_giants_are_not_read() -> None:
    cert = parse_certificate(b"0" * (MAX_CERTIFICATE_BYTES + 1))

    assert cert.problem
    assert "larger" in cert.problem


def test_many_names_are_read_and_not_cached_for_ever() -> None:
    big = mint("a.example.com", dns=[f"host-number-{n}.example.com" for n in range(3000)])

    assert len(read(big).dns_names) == 3000


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_damaged_bytes_never_raise(data: st.DataObject) -> None:
    damaged = bytearray(LEAF.der)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))

    cert = parse_certificate(bytes(damaged))

    assert cert.problem or cert.x509
    assert cert.pem
    issued_by(cert, read(ROOT))


def test_no_warning_reaches_the_user() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for kind in ("ec192", "dsa", "rsa1024"):
            parse_certificate(mint("a", key_kind=kind).certificate.public_bytes(Encoding.DER))
