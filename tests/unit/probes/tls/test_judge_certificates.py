"""Dates, names and strength of the certificates in use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier
from tests.minting import NOW, Authority, Minted, mint
from tests.unit.probes.tls.observations import (
    HOST,
    ONE,
    at,
    context,
    found,
    judged,
    only,
    pki,
    records,
    sends,
    shaken,
    store,
)

from stdiag.model import Finding, Severity
from stdiag.probes.tls.judge import judge
from stdiag.probes.tls.observation import TlsObservation

ISSUING, ROOT = pki().issuing, pki().root
DAY = timedelta(days=1)


def leaf(**knobs: Any) -> Minted:
    return ISSUING.issue(HOST, **knobs)


def of_leaf(**knobs: Any) -> Finding:
    return only(sends(leaf(**knobs), ISSUING))


def codes(*chain: Minted) -> set[tuple[str, str]]:
    return {(code, severity) for code, severity, _ in found(sends(*chain))}


# Dates


def test_an_expired_leaf() -> None:
    one = of_leaf(not_after=NOW - 2 * DAY)
    assert (one.code, one.severity) == ("tls-cert-expired", Severity.ERROR)
    assert one.params == {"certificate": HOST, "not_after": "2026-11-18T12:00:00Z", "days": 2}


def test_a_leaf_of_the_future() -> None:
    one = of_leaf(not_before=NOW + 2 * DAY)
    assert (one.code, one.severity, one.params["days"]) == ("tls-cert-not-yet-valid", Severity.ERROR, 2)


@pytest.mark.parametrize(("days", "soon"), [(29, True), (30, False)])
def test_a_leaf_that_expires_soon(days: int, soon: bool) -> None:
    expected = {("tls-cert-expires-soon", "warning")} if soon else set()
    assert codes(leaf(not_after=NOW + days * DAY), ISSUING) == expected


def test_the_last_day_counts_as_none() -> None:
    assert of_leaf(not_after=NOW + DAY / 2).params["days"] == 0
    assert of_leaf(not_after=NOW).code == "tls-cert-expires-soon"  # valid to the second that it names


def test_what_is_soon_is_the_sites_word() -> None:
    observation = sends(leaf(not_after=NOW + 50 * DAY), ISSUING)
    assert judge(observation, context(renew_before_days=50))[1] == []
    assert [one.code for one in judge(observation, context(renew_before_days=51))[1]] == ["tls-cert-expires-soon"]


def test_an_expired_issuer() -> None:
    old = Authority("Old CA", parent=ROOT, not_after=NOW - 3 * DAY)
    one = only(sends(old.issue(HOST), old))
    assert (one.code, one.severity, one.params["days"]) == ("tls-issuer-expired", Severity.ERROR, 3)


def test_an_issuer_that_expires_soon_or_is_of_the_future() -> None:
    soon = Authority("Soon CA", parent=ROOT, not_after=NOW + 10 * DAY)
    one = only(sends(soon.issue(HOST), soon))
    assert (one.code, one.params["certificate"]) == ("tls-cert-expires-soon", "Soon CA")
    future = Authority("Future CA", parent=ROOT, not_before=NOW + 3 * DAY)
    assert only(sends(future.issue(HOST), future)).code == "tls-cert-not-yet-valid"


def test_an_expired_cross_certificate_beside_a_good_path_is_a_warning() -> None:
    former = Authority("Former Root")
    crossed = Authority("Example Issuing CA R46", parent=former, key=ISSUING.key, not_after=NOW - 3 * DAY)
    one = only(sends(pki().leaf, ISSUING, crossed))
    assert (one.code, one.severity) == ("tls-issuer-expired", Severity.WARNING)
    assert one.affects is not None
    assert one.evidence == ["/observation/addresses/0/handshakes/0/chain_sent/2"]


# Names


@pytest.mark.parametrize(
    ("names", "fits"),
    [
        (["chat.example.com"], True),
        (["*.example.com"], True),
        (["*.chat.example.com"], False),
        (["example.com"], False),
    ],
)
def test_the_name(names: list[str], fits: bool) -> None:
    expected = set() if fits else {("tls-name-mismatch", "error")}
    assert codes(leaf(dns=names), ISSUING) == expected


def test_a_mismatch_lists_what_the_certificate_holds() -> None:
    one = of_leaf(dns=["meet.example.com", "*.example.net"])
    assert one.params == {"name": HOST, "names": ["meet.example.com", "*.example.net"]}


def test_a_name_in_the_common_name_only() -> None:
    one = of_leaf(dns=None)
    assert (one.code, one.severity, one.params) == ("tls-name-cn-only", Severity.ERROR, {"name": HOST})


def test_who_asks_by_address_is_warned_only() -> None:
    observation = TlsObservation(host=ONE, port=443, addresses=[at(ONE, shaken(server_name=None))])
    assert found(observation) == {("tls-name-mismatch", "warning", "endpoint")}
    with_address = records(leaf(ip=[ONE]), ISSUING)
    observation = TlsObservation(host=ONE, port=443, addresses=[at(ONE, shaken(server_name=None, chain=with_address))])
    assert found(observation) == set()


def test_a_file_without_a_name_has_none_to_compare() -> None:
    chain = records(leaf(dns=["meet.example.com"]), ISSUING)
    without = TlsObservation(host="", file="chain.pem", file_certificates=chain)
    assert found(without) == set()
    named = TlsObservation(host=HOST, file="chain.pem", server_name=HOST, file_certificates=chain)
    assert found(named) == {("tls-name-mismatch", "error", "file")}


# Strength


@pytest.mark.parametrize(("kind", "weak"), [("rsa1024", True), ("ec192", True), ("rsa2048", False), ("ec", False)])
def test_the_leafs_key(kind: str, weak: bool) -> None:
    expected = {("tls-weak-key", "error")} if weak else set()
    assert codes(leaf(key_kind=kind), ISSUING) == expected


@pytest.mark.parametrize(("old", "algorithm"), [("sha1", "SHA-1"), ("md5", "MD5")])
def test_old_signatures(old: str, algorithm: str) -> None:
    issuing = Authority("RSA CA", parent=ROOT, key_kind="rsa2048")
    findings = judged(sends(issuing.issue(HOST, old_hash=old), issuing))[1]
    weak = [one for one in findings if one.code == "tls-weak-signature"]
    assert [one.params for one in weak] == [{"certificate": HOST, "algorithm": algorithm}]
    assert "tls-chain-incomplete" not in {one.code for one in findings}


def test_a_roots_own_signature_does_not_matter() -> None:
    root = mint("Ancient Root", ca=True, key_usage=("key_cert_sign",), dns=None, purposes=None, key_kind="rsa2048")
    resigned = mint(
        "Ancient Root",
        root,
        ca=True,
        key_usage=("key_cert_sign",),
        dns=None,
        purposes=None,
        key=root.key,
        old_hash="sha1",
    )
    issuing = Authority("Young CA", parent=resigned)
    observation = sends(issuing.issue(HOST), issuing, resigned)
    findings = judged(observation, store("ca-files", resigned))[1]
    assert {one.code for one in findings} == {"tls-chain-superfluous"}


def test_a_malformed_extension() -> None:
    broken = x509.UnrecognizedExtension(ObjectIdentifier("2.5.29.32"), b"\x30\x7fpolicies")
    one = of_leaf(extra=[(broken, False)])
    assert (one.code, one.severity, one.params["certificate"]) == ("tls-extension-malformed", Severity.WARNING, HOST)
