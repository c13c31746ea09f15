"""What is minted, read by cryptography and verified by its signatures."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtensionOID, NameOID

from stdiag.lab.authority import Authority, mint, pem
from stdiag.lab.blueprint import HOST, Part
from stdiag.lab.compose import compose

NOW = dt.datetime(2030, 5, 17, 12, 0, 0, 987654, tzinfo=dt.UTC)
URL = "http://127.0.0.1:9/"


def minted(*faults: str) -> Authority:
    return mint(compose(faults), URL, NOW)


def common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def names(authority: Authority) -> list[str]:
    return [common_name(each) for each in authority.main.chain]


def issuer_addresses(certificate: x509.Certificate) -> list[str]:
    access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    return [each.access_location.value for each in access]


def test_the_healthy_chain() -> None:
    authority = minted()
    leaf, issuer = authority.main.chain
    leaf.verify_directly_issued_by(issuer)
    issuer.verify_directly_issued_by(authority.root)
    authority.root.verify_directly_issued_by(authority.root)
    alternative = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert alternative.get_values_for_type(x509.DNSName) == [HOST]
    assert isinstance(leaf.public_key(), ec.EllipticCurvePublicKey)
    assert (leaf.not_valid_after_utc - NOW).days == 60
    assert authority.rsa is authority.second_address is authority.without_sni is None


def test_each_certificate_names_where_its_issuer_is() -> None:
    leaf, issuer = minted().main.chain
    assert issuer_addresses(leaf) == [URL + "lab-issuing-ca-r46.cer"]
    assert issuer_addresses(issuer) == [URL + "lab-root-ca.cer"]
    with pytest.raises(x509.ExtensionNotFound):
        issuer_addresses(minted("aia-not-named").main.chain[0])


@pytest.mark.parametrize(
    ("fault", "sent"),
    [
        ("missing-intermediate", [HOST]),
        ("wrong-intermediate", [HOST, "Lab Issuing CA R6"]),
        ("wrong-order", [HOST, "Lab Policy CA", "Lab Issuing CA R46"]),
        ("superfluous-certificate", [HOST, "Lab Issuing CA R46", "Former Provider CA 1"]),
        ("root-sent", [HOST, "Lab Issuing CA R46", "Lab Root CA"]),
        ("self-signed", [HOST]),
        ("name-mismatch", ["meet.lab.example", "Lab Issuing CA R46"]),
    ],
)
def test_what_is_sent(fault: str, sent: list[str]) -> None:
    assert names(minted(fault)) == sent


def test_the_sibling_did_not_issue_the_leaf() -> None:
    leaf, sibling = minted("wrong-intermediate").main.chain
    with pytest.raises(ValueError, match="issuer"):
        leaf.verify_directly_issued_by(sibling)


def test_the_long_hierarchy_verifies_in_its_right_order() -> None:
    parts = minted("wrong-order").parts
    chain = [parts[part] for part in (Part.LEAF, Part.ISSUER, Part.POLICY, Part.ROOT)]
    for certificate, issuer in itertools.pairwise(chain):
        certificate.verify_directly_issued_by(issuer)


def test_sha1_is_signed_as_the_standard_says() -> None:
    leaf, issuer = minted("weak-signature").main.chain
    assert leaf.signature_algorithm_oid.dotted_string == "1.2.840.113549.1.1.5"
    key = issuer.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(leaf.signature, leaf.tbs_certificate_bytes, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - the fault


def test_terms() -> None:
    def days(certificate: x509.Certificate) -> tuple[int, int]:
        return (NOW - certificate.not_valid_before_utc).days, (certificate.not_valid_after_utc - NOW).days

    assert days(minted("expired-leaf").main.chain[0])[1] == -3  # two days and the microseconds of NOW ago
    assert days(minted("expires-soon").main.chain[0])[1] == 10
    assert days(minted("not-yet-valid").main.chain[0])[0] == -2
    assert days(minted("expired-issuer").main.chain[1])[1] < 0
    assert days(minted("expired-root").root)[1] < 0


def test_keys_and_names() -> None:
    weak = minted("weak-key").main.chain[0].public_key()
    assert isinstance(weak, rsa.RSAPublicKey)
    assert weak.key_size == 1024
    with pytest.raises(x509.ExtensionNotFound):
        minted("cn-only").main.chain[0].extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME)
    both = minted("ecdsa-rsa-differ")
    assert both.rsa is not None
    assert len(both.rsa.chain) == 1
    assert len(both.main.chain) == 2
    other = minted("sni-default-certificate").without_sni
    assert other is not None
    assert common_name(other.chain[0]) == "balancer.lab.example"


def test_every_run_has_keys_of_its_own() -> None:
    one, two = minted(), minted()
    assert (
        hashlib.sha256(pem(one.main.chain).encode()).digest() != hashlib.sha256(pem(two.main.chain).encode()).digest()
    )
    assert one.main.chain[0].serial_number != two.main.chain[0].serial_number
