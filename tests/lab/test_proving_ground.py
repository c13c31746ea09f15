"""Each fault of the lab through `stdiag all`: found first, with nothing unrelated, mended where a file mends it.

In the same test a program that is not ours sees the fault on the same running lab, so that lab and probes cannot share
a mistake.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.lab.oracles.certificates import SENT_TO_JAVA
from tests.lab.oracles.programs import Oracles
from tests.lab.oracles.table import ORACLES
from tests.lab.proving import AT_A_TIME, Ahead, Faults, Report, stdiag_all, stdiag_tls_fix_bundle

from stdiag.lab.compose import find_fault
from stdiag.lab.deployment import Lab
from stdiag.lab.faults import FAULTS, LabFault

STOP_NOBODY_TODAY = {
    "wrong-order",
    "superfluous-certificate",
    "root-sent",
    "unreadable-certificate",
    "expires-soon",
    "malformed-extension",
    "no-forward-secrecy",
    "tls-new-only",
    "tls-obsolete-accepted",
    "sni-required",
    "sni-default-certificate",
    "clock-skew",
    "proxyinfo-missing",
    "proxy-auth-not-asked",
    "photo-port-dead",
    "other-generation",
    "password-in-url",
    "wrong-separator",
    "unencoded-name",
    "path-in-url",
    "parameter-misspelt",
    "parameter-unknown",
    "parameter-twice",
    "parameter-of-old-generation",
    "value-invalid",
    "long-name",
    "proxy-auth-denied",
    "proxy-auth-two-users",
    "untrusted-allowed",
    "mux-answers-oddly",
    "meeting-page-gone",
    "default-page-at-root",
    "saml-and-oidc",
    "logins-differ",
    "http-serves-pages",
    "hsts-with-own-ca",
    "env-single-underscores",
    "default-password",
    "seen-from-management",
    "photo-by-name",
    "photo-one-token",
    "photo-capitals",
    "photo-old-copy",
}
"""Faults with which the verdict is still GO; with every other one it is NO-GO."""

LEAVE_OPEN = {"port-not-named"}
"""Faults that stop nobody for certain, and keep stdiag from asking further: the verdict is neither."""

PAIRS: tuple[Faults, ...] = (
    ("missing-intermediate", "expires-soon"),
    ("wrong-intermediate", "name-mismatch"),
    ("expired-leaf", "superfluous-certificate"),
    ("expired-issuer", "tls-new-only"),
    ("self-signed", "tls-obsolete-accepted"),
    ("private-ca", "cn-only"),
    ("name-constraints", "clock-skew"),
    ("weak-key", "root-sent"),
    ("not-yet-valid", "sni-required"),
    ("addresses-differ", "expired-leaf"),
    ("client-cert-required", "missing-intermediate"),
    ("weak-signature", "name-mismatch"),
    ("community-down", "missing-intermediate"),
    ("proxy-asks-basic", "expired-leaf"),
    ("login-form", "password-in-url"),
    ("back-end-down", "clock-skew"),
    ("tls-url-plain-port", "wrong-intermediate"),
    ("photo-port-dead", "expires-soon"),
    ("refused", "placeholder-left"),
    ("proxy-auth-not-asked", "unencoded-name"),
    ("redirect-elsewhere", "parameter-twice"),
    ("not-tls-smtp", "untrusted-allowed"),
    ("push-key-expired", "missing-intermediate"),
    ("inspecting-firewall", "mux-down"),
    ("mux-down", "missing-intermediate"),
    ("mux-tls-only", "expired-issuer"),
    ("mux-refuses", "socks-rejects"),
    ("proxy-denies-1533", "socks-wants-password"),
    ("photo-private-ca", "missing-intermediate"),
    ("ping-pong", "missing-intermediate"),
    ("inner-name", "expired-leaf"),
    ("logins-differ", "addresses-differ"),
    ("meeting-page-gone", "http-serves-pages"),
    ("env-backslashes", "clients-other-port"),
    ("configured-url-broken", "missing-intermediate"),
    ("two-cards", "mux-down"),
    ("retired-address", "proxy-wants-password"),
    ("two-cards", "seen-from-management"),
)


def case(fault: LabFault) -> object:
    """A fault as a test's parameter, with the programs that its oracle needs."""
    programs = ("openssl", "curl", "keytool") if fault.name in SENT_TO_JAVA else ("openssl", "curl")
    return pytest.param((fault.name,), id=fault.name, marks=pytest.mark.peer(*programs))


@pytest.fixture(scope="module")
def labs(request: pytest.FixtureRequest) -> Iterator[Ahead]:
    """Diagnoses every case of the selected tests, some side by side, while the tests look at those that are ready."""
    here = (item for item in request.session.items if item.path == request.path)
    cases = (getattr(item, "callspec", None) for item in here)  # None: a test without parameters
    wanted: list[Faults] = [found.params["faults"] for found in cases if found]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        ahead = Ahead(pool, wanted)
        yield ahead
        ahead.close()


def test_every_fault_has_an_oracle() -> None:
    assert ORACLES.keys() == {fault.name for fault in FAULTS}
    assert ORACLES.keys() > STOP_NOBODY_TODAY


@pytest.mark.parametrize("faults", [()], ids=["healthy"])
def test_where_nothing_is_wrong_nothing_is_found(faults: Faults, labs: Ahead) -> None:
    with labs.diagnosed(faults) as (_, report):
        assert (report.decision, report.exit_code) == ("go", 0)
        assert report.found == set()


@pytest.mark.parametrize("faults", [case(fault) for fault in FAULTS])
def test_the_injected_cause_comes_first(faults: Faults, labs: Ahead) -> None:
    fault = find_fault(faults[0])
    with labs.diagnosed(faults) as (lab, report):
        assert report.causes[0] in fault.first
        assert set(fault.also) <= report.found
        assert unrelated(report, fault) == set()
        assert (report.decision, report.exit_code) == decided(fault)
        ORACLES[fault.name](lab, Oracles())
        if fault.name in SENT_TO_JAVA:
            assert Oracles().keytool(lab) == SENT_TO_JAVA[fault.name]
        if fault.mended_by_bundle:
            the_bundle_mends(lab)


@pytest.mark.parametrize("faults", PAIRS, ids="+".join)
def test_of_two_faults_both_are_causes(faults: Faults, labs: Ahead) -> None:
    one, other = map(find_fault, faults)
    with labs.diagnosed(faults) as (_, report):
        for fault in (one, other):
            assert set(fault.first) & set(report.causes)
            assert set(fault.also) <= report.found
        assert unrelated(report, one, other) == set()


def decided(fault: LabFault) -> tuple[str, int]:
    if fault.name in LEAVE_OPEN:
        return "incomplete", 3
    return ("go", 0) if fault.name in STOP_NOBODY_TODAY else ("no-go", 1)


def unrelated(report: Report, *faults: LabFault) -> set[str]:
    """Causes that none of the faults stands for. What follows from a cause is folded under it, and is none."""
    return set(report.causes) - {code for fault in faults for code in (*fault.first, *fault.also)}


def the_bundle_mends(lab: Lab) -> None:
    lab.apply_bundle(stdiag_tls_fix_bundle(lab))
    again = stdiag_all(lab)
    assert (again.decision, again.exit_code) == ("go", 0)
    assert again.found == set()
    for end in lab.endpoints:
        if end.role == "STProxy":
            assert Oracles().s_client(lab, at=end).code == 0
