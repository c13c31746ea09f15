"""The push probe against services on loopback: what each answer, and what comes in its place, is found to be."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.lab.push_runs import HOST, analysis_of, codes, observation_of, of, run_push, severities, written
from tests.lab.push_services import apns, apple_like, pem_file, server_context, serving
from tests.minting import Authority, Minted
from tests.push_keys import PASSPHRASE, TOPIC, key_file, push_identity

from stdiag.lab.apns import ApnsBehaviour, ApnsRules
from stdiag.lab.listener import Connection
from stdiag.model import Decision, Outcome, PushEndpoints, PushSite, Site, Vantage
from stdiag.net.deadline import Timeouts
from stdiag.pki.trust import load_files_store, load_mozilla_store
from stdiag.probes.push.analysis import Shown

ROOT, ISSUING, SERVER = apple_like()
KEYS = Authority("Example Push Key CA")
NOW = datetime.now(UTC)
GOOD = push_identity(KEYS)
EXPIRED = push_identity(KEYS, not_before=NOW - timedelta(days=400), not_after=NOW - timedelta(days=35))
SANDBOX = push_identity(KEYS, (1,))
STRANGER = push_identity(Authority("Somebody Else"))


@dataclass(frozen=True)
class Rehearsal:
    """A folder with a root and a key, and the site that names them."""

    folder: Path

    def site(
        self,
        *ports: int,
        key: Minted | None = GOOD,
        host: str = HOST,
        topic: str | None = None,
        expected: bool = True,
        vantage: Vantage | None = None,
    ) -> Site:
        endpoints = [f"{host}:{443 if number == 0 else 2197}" for number in range(len(ports))]
        push = PushSite(
            key=written(self.folder, "key.p12", key_file(key)) if key else None,
            topic=topic,
            google=False,
            expected_roots=[str(pem_file(self.folder, ROOT))] if expected else [],
            endpoints=PushEndpoints(apns=endpoints),
        )
        resolve = dict(zip(endpoints, (f"127.0.0.1:{port}" for port in ports), strict=True))
        return Site(push=push, resolve=resolve, vantage=vantage)


@pytest.fixture
def rehearsal(tmp_path: Path) -> Rehearsal:
    return Rehearsal(tmp_path)


@contextlib.contextmanager
def service(
    folder: Path,
    rules: ApnsRules | None = None,
    *,
    required: bool = False,
    server: Minted = SERVER,
    highest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
) -> Iterator[int]:
    context = server_context(folder, server, ISSUING, client_ca=KEYS, required=required, highest=highest)
    with apns(context, rules) as port:
        yield port


def test_a_good_key_proves_everything(rehearsal: Rehearsal) -> None:
    with service(rehearsal.folder) as port:
        report = run_push(rehearsal.site(port), passphrase=PASSPHRASE)
    (check,) = of(report, "apns")
    found = analysis_of(check)
    assert (found.stage, found.reasons, found.http_status) == ("ok", ["ok"], 400)
    assert found.apns_reason == "BadDeviceToken"
    assert found.client_certificate is Shown.ACCEPTED
    assert found.intercepted is False
    assert report.verdict.decision is Decision.GO
    assert not codes(report)
    assert len(observation_of(check).peer_chain) == 2
    (key,) = of(report, "key")
    told = analysis_of(key)
    assert told.readable
    assert told.problem is None
    assert told.topics == [TOPIC, f"{TOPIC}.voip"]
    assert told.environments == ["production", "sandbox"]
    assert told.days_left is not None
    assert report.summary.renew_before


def test_without_a_key_the_way_is_proven(rehearsal: Rehearsal) -> None:
    with service(rehearsal.folder) as port:
        report = run_push(rehearsal.site(port, key=None))
    (check,) = of(report, "apns")
    found = analysis_of(check)
    assert (found.stage, found.http_status, found.apns_reason) == ("ok", 403, "MissingProviderToken")
    assert check.outcome is Outcome.PASS
    assert any("the key" in entry for entry in found.unmeasured)


@pytest.mark.parametrize("highest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
@pytest.mark.parametrize(
    ("key", "alert"), [(EXPIRED, "certificate_expired"), (STRANGER, "unknown_ca")], ids=["expired", "stranger"]
)
def test_a_key_that_tls_refuses(rehearsal: Rehearsal, key: Minted, alert: str, highest: ssl.TLSVersion) -> None:
    with service(rehearsal.folder, required=True, highest=highest) as port:
        report = run_push(rehearsal.site(port, key=key), passphrase=PASSPHRASE)
    (check,) = of(report, "apns")
    found = analysis_of(check)
    assert found.reasons == [f"tls-alert:{alert}"]
    assert found.client_certificate is Shown.REFUSED
    assert "push-key-refused" in codes(report)
    assert report.verdict.decision is Decision.NO_GO
    # An expired key explains the refusal, which is therefore no cause of its own.
    assert ("push-key-refused" in {cause.code for cause in report.verdict.causes}) is (key is STRANGER)


@pytest.mark.parametrize(
    ("always", "code", "severity"),
    [
        ((403, "BadCertificate"), "push-key-refused", "error"),
        ((403, "Forbidden"), "push-key-refused", "error"),
        ((403, "BadCertificateEnvironment"), "push-key-environment", "error"),
        ((400, "TopicDisallowed"), "push-key-topic-refused", "error"),
        ((400, "BadTopic"), "push-key-topic-refused", "error"),
        ((400, "MissingTopic"), "push-apns-topic-missing", "info"),
        ((403, "MissingProviderToken"), "push-key-not-asked", "error"),
        ((429, "TooManyRequests"), "push-apns-busy", "warning"),
        ((503, "ServiceUnavailable"), "push-apns-busy", "warning"),
        ((500, "InternalServerError"), "push-apns-busy", "warning"),
        ((200, ""), "push-apns-unexpected", "warning"),
        ((400, "SomethingNew"), "push-apns-unexpected", "warning"),
        ((413, "PayloadTooLarge"), "push-apns-unexpected", "warning"),
    ],
)
def test_every_other_answer_is_a_finding(
    rehearsal: Rehearsal, always: tuple[int, str], code: str, severity: str
) -> None:
    with service(rehearsal.folder, ApnsRules(always=always)) as port:
        report = run_push(rehearsal.site(port), passphrase=PASSPHRASE)
    assert severities(report) == {code: severity}
    (check,) = of(report, "apns")
    assert analysis_of(check).http_status == always[0]
    assert analysis_of(check).stage == "apns"


@pytest.mark.parametrize("always", [(400, "BadDeviceToken"), (410, "Unregistered"), (410, "ExpiredToken")])
def test_answers_that_are_good(rehearsal: Rehearsal, always: tuple[int, str]) -> None:
    with service(rehearsal.folder, ApnsRules(always=always)) as port:
        report = run_push(rehearsal.site(port), passphrase=PASSPHRASE)
    assert not codes(report)


@pytest.mark.parametrize(
    ("behaviour", "code", "reason"),
    [
        (ApnsBehaviour.SHUTDOWN, "push-apns-busy", "apns:Shutdown"),
        (ApnsBehaviour.RESETS, "push-apns-unexpected", "apns:unexpected"),
        (ApnsBehaviour.SILENT, "push-apns-silent", "target:silent"),
        (ApnsBehaviour.HTML, "push-not-apns", "target:not-apns"),
        (ApnsBehaviour.HTTP1, "push-not-apns", "target:not-apns"),
        (ApnsBehaviour.GARBAGE, "push-not-apns", "target:not-apns"),
    ],
)
def test_what_is_not_an_answer(rehearsal: Rehearsal, behaviour: ApnsBehaviour, code: str, reason: str) -> None:
    with service(rehearsal.folder, ApnsRules(behaviour)) as port:
        report = run_push(rehearsal.site(port), passphrase=PASSPHRASE, timeouts=Timeouts().scaled(0.1))
    assert codes(report) == {code}
    (check,) = of(report, "apns")
    assert analysis_of(check).reasons == [reason]


def test_a_page_in_its_place_is_quoted(rehearsal: Rehearsal) -> None:
    with service(rehearsal.folder, ApnsRules(ApnsBehaviour.HTML)) as port:
        report = run_push(rehearsal.site(port), passphrase=PASSPHRASE)
    (finding,) = of(report, "apns")[0].findings
    assert finding.params["title"] == "Blocked by policy"
    assert finding.params["status"] == 503


def test_a_connection_that_ends_after_the_handshake_may_be_the_key(rehearsal: Rehearsal) -> None:
    with service(rehearsal.folder, ApnsRules(ApnsBehaviour.CLOSES)) as port:
        report = run_push(rehearsal.site(port), passphrase=PASSPHRASE)
        without = run_push(rehearsal.site(port, key=None))
    assert codes(report) == {"push-key-probably-refused"}
    assert codes(without) == {"push-not-apns"}


def test_a_sandbox_key_at_production(rehearsal: Rehearsal) -> None:
    with service(rehearsal.folder) as port:
        report = run_push(rehearsal.site(port, key=SANDBOX), passphrase=PASSPHRASE)
    assert {"push-key-sandbox", "push-key-environment"} <= codes(report)


def test_a_sandbox_key_at_the_sandbox(rehearsal: Rehearsal) -> None:
    host = "api.sandbox.push.apple.com"
    server = ISSUING.issue(host, not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=90))
    with service(rehearsal.folder, ApnsRules(sandbox=True), server=server) as port:
        report = run_push(rehearsal.site(port, key=SANDBOX, host=host), passphrase=PASSPHRASE)
    assert codes(report) == {"push-key-sandbox"}


def test_a_topic_that_is_not_the_keys(rehearsal: Rehearsal) -> None:
    with service(rehearsal.folder) as port:
        report = run_push(rehearsal.site(port, topic="com.example.other"), passphrase=PASSPHRASE)
    assert codes(report) == {"push-key-topic", "push-key-topic-refused"}
    assert [cause.code for cause in report.verdict.causes] == ["push-key-topic"]


def test_a_service_that_demands_a_certificate(rehearsal: Rehearsal) -> None:
    with service(rehearsal.folder, required=True) as port:
        report = run_push(rehearsal.site(port, key=None))
    assert report.verdict.decision is Decision.INCOMPLETE
    assert "name a key" in of(report, "apns")[0].undecided[0]


def test_an_inspecting_firewall_is_named_whatever_is_trusted(rehearsal: Rehearsal) -> None:
    """Apple's host, another root: [trust] ca_files hold that root, and change nothing."""
    stores = [load_mozilla_store(), load_files_store([pem_file(rehearsal.folder, ROOT)])]
    with service(rehearsal.folder) as port:
        report = run_push(rehearsal.site(port, expected=False), passphrase=PASSPHRASE, stores=stores)
    (check,) = of(report, "apns")
    finding = next(finding for finding in check.findings if finding.code == "push-intercepted")
    assert finding.params["issuer"] == "Example Push Service CA"
    assert finding.params["root"] == "Example Push Service Root"
    assert finding.params["expected"] == ["USERTrust RSA Certification Authority"]
    found = analysis_of(check)
    assert found.intercepted is True
    assert found.reasons == ["target:intercepted"]
    with service(rehearsal.folder, ApnsRules(always=(403, "MissingProviderToken"))) as port:
        without = run_push(rehearsal.site(port, expected=False), passphrase=PASSPHRASE, stores=stores)
    # Whoever answers in Apple's place says nothing of the key.
    assert "push-intercepted" in codes(without)
    assert "push-key-not-asked" not in codes(without)
    assert any("the key" in entry for entry in analysis_of(of(without, "apns")[0]).unmeasured)
    assert report.verdict.decision is Decision.NO_GO


