"""What follows from the facts about a name."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.probes.names.observations import HOST, address, codes, dns, hosts, judged, one, seen

from stdiag.catalogue.prose import words
from stdiag.engine.verdict import causes
from stdiag.formats.address_range import AddressRange
from stdiag.model import Fault, FaultReason, Finding, Severity, Subject, SubjectKind, Vantage
from stdiag.net.name_records import DnsAnswer, DnsStatus
from stdiag.probes.names.analysis import AnsweredBy
from stdiag.probes.names.observation import HostRole, HostsEntry, NamedAddress, NameObservation, PortTried

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


def test_one_address_that_the_dns_gives_is_no_finding() -> None:
    analysis, findings = judged(seen(address("203.0.114.7"), dns=dns("203.0.114.7")))
    assert (findings, analysis.undecided, analysis.unmeasured) == ([], [], [])
    assert analysis.answered_by is AnsweredBy.DNS
    assert [(use.address, use.what, use.accepts) for use in analysis.addresses] == [
        ("203.0.114.7", "a public address", None)
    ]


def test_several_that_all_accept_are_no_finding() -> None:
    assert codes(seen(address("10.1.1.5", 443), address("10.1.1.6", 443), dns=dns("10.1.1.5", "10.1.1.6"))) == {}


def test_what_the_site_itself_answers_is_no_finding() -> None:
    analysis, findings = judged(seen(address("127.0.0.1", told=True)))
    assert findings == []
    assert analysis.answered_by is AnsweredBy.RESOLVE


# The hosts file


def test_a_line_that_says_what_the_dns_says_is_a_note() -> None:
    found = one(seen(address("10.1.1.5"), hosts=hosts("10.1.1.5"), dns=dns("10.1.1.5")), "names-hosts-file")
    assert (found.severity, found.params["dns"]) == (INFO, "says the same")
    assert found.params["place"] == "line 7 of /etc/hosts"


def test_a_line_that_leads_elsewhere_is_a_warning() -> None:
    found = one(seen(address("10.1.1.5"), hosts=hosts("10.1.1.5"), dns=dns("10.1.1.9")), "names-hosts-differs")
    assert (found.severity, found.params["dns"]) == (WARNING, "says 10.1.1.9")
    assert "sends chat.acme.com to 10.1.1.5, and the DNS says 10.1.1.9." in words(found).summary


def test_where_the_dns_leads_into_a_management_network_the_line_is_the_cure() -> None:
    answer = dns("10.99.1.5", "10.1.1.5")
    observed = seen(address("10.1.1.5"), hosts=hosts("10.1.1.5"), dns=answer, dns_management=["10.99.1.5"])
    assert codes(observed) == {"names-hosts-file": INFO}
    assert "this line is the cure" in words(one(observed, "names-hosts-file")).summary


def test_a_line_that_leads_into_the_management_network_is_none() -> None:
    answer = dns("10.99.1.5", "10.1.1.5")
    observed = seen(address("10.99.1.5"), hosts=hosts("10.99.1.5"), dns=answer, dns_management=["10.99.1.5"])
    assert codes(observed) == {"names-hosts-file": INFO, "names-management-address": WARNING}
    assert "cure" not in words(one(observed, "names-hosts-file")).summary


def test_a_name_that_only_the_hosts_file_knows() -> None:
    observed = seen(address("10.1.1.5"), hosts=hosts("10.1.1.5"), dns=dns())
    assert codes(observed) == {"names-hosts-differs": WARNING}
    observed.roles = [HostRole.FURTHER]  # a database needs no DNS, as long as its clients have the line
    assert codes(observed) == {"names-hosts-file": INFO}


@pytest.mark.parametrize("status", [DnsStatus.TIMEOUT, DnsStatus.FAILED, DnsStatus.NO_SERVER])
def test_a_dns_that_does_not_answer_contradicts_nobody(status: DnsStatus) -> None:
    analysis, findings = judged(seen(address("10.1.1.5"), hosts=hosts("10.1.1.5"), dns=dns(status=status)))
    assert [(finding.code, finding.severity) for finding in findings] == [("names-hosts-file", INFO)]
    assert any("asked directly" in entry for entry in analysis.unmeasured)


def test_a_dns_that_was_not_asked() -> None:
    observed = seen(address("10.1.1.5"), hosts=hosts("10.1.1.5"))
    assert one(observed, "names-hosts-file").params["dns"] == "was not asked"


def test_a_line_that_is_not_followed_is_not_blamed() -> None:
    observed = seen(address("10.1.1.5"), hosts=hosts("10.1.1.9"), dns=dns("10.1.1.5"))
    assert codes(observed) == {}
    assert judged(observed)[0].answered_by is AnsweredBy.DNS


# System and DNS


def test_a_system_that_says_what_nobody_explains() -> None:
    observed = seen(address("10.1.1.5"), dns=dns("10.1.1.9"))
    assert codes(observed) == {"names-system-differs": INFO}
    assert judged(observed)[0].answered_by is AnsweredBy.SYSTEM


def test_answers_in_turn_overlap_and_are_no_finding() -> None:
    assert codes(seen(address("10.1.1.5"), dns=dns("10.1.1.6", "10.1.1.5"))) == {}


def test_a_name_that_only_a_search_domain_completes() -> None:
    observed = seen(address("10.1.1.5"), host="chat", dns=dns(searched_as="chat.acme.com"))
    assert codes(observed) == {"names-search-domain": WARNING, "names-single-label": WARNING}
    assert judged(observed)[0].answered_by is AnsweredBy.SEARCH_DOMAIN
    assert causes_of(observed) == [("names-search-domain", 1)]


def test_a_name_that_is_not_found_is_the_same_finding_as_every_probes() -> None:
    fault = Fault(FaultReason.NAME_NOT_FOUND, "Name or service not known")
    observed = seen(host="chat", name_fault=fault, system_asked=True)
    assert codes(observed) == {"net-name-not-found": ERROR, "names-single-label": WARNING}
    assert causes_of(observed) == [("net-name-not-found", 1)]


def test_the_form_of_a_name_that_does_not_exist_is_no_cause_of_its_own() -> None:
    fault = Fault(FaultReason.NAME_NOT_FOUND)
    for host in ("acme.com", "chat.acme.local"):
        assert causes_of(seen(host=host, name_fault=fault, dotted=True)) == [("net-name-not-found", 2)]


def test_an_answer_that_did_not_come_leaves_it_open() -> None:
    analysis, findings = judged(seen())
    assert findings == []
    assert analysis.undecided


# --resolve


def test_before_the_dns_is_switched_over() -> None:
    told = seen(address("192.0.2.10", told=True), system_asked=True, system=["192.0.2.9"])
    found = one(told, "names-override-differs")
    assert (found.severity, found.params["system"]) == (INFO, "leads to 192.0.2.9")
    told.system = ["192.0.2.10"]
    assert codes(told) == {}


def test_before_the_name_exists() -> None:
    fault = Fault(FaultReason.NAME_NOT_FOUND)
    told = seen(address("192.0.2.10", told=True), system_asked=True, system_fault=fault)
    assert one(told, "names-override-differs").params["system"] == "has no address here"
    told.system_fault = Fault(FaultReason.NAME_TIMEOUT)
    assert "could not be looked up" in str(one(told, "names-override-differs").params["system"])


# Management networks and several cards


@pytest.mark.parametrize(
    ("fault", "severity", "state"),
    [
        (None, WARNING, "accepts connections on port 443 all the same"),
        (FaultReason.REFUSED, ERROR, "accepts no connection on port 443: refused"),
        (FaultReason.TIMEOUT, ERROR, "accepts no connection on port 443: no answer within 5.0 s"),
        (FaultReason.LOCAL, WARNING, None),
        (FaultReason.CANCELLED, WARNING, None),
    ],
)
def test_an_address_in_a_management_network(fault: FaultReason | None, severity: Severity, state: str | None) -> None:
    observed = seen(address("10.1.1.5", 443), address("10.99.1.5", 443, fault=fault))
    found = one(observed, "names-management-address")
    assert (found.severity, found.params["state"]) == (severity, state)
    assert str(found.subject) == "chat.acme.com:443 at 10.99.1.5"
    assert found.evidence == ["/observation/addresses/1"]
    assert set(codes(observed)) - {"names-system-differs"} == {"names-management-address"}


def test_a_management_address_that_was_not_tried_belongs_to_the_name() -> None:
    found = one(seen(address("10.99.1.5")), "names-management-address")
    assert (found.severity, found.subject) == (WARNING, Subject(kind=SubjectKind.NAME, host=HOST))
    assert words(found).summary == (
        "The name chat.acme.com leads to 10.99.1.5, which is in the management network 10.99.0.0/16."
    )


def test_a_dead_one_is_told_for_each_port_and_a_living_one_once() -> None:
    dead = seen(address("10.1.1.5", 443, 8443), address("10.99.1.5", 443, 8443, fault=FaultReason.REFUSED))
    found = [finding for finding in judged(dead)[1] if finding.code == "names-management-address"]
    assert [finding.subject.port for finding in found] == [443, 8443]
    living = seen(address("10.1.1.5", 443, 8443), address("10.99.1.5", 443, 8443))
    assert one(living, "names-management-address").subject.port == 443


def test_an_address_without_a_route_to_it_is_not_called_dead() -> None:
    v6 = address("fd00:99::5", 443, fault=FaultReason.UNREACHABLE)
    v6.management = "fd00:99::/64"
    assert codes(seen(address("10.1.1.5", 443), v6))["names-management-address"] is WARNING


def test_where_the_other_checks_find_the_same_it_is_one_cause() -> None:
    observed = seen(address("10.1.1.5", 443), address("10.99.1.5", 443, fault=FaultReason.TIMEOUT))
    by_tls = Subject(kind=SubjectKind.ADDRESS, host=HOST, port=443, address="10.99.1.5")
    timeout = Finding("net-timeout", ERROR, by_tls, {"address": "10.99.1.5", "waited_s": 5.0})
    assert causes_of(observed, timeout) == [("names-management-address", 1)]
    elsewhere = Subject(kind=SubjectKind.ADDRESS, host=HOST, port=443, address="10.1.1.5")
    other = Finding("net-timeout", ERROR, elsewhere, {"address": "10.1.1.5", "waited_s": 5.0})
    assert sorted(causes_of(observed, other)) == [("names-management-address", 0), ("net-timeout", 0)]


def test_a_port_that_a_resolve_moved_is_in_the_subject_as_everywhere() -> None:
    moved = address("127.0.0.2", 443, told=True, real_port=40123, fault=FaultReason.REFUSED)
    found = one(seen(address("127.0.0.1", 443, told=True), moved), "names-address-dead")
    assert str(found.subject) == "chat.acme.com:443 at 127.0.0.2:40123"


def test_two_cards_of_this_machine() -> None:
    observed = seen(address("10.1.1.5", card="eth0"), address("10.2.1.5", card="eth1"), dns=dns("10.1.1.5"))
    assert one(observed, "names-own-cards").params["cards"] == ["eth0 (10.1.1.5)", "eth1 (10.2.1.5)"]
    same = seen(address("10.1.1.5", card="eth0"), address("10.1.1.6", card="eth0"), dns=dns("10.1.1.5"))
    assert codes(same) == {}


def test_two_cards_of_which_one_is_for_administrators_are_one_cause() -> None:
    observed = seen(address("10.1.1.5", card="eth0"), address("10.99.1.5", card="eth1"), dns=dns("10.1.1.5"))
    assert causes_of(observed) == [("names-management-address", 0)]


# Dead among living


def test_one_dead_address_of_several() -> None:
    observed = seen(address("10.1.1.5", 443), address("10.1.1.6", 443, fault=FaultReason.REFUSED), dns=dns("10.1.1.5"))
    found = one(observed, "names-address-dead")
    assert found.severity is ERROR
    assert found.params == {"where": "10.1.1.6", "count": 2, "state": "refused", "others": ["10.1.1.5"]}
    assert found.evidence == ["/observation/addresses/1/tried"]
    assert [use.accepts for use in judged(observed)[0].addresses] == [True, False]


def test_when_all_are_dead_that_is_not_the_names_matter() -> None:
    dead = [address(f"10.1.1.{number}", 443, fault=FaultReason.TIMEOUT) for number in (5, 6)]
    analysis, findings = judged(seen(*dead, dns=dns("10.1.1.5")))
    assert findings == []
    assert any("none of them accepts connections" in entry for entry in analysis.unmeasured)


def test_without_ipv6_here_nothing_is_said_of_an_ipv6_address() -> None:
    v6 = address("2606:4700::1", 443, fault=FaultReason.UNREACHABLE, source=None)
    analysis, findings = judged(seen(address("10.1.1.5", 443), v6, dns=dns("10.1.1.5")))
    assert findings == []
    assert analysis.unmeasured == ["2606:4700::1: this machine has no route to it"]


def test_a_dead_one_at_one_port_only() -> None:
    half = address("10.1.1.6", 443)
    half.tried.append(PortTried(port=1533, real_port=1533, fault=Fault(FaultReason.REFUSED)))
    observed = seen(address("10.1.1.5", 443, 1533), half, dns=dns("10.1.1.5"))
    assert one(observed, "names-address-dead").subject.port == 1533
    assert [use.accepts for use in judged(observed)[0].addresses] == [True, None]


# Ranges


@pytest.mark.parametrize("text", ["169.254.7.8", "0.0.0.0", "fe80::1", "224.0.0.1", "198.51.100.7"])  # noqa: S104 - nothing is bound
def test_an_address_at_which_nobody_can_be(text: str) -> None:
    observed = seen(address(text), address("10.1.1.5"), dns=dns(text, "10.1.1.5"))
    found = one(observed, "names-address-useless")
    assert (found.severity, found.params["others"]) == (WARNING, ["10.1.1.5"])
    observed.ports = [443]
    found = one(observed, "names-address-useless")
    assert (found.severity, str(found.subject)) == (ERROR, f"chat.acme.com:443 at {text}")


def test_a_network_built_of_example_addresses_counts_when_it_answers() -> None:
    observed = seen(address("192.0.2.7", 443), dns=dns("192.0.2.7"))
    assert codes(observed) == {}
    observed.addresses = [address("192.0.2.7", 443, fault=FaultReason.TIMEOUT)]
    assert codes(observed) == {"names-address-useless": ERROR}


def test_a_private_address_is_wrong_on_the_internet_only() -> None:
    observed = seen(address("10.1.1.5", 443, fault=FaultReason.TIMEOUT), dns=dns("10.1.1.5"))
    assert codes(observed, Vantage.INSIDE) == {}
    assert codes(observed, Vantage.INTERNET) == {"names-private-address": ERROR}
    through_a_vpn = seen(address("10.1.1.5", 443), dns=dns("10.1.1.5"))
    assert codes(through_a_vpn, Vantage.INTERNET) == {"names-private-address": WARNING}


def test_a_name_that_leads_to_the_machine_itself() -> None:
    observed = seen(address("127.0.1.1"), hosts=hosts("127.0.1.1"), dns=dns("10.1.1.5"))
    found = one(observed, "names-loopback")
    assert (found.severity, found.params["source"]) == (WARNING, "line 7 of /etc/hosts")
    assert causes_of(observed) == [("names-loopback", 1)]


def test_ipv6_only() -> None:
    observed = seen(address("2606:4700::1"), dns=dns("2606:4700::1"))
    assert codes(observed) == {"names-ipv6-only": WARNING}
    observed.dns = dns("2606:4700::1", "10.1.1.5")  # this machine was not given the other one
    assert codes(observed) == {}
    assert codes(seen(address("2606:4700::1", told=True))) == {}


# The form


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("chat.acme.com", {}),
        ("acme.com", {"names-few-labels": INFO}),
        ("chat", {"names-single-label": WARNING}),
        ("my_chat.acme.com", {"names-underscore": WARNING}),
        ("chat.acme.local", {"names-own-domain": INFO}),
        ("chat.acme.internal", {"names-own-domain": INFO}),
    ],
)
def test_the_form_of_a_name(host: str, expected: dict[str, Severity]) -> None:
    assert codes(seen(address("10.1.1.5"), host=host, dns=dns("10.1.1.5"))) == expected


def test_two_labels_are_enough_for_what_no_browser_opens() -> None:
    assert codes(seen(address("10.1.1.5"), host="acme.com", roles=[HostRole.FURTHER], dns=dns("10.1.1.5"))) == {}


def test_a_dot_at_the_end() -> None:
    assert codes(seen(address("10.1.1.5"), dotted=True, dns=dns("10.1.1.5"))) == {"names-trailing-dot": INFO}


def test_what_was_left_out_is_told() -> None:
    observed = seen(address("10.1.1.5"), dns=dns("10.1.1.5"), left_out=["a"], hosts_problem="b")
    assert judged(observed)[0].unmeasured == ["a", "b"]


def causes_of(observed: NameObservation, *others: Finding) -> list[tuple[str, int]]:
    """Causes, each with how many findings are folded under it."""
    findings = [*judged(observed)[1], *others]
    found = causes([(f"/findings/{number}", finding) for number, finding in enumerate(findings)])
    of_name = [cause for cause in found if cause.code not in ("names-hosts-file", "names-system-differs")]
    return [(cause.code, len(cause.folded)) for cause in of_name]


_TEXT = st.text(max_size=12)
_ADDRESSES = st.sampled_from(["10.1.1.5", "10.99.1.5", "fe80::1", "::1", "2606:4700::1", "x", ""]) | _TEXT
_FAULTS = st.none() | st.builds(Fault, st.sampled_from(FaultReason), _TEXT)
_TRIED = st.builds(PortTried, port=st.sampled_from([1, 443]), real_port=st.integers(1, 9), fault=_FAULTS)
_NAMED = st.builds(
    NamedAddress,
    address=_ADDRESSES,
    told_by_resolve=st.booleans(),
    range=st.sampled_from(AddressRange),
    management=st.none() | _TEXT,
    interface=st.none() | _TEXT,
    tried=st.lists(_TRIED, max_size=3),
)
_RECORDS = st.builds(
    DnsAnswer,
    status=st.sampled_from(DnsStatus),
    addresses=st.lists(_ADDRESSES, max_size=3),
    searched_as=st.none() | _TEXT,
)
_SEEN = st.builds(
    NameObservation,
    host=_TEXT,
    roles=st.lists(st.sampled_from(HostRole), max_size=2),
    ports=st.lists(st.sampled_from([1, 443]), max_size=2),
    name_fault=_FAULTS,
    system_asked=st.booleans(),
    system=st.lists(_ADDRESSES, max_size=3),
    system_fault=_FAULTS,
    hosts=st.lists(st.builds(HostsEntry, file=_TEXT, line=st.integers(1, 9), address=_ADDRESSES), max_size=2),
    dns=st.none() | _RECORDS,
    addresses=st.lists(_NAMED, max_size=4),
)


@given(_SEEN, st.none() | st.sampled_from(Vantage))
def test_whatever_was_observed_is_judged_and_told(observed: NameObservation, vantage: Vantage | None) -> None:
    analysis, findings = judged(observed, vantage)
    assert msgspec.json.decode(msgspec.json.encode(analysis), type=type(analysis)) == analysis
    for finding in findings:
        assert words(finding).summary.isprintable()
