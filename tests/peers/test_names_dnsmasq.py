"""Names on machines of their own, with dnsmasq as their name server; getent asks the same C library beside."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from tests.peers.command import Run
from tests.peers.machine import Machine

pytestmark = pytest.mark.peer("dnsmasq", "unshare", "ip", "getent")

NAME = "chat.acme.test"
TWO_CARDS = {"front": ["10.20.1.77/24"], "back": ["10.99.1.77/16"]}
ONE = f"host-record={NAME},10.20.1.5"
BOTH = (ONE, f"host-record={NAME},10.99.1.5")
MANAGEMENT = ("--management-network", "10.99.0.0/16")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "machine")


def observed(run: Run) -> dict[str, Any]:
    """The facts about the first host."""
    return dict(run.report["checks"][0]["observation"])


def found(run: Run) -> dict[str, str]:
    """Code → severity."""
    return {finding["code"]: finding["severity"] for finding in run.findings}


def test_a_name_in_order(machine: Machine) -> None:
    machine.records = [ONE, f"cname=www.acme.test,{NAME}"]
    run, system = machine.names("www.acme.test", asked="www.acme.test")
    seen = observed(run)
    assert (run.decision, run.codes) == ("go", set())
    assert seen["system"] == system == ["10.20.1.5"]
    assert (seen["dns"]["addresses"], seen["dns"]["aliases"]) == (["10.20.1.5"], [NAME])
    assert seen["addresses"][0]["reverse"] == [NAME]
    assert (seen["addresses"][0]["source"], seen["addresses"][0]["source_interface"]) == ("10.20.1.77", "front")
    assert {card["interface"] for card in seen["own"]} >= {"lo", "front"}


def test_two_cards_in_the_dns_and_the_line_that_cures_it(machine: Machine) -> None:
    machine.cards = {"front": ["10.20.1.5/24"], "back": ["10.99.1.5/16"]}
    machine.records, machine.listening = BOTH, ["10.20.1.5:1533"]
    run, system = machine.names(f"{NAME}:1533", *MANAGEMENT, asked=NAME)
    assert sorted(observed(run)["system"]) == sorted(system) == ["10.20.1.5", "10.99.1.5"]
    assert (run.decision, run.causes) == ("no-go", ["names-management-address"])
    assert run.finding("names-management-address")["params"]["state"].endswith("1533: refused")
    machine.hosts = f"10.20.1.5 {NAME}"
    run, system = machine.names(f"{NAME}:1533", *MANAGEMENT, asked=NAME)
    assert observed(run)["system"] == system == ["10.20.1.5"]
    assert (run.decision, found(run)) == ("go", {"names-hosts-file": "info"})
    assert "this line is the cure" in run.finding("names-hosts-file")["params"]["dns"]


def test_a_line_that_leads_elsewhere(machine: Machine) -> None:
    machine.records, machine.hosts = [ONE], f"10.20.1.9 node {NAME}"
    run, system = machine.names(NAME, asked=NAME)
    assert observed(run)["system"] == system == ["10.20.1.9"]
    assert found(run) == {"names-hosts-differs": "warning"}
    assert run.finding("names-hosts-differs")["params"]["place"] == "line 2 of /etc/hosts"


def test_a_name_of_the_machine_itself_as_debian_writes_it(machine: Machine) -> None:
    machine.records, machine.hosts = [ONE], f"127.0.1.1 {NAME} chat"
    run, system = machine.names(NAME, asked=NAME)
    assert observed(run)["system"] == system == ["127.0.1.1"]
    assert run.causes == ["names-loopback"]


def test_a_short_name_is_completed_by_the_search_domain(machine: Machine) -> None:
    machine.records, machine.search = [ONE], "corp.test acme.test"
    run, system = machine.names("chat", asked="chat")
    assert observed(run)["system"] == system == ["10.20.1.5"]
    assert observed(run)["dns"]["searched_as"] == NAME
    assert run.causes == ["names-search-domain"]


def test_a_name_that_does_not_exist(machine: Machine) -> None:
    machine.records = [ONE]
    run, system = machine.names("mux.acme.test", asked="mux.acme.test")
    assert system == []
    assert (run.decision, run.causes) == ("no-go", ["net-name-not-found"])


def test_an_address_with_the_name_of_a_server_that_is_elsewhere(machine: Machine) -> None:
    machine.records = [
        f"address=/{NAME}/10.20.1.5",
        "address=/mux.acme.test/10.20.1.6",
        "ptr-record=5.1.20.10.in-addr.arpa,mux.acme.test",
    ]
    run, system = machine.names(NAME, "mux.acme.test", asked=NAME)
    assert observed(run)["system"] == system
    assert found(run) == {"names-reverse-other": "warning"}
    assert run.finding("names-reverse-other")["params"]["there"] == ["10.20.1.6"]


def test_ipv6_only(machine: Machine) -> None:
    machine.cards = {"front": ["10.20.1.77/24", "fd00:20::77/64"]}
    machine.records = [f"address=/{NAME}/fd00:20::5"]
    run, system = machine.names(NAME, asked=NAME)
    assert observed(run)["system"] == system == ["fd00:20::5"]
    assert found(run) == {"names-ipv6-only": "warning"}
    assert observed(run)["addresses"][0]["source"] == "fd00:20::77"


def test_connections_that_leave_by_the_management_card(machine: Machine) -> None:
    machine.cards, machine.records = TWO_CARDS, [f"host-record={NAME},10.30.1.5"]
    machine.routes = ["default via 10.99.1.1"]
    there = ["ip", "-j", "route", "get", "10.30.1.5"]
    run, _ = machine.names(NAME, *MANAGEMENT, asked=NAME)
    (route,) = machine.run(there)
    assert found(run) == {"names-source-management": "warning"}
    params = run.finding("names-source-management")["params"]
    told = json.loads(route.stdout)[0]
    assert (params["local"], params["card"]) == (told["prefsrc"], told["dev"]) == ("10.99.1.77", "back")
    assert observed(run)["default_sources"] == ["10.99.1.77"]


def test_one_dead_address_of_two(machine: Machine) -> None:
    machine.cards = {"front": ["10.20.1.5/24", "10.20.1.6/24"]}
    machine.records = [ONE, f"host-record={NAME},10.20.1.6"]
    machine.listening = ["10.20.1.5:443"]
    run, _ = machine.names(f"{NAME}:443", asked=NAME)
    assert (run.decision, run.causes) == ("no-go", ["names-address-dead"])
    assert run.finding("names-address-dead")["subject"]["address"] == "10.20.1.6"
    machine.listening = ["10.20.1.5:443", "10.20.1.6:443"]
    run, _ = machine.names(f"{NAME}:443", asked=NAME)
    assert (run.decision, run.codes) == ("go", set())


def test_a_dead_name_server_costs_its_time_out_once(machine: Machine) -> None:
    machine.dns_is_dead = True
    began = time.monotonic()
    run, system = machine.names(NAME, "mux.acme.test", "db2.acme.test", "--timeout", "0.2", asked=NAME)
    assert time.monotonic() - began < 10
    assert system == []
    assert set(run.causes) <= {"net-name-server-failure", "net-name-timeout"}
    assert run.report["run"]["duration_us"] < 6_000_000


def test_a_dead_name_server_beside_a_hosts_file(machine: Machine) -> None:
    machine.dns_is_dead, machine.hosts = True, f"10.20.1.5 {NAME}"
    run, system = machine.names(NAME, "--timeout", "0.2", asked=NAME)
    assert observed(run)["system"] == system == ["10.20.1.5"]
    assert (run.decision, found(run)) == ("go", {"names-hosts-file": "info"})
    assert observed(run)["dns"]["status"] == "timeout"
    assert run.report["summary"]["not_checked"]


def test_the_name_of_this_machine_leads_to_two_of_its_cards(machine: Machine) -> None:
    machine.cards = {"front": ["10.20.1.5/24"], "inner": ["10.21.1.5/24"]}
    machine.records = [ONE, f"host-record={NAME},10.21.1.5"]
    run, system = machine.names(NAME, asked=NAME)
    assert sorted(system) == ["10.20.1.5", "10.21.1.5"]
    assert found(run) == {"names-own-cards": "warning"}
    assert sorted(run.finding("names-own-cards")["params"]["cards"]) == ["front (10.20.1.5)", "inner (10.21.1.5)"]