def test_a_host_that_is_not_apples_is_trusted_by_any_store(rehearsal: Rehearsal) -> None:
    host = "relay.example.com"
    server = ISSUING.issue(host, not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=90))
    stores = [load_files_store([pem_file(rehearsal.folder, ROOT)])]
    with service(rehearsal.folder, server=server) as port:
        site = rehearsal.site(port, host=host, expected=False)
        trusted = run_push(site, passphrase=PASSPHRASE, stores=stores)
        untrusted = run_push(site, passphrase=PASSPHRASE, stores=[load_mozilla_store()])
    assert not codes(trusted)
    assert analysis_of(of(trusted, "apns")[0]).intercepted is None
    assert codes(untrusted) == {"push-untrusted"}


def test_the_name_is_compared(rehearsal: Rehearsal) -> None:
    server = ISSUING.issue("another.example.com", not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=9))
    with service(rehearsal.folder, server=server) as port:
        report = run_push(rehearsal.site(port), passphrase=PASSPHRASE)
    assert codes(report) == {"push-server-name"}


def test_a_name_like_apples_root_on_another_key_is_no_proof(rehearsal: Rehearsal) -> None:
    from stdiag.probes.push.services import APPLE_ROOT

    term = {"not_before": NOW - timedelta(days=1), "not_after": NOW + timedelta(days=90)}
    fake = Authority(APPLE_ROOT, **term)  # type: ignore[arg-type]  # a dict of some knobs
    context = server_context(rehearsal.folder, fake.issue(HOST, **term), fake, client_ca=KEYS)  # type: ignore[arg-type]
    with apns(context) as port:
        site = rehearsal.site(port, expected=False)
        report = run_push(site, passphrase=PASSPHRASE, stores=[load_mozilla_store()])
    assert "push-intercepted" in codes(report)


