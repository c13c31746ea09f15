"""Trust stores: where they come from, what they hold, what they remember."""

from __future__ import annotations

import hashlib
import ssl
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from tests.minting import NOW, Authority, Knobs, Minted

from stdiag.pki import system_trust
from stdiag.pki.certificate import Certificate, parse_certificate
from stdiag.pki.trust import (
    TrustFileError,
    TrustStore,
    load_files_store,
    load_mozilla_store,
    load_system_store,
    record_of,
    restore_store,
    store_of,
)
from stdiag.pki.verify import verify_chain

EVER: Knobs = {"not_before": datetime(2020, 1, 1, tzinfo=UTC), "not_after": datetime(2049, 1, 1, tzinfo=UTC)}
# openssl_store() verifies at the real present, so these do not end at the tests' NOW.
ROOT = Authority("Root", **EVER)
REISSUED = Authority("Root", key=ROOT.key)
OTHER_KEY = Authority("Root")
OTHER = Authority("Other")


BROKEN = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


def read(minted: Minted) -> Certificate:
    return parse_certificate(minted.der)


def subject(minted: Minted) -> bytes:
    return minted.certificate.subject.public_bytes()


def test_anchors_are_found_by_name_and_remembered() -> None:
    store = TrustStore("system", "here", "", [ROOT.der, OTHER_KEY.der, OTHER.der, ROOT.der])

    assert store.count == 3
    assert store.used() == ()
    assert set(store.anchors_named(subject(ROOT))) == {read(ROOT), read(OTHER_KEY)}
    assert store.anchors_named(b"no such name") == ()
    assert set(store.used()) == {read(ROOT), read(OTHER_KEY)}


def test_a_reissued_root_is_the_same_anchor() -> None:
    store = TrustStore("system", "here", "", [ROOT.der])

    assert store.contains(read(REISSUED))
    assert not store.contains(read(OTHER_KEY))
    assert not store.contains(read(OTHER))
    assert store.used() == (read(ROOT),)


def test_one_broken_certificate_does_not_lose_the_others() -> None:
    broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    odd = "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n"

    store = store_of("system", "here", [(ROOT.pem + broken + odd + OTHER.pem).encode()])

    assert store.count == 2
    assert store.anchors_named(subject(OTHER))


def test_openssl_store_holds_the_anchors() -> None:
    from OpenSSL import crypto

    store = TrustStore("system", "here", "", [ROOT.der, OTHER.der])
    leaf = crypto.X509.from_cryptography(ROOT.issue("a.example.com", **EVER).certificate)
    built = store.openssl_store()

    assert store.openssl_store() is built
    chain = crypto.X509StoreContext(built, leaf).get_verified_chain()
    assert chain[-1].to_cryptography() == ROOT.certificate
    empty = TrustStore("system", "here", "", []).openssl_store()
    with pytest.raises(crypto.X509StoreContextError):
        crypto.X509StoreContext(empty, leaf).verify_certificate()


def test_report_takes_the_used_anchors_along() -> None:
    store = TrustStore("system", "here", "abc", [ROOT.der, OTHER.der], problem=None)
    store.anchors_named(subject(ROOT))

    record = record_of(store)
    again = restore_store(record)

    assert (record.name, record.source, record.sha256, record.count) == ("system", "here", "abc", 2)
    assert again.anchors_named(subject(ROOT)) == (read(ROOT),)
    assert again.anchors_named(subject(OTHER)) == ()
    assert record_of(again) == record


def test_mozilla_store() -> None:
    import certifi

    store = load_mozilla_store()

    assert store.problem is None
    assert store.name == "mozilla"
    assert store.count > 50
    assert store.sha256 == hashlib.sha256(Path(certifi.where()).read_bytes()).hexdigest()
    assert "certifi" in store.source


def test_mozilla_store_that_is_gone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("certifi.where", lambda: str(tmp_path / "gone.pem"))

    store = load_mozilla_store()

    assert store.count == 0
    assert store.problem


class TestFiles:
    def test_forms(self, tmp_path: Path) -> None:
        (tmp_path / "a.pem").write_text("corporate root\r\n" + ROOT.pem, encoding="utf-8")
        (tmp_path / "b.cer").write_bytes(OTHER.der)
        (tmp_path / "c.p7b").write_bytes(pkcs7.serialize_certificates([OTHER_KEY.certificate], Encoding.DER))

        store = load_files_store([tmp_path / "a.pem", str(tmp_path / "b.cer"), tmp_path / "c.p7b"])

        assert store.name == "ca-files"
        assert store.count == 3
        assert "b.cer" in store.source
        whole = b"".join((tmp_path / n).read_bytes() for n in ("a.pem", "b.cer", "c.p7b"))
        assert store.sha256 == hashlib.sha256(whole).hexdigest()

    def test_a_whole_bundle(self, tmp_path: Path) -> None:
        path = tmp_path / "bundle.pem"
        path.write_text("".join(Authority(f"CA {n}").pem for n in range(150)), encoding="utf-8")

        assert load_files_store([path]).count == 150

    @pytest.mark.parametrize("content", [b"", b"hello", ROOT.key_pem.encode(), BROKEN])
    def test_without_a_certificate(self, content: bytes, tmp_path: Path) -> None:
        path = tmp_path / "x.pem"
        path.write_bytes(content)

        with pytest.raises(TrustFileError) as caught:
            load_files_store([path])

        assert caught.value.path == str(path)
        assert caught.value.sentence.startswith(str(path))
        assert "give the root's certificate" in caught.value.sentence

    def test_missing(self, tmp_path: Path) -> None:
        with pytest.raises(TrustFileError, match="cannot be read"):
            load_files_store([tmp_path / "gone.pem"])

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(TrustFileError, match="cannot be read"):
            load_files_store([tmp_path])

    def test_a_name_that_no_file_can_have(self) -> None:
        with pytest.raises(TrustFileError, match="cannot be read"):
            load_files_store(["a\0b"])


