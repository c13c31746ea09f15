"""Each fault of the certificates, seen by openssl or curl on the running lab."""

from __future__ import annotations

import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from stdiag.lab.blueprint import HOST
from stdiag.lab.faults import FAULTS
from stdiag.lab.faults.certificates import CERTIFICATE_FAULTS

pytestmark = pytest.mark.peer("openssl", "curl")

LEAF = HOST
R46, R6, ROOT = "Lab Issuing CA R46", "Lab Issuing CA R6", "Lab Root CA"


def x509(seen: Any, *options: str, position: int = 0) -> str:
    """`openssl x509 -noout` on one of the certificates that s_client showed."""
    begin = "-----BEGIN CERTIFICATE-----"
    pem = begin + seen.text.split(begin)[1 + position].split("-----END")[0] + "-----END CERTIFICATE-----\n"
    command = ["openssl", "x509", "-noout", *options]
    return str(subprocess.run(command, input=pem, capture_output=True, text=True, timeout=10, check=False).stdout)


def chain_and_code(*chain: str, code: int) -> Callable[[Any, Any], None]:
    """The oracle for faults that s_client tells by its chain and return code."""

    def check(lab: Any, oracles: Any) -> None:
        seen = oracles.s_client(lab)
        assert seen.chain == list(chain)
        assert seen.code == code

    return check


def only_without_root(lab: Any, oracles: Any) -> None:
    assert oracles.s_client(lab).code == 0
    assert "ca_files" not in lab.site_file.read_text(encoding="utf-8")
    command = ["openssl", "s_client", "-connect", str(lab.stproxy), "-servername", HOST]
    text = subprocess.run(command, input=b"", capture_output=True, timeout=10, check=False).stdout
    assert b"Verify return code: 20" in text


def in_ten_days(lab: Any, oracles: Any) -> None:
    seen = oracles.s_client(lab)
    assert seen.code == 0
    assert "will expire" in x509(seen, "-checkend", str(11 * 86400))
    assert "will not expire" in x509(seen, "-checkend", str(10 * 86400))


def expired_at(depth: int) -> Callable[[Any, Any], None]:
    def check(lab: Any, oracles: Any) -> None:
        seen = oracles.s_client(lab)
        assert seen.code == 10
        wrong = seen.text.split("verify error:num=10")[0].rsplit("depth=", 1)[1]
        assert wrong.startswith(str(depth))

    return check


def other_name(lab: Any, oracles: Any) -> None:
    assert oracles.s_client(lab, "-verify_hostname", HOST).code == 62
    assert oracles.s_client(lab, "-verify_hostname", "meet.lab.example").code == 0
    assert oracles.curl(lab, "/").returncode == 60


def no_alternative_name(lab: Any, oracles: Any) -> None:
    seen = oracles.s_client(lab)
    assert seen.code == 0
    assert "No extensions matching" in x509(seen, "-ext", "subjectAltName") or not x509(seen, "-ext", "subjectAltName")
    assert f"CN = {HOST}" in x509(seen, "-subject")


def malformed(lab: Any, oracles: Any) -> None:
    seen = oracles.s_client(lab)
    assert seen.code == 0
    assert x509(seen, "-ext", "certificatePolicies").split() == ["X509v3", "Certificate", "Policies:", "0.policies"]


def issuer_reply(lab: Any) -> bytes:
    with urllib.request.urlopen(lab.issuer_url + "lab-issuing-ca-r46.cer", timeout=5) as reply:  # noqa: S310 - loopback
        return bytes(reply.read())


def missing_and(check: Callable[[Any], None]) -> Callable[[Any, Any], None]:
    """The chain lacks its intermediate, and the issuer server does what `check` says."""

    def both(lab: Any, oracles: Any) -> None:
        seen = oracles.s_client(lab)
        assert seen.code == 21
        assert seen.chain == [LEAF]
        named = x509(seen, "-ext", "authorityInfoAccess")
        assert (f"{lab.issuer_url}lab-issuing-ca-r46.cer" in named) == ("aia-not-named" not in lab.faults)
        check(lab)

    return both


def gone(lab: Any) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        issuer_reply(lab)


def loops(lab: Any) -> None:
    with pytest.raises(urllib.error.HTTPError, match="infinite loop"):
        issuer_reply(lab)


def never(lab: Any) -> None:
    began = time.monotonic()
    with pytest.raises(OSError, match="timed out"):
        urllib.request.urlopen(lab.issuer_url, timeout=0.3)  # noqa: S310 - loopback
    assert time.monotonic() - began >= 0.3


def in_form(*command: str) -> Callable[[Any], None]:
    """openssl reads the issuer server's answer with `command`."""

    def check(lab: Any) -> None:
        done = subprocess.run(
            ["openssl", *command], input=issuer_reply(lab), capture_output=True, timeout=10, check=False
        )
        assert b"CN = Lab Issuing CA R46" in done.stdout, done.stderr

    return check


def nothing_more(_lab: Any) -> None:
    """The chain and what the leaf names have said it all."""


ORACLES: dict[str, Callable[[Any, Any], None]] = {
    "missing-intermediate": missing_and(in_form("x509", "-inform", "DER", "-noout", "-subject")),
    "wrong-intermediate": chain_and_code(LEAF, R6, code=21),
    "wrong-order": chain_and_code(LEAF, "Lab Policy CA", R46, code=0),
    "superfluous-certificate": chain_and_code(LEAF, R46, "Former Provider CA 1", code=0),
    "root-sent": chain_and_code(LEAF, R46, ROOT, code=0),
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


def test_every_fault_has_an_oracle() -> None:
    assert set(ORACLES) == {fault.name for fault in CERTIFICATE_FAULTS}
    assert {fault.name for fault in CERTIFICATE_FAULTS} < {fault.name for fault in FAULTS}


@pytest.mark.parametrize("name", ORACLES)
def test_the_oracle_sees_the_fault(name: str, start: Any, oracles: Any) -> None:
    ORACLES[name](start(name), oracles)


def test_several_faults_at_once(start: Any, oracles: Any) -> None:
    lab = start("expired-leaf", "root-sent", "superfluous-certificate", "name-mismatch", "sni-required", "weak-key")
    seen = oracles.s_client(lab, "-cipher", "DEFAULT:@SECLEVEL=0", "-verify_hostname", HOST)
    assert seen.chain == ["meet.lab.example", R46, "Former Provider CA 1", ROOT] or seen.chain == [
        "meet.lab.example",
        R46,
        ROOT,
        "Former Provider CA 1",
    ]
    assert "verify error:num=10" in seen.text
    assert "verify error:num=62" in seen.text
    assert "unrecognized name" in oracles.s_client(lab, sni=False).text
