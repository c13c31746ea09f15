"""From findings to root causes to a decision."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.engine.fakes import HOST, address, check, endpoint, finding, name

from stdiag.catalogue.registry import ALL
from stdiag.engine.verdict import SEVERITY_ORDER, FailOn, causes, exit_code, located, outcome_of, verdict
from stdiag.model import Check, Decision, Finding, Outcome, Severity, Subject, SubjectKind


def causes_of(*findings: Finding) -> list[tuple[str, list[str]]]:
    """Code of each cause, and the pointers folded under it."""
    return [(cause.code, cause.folded) for cause in causes(located([check(*findings)], []))]


# Folding


def test_a_consequence_folds_on_the_same_subject() -> None:
    assert causes_of(finding("tls-aia-unreachable"), finding("tls-chain-incomplete")) == [
        ("tls-chain-incomplete", ["/checks/0/findings/0"])
    ]


def test_a_chain_of_consequences_folds_under_its_first_link() -> None:
    found = causes_of(finding("tls-root-untrusted"), finding("tls-chain-incomplete"), finding("tls-chain-wrong-issuer"))
    assert found == [("tls-chain-wrong-issuer", ["/checks/0/findings/0", "/checks/0/findings/1"])]


@pytest.mark.parametrize("subject", [endpoint(), address()], ids=str)
def test_address_and_endpoint_fold_under_their_name(subject: Subject) -> None:
    found = causes_of(finding("net-refused", subject), finding("net-name-not-found", name()))
    assert [code for code, _ in found] == ["net-name-not-found"]


def test_a_difference_between_addresses_folds_under_what_is_wrong_at_one() -> None:
    found = causes_of(finding("tls-addresses-differ"), finding("net-refused", address()))
    assert found == [("net-refused", ["/checks/0/findings/0"])]


@pytest.mark.parametrize(
    "elsewhere",
    [endpoint(port=8443), endpoint(host="other.example.com"), address("192.0.2.2"), address(port=8443)],
    ids=str,
)
def test_nothing_folds_under_another_subject(elsewhere: Subject) -> None:
    codes = {code for code, _ in causes_of(finding("tls-chain-incomplete", address()), finding("net-refused"))}
    assert codes == {"tls-chain-incomplete", "net-refused"}  # unrelated codes never fold
    found = causes_of(finding("tls-chain-wrong-issuer", elsewhere), finding("tls-chain-incomplete", address()))
    assert len(found) == 2


def test_what_a_configuration_file_says_explains_what_is_measured_elsewhere() -> None:
    port = Subject(kind=SubjectKind.ENDPOINT, host="gateway.push.apple.com", port=2196)
    file = Subject(kind=SubjectKind.FILE, file="stproxyconfig.xml")
    measured, written = finding("push-legacy-configured", port), finding("config-apple-port-retired", file)
    for findings in ((measured, written), (written, measured)):
        found = causes_of(*findings)
        assert [(code, len(folded)) for code, folded in found] == [("config-apple-port-retired", 1)]
    # Another file's finding is no prerequisite, nor is one on which nothing follows.
    key = Subject(kind=SubjectKind.FILE, file="apns-prod.pkcs12")
    assert len(causes_of(measured, finding("push-key-expired", key))) == 2
    assert len(causes_of(finding("net-refused", port), written)) == 2


def test_a_name_does_not_fold_under_its_endpoint() -> None:
    assert not name().rests_on(endpoint())
    assert endpoint().rests_on(name())
    assert not endpoint().rests_on(name("other.example.com"))


def test_the_clock_of_a_host_rests_on_its_name_only() -> None:
    clock = Subject(kind=SubjectKind.CLOCK, host=HOST, port=443)
    assert clock.rests_on(name())
    assert not clock.rests_on(endpoint())


def test_an_error_is_not_hidden_under_something_less_serious() -> None:
    info = finding("tls-chain-superfluous", severity=Severity.INFO)
    found = causes_of(finding("tls-addresses-differ"), info)
    assert [code for code, _ in found] == ["tls-addresses-differ", "tls-chain-superfluous"]


# One cause for one thing


def test_the_same_code_and_subject_from_two_probes_is_one_cause() -> None:
    made = causes(located([check(finding("net-refused")), check(finding("net-refused"), probe="other")], []))
    assert [cause.findings for cause in made] == [["/checks/0/findings/0", "/checks/1/findings/0"]]


def test_the_most_serious_finding_of_a_cause_is_its_severity() -> None:
    mild = finding("net-refused", severity=Severity.INFO)
    made = causes(located([check(mild), check(finding("net-refused"), probe="other")], []))
    assert [cause.severity for cause in made] == [Severity.ERROR]


# Order


def test_errors_come_first_and_among_them_who_hits_the_most() -> None:
    found = [
        code
        for code, _ in causes_of(
            finding("tls-chain-superfluous"),
            finding("tls-cert-expires-soon"),
            finding("tls-weak-key"),
            finding("tls-name-cn-only"),
            finding("tls-cert-expired"),
        )
    ]
    assert found == [
        "tls-cert-expired",
        "tls-name-cn-only",
        "tls-weak-key",
        "tls-cert-expires-soon",
        "tls-chain-superfluous",
    ]


def test_equals_keep_the_order_in_which_they_were_found() -> None:
    found = causes_of(finding("net-timeout", address("192.0.2.2")), finding("net-refused", address("192.0.2.1")))
    assert [code for code, _ in found] == ["net-timeout", "net-refused"]


# Decision and exit code


@pytest.mark.parametrize(
    ("severity", "fail_on", "decision", "code"),
    [
        (Severity.ERROR, "error", Decision.NO_GO, 1),
        (Severity.ERROR, "warning", Decision.NO_GO, 1),
        (Severity.ERROR, "never", Decision.NO_GO, 0),
        (Severity.WARNING, "error", Decision.GO, 0),
        (Severity.WARNING, "warning", Decision.NO_GO, 1),
        (Severity.WARNING, "never", Decision.GO, 0),
        (Severity.INFO, "warning", Decision.GO, 0),
    ],
)
def test_decision_and_exit_code(severity: Severity, fail_on: FailOn, decision: Decision, code: int) -> None:
    made = verdict([check(finding("net-refused", severity=severity))], [], fail_on)
    assert (made.decision, exit_code(made), made.fail_on) == (decision, code, fail_on)


@pytest.mark.parametrize("outcome", [Outcome.SKIP, Outcome.UNDECIDED, Outcome.CRASHED])
def test_what_was_not_decided_is_never_a_go(outcome: Outcome) -> None:
    made = verdict([check(), check(outcome=outcome)], [])
    assert (made.decision, exit_code(made)) == (Decision.INCOMPLETE, 3)
    worse = verdict([check(finding("net-refused")), check(outcome=outcome)], [])
    assert worse.decision is Decision.NO_GO


def test_no_checks_is_incomplete() -> None:
    assert verdict([], []).decision is Decision.INCOMPLETE


def test_a_finding_judged_together_counts() -> None:
    made = verdict([check()], [finding("net-refused")])
    assert made.decision is Decision.NO_GO
    assert made.causes[0].findings == ["/findings/0"]


@pytest.mark.parametrize(
    ("severities", "undecided", "outcome"),
    [
        ([], [], Outcome.PASS),
        ([Severity.INFO], [], Outcome.PASS),
        ([Severity.WARNING, Severity.INFO], [], Outcome.WARN),
        ([Severity.WARNING], ["it was interrupted"], Outcome.UNDECIDED),
        ([], ["it was interrupted"], Outcome.UNDECIDED),
        ([Severity.WARNING, Severity.ERROR], ["it was interrupted"], Outcome.FAIL),
    ],
)
def test_outcome(severities: list[Severity], undecided: list[str], outcome: Outcome) -> None:
    assert outcome_of([finding("net-refused", severity=one) for one in severities], undecided) is outcome


# Properties over any findings

HOSTS = st.sampled_from([HOST, "other.example.com"])
SUBJECTS = st.one_of(
    st.builds(name, HOSTS),
    st.builds(endpoint, HOSTS, st.sampled_from([443, 8443])),
    st.builds(address, st.sampled_from(["192.0.2.1", "2001:db8::1"]), HOSTS, st.sampled_from([443, 8443])),
)
FINDINGS = st.builds(
    finding, st.sampled_from(sorted(ALL)), SUBJECTS, st.one_of(st.none(), st.sampled_from(list(Severity)))
)
CHECKS = st.lists(st.builds(lambda found: check(*found), st.lists(FINDINGS, max_size=8)), max_size=4)


@given(CHECKS, st.lists(FINDINGS, max_size=3))
def test_every_finding_stands_under_exactly_one_cause(checks: list[Check], together: list[Finding]) -> None:
    where = dict(located(checks, together))
    made = causes(list(where.items()))
    pointed = Counter(pointer for cause in made for pointer in (*cause.findings, *cause.folded))
    assert pointed == dict.fromkeys(where, 1)
    for cause in made:
        for pointer in cause.findings:
            assert (where[pointer].code, where[pointer].subject) == (cause.code, cause.subject)
            assert where[pointer].fingerprint == cause.fingerprint
    assert len({cause.fingerprint for cause in made}) == len(made)


@given(CHECKS)
def test_the_first_cause_of_a_no_go_is_an_error(checks: list[Check]) -> None:
    made = verdict(checks, [])
    assert (made.decision is Decision.NO_GO) == any(cause.severity is Severity.ERROR for cause in made.causes)
    order = [SEVERITY_ORDER[cause.severity] for cause in made.causes]
    assert order == sorted(order)


@given(FINDINGS, FINDINGS)
def test_a_fingerprint_is_code_and_subject_and_nothing_else(one: Finding, other: Finding) -> None:
    again = finding(one.code, one.subject, Severity.INFO)
    assert again.fingerprint == one.fingerprint
    same = (one.code, one.subject) == (other.code, other.subject)
    assert (one.fingerprint == other.fingerprint) == same
    assert (str(one.subject) == str(other.subject)) == (one.subject == other.subject)


def test_fingerprints_do_not_change_over_versions() -> None:
    """Reports of different versions are compared by them."""
    assert finding("tls-chain-incomplete").fingerprint == "306a4d68685e730f"
