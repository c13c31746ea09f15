"""Of the chains that could be sent, the one that most clients accept."""

from __future__ import annotations

from datetime import timedelta

from tests.minting import NOW, Authority
from tests.unit.clients.minted_store import HOST, MintedStore, case, cert, client

from stdiag.clients.profile import Profile
from stdiag.clients.recommend import recommend
from stdiag.clients.stores import AnchorSource

OLD_PHONE, NEW_PHONE = client("android 6.0"), client("android 17")
OLD, NEW = Authority("Old Root"), Authority("New Root")
CROSS = Authority("New Root", OLD, key=NEW.key)
ISSUING = Authority("Example Issuing CA", NEW)
LEAF = ISSUING.issue(HOST)


def stores(profile: Profile) -> AnchorSource:
    """Old phones have the old root, new ones the new one alone."""
    return MintedStore(OLD if profile is OLD_PHONE else NEW)


def test_one_chain_for_both() -> None:
    best = recommend(case(LEAF, ISSUING, fetched=[CROSS, NEW]), [OLD_PHONE, NEW_PHONE], stores)
    assert best is not None
    assert best.certificates == (cert(LEAF), cert(ISSUING), cert(CROSS))
    assert (best.accepted, best.rejected) == (2, 0)


def test_what_is_sent_is_kept_where_nothing_is_better() -> None:
    long, short = case(LEAF, ISSUING, CROSS), case(LEAF, ISSUING, fetched=[CROSS], known=[NEW])
    for sent in (long, short):
        best = recommend(sent, [NEW_PHONE], stores)
        assert best is not None
        assert best.certificates == sent.sent


def test_the_shortest_where_nothing_that_is_sent_will_do() -> None:
    best = recommend(case(LEAF, fetched=[ISSUING, NEW, CROSS]), [NEW_PHONE], stores)
    assert best is not None
    assert best.certificates == (cert(LEAF), cert(ISSUING))


def test_an_issuer_whose_time_is_over_is_never_recommended() -> None:
    over = Authority("New Root", OLD, key=NEW.key, not_after=NOW - timedelta(days=1))
    best = recommend(case(LEAF, ISSUING, fetched=[over]), [OLD_PHONE], stores)
    assert best is None or cert(over) not in best.certificates


def test_a_forged_issuer_is_never_recommended() -> None:
    forged = Authority("Example Issuing CA", NEW)
    best = recommend(case(LEAF, fetched=[forged]), [NEW_PHONE], stores)
    assert best is not None
    assert best.certificates == (cert(LEAF),)
    assert best.accepted == 0
