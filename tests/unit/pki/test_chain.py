"""Chains as they are sent, one situation a row: what must come out of each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.minting import NOW, Authority, Minted, mint, new_key

from stdiag.pki.certificate import Certificate, parse_certificate
from stdiag.pki.chain import ChainExamination, ChainProblemKind, examine
from stdiag.pki.trust import TrustStore
from stdiag.pki.verify import verify_chain

ROOT = Authority("Example Root")
POLICY = Authority("Example Policy CA", ROOT)
ISSUING = Authority("Example Issuing CA R46", POLICY)
LEAF = ISSUING.issue("chat.example.com")
DIRECT = ROOT.issue("direct.example.com")
SIBLING = Authority("Example Issuing CA R6", POLICY)
RENEWED = Authority("Example Issuing CA R46", POLICY)
STRANGER_ROOT = Authority("Stranger Root", organization="Stranger")
STRANGER = Authority("Stranger CA", STRANGER_ROOT, organization="Stranger")
EXPIRED = Authority(
    "Example Issuing CA R46", POLICY, key=ISSUING.key, not_before=NOW - timedelta(900), not_after=NOW - timedelta(1)
)
SELF_SIGNED = mint("chat.example.com", dns=("chat.example.com",))


def cert(minted: Minted) -> Certificate:
    return parse_certificate(minted.der)


def certs(*minted: Minted) -> tuple[Certificate, ...]:
    return tuple(map(cert, minted))


def store(*minted: Minted, name: str = "ca-files") -> TrustStore:
    return TrustStore(name, "minted", "", [m.der for m in minted])


def examined(*sent: Minted, fetched: tuple[Minted, ...] = (), trust: tuple[Minted, ...] = ()) -> ChainExamination:
    return examine(certs(*sent), fetched=certs(*fetched), stores=[store(*trust)], at=NOW)


FULL = (LEAF, ISSUING, POLICY)

Row = tuple[tuple[Minted, ...], tuple[Minted, ...], tuple[Minted, ...], dict[str, object]]
# What was sent, what was fetched, which roots a store holds, and what is expected.
GRID: dict[str, Row] = {
    "complete, root in a store": (FULL, (), (ROOT,), {"complete": True, "path": FULL, "root": ROOT}),
    "complete, root nowhere": (FULL, (), (), {"complete": None, "path": FULL, "root": None, "repaired": FULL}),
    "complete, root fetched": (FULL, (ROOT,), (), {"complete": True, "root": ROOT, "recoverable": True}),
    "root sent": ((*FULL, ROOT), (), (), {"complete": True, "roots_sent": (3,), "unrelated": (), "root": ROOT}),
    "root sent and in a store": ((*FULL, ROOT), (), (ROOT,), {"complete": True, "path": (*FULL, ROOT)}),
    "leaf only": (
        (LEAF,),
        (),
        (ROOT,),
        {"complete": False, "missing_issuer": "CN=Example Issuing CA R46,O=Example", "repaired": (), "path": (LEAF,)},
    ),
    "leaf only, one step fetched": (
        (LEAF,),
        (ISSUING,),
        (ROOT,),
        {"complete": False, "missing": (ISSUING,), "repaired": (LEAF, ISSUING), "recoverable": False, "root": None},
    ),
    "leaf only, all fetched": (
        (LEAF,),
        (ISSUING, POLICY, ROOT),
        (),
        {"complete": False, "missing": (ISSUING, POLICY), "repaired": FULL, "recoverable": True, "root": ROOT},
    ),
    "leaf only, fetched up to a store's root": (
        (LEAF,),
        (POLICY, ISSUING),
        (ROOT,),
        {"complete": False, "missing": (ISSUING, POLICY), "repaired": FULL, "recoverable": True, "root": ROOT},
    ),
    "top missing, not known": ((LEAF, ISSUING), (), (), {"complete": None, "missing_issuer": None}),
    "top missing, fetched": (
        (LEAF, ISSUING),
        (POLICY,),
        (ROOT,),
        {
            "complete": False,
            "missing_issuer": "CN=Example Policy CA,O=Example",
            "missing": (POLICY,),
            "repaired": FULL,
            "recoverable": True,
        },
    ),
    "middle missing": (
        (LEAF, POLICY),
        (ISSUING,),
        (ROOT,),
        {"complete": False, "missing": (ISSUING,), "unrelated": (), "lookalikes": (), "recoverable": True},
    ),
    "leaf and root, the middle fetched": (
        (LEAF, ROOT),
        (ISSUING, POLICY),
        (),
        {"complete": False, "lookalikes": (), "unrelated": (), "roots_sent": (1,), "repaired": FULL},
    ),
    "wrong sibling": (
        (LEAF, SIBLING),
        (),
        (ROOT,),
        {
            "complete": False,
            "unrelated": (1,),
            "lookalikes": (1,),
            "missing_issuer": "CN=Example Issuing CA R46,O=Example",
        },
    ),
    "wrong sibling, right one fetched": (
        (LEAF, SIBLING, POLICY),
        (ISSUING,),
        (ROOT,),
        {"complete": False, "unrelated": (1,), "lookalikes": (1,), "missing": (ISSUING,), "recoverable": True},
    ),
    "same name, other key": (
        (LEAF, RENEWED, POLICY),
        (),
        (ROOT,),
        {"complete": False, "path": (LEAF,), "unrelated": (1, 2), "lookalikes": (1,), "problems": ()},
    ),
    "same name, other key, and the right one": (
        (LEAF, RENEWED, ISSUING, POLICY),
        (),
        (ROOT,),
        {"complete": True, "path": FULL, "unrelated": (1,), "lookalikes": (), "in_order": True},
    ),
    "intermediates reversed": (
        (LEAF, POLICY, ISSUING),
        (),
        (ROOT,),
        {"complete": True, "in_order": False, "path": FULL, "repaired": FULL, "recoverable": True},
    ),
    "a file in reverse": (
        (ROOT, POLICY, ISSUING, LEAF),
        (),
        (),
        {"leaf": LEAF, "complete": True, "in_order": False, "path": (*FULL, ROOT), "repaired": FULL},
    ),
    "duplicates": (
        (LEAF, ISSUING, LEAF, ISSUING, POLICY),
        (),
        (ROOT,),
        {"complete": True, "duplicates": (2, 3), "path": FULL, "in_order": True, "unrelated": ()},
    ),
    "unrelated extras": (
        (LEAF, STRANGER, ISSUING, POLICY, STRANGER_ROOT),
        (),
        (ROOT,),
        {"complete": True, "unrelated": (1, 4), "roots_sent": (4,), "in_order": True, "lookalikes": ()},
    ),
    "expired intermediate alone": (
        (LEAF, EXPIRED, POLICY),
        (),
        (ROOT,),
        {"complete": True, "path": (LEAF, EXPIRED, POLICY), "recoverable": False},
    ),
    "expired intermediate beside the good one": (
        (LEAF, EXPIRED, ISSUING, POLICY),
        (),
        (ROOT,),
        {"complete": True, "path": FULL, "unrelated": (), "recoverable": True, "repaired": FULL},
    ),
    "expired intermediate, good one fetched": (
        (LEAF, EXPIRED, POLICY),
        (ISSUING,),
        (ROOT,),
        {
            "complete": True,
            "path": (LEAF, EXPIRED, POLICY),
            "repaired": FULL,
            "missing": (ISSUING,),
            "recoverable": True,
        },
    ),
    "self-signed leaf": (
        (SELF_SIGNED,),
        (),
        (),
        {"self_signed_leaf": True, "complete": True, "root": SELF_SIGNED, "roots_sent": (), "repaired": (SELF_SIGNED,)},
    ),
    "leaf under a private root, root in a store": (
        (DIRECT,),
        (),
        (ROOT,),
        {"complete": True, "repaired": (DIRECT,), "recoverable": True, "root": ROOT},
    ),
    "leaf under a private root, root fetched": (
        (DIRECT,),
        (ROOT,),
        (),
        {"complete": True, "repaired": (DIRECT,), "missing": (), "recoverable": True, "root": ROOT},
    ),
    "leaf under a private root, nothing known": ((DIRECT,), (), (), {"complete": False, "repaired": ()}),
    "an intermediate in a store is no root": (
        (LEAF,),
        (),
        (ISSUING,),
        {"complete": False, "missing_issuer": "CN=Example Issuing CA R46,O=Example"},
    ),
    "an intermediate in a store tells that the top's issuer is none": (
        (LEAF, ISSUING),
        (),
        (POLICY,),
        {"complete": False},
    ),
}


@pytest.mark.parametrize("situation", GRID)
def test_situation(situation: str) -> None:
    sent, fetched, trust, expected = GRID[situation]

    found = examined(*sent, fetched=fetched, trust=trust)

    assert {name: getattr(found, name) for name in expected} == {n: _as_certs(v) for n, v in expected.items()}
    assert found.top == found.path[-1]
    if found.complete is not False:
        assert found.missing_issuer is None


def _as_certs(value: object) -> object:
    if isinstance(value, Minted):
        return cert(value)
    if isinstance(value, tuple):
        return tuple(_as_certs(v) for v in value)
    return value


def test_nothing_sent() -> None:
    found = examine([], at=NOW)

    assert found.leaf is None
    assert found.complete is None
    assert found.path == ()


def test_unreadable_leaf() -> None:
    found = examine([parse_certificate(b"0\x03abc"), cert(ISSUING)], at=NOW)

    assert found.leaf is None
    assert [(p.kind, p.index) for p in found.problems] == [(ChainProblemKind.UNREADABLE, 0)]


def test_unreadable_extra_does_not_spoil_the_rest() -> None:
    found = examine([cert(LEAF), parse_certificate(b"junk"), *certs(ISSUING, POLICY)], stores=[store(ROOT)], at=NOW)

    assert found.complete is True
    assert found.in_order
    assert [(p.kind, p.index) for p in found.problems] == [(ChainProblemKind.UNREADABLE, 1)]


class TestCrossSigning:
    """Two roots that signed each other."""

    old = Authority("Old Root")
    new = Authority("New Root")
    new_by_old = Authority("New Root", old, key=new.key)
    old_by_new = Authority("Old Root", new, key=old.key)
    issuing = Authority("Issuing", new)
    leaf = issuing.issue("chat.example.com")

    @pytest.mark.parametrize("trusted", ["old", "new"])
    def test_either_root_completes_it(self, trusted: str) -> None:
        found = examined(self.leaf, self.issuing, self.new_by_old, trust=(getattr(self, trusted),))

        assert found.complete is True
        # Clients that know the old root alone need the cross-signed one: it stays.
        assert found.repaired == certs(self.leaf, self.issuing, self.new_by_old)
        assert found.unrelated == ()
        assert found.recoverable

    def test_old_root_needs_the_cross_signed_one(self) -> None:
        assert examined(self.leaf, self.issuing, trust=(self.old,)).complete is None
        repaired = examined(self.leaf, self.issuing, trust=(self.old,), fetched=(self.new_by_old,))
        assert repaired.complete is False
        assert repaired.missing == (cert(self.new_by_old),)
        assert repaired.recoverable

    def test_loop_ends(self) -> None:
        found = examined(self.leaf, self.issuing, self.new_by_old, self.old_by_new)

        assert found.path == certs(self.leaf, self.issuing, self.new_by_old, self.old_by_new)
        assert found.complete is None
        assert not found.cut_off

    def test_loop_with_a_known_root(self) -> None:
        found = examined(self.leaf, self.issuing, self.new_by_old, self.old_by_new, trust=(self.new,))

        assert found.complete is True
        assert found.recoverable

    def test_expired_cross_sign_is_avoided(self) -> None:
        expired = Authority("New Root", self.old, key=self.new.key, not_after=NOW - timedelta(days=1))

        found = examined(self.leaf, self.issuing, expired, trust=(self.new, self.old))

        assert found.path == certs(self.leaf, self.issuing)
        assert found.repaired == certs(self.leaf, self.issuing)
        assert found.recoverable
        assert found.unrelated == ()


def kinds(found: ChainExamination) -> set[tuple[ChainProblemKind, int | None]]:
    return {(problem.kind, problem.index) for problem in found.problems}


def test_damaged_signature() -> None:
    der = bytearray(LEAF.der)
    der[-1] ^= 1
    found = examine([parse_certificate(bytes(der)), *certs(ISSUING, POLICY)], stores=[store(ROOT)], at=NOW)

    assert kinds(found) == {(ChainProblemKind.INVALID_SIGNATURE, 0)}
    # Nothing is missing: the issuer was sent.
    assert found.complete is None
    assert not found.recoverable


def test_path_length() -> None:
    tight = Authority("Tight", ROOT, path_length=0)
    below = Authority("Below", tight)
    found = examined(below.issue("a.example.com"), below, tight, trust=(ROOT,))

    assert kinds(found) == {(ChainProblemKind.PATH_TOO_LONG, 2)}
    assert found.complete is True
    assert not found.recoverable
    assert found.repair_verification is not None
    assert found.repair_verification.code == 25


def test_self_issued_certificates_do_not_count_for_the_path_length() -> None:
    tight = Authority("Tight", ROOT, path_length=0)
    rolled = Authority("Tight", tight)  # the same name, the next key
    found = examined(rolled.issue("a.example.com"), rolled, tight, trust=(ROOT,))

    assert found.problems == ()
    assert found.recoverable


@pytest.mark.parametrize("ca", [False, None])
def test_not_a_ca(ca: bool | None) -> None:
    issuer = Authority("Web Server", ROOT, ca=ca, key_usage=None)
    found = examined(issuer.issue("a.example.com"), issuer, trust=(ROOT,))

    assert (ChainProblemKind.NOT_A_CA, 1) in kinds(found)
    assert len(found.path) == 2
    assert not found.recoverable


def test_key_usage_of_an_issuer() -> None:
    issuer = Authority("No Signing", ROOT, key_usage=("digital_signature",))
    found = examined(issuer.issue("a.example.com"), issuer, trust=(ROOT,))

    assert kinds(found) == {(ChainProblemKind.KEY_USAGE, 1)}


def test_key_usage_of_a_leaf() -> None:
    found = examined(ISSUING.issue("a.example.com", key_usage=("crl_sign",)), ISSUING, POLICY, trust=(ROOT,))

    assert kinds(found) == {(ChainProblemKind.KEY_USAGE, 0)}


def test_extended_key_usage() -> None:
    from cryptography.x509.oid import ExtendedKeyUsageOID

    client = (ExtendedKeyUsageOID.CLIENT_AUTH,)
    mail = Authority("Mail CA", ROOT, purposes=(ExtendedKeyUsageOID.EMAIL_PROTECTION,))
    found = examined(mail.issue("a.example.com", purposes=client), mail, trust=(ROOT,))

    assert kinds(found) == {(ChainProblemKind.EXTENDED_KEY_USAGE, 0), (ChainProblemKind.EXTENDED_KEY_USAGE, 1)}
    anything = ROOT.issue("a.example.com", purposes=(ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,))
    assert examined(anything, trust=(ROOT,)).problems == ()


def test_key_identifier_of_another_key() -> None:
    from cryptography import x509

    strange = x509.AuthorityKeyIdentifier(b"another", None, None)
    leaf = mint("a.example.com", ROOT, identifiers=False, extra=((strange, False),))
    found = examined(leaf, trust=(ROOT,))

    assert found.complete is True
    assert found.problems == ()  # the root was not sent: nobody but OpenSSL looks
    assert kinds(examined(leaf, ROOT)) == {(ChainProblemKind.KEY_IDENTIFIER, 0)}


def test_unknown_critical_extension() -> None:
    from cryptography import x509

    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
    found = examined(ISSUING.issue("a.example.com", extra=((odd, True),)), ISSUING, POLICY, trust=(ROOT,))

    assert kinds(found) == {(ChainProblemKind.UNKNOWN_CRITICAL, 0)}
    assert "1.3.6.1.4.1.99999.1" in found.problems[0].detail
    assert found.repair_verification is not None
    assert found.repair_verification.code == 34


@pytest.mark.parametrize("kind", ["rsa2048", "rsa1024", "ed25519", "ec192"])
def test_kinds_of_keys(kind: str) -> None:
    root = Authority("Root", key_kind=kind)
    issuing = Authority("Issuing", root, key_kind=kind)
    leaf = issuing.issue("a.example.com", key_kind=kind)

    found = examined(leaf, issuing, trust=(root,))

    assert found.path == certs(leaf, issuing)
    assert found.complete is True
    assert found.recoverable
    assert found.problems == ()


@pytest.mark.parametrize("old_hash", ["sha1", "md5"])
def test_old_signatures_are_still_signatures(old_hash: str) -> None:
    root = Authority("Root", key_kind="rsa2048", old_hash=old_hash)
    issuing = Authority("Issuing", root, key_kind="rsa2048", old_hash=old_hash)
    leaf = issuing.issue("a.example.com", old_hash=old_hash)

    found = examined(leaf, issuing, trust=(root,))

    assert found.path == certs(leaf, issuing)
    assert found.complete is True
    assert found.recoverable
    assert found.problems == ()


def test_expired_leaf_does_not_hinder_the_repair() -> None:
    leaf = ISSUING.issue("a.example.com", not_after=NOW - timedelta(days=1))

    assert examined(leaf, fetched=(ISSUING, POLICY, ROOT)).recoverable


def test_expired_fetched_intermediate_is_no_repair() -> None:
    found = examined(LEAF, fetched=(EXPIRED, POLICY, ROOT))

    assert found.repaired == certs(LEAF, EXPIRED, POLICY)
    assert not found.recoverable


def test_what_is_fetched_but_did_not_sign_repairs_nothing() -> None:
    found = examined(LEAF, fetched=(RENEWED, SIBLING, POLICY, ROOT))

    assert found.repaired == ()
    assert found.missing == ()
    assert not found.recoverable


def test_root_instead_of_an_intermediate_is_no_lookalike() -> None:
    root = Authority("Example Issuing CA R3")

    assert examined(LEAF, root, trust=(ROOT,)).lookalikes == ()


def test_hundred_certificates_of_one_name_and_many_keys_are_bounded() -> None:
    """Each signed by the next: a hostile server's way to make a client search for ever."""
    key = new_key("ec")
    crowd: list[Minted] = [Authority("Crowd", key=key)]
    for _ in range(99):
        crowd.append(Authority("Crowd", crowd[-1], identifiers=False))
    leaf = mint("a.example.com", crowd[-1], identifiers=False)

    found = examined(leaf, *crowd[:0:-1])

    assert found.leaf == cert(leaf)
    assert found.cut_off
    assert found.complete is not False


