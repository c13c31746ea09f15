"""A finished check as blocks."""

from __future__ import annotations

from typing import Any

from tests.minting import NOW, Authority, Minted
from tests.unit.probes.tls.observations import (
    HOST,
    ONE,
    OTHER,
    at,
    context,
    endpoint,
    failed,
    fetched,
    glance,
    healthy,
    one_address,
    pki,
    records,
    sends,
    shaken,
    store,
    tls12,
)

from stdiag.engine.runner import judged
from stdiag.model import (
    Block,
    ChainDrawing,
    Check,
    FaultReason,
    KeyValues,
    Mark,
    Outcome,
    Subject,
    SubjectKind,
    to_raw,
)
from stdiag.pki.trust import TrustStore
from stdiag.probes.tls import PROBE
from stdiag.probes.tls.observation import TlsObservation
from stdiag.probes.tls.present import present

LEAF, ISSUING, ROOT = pki().leaf, pki().issuing, pki().root
SUBJECT = Subject(kind=SubjectKind.ENDPOINT, host=HOST, port=443)


def blocks(observation: TlsObservation, *stores: TrustStore) -> list[Block]:
    check = Check(probe="tls", subject=SUBJECT, outcome=Outcome.UNDECIDED, observation=to_raw(observation))
    return present(judged(check, observation, PROBE, context(*stores)))


def drawings(observation: TlsObservation, *stores: TrustStore) -> list[ChainDrawing]:
    return [block for block in blocks(observation, *stores) if isinstance(block, ChainDrawing)]


def links(observation: TlsObservation, *stores: TrustStore) -> list[tuple[str, str, str, Mark]]:
    """State, role, name and mark of each link of the one drawing."""
    (drawing,) = drawings(observation, *stores)
    return [(link.state, link.role, link.name, link.mark) for link in drawing.links]


def properties(observation: TlsObservation) -> dict[str, str]:
    (block,) = [block for block in blocks(observation) if isinstance(block, KeyValues)]
    return dict(block.items)


def with_fetched(observation: TlsObservation, *issuers: Minted) -> TlsObservation:
    observation.fetched = [fetched(*issuers)]
    return observation


def test_nothing_observed_shows_nothing() -> None:
    assert present(Check(probe="tls", subject=SUBJECT, outcome=Outcome.CRASHED)) == []


def test_a_complete_chain_ends_at_its_anchor() -> None:
    assert links(sends(LEAF, ISSUING)) == [
        ("sent", "leaf", HOST, Mark.GOOD),
        ("sent", "intermediate", "Example Issuing CA R46", Mark.GOOD),
        ("anchor", "root", "Example Root", Mark.GOOD),
    ]
    (drawing,) = drawings(sends(LEAF, ISSUING))
    assert drawing.links[-1].detail == "trusted by: ca-files"
    assert drawing.note == ""


def test_an_anchor_that_no_store_trusts_is_marked() -> None:
    observation = sends(LEAF, ISSUING, ROOT)
    assert links(observation, store("system", Authority("Another Root")))[2:] == [
        ("anchor", "root", "Example Root", Mark.BAD)
    ]


def test_a_missing_issuer_that_was_fetched() -> None:
    observation = with_fetched(sends(LEAF), ISSUING)
    assert links(observation) == [
        ("sent", "leaf", HOST, Mark.GOOD),
        ("missing", "intermediate", "Example Issuing CA R46", Mark.BAD),
        ("anchor", "root", "Example Root", Mark.GOOD),
    ]
    assert drawings(observation)[0].links[1].detail == "not sent; fetched, and the chain verified with it"
    assert drawings(observation)[0].note == "With the missing certificates the chain was built and verified."


def test_a_fetched_issuer_that_does_not_mend_the_chain_is_not_called_proven() -> None:
    expired = Authority("Example Issuing CA R46", parent=ROOT, key=ISSUING.key, not_after=NOW.replace(day=1))
    (drawing,) = drawings(with_fetched(sends(LEAF), expired))
    assert drawing.links[1].detail == "not sent; fetched, but the chain is not good with it"
    assert drawing.note == ""


def test_a_missing_issuer_that_nobody_has() -> None:
    assert links(sends(LEAF), store("system", Authority("Another Root")))[1:] == [
        ("missing", "intermediate", "Example Issuing CA R46", Mark.BAD)
    ]


def test_an_end_that_cannot_be_told() -> None:
    assert links(sends(LEAF, ISSUING), store("system", Authority("Another Root")))[2:] == [
        ("missing", "root", "Example Root", Mark.UNSURE)
    ]


def test_strangers_and_duplicates_stand_after_the_chain() -> None:
    stranger = Authority("Former Provider CA 1", parent=Authority("Former Provider Root"))
    assert links(sends(LEAF, ISSUING, ISSUING, stranger))[3:] == [
        ("duplicate", "intermediate", "Example Issuing CA R46", Mark.NOTE),
        ("unrelated", "intermediate", "Former Provider CA 1", Mark.BAD),
    ]


def test_a_self_signed_leaf_ends_in_itself() -> None:
    own = Authority("Own", dns=[HOST])
    assert [state for state, *_ in links(sends(own), store("system", ROOT))] == ["sent"]


def test_equal_chains_are_drawn_once_with_all_their_places() -> None:
    observation = endpoint(at(ONE, shaken(), shaken("no-sni")), at(OTHER, shaken()))
    (drawing,) = drawings(observation)
    assert drawing.title == f"Chain sent: {ONE}; {ONE}, without SNI; {OTHER}"


def test_different_chains_are_drawn_apart() -> None:
    rsa = records(ISSUING.issue(HOST, key_kind="rsa2048"), ISSUING)
    observation = endpoint(at(ONE, shaken(), tls12("rsa", chain=rsa)), at(OTHER, shaken(chain=records(LEAF))))
    assert [drawing.title for drawing in drawings(observation)] == [
        f"Chain sent: {ONE}",
        f"Chain sent: {ONE}, RSA",
        f"Chain sent: {OTHER}",
    ]


def test_a_file_shows_its_chain_and_no_properties() -> None:
    observation = TlsObservation(
        host=HOST, file="chain.pem", server_name=HOST, file_certificates=records(LEAF, ISSUING)
    )
    (drawing,) = blocks(observation)
    assert isinstance(drawing, ChainDrawing)
    assert drawing.title == "Chain sent: chain.pem"


def test_what_the_endpoint_accepts() -> None:
    shown = properties(one_address(*healthy(), http=glance(status=200)))
    assert shown == {
        "Addresses": ONE,
        "Agreed on": "TLS 1.3 TLS_AES_256_GCM_SHA384",
        "Versions": "TLS 1.2, TLS 1.3",
        "Client certificate": "not asked for",
    }


def test_quick_shows_no_versions() -> None:
    assert set(properties(endpoint(at(ONE, shaken()), quick=True))) == {"Addresses", "Agreed on"}


def test_without_a_handshake_there_are_addresses_only() -> None:
    assert properties(one_address(failed(reason=FaultReason.SILENT))) == {"Addresses": ONE}


def test_end_dates_are_renewals() -> None:
    def renewals(**knobs: Any) -> list[tuple[str, int]]:
        observation = sends(ISSUING.issue(HOST, **knobs), ISSUING)
        analysis, _ = PROBE.judge(observation, context())
        return [(one.what, one.days_left) for one in PROBE.renewals(SUBJECT, analysis, context())]

    assert renewals() == [(f"leaf {HOST}", 300), ("issuer Example Issuing CA R46", 300), ("root Example Root", 300)]
