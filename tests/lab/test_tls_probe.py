"""What the TLS probe does on the network: how many connections, how long, and whom it asks beside the target."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.lab.peers_faulty import PeerLog, full_backlog, peer, refusing, silent, watched_peer
from tests.lab.tls_servers import PAGE, names_seen, server_context, tls
from tests.peers.identity import authority, leaf

from stdiag.engine.plan import plan
from stdiag.engine.report import run_report
from stdiag.engine.runner import RunOptions, judged
from stdiag.formats.site_file import read_site
from stdiag.formats.target import parse_target
from stdiag.lab.deployment import Lab
from stdiag.model import Check, FaultReason, Outcome, Report, Site, Subject, SubjectKind, to_raw
from stdiag.net.deadline import Deadline, Timeouts
from stdiag.net.dial import Dialer
from stdiag.net.fetch_once import Fetcher
from stdiag.net.resolve import Resolver
from stdiag.net.trace import StepRecorder
from stdiag.pki.trust import TrustStore, load_files_store
from stdiag.probes.contract import Context, Tools
from stdiag.probes.tls import PROBE
from stdiag.probes.tls.observation import TlsObservation
from stdiag.probes.tls.plan import planned

HOST = "chat.example.com"
SMALL = Timeouts().scaled(0.1)
ROOM_S = 1.0
"""What a check may take beyond its longest wait."""

ROOT = authority("Example Root")
INTERMEDIATE = authority("Example Intermediate", ROOT)
LEAF = leaf(HOST, INTERMEDIATE)


@pytest.fixture
def server(tmp_path: Path) -> ssl.SSLContext:
    return server_context(tmp_path, LEAF, INTERMEDIATE.certificate)


@pytest.fixture
def trust(tmp_path: Path) -> TrustStore:
    file = tmp_path / "root.pem"
    file.write_text(ROOT.pem, encoding="ascii")
    return load_files_store([file])


def tools(*places: str, timeouts: Timeouts = SMALL, offline: bool = True) -> Tools:
    """Tools of a check, with HOST at these `ADDRESS:PORT`s; without any, nobody knows the name."""

    def lookup(_name: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    resolve = {f"{HOST}:443": ", ".join(places)} if places else {}
    resolver = Resolver(resolve, lookup=lookup, evidence=lambda _name: "")
    return Tools(
        deadline=Deadline(timeouts.check),
        timeouts=timeouts,
        steps=StepRecorder(time.monotonic()),
        resolver=resolver,
        dialer=Dialer(timeouts),
        fetcher=Fetcher(resolver),
        offline=offline,
    )


def observed(the_tools: Tools, target: str = HOST, *, quick: bool = False, name: str | None = None) -> TlsObservation:
    found = PROBE.observe(planned(parse_target(target), quick=quick, name=name), the_tools)
    assert isinstance(found, TlsObservation)
    return found


def checked(observation: TlsObservation, *stores: TrustStore) -> Check:
    subject = Subject(kind=SubjectKind.ENDPOINT, host=observation.host, port=observation.port)
    check = Check(probe="tls", subject=subject, outcome=Outcome.UNDECIDED, observation=to_raw(observation))
    return judged(check, observation, PROBE, Context(started=datetime.now(UTC), site=Site(), trust=stores))


def codes(observation: TlsObservation, *stores: TrustStore) -> dict[str, str]:
    return {finding.code: str(finding.subject) for finding in checked(observation, *stores).findings}


# How many connections


def test_quick_makes_exactly_one_connection_and_one_handshake(server: ssl.SSLContext, trust: TrustStore) -> None:
    names = names_seen(server)
    with watched_peer(tls(server, PAGE)) as log:
        observation = observed(tools(f"127.0.0.1:{log.port}", offline=False), quick=True)
        assert (log.accepted, list(names)) == (1, [HOST])
    assert [record.offer for record in observation.addresses[0].handshakes] == ["default"]
    assert checked(observation, trust).outcome is Outcome.PASS


def test_everything_is_asked_of_a_healthy_server(server: ssl.SSLContext, trust: TrustStore) -> None:
    names = names_seen(server)
    with watched_peer(tls(server, PAGE)) as log:
        observation = observed(tools(f"127.0.0.1:{log.port}"))
        assert log.most_open <= 8
        assert set(names) == {HOST, None}
    check = checked(observation, trust)
    assert (check.findings, check.undecided, check.outcome) == ([], [], Outcome.PASS)
    (address,) = observation.addresses
    offers = [record.offer for record in address.handshakes]
    assert offers[:2] == ["default", "no-sni"]
    assert {"tls1.0", "tls1.1", "tls1.2", "rsa", "dhe"} <= set(offers)
    assert address.http is not None
    assert address.http.status == 200


def test_an_address_is_never_sent_as_a_name(server: ssl.SSLContext) -> None:
    names = names_seen(server)
    with peer(tls(server, PAGE)) as port:
        observation = observed(tools(), f"127.0.0.1:{port}")
        assert set(names) == {None}
        observation = observed(tools(), f"127.0.0.1:{port}", quick=True, name=HOST)
        assert names[-1] == HOST
    assert observation.server_name == HOST


# How long


def test_a_silent_port_costs_one_step() -> None:
    with peer(silent) as port:
        began = time.monotonic()
        observation = observed(tools(f"127.0.0.1:{port}"))
        lasted = time.monotonic() - began
    assert lasted < SMALL.step + ROOM_S
    assert set(codes(observation)) == {"tls-handshake-silent"}


def test_five_silent_addresses_cost_no_more_than_one() -> None:
    with contextlib.ExitStack() as stack:
        places = [f"127.0.0.1:{stack.enter_context(peer(silent))}" for _ in range(5)]
        began = time.monotonic()
        observation = observed(tools(*places))
        lasted = time.monotonic() - began
    assert len(observation.addresses) == 5
    assert lasted < SMALL.step + ROOM_S
    assert codes(observation) == {"tls-handshake-silent": f"{HOST}:443"}


def test_dead_addresses_cost_one_connect() -> None:
    with contextlib.ExitStack() as stack:
        places = [f"127.0.0.1:{stack.enter_context(full_backlog())}" for _ in range(3)]
        began = time.monotonic()
        observation = observed(tools(*places))
        lasted = time.monotonic() - began
    assert lasted < SMALL.connect + ROOM_S
    assert codes(observation) == {"net-timeout": f"{HOST}:443"}


def test_a_good_address_is_not_held_up_or_spoilt_by_a_dead_one(server: ssl.SSLContext, trust: TrustStore) -> None:
    with peer(tls(server, PAGE)) as good, refusing() as dead:
        observation = observed(tools(f"127.0.0.1:{dead}", f"127.0.0.1:{good}"))
    found = codes(observation, trust)
    assert set(found) == {"net-refused", "tls-addresses-differ"}
    assert str(dead) in found["net-refused"]
    assert [chain.complete for chain in PROBE.judge(observation, _context(trust))[0].chains] == [True, True]


def _context(*stores: TrustStore) -> Context:
    return Context(started=datetime.now(UTC), site=Site(), trust=stores)


def test_cancelling_ends_it_within_half_a_second() -> None:
    the_tools = tools()
    with peer(silent) as port:
        threading.Timer(0.2, the_tools.deadline.cancel.set).start()
        began = time.monotonic()
        observation = observed(the_tools, f"127.0.0.1:{port}")
        lasted = time.monotonic() - began
    assert lasted < 0.7
    check = checked(observation)
    assert (check.outcome, check.findings) == (Outcome.UNDECIDED, [])


def test_a_check_whose_time_is_over_is_not_passed(server: ssl.SSLContext) -> None:
    """One of two addresses does not end in time: the other's answer alone is no verdict."""
    short = Timeouts(connect=1, step=5, check=0.4, silence=0.1)
    with peer(tls(server, PAGE)) as good, peer(silent) as bad:
        observation = observed(tools(f"127.0.0.1:{good}", f"127.0.0.1:{bad}", timeouts=short))
    assert len(observation.addresses) == 2
    assert checked(observation).outcome in (Outcome.UNDECIDED, Outcome.FAIL)


