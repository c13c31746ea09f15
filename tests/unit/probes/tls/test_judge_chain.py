"""One chain as one client would get it: complete, in order, valid, trusted; and what came of the search for issuers."""

from __future__ import annotations

import pytest
from tests.minting import NOW, Authority, Minted, mint
from tests.unit.probes.tls.observations import (
    HOST,
    ISSUER_URL,
    ONE,
    at,
    endpoint,
    fetched,
    found,
    judged,
    one_address,
    only,
    pki,
    records,
    sends,
    shaken,
    store,
    unreadable,
)

from stdiag.model import FaultReason, Finding, Severity
from stdiag.pki.trust import TrustStore
from stdiag.probes.shared.judge_chain import short_name
from stdiag.probes.tls.observation import TlsObservation

ERROR, WARNING, INFO = "error", "warning", "info"
LEAF, ISSUING, ROOT = pki().leaf, pki().issuing, pki().root
SIBLING = Authority("Example Issuing CA R6", parent=ROOT)
STRANGER = Authority("Former Provider CA 1", parent=Authority("Former Provider Root"))


def codes(observation: TlsObservation, *stores: TrustStore) -> dict[str, str]:
    return {code: severity for code, severity, _ in found(observation, *stores)}


def finding(code: str, observation: TlsObservation, *stores: TrustStore) -> Finding:
    (one,) = [one for one in judged(observation, *stores)[1] if one.code == code]
    return one


# Complete


def test_a_complete_chain_has_no_finding() -> None:
    analysis, findings = judged(sends(LEAF, ISSUING))
    assert findings == []
    (chain,) = analysis.chains
    assert (chain.complete, chain.recoverable, chain.missing_issuer) == (True, False, None)
    assert [one.sha256 for one in chain.repaired] == [one.sha256 for one in records(LEAF, ISSUING)]
    assert {name: verdict.trusted for name, verdict in chain.trust.items()} == {"ca-files": True}
    assert [(facts.role, facts.days_left) for facts in analysis.certificates] == [
        ("leaf", 300),
        ("issuer", 300),
        ("root", 300),
    ]


def test_a_leaf_alone_with_its_issuer_fetched() -> None:
    observation = endpoint(
        at(ONE, shaken(chain=records(LEAF), verify_code=21, verify_text="unable to verify the first certificate")),
        fetched=[fetched(ISSUING, form="der")],
    )
    one = only(observation)
    assert (one.code, one.severity) == ("tls-chain-incomplete", Severity.ERROR)
    assert one.params == {
        "leaf": HOST,
        "missing": "Example Issuing CA R46",
        "sent": 1,
        "verify_code": 21,
        "verify_text": "unable to verify the first certificate",
        "recovered_from": ISSUER_URL,
        "proven": "yes",
        "candidates": [],
    }
    (chain,) = judged(observation)[0].chains
    assert (chain.complete, chain.recoverable) == (False, True)
    assert [one.sha256 for one in chain.repaired] == [one.sha256 for one in records(LEAF, ISSUING)]
    assert (chain.trust["ca-files"].trusted, chain.trust_repaired["ca-files"].trusted) == (False, True)


def test_a_leaf_alone_and_nothing_fetched_names_candidates() -> None:
    one = finding("tls-chain-incomplete", sends(LEAF), store("ca-files", STRANGER))
    assert one.params["missing"] == "Example Issuing CA R46"
    assert (one.params["recovered_from"], one.params["proven"]) == (None, None)
    assert one.params["candidates"]


def test_what_was_fetched_and_does_not_prove_the_repair_is_not_called_proven() -> None:
    expired = Authority("Example Issuing CA R46", parent=ROOT, key=ISSUING.key, not_after=NOW.replace(year=2026, day=1))
    one = finding("tls-chain-incomplete", endpoint(at(ONE, shaken(chain=records(LEAF))), fetched=[fetched(expired)]))
    assert one.params["proven"] == "no"


# The wrong issuer, order, superfluous ones


