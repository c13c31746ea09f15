"""Every code of the push family is found in some situation, and each finding points at its facts."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from tests.minting import NOW, Authority, Minted
from tests.push_keys import PASSPHRASE, TOPIC, key_file, push_identity

from stdiag.catalogue.kinds import push
from stdiag.engine.runner import judged
from stdiag.engine.together_push import push_findings
from stdiag.model import Check, Fault, FaultReason, Outcome, PushSite, Site, Subject, SubjectKind, Vantage, to_raw
from stdiag.net.credentials import Secret
from stdiag.pki.certificate import parse_certificate
from stdiag.pki.trust import TrustStore, load_mozilla_store
from stdiag.probes.contract import Context
from stdiag.probes.push import PROBE
from stdiag.probes.push.files import read_key
from stdiag.probes.push.observation import (
    ConnectAttempt,
    KeyFile,
    ProxyAnswer,
    ProxyWay,
    PushExchange,
    PushObservation,
    TrustStoreFile,
)
from stdiag.probes.push.services import APPLE_ROOT_NAME, PushQuestion
from stdiag.probes.shared.handshake import Handshake
from stdiag.probes.shared.record import sent

HOST = "api.push.apple.com"
ROOT = Authority("Example Push Root")
SERVER = ROOT.issue(HOST)
KEYS = Authority("Example Push CA")
GOOD = push_identity(KEYS)


def record(data: bytes, folder: Path, passphrase: str | None = PASSPHRASE) -> KeyFile:
    """What the probe records of a file with this content."""
    file = folder / "key.p12"
    file.write_bytes(data)
    return read_key(str(file), Secret(passphrase) if passphrase is not None else None)[0]


def of_key(key: KeyFile, **more: Any) -> PushObservation:
    return PushObservation(question=PushQuestion.KEY, key=key, **more)


def served(
    exchange: PushExchange | None = None,
    *,
    question: PushQuestion = PushQuestion.APNS,
    chain: list[Minted] | None = None,
    host: str = HOST,
    owner: str = "apple",
    expected: list[Minted] | None = None,
    **more: Any,
) -> PushObservation:
    """An endpoint that was spoken to; its chain leads to the expected root unless said otherwise."""
    shown = [SERVER] if chain is None else chain
    return PushObservation(
        question=question,
        host=host,
        port=443,
        service_of=owner,
        address="192.0.2.1",
        attempts=[ConnectAttempt(address="192.0.2.1", port=443)],
        handshake=more.pop("handshake", None)
        or Handshake(offer="push", server_name=host, completed=True, protocol="TLSv1.3", client_cert_requested=True),
        peer_chain=[sent(parse_certificate(one.der)) for one in shown],
        expected_roots=[sent(parse_certificate(one.der)) for one in ([ROOT] if expected is None else expected)],
        exchange=exchange,
        **more,
    )


def answer(status: int | None, reason: str | None = None, **more: Any) -> PushExchange:
    return PushExchange(
        protocol="h2",
        asked="POST /3/device/0",
        settings_received=True,
        status=status,
        reason=reason,
        apns_id=True,
        **more,
    )


def with_key(exchange: PushExchange, **more: Any) -> PushObservation:
    certificate = sent(parse_certificate(GOOD.der))
    key = KeyFile(file="key.p12", opens_with="passphrase", certificate=certificate)
    return served(exchange, certificate_shown=True, key=key, **more)


def dead(
    question: PushQuestion = PushQuestion.APNS, host: str = HOST, owner: str = "apple", **more: Any
) -> PushObservation:
    fault = Fault(FaultReason.TIMEOUT)
    return PushObservation(
        question=question,
        host=host,
        port=more.pop("port", 443),
        service_of=owner,
        attempts=[ConnectAttempt(address="192.0.2.1", port=443, fault=fault, waited_us=5_000_000)],
        **more,
    )


def through(
    ended_at: str, reason: FaultReason, *replies: ProxyAnswer, proxy: str = "http://proxy:3128"
) -> PushObservation:
    way = ProxyWay(proxy=proxy, host="proxy", port=3128, ended_at=ended_at, replies=list(replies), fault=Fault(reason))
    return PushObservation(question=PushQuestion.APNS, host=HOST, port=443, service_of="apple", way=way)


def context(site: Site | None = None, *stores: TrustStore) -> Context:
    return Context(started=NOW, site=site or Site(push=PushSite()), trust=stores)


def checked(observation: PushObservation, site: Context | None = None) -> Check:
    """The check of an observation, judged."""
    subject = Subject(kind=SubjectKind.ENDPOINT, host=observation.host, port=observation.port)
    if observation.way:
        subject = msgspec.structs.replace(subject, via=observation.way.proxy)
    check = Check(probe="push", subject=subject, outcome=Outcome.UNDECIDED, observation=to_raw(observation))
    return judged(check, observation, PROBE, site or context())


def codes(observation: PushObservation, site: Context | None = None) -> list[str]:
    return [finding.code for finding in checked(observation, site).findings]


def key_situations(folder: Path) -> dict[str, PushObservation]:
    """Code → a key file that shows it."""
    protected = BestAvailableEncryption(PASSPHRASE.encode())
    alone = pkcs12.serialize_key_and_certificates(b"x", None, GOOD.certificate, None, protected)
    bare = pkcs12.serialize_key_and_certificates(b"x", GOOD.key, None, None, protected)
    other = push_identity(KEYS).certificate
    mixed = pkcs12.serialize_key_and_certificates(b"x", GOOD.key, None, [other], protected)
    good = record(key_file(GOOD), folder)
    ended = push_identity(KEYS, not_before=NOW - timedelta(days=400), not_after=NOW - timedelta(days=35))
    early = push_identity(KEYS, not_before=NOW + timedelta(days=1))
    soon = push_identity(KEYS, not_after=NOW + timedelta(days=10))
    change = msgspec.structs.replace
    return {
        "push-key-file": of_key(read_key(str(folder / "none"), None)[0]),
        "push-key-format": of_key(record(GOOD.pem.encode(), folder)),
        "push-key-damaged": of_key(record(key_file(GOOD)[:-9], folder)),
        "push-key-wrong-passphrase": of_key(record(key_file(GOOD), folder, "wrong")),
        "push-key-unsupported": of_key(KeyFile(file="k", problem="unsupported", algorithms=["1.2.3"])),
        "push-key-no-private-key": of_key(record(alone, folder)),
        "push-key-no-certificate": of_key(record(bare, folder)),
        "push-key-mismatch": of_key(record(mixed, folder)),
        "push-key-two-keys": of_key(change(good, problem="two-keys", private_keys=2)),
        "push-key-not-push": of_key(record(key_file(push_identity(KEYS, (), ())), folder)),
        "push-key-topic": of_key(good, wanted_topic="com.example.other"),
        "push-key-expired": of_key(record(key_file(ended), folder)),
        "push-key-not-yet-valid": of_key(record(key_file(early), folder)),
        "push-key-expires-soon": of_key(record(key_file(soon), folder)),
        "push-key-sandbox": of_key(record(key_file(push_identity(KEYS, (1,))), folder)),
        "push-key-old-encryption": of_key(record(key_file(GOOD, old=True), folder)),
        "push-key-keytool": of_key(change(good, by_keytool=True)),
        "push-key-no-mac": of_key(change(good, has_mac=False)),
        "push-key-unprotected": of_key(record(key_file(GOOD, None), folder, None)),
    }


def refusal(alert: str) -> PushExchange:
    return PushExchange(
        protocol="h2", asked="POST", fault=Fault(FaultReason.TLS_ALERT, alert=alert), settings_received=False
    )


def network_situations() -> dict[str, PushObservation]:
    """Code → an endpoint that shows it."""
    broken = Handshake(offer="push", server_name=HOST, completed=False, fault=Fault(FaultReason.NOT_TLS, seen="http"))
    closed = PushExchange(protocol="h2", asked="POST", fault=Fault(FaultReason.CLOSED))
    silent = PushExchange(
        protocol="h2", asked="POST", settings_received=True, fault=Fault(FaultReason.SLOW), waited_us=10_000_000
    )
    page = PushExchange(protocol="http/1.1", asked="POST", status=403, title="No", content_type="text/html")
    google: dict[str, Any] = {"question": PushQuestion.GOOGLE, "host": "fcm.googleapis.com", "owner": "google"}
    json_401 = PushExchange(protocol="http/1.1", asked="POST", status=401, is_json=True)
    squid = ProxyAnswer(step="request", received=b"HTTP/1.1 503 Service Unavailable\r\n".hex(), status=503)
    google_server = ROOT.issue("fcm.googleapis.com")
    return {
        "push-key-refused": with_key(refusal("certificate_expired")),
        "push-key-probably-refused": with_key(closed),
        "push-key-environment": with_key(answer(403, "BadCertificateEnvironment")),
        "push-key-topic-refused": with_key(answer(400, "TopicDisallowed")),
        "push-key-not-asked": with_key(answer(403, "MissingProviderToken")),
        "push-blocked": dead(),
        "push-direct-blocked": dead(needed=False),
        "push-proxy-failed": through("proxy-tcp", FaultReason.REFUSED),
        "push-proxy-target": through("request", FaultReason.PROXY_REFUSED_REQUEST, squid),
        "push-no-tls": served(handshake=broken, chain=[]),
        "push-intercepted": served(answer(400, "BadDeviceToken"), expected=[]),
        "push-untrusted": served(answer(400, "BadDeviceToken"), expected=[], owner="other"),
        "push-server-name": served(answer(400, "BadDeviceToken"), chain=[google_server]),
        "push-not-apns": served(page),
        "push-apns-silent": served(silent),
        "push-apns-busy": served(answer(429, "TooManyRequests")),
        "push-apns-topic-missing": with_key(answer(400, "MissingTopic")),
        "push-apns-unexpected": served(answer(418, "Teapot")),
        "push-legacy-retired": dead(PushQuestion.LEGACY, "gateway.push.apple.com", port=2195),
        "push-legacy-answered": served(question=PushQuestion.LEGACY, host="gateway.push.apple.com"),
        "push-google-blocked": dead(PushQuestion.GOOGLE, "fcm.googleapis.com", "google"),
        "push-google-intercepted": served(json_401, chain=[google_server], expected=[], **google),
        "push-google-unexpected": served(page, chain=[google_server], **google),
        "push-device-blocked": dead(PushQuestion.DEVICE, "mtalk.google.com", "google"),
        "push-trust-store": PushObservation(
            question=PushQuestion.TRUST_STORE, trust_store=TrustStoreFile(file="t.p12", form="pkcs12", certificates=3)
        ),
        "push-trust-store-unreadable": PushObservation(
            question=PushQuestion.TRUST_STORE, trust_store=TrustStoreFile(file="t.jks", problem="jks")
        ),
    }


JUDGED_BY_SITE = {"push-legacy-configured", "push-legacy-port-defect", "push-elsewhere", "push-store-lacks-root"}
JUDGED_TOGETHER = {"push-all-blocked", "push-proxy-works"}


def test_every_code_has_its_situation(tmp_path: Path) -> None:
    told = {*key_situations(tmp_path), *network_situations(), *JUDGED_BY_SITE, *JUDGED_TOGETHER}
    assert {kind.code for kind in push.KINDS} == told


@pytest.mark.parametrize(
    "code",
    sorted(kind.code for kind in push.KINDS if kind.code.startswith("push-key-")),
)
def test_keys(code: str, tmp_path: Path) -> None:
    found = {**key_situations(tmp_path), **network_situations()}[code]
    assert code in codes(found)


@pytest.mark.parametrize("code", sorted(network_situations()))
def test_ways(code: str) -> None:
    assert codes(network_situations()[code]) == [code]


@pytest.mark.parametrize("port", [2195, 2196])
def test_the_retired_interface_in_the_configuration(port: int) -> None:
    site = context(Site(push=PushSite(notification_port=port)))
    found = codes(dead(PushQuestion.LEGACY, "gateway.push.apple.com", port=port), site)
    defect = ["push-legacy-port-defect"] if port == 2196 else []
    assert found == ["push-legacy-configured", *defect, "push-legacy-retired"]


def test_from_elsewhere() -> None:
    site = context(Site(push=PushSite(), vantage=Vantage.INTERNET))
    check = checked(dead(), site)
    assert {finding.code: finding.severity.value for finding in check.findings} == {
        "push-blocked": "warning",
        "push-elsewhere": "warning",
    }


APPLES_NAME = x509.Name.from_rfc4514_string(APPLE_ROOT_NAME)


def test_apples_root_that_no_store_has() -> None:
    """The chain names Apple's root at its top: that is not called interception, and not called good."""
    fake = Authority("", subject_name=APPLES_NAME)
    observation = served(answer(400, "BadDeviceToken"), chain=[fake.issue(HOST)], expected=[])
    check = checked(observation, context(None, TrustStore("system", "an old one", "", ())))
    assert [finding.code for finding in check.findings] == ["push-store-lacks-root"]
    assert check.findings[0].severity.value == "warning"
    assert check.outcome is Outcome.UNDECIDED