def test_one_port_is_enough(rehearsal: Rehearsal) -> None:
    with service(rehearsal.folder) as port, closed_port() as dead:
        report = run_push(rehearsal.site(port, dead), passphrase=PASSPHRASE)
    assert severities(report) == {"push-blocked": "warning"}
    assert report.verdict.decision is Decision.GO


def test_no_port_at_all(rehearsal: Rehearsal) -> None:
    with closed_port() as one, closed_port() as two:
        report = run_push(rehearsal.site(one, two), passphrase=PASSPHRASE)
    assert severities(report) == {"push-blocked": "warning", "push-all-blocked": "error"}
    assert [cause.code for cause in report.verdict.causes] == ["push-all-blocked"]
    assert [analysis_of(check).reasons for check in of(report, "apns")] == [["remote-tcp:refused"]] * 2


def test_everything_blocked_takes_one_time_out(rehearsal: Rehearsal) -> None:
    with full_backlog() as one, full_backlog() as two, full_backlog() as three:
        everything_blocked(rehearsal, one, two, three)


def test_everything_blocked_at_one_place_takes_one_time_out(rehearsal: Rehearsal) -> None:
    """More checks than there may be connections to one address and port."""
    with full_backlog() as port:
        everything_blocked(rehearsal, port, port, port)