class TestSystem:
    @pytest.fixture(autouse=True)
    def nowhere(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """A machine without certificates."""
        gone = str(tmp_path / "gone")
        paths = ssl.DefaultVerifyPaths("", "", "SSL_CERT_FILE", gone, "SSL_CERT_DIR", gone)
        monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
        monkeypatch.setattr(system_trust, "_BUNDLES", ())
        monkeypatch.setattr(system_trust, "_FOLDERS", ())
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        monkeypatch.delenv("SSL_CERT_DIR", raising=False)
        monkeypatch.setattr(sys, "platform", "linux")

    def test_nothing_found(self) -> None:
        store = load_system_store()

        assert store.count == 0
        assert store.problem

    def test_well_known_bundle(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        bundle = tmp_path / "ca-certificates.crt"
        bundle.write_text(ROOT.pem + OTHER.pem, encoding="utf-8")
        monkeypatch.setattr(system_trust, "_BUNDLES", (str(tmp_path / "other.crt"), str(bundle)))

        store = load_system_store()

        assert (store.name, store.count, store.problem, store.source) == ("system", 2, None, str(bundle))
        assert store.sha256 == hashlib.sha256(bundle.read_bytes()).hexdigest()

    def test_environment_names_a_file(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        named = tmp_path / "mine.pem"
        named.write_text(OTHER.pem, encoding="utf-8")
        monkeypatch.setenv("SSL_CERT_FILE", str(named))

        assert load_system_store().anchors_named(subject(OTHER))

    def test_environment_names_a_file_that_is_gone(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "mine.pem"))

        store = load_system_store()

        assert store.count == 0
        assert store.problem
        assert "SSL_CERT_FILE" in store.problem

    def test_folder_as_openssl_reads_it(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (tmp_path / "0a1b2c3d.0").write_text(ROOT.pem, encoding="utf-8")
        (tmp_path / "Other.pem").write_text(OTHER.pem, encoding="utf-8")  # not named by a hash: OpenSSL passes it by
        monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))

        store = load_system_store()

        assert store.count == 1
        assert store.source == f"{tmp_path} (1 more)"

    def test_folder_beside_its_bundle_adds_what_is_new(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        bundle = tmp_path / "bundle.crt"
        bundle.write_text(ROOT.pem, encoding="utf-8")
        (tmp_path / "0a1b2c3d.0").write_text(ROOT.pem, encoding="utf-8")
        monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
        monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
        assert load_system_store().source == str(bundle)

        (tmp_path / "0a1b2c3e.0").write_text(OTHER.pem, encoding="utf-8")
        assert load_system_store().count == 2

    def test_windows_root_store(self, monkeypatch: pytest.MonkeyPatch) -> None:
        server, mail = "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.4"
        asked = []

        def enum_certificates(name: str) -> list[tuple[bytes, str, object]]:
            asked.append(name)
            return [
                (ROOT.der, "x509_asn", True),
                (OTHER.der, "x509_asn", {server}),
                (OTHER_KEY.der, "x509_asn", {mail}),
                (b"", "pkcs_7_asn", True),
            ]

        monkeypatch.setattr(ssl, "enum_certificates", enum_certificates, raising=False)
        monkeypatch.setattr(sys, "platform", "win32")

        store = load_system_store()

        assert asked == ["ROOT"]
        assert store.count == 2
        assert store.contains(read(ROOT))
        assert not store.contains(read(OTHER_KEY))

    def test_windows_store_that_cannot_be_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def denied(_name: str) -> list[object]:
            raise PermissionError(13, "Access is denied")

        monkeypatch.setattr(ssl, "enum_certificates", denied, raising=False)
        monkeypatch.setattr(sys, "platform", "win32")

        assert load_system_store().problem

    def test_macos_falls_back_to_openssl(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        bundle = tmp_path / "cert.pem"
        bundle.write_text(ROOT.pem, encoding="utf-8")
        monkeypatch.setattr(system_trust, "_BUNDLES", (str(bundle),))
        monkeypatch.setattr(sys, "platform", "darwin")

        assert load_system_store().count == 1


def test_anchor_of_a_store_proves_a_chain() -> None:
    store = TrustStore("system", "here", "", [ROOT.der])
    leaf = read(ROOT.issue("a.example.com"))

    assert verify_chain(leaf, [], store.anchors_named(leaf.issuer_der), NOW).ok