def test_the_same_name_on_another_key_is_interception_where_the_root_is_known() -> None:
    fake = Authority("", subject_name=APPLES_NAME)
    observation = served(answer(400, "BadDeviceToken"), chain=[fake.issue(HOST), fake], expected=[])
    assert codes(observation, context(None, load_mozilla_store())) == ["push-intercepted"]
    shorter = served(answer(400, "BadDeviceToken"), chain=[fake.issue(HOST)], expected=[])
    assert codes(shorter, context(None, load_mozilla_store())) == ["push-intercepted"]


def test_all_blocked_is_judged_together() -> None:
    checks = [checked(dead(alternatives=["x:1"])), checked(dead(alternatives=["x:2"], port=2197))]
    (found,) = push_findings(checks)
    assert found.code == "push-all-blocked"
    assert found.params["tried"] == [f"{HOST}:443", f"{HOST}:2197"]
    assert found.evidence == ["/checks/0/analysis", "/checks/1/analysis"]
    assert not push_findings([checks[0], checked(with_key(answer(400, "BadDeviceToken")))])


def test_a_proxy_that_is_down_is_the_cause_by_itself() -> None:
    checks = [checked(through("proxy-tcp", FaultReason.REFUSED)), checked(through("proxy-tcp", FaultReason.REFUSED))]
    assert not push_findings(checks)


