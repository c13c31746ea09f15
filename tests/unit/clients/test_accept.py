"""Whether a client accepts a chain: path building by going back, its own store, its own rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.minting import NOW, Authority, Minted
from tests.unit.clients.minted_store import HOST, MintedStore, case, cert, chain, client

from stdiag.clients.accept import accepts
from stdiag.clients.paths import search
from stdiag.clients.profile import AnchorMatch
from stdiag.clients.verdict import ClientReason, ClientVerdict
from stdiag.pki.certificate import parse_certificate

ANDROID, IOS, JAVA, OPENSSL, CHROME = map(client, ["android 12", "ios 17", "openjdk 17", "openssl 3", "chrome"])
EVERYBODY = [ANDROID, IOS, JAVA, OPENSSL, CHROME]
PAST = {"not_before": NOW - timedelta(days=400), "not_after": NOW - timedelta(days=10)}


def told(verdict: ClientVerdict) -> tuple[bool | None, str | None]:
    return verdict.accepts, verdict.reason.value if verdict.reason else None


@pytest.mark.parametrize("profile", EVERYBODY, ids=lambda profile: profile.client)
def test_a_complete_chain_under_a_root_of_the_store(profile) -> None:  # type: ignore[no-untyped-def]  # one line a case
    root, intermediate, leaf = chain()
    verdict = accepts(case(leaf, intermediate), profile, MintedStore(root))
    assert told(verdict) == (True, None)
    assert verdict.anchor == "Example Root"


def test_without_the_intermediate_who_fetches_gets_by() -> None:
    root, intermediate, leaf = chain()
    alone = case(leaf, fetched=[intermediate])
    got = {profile.client: told(accepts(alone, profile, MintedStore(root))) for profile in EVERYBODY}
    assert got == {
        "android 12": (False, "missing-intermediate"),
        "ios 17": (None, "unknown-by-luck"),
        "openjdk 17": (False, "missing-intermediate"),
        "openssl 3": (False, "missing-intermediate"),
        "chrome": (True, None),
    }


def test_an_issuer_that_nobody_could_fetch() -> None:
    root, intermediate, _ = chain()
    leaf = intermediate.issue(HOST, ca_issuers=["http://ca.example.com/i.crt"])
    assert told(accepts(case(leaf), CHROME, MintedStore(root))) == (None, "unknown-not-fetched")
    assert told(accepts(case(leaf), IOS, MintedStore(root))) == (False, "missing-intermediate")
    assert "Example Issuing CA" in accepts(case(leaf), ANDROID, MintedStore(root)).detail


def test_a_root_that_others_know_is_no_missing_intermediate() -> None:
    root, intermediate, leaf = chain()
    verdict = accepts(case(leaf, intermediate, known=[root]), ANDROID, MintedStore())
    assert told(verdict) == (False, "root-not-in-store")
    assert verdict.detail == "root Example Root not in their store"


def test_a_root_that_was_sent_is_named_too() -> None:
    root, intermediate, leaf = chain()
    verdict = accepts(case(leaf, intermediate, root), ANDROID, MintedStore())
    assert (told(verdict), verdict.detail) == ((False, "root-not-in-store"), "root Example Root not in their store")


def test_what_is_unknown_above_an_intermediate_is_both() -> None:
    _, intermediate, leaf = chain()
    verdict = accepts(case(leaf, intermediate), ANDROID, MintedStore())
    assert told(verdict) == (False, "root-not-in-store")
    assert "a private root, or a further intermediate" in verdict.detail


def test_an_intermediate_in_the_middle_is_missing() -> None:
    root, intermediate, _ = chain()
    lower = Authority("Example Lower CA", intermediate)
    verdict = accepts(case(lower.issue(HOST), lower, fetched=[intermediate]), ANDROID, MintedStore(root))
    assert told(verdict) == (False, "missing-intermediate")
    assert verdict.detail == "issuer Example Issuing CA not sent"


def test_a_wrong_certificate_of_the_right_name() -> None:
    root, _, leaf = chain()
    other = Authority("Example Issuing CA", root)
    assert told(accepts(case(leaf, other), ANDROID, MintedStore(root))) == (False, "missing-intermediate")


def test_order_duplicates_and_strangers_do_not_matter() -> None:
    root, intermediate, _ = chain()
    lower = Authority("Example Lower CA", intermediate)
    sent = case(lower.issue(HOST), root, intermediate, Authority("Stranger"), lower, lower)
    for profile in EVERYBODY:
        assert accepts(sent, profile, MintedStore(root)).accepts


def cross_signed() -> tuple[Authority, Authority, Minted, Authority, Minted]:
    """Old root, new root, the new one cross-signed by the old one, an intermediate of the new one, a leaf."""
    old = Authority("Old Root")
    new = Authority("New Root")
    cross = Authority("New Root", old, key=new.key)
    intermediate = Authority("Example Issuing CA", new)
    return old, new, cross, intermediate, intermediate.issue(HOST)


def test_the_cross_signed_root_serves_old_and_new_stores() -> None:
    old, new, cross, intermediate, leaf = cross_signed()
    long, short = case(leaf, intermediate, cross, known=[new]), case(leaf, intermediate, known=[new])
    for profile in EVERYBODY:
        assert accepts(long, profile, MintedStore(old)).anchor == "Old Root"
        assert accepts(long, profile, MintedStore(new)).anchor == "New Root"
        assert accepts(short, profile, MintedStore(old)).reason is ClientReason.ROOT_NOT_IN_STORE


def test_a_re_issued_root_is_the_same_anchor() -> None:
    """GTS Root R1: another certificate, the same name and key."""
    root, intermediate, leaf = chain()
    reissued = Authority("Example Root", key=root.key)
    assert accepts(case(leaf, intermediate, reissued), ANDROID, MintedStore(root)).accepts


def test_goes_back_from_an_expired_path_to_a_valid_one() -> None:
    root, intermediate, leaf = chain()
    expired = Authority("Example Issuing CA", root, key=intermediate.key, **PAST)  # type: ignore[arg-type]  # two dates
    for profile in EVERYBODY:
        assert accepts(case(leaf, expired, intermediate), profile, MintedStore(root)).accepts
    verdict = accepts(case(leaf, expired), ANDROID, MintedStore(root))
    assert (told(verdict), verdict.detail) == ((False, "expired"), "Example Issuing CA expired")


def test_an_expired_anchor_stops_openssl_and_ios_alone() -> None:
    root = Authority("Example Root", **PAST)  # type: ignore[arg-type]  # two dates
    intermediate = Authority("Example Issuing CA", root)
    sent = case(intermediate.issue(HOST), intermediate)
    got = {profile.client: told(accepts(sent, profile, MintedStore(root)))[1] for profile in EVERYBODY}
    assert got == {"android 12": None, "openjdk 17": None, "chrome": None, "ios 17": "expired", "openssl 3": "expired"}


def test_the_leaf_itself_as_an_anchor() -> None:
    leaf = Authority("Example Root").issue(HOST)
    again = Authority("Another Root").issue(HOST, key=leaf.key)
    for profile in EVERYBODY:
        assert accepts(case(leaf), profile, MintedStore(leaf)).accepts
    # Another certificate with the same name and key: the same anchor to Android, a stranger to Java.
    assert accepts(case(again), ANDROID, MintedStore(leaf)).accepts
    assert accepts(case(again), JAVA, MintedStore(leaf)).accepts is False


@pytest.mark.parametrize(
    ("name", "accepted"), [("android 4.4", True), ("android 8.1", True), ("android 9", False), ("ios 13", False)]
)
def test_common_name_alone(name: str, accepted: bool) -> None:
    root, intermediate, _ = chain()
    leaf = intermediate.issue(HOST, dns=None)
    verdict = accepts(case(leaf, intermediate), client(name), MintedStore(root))
    assert told(verdict) == ((True, None) if accepted else (False, "name"))


def test_an_address_is_never_compared_with_the_common_name() -> None:
    root, intermediate, _ = chain()
    leaf = intermediate.issue("192.0.2.1", dns=None)
    for profile in (client("android 4.4"), JAVA, OPENSSL):
        assert told(accepts(case(leaf, intermediate, name="192.0.2.1"), profile, MintedStore(root))) == (False, "name")
    right = intermediate.issue("192.0.2.1", dns=None, ip=["192.0.2.1"])
    assert accepts(case(right, intermediate, name="192.0.2.1"), JAVA, MintedStore(root)).accepts


def test_another_host() -> None:
    root, intermediate, leaf = chain()
    verdict = accepts(case(leaf, intermediate, name="mux.example.com"), ANDROID, MintedStore(root))
    assert (told(verdict), verdict.detail) == ((False, "name"), "the certificate is not for mux.example.com")
    assert accepts(case(leaf, intermediate, name=None), ANDROID, MintedStore(root)).accepts


def rsa_chain(**leaf_knobs: object) -> tuple[Authority, Minted]:
    root = Authority("Example Root", key_kind="rsa2048")
    return root, root.issue(HOST, **leaf_knobs)  # type: ignore[arg-type]  # knobs of minting, each in its test


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("android 8.1", (True, None)),
        ("android 9", (None, "unknown-signature-policy")),
        ("android 10", (False, "weak-signature")),
        ("ios 12", (False, "weak-signature")),
        ("openjdk 17", (False, "weak-signature")),
        ("openssl 1.0.2", (True, None)),
        ("openssl 3", (False, "weak-signature")),
        ("firefox", (False, "weak-signature")),
    ],
)
def test_sha1(name: str, expected: tuple[bool | None, str | None]) -> None:
    root, leaf = rsa_chain(old_hash="sha1", key_kind="rsa2048")
    assert told(accepts(case(leaf), client(name), MintedStore(root))) == expected


def test_sha1_under_a_private_root_is_trusted_by_java() -> None:
    root, leaf = rsa_chain(old_hash="sha1", key_kind="rsa2048")
    verdict = accepts(case(leaf, private=[root]), JAVA, MintedStore())
    assert (told(verdict), verdict.detail) == ((True, None), "if the private root Example Root is installed")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("android 12", True), ("openjdk 17", True), ("ios 12", False), ("safari", False), ("openssl 1.0.2", True)],
)
def test_rsa_1024(name: str, expected: bool) -> None:
    root, leaf = rsa_chain(key_kind="rsa1024")
    verdict = accepts(case(leaf), client(name), MintedStore(root))
    assert told(verdict) == ((True, None) if expected else (False, "weak-key"))


@pytest.mark.parametrize(
    ("days", "issued", "rejecting"),
    [
        (397, datetime(2026, 1, 1, tzinfo=UTC), set()),
        (400, datetime(2026, 1, 1, tzinfo=UTC), {"ios 14", "ios 26", "safari", "chrome"}),
        (800, datetime(2020, 8, 1, tzinfo=UTC), set()),
        (900, datetime(2026, 1, 1, tzinfo=UTC), {"ios 13", "ios 14", "ios 26", "safari", "chrome"}),
        (9000, datetime(2018, 1, 1, tzinfo=UTC), set()),
    ],
)
def test_validity_limits(days: int, issued: datetime, rejecting: set[str]) -> None:
    root = Authority("Example Root", not_before=datetime(2015, 1, 1, tzinfo=UTC), not_after=NOW + timedelta(days=9000))
    leaf = root.issue(HOST, not_before=issued, not_after=issued + timedelta(days=days))
    at_that_time = case(leaf)
    moment = issued + timedelta(days=1)
    for name in ("ios 12", "ios 13", "ios 14", "ios 26", "safari", "chrome", "firefox", "android 17", "openjdk 17"):
        made = type(at_that_time)(sent=at_that_time.sent, name=HOST, at=moment, known=MintedStore())
        verdict = accepts(made, client(name), MintedStore(root))
        assert told(verdict) == ((False, "validity-too-long") if name in rejecting else (True, None)), name


def test_a_purpose_must_be_said_from_ios_13() -> None:
    root = Authority("Example Root")
    leaf = root.issue(HOST, purposes=None)
    assert accepts(case(leaf), client("ios 12"), MintedStore(root)).accepts
    assert told(accepts(case(leaf), client("ios 13"), MintedStore(root))) == (False, "chain-invalid")
    assert accepts(case(leaf), ANDROID, MintedStore(root)).accepts


def test_who_may_not_issue() -> None:
    root = Authority("Example Root")
    no_ca = Authority("Example Issuing CA", root, ca=False)
    for profile in EVERYBODY:
        assert told(accepts(case(no_ca.issue(HOST), no_ca), profile, MintedStore(root))) == (False, "chain-invalid")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("android 2.3", (False, "root-not-in-store")),
        ("android 4.4", (True, None)),
        ("android 6.0", (True, None)),
        ("android 7.0", (None, "unknown-user-root")),
        ("android 17", (None, "unknown-user-root")),
        ("ios 15", (True, None)),
        ("openjdk 11", (True, None)),
        ("ibm-java 8.5", (True, None)),
    ],
)
def test_a_private_root(name: str, expected: tuple[bool | None, str | None]) -> None:
    root, intermediate, leaf = chain()
    verdict = accepts(case(leaf, intermediate, private=[root]), client(name), MintedStore())
    assert told(verdict) == expected
    assert "Example Root" in verdict.detail


def test_a_store_that_is_not_known_leaves_the_rest_to_be_judged() -> None:
    root, intermediate, leaf = chain()
    java_8 = client("java 8")
    assert told(accepts(case(leaf, intermediate, known=[root]), java_8, None)) == (None, "unknown-store")
    assert told(accepts(case(leaf, known=[root]), java_8, None)) == (False, "missing-intermediate")
    elsewhere = case(leaf, intermediate, name="other.example.com", known=[root])
    assert told(accepts(elsewhere, java_8, None)) == (False, "name")


def test_garbage_is_rejected_not_raised() -> None:
    made = case(chain()[2])
    broken = parse_certificate(b"\x30\x03\x02\x01\x00")
    for sent in ((), (broken,)):
        hostile = type(made)(sent=sent, name=HOST, at=NOW, known=MintedStore())
        assert told(accepts(hostile, ANDROID, MintedStore())) == (False, "chain-invalid")


def test_a_maze_of_cross_signed_cas_ends() -> None:
    cas = [Authority(f"CA {number}") for number in range(12)]
    maze = [
        Authority(one.certificate.subject.rfc4514_string()[3:], other) for one in cas for other in cas if one != other
    ]
    webs = [cert(Authority(f"CA {a}", cas[b], key=cas[a].key)) for a in range(12) for b in range(12) if a != b]
    found = search(cert(cas[0].issue(HOST)), [*webs, *map(cert, maze)], MintedStore(), AnchorMatch.CERTIFICATE)
    assert found.paths == ()
    assert found.ends
