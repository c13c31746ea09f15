"""Trust store files of Java servers: read, or told why not."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from hypothesis import given
from hypothesis import strategies as st
from tests.minting import Authority

from stdiag.pki.trust_file import JAVA_PASSPHRASE, TrustFileProblem, read_trust_file

ROOTS = (Authority("One Root"), Authority("Another Root"))


def store(passphrase: str | None) -> bytes:
    """A PKCS#12 file with two roots and no key, as keytool makes it."""
    encryption = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return pkcs12.serialize_key_and_certificates(None, None, None, [one.certificate for one in ROOTS], encryption)


@pytest.mark.parametrize(("made", "given_"), [("secret", "secret"), (JAVA_PASSPHRASE, None), (None, None), (None, "")])
def test_pkcs12(made: str | None, given_: str | None) -> None:
    reading = read_trust_file(store(made), given_)
    assert (reading.form, reading.problem) == ("pkcs12", None)
    assert {one.der for one in reading.certificates} == {one.der for one in ROOTS}


def test_pem_with_the_words_of_keytool_between() -> None:
    text = f"Alias name: one\n{ROOTS[0].pem}\n***\nAlias name: two\n{ROOTS[1].pem}"
    reading = read_trust_file(text.encode(), None)
    assert (reading.form, len(reading.certificates)) == ("pem", 2)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (store("secret"), TrustFileProblem.WRONG_PASSPHRASE),
        (b"\xfe\xed\xfe\xed\0\0\0\2", TrustFileProblem.JKS),
        (b"", TrustFileProblem.NO_CERTIFICATE),
        (b"garbage", TrustFileProblem.NO_CERTIFICATE),
        (b"x" * ((8 << 20) + 1), TrustFileProblem.TOO_LARGE),
    ],
)
def test_what_is_not_known_is_told(data: bytes, problem: TrustFileProblem) -> None:
    reading = read_trust_file(data, None)
    assert reading.problem is problem
    assert not reading.certificates


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    assert read_trust_file(data, None).problem is not None