# What was found


def test_a_name_that_nobody_knows() -> None:
    observation = observed(tools())
    assert observation.name_fault is not None
    assert observation.name_fault.reason is FaultReason.NAME_NOT_FOUND
    assert codes(observation) == {"net-name-not-found": HOST}


def test_a_date_of_no_calendar_crashes_nothing(server: ssl.SSLContext, trust: TrustStore) -> None:
    page = b"HTTP/1.1 200 OK\r\nDate: Fri, 31 Dec 9999 23:59:59 -0100\r\nContent-Length: 0\r\n\r\n"
    with peer(tls(server, page)) as port:
        check = checked(observed(tools(f"127.0.0.1:{port}")), trust)
    assert (check.outcome, check.findings) == (Outcome.PASS, [])


def lab_report(*faults: str, offline: bool = False, timeouts: Timeouts = SMALL) -> tuple[Report, TlsObservation, str]:
    """The report, the observation and the issuer server's URL of a run against a lab."""
    import msgspec

    with Lab(faults) as lab:
        site, _ = read_site(lab.site_file)
        options = RunOptions(timeouts=timeouts, offline=offline)
        report = run_report(plan(site, [PROBE]), site, [PROBE], [load_files_store(site.trust.ca_files)], options)
        url = lab.issuer_url
    return report, msgspec.json.decode(report.checks[0].observation, type=TlsObservation), url


