"""The matrix: handshakes, chains and stores together, collapsed into ranges of versions."""

from __future__ import annotations

import base64

import pytest
from tests.minting import Authority
from tests.unit.clients.minted_store import HOST, MintedStore, case, cert, chain, client

from stdiag.clients.handshake import ServerEvidence, Shaken
from stdiag.clients.hello import hellos, without_name
from stdiag.clients.matrix import StoreOf, joined, matrix, rows, sentences, who
from stdiag.clients.profile import Profile
from stdiag.clients.registry import all_profiles, parse_clients
from stdiag.clients.stores import AnchorSource, public_store
from stdiag.clients.table import table
from stdiag.clients.verdict import ClientVerdict
from stdiag.model import FaultReason

ROOT, INTERMEDIATE, LEAF = chain()
SENT = (cert(LEAF), cert(INTERMEDIATE))
OLD, TODAY = client("android 4.4"), client("android 12")
ALL_VERSIONS = frozenset({"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"})
NEW_VERSIONS = frozenset({"TLSv1.2", "TLSv1.3"})


def with_root(_: Profile) -> AnchorSource:
    return MintedStore(ROOT)


def answering(*profiles: Profile, versions: frozenset[str] = ALL_VERSIONS, **refused: Shaken) -> ServerEvidence:
    """A server that completes every hello of `profiles`; `refused` by a client's name, with _ for blank and dot."""
    by_hello = {hello.label: Shaken(completed=True, chain=SENT) for profile in profiles for hello in hellos(profile)}
    for name, answer in refused.items():
        for profile in all_profiles():
            if profile.client.replace(" ", "_").replace(".", "_") == name:
                by_hello |= {hello.label: answer for hello in hellos(profile)}
    return ServerEvidence(by_hello=by_hello, versions_accepted=versions)


def only(verdicts: list[ClientVerdict]) -> tuple[bool | None, str | None]:
    (one,) = verdicts
    return one.accepts, one.reason.value if one.reason else None


def alert(name: str) -> Shaken:
    return Shaken(completed=False, fault=FaultReason.TLS_ALERT, alert=name)


@pytest.mark.parametrize(
    ("client_name", "answer", "versions", "expected"),
    [
        ("android 4.4", alert("protocol_version"), NEW_VERSIONS, (False, "no-common-tls-version")),
        ("android 4.4", alert("handshake_failure"), NEW_VERSIONS, (False, "no-common-tls-version")),
        ("android 4.4", alert("handshake_failure"), ALL_VERSIONS, (None, "unknown-cipher")),
        ("android 12", alert("handshake_failure"), ALL_VERSIONS, (False, "no-common-cipher")),
        ("android 12", Shaken(completed=False, fault=FaultReason.RESET), ALL_VERSIONS, (False, "no-common-cipher")),
        ("android 12", Shaken(completed=False, fault=FaultReason.SILENT), ALL_VERSIONS, (None, "unknown-no-answer")),
        ("android 12", Shaken(completed=False, fault=FaultReason.TLS_LOCAL), ALL_VERSIONS, (None, "unknown-handshake")),
        ("android 12", Shaken(completed=False, fault=FaultReason.LOCAL), ALL_VERSIONS, (None, "unknown-not-reached")),
        ("android 12", alert("unrecognized_name"), ALL_VERSIONS, (False, "name")),
        ("android 12", alert("certificate_required"), ALL_VERSIONS, (None, "unknown-client-certificate")),
        ("android 15", alert("protocol_version"), frozenset({"TLSv1"}), (None, "unknown-tls-version")),
        ("android 16", alert("protocol_version"), frozenset({"TLSv1"}), (False, "no-common-tls-version")),
        ("ios 17", alert("protocol_version"), frozenset({"TLSv1"}), (None, "unknown-tls-version")),
        # What the server chose was older than all that OpenSSL can offer: SSLv3.
        ("android 4.4", Shaken(completed=False, fault=FaultReason.TLS_LOCAL), frozenset(), (None, "unknown-handshake")),
        ("android 4.4", Shaken(completed=False, fault=FaultReason.CLOSED), frozenset(), (None, "unknown-handshake")),
    ],
)
def test_handshakes_that_fail(
    client_name: str, answer: Shaken, versions: frozenset[str], expected: tuple[bool | None, str | None]
) -> None:
    profile = client(client_name)
    server = answering(versions=versions, **{client_name.replace(" ", "_").replace(".", "_"): answer})
    assert only(matrix([profile], case(LEAF, INTERMEDIATE), with_root, server)) == expected


def test_without_any_handshake_nothing_is_known() -> None:
    server = ServerEvidence(by_hello={})
    assert only(matrix([TODAY], case(LEAF, INTERMEDIATE), with_root, server)) == (None, "unknown-not-reached")


def test_one_of_two_hellos_is_enough() -> None:
    small, other = hellos(TODAY)
    server = ServerEvidence(
        by_hello={small.label: alert("handshake_failure"), other.label: Shaken(completed=True, chain=SENT)},
        versions_accepted=NEW_VERSIONS,
    )
    assert only(matrix([TODAY], case(LEAF, INTERMEDIATE), with_root, server)) == (True, None)


def test_each_client_is_judged_by_the_chain_that_it_is_sent() -> None:
    """An RSA chain for old clients, another one for new ones: with the intermediate missing in one of them."""
    server = answering(OLD, TODAY)
    server.by_hello[hellos(OLD)[0].label] = Shaken(completed=True, chain=(cert(LEAF),))
    old, today = matrix([OLD, TODAY], case(LEAF, INTERMEDIATE), with_root, server)
    assert only([old]) == (False, "missing-intermediate")
    assert only([today]) == (True, None)


