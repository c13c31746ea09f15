"""What can be wrong with one certificate of a chain that is complete: dates, names, strength, purpose, trust."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from tests.peers.agreement import assert_agree
from tests.peers.command import NAME, diagnose_tls
from tests.peers.conftest import KeyFilesFor, Pki, StartNginx, StartSServer
from tests.peers.identity import authority, leaf, rsa_key
from tests.peers.oracle import s_client
from tests.peers.sha1 import signed_with_sha1

pytestmark = pytest.mark.peer("nginx", "openssl")


def test_expired_leaf(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    port = nginx(key_files(leaf(NAME, pki.intermediate, days=(-90, -3)), pki.intermediate.certificate))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=10)
    assert run.causes[0] == "tls-cert-expired"
    assert run.decision == "no-go"
    assert run.chain()["complete"] is True


def test_leaf_that_is_not_yet_valid(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    port = nginx(key_files(leaf(NAME, pki.intermediate, days=(3, 90)), pki.intermediate.certificate))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=9)
    assert run.causes[0] == "tls-cert-not-yet-valid"
    assert run.decision == "no-go"


def test_leaf_that_expires_soon_is_a_warning(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    port = nginx(key_files(leaf(NAME, pki.intermediate, days=(-80, 9.5)), pki.intermediate.certificate))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=0)
    assert run.severity("tls-cert-expires-soon") == "warning"
    assert run.decision == "go"
    assert 9 in {row["days_left"] for row in run.report["summary"]["renew_before"]}


def test_expired_intermediate(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    expired = authority("Example Old CA", pki.root, days=(-900, -3))
    port = nginx(key_files(leaf(NAME, expired), expired.certificate))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=10)
    assert run.causes[0] == "tls-issuer-expired"
    assert "tls-cert-expired" not in run.codes


def test_expired_root(nginx: StartNginx, key_files: KeyFilesFor, tmp_path: Path) -> None:
    root = authority("Example Root of 2001", days=(-9000, -3))
    root_file = tmp_path / "expired-root.pem"
    root_file.write_text(root.pem, encoding="ascii")
    port = nginx(key_files(leaf(NAME, root)))

    run = diagnose_tls(port, root_file)

    assert_agree(run.handshake(), s_client(port, NAME, root_file), code=10)
    assert "tls-root-expired" in run.causes
    assert "tls-issuer-expired" not in run.codes


def test_certificate_for_another_name(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    port = nginx(key_files(leaf("intranet.example.test", pki.intermediate), pki.intermediate.certificate))

    run = diagnose_tls(port, pki.root_file)

    # Like s_client, the handshake itself does not compare names; told to, s_client answers 62.
    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=0)
    assert s_client(port, NAME, pki.root_file, "-verify_hostname", NAME).verify_code == 62
    assert run.causes[0] == "tls-name-mismatch"
    assert run.decision == "no-go"


def test_address_in_the_certificate(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    port = nginx(key_files(leaf("127.0.0.1", pki.intermediate), pki.intermediate.certificate))

    run = diagnose_tls(port, pki.root_file, name=None)

    assert s_client(port, None, pki.root_file, "-verify_ip", "127.0.0.1").verify_code == 0
    assert run.handshake(sni=False)["verify_code"] == 0
    assert run.decision == "go"
    assert "tls-name-mismatch" not in run.codes


def test_self_signed(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    port = nginx(key_files(leaf(NAME, None)))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=18)
    assert run.causes[0] == "tls-self-signed"
    assert run.decision == "no-go"


def test_private_root_that_is_sent_is_untrusted_not_incomplete(
    nginx: StartNginx, key_files: KeyFilesFor, pki: Pki
) -> None:
    port = nginx(key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate, pki.root.certificate))

    run = diagnose_tls(port, None)

    assert_agree(run.handshake(), s_client(port, NAME, None), code=19)
    assert run.chain()["complete"] is True
    assert run.causes[0] == "tls-root-untrusted"
    assert "tls-chain-incomplete" not in run.codes


def test_private_root_that_is_not_sent_is_not_told_from_an_intermediate(
    nginx: StartNginx, key_files: KeyFilesFor, pki: Pki
) -> None:
    """Nothing on the wire says whether the issuer of the last certificate is a root: both candidates are named."""
    port = nginx(key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate))

    run = diagnose_tls(port, None)

    assert_agree(run.handshake(), s_client(port, NAME, None), code=20)
    assert run.chain()["complete"] is not True
    first = run.finding(run.causes[0])
    assert first["code"] in ("tls-root-untrusted", "tls-chain-incomplete")
    assert pki.root.common_name in str(first["params"])
    assert len(first["params"]["candidates"]) >= 2
    assert run.decision == "no-go"


def test_rsa_1024(s_server: StartSServer, key_files: KeyFilesFor, pki: Pki) -> None:
    port = s_server(key_files(leaf(NAME, pki.intermediate, key=rsa_key(1024)), pki.intermediate.certificate))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=66)
    assert run.causes[0] == "tls-weak-key"
    assert run.chain()["complete"] is True


def test_sha1_signature(s_server: StartSServer, key_files: KeyFilesFor, pki: Pki, tmp_path: Path) -> None:
    """The library neither signs nor verifies SHA-1: what it cannot verify is not "issued by another"."""
    issuer = authority("Example RSA CA", pki.root, key=rsa_key())
    weak = signed_with_sha1(leaf(NAME, issuer, key=rsa_key()), issuer, tmp_path)
    port = s_server(key_files(weak, issuer.certificate))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=68)
    assert run.causes[0] == "tls-weak-signature"
    assert run.chain()["complete"] is True
    assert run.codes.isdisjoint({"tls-chain-wrong-issuer", "tls-chain-incomplete", "tls-chain-superfluous"})


def test_sha1_does_not_hide_a_missing_issuer(
    s_server: StartSServer, key_files: KeyFilesFor, pki: Pki, tmp_path: Path
) -> None:
    issuer = authority("Example RSA CA", pki.root, key=rsa_key())
    weak = signed_with_sha1(leaf(NAME, issuer, key=rsa_key()), issuer, tmp_path)
    port = s_server(key_files(weak))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=21)
    assert {"tls-chain-incomplete", "tls-weak-signature"} <= run.codes
    assert issuer.common_name in run.chain()["missing_issuer"]


def test_certificate_for_clients_only(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    end = leaf(NAME, pki.intermediate, purpose=ExtendedKeyUsageOID.CLIENT_AUTH)
    port = nginx(key_files(end, pki.intermediate.certificate))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=26)
    assert run.causes[0] == "tls-chain-invalid"
    assert run.decision == "no-go"


def test_issuer_that_is_no_authority(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    impostor = leaf("impostor.example.test", pki.intermediate)
    port = nginx(key_files(leaf(NAME, impostor), impostor.certificate, pki.intermediate.certificate))

    run = diagnose_tls(port, pki.root_file)

    # 79 (invalid CA certificate) comes first; the return code is the last complaint.
    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=26)
    assert "tls-chain-invalid" in run.causes
    assert run.decision == "no-go"