def everything_blocked(rehearsal: Rehearsal, one: int, two: int, other: int) -> None:
    site = rehearsal.site(one, two)
    assert site.push is not None
    site.push.google = True
    site.push.legacy = True
    site.push.device_side = True
    google = ("fcm", "oauth2", "accounts", "iid")
    site.push.endpoints.google = [f"{name}.googleapis.com:{other}" for name in google]
    site.push.endpoints.devices = [f"mtalk.google.com:{other}", *(f"alt{n}-mtalk.google.com:{other}" for n in (1, 2))]
    site.push.endpoints.legacy = [f"{name}.push.apple.com:{other}" for name in ("gateway", "feedback")]
    for named in (site.push.endpoints.google, site.push.endpoints.devices, site.push.endpoints.legacy):
        site.resolve |= {endpoint.rpartition(":")[0]: "127.0.0.1" for endpoint in named}
    started = time.monotonic()
    report = run_push(site, passphrase=PASSPHRASE, timeouts=Timeouts().scaled(0.2))
    took = time.monotonic() - started
    assert len(report.checks) == 12
    assert took < 1.0 + 1.0
    assert {"push-all-blocked", "push-google-blocked", "push-device-blocked", "push-legacy-retired"} <= codes(report)


def test_from_elsewhere_it_only_warns(rehearsal: Rehearsal) -> None:
    with closed_port() as one, closed_port() as two:
        report = run_push(rehearsal.site(one, two, vantage=Vantage.INSIDE), passphrase=PASSPHRASE)
        there = run_push(rehearsal.site(one, two, vantage=Vantage.STPROXY), passphrase=PASSPHRASE)
    assert set(severities(report).values()) == {"warning"}
    assert "push-elsewhere" in codes(report)
    assert report.verdict.decision is Decision.GO
    assert there.verdict.decision is Decision.NO_GO
    assert "push-elsewhere" not in codes(there)


