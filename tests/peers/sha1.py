"""Certificates signed with SHA-1: minted by openssl, because the cryptography library no longer does."""

from __future__ import annotations

import subprocess
from pathlib import Path

from cryptography import x509
from tests.peers.identity import Identity

EXTENSIONS = """\
[leaf]
subjectAltName = DNS:{name}
extendedKeyUsage = serverAuth
basicConstraints = critical, CA:FALSE
"""


def signed_with_sha1(end: Identity, issuer: Identity, folder: Path) -> Identity:
    """A certificate for the name and key of `end`, signed by `issuer` with SHA-1. Both keys are RSA."""
    files = {role: folder / f"sha1-{role}.pem" for role in ("leaf", "key", "request", "issuer", "issuer-key", "signed")}
    files["leaf"].write_text(end.pem, encoding="ascii")
    files["issuer"].write_text(issuer.pem, encoding="ascii")
    files["key"].write_text(end.key_pem, encoding="ascii")
    files["issuer-key"].write_text(issuer.key_pem, encoding="ascii")
    extensions = folder / "sha1.cnf"
    extensions.write_text(EXTENSIONS.format(name=end.common_name), encoding="ascii")
    _x509("-x509toreq", "-in", files["leaf"], "-signkey", files["key"], "-out", files["request"])
    _x509(
        *("-req", "-sha1", "-days", "100", "-set_serial", "0x1234567890abcdef", "-in", files["request"]),
        *("-CA", files["issuer"], "-CAkey", files["issuer-key"]),
        *("-extfile", extensions, "-extensions", "leaf", "-out", files["signed"]),
    )
    return Identity(x509.load_pem_x509_certificate(files["signed"].read_bytes()), end.key)


def _x509(*arguments: str | Path) -> None:
    subprocess.run(["openssl", "x509", *map(str, arguments)], check=True, capture_output=True, timeout=20)
