"""Key files for push: each way to be wrong is told apart, and nothing secret is shown."""

from __future__ import annotations

import base64
import pickle

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, pkcs12
from hypothesis import given
from hypothesis import strategies as st
from tests.minting import Authority, mint
from tests.push_keys import PASSPHRASE, key_file, push_identity

from stdiag.pki import der as asn1
from stdiag.pki.pkcs12_outline import OLD_ALGORITHMS
from stdiag.pki.push_key import KeyProblem, OpensWith, read_push_key

ROOT = Authority("Example Push Root")
ISSUING = Authority("Example Push CA", parent=ROOT)
KEY = push_identity(ISSUING)
OTHER = push_identity(ISSUING, name="other")
FILE = key_file(KEY, PASSPHRASE, ISSUING)
_PASS = PASSPHRASE.encode()


def test_a_good_file_is_read() -> None:
    reading = read_push_key(FILE, PASSPHRASE)
    assert reading.problem is None
    assert reading.opens_with is OpensWith.PASSPHRASE
    assert reading.certificate == KEY.der
    assert reading.others == (ISSUING.der,)
    assert reading.key is not None
    assert reading.key.certificate == KEY.certificate
    assert reading.outline is not None
    assert reading.outline.has_mac
    assert reading.outline.private_keys == 1
    assert not OLD_ALGORITHMS & set(reading.outline.algorithms)
    assert not reading.outline.by_keytool


def test_an_old_export_is_read_and_told() -> None:
    reading = read_push_key(key_file(KEY, old=True), PASSPHRASE)
    assert reading.problem is None
    assert reading.outline is not None
    assert set(reading.outline.algorithms) == {"3DES"}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", KeyProblem.EMPTY),
        (b" \n", KeyProblem.EMPTY),
        (b"\xfe\xed\xfe\xed\0\0\0\2\0\0\0\1", KeyProblem.JKS),
        (b"\xce\xce\xce\xce\0\0\0\2\0\0\0\1", KeyProblem.JCEKS),
        (KEY.pem.encode(), KeyProblem.PEM),
        (KEY.key_pem.encode(), KeyProblem.PEM),
        (b"Bag Attributes\n    localKeyID: 01\n" + KEY.pem.encode(), KeyProblem.PEM),
        (base64.encodebytes(FILE), KeyProblem.BASE64),
        (b"\xef\xbb\xbf" + base64.b64encode(FILE)[:2000], KeyProblem.NOT_PKCS12),
        (KEY.der, KeyProblem.CERTIFICATE),
        (FILE[:-20], KeyProblem.DAMAGED),
        (FILE[: len(FILE) // 2], KeyProblem.DAMAGED),
        (b"\x30\x82\x01\x00" + bytes(256), KeyProblem.NOT_PKCS12),
        (b"<html>login</html>", KeyProblem.NOT_PKCS12),
        (b"x" * ((1 << 20) + 1), KeyProblem.TOO_LARGE),
    ],
)
def test_what_is_no_key_file_is_told_apart(data: bytes, problem: KeyProblem) -> None:
    reading = read_push_key(data, PASSPHRASE)
    assert reading.problem is problem
    assert reading.key is None


@pytest.mark.parametrize(
    ("passphrase", "problem"),
    [
        ("wrong", KeyProblem.WRONG_PASSPHRASE),
        ("Bücher", KeyProblem.WRONG_PASSPHRASE),
        ("\udce4", KeyProblem.WRONG_PASSPHRASE),  # bytes of an environment that are not UTF-8
        ("", KeyProblem.PASSPHRASE_NEEDED),
        (None, KeyProblem.PASSPHRASE_NEEDED),
    ],
)
def test_a_wrong_passphrase_is_not_a_damaged_file(passphrase: str | None, problem: KeyProblem) -> None:
    assert read_push_key(FILE, passphrase).problem is problem


def test_a_passphrase_beyond_ascii_is_utf_8() -> None:
    data = key_file(KEY, "Grüße €")
    assert read_push_key(data, "Grüße €").problem is None
    assert read_push_key(data, "Gruesse").problem is KeyProblem.WRONG_PASSPHRASE


def test_a_file_with_the_empty_passphrase() -> None:
    unencrypted = key_file(KEY, None)
    assert read_push_key(unencrypted, "whatever").opens_with is OpensWith.EMPTY
    assert read_push_key(unencrypted, "").opens_with is OpensWith.EMPTY_AS_GIVEN
    assert read_push_key(unencrypted, None).opens_with is OpensWith.EMPTY_AS_GIVEN


def test_a_file_without_encryption_and_mac_opens_with_anything() -> None:
    unencrypted = key_file(KEY, None)
    parts = asn1.children(unencrypted, asn1.element(unencrypted, 0, len(unencrypted)))
    without_mac = asn1.encode(asn1.SEQUENCE, unencrypted[parts[0].start : parts[1].end])
    reading = read_push_key(without_mac, "whatever")
    assert reading.problem is None
    assert reading.opens_with is OpensWith.ANYTHING
    assert reading.outline is not None
    assert not reading.outline.has_mac


def test_a_certificate_without_its_key() -> None:
    data = pkcs12.serialize_key_and_certificates(b"x", None, KEY.certificate, None, BestAvailableEncryption(_PASS))
    reading = read_push_key(data, PASSPHRASE)
    assert reading.problem is KeyProblem.NO_PRIVATE_KEY
    assert reading.certificate == KEY.der
    assert reading.key is None


def test_a_key_without_a_certificate() -> None:
    data = pkcs12.serialize_key_and_certificates(b"x", KEY.key, None, None, BestAvailableEncryption(_PASS))
    reading = read_push_key(data, PASSPHRASE)
    assert reading.problem is KeyProblem.NO_CERTIFICATE
    assert reading.certificate is None


def test_a_certificate_of_another_key() -> None:
    data = pkcs12.serialize_key_and_certificates(
        b"x", KEY.key, None, [OTHER.certificate], BestAvailableEncryption(_PASS)
    )
    reading = read_push_key(data, PASSPHRASE)
    assert reading.problem is KeyProblem.KEY_MISMATCH
    assert reading.key is None


def test_the_fitting_certificate_is_found_among_several() -> None:
    data = key_file(KEY, PASSPHRASE, OTHER, ISSUING)
    reading = read_push_key(data, PASSPHRASE)
    assert reading.certificate == KEY.der
    assert set(reading.others) == {OTHER.der, ISSUING.der}


def test_nothing_secret_is_shown_or_stored() -> None:
    reading = read_push_key(FILE, PASSPHRASE)
    assert PASSPHRASE not in repr(reading)
    assert repr(reading.key) == "<PushKey>"
    with pytest.raises(TypeError):
        pickle.dumps(reading.key)


@given(st.binary(max_size=400))
def test_any_bytes_are_read(data: bytes) -> None:
    assert read_push_key(data, "x").key is None


@given(at=st.integers(0, len(FILE) - 1), byte=st.integers(0, 255))
def test_any_damage_is_read(at: int, byte: int) -> None:
    damaged = FILE[:at] + bytes((byte,)) + FILE[at + 1 :]
    reading = read_push_key(damaged, PASSPHRASE)
    assert reading.problem is not None or reading.key is not None


def test_any_kind_of_key_is_read() -> None:
    minted = mint("rsa", key_kind="rsa2048")
    data = pkcs12.serialize_key_and_certificates(b"x", minted.key, minted.certificate, None, NoEncryption())
    reading = read_push_key(data, None)
    assert reading.key is not None
    assert reading.certificate == minted.certificate.public_bytes(Encoding.DER)
