"""Names seen from two machines: where each leads is laid side by side."""

from __future__ import annotations

from tests.unit.engine.fakes import check, name
from tests.unit.engine.test_difference import report

from stdiag.engine.compare import Comparison, compare
from stdiag.model import Check, Fault, FaultReason, Finding, Outcome, Severity, Site, Vantage, to_raw
from stdiag.probes.names.observation import NamedAddress, NameObservation

HOST = "chat.acme.com"


def leads(*addresses: str, fault: FaultReason | None = None, outcome: Outcome = Outcome.PASS) -> Check:
    made = check(subject=name(HOST), probe="names", outcome=outcome)
    seen = NameObservation(host=HOST, addresses=[NamedAddress(address=one) for one in addresses])
    seen.name_fault = Fault(fault) if fault else None
    made.observation = to_raw(seen)
    return made


def compared(one: Check, other: Check) -> Comparison:
    first, second = (
        report(checked, site=Site(vantage=vantage))
        for checked, vantage in ((one, Vantage.STPROXY), (other, Vantage.INSIDE))
    )
    return compare(first, second)


def test_the_same_addresses_in_another_order_are_the_same() -> None:
    (line,) = compared(leads("10.1.1.5", "10.1.1.6"), leads("10.1.1.6", "10.1.1.5")).lines
    assert (line.place, line.says) == ("names chat.acme.com", "")
    assert (line.first, line.second) == ("leads to 10.1.1.5, 10.1.1.6", "leads to 10.1.1.6, 10.1.1.5")


def test_other_addresses_are_said_first() -> None:
    other = leads("10.99.1.5")
    other.findings = [Finding("names-hosts-differs", Severity.WARNING, name(HOST), {})]
    (line,) = compared(leads("10.1.1.5"), other).lines
    assert line.says.startswith("The name leads to different addresses")
    assert line.says.endswith("Found inside only: names-hosts-differs.")


def test_a_name_that_one_of_them_does_not_know() -> None:
    missing = leads(fault=FaultReason.NAME_NOT_FOUND, outcome=Outcome.FAIL)
    (line,) = compared(missing, leads("10.1.1.5")).lines
    assert line.first == "has no address in the DNS"
    assert line.says.endswith("the name is missing in the DNS there.")


def test_what_was_not_found_out_proves_nothing() -> None:
    (line,) = compared(leads(outcome=Outcome.UNDECIDED), leads("10.1.1.5")).lines
    assert (line.first, line.says) == ("was not measured", "Nothing follows: it was not measured on the STProxy host.")
