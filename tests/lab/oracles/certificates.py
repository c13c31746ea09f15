"""How openssl, curl and keytool see each fault of the certificates."""

from __future__ import annotations

import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from tests.lab.oracles.programs import Oracle, Oracles, Seen

from stdiag.lab.blueprint import HOST
from stdiag.lab.deployment import Lab

LEAF = HOST
R46, R6, ROOT = "Lab Issuing CA R46", "Lab Issuing CA R6", "Lab Root CA"


def x509(seen: Seen, *options: str, position: int = 0) -> str:
    """`openssl x509 -noout` on one of the certificates that s_client showed."""
    begin = "-----BEGIN CERTIFICATE-----"
    pem = begin + seen.text.split(begin)[1 + position].split("-----END")[0] + "-----END CERTIFICATE-----\n"
    command = ["openssl", "x509", "-noout", *options]
    return str(subprocess.run(command, input=pem, capture_output=True, text=True, timeout=10, check=False).stdout)


def chain_and_code(*chain: str, code: int) -> Oracle:
    """The oracle for faults that s_client tells by its chain and return code."""

    def check(lab: Lab, oracles: Oracles) -> None:
        seen = oracles.s_client(lab)
        assert seen.chain == list(chain)
        assert seen.code == code

    return check


def version_8(lab: Lab, oracles: Oracles) -> None:
    seen = oracles.s_client(lab)
    assert seen.code == 0
    assert seen.chain == [LEAF, R46, "Former Provider CA 1"]
    assert "Version: Unknown (7)" in x509(seen, "-text", position=2)
    assert "Version: 3 (0x2)" in x509(seen, "-text", position=1)


def only_without_root(lab: Lab, oracles: Oracles) -> None:
    assert oracles.s_client(lab).code == 0
    assert lab.root_file.name not in lab.site_file.read_text(encoding="utf-8")
    command = ["openssl", "s_client", "-connect", str(lab.stproxy), "-servername", HOST]
    text = subprocess.run(command, input=b"", capture_output=True, timeout=10, check=False).stdout
    assert b"Verify return code: 20" in text


def in_ten_days(lab: Lab, oracles: Oracles) -> None:
    seen = oracles.s_client(lab)
    assert seen.code == 0
    assert "will expire" in x509(seen, "-checkend", str(11 * 86400))
    assert "will not expire" in x509(seen, "-checkend", str(10 * 86400))


def expired_at(depth: int) -> Oracle:
    def check(lab: Lab, oracles: Oracles) -> None:
        seen = oracles.s_client(lab)
        assert seen.code == 10
        wrong = seen.text.split("verify error:num=10")[0].rsplit("depth=", 1)[1]
        assert wrong.startswith(str(depth))

    return check


def other_name(lab: Lab, oracles: Oracles) -> None:
    assert oracles.s_client(lab, "-verify_hostname", HOST).code == 62
    assert oracles.s_client(lab, "-verify_hostname", "meet.lab.example").code == 0
    assert oracles.curl(lab, "/").returncode == 60


def no_alternative_name(lab: Lab, oracles: Oracles) -> None:
    seen = oracles.s_client(lab)
    assert seen.code == 0
    assert "No extensions matching" in x509(seen, "-ext", "subjectAltName") or not x509(seen, "-ext", "subjectAltName")
    assert f"CN = {HOST}" in x509(seen, "-subject")


def malformed(lab: Lab, oracles: Oracles) -> None:
    seen = oracles.s_client(lab)
    assert seen.code == 0
    assert x509(seen, "-ext", "certificatePolicies").split() == ["X509v3", "Certificate", "Policies:", "0.policies"]


def issuer_reply(lab: Lab) -> bytes:
    with urllib.request.urlopen(lab.issuer_url + "lab-issuing-ca-r46.cer", timeout=5) as reply:  # noqa: S310 - loopback
        return bytes(reply.read())


def missing_and(check: Callable[[Lab], None]) -> Oracle:
    """The chain lacks its intermediate, and the issuer server does what `check` says."""

    def both(lab: Lab, oracles: Oracles) -> None:
        seen = oracles.s_client(lab)
        assert seen.code == 21
        assert seen.chain == [LEAF]
        named = x509(seen, "-ext", "authorityInfoAccess")
        assert (f"{lab.issuer_url}lab-issuing-ca-r46.cer" in named) == ("aia-not-named" not in lab.faults)
        check(lab)

    return both


def gone(lab: Lab) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        issuer_reply(lab)


def loops(lab: Lab) -> None:
    with pytest.raises(urllib.error.HTTPError, match="infinite loop"):
        issuer_reply(lab)


def never(lab: Lab) -> None:
    began = time.monotonic()
    with pytest.raises(OSError, match="timed out"):
        urllib.request.urlopen(lab.issuer_url, timeout=0.3)  # noqa: S310 - loopback
    assert time.monotonic() - began >= 0.3


def in_form(*command: str) -> Callable[[Lab], None]:
    """openssl reads the issuer server's answer with `command`."""

    def check(lab: Lab) -> None:
        done = subprocess.run(
            ["openssl", *command], input=issuer_reply(lab), capture_output=True, timeout=10, check=False
        )
        assert b"CN = Lab Issuing CA R46" in done.stdout, done.stderr

    return check


def nothing_more(_lab: Lab) -> None:
    """The chain and what the leaf names have said it all."""


ORACLES: dict[str, Oracle] = {
    "missing-intermediate": missing_and(in_form("x509", "-inform", "DER", "-noout", "-subject")),
    "wrong-intermediate": chain_and_code(LEAF, R6, code=21),
    "wrong-order": chain_and_code(LEAF, "Lab Policy CA", R46, code=0),
    "superfluous-certificate": chain_and_code(LEAF, R46, "Former Provider CA 1", code=0),
    "root-sent": chain_and_code(LEAF, R46, ROOT, code=0),
    "unreadable-certificate": version_8,
    "issuer-not-a-ca": chain_and_code(LEAF, R46, code=32),
    "name-constraints": chain_and_code(LEAF, R46, code=47),
    "self-signed": chain_and_code(LEAF, code=18),
    "private-ca": only_without_root,
    "expired-root": expired_at(2),
    "expired-leaf": expired_at(0),
    "not-yet-valid": chain_and_code(LEAF, R46, code=9),
    "expires-soon": in_ten_days,
    "expired-issuer": expired_at(1),
    "malformed-extension": malformed,
    "name-mismatch": other_name,
    "cn-only": no_alternative_name,
    "weak-key": chain_and_code(LEAF, R46, code=66),
    "weak-signature": chain_and_code(LEAF, R46, code=68),
    "aia-unreachable": missing_and(gone),
    "aia-redirect-loop": missing_and(loops),
    "aia-silent": missing_and(never),
    "aia-not-named": missing_and(nothing_more),
    "aia-pem": missing_and(in_form("x509", "-inform", "PEM", "-noout", "-subject")),
    "aia-pkcs7": missing_and(in_form("pkcs7", "-inform", "DER", "-print_certs", "-noout")),
}

SENT_TO_JAVA = {
    "missing-intermediate": [LEAF],
    "wrong-intermediate": [LEAF, R6],
    "wrong-order": [LEAF, "Lab Policy CA", R46],
    "superfluous-certificate": [LEAF, R46, "Former Provider CA 1"],
    "unreadable-certificate": [],
}
"""What keytool must be sent where the chain itself is the fault; nothing where Java ends the handshake."""