@pytest.mark.parametrize("with_fetched", [True, False])
def test_a_look_alike_in_the_issuers_place(with_fetched: bool) -> None:
    observation = sends(LEAF, SIBLING)
    observation.fetched = [fetched(ISSUING)] if with_fetched else []
    one = finding("tls-chain-wrong-issuer", observation)
    assert one.severity is Severity.ERROR
    assert one.params["certificate"] == HOST
    assert one.params["sent_instead"] == ["Example Issuing CA R6"]
    assert codes(observation) == {"tls-chain-wrong-issuer": ERROR, "tls-chain-incomplete": ERROR}


def test_the_right_name_and_the_wrong_key() -> None:
    impostor = Authority("Example Issuing CA R46", parent=ROOT, serial=7)
    one = finding("tls-chain-wrong-issuer", sends(LEAF, impostor))
    assert one.params["reason"] == "the name fits, the key does not"


def test_the_wrong_order() -> None:
    policy = Authority("Policy CA", parent=ROOT)
    issuing = Authority("Lower CA", parent=policy)
    leaf = issuing.issue(HOST)
    one = only(sends(leaf, policy, issuing))
    assert (one.code, one.severity) == ("tls-chain-wrong-order", Severity.WARNING)
    assert one.params == {
        "sent_order": [HOST, "Policy CA", "Lower CA"],
        "right_order": [HOST, "Lower CA", "Policy CA"],
    }
    assert judged(sends(leaf, issuing, policy))[1] == []


@pytest.mark.parametrize(
    ("more", "severity", "why"),
    [
        ((ISSUING,), INFO, "sent twice"),
        ((ROOT,), INFO, "root: clients have it or do not trust it"),
        ((STRANGER,), WARNING, "not part of this chain"),
    ],
    ids=["duplicate", "root", "stranger"],
)
def test_superfluous_certificates(more: tuple[Minted, ...], severity: str, why: str) -> None:
    observation = sends(LEAF, ISSUING, *more)
    one = only(observation)
    assert (one.code, one.severity.value) == ("tls-chain-superfluous", severity)
    assert [why in str(text) for text in one.params["certificates"] or ()] == [True]  # type: ignore[union-attr]  # a list here
    assert one.evidence == ["/observation/addresses/0/handshakes/0/chain_sent/2"]


# Invalid


def test_an_issuer_that_may_not_issue() -> None:
    home_made = Authority("Home-made", parent=ROOT, ca=False)
    one = finding("tls-chain-invalid", sends(home_made.issue(HOST), home_made))
    assert one.severity is Severity.ERROR
    assert (one.params["certificate"], one.params["verify_code"]) == ("Home-made", None)
    assert "CA" in str(one.params["problem"])


def test_a_certificate_that_is_not_for_servers() -> None:
    from cryptography.x509.oid import ExtendedKeyUsageOID

    leaf = ISSUING.issue(HOST, purposes=[ExtendedKeyUsageOID.CLIENT_AUTH])
    assert "serverAuth" in str(finding("tls-chain-invalid", sends(leaf, ISSUING)).params["problem"])


def test_an_unreadable_certificate() -> None:
    behind = one_address(shaken(chain=[*records(LEAF, ISSUING), unreadable()]))
    assert codes(behind) == {"tls-certificate-unreadable": WARNING}
    assert only(behind).params["position"] == 3
    leaf = one_address(shaken(chain=[unreadable(), *records(ISSUING)]))
    assert codes(leaf) == {"tls-certificate-unreadable": ERROR}


# Trust


def test_a_private_root_is_not_an_incomplete_chain() -> None:
    observation = sends(LEAF, ISSUING, ROOT)
    assert codes(observation, store("system", STRANGER)) == {
        "tls-root-untrusted": ERROR,
        "tls-chain-superfluous": INFO,
    }
    told = finding("tls-root-untrusted", observation, store("system", STRANGER))
    assert (told.params["root"], told.params["candidates"]) == ("Example Root", [])


def test_an_unknown_end_names_candidates() -> None:
    one = finding("tls-root-untrusted", sends(LEAF, ISSUING), store("system", STRANGER))
    assert (one.params["root"], one.params["trusted_by"]) == ("Example Root", [])
    assert len(one.params["candidates"] or ()) == 2  # type: ignore[arg-type]  # a list here


