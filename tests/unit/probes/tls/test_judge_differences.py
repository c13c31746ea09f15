"""One name, several answers: addresses that differ, RSA and ECDSA chains that are not equally good; the clock."""

from __future__ import annotations

import pytest
from tests.minting import NOW, Authority
from tests.unit.probes.tls.observations import (
    HOST,
    ONE,
    OTHER,
    at,
    endpoint,
    failed,
    fetched,
    found,
    glance,
    healthy,
    judged,
    one_address,
    pki,
    records,
    shaken,
    tls12,
)

from stdiag.model import FaultReason, Finding, Severity
from stdiag.probes.tls.observation import TlsObservation

LEAF_ONLY = records(pki().leaf)
ERROR, WARNING = "error", "warning"


def test_addresses_that_answer_alike_have_findings_in_common() -> None:
    observation = endpoint(at(ONE, shaken(chain=LEAF_ONLY)), at(OTHER, shaken(chain=LEAF_ONLY)))
    observation.fetched = [fetched(pki().issuing)]
    assert found(observation) == {("tls-chain-incomplete", ERROR, "endpoint")}


def test_one_of_two_addresses_sends_the_leaf_alone() -> None:
    observation = endpoint(at(ONE, *healthy()), at(OTHER, shaken(chain=LEAF_ONLY)))
    observation.fetched = [fetched(pki().issuing)]
    assert found(observation) == {
        ("tls-chain-incomplete", ERROR, f"address {OTHER}"),
        ("tls-addresses-differ", WARNING, "endpoint"),
    }
    (differ,) = [one for one in judged(observation)[1] if one.code == "tls-addresses-differ"]
    assert [str(text).split(":")[0] for text in differ.params["differences"] or ()] == [ONE, OTHER]  # type: ignore[union-attr]  # a list here


def test_two_certificates_behind_one_name() -> None:
    other = records(pki().issuing.issue(HOST), pki().issuing)
    observation = endpoint(at(ONE, shaken()), at(OTHER, shaken(chain=other)))
    assert found(observation) == {("tls-addresses-differ", WARNING, "endpoint")}


def test_times_and_words_are_no_difference() -> None:
    slow = shaken(duration_us=900_000)
    observation = endpoint(at(ONE, shaken(duration_us=1)), at(OTHER, slow))
    assert found(observation) == set()
    silent = [failed(reason=FaultReason.SILENT, waited_us=waited) for waited in (10_000_000, 10_200_000)]
    observation = endpoint(*(at(address, one) for address, one in zip((ONE, OTHER), silent, strict=True)))
    assert found(observation) == {("tls-handshake-silent", ERROR, "endpoint")}


def test_the_more_serious_of_two_addresses_is_kept_when_they_are_merged() -> None:
    """An expired issuer beside a good path at one address, in the path at the other."""
    old = Authority("Old CA", parent=pki().root, not_after=NOW.replace(day=17))
    fresh = Authority("Old CA", parent=pki().root, key=old.key)
    leaf = old.issue(HOST)
    beside, within = records(leaf, fresh, old), records(leaf, old)
    for first, second in ((beside, within), (within, beside)):
        observation = endpoint(at(ONE, shaken(chain=first)), at(OTHER, shaken(chain=second)))
        assert ("tls-issuer-expired", ERROR, "endpoint") in found(observation)


# RSA and ECDSA


def key_types(rsa_sends: list[int], fetch: bool = True) -> TlsObservation:
    rsa = [pki().issuing.issue(HOST, key_kind="rsa2048"), pki().issuing]
    record = tls12("rsa", chain=records(*(rsa[index] for index in rsa_sends)), cipher="ECDHE-RSA-AES256-GCM-SHA384")
    observation = one_address(shaken(), record)
    observation.fetched = [fetched(pki().issuing)] if fetch else []
    return observation


def test_an_rsa_chain_that_is_worse() -> None:
    findings = {one.code: one for one in judged(key_types([0]))[1]}
    assert {code: one.severity for code, one in findings.items()} == {
        "tls-chain-incomplete": Severity.ERROR,
        "tls-key-types-differ": Severity.ERROR,
    }
    assert findings["tls-key-types-differ"].params["differences"] == [
        f"RSA ({HOST}): incomplete",
        f"ECDSA ({HOST}): trusted by ca-files",
    ]


def test_two_kinds_of_keys_that_are_equally_good() -> None:
    assert found(key_types([0, 1])) == set()


# The clock


@pytest.mark.parametrize(
    ("date", "ahead"),
    [
        ("Fri, 20 Nov 2026 13:00:00 GMT", 3600.0),
        ("Fri, 20 Nov 2026 13:00:00 -0000", 3600.0),
        ("Fri, 20 Nov 2026 11:59:30 GMT", -30.0),
        ("yesterday", None),
        ("", None),
        (None, None),
        ("Fri, 20 Nov 99999 13:00:00 GMT", None),
    ],
)
def test_the_servers_clock(date: str | None, ahead: float | None) -> None:
    observation = one_address(shaken(), http=glance(status=200, date=date, date_seen="2026-11-20T12:00:00+00:00"))
    clock = judged(observation)[0].clock
    assert (clock.ahead_s if clock else None) == ahead


def _codes(findings: list[Finding]) -> set[str]:
    return {one.code for one in findings}


def test_a_clock_is_not_judged_alone() -> None:
    observation = one_address(
        shaken(), http=glance(status=200, date="Fri, 20 Nov 2026 13:00:00 GMT", date_seen="2026-11-20T12:00:00+00:00")
    )
    assert _codes(judged(observation)[1]) == set()