def test_direct_blocked_and_proxy_fine() -> None:
    good = with_key(answer(400, "BadDeviceToken"))
    good.way = ProxyWay(proxy="http://proxy:3128", host="proxy", port=3128, ended_at="open")
    (found,) = push_findings([checked(dead(needed=False)), checked(good)])
    assert found.code == "push-proxy-works"
    assert found.params["proxy"] == "http://proxy:3128"


@pytest.mark.parametrize("code", sorted(network_situations()))
def test_evidence_points_at_facts(code: str) -> None:
    check = checked(network_situations()[code])
    document = {"observation": json.loads(bytes(check.observation)), "analysis": json.loads(bytes(check.analysis))}
    for finding in check.findings:
        assert finding.evidence, finding.code
        for pointer in finding.evidence:
            place: Any = document
            for part in pointer.lstrip("/").split("/"):
                place = place[int(part)] if isinstance(place, list) else place[part]


@pytest.mark.parametrize(
    ("status", "error", "reasons"),
    [
        (403, None, ["proxy-policy:port-denied", "proxy-policy:denied"]),
        (503, "ERR_CONNECT_FAIL 111", ["remote-tcp:refused"]),
        (503, "ERR_CONNECT_FAIL 110", ["remote-tcp:timeout"]),
        (500, "ERR_CANNOT_FORWARD 0", ["remote-dns:not-found", "remote-dns:server-failure", "remote-dns:timeout"]),
    ],
)
def test_what_squid_says(status: int, error: str | None, reasons: list[str]) -> None:
    reply = ProxyAnswer(step="request", received="", status=status, x_squid_error=error)
    check = checked(through("request", FaultReason.PROXY_REFUSED_REQUEST, reply))
    assert json.loads(bytes(check.analysis))["reasons"] == reasons


def test_an_answer_that_several_causes_give_names_none_of_them() -> None:
    reply = ProxyAnswer(step="request", received="", status=504)
    check = checked(through("request", FaultReason.PROXY_REFUSED_REQUEST, reply))
    assert len(json.loads(bytes(check.analysis))["reasons"]) > 3
    assert len(check.findings[0].params["candidates"]) > 3  # type: ignore[arg-type]  # a list, by its kind


def test_the_topic_of_the_key_is_told() -> None:
    (finding,) = checked(with_key(answer(400, "TopicDisallowed"))).findings
    assert finding.params["topic"] == TOPIC
