"""What identifies somebody is gone from every part of a report, and what is left still makes sense."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.engine.fakes import check, endpoint, finding
from tests.unit.engine.test_difference import report

from stdiag.engine.again import judge_again
from stdiag.engine.redaction.redact import AlreadyRedactedError, redact
from stdiag.model import (
    CommunityPath,
    CommunitySite,
    Fault,
    FaultReason,
    Finding,
    PushSite,
    Report,
    Severity,
    Site,
    Step,
    StepOutcome,
    StproxySite,
    Subject,
    SubjectKind,
    TrustSite,
    TrustStoreRecord,
    fingerprint,
    to_raw,
)
from stdiag.model import Path as Way
from stdiag.probes.paths.observation import HopReply, HttpReply, PathObservation, PathsObservation, SametimeReply
from stdiag.probes.registry import probe_named
from stdiag.render.json import from_json, to_json

GOLDEN = sorted((Path(__file__).parents[3] / "golden" / "reports").glob("*/*.json"))
NEEDLES = [
    "stchat01",
    "acme",
    "corp-dmz",
    "jdoe",
    "m.mustermann",
    "10.47.11.5",
    "203.0.113.77",
    "fd12:3456::9",
    "Widget",
    "s3cret-app",
]
PROXY = "http://proxy.corp-dmz.acme-widgets.de:3128"


def rich() -> Report:
    """A report in whose every corner something tells who it is about."""
    host = "stchat01.acme-widgets.de"
    observation = PathsObservation(
        host=host,
        paths=[
            PathObservation(
                path=Way(kind="proxy", proxy=PROXY, resolves="proxy", method="connect"),
                port=1533,
                ended_at="auth",
                fault=Fault(FaultReason.PROXY_AUTH_REQUIRED, "407 from proxy.corp-dmz.acme-widgets.de for jdoe"),
                replies=[
                    HopReply(
                        step="request",
                        received=b"HTTP/1.1 407 Widget Company".hex(),
                        headers={"via": "1.1 stchat01", "proxy-authenticate": 'Basic realm="Widget Company"'},
                        schemes=["Basic"],
                    )
                ],
                target_address="10.47.11.5",
                local_address="fd12:3456::9",
                sametime=SametimeReply(spoke="ack", seen_address="203.0.113.77", redirect_to="stchat01"),
                http=[HttpReply(url=f"http://{host}/acme/page?user=jdoe", asked="cbr", body="Widget Company intranet")],
            )
        ],
        left_out=["the way over \\\\stchat01\\share\\jdoe.txt, and m.mustermann@acme-widgets.de was asked"],
    )
    made = check(
        finding(
            "path-proxy-login",
            Subject(kind=SubjectKind.ENDPOINT, host=host, port=1533, via=PROXY),
            proxy=PROXY,
            said="Widget Company",
            paths=[f"{PROXY}, CONNECT"],
            cause="it wants a login of jdoe at 10.47.11.5",
        ),
        probe="paths",
        subject=Subject(kind=SubjectKind.ENDPOINT, host=host, port=1533),
    )
    made.observation = to_raw(observation)
    made.steps = [
        Step("tcp", f"connect to {host}", 1, 2, StepOutcome.OK, peer="10.47.11.5:1533", detail="[fd12:3456::9]:1533"),
        Step("file", "read /home/jdoe/acme/root.pem", 1, 2, StepOutcome.FAILED, Fault(FaultReason.LOCAL, "stchat01")),
    ]
    made.undecided = ["whether STCHAT01 answers at 10.47.11.5."]
    unknown = check(
        Finding("of-tomorrow", Severity.WARNING, endpoint(host), {"host": host}),
        probe="of-tomorrow",
        subject=endpoint(host),
    )
    unknown.observation = to_raw({"note": "acme"})
    site = Site(
        stproxy=StproxySite(
            url=f"https://{host}",
            provisioning_url=f"hclsametime://{host}/?action=AddCommunity&communityName=Widget%20Company&authProxyUser=jdoe",
        ),
        community=CommunitySite(
            host="stchat01",
            path=[CommunityPath(via=PROXY, user="ACME\\jdoe", password="file:/home/jdoe/pw")],  # noqa: S106 - where it is
        ),
        push=PushSite(
            key="/home/jdoe/apns-acme.p12",
            passphrase="env:ACME_PASS",  # noqa: S106 - where it is
            topic="com.acme.s3cret-app",
        ),
        trust=TrustSite(ca_files=["C:\\Users\\jdoe\\acme-root.pem"]),
        resolve={f"{host}:443": "10.47.11.5:8443", "stchat01": "[fd12:3456::9]:443"},
    )
    whole = report(made, unknown, site=site)
    whole.run.host = "stchat01"
    whole.run.arguments = [
        "all",
        "acme.toml",
        "--user",
        "jdoe",
        "-o",
        "/home/jdoe/r.json",
        "stchat01",
        f"--via={PROXY}",
    ]
    whole.run.provenance = {"stproxy.url": "/home/jdoe/acme.toml line 3", f'resolve."{host}:443"': "acme.toml line 9"}
    whole.trust = [
        TrustStoreRecord("ca-files", "/home/jdoe/acme-root.pem", "ab" * 32, 1),
        TrustStoreRecord("mozilla", "certifi 2026.1.1", "cd" * 32, 140),
    ]
    return whole


def leaks(document: bytes, needles: list[str]) -> list[str]:
    lowered = document.lower()
    return [needle for needle in needles if needle.lower().encode() in lowered]


def test_nothing_that_identifies_is_left() -> None:
    whole = rich()
    assert leaks(to_json(whole), NEEDLES) == NEEDLES
    document = to_json(redact(whole, probe_named).report)
    assert leaks(document, [*NEEDLES, b"Widget".hex(), "ab" * 32]) == []


def test_what_helps_to_read_it_stays() -> None:
    redacted = redact(rich(), probe_named).report
    assert redacted.checks[0].probe == "paths"
    assert redacted.checks[0].findings[0].code == "path-proxy-login"
    assert (redacted.checks[0].steps[0].stage, redacted.checks[0].subject.port) == ("tcp", 1533)
    assert redacted.run.provenance["stproxy.url"].endswith("line 3")
    assert redacted.trust[1] == rich().trust[1]
    assert redacted.run.arguments[0] == "all"
    site = redacted.site
    assert site.stproxy is not None
    assert site.stproxy.provisioning_url is not None
    assert "action=AddCommunity&communityName=organisation" in site.stproxy.provisioning_url


def test_the_same_name_has_the_same_pseudonym_everywhere() -> None:
    found = redact(rich(), probe_named)
    hosts = {original: made for made, original in found.mapping["hosts"].items()}
    chat = hosts["stchat01.acme-widgets.de"]
    report_ = found.report
    assert report_.checks[0].subject.host == chat
    assert report_.site.stproxy is not None
    assert report_.site.stproxy.url == f"https://{chat}"
    assert next(iter(report_.site.resolve)) == f"{chat}:443"
    assert chat.endswith(f".{hosts['acme-widgets.de']}")
    assert hosts["proxy.corp-dmz.acme-widgets.de"].endswith(hosts["corp-dmz.acme-widgets.de"])


def test_the_map_leads_back() -> None:
    found = redact(rich(), probe_named)
    originals = {original for names in found.mapping.values() for original in names.values()}
    assert {"stchat01.acme-widgets.de", "10.47.11.5", "203.0.113.77", "jdoe", "Widget Company"} <= originals
    for names in found.mapping.values():
        assert len(set(names.values())) == len(names)


def test_addresses_keep_their_class() -> None:
    addresses = {original: made for made, original in redact(rich(), probe_named).mapping["addresses"].items()}
    assert addresses["10.47.11.5"].startswith("10.200.")
    assert addresses["203.0.113.77"].startswith("198.18.")
    assert addresses["fd12:3456::9"].startswith("fd00:db8:")


def test_fingerprints_are_of_the_new_names() -> None:
    redacted = redact(rich(), probe_named).report
    for found in redacted.checks[0].findings:
        assert found.fingerprint == fingerprint(found.code, found.subject)
    for cause in redacted.verdict.causes:
        assert cause.fingerprint == fingerprint(cause.code, cause.subject)


def test_the_report_says_what_cannot_be_judged_again() -> None:
    redacted = redact(rich(), probe_named).report
    assert redacted.redacted is not None
    assert "/checks/1" in redacted.redacted.not_judgeable  # its facts are of a probe that nobody here knows
    assert "cannot be judged again" in redacted.summary.not_checked[-1].reason
    assert [kept.reason for kept in judge_again(redacted, probe_named).kept] == ["its facts were redacted"] * len(
        redacted.redacted.not_judgeable
    )


def test_a_redacted_report_is_not_redacted_again() -> None:
    with pytest.raises(AlreadyRedactedError):
        redact(redact(rich(), probe_named).report, probe_named)


def test_the_original_is_not_changed() -> None:
    whole = rich()
    before = to_json(whole)
    redact(whole, probe_named)
    assert to_json(whole) == before


def texts_of(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from texts_of(item)
        case dict():
            for name, item in value.items():
                yield name
                yield from texts_of(item)


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: str(file.stem))
def test_real_reports_keep_no_certificate_no_address_and_no_host(file: Path) -> None:
    original = from_json(file.read_bytes())
    found = redact(original, probe_named)
    document = to_json(found.report)
    for text in texts_of(json.loads(document)):
        assert "BEGIN" not in text
        assert "127.0.0.1" not in text
        assert "lab.example" not in text.lower()
        assert "Lab Root CA" not in text
        assert "Lab Issuing" not in text
    digests = set(re.findall(rb'"sha256": "([0-9a-f]{64})"', file.read_bytes()))
    public = {store.sha256.encode() for store in original.trust if store.name == "mozilla"}
    assert not [digest for digest in digests - public if digest in document]
    again = judge_again(found.report, probe_named)
    assert again.report.verdict.decision is original.verdict.decision
    assert [cause.code for cause in again.report.verdict.causes] == [cause.code for cause in original.verdict.causes]
    assert from_json(document).redacted == found.report.redacted


label = st.from_regex(r"[a-z][a-z0-9-]{3,14}[a-z0-9]", fullmatch=True).filter(lambda text: "--" not in text)


@settings(deadline=None, max_examples=60)
@given(st.lists(label, min_size=2, max_size=4, unique=True), st.ip_addresses(), label)
def test_any_host_address_and_user_is_gone_from_any_sentence(labels: list[str], address: Any, user: str) -> None:
    host = ".".join([*labels, "zz"])
    whole = report(check(subject=endpoint(host), probe="tls"))
    whole.checks[0].undecided = [
        f"{host.upper()} at {address} and [{address}]:443 (asked by {user}).",
        f"see https://{user}@{host}:8443/x, {user}@{host}; {address}, or //{host}/",
    ]
    whole.site = Site(community=CommunitySite(host=host, path=[CommunityPath(user=user)]))
    whole.checks[0].steps = [Step("tcp", "connect", 0, 0, StepOutcome.OK, peer=f"{address}")]
    said = " ".join(redact(whole, probe_named).report.checks[0].undecided)
    assert host not in said.lower()
    assert not re.search(rf"(?<![0-9a-f:.]){re.escape(str(address))}(?![0-9a-f:])", said) or len(str(address)) < 4
    assert not re.search(rf"(?<![\w-]){re.escape(user)}(?![\w-])", said)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_breaks_it(one: str, other: str) -> None:
    whole = rich()
    whole.checks[0].undecided = [one, other, f"{one}://{other}@{one}", f"http://{one}?{other}"]
    whole.site.trust.ca_files = [one, other]
    whole.site.resolve = {one: other}
    whole.run.arguments = [other, one]
    document = to_json(redact(whole, probe_named).report)
    assert leaks(document, ["stchat01.acme", "10.47.11.5", "m.mustermann"]) == []


def test_of_configuration_files_only_closed_words_stay() -> None:
    from stdiag.formats.config.read import parse_config
    from stdiag.probes.config.observation import ConfigObservation

    environment = (
        "REACT_APP_CHAT_SERVER_HOSTNAME=stchat01.acme-widgets.de\nSTCONF_PUSH_PROXY_SERVER=10.47.11.5\n"
        "STCONF_PUSH_PROXY_PORT=3128\nSTCONF_PUSH_PROXY_USER=jdoe\nLTPA_KEYS_FILE_PATH=/home/jdoe/acme/keys\n"
        "LDAP_BIND_DN=cn=jdoe,ou=Widget Company,o=acme\nLTPA_REALM=Widget Company\nACME_SWITCH=true\n"
        "ADMIN_EMAIL=m.mustermann@acme-widgets.de\nSOMETHING=s3cret-app of Widget\n"
    )
    preferences = (
        "com.ibm.collaboration.realtime.community/host=stchat01.acme-widgets.de\n"
        "com.ibm.collaboration.realtime.community/stchat01.acme-widgets.de.idp=https://idp.acme-widgets.de/acme\n"
        "com.ibm.collaboration.realtime.community/connectionType=tls-direct\n"
    )
    documents = [
        parse_config(environment.encode(), "/home/jdoe/acme/custom.env"),
        parse_config(preferences.encode(), "/home/jdoe/acme/plugin_customization.ini"),
    ]
    made = check(probe="config", subject=Subject(kind=SubjectKind.FILE, file="/home/jdoe/acme"))
    made.observation = to_raw(ConfigObservation(documents=documents))
    redacted = redact(report(made), probe_named).report
    assert redacted.redacted is not None
    assert redacted.redacted.not_judgeable == []
    text = bytes(redacted.checks[0].observation).decode()
    assert [one["file"].partition("/")[2] for one in json.loads(text)["documents"]] == [
        "custom.env",
        "plugin_customization.ini",
    ]
    assert [needle for needle in NEEDLES if needle.lower() in text.lower()] == []
    values = {setting["name"]: setting["value"] for one in json.loads(text)["documents"] for setting in one["settings"]}
    assert values["STCONF_PUSH_PROXY_PORT"] == "3128"
    assert values["LTPA_KEYS_FILE_PATH"].startswith("/file")
    assert values["com.ibm.collaboration.realtime.community/connectionType"] == "tls-direct"
    assert values["REACT_APP_CHAT_SERVER_HOSTNAME"] == values["com.ibm.collaboration.realtime.community/host"]
    assert values["SOMETHING"] == values["LTPA_REALM"] == "(redacted)"
    assert [one["sha256"] for one in json.loads(text)["documents"]] == ["", ""]
