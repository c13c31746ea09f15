"""XML configuration files in a report: nobody is named, and what is left is judged as before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.unit.engine.fakes import check
from tests.unit.engine.test_difference import report

from stdiag.engine.again import judge_again
from stdiag.engine.redaction.redact import redact
from stdiag.formats.config.read import parse_config
from stdiag.model import Subject, SubjectKind, to_raw
from stdiag.probes.config.observation import ConfigObservation
from stdiag.probes.registry import probe_named

SAMPLES = Path(__file__).parents[2] / "formats" / "config" / "samples"
FILES = {"stproxy": "stproxyconfig.xml", "communities": "managed-community-configs.xml"}


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("stproxy", "token-domain-without-dot"),
        ("stproxy", "token-domain-foreign"),
        ("stproxy", "token-domain-url"),
        ("stproxy", "photo-url-no-url"),
        ("stproxy", "config-url-outside"),
        ("communities", "action-without-community"),
        ("communities", "affinity-id-missing"),
        ("communities", "host-is-url"),
    ],
)
def test_nobody_is_named_and_the_findings_stay(folder: str, name: str) -> None:
    content = (SAMPLES / folder / f"{name}.xml").read_text(encoding="utf-8")
    content = content.replace("example.com", "acme-widgets.de").replace("example.org", "acme-sister.at")
    document = parse_config(content.encode(), f"/home/jdoe/{FILES[folder]}")
    made = check(probe="config", subject=Subject(kind=SubjectKind.FILE, file="/home/jdoe"))
    made.observation = to_raw(ConfigObservation(documents=[document]))
    judged = judge_again(report(made), probe_named).report
    original = [finding.code for one in judged.checks for finding in one.findings]
    redacted = redact(judged, probe_named).report
    text = "".join(bytes(one).decode() for one in (redacted.checks[0].observation, redacted.checks[0].analysis))
    text += repr(redacted)
    assert [word for word in ("acme", "jdoe") if word in text.lower()] == []
    assert original
    assert [finding.code for one in redacted.checks for finding in one.findings] == original
    names = [
        setting["name"] for setting in json.loads(bytes(redacted.checks[0].observation))["documents"][0]["settings"]
    ]
    assert names == [setting.name for setting in document.settings]


def test_a_domain_with_its_dot_is_replaced_like_the_host_in_it() -> None:
    content = (
        "<configuration><tokenDomain>.acme-widgets.de</tokenDomain><x>https://chat.acme-widgets.de</x></configuration>"
    )
    document = parse_config(content.encode(), "stproxyconfig.xml")
    made = check(probe="config", subject=Subject(kind=SubjectKind.FILE, file="stproxyconfig.xml"))
    made.observation = to_raw(ConfigObservation(documents=[document]))
    redacted = redact(report(made), probe_named).report
    settings = json.loads(bytes(redacted.checks[0].observation))["documents"][0]["settings"]
    domain, url = (setting["value"] for setting in settings)
    assert url.endswith(domain)
    assert domain.startswith(".domain")