def test_each_store_is_judged_by_itself() -> None:
    knows, lacks = store("system", ROOT), store("mozilla", STRANGER)
    one = only(sends(LEAF, ISSUING), knows, lacks)
    assert (one.code, one.severity) == ("tls-root-untrusted", Severity.WARNING)
    assert (one.params["trusted_by"], one.params["not_trusted_by"]) == (["system"], ["mozilla"])
    trust = judged(sends(LEAF, ISSUING), knows, lacks)[0].chains[0].trust
    assert {name: verdict.trusted for name, verdict in trust.items()} == {"system": True, "mozilla": False}


def test_the_organisations_own_root_need_not_be_public() -> None:
    assert codes(sends(LEAF, ISSUING), store("system", STRANGER), store("ca-files", ROOT)) == {}


def test_a_public_chain_need_not_be_in_the_organisations_files() -> None:
    assert codes(sends(LEAF, ISSUING), store("system", ROOT), store("ca-files", STRANGER)) == {}


def test_a_store_that_is_empty_distrusts_nobody() -> None:
    assert codes(sends(LEAF, ISSUING), store("system"), store("mozilla", ROOT)) == {}


def test_a_self_signed_leaf() -> None:
    leaf = mint(HOST, dns=[HOST])
    one = only(sends(leaf), store("system", STRANGER))
    assert (one.code, one.severity, one.params["certificate"]) == ("tls-self-signed", Severity.ERROR, HOST)
    assert codes(sends(leaf), store("ca-files", leaf)) == {}


def test_an_expired_root() -> None:
    old = Authority("Old Root", not_after=NOW.replace(day=19))
    observation = sends(old.issue(HOST))
    assert codes(observation, store("ca-files", old)) == {"tls-root-expired": ERROR}
    assert finding("tls-root-expired", observation, store("ca-files", old)).params["days"] == 1
    fresh = Authority("Old Root", key=old.key)
    assert "tls-root-expired" not in codes(observation, store("ca-files", fresh))


# The search for issuers


@pytest.mark.parametrize("reason", list(FaultReason))
def test_a_search_that_failed_says_why(reason: FaultReason) -> None:
    observation = sends(LEAF)
    observation.fetched = [fetched(reason=reason, http_status=404 if reason is FaultReason.HTTP_STATUS else None)]
    one = finding("tls-aia-unreachable", observation)
    assert (one.severity, one.params["url"]) == (Severity.INFO, ISSUER_URL)
    assert one.params["problem"]
    assert one.evidence == ["/observation/fetched/0"]
    if reason is FaultReason.HTTP_STATUS:
        assert one.params["problem"] == "HTTP status 404"


def test_a_search_that_another_address_made_good_is_not_worth_a_word() -> None:
    observation = sends(LEAF)
    observation.fetched = [fetched(reason=FaultReason.TIMEOUT), fetched(ISSUING, url="http://other.example/r46")]
    assert codes(observation) == {"tls-chain-incomplete": ERROR}
    complete = sends(LEAF, ISSUING)
    complete.fetched = [fetched(reason=FaultReason.TIMEOUT)]
    assert codes(complete) == {}


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("CN=Example CA,O=Example", "Example CA"),
        ("O=Example,CN=Example\\, Inc. CA", "Example, Inc. CA"),
        ("O=Example CN\\=x", "O=Example CN\\=x"),
        ("", ""),
    ],
)
def test_short_names(subject: str, name: str) -> None:
    assert short_name(subject) == name


# Files


def test_a_file_is_judged_like_a_chain() -> None:
    observation = TlsObservation(host=HOST, file="chain.pem", server_name=HOST, file_certificates=records(LEAF))
    observation.fetched = [fetched(ISSUING)]
    one = only(observation)
    assert (one.code, str(one.subject)) == ("tls-chain-incomplete", f"file chain.pem for {HOST}")
    assert one.evidence == ["/observation/file_certificates"]
    observation.file_certificates = records(LEAF, ISSUING)
    assert judged(observation)[1] == []


def test_a_file_that_begins_with_the_issuer_is_an_error() -> None:
    observation = TlsObservation(host="", file="chain.pem", file_certificates=records(ISSUING, LEAF))
    one = only(observation)
    assert (one.code, one.severity) == ("tls-chain-wrong-order", Severity.ERROR)
    assert one.affects is not None