def test_wide_graph_is_bounded() -> None:
    """Layers of five interchangeable issuers: 5^8 ways."""
    keys = [new_key("ec") for _ in range(8)]
    layers = [[Authority("L0", key=keys[0])]]
    for level in range(1, 8):
        above = layers[-1][0]
        layers.append([Authority(f"L{level}", above, key=keys[level]) for _ in range(5)])
    leaf = layers[-1][0].issue("a.example.com")

    found = examined(leaf, *(ca for layer in reversed(layers) for ca in layer))

    assert found.complete is True
    assert found.recoverable
    assert len(found.path) == 9


def test_garbage_of_every_kind() -> None:
    junk = [parse_certificate(bytes([n]) * n) for n in range(100)]

    found = examine([cert(LEAF), *junk], at=NOW)

    assert found.leaf == cert(LEAF)
    assert found.path == certs(LEAF)


def test_anchors_asked_for_are_recorded_for_judging_again() -> None:
    from stdiag.pki.trust import record_of, restore_store

    trust = store(ROOT, STRANGER_ROOT)
    first = examine(certs(*FULL), stores=[trust], at=NOW)
    again = examine(certs(*FULL), stores=[restore_store(record_of(trust))], at=NOW)

    assert trust.used() == certs(ROOT)
    assert first == again


def test_repaired_chain_is_what_openssl_takes() -> None:
    found = examined(LEAF, fetched=(POLICY, ISSUING, ROOT))

    assert verify_chain(found.repaired[0], found.repaired[1:], certs(ROOT), NOW).ok
