"""The provisioning probe against servers on loopback that each do one thing wrong."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest
from tests.lab import peers_faulty as peers
from tests.lab.peers_faulty import peer, watched_peer
from tests.lab.provisioning.web import HEALTHY, PROXY_INFO, Page, serves, web
from tests.lab.tls_servers import server_context, tls
from tests.peers.identity import authority, leaf

from stdiag.engine.plan import plan
from stdiag.engine.report import run_report
from stdiag.engine.runner import RunOptions
from stdiag.model import Check, Outcome, Report, Site, StproxySite
from stdiag.net.deadline import Timeouts
from stdiag.probes.provisioning.observation import ProvisioningObservation
from stdiag.probes.registry import probe_named

SECRET = "s3cr3t-in-a-link"  # noqa: S105 - it opens nothing


def report_on(url: str, *, seconds: float = 1.0, resolve: dict[str, str] | None = None) -> Report:
    site = Site(stproxy=StproxySite(provisioning_url=url), resolve=resolve or {})
    probes = (probe_named("provisioning"),)
    return run_report(plan(site, probes), site, probes, [], RunOptions(timeouts=Timeouts().scaled(seconds)))


def check_on(port: int, *, more: str = "", scheme: str = "sametime", seconds: float = 1.0) -> Check:
    mode = "&ssl=false" if scheme == "sametime" else ""
    url = f"{scheme}://127.0.0.1:{port}/?action=AddCommunity{mode}{more}"
    (check,) = report_on(url, seconds=seconds).checks
    return check


def codes(check: Check) -> list[str]:
    return [finding.code for finding in check.findings if finding.code not in ("prov-port-usually-plain",)]


def observation_of(check: Check) -> ProvisioningObservation:
    return msgspec.json.decode(check.observation, type=ProvisioningObservation)


def test_a_healthy_one_is_asked_once() -> None:
    with watched_peer(serves(HEALTHY)) as log:
        check = check_on(log.port)
    assert (check.outcome, check.findings) == (Outcome.PASS, [])
    assert log.accepted == 1


@pytest.mark.parametrize(
    ("pages", "code"),
    [
        ({PROXY_INFO: Page(body=b'{"communityConnected":false}')}, "prov-community-down"),
        ({PROXY_INFO: Page("502 Bad Gateway")}, "prov-backend-down"),
        ({PROXY_INFO: Page("401 Unauthorized", ('WWW-Authenticate: Basic realm="a"',))}, "prov-proxy-auth-unexpected"),
        ({PROXY_INFO: Page("401 Unauthorized", ("WWW-Authenticate: Negotiate",))}, "prov-proxy-auth-scheme"),
        ({PROXY_INFO: Page("302 Found", ("Location: http://sso.example.com/x",))}, "prov-foreign-login"),
        ({PROXY_INFO: Page("302 Found", ("Location: http://www.example.com/",))}, "prov-redirect-elsewhere"),
        ({PROXY_INFO: Page("302 Found", (f"Location: {PROXY_INFO}",))}, "prov-redirect-elsewhere"),
        ({PROXY_INFO: Page(body=b"<html><form><input type=password>")}, "prov-foreign-login"),
        ({PROXY_INFO: Page(body=b"<html><title>A wiki</title>")}, "prov-not-stproxy"),
        ({PROXY_INFO: Page(body=b"x" * 200_000)}, "prov-not-stproxy"),
        ({"/": Page(body=b"<html><h1>It works!</h1>")}, "prov-not-stproxy"),
        ({}, "prov-stproxy-unknown"),
    ],
)
def test_what_answers_is_told_apart(pages: dict[str, Page], code: str) -> None:
    with web(pages) as port:
        assert codes(check_on(port)) == [code]


@pytest.mark.parametrize(
    "behaviour",
    [
        peers.closes,
        peers.resets,
        peers.answers(peers.SMTP_BANNER),
        peers.answers(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"),
        peers.silent,
        peers.drips(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 2000),
        peers.floods(b"x" * 4096, before=b"HTTP/1.1 200 OK\r\n\r\n" + b'{"isSAML":'),
    ],
    ids=["closes", "resets", "smtp", "cut short", "silent", "drips", "floods"],
)
def test_no_proper_answer(behaviour: peers.Behaviour) -> None:
    started = time.monotonic()
    with peer(behaviour) as port:
        check = check_on(port, seconds=0.1)
    assert time.monotonic() - started < 6
    assert codes(check) in (["prov-no-answer"], ["prov-not-stproxy"])  # a flood is too large before it is too slow
    assert check.outcome is Outcome.FAIL


def test_redirects_within_the_host_are_followed_and_recorded() -> None:
    pages = {
        PROXY_INFO: Page("302 Found", ("Location: /a?token=secret#x",)),
        "/a": Page("301 Moved", ("Location: b",)),
        "/b": HEALTHY[PROXY_INFO],
    }
    with web(pages) as port:
        check = check_on(port)
    assert check.outcome is Outcome.PASS
    hops = observation_of(check).addresses[0].proxyinfo
    assert [hop.url.partition(f":{port}")[2] for hop in hops] == [PROXY_INFO, "/a", "/b"]
    assert b"secret" not in bytes(check.observation)


def test_no_more_than_five_redirects() -> None:
    pages = {f"/{number}": Page("302 Found", (f"Location: /{number + 1}",)) for number in range(20)}
    with watched_peer(serves({PROXY_INFO: Page("302 Found", ("Location: /0",)), **pages})) as log:
        check = check_on(log.port)
    assert codes(check) == ["prov-redirect-elsewhere"]
    assert len(observation_of(check).addresses[0].proxyinfo) == 6


def test_another_host_is_not_contacted() -> None:
    with (
        watched_peer(serves({})) as other,
        web({PROXY_INFO: Page("302 Found", (f"Location: http://localhost:{other.port}/",))}) as port,
    ):
        check = check_on(port)
    assert codes(check) == ["prov-redirect-elsewhere"]
    assert other.accepted == 0


def test_plain_where_the_url_says_tls() -> None:
    with web(HEALTHY) as port:
        check = check_on(port, scheme="hclsametime")
    assert codes(check) == ["prov-tls-port-speaks-plain"]


def test_tls_where_the_url_says_plain(tmp_path: Path) -> None:
    context = server_context(tmp_path, leaf("127.0.0.1", authority("Example Root")))
    with peer(tls(context, HEALTHY[PROXY_INFO].encoded())) as port:
        check = check_on(port)
    assert codes(check) == ["prov-plain-port-speaks-tls"]


def test_tls_as_the_url_says_whatever_the_certificate(tmp_path: Path) -> None:
    context = server_context(tmp_path, leaf("another.example.com", authority("Example Root")))
    with peer(tls(context, HEALTHY[PROXY_INFO].encoded())) as port:
        check = check_on(port, scheme="hclsametime")
    assert (codes(check), check.outcome) == ([], Outcome.PASS)


def test_no_handshake_is_the_tls_probes_matter() -> None:
    with peer(peers.closes) as port:
        check = check_on(port, scheme="hclsametime")
    assert (codes(check), check.outcome) == ([], Outcome.UNDECIDED)


def test_nobody_listens() -> None:
    with peers.refusing() as port:
        check = check_on(port)
    assert codes(check) == ["net-refused"]


def test_a_dead_host_costs_one_connect_time_out() -> None:
    with peers.full_backlog() as port, peers.full_backlog() as photos:
        started = time.monotonic()
        check = check_on(port, more=f"&photoPort={photos}", seconds=0.2)
        lasted = time.monotonic() - started
    assert codes(check) == ["net-timeout"]
    assert 1.0 <= lasted < 2.0


def test_two_addresses_of_which_one_is_wrong() -> None:
    with web(HEALTHY) as good, web({PROXY_INFO: Page("503 Service Unavailable")}) as bad:
        name = "chat.example.test"
        resolve = {f"{name}:9080": f"127.0.0.1:{good},127.0.0.1:{bad}"}
        report = report_on(f"sametime://{name}:9080/?action=AddCommunity&ssl=false", resolve=resolve)
    (finding,) = report.checks[0].findings
    assert (finding.code, finding.subject.address) == ("prov-backend-down", f"127.0.0.1:{bad}")


def test_a_photo_port_in_plain_and_over_tls(tmp_path: Path) -> None:
    context = server_context(tmp_path, leaf("127.0.0.1", authority("Example Root")))
    with web(HEALTHY) as port, web({}) as plain, peer(tls(context, Page("404 Not Found").encoded())) as encrypted:
        assert codes(check_on(port, more=f"&photoPort={plain}")) == []
        assert codes(check_on(port, more=f"&photoPort={encrypted}")) == []


@pytest.mark.parametrize("behaviour", [peers.closes, peers.answers(peers.SSH_BANNER)])
def test_a_photo_port_that_is_none(behaviour: peers.Behaviour) -> None:
    with web(HEALTHY) as port, peer(behaviour) as photos:
        check = check_on(port, more=f"&photoPort={photos}")
    assert codes(check) == ["prov-photo-port"]
    assert check.outcome is Outcome.WARN


def test_a_photo_port_where_nobody_listens() -> None:
    with web(HEALTHY) as port, peers.refusing() as photos:
        assert codes(check_on(port, more=f"&photoPort={photos}")) == ["prov-photo-port"]


def test_no_credentials_are_sent_and_no_secret_is_kept() -> None:
    pages = {PROXY_INFO: Page("401 Unauthorized", ('WWW-Authenticate: Basic realm="a"',))}
    with watched_peer(peers.answers(pages[PROXY_INFO].encoded())) as log:
        url = f"sametime://user:{SECRET}@127.0.0.1:{log.port}/?action=AddCommunity&ssl=false"
        report = report_on(url)
    asked = b"".join(log.received)
    assert b"authorization" not in asked.lower()
    assert SECRET.encode() not in asked
    encoded = msgspec.json.encode(report.checks)
    assert SECRET.encode() not in encoded
    assert b"prov-password-in-url" in encoded


def test_control_characters_from_a_server_are_kept_as_data_only() -> None:
    head = "Server: \x1b[31mred"
    with web({PROXY_INFO: Page("502 Bad", (head,), b"<html><title>\x1b[2J</title>")}) as port:
        check = check_on(port)
    assert codes(check) == ["prov-backend-down"]
