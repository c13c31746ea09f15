"""Handshakes of Android's own TLS library, BoringSSL as Debian packages it, beside what the Android profile says."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.peers.command import NAME, Run, diagnose_tls
from tests.peers.conftest import KeyFilesFor, Pki, StartNginx, StartSServer
from tests.peers.identity import KeyFiles, leaf, rsa_key

pytestmark = pytest.mark.peer("bssl-tool", "nginx", "openssl")

NEWEST = "android=16"
"""TLS 1.2 and 1.3 only, as BoringSSL is asked to offer here."""


@pytest.fixture
def complete(key_files: KeyFilesFor, pki: Pki) -> KeyFiles:
    """Nothing wrong with the chain; RSA, so that the old cipher suites have a key to sign with."""
    return key_files(leaf(NAME, pki.intermediate, key=rsa_key()), pki.intermediate.certificate)


def boringssl_connects(port: int, root: Path) -> bool:
    """Whether BoringSSL's client, with this root as its only anchor, finishes a handshake and believes the chain."""
    done = subprocess.run(
        [
            *("bssl-tool", "client", "-connect", f"127.0.0.1:{port}", "-server-name", NAME),
            *("-min-version", "tls1.2", "-root-certs", str(root)),
        ],
        input=b"",
        capture_output=True,
        timeout=30,
        check=False,
    )
    return done.returncode == 0 and b"Connected." in done.stdout + done.stderr


def android(run: Run) -> dict[str, object]:
    """What the report says of the newest Android."""
    (only,) = run.report["checks"][0]["analysis"]["clients"]
    return dict(only)


def diagnosed(port: int, root: Path) -> Run:
    return diagnose_tls(port, root, "--client", NEWEST)


@pytest.mark.parametrize("protocols", ["TLSv1.2", "TLSv1.3", "TLSv1.2 TLSv1.3"])
def test_versions_of_today(nginx: StartNginx, complete: KeyFiles, pki: Pki, protocols: str) -> None:
    port = nginx(complete, protocols=protocols)

    said = android(diagnosed(port, pki.root_file))

    assert boringssl_connects(port, pki.root_file)
    # The chain ends at a root of this test's own, which no phone holds: its TLS is not what stops it.
    assert said["reason"] not in ("no-common-tls-version", "no-common-cipher", "missing-intermediate")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], "no-common-tls-version"),
        (["-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256"], "no-common-cipher"),
    ],
)
def test_what_it_does_not_speak(
    s_server: StartSServer, complete: KeyFiles, pki: Pki, options: list[str], reason: str
) -> None:
    port = s_server(complete, *options)

    said = android(diagnosed(port, pki.root_file))

    assert not boringssl_connects(port, pki.root_file)
    assert (said["accepts"], said["reason"]) == (False, reason)


def test_a_missing_intermediate(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    port = nginx(key_files(leaf(NAME, pki.intermediate)))

    run = diagnosed(port, pki.root_file)

    assert not boringssl_connects(port, pki.root_file)
    assert android(run)["accepts"] is False
    assert run.causes[0] == "tls-chain-incomplete"
