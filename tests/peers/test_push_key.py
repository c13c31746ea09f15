"""Key files that other programs made: OpenSSL in its old and new ways, and Java's keytool."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.minting import Authority
from tests.push_keys import PASSPHRASE, push_identity

from stdiag.pki.pkcs12_outline import OLD_ALGORITHMS
from stdiag.pki.push_key import KeyProblem, OpensWith, PushKeyReading, read_push_key

ROOT = Authority("Example Push Root", key_kind="rsa2048")
KEY = push_identity(ROOT, key_kind="rsa2048")
OTHER = push_identity(ROOT, key_kind="rsa2048", name="another")


def openssl_export(folder: Path, *options: str, passphrase: str = PASSPHRASE) -> bytes:
    """What `openssl pkcs12 -export` makes of KEY with these options."""
    folder.joinpath("key.pem").write_text(KEY.key_pem, encoding="ascii")
    folder.joinpath("cert.pem").write_text(KEY.pem, encoding="ascii")
    folder.joinpath("root.pem").write_text(ROOT.pem, encoding="ascii")
    folder.joinpath("pass").write_text(f"{passphrase}\n", encoding="utf-8")
    inputs = [] if "-nokeys" in options else ["-inkey", "key.pem"]
    command = ["openssl", "pkcs12", "-export", "-in", "cert.pem", *inputs, "-out", "out.p12"]
    subprocess.run([*command, "-passout", "file:pass", *options], cwd=folder, check=True, capture_output=True)
    return folder.joinpath("out.p12").read_bytes()


@pytest.mark.peer("openssl")
@pytest.mark.parametrize(
    ("options", "algorithms"),
    [
        ((), {"AES-256"}),
        (("-macalg", "sha512"), {"AES-256"}),
        (("-certfile", "root.pem"), {"AES-256"}),
        (("-legacy",), {"RC2-40", "3DES"}),
        (("-legacy", "-descert"), {"3DES"}),
        (("-legacy", "-certpbe", "PBE-SHA1-RC2-128", "-keypbe", "PBE-SHA1-RC4-128"), {"RC2-128", "RC4-128"}),
        (("-nomac",), {"AES-256"}),
    ],
)
def test_openssl(tmp_path: Path, options: tuple[str, ...], algorithms: set[str]) -> None:
    data = openssl_export(tmp_path, *options)
    reading = read_push_key(data, PASSPHRASE)
    assert reading.problem is None
    assert reading.certificate == KEY.der
    assert reading.key is not None
    assert reading.opens_with is OpensWith.PASSPHRASE
    assert reading.outline is not None
    assert set(reading.outline.algorithms) == algorithms
    assert bool(algorithms & OLD_ALGORITHMS) == ("-legacy" in options)
    assert reading.outline.has_mac == ("-nomac" not in options)
    assert reading.outline.private_keys == 1
    assert not reading.outline.by_keytool
    wrong = read_push_key(data, "wrong").problem
    assert wrong in ({KeyProblem.WRONG_PASSPHRASE, KeyProblem.DAMAGED} if "-nomac" in options else {"wrong-passphrase"})


@pytest.mark.peer("openssl")
def test_openssl_without_any_protection(tmp_path: Path) -> None:
    data = openssl_export(tmp_path, "-nomac", "-keypbe", "NONE", "-certpbe", "NONE")
    reading = read_push_key(data, "whatever")
    assert reading.opens_with is OpensWith.ANYTHING
    assert reading.key is not None


@pytest.mark.peer("openssl")
@pytest.mark.parametrize("given", ["", None, "something"])
def test_openssl_with_the_empty_passphrase(tmp_path: Path, given: str | None) -> None:
    reading = read_push_key(openssl_export(tmp_path, passphrase=""), given)
    assert reading.problem is None
    assert reading.opens_with is (OpensWith.EMPTY if given else OpensWith.EMPTY_AS_GIVEN)


@pytest.mark.peer("openssl")
def test_openssl_certificate_without_key(tmp_path: Path) -> None:
    reading = read_push_key(openssl_export(tmp_path, "-nokeys"), PASSPHRASE)
    assert reading.problem is KeyProblem.NO_PRIVATE_KEY
    assert reading.certificate == KEY.der


def keytool(folder: Path, *arguments: str) -> None:
    """Runs keytool in `folder`."""
    subprocess.run(["keytool", *arguments], cwd=folder, check=True, capture_output=True)


def imported(folder: Path, *keytool_options: str, alias: str = "push") -> None:
    """An entry of store.p12, which keytool makes."""
    openssl_export(folder, "-name", alias)
    keytool(
        folder,
        *("-importkeystore", "-noprompt", "-srckeystore", "out.p12", "-srcstoretype", "PKCS12"),
        *("-srcstorepass", PASSPHRASE, "-srcalias", alias, "-destalias", alias),
        *("-destkeystore", "store.p12", "-deststoretype", "PKCS12", "-deststorepass", PASSPHRASE),
        *keytool_options,
    )


def store(folder: Path) -> PushKeyReading:
    """store.p12, read."""
    return read_push_key(folder.joinpath("store.p12").read_bytes(), PASSPHRASE)


@pytest.mark.peer("openssl", "keytool")
@pytest.mark.parametrize(
    ("options", "algorithms"), [((), {"AES-256"}), (("-J-Dkeystore.pkcs12.legacy",), {"RC2-40", "3DES"})]
)
def test_keytool(tmp_path: Path, options: tuple[str, ...], algorithms: set[str]) -> None:
    imported(tmp_path, *options)
    reading = store(tmp_path)
    assert reading.problem is None
    assert reading.certificate == KEY.der
    assert reading.outline is not None
    assert reading.outline.by_keytool
    assert set(reading.outline.algorithms) == algorithms


@pytest.mark.peer("openssl", "keytool")
def test_keytool_with_two_keys(tmp_path: Path) -> None:
    imported(tmp_path)
    imported(tmp_path, alias="second")
    reading = store(tmp_path)
    assert reading.problem is KeyProblem.TWO_KEYS
    assert reading.outline is not None
    assert reading.outline.private_keys == 2


@pytest.mark.peer("openssl", "keytool")
def test_keytool_trust_store(tmp_path: Path) -> None:
    tmp_path.joinpath("root.pem").write_text(ROOT.pem, encoding="ascii")
    options = ("-keystore", "store.p12", "-storetype", "PKCS12", "-storepass", PASSPHRASE)
    keytool(tmp_path, "-importcert", "-noprompt", "-alias", "root", "-file", "root.pem", *options)
    assert store(tmp_path).problem is KeyProblem.NO_PRIVATE_KEY


@pytest.mark.peer("openssl", "keytool")
@pytest.mark.parametrize(("kind", "problem"), [("JKS", KeyProblem.JKS), ("JCEKS", KeyProblem.JCEKS)])
def test_keytool_in_its_own_formats(tmp_path: Path, kind: str, problem: KeyProblem) -> None:
    openssl_export(tmp_path, "-name", "push")
    keytool(
        tmp_path,
        *("-importkeystore", "-noprompt", "-srckeystore", "out.p12", "-srcstoretype", "PKCS12"),
        *("-srcstorepass", PASSPHRASE, "-destkeystore", "store.p12", "-deststoretype", kind),
        *("-deststorepass", PASSPHRASE),
    )
    assert store(tmp_path).problem is problem


@pytest.mark.peer("openssl")
def test_openssl_reads_the_same_key(tmp_path: Path) -> None:
    """The certificate that is judged is the one that OpenSSL takes out of the file."""
    data = openssl_export(tmp_path, "-legacy", "-certfile", "root.pem")
    command = ["openssl", "pkcs12", "-in", "out.p12", "-clcerts", "-nokeys", "-legacy", "-passin", "file:pass"]
    shown = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert KEY.pem.strip() in shown
    assert read_push_key(data, PASSPHRASE).certificate == KEY.der
