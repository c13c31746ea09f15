"""TLS versions, ciphers and Diffie-Hellman groups that real servers accept."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.peers.agreement import assert_agree
from tests.peers.command import NAME, diagnose_tls
from tests.peers.conftest import KeyFilesFor, Pki, StartNginx, StartSServer
from tests.peers.identity import KeyFiles, leaf, rsa_key
from tests.peers.oracle import s_client

pytestmark = pytest.mark.peer("nginx", "openssl")

WEAK = "ALL:@SECLEVEL=0"
"""What lets s_client and s_server speak TLS 1.0 and 1.1."""

OPTION = {"TLSv1": "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}


@pytest.fixture
def complete(key_files: KeyFilesFor, pki: Pki) -> KeyFiles:
    """Nothing wrong with the chain. RSA, because TLS 1.0 has no way to sign with P-256 under every library."""
    return key_files(leaf(NAME, pki.intermediate, key=rsa_key()), pki.intermediate.certificate)


def accepted_by_oracle(port: int, root: Path) -> set[str]:
    """The versions that s_client gets a handshake with, each tried alone."""
    return {
        version
        for version, option in OPTION.items()
        if s_client(port, NAME, root, option, "-cipher", WEAK).protocol == version
    }


def test_tls_1_0_only(s_server: StartSServer, complete: KeyFiles, pki: Pki) -> None:
    port = s_server(complete, "-tls1", "-cipher", WEAK)

    run = diagnose_tls(port, pki.root_file)

    assert not s_client(port, NAME, pki.root_file).connected
    assert run.versions_accepted == accepted_by_oracle(port, pki.root_file) == {"TLSv1"}
    # The chain is judged all the same, from a handshake that accepts what no client of today would.
    oracle = s_client(port, NAME, pki.root_file, "-tls1", "-cipher", WEAK)
    assert_agree(run.handshake(), oracle, code=0)
    assert run.handshake()["protocol"] == "TLSv1"
    assert run.chain()["complete"] is True
    assert run.causes[0] == "tls-version-old-only"
    assert run.decision == "no-go"


def test_tls_1_2_only_is_fine(nginx: StartNginx, complete: KeyFiles, pki: Pki) -> None:
    port = nginx(complete, protocols="TLSv1.2")

    run = diagnose_tls(port, pki.root_file)

    assert run.versions_accepted == accepted_by_oracle(port, pki.root_file) == {"TLSv1.2"}
    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=0)
    assert run.handshake()["protocol"] == "TLSv1.2"
    assert run.decision == "go"
    assert run.findings == []


def test_tls_1_3_only_shuts_older_clients_out(nginx: StartNginx, complete: KeyFiles, pki: Pki) -> None:
    port = nginx(complete, protocols="TLSv1.3")

    run = diagnose_tls(port, pki.root_file)

    assert run.versions_accepted == accepted_by_oracle(port, pki.root_file) == {"TLSv1.3"}
    assert run.severity("tls-version-new-only") == "warning"
    assert run.decision == "go"


def test_obsolete_versions_accepted(nginx: StartNginx, complete: KeyFiles, pki: Pki) -> None:
    port = nginx(complete, protocols="TLSv1 TLSv1.1 TLSv1.2 TLSv1.3")

    run = diagnose_tls(port, pki.root_file)

    assert run.versions_accepted == accepted_by_oracle(port, pki.root_file) == set(OPTION)
    assert run.severity("tls-version-obsolete-accepted") == "warning"
    assert run.handshake()["protocol"] == "TLSv1.3"
    assert run.decision == "go"


def test_cipher_without_forward_secrecy(nginx: StartNginx, complete: KeyFiles, pki: Pki) -> None:
    port = nginx(complete, protocols="TLSv1.2", ciphers="AES128-SHA")

    run = diagnose_tls(port, pki.root_file)

    assert s_client(port, NAME, pki.root_file).cipher == "AES128-SHA"
    assert run.handshake()["cipher"] == "AES128-SHA"
    assert run.severity("tls-cipher-unusual") == "warning"


OAKLEY_GROUP_2 = """\
-----BEGIN DH PARAMETERS-----
MIGHAoGBAP//////////yQ/aoiFowjTExmKLgNwc0SkCTgiKZ8x0Agu+pjsTmyJR
Sgh5jjQE3e+VGbPNOkMbMCsKbfJfFDdP4TVtbVHCReSFtXZiXn7G9ExC6aY37WsL
/1y29Aa37e44a/taiZ+lrp8kEXxLH+ZJKGZR7OZTgf//////////AgEC
-----END DH PARAMETERS-----
"""
"""The 1024-bit group of RFC 2409 §6.2, which old Java and Apache servers use."""


def test_weak_diffie_hellman_group(nginx: StartNginx, complete: KeyFiles, pki: Pki, tmp_path: Path) -> None:
    file = tmp_path / "dh1024.pem"
    file.write_text(OAKLEY_GROUP_2, encoding="ascii")
    port = nginx(complete, protocols="TLSv1.2", directives=f"ssl_dhparam {file};")

    run = diagnose_tls(port, pki.root_file)

    refused = s_client(port, NAME, pki.root_file, "-cipher", "DHE")
    assert not refused.connected
    assert "dh key too small" in refused.output
    assert s_client(port, NAME, pki.root_file, "-cipher", "DHE:@SECLEVEL=0").connected
    assert run.severity("tls-weak-dh") == "warning"
    assert run.decision == "go"
