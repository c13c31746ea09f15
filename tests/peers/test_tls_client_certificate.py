"""Servers that ask for a client certificate: as an option or as a must, each server in its own way of refusing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.peers import java_server
from tests.peers.agreement import assert_agree
from tests.peers.command import NAME, Run, diagnose_tls
from tests.peers.conftest import KeyFilesFor, Pki, StartApache, StartJava, StartNginx, StartSServer
from tests.peers.identity import KeyFiles, leaf
from tests.peers.oracle import SClient, s_client

GET = b"GET / HTTP/1.0\r\nHost: chat.example.test\r\n\r\n"


@pytest.fixture
def complete(key_files: KeyFilesFor, pki: Pki) -> KeyFiles:
    """Nothing wrong with the chain."""
    return key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate)


def asked(oracle: SClient) -> bool:
    """True when the server sent a CertificateRequest."""
    return "No client certificate CA names sent" not in oracle.output and (
        "Acceptable client certificate CA names" in oracle.output or "Client Certificate Types" in oracle.output
    )


def assert_required(run: Run) -> None:
    """The one cause is the demand; that the server then hung up is its consequence, not a second cause."""
    assert run.check["analysis"]["client_certificate"] == "required"
    assert run.causes[0] == "tls-client-cert-required"
    assert run.errors == {"tls-client-cert-required"}
    assert run.decision == "no-go"


@pytest.mark.peer("nginx", "openssl")
@pytest.mark.parametrize("protocol", ["TLSv1.2", "TLSv1.3"])
def test_nginx_optional(nginx: StartNginx, complete: KeyFiles, pki: Pki, protocol: str) -> None:
    port = nginx(complete, protocols=protocol, verify_client="optional", client_ca=pki.root_file)

    run = diagnose_tls(port, pki.root_file)

    oracle = s_client(port, NAME, pki.root_file, request=GET)
    assert asked(oracle)
    assert "200 OK" in oracle.output
    assert_agree(run.handshake(), oracle, code=0)
    assert run.handshake()["client_cert_requested"] is True
    assert run.check["analysis"]["client_certificate"] == "asked"
    assert "tls-client-cert-required" not in run.codes
    assert run.decision == "go"


@pytest.mark.peer("nginx", "openssl")
@pytest.mark.parametrize("protocol", ["TLSv1.2", "TLSv1.3"])
def test_nginx_required_answers_400(nginx: StartNginx, complete: KeyFiles, pki: Pki, protocol: str) -> None:
    """nginx completes the handshake under both versions and refuses in HTTP."""
    port = nginx(complete, protocols=protocol, verify_client="on", client_ca=pki.root_file)

    run = diagnose_tls(port, pki.root_file)

    oracle = s_client(port, NAME, pki.root_file, request=GET)
    assert asked(oracle)
    assert "400 Bad Request" in oracle.output
    assert_agree(run.handshake(), oracle, code=0)
    assert_required(run)


@pytest.mark.peer("apache2", "openssl")
def test_apache_required_under_tls_1_3(apache: StartApache, complete: KeyFiles, pki: Pki) -> None:
    """The handshake is finished for the client before the server refuses: the alert comes at the first read."""
    port = apache(complete, "SSLProtocol TLSv1.3", "SSLVerifyClient require", f"SSLCACertificateFile {pki.root_file}")

    run = diagnose_tls(port, pki.root_file)

    oracle = s_client(port, NAME, pki.root_file, request=GET)
    assert asked(oracle)
    assert "alert certificate required" in oracle.output
    assert run.handshake()["protocol"] == "TLSv1.3"
    assert_agree(run.handshake(), oracle, code=0)
    assert_required(run)


@pytest.mark.peer("apache2", "openssl")
def test_apache_required_under_tls_1_2(apache: StartApache, complete: KeyFiles, pki: Pki) -> None:
    """The refusal is part of the handshake, which therefore never completes; the chain came before it."""
    port = apache(complete, "SSLProtocol TLSv1.2", "SSLVerifyClient require", f"SSLCACertificateFile {pki.root_file}")

    run = diagnose_tls(port, pki.root_file)

    oracle = s_client(port, NAME, pki.root_file, request=GET)
    assert asked(oracle)
    assert "alert handshake failure" in oracle.output
    first = run.addresses[0]["handshakes"][0]
    assert first["completed"] is False
    assert first["fault"]["reason"] == "tls-alert"
    assert [one["pem"].strip() for one in first["chain_sent"]] == oracle.sent
    assert first["verify_code"] == oracle.verify_code == 0
    assert run.chain()["complete"] is True
    assert_required(run)


@pytest.mark.peer("openssl")
@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_s_server_required(s_server: StartSServer, complete: KeyFiles, pki: Pki, version: str) -> None:
    port = s_server(complete, version, "-Verify", "1", "-CAfile", pki.root_file)

    run = diagnose_tls(port, pki.root_file)

    oracle = s_client(port, NAME, pki.root_file, request=GET)
    assert asked(oracle)
    assert {"-tls1_2": "alert handshake failure", "-tls1_3": "alert certificate required"}[version] in oracle.output
    assert_required(run)


@pytest.mark.peer("java", "javac", "keytool", "openssl")
@pytest.mark.parametrize("protocol", ["TLSv1.2", "TLSv1.3"])
def test_java_required(java: StartJava, complete: KeyFiles, pki: Pki, tmp_path: Path, protocol: str) -> None:
    port = java(
        java_server.keystore(tmp_path, complete),
        "clientAuth=need",
        f"protocols={protocol}",
        f"truststore={java_server.truststore(tmp_path, pki.root_file)}",
    )

    run = diagnose_tls(port, pki.root_file)

    oracle = s_client(port, NAME, pki.root_file, request=GET)
    assert asked(oracle)
    assert "alert" in oracle.output
    assert_required(run)


@pytest.mark.peer("java", "javac", "keytool", "openssl")
def test_java_optional(java: StartJava, complete: KeyFiles, pki: Pki, tmp_path: Path) -> None:
    port = java(
        java_server.keystore(tmp_path, complete),
        "clientAuth=want",
        f"truststore={java_server.truststore(tmp_path, pki.root_file)}",
    )

    run = diagnose_tls(port, pki.root_file)

    oracle = s_client(port, NAME, pki.root_file, request=GET)
    assert asked(oracle)
    assert "200 OK" in oracle.output
    assert_agree(run.handshake(), oracle, code=0)
    assert run.check["analysis"]["client_certificate"] == "asked"
    assert run.decision == "go"
