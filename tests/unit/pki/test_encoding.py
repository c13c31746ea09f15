"""Certificates in files and answers, in every dress."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from tests.minting import Authority, mint

from stdiag.pki.certificate import parse_certificate
from stdiag.pki.encoding import MAX_BYTES, pem_bundle, read_certificates
from stdiag.pki.quiet import quiet

ROOT = Authority("Root")
ISSUING = Authority("Issuing", ROOT)
BOTH = [parse_certificate(ROOT.der), parse_certificate(ISSUING.der)]
P7 = pkcs7.serialize_certificates([ROOT.certificate, ISSUING.certificate], Encoding.DER)
P7_PEM = pkcs7.serialize_certificates([ROOT.certificate, ISSUING.certificate], Encoding.PEM)
TWO = ROOT.pem + ISSUING.pem


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (ROOT.der + ISSUING.der, "der"),
        (TWO.encode(), "pem"),
        (TWO.replace("\n", "\r\n").encode(), "pem"),
        (("\ufeff" + TWO).encode(), "pem"),
        (TWO.encode("utf-16"), "pem"),
        (f"subject=CN=Root\n{ROOT.pem}\nsome text -----\n{ISSUING.pem}trailing".encode(), "pem"),
        (TWO.replace("CERTIFICATE", "X509 CERTIFICATE").encode(), "pem"),
        ((ROOT.key_pem + TWO).encode(), "pem"),
    ],
)
def test_forms(data: bytes, form: str) -> None:
    assert read_certificates(data) == (form, BOTH)


@pytest.mark.parametrize("data", [P7, P7_PEM, P7_PEM.replace(b"PKCS7", b"CMS")])
def test_pkcs7(data: bytes) -> None:
    form, found = read_certificates(data)

    assert form == "pkcs7"
    assert set(found) == set(BOTH)


def test_pkcs7_with_open_lengths(tmp_path: Path) -> None:
    """BER, as openssl cms -stream writes it."""
    for name, text in (("c.pem", ROOT.pem), ("k.pem", ROOT.key_pem), ("m.txt", "x")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = "openssl cms -sign -nodetach -stream -binary -in m.txt -signer c.pem -inkey k.pem -outform DER -out o.p7"
    subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    data = (tmp_path / "o.p7").read_bytes()

    assert data.startswith(b"\x30\x80")
    assert read_certificates(data) == ("pkcs7", BOTH[:1])


def test_openssl_trusted_certificate(tmp_path: Path) -> None:
    (tmp_path / "c.pem").write_text(ROOT.pem, encoding="utf-8")
    command = ("openssl", "x509", "-in", "c.pem", "-trustout", "-addtrust", "serverAuth")
    data = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True).stdout

    assert b"TRUSTED" in data
    assert read_certificates(data) == ("pem", BOTH[:1])


def test_single_der() -> None:
    assert read_certificates(ROOT.der) == ("der", BOTH[:1])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>404</html>",
        b"\x30\x03abc",
        ROOT.der[:-5],
        P7[:-9],
        ROOT.key_pem.encode(),
        b"\x30\x80\x00",
        b"\xff\xfe",
    ],
)
def test_what_holds_no_certificate(data: bytes) -> None:
    assert read_certificates(data) == (None, [])


def test_a_broken_one_among_others() -> None:
    broken = "-----BEGIN CERTIFICATE-----\nTUlJ!\n-----END CERTIFICATE-----\n"

    form, found = read_certificates((ROOT.pem + broken + ISSUING.pem).encode())

    assert form == "pem"
    assert [c.problem is None for c in found] == [True, False, True]


def test_caps() -> None:
    assert read_certificates(ROOT.pem.encode() * 300, max_bytes=1 << 30)[1] == BOTH[:1] * 100
    assert read_certificates(ROOT.pem.encode() + b" " * MAX_BYTES) == (None, [])
    assert len(read_certificates(ROOT.der * 30, max_certificates=7)[1]) == 7


def test_bundle_reads_back_and_says_what_is_what(tmp_path: Path) -> None:
    text = pem_bundle(BOTH)

    assert read_certificates(text.encode()) == ("pem", BOTH)
    assert "# CN=Root,O=Example\n-----BEGIN CERTIFICATE-----\n" in text
    assert "\r" not in text
    (tmp_path / "b.pem").write_text(text, encoding="utf-8", newline="\n")
    command = ("openssl", "crl2pkcs7", "-nocrl", "-certfile", str(tmp_path / "b.pem"))
    assert b"PKCS7" in subprocess.run(command, check=True, capture_output=True).stdout


@pytest.mark.parametrize(
    "hostile",
    ["a\n-----BEGIN CERTIFICATE-----\nxx", "a\x1b[31mred", "-----BEGIN PRIVATE KEY-----", "x" * 5000, "a\u2028b\u202e"],
)
def test_bundle_comments_are_harmless(hostile: str) -> None:
    with quiet():  # cryptography remarks on the length
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hostile, _validate=False)])
    cert = parse_certificate(mint("", subject_name=name).der)

    comment, *rest = pem_bundle([cert]).split("\n")

    assert comment.startswith("# CN=")
    assert comment.isprintable()
    assert "--" not in comment
    assert len(comment) < 300
    assert rest[0] == "-----BEGIN CERTIFICATE-----"


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    read_certificates(data)
    read_certificates(b"\x30\x80" + data)
    read_certificates(P7[: len(data)] + data)
