"""The repair: missing issuers fetched from where the certificates say, verified, and installed in a real server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from tests.peers.agreement import assert_agree
from tests.peers.command import NAME, Run, diagnose_tls
from tests.peers.conftest import KeyFilesFor, Pki, StartNginx
from tests.peers.identity import Identity, KeyFiles, authority, leaf
from tests.peers.issuer_server import IssuerServer
from tests.peers.oracle import s_client

pytestmark = pytest.mark.peer("nginx", "openssl")

BODIES: dict[str, tuple[Callable[[Identity], bytes], str]] = {
    "der": (lambda ca: ca.certificate.public_bytes(Encoding.DER), "application/pkix-cert"),
    "pem": (lambda ca: ca.certificate.public_bytes(Encoding.PEM), "application/x-pem-file"),
    "pkcs7": (lambda ca: pkcs7.serialize_certificates([ca.certificate], Encoding.DER), "application/pkcs7-mime"),
}


def assert_repaired(run: Run, *chain: Identity) -> None:
    """The chain was completed to `chain` and verified; the cause stays what it was."""
    assert run.chain()["complete"] is False
    assert run.chain()["recoverable"] is True
    assert [one["sha256"] for one in run.chain()["repaired"]] == [one.sha256 for one in chain]
    assert run.causes[0] == "tls-chain-incomplete"
    assert run.finding("tls-chain-incomplete")["params"]["proven"] == "yes"


@pytest.mark.parametrize("form", BODIES)
def test_fetched_in_every_form(
    nginx: StartNginx, key_files: KeyFilesFor, pki: Pki, issuers: IssuerServer, form: str
) -> None:
    body, content_type = BODIES[form]
    url = issuers.serve(f"/issuing.{form}", body(pki.intermediate), content_type)
    end = leaf(NAME, pki.intermediate, ca_issuers=[url])
    port = nginx(key_files(end))

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(), s_client(port, NAME, pki.root_file), code=21)
    assert_repaired(run, end, pki.intermediate)
    fetched = run.check["observation"]["fetched"]
    assert [(one["url"], one["form"]) for one in fetched] == [(url, form)]
    assert issuers.asked == [f"/issuing.{form}"]


def test_two_levels_and_a_redirect(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki, issuers: IssuerServer) -> None:
    policy = authority("Example Policy CA", pki.root)
    policy_url = issuers.redirect("/old/policy.cer", issuers.serve("/policy.cer", _der(policy)))
    issuing = authority("Example Server CA", policy, ca_issuers=[policy_url])
    end = leaf(NAME, issuing, ca_issuers=[issuers.serve("/issuing.cer", _der(issuing))])
    port = nginx(key_files(end))

    run = diagnose_tls(port, pki.root_file)

    assert_repaired(run, end, issuing, policy)
    assert issuers.asked[:3] == ["/issuing.cer", "/old/policy.cer", "/policy.cer"]


def test_second_address_is_tried_when_the_first_is_dead(
    nginx: StartNginx, key_files: KeyFilesFor, pki: Pki, issuers: IssuerServer
) -> None:
    urls = [issuers.url("/gone.cer"), issuers.serve("/issuing.cer", _der(pki.intermediate))]
    end = leaf(NAME, pki.intermediate, ca_issuers=urls)
    port = nginx(key_files(end))

    run = diagnose_tls(port, pki.root_file)

    assert_repaired(run, end, pki.intermediate)
    assert issuers.asked == ["/gone.cer", "/issuing.cer"]


@pytest.mark.parametrize("body", [b"", b"<html>moved</html>", b"\x30\x82\xff\xff" + bytes(2000)])
def test_nothing_useful_is_served(
    nginx: StartNginx, key_files: KeyFilesFor, pki: Pki, issuers: IssuerServer, body: bytes
) -> None:
    port = nginx(key_files(leaf(NAME, pki.intermediate, ca_issuers=[issuers.serve("/issuing.cer", body)])))

    run = diagnose_tls(port, pki.root_file)

    assert run.chain()["recoverable"] is False
    assert run.chain()["repaired"] == []
    assert run.causes[0] == "tls-chain-incomplete"
    assert "tls-aia-unreachable" in run.codes
    assert "tls-aia-unreachable" not in run.causes


def test_issuer_of_the_same_name_with_another_key_is_not_recommended(
    nginx: StartNginx, key_files: KeyFilesFor, pki: Pki, issuers: IssuerServer
) -> None:
    impostor = authority(pki.intermediate.common_name, pki.root)
    port = nginx(key_files(leaf(NAME, pki.intermediate, ca_issuers=[issuers.serve("/issuing.cer", _der(impostor))])))

    run = diagnose_tls(port, pki.root_file)

    assert run.chain()["recoverable"] is False
    assert impostor.sha256 not in {one["sha256"] for one in run.chain()["repaired"]}
    assert run.decision == "no-go"


def test_redirects_in_a_circle_end(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki, issuers: IssuerServer) -> None:
    issuers.redirect("/a", issuers.url("/b"))
    issuers.redirect("/b", issuers.url("/a"))
    port = nginx(key_files(leaf(NAME, pki.intermediate, ca_issuers=[issuers.url("/a")])))

    run = diagnose_tls(port, pki.root_file)

    assert "tls-aia-unreachable" in run.codes
    assert run.check["observation"]["fetched"][0]["fault"]["reason"] == "redirect"
    assert len(issuers.asked) <= 10


def test_offline_contacts_nobody(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki, issuers: IssuerServer) -> None:
    url = issuers.serve("/issuing.cer", _der(pki.intermediate))
    port = nginx(key_files(leaf(NAME, pki.intermediate, ca_issuers=[url])))

    run = diagnose_tls(port, pki.root_file, "--offline")

    assert issuers.asked == []
    assert run.check["observation"]["fetched"] == []
    assert run.chain()["recoverable"] is False
    assert run.causes[0] == "tls-chain-incomplete"


def test_fixed_bundle_makes_the_server_go(
    nginx: StartNginx, key_files: KeyFilesFor, pki: Pki, issuers: IssuerServer, tmp_path: Path
) -> None:
    """The whole story: NO-GO, the bundle written, the bundle installed, GO."""
    url = issuers.serve("/issuing.cer", _der(pki.intermediate))
    keys = key_files(leaf(NAME, pki.intermediate, ca_issuers=[url]))
    broken = nginx(keys)
    bundle = tmp_path / "fixed.pem"

    before = diagnose_tls(broken, pki.root_file, "--fix-bundle", bundle)

    assert before.decision == "no-go"
    assert s_client(broken, NAME, pki.root_file).verify_code == 21
    assert _pems(bundle) == [keys.leaf.read_text(encoding="ascii").strip(), pki.intermediate.pem.strip()]

    mended = nginx(KeyFiles(leaf=keys.leaf, key=keys.key, issuers=None, chain=bundle))
    after = diagnose_tls(mended, pki.root_file)

    assert_agree(after.handshake(), s_client(mended, NAME, pki.root_file), code=0)
    assert after.decision == "go"
    assert after.findings == []


def test_fixed_bundle_puts_a_wrong_order_right(
    nginx: StartNginx, key_files: KeyFilesFor, pki: Pki, tmp_path: Path
) -> None:
    policy = authority("Example Policy CA", pki.root)
    issuing = authority("Example Server CA", policy)
    end = leaf(NAME, issuing)
    port = nginx(key_files(end, policy.certificate, issuing.certificate, pki.root.certificate))
    bundle = tmp_path / "fixed.pem"

    diagnose_tls(port, pki.root_file, "--fix-bundle", bundle)

    assert _pems(bundle) == [end.pem.strip(), issuing.pem.strip(), policy.pem.strip()]


def test_no_bundle_is_written_that_was_not_verified(
    nginx: StartNginx, key_files: KeyFilesFor, pki: Pki, tmp_path: Path
) -> None:
    port = nginx(key_files(leaf(NAME, pki.intermediate)))
    bundle = tmp_path / "fixed.pem"

    run = diagnose_tls(port, pki.root_file, "--fix-bundle", bundle)

    assert run.decision == "no-go"
    assert not bundle.exists()


def test_saved_chain_is_what_was_sent(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki, tmp_path: Path) -> None:
    port = nginx(key_files(leaf(NAME, pki.intermediate), pki.sibling.certificate))
    folder = tmp_path / "saved"

    diagnose_tls(port, pki.root_file, "--save-chain", folder)

    saved = {pem for file in folder.iterdir() for pem in _pems(file)}
    assert saved == set(s_client(port, NAME, pki.root_file).sent)


def _der(identity: Identity) -> bytes:
    return identity.certificate.public_bytes(Encoding.DER)


def _pems(file: Path) -> list[str]:
    """The certificates in a file, comments left out."""
    end = "-----END CERTIFICATE-----"
    parts = file.read_text(encoding="ascii").split(end)[:-1]
    return [part[part.index("-----BEGIN") :] + end for part in parts]