@pytest.mark.parametrize("vantage", [None, Vantage.INSIDE, Vantage.INTERNET, Vantage.STPROXY])
@pytest.mark.parametrize("phone", ["ios", "android"])
def test_phones_among_the_clients_alone_stop_nobody_from_elsewhere(phone: str, vantage: Vantage | None) -> None:
    hosts = ("api.push.apple.com", "fcm.googleapis.com", "oauth2.googleapis.com", "accounts.google.com")
    with closed_port() as dead:
        resolve = dict.fromkeys((*hosts, "iid.googleapis.com"), f"127.0.0.1:{dead}")
        report = run_push(Site(clients=[phone], vantage=vantage, resolve=resolve))
    assert {check.subject.host in hosts[:1] for check in report.checks} == {phone == "ios"}
    at_home = vantage is Vantage.STPROXY
    assert report.verdict.decision is (Decision.NO_GO if at_home else Decision.GO)
    assert ("push-elsewhere" in codes(report)) is not at_home


def test_a_key_that_has_expired_has_expired_everywhere(rehearsal: Rehearsal) -> None:
    with service(rehearsal.folder) as port:
        report = run_push(rehearsal.site(port, key=EXPIRED, vantage=Vantage.INSIDE), passphrase=PASSPHRASE)
    assert severities(report)["push-key-expired"] == "error"
    assert report.verdict.decision is Decision.NO_GO


def test_a_key_that_cannot_be_opened_leaves_the_way(rehearsal: Rehearsal) -> None:
    with service(rehearsal.folder) as port:
        report = run_push(rehearsal.site(port), passphrase="wrong")  # noqa: S106 - a wrong one
    assert codes(report) == {"push-key-wrong-passphrase"}
    assert analysis_of(of(report, "apns")[0]).apns_reason == "MissingProviderToken"


@pytest.mark.parametrize(
    ("port", "expected"),
    [
        (2195, {"push-legacy-configured": "error", "push-legacy-retired": "warning"}),
        (
            2196,
            {"push-legacy-configured": "error", "push-legacy-port-defect": "warning", "push-legacy-retired": "warning"},
        ),
        (443, {}),
        (None, {}),
    ],
)
def test_a_server_that_is_configured_for_the_retired_interface(
    rehearsal: Rehearsal, port: int | None, expected: dict[str, str]
) -> None:
    with service(rehearsal.folder) as alive, closed_port() as dead:
        site = rehearsal.site(alive)
        assert site.push is not None
        site.push.notification_port = port
        site.resolve |= dict.fromkeys(("gateway.push.apple.com", "feedback.push.apple.com"), f"127.0.0.1:{dead}")
        report = run_push(site, passphrase=PASSPHRASE)
    assert severities(report) == expected
    assert report.verdict.decision is (Decision.NO_GO if expected else Decision.GO)