def test_a_large_hello_that_is_swallowed() -> None:
    report, observation, _ = lab_report("hello-too-large")
    assert [cause.code for cause in report.verdict.causes] == ["tls-hello-too-large"]
    large, small = (
        next(record for record in observation.addresses[0].handshakes if record.offer == offer)
        for offer in ("default", "small")
    )
    assert (large.completed, small.completed) == (False, True)
    assert large.hello_bytes > 1400 > small.hello_bytes


def test_a_missing_issuer_is_fetched_and_the_contact_recorded() -> None:
    report, observation, url = lab_report("missing-intermediate")
    (contact,) = observation.fetched
    assert contact.url.startswith(url)
    assert (contact.form, contact.fault, contact.http_status) == ("der", None, 200)
    assert [step for step in report.checks[0].steps if contact.url in f"{step.label} {step.peer} {step.detail}"]
    (cause,) = report.verdict.causes
    assert cause.code == "tls-chain-incomplete"
    assert report.checks[0].findings[0].params["proven"] == "yes"


def test_offline_asks_nobody_else() -> None:
    report, observation, _ = lab_report("missing-intermediate", offline=True)
    assert (observation.offline, observation.fetched) == (True, [])
    assert [cause.code for cause in report.verdict.causes] == ["tls-chain-incomplete"]
    assert report.checks[0].findings[0].params["recovered_from"] is None


def test_a_complete_chain_asks_nobody_else() -> None:
    _, observation, _ = lab_report()
    assert observation.fetched == []


def test_an_issuer_that_never_answers_costs_one_step() -> None:
    began = time.monotonic()
    report, observation, _ = lab_report("aia-silent")
    assert time.monotonic() - began < SMALL.step + ROOM_S
    assert [contact.fault is not None for contact in observation.fetched] == [True]
    assert [cause.code for cause in report.verdict.causes] == ["tls-chain-incomplete"]


def test_connections_are_closed(server: ssl.SSLContext) -> None:
    def still_open(log: PeerLog) -> int:
        until = time.monotonic() + 5
        while len(log.open_connections) and time.monotonic() < until:
            time.sleep(0.01)
        return len(log.open_connections)

    with watched_peer(tls(server, PAGE)) as log:
        observed(tools(f"127.0.0.1:{log.port}"))
        assert still_open(log) == 0
    with watched_peer(silent) as log:
        observed(tools(f"127.0.0.1:{log.port}"))
        assert still_open(log) == 0
