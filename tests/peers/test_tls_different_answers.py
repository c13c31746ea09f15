"""Servers that do not give everybody the same answer: with and without SNI, by address, by the type of key."""

from __future__ import annotations

import pytest
from tests.peers.agreement import assert_agree
from tests.peers.command import NAME, diagnose_tls
from tests.peers.conftest import KeyFilesFor, Pki, StartNginx, StartSServer
from tests.peers.identity import leaf, rsa_key
from tests.peers.nginx import Site
from tests.peers.oracle import s_client
from tests.peers.process import free_port

pytestmark = pytest.mark.peer("nginx", "openssl")

TWO = ("127.0.0.1", "127.0.0.2")


def test_another_certificate_without_sni(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    mine = key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate)
    other = key_files(leaf("default.example.test", pki.intermediate), pki.intermediate.certificate)
    port = free_port()
    nginx(
        sites=[
            Site(ports=[port], keys=[other], name="default.example.test", default=True),
            Site(ports=[port], keys=[mine], name=NAME),
        ]
    )

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(sni=True), s_client(port, NAME, pki.root_file), code=0)
    assert_agree(run.handshake(sni=False), s_client(port, None, pki.root_file), code=0)
    assert run.handshake(sni=True)["chain_sent"][0]["sha256"] != run.handshake(sni=False)["chain_sent"][0]["sha256"]
    assert run.severity("tls-sni-required") == "warning"
    assert run.decision == "go"


def test_incomplete_chain_without_sni_only(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    end = leaf(NAME, pki.intermediate)
    port = free_port()
    nginx(
        sites=[
            Site(ports=[port], keys=[key_files(end)], name="_", default=True),
            Site(ports=[port], keys=[key_files(end, pki.intermediate.certificate)], name=NAME),
        ]
    )

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(sni=True), s_client(port, NAME, pki.root_file), code=0)
    assert_agree(run.handshake(sni=False), s_client(port, None, pki.root_file), code=21)
    assert run.chain(sni=True)["complete"] is True
    assert run.chain(sni=False)["complete"] is False
    assert run.severity("tls-sni-required") == "warning"


def test_refused_without_sni(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    port = free_port()
    keys = key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate)
    nginx(
        sites=[
            Site(ports=[port], name="_", default=True, reject_handshake=True),
            Site(ports=[port], keys=[keys], name=NAME),
        ]
    )

    run = diagnose_tls(port, pki.root_file)

    refused = s_client(port, None, pki.root_file)
    assert not refused.connected
    assert "unrecognized name" in refused.output
    assert_agree(run.handshake(sni=True), s_client(port, NAME, pki.root_file), code=0)
    assert run.severity("tls-sni-required") == "warning"
    assert run.decision == "go"


def test_second_certificate_of_s_server(s_server: StartSServer, key_files: KeyFilesFor, pki: Pki) -> None:
    """s_server's own way of doing SNI: `-cert2` for the name, `-cert` for everybody else."""
    mine = key_files(leaf(NAME, pki.root))
    other = key_files(leaf("default.example.test", pki.root))
    port = s_server(other, "-servername", NAME, "-cert2", mine.leaf, "-key2", mine.key)

    run = diagnose_tls(port, pki.root_file)

    assert_agree(run.handshake(sni=True), s_client(port, NAME, pki.root_file), code=0)
    assert_agree(run.handshake(sni=False), s_client(port, None, pki.root_file), code=0)
    assert "tls-sni-required" in run.codes


def test_one_of_two_addresses_is_incomplete(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    """The node behind the load balancer that was forgotten: an error of that address, not of the name."""
    end = leaf(NAME, pki.intermediate)
    port = free_port(*TWO)
    nginx(
        sites=[
            Site(ports=[port], addresses=TWO[:1], keys=[key_files(end, pki.intermediate.certificate)]),
            Site(ports=[port], addresses=TWO[1:], keys=[key_files(end)]),
        ]
    )

    run = diagnose_tls(port, pki.root_file, addresses=TWO)

    for address, code in zip(TWO, (0, 21), strict=True):
        oracle = s_client(port, NAME, pki.root_file, address=address)
        assert_agree(run.handshake(address=address), oracle, code=code)
        assert run.chain(address=address)["complete"] is (code == 0)
    assert "tls-addresses-differ" in run.codes
    incomplete = [finding for finding in run.findings if finding["code"] == "tls-chain-incomplete"]
    assert [finding["subject"].get("address") for finding in incomplete] == [TWO[1]]
    assert run.causes[0] == "tls-chain-incomplete"
    assert run.decision == "no-go"


def test_one_of_two_addresses_refuses(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    keys = key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate)
    port = free_port(*TWO)
    nginx(sites=[Site(ports=[port], addresses=TWO[:1], keys=[keys])])

    run = diagnose_tls(port, pki.root_file, addresses=TWO)

    assert "Connection refused" in s_client(port, NAME, pki.root_file, address=TWO[1]).output
    refused = [finding for finding in run.findings if finding["code"] == "net-refused"]
    assert [finding["subject"]["address"] for finding in refused] == [TWO[1]]
    assert run.causes[0] == "net-refused"
    assert run.decision == "no-go"


def test_ipv4_and_ipv6(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    both = ("127.0.0.1", "::1")
    port = nginx(key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate), addresses=both)

    run = diagnose_tls(port, pki.root_file, addresses=both)

    assert {one["address"] for one in run.addresses} == set(both)
    for address in both:
        oracle = s_client(port, NAME, pki.root_file, address=address)
        assert_agree(run.handshake(address=address), oracle, code=0)
    assert run.decision == "go"
    assert run.findings == []


def test_rsa_and_ecdsa_with_one_chain_broken(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    """Clients of today take the ECDSA certificate; the RSA one, for the others, was installed without its issuer."""
    ecdsa = key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate)
    rsa = key_files(leaf(NAME, pki.sibling, key=rsa_key()))
    port = nginx(ecdsa, rsa)

    run = diagnose_tls(port, pki.root_file)

    by_ecdsa = s_client(port, NAME, pki.root_file, "-tls1_2", "-cipher", "aECDSA")
    by_rsa = s_client(port, NAME, pki.root_file, "-tls1_2", "-cipher", "aRSA")
    assert (by_ecdsa.verify_code, by_rsa.verify_code) == (0, 21)
    named = [one for one in run.addresses[0]["handshakes"] if one["server_name"] and one["protocol"] == "TLSv1.2"]
    assert_agree(next(one for one in named if "-ECDSA-" in one["cipher"]), by_ecdsa, code=0)
    assert_agree(next(one for one in named if "-RSA-" in one["cipher"]), by_rsa, code=21)
    assert "tls-key-types-differ" in run.codes
    assert run.causes[0] == "tls-chain-incomplete"
    assert run.decision == "no-go"


def test_rsa_and_ecdsa_both_complete(nginx: StartNginx, key_files: KeyFilesFor, pki: Pki) -> None:
    ecdsa = key_files(leaf(NAME, pki.intermediate), pki.intermediate.certificate)
    rsa = key_files(leaf(NAME, pki.sibling, key=rsa_key()), pki.sibling.certificate)
    port = nginx(ecdsa, rsa)

    run = diagnose_tls(port, pki.root_file)

    assert s_client(port, NAME, pki.root_file, "-tls1_2", "-cipher", "aRSA").verify_code == 0
    assert run.decision == "go"
    assert run.findings == []
