"""Does the Java of the release trust the photo host? Chains as they were sent, and what is known of its roots."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from tests.minting import NOW, Authority, Minted
from tests.unit.probes.photo.observations import (
    HOST,
    ONE,
    OTHER,
    at,
    codes,
    context,
    judged,
    observed,
    own_roots,
    pki,
    records,
    shaken,
    shows,
)

from stdiag.model import Product, Vantage
from stdiag.probes.photo.judge_trust import javas
from stdiag.probes.photo.observation import PhotoObservation
from stdiag.probes.shared.handshake import Fetched

WEBSPHERE = (Product.V8_5, Product.V9, Product.V10)
WITH_OWN_JAVA = (Product.V12_DOCKER, Product.V12_KUBERNETES, Product.V12_WINDOWS, None)


def sends(*chain: Minted) -> PhotoObservation:
    return observed(at(shows(), handshake=shaken(*chain)))


def whole() -> PhotoObservation:
    return sends(pki().leaf, pki().issuing)


def test_which_java_a_release_has() -> None:
    assert [one.client for one in javas(Product.V9)] == ["ibm-java 8.5", "ibm-java 9"]
    assert javas(Product.V11)[0].client == "openjdk 11"
    assert javas(Product.V11)[-1].client == "java 8"
    for product in WITH_OWN_JAVA:
        names = [one.client for one in javas(product)]
        assert names[0] == "openjdk 11"
        assert names[-1] == "openjdk 17"


@pytest.mark.parametrize("product", Product)
def test_a_root_that_the_site_names_is_accepted(product: Product) -> None:
    given = context(Vantage.STPROXY, product, own_roots(pki().root))
    assert codes(whole(), given) == {}
    analysis, _ = judged(whole(), given)
    assert analysis.java_in_words != []
    assert {facts.role for facts in analysis.certificates} == {"leaf", "issuer", "root"}


def test_that_it_was_really_imported_cannot_be_seen() -> None:
    given = context(Vantage.STPROXY, Product.V12_DOCKER, own_roots(pki().root), copies=False)
    assert "private root Example Photo Root" in "; ".join(judged(whole(), given)[0].unmeasured)
    handed_out = context(Vantage.STPROXY, Product.V12_DOCKER, own_roots(pki().root))
    assert not any("private root" in line for line in judged(whole(), handed_out)[0].unmeasured)


@pytest.mark.parametrize("product", WITH_OWN_JAVA)
def test_an_issuer_that_is_not_sent(product: Product | None) -> None:
    given = context(Vantage.STPROXY, product, own_roots(pki().root))
    assert codes(sends(pki().leaf), given) == {"photo-chain-incomplete": "error"}
    (finding,) = judged(sends(pki().leaf), given)[1]
    assert finding.params["missing"] == "Example Photo CA"
    assert finding.params["clients"] == "OpenJDK 11 and later"
    assert finding.params["recovered_from"] is None
    assert finding.evidence == ["/observation/addresses/0/handshake/chain_sent"]
    assert str(finding.subject) == f"{HOST}:443"


def test_one_that_could_be_fetched_proves_the_repair() -> None:
    observation = sends(pki().leaf)
    observation.fetched = [Fetched(url="http://issuer.example/ca.cer", certificates=records(pki().issuing))]
    (finding,) = judged(observation, context(Vantage.STPROXY, Product.V12_DOCKER, own_roots(pki().root)))[1]
    assert finding.code == "photo-chain-incomplete"
    assert (finding.params["recovered_from"], finding.params["proven"]) == ("http://issuer.example/ca.cer", "yes")


def test_a_root_that_nobody_knows() -> None:
    assert codes(whole()) == {"photo-root-unknown": "error"}
    with_it = sends(pki().leaf, pki().issuing, pki().root)
    assert codes(with_it) == {"photo-root-unknown": "error"}
    (finding,) = judged(with_it)[1]
    assert finding.params["root"] == "Example Photo Root"
    self_signed = Authority("Myself").issue(HOST)
    assert set(codes(sends(self_signed))) <= {"photo-root-unknown", "photo-chain-incomplete"}


@pytest.mark.parametrize("product", WEBSPHERE)
@pytest.mark.parametrize("chain", [(pki().leaf,), (pki().leaf, pki().issuing)])
def test_what_websphere_may_have_imported_is_a_warning(product: Product, chain: tuple[Minted, ...]) -> None:
    found = judged(sends(*chain), context(Vantage.STPROXY, product))[1]
    assert [finding.severity.value for finding in found] == ["warning"]
    assert "WebSphere" in (found[0].affects or "")


@pytest.mark.parametrize(
    ("leaf", "reason"),
    [
        (pki().issuing.issue("other.example.com"), "name"),
        (
            pki().issuing.issue(HOST, not_before=NOW - timedelta(days=400), not_after=NOW - timedelta(days=35)),
            "expired",
        ),
        (pki().issuing.issue(HOST, key_kind="ec192"), "weak-key"),
    ],
)
@pytest.mark.parametrize("product", [Product.V9, Product.V12_DOCKER])
def test_other_reasons(leaf: Minted, reason: str, product: Product) -> None:
    given = context(Vantage.STPROXY, product, own_roots(pki().root))
    observation = sends(leaf, pki().issuing)
    assert codes(observation, given) == {"photo-certificate-refused": "error"}
    (finding,) = judged(observation, given)[1]
    assert finding.params["reason"] == reason


def test_from_the_internet_another_certificate_may_be_shown() -> None:
    observation = sends(pki().leaf)
    observation.addresses[0].plain = None
    found = judged(observation, context(Vantage.INTERNET))[1]
    assert [(one.code, one.severity.value) for one in found] == [("photo-chain-incomplete", "warning")]


def test_one_of_two_addresses_is_enough() -> None:
    good = at(shows(), handshake=shaken(pki().leaf, pki().issuing), address=ONE)
    bad = at(shows(), handshake=shaken(pki().leaf), address=OTHER)
    given = context(Vantage.STPROXY, Product.V12_DOCKER, own_roots(pki().root))
    assert codes(observed(good, bad), given) == {"photo-chain-incomplete": "error"}
    assert judged(observed(good, bad), given)[0].java[0].accepts is False


def test_a_handshake_without_certificates_says_nothing() -> None:
    nothing = msgspec.structs.replace(shaken(), completed=False)
    assert judged(observed(at(shows(), handshake=nothing)))[1] == []