def test_whether_the_oldest_names_the_host_matters_only_where_it_makes_a_difference() -> None:
    oldest = client("android 2.3")
    server = answering(oldest)
    nameless = without_name(hellos(oldest)[0]).label
    server.by_hello[nameless] = Shaken(completed=True, chain=SENT)
    assert only(matrix([oldest], case(LEAF, INTERMEDIATE), with_root, server)) == (True, None)
    other = (cert(INTERMEDIATE.issue("default.example.com")), SENT[1])
    for answer in (Shaken(completed=True, chain=other), alert("handshake_failure")):
        server.by_hello[nameless] = answer
        assert only(matrix([oldest], case(LEAF, INTERMEDIATE), with_root, server)) == (None, "needs-sni")


def test_the_worse_of_two_addresses_counts() -> None:
    good, bad = (matrix([TODAY], case(LEAF, *sent), with_root)[0] for sent in ((INTERMEDIATE,), ()))
    assert joined(good, bad) is bad
    assert joined(bad, good) is bad
    assert joined(good, good) is good


R46, USERTRUST = "Sectigo Public Server Authentication Root R46", "USERTrust RSA Certification Authority"

# Ranges, with the real stores: real keys sign nothing here, so an anchor's row is looked up and its root is minted.


def knowing(sha256_prefix: str) -> tuple[Authority, StoreOf]:
    """A minted root, and stores that hold it exactly where the real one of this fingerprint is held."""
    (row,) = [row for row in table().anchors if row.sha256.startswith(sha256_prefix)]
    root = Authority(row.name)

    def store_of(profile: Profile) -> AnchorSource | None:
        store = public_store(profile, ())
        held = store is not None and row.sha256 in getattr(store, "sha256", ())
        return None if store is None else MintedStore(*([root] if held else []))

    return root, store_of


@pytest.mark.parametrize(
    ("prefix", "says"),
    [
        (
            "96bcec06",
            "Android 2.3–7.0 reject (root ISRG Root X1 not in their store), 7.1.1 and later accept",
        ),
        ("69729b8e", "Android 2.3–13 reject (root ISRG Root X2 not in their store), 14 and later accept"),
        ("cb3ccbb7", "Android 2.3–4.4 reject (root DigiCert Global Root G2 not in their store), 5.0 and later accept"),
        ("4348a0e9", "Android 2.3 and later accept"),
        (
            "7bb647a6",
            f"Android 2.3–14 reject (root {R46} not in their store), 15 and later accept",
        ),
        (
            "e793c9b0",
            f"Android 2.3–5.0 reject (root {USERTRUST} not in their store), 5.1 and later accept",
        ),
        ("d7a7a0fb", "Android 2.3–15 accept, 16 and later reject (root AAA Certificate Services not in their store)"),
        ("ebd41040", "Android 2.3–15 accept, 16 and later reject (root GlobalSign Root CA not in their store)"),
        ("4fa3126d", "Android 2.3–13 reject (root GlobalSign Root R46 not in their store), 14 and later accept"),
        (
            "43df5774",
            "Android 2.3–16 accept, 17 rejects (root Entrust Root Certification Authority - G2 not in their store)",
        ),
    ],
)
def test_boundaries_of_the_stores(prefix: str, says: str) -> None:
    root, store_of = knowing(prefix)
    leaf = root.issue(HOST)
    verdicts = matrix(parse_clients(["android"]), case(leaf, known=[root]), store_of)
    assert sentences(verdicts) == [says]


@pytest.mark.parametrize(
    ("names", "boundary"),
    [(("2a575471", "d947432a"), "10"), (("71cca539", "349dfa40"), "10"), (("2cabeafe",), "10"), (("31ad6648",), "5.0")],
)
def test_a_key_counts_whatever_certificate_it_is_in(names: tuple[str, ...], boundary: str) -> None:
    """GTS Root R1 and R4: the issue of 2016 in Android 10 to 13, a newer one since; the same name and key."""
    rows_of_key = [row for row in table().anchors if row.sha256.startswith(names)]
    assert len({(row.subject, row.spki) for row in rows_of_key}) == 1
    subject, spki = base64.b64decode(rows_of_key[0].subject), base64.b64decode(rows_of_key[0].spki)
    holding = []
    for profile in parse_clients(["android"]):
        store = public_store(profile, ())
        assert store is not None
        holding.append(any(anchor.spki_der == spki for anchor in store.anchors_named(subject)))
    versions = [profile.version_text for profile in parse_clients(["android"])]
    first = versions.index(boundary)
    assert holding == [False] * first + [True] * (len(versions) - first)


def test_neighbours_are_joined_and_others_are_not() -> None:
    root, store_of = knowing("96bcec06")
    verdicts = matrix(parse_clients(["android>=6", "chrome"]), case(root.issue(HOST), known=[root]), store_of)
    assert [(row.who, row.accepts) for row in rows(verdicts)] == [
        ("Android 6.0–7.0", False),
        ("Android 7.1.1–13", True),
        ("Android 14 and later", True),  # a doubt of their own: roots that come with updates
        ("Chrome, Edge", None),
    ]
    assert who([one for one in verdicts if one.accepts]) == "Android 7.1.1 and later"
    assert who([verdicts[0], verdicts[2], verdicts[3]]) == "Android 6.0, 7.1.1–8"
    assert who([]) == ""
