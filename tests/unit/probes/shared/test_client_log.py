"""Reading a log by its path, and what it gives to suspect."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.formats.client_log.logs import ANDROID, OKHTTP, WEBSPHERE

from stdiag.catalogue.prose import words
from stdiag.formats.errors import FormatError
from stdiag.model import Finding, Severity, SubjectKind
from stdiag.probes.shared.client_log import judge_log, read_log


def judged(tmp_path: Path, text: str) -> dict[str, Finding]:
    file = tmp_path / "client.log"
    file.write_text(text, encoding="utf-8", newline="\n")
    findings = judge_log(read_log(file))
    assert len({finding.fingerprint for finding in findings}) == len(findings)
    return {finding.code: finding for finding in findings}


def test_what_names_no_server_is_said_of_the_file(tmp_path: Path) -> None:
    found = judged(tmp_path, ANDROID)
    assert list(found) == ["log-chain-not-trusted", "log-certificate-refused", "log-old-android", "log-retry-loop"]
    finding = found["log-chain-not-trusted"]
    assert (finding.severity, finding.subject.kind) == (Severity.ERROR, SubjectKind.FILE)
    assert finding.params["count"] == 3
    assert finding.params["place"] == "client.log line 1"
    assert found["log-certificate-refused"].params["count"] == 2
    told = words(finding)
    assert "2013/06/21 16:28:15.891 to 2013/06/21 16:28:15.901" in told.evidence
    assert told.proof == "", "nobody knows which server to ask"


def test_what_names_a_server_is_said_of_it_so_that_a_measurement_can_be_laid_beside_it(tmp_path: Path) -> None:
    found = judged(tmp_path, OKHTTP)
    for code in ("log-chain-not-trusted", "log-timeout"):
        assert str(found[code].subject) == "chat.example.com:443"
        assert "https://chat.example.com:443/" in words(found[code]).proof


def test_the_missing_issuer_is_named(tmp_path: Path) -> None:
    finding = judged(tmp_path, WEBSPHERE)["log-chain-not-trusted"]
    assert finding.params["issuer"] == "CN=Example Issuing CA, O=Example"
    assert str(finding.subject) == "meet.example.com:443"
    assert finding.params["count"] == 4
    assert '"CN=Example Issuing CA, O=Example"' in words(finding).summary


def test_a_name_without_a_port_stays_a_name(tmp_path: Path) -> None:
    line = 'java.net.UnknownHostException: Unable to resolve host "chat.example.com": No address\n'
    finding = judged(tmp_path, line)["log-name-not-found"]
    assert finding.subject.kind is SubjectKind.NAME
    assert words(finding).proof == "nslookup chat.example.com"


def test_files_that_cannot_be_read_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="there is no such file"):
        read_log(tmp_path / "none.log")
    with pytest.raises(FormatError, match="this is a folder"):
        read_log(tmp_path)
    with pytest.raises(FormatError, match="not valid"):
        read_log(Path("a\0b"))
