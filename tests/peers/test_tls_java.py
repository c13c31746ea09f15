"""Java servers (JSSE), which is what Sametime runs on: what goes into the keystore is what goes over the wire."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.peers import java_server
from tests.peers.agreement import assert_agree
from tests.peers.command import NAME, diagnose_tls
from tests.peers.conftest import KeyFilesFor, Pki, StartJava
from tests.peers.identity import leaf
from tests.peers.oracle import s_client

pytestmark = pytest.mark.peer("java", "javac", "keytool", "openssl")


@pytest.fixture
def intermediate_file(pki: Pki, tmp_path: Path) -> Path:
    """The intermediate, as the CA mails it."""
    file = tmp_path / "intermediate.pem"
    file.write_text(pki.intermediate.pem, encoding="ascii")
    return file


def test_leaf_only_keystore(java: StartJava, key_files: KeyFilesFor, pki: Pki, tmp_path: Path) -> None:
    port = java(java_server.keystore(tmp_path, key_files(leaf(NAME, pki.intermediate))))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=21)
    assert run.causes[0] == "tls-chain-incomplete"
    assert pki.intermediate.common_name in run.chain()["missing_issuer"]
    assert run.decision == "no-go"


def test_full_keystore(java: StartJava, key_files: KeyFilesFor, pki: Pki, tmp_path: Path) -> None:
    keys = key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate)
    port = java(java_server.keystore(tmp_path, keys))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=0)
    assert run.chain()["complete"] is True
    assert run.decision == "go"
    assert run.findings == []


def test_keystore_with_the_root_sends_it(java: StartJava, key_files: KeyFilesFor, pki: Pki, tmp_path: Path) -> None:
    """What `keytool -importcert` of a CA's reply makes: the chain up to and with the root."""
    keys = key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate, pki.root.certificate)
    port = java(java_server.keystore(tmp_path, keys))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=0)
    assert run.severity("tls-chain-superfluous") == "info"
    assert run.decision == "go"


def test_intermediate_in_the_truststore_is_not_sent(
    java: StartJava, key_files: KeyFilesFor, pki: Pki, tmp_path: Path, intermediate_file: Path
) -> None:
    """The classic on WebSphere: the intermediate went into CellDefaultTrustStore instead of CellDefaultKeyStore."""
    store = java_server.keystore(tmp_path, key_files(leaf(NAME, pki.intermediate)))
    port = java(store, f"truststore={java_server.truststore(tmp_path, intermediate_file)}")

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=21)
    assert run.causes[0] == "tls-chain-incomplete"


def test_entry_of_its_own_completes_a_pkcs12_keystore(
    java: StartJava, key_files: KeyFilesFor, pki: Pki, tmp_path: Path, intermediate_file: Path
) -> None:
    """Java puts the chain of a PKCS#12 entry together from all certificates in the file, by name, when it loads it."""
    store = java_server.keystore(tmp_path, key_files(leaf(NAME, pki.intermediate)), trusted=intermediate_file)
    port = java(store)

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=0)
    assert run.decision == "go"


def test_entry_of_its_own_does_not_complete_a_jks_keystore(
    java: StartJava, key_files: KeyFilesFor, pki: Pki, tmp_path: Path, intermediate_file: Path
) -> None:
    """A JKS entry holds its chain itself: an intermediate beside it is never sent."""
    store = java_server.jks(tmp_path, java_server.keystore(tmp_path, key_files(leaf(NAME, pki.intermediate))))
    java_server.import_trusted(store, "intermediate", intermediate_file)
    port = java(store)

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=21)
    assert run.causes[0] == "tls-chain-incomplete"


def test_fixed_bundle_mends_a_leaf_only_keystore(
    java: StartJava, key_files: KeyFilesFor, pki: Pki, tmp_path: Path, intermediate_file: Path
) -> None:
    """The way that the remedy describes: `keytool -importcert` of the whole bundle over the key's own alias."""
    store = java_server.keystore(tmp_path, key_files(leaf(NAME, pki.intermediate)))
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(
        (tmp_path / "keys0" / "leaf.pem").read_text(encoding="ascii") + intermediate_file.read_text(encoding="ascii"),
        encoding="ascii",
    )
    subprocess.run(
        [
            *("keytool", "-importcert", "-noprompt", "-alias", "stproxy", "-file", str(bundle)),
            *("-keystore", str(store), "-storepass", java_server.PASSWORD),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    port = java(store)

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=0)
    assert run.decision == "go"
