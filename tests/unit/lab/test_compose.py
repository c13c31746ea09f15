"""Faults go together, or a sentence says why they do not."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from stdiag.lab.blueprint import Blueprint, Listener, Part, Validity
from stdiag.lab.compose import _DECIDES, _GROWING, compose, find_fault
from stdiag.lab.error import FaultConflictError, UnknownFaultError
from stdiag.lab.faults import FAULTS

NAMES = [fault.name for fault in FAULTS]
FIELDS = {field.name for field in dataclasses.fields(Blueprint)}


def test_no_fault_is_the_healthy_blueprint() -> None:
    assert compose([]) == Blueprint()


@pytest.mark.parametrize("fault", FAULTS, ids=NAMES)
def test_every_fault_changes_the_healthy_blueprint(fault: object) -> None:
    name = getattr(fault, "name", "")
    changed = find_fault(name)
    assert changed.changes.keys() <= FIELDS
    assert compose([name]) != Blueprint()


def test_names_are_unique_and_typeable() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(name == name.lower() and " " not in name for name in NAMES)


def test_order_does_not_matter_and_twice_is_once() -> None:
    faults = ["expired-leaf", "addresses-differ", "root-sent", "superfluous-certificate"]
    expected = compose(faults)
    assert expected.second_address_sent == (Part.LEAF,)
    assert expected.appended == (Part.ROOT, Part.STRANGER)
    assert expected.leaf_validity == Validity(-92, -2)
    for order in itertools.permutations(faults):
        assert compose([*order, "expired-leaf"]) == expected


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("missing-intermediate", "wrong-intermediate"),
        ("expired-leaf", "not-yet-valid"),
        ("silent", "reset"),
        ("silent", "expired-leaf"),
        ("refused", "clock-skew"),
        ("self-signed", "expired-issuer"),
        ("self-signed", "missing-intermediate"),
        ("client-cert-required", "clock-skew"),
        ("missing-intermediate", "addresses-differ"),
        ("tls-old-only", "weak-dh"),
        ("missing-intermediate", "superfluous-certificate"),
        ("self-signed", "root-sent"),
        ("aia-unreachable", "private-ca"),
        ("weak-key", "ecdsa-rsa-differ"),
        ("silent", "community-down"),
        ("client-cert-required", "back-end-down"),
        ("community-down", "login-form"),
        ("proxy-asks-basic", "proxy-auth-not-asked"),
        ("tls-url-plain-port", "community-down"),
        ("port-not-a-number", "proxy-auth-not-asked"),
        ("photo-port-dead", "untrusted-allowed"),
        ("password-in-url", "user-with-at"),
        ("proxy-auth-denied", "proxy-auth-two-users"),
        ("mux-down", "mux-silent"),
        ("proxy-down", "mux-tls-only"),
        ("photo-page", "photo-open"),
        ("back-end-down", "photo-old-copy"),
    ],
)
def test_what_would_undo_or_hide_another_is_refused(one: str, two: str) -> None:
    for pair in ([one, two], [two, one]):
        with pytest.raises(FaultConflictError) as caught:
            compose(pair)
        sentence = str(caught.value)
        assert one in sentence
        assert two in sentence
        assert sentence.endswith(".")
        assert "\n" not in sentence


def test_what_stands_in_the_url_is_seen_whatever_answers() -> None:
    blueprint = compose(["refused", "password-in-url", "parameter-misspelt", "untrusted-allowed"])
    assert blueprint.listener is Listener.NOBODY
    assert blueprint.further_parameters == ("allowUntrustedSSL=true", "savepasword=true")
    assert compose(["untrusted-allowed", "parameter-misspelt"]) == compose(["parameter-misspelt", "untrusted-allowed"])


def test_every_pair_is_a_blueprint_or_a_sentence() -> None:
    sentences = [sentence_for(*pair) for pair in itertools.combinations(NAMES, 2)]
    assert sentences.count(None) > 200  # several at once is the rule among faults of certificates and versions


def sentence_for(one: str, two: str) -> str | None:
    try:
        compose([one, two])
    except FaultConflictError as conflict:
        sentence = str(conflict)
    else:
        return None
    assert one in sentence
    assert two in sentence
    return sentence


def test_every_field_that_two_faults_set_has_its_words() -> None:
    setters = [field for fault in FAULTS for field in fault.changes]
    contested = {field for field in setters if setters.count(field) > 1} - _GROWING
    differing = {field for field in contested if len({str(f.changes[field]) for f in FAULTS if field in f.changes}) > 1}
    assert differing == set(_DECIDES)


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(UnknownFaultError, match="did you mean missing-intermediate"):
        find_fault("missing-intermedate")
    with pytest.raises(UnknownFaultError, match="stdiag lab faults"):
        find_fault("###")
