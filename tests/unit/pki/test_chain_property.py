"""Whatever order, subset and repetition of good and bad certificates is sent: no exception, and no false repair."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.minting import NOW, Authority

from stdiag.pki.certificate import Certificate, parse_certificate
from stdiag.pki.chain import examine
from stdiag.pki.trust import TrustStore
from stdiag.pki.verify import verify_chain

_root = Authority("Root")
_policy = Authority("Policy", _root)
_issuing = Authority("Issuing", _policy)
_leaf = _issuing.issue("chat.example.com")
_other_root = Authority("Other Root")
ROOT, POLICY, ISSUING, LEAF = (parse_certificate(m.der) for m in (_root, _policy, _issuing, _leaf))
STRANGERS = [
    parse_certificate(m.der)
    for m in (
        _other_root,
        Authority("Issuing", _policy),
        Authority("Issuing", _policy, key=_issuing.key, not_after=NOW - timedelta(days=1)),
        Authority("Policy", _other_root, key=_policy.key),
        Authority("Root", _other_root, key=_root.key),
        Authority("Other Root", _root, key=_other_root.key),
    )
] + [parse_certificate(b"0\x82"), parse_certificate(_leaf.der[:-3])]
GOOD = [LEAF, ISSUING, POLICY, ROOT]

any_certificates = st.lists(st.sampled_from(GOOD + STRANGERS), max_size=9)


@settings(max_examples=300, deadline=None)
@given(sent=any_certificates, fetched=any_certificates, trusted=st.booleans())
def test_repair_is_proven_or_absent(sent: list[Certificate], fetched: list[Certificate], trusted: bool) -> None:
    stores = [TrustStore("ca-files", "minted", "", [_root.der])] if trusted else []

    found = examine(sent, fetched=fetched, stores=stores, at=NOW)

    assert set(found.path) <= set(sent)
    assert set(found.repaired) <= {*sent, *fetched}
    assert found.complete is False or found.missing_issuer is None
    if found.recoverable:
        assert found.root is not None
        # The leaf's own dates are another matter.
        assert verify_chain(found.repaired[0], found.repaired[1:], [found.root], NOW, check_time=False).ok
        assert all(c.is_valid_at(NOW) for c in found.repaired[1:])
    if found.repaired and found.root:
        assert found.root not in found.repaired or found.self_signed_leaf or len(found.repaired) == 1


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_good_chain_in_any_order_is_repaired(data: st.DataObject) -> None:
    rest = data.draw(st.permutations([ISSUING, POLICY, ROOT, *STRANGERS]))
    repeated = data.draw(st.lists(st.sampled_from(GOOD), max_size=4))

    found = examine([LEAF, *rest, *repeated], at=NOW)

    assert found.complete is True
    assert found.recoverable
    assert found.repaired[:2] == (LEAF, ISSUING)


@settings(max_examples=100, deadline=None)
@given(held_back=st.sets(st.sampled_from([ISSUING, POLICY, ROOT])), seed=st.randoms(use_true_random=False))
def test_what_is_not_sent_but_fetched_makes_it_whole(held_back: set[Certificate], seed: object) -> None:
    sent = [c for c in (ISSUING, POLICY, ROOT) if c not in held_back]
    seed.shuffle(sent)  # type: ignore[attr-defined]  # hypothesis' Random

    found = examine([LEAF, *sent], fetched=sorted(held_back, key=lambda c: c.sha256), at=NOW)

    assert found.repaired == (LEAF, ISSUING, POLICY)
    assert found.recoverable
    assert found.missing == tuple(c for c in (ISSUING, POLICY) if c in held_back)
    assert found.complete is (not held_back & {ISSUING, POLICY})