def test_an_answer_under_apples_old_names_is_not_apple(rehearsal: Rehearsal) -> None:
    server = ISSUING.issue(
        "gateway.push.apple.com", not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=9)
    )
    with service(rehearsal.folder) as alive, legacy_gateway(rehearsal.folder, server) as old:
        site = rehearsal.site(alive)
        assert site.push is not None
        site.push.endpoints.legacy = ["gateway.push.apple.com:2195"]
        site.resolve["gateway.push.apple.com"] = f"127.0.0.1:{old}"
        report = run_push(site, passphrase=PASSPHRASE)
        site.push.endpoints.legacy = ["relay.example.com:2195"]
        site.resolve["relay.example.com"] = f"127.0.0.1:{old}"
        relay = run_push(site, passphrase=PASSPHRASE)
    assert severities(report) == {"push-legacy-answered": "warning"}
    assert not codes(relay)
    (check,) = of(relay, "legacy")
    found = analysis_of(check)
    assert found.stage == "ok"
    assert found.client_certificate is Shown.ACCEPTED
    assert found.peer_issuer == "Example Push Service CA"


def test_the_old_interface_refuses_a_key_after_the_handshake(rehearsal: Rehearsal) -> None:
    server = ISSUING.issue("relay.example.com", not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=9))
    with service(rehearsal.folder) as alive, legacy_gateway(rehearsal.folder, server) as old:
        site = rehearsal.site(alive, key=STRANGER)
        assert site.push is not None
        site.push.endpoints.legacy = ["relay.example.com:2195"]
        site.resolve["relay.example.com"] = f"127.0.0.1:{old}"
        report = run_push(site, passphrase=PASSPHRASE)
    (check,) = of(report, "legacy")
    assert analysis_of(check).reasons == ["tls-alert:unknown_ca"]
    assert {finding.code for finding in check.findings} == {"push-key-refused"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b'HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n\r\n{"error":{"code":401}}', set()),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n<title>No</title>", {"push-google-unexpected"}),
        (b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n\r\n{}", {"push-google-unexpected"}),
        (b"", {"push-google-unexpected"}),
    ],
)
def test_google(rehearsal: Rehearsal, answer: bytes, expected: set[str]) -> None:
    host = "fcm.googleapis.com"
    server = ISSUING.issue(host, not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=90))
    context = server_context(rehearsal.folder, server, ISSUING)

    def handle(connection: Connection) -> None:
        tls = context.wrap_socket(connection.socket, server_side=True)
        connection.socket = tls
        tls.recv(4096)
        tls.sendall(answer)

    with service(rehearsal.folder) as alive, serving(handle) as port:
        site = rehearsal.site(alive)
        assert site.push is not None
        site.push.google = True
        site.push.endpoints.google = [f"{host}:443"]
        site.resolve[host] = f"127.0.0.1:{port}"
        report = run_push(site, passphrase=PASSPHRASE)
        site.push.expected_roots = []
        site.push.endpoints.apns = ["relay.example.com:443"]
        site.resolve["relay.example.com"] = f"127.0.0.1:{alive}"
        inspected = run_push(site, passphrase=PASSPHRASE, stores=[load_mozilla_store()])
    assert codes(report) == expected
    assert "push-google-intercepted" in codes(inspected)


@contextlib.contextmanager
def legacy_gateway(folder: Path, server: Minted) -> Iterator[int]:
    """The old interface: TLS with a demanded certificate, and then silence."""
    context = server_context(folder, server, ISSUING, client_ca=KEYS, required=True)

    def handle(connection: Connection) -> None:
        tls = context.wrap_socket(connection.socket, server_side=True)
        connection.socket = tls
        tls.recv(4096)

    with serving(handle) as port:
        yield port


@contextlib.contextmanager
def closed_port() -> Iterator[int]:
    """A port that refuses connections, kept from others."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@contextlib.contextmanager
def full_backlog() -> Iterator[int]:
    """A port that answers no connect: its backlog is full."""
    with socket.socket() as listening, contextlib.ExitStack() as stack:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        time.sleep(0.05)
        yield listening.getsockname()[1]
