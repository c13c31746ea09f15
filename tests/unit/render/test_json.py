from __future__ import annotations

import json
import unicodedata
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.render.reports import (
    HOSTILE,
    classic,
    decoded,
    finding,
    healthy,
    incomplete,
    report,
    spoilt_report,
    sweep,
)

from stdiag.model import Decision, Report, Run, Severity, Subject, SubjectKind, to_raw
from stdiag.render.json import LARGEST, ReportError, from_json, to_json

value = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
param = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.lists(st.text())
)


@settings(deadline=None)  # a loaded machine is no failure
@given(st.text(), value, st.dictionaries(st.text(), param, max_size=4))
def test_a_report_comes_back_byte_for_byte(text: str, observed: Any, params: dict[str, Any]) -> None:
    made = classic()
    made.checks[0].observation = to_raw(observed)
    made.checks[0].findings.append(finding(text, Subject(SubjectKind.FILE, file=text), Severity.INFO))
    made.checks[0].findings[-1].params = params
    made.run = Run(id=text, started=text, host=text, arguments=[text])
    document = to_json(made)
    again = from_json(document)
    assert to_json(again) == document
    assert again.run == made.run
    assert again.checks[0].findings == made.checks[0].findings
    assert json.loads(document)["checks"][0]["observation"] == observed


@pytest.mark.parametrize("made", [classic(), healthy(), incomplete(), sweep(), report([], Decision.GO)])
def test_reports_come_back(made: Report) -> None:
    document = to_json(made)
    assert to_json(from_json(document)) == document
    assert document.endswith(b"}\n")
    assert b'\n  "verdict": {\n    "decision": "' in document


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_the_same_and_steer_no_terminal(text: str) -> None:
    document = to_json(spoilt_report(text))
    shown = set(document.decode())
    assert {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"} <= {"Cc"}
    assert {c for c in shown if unicodedata.category(c) == "Cc"} == {"\n"}
    assert json.loads(document)["run"]["host"] == text
    assert from_json(document).run.host == text


def test_arguments_that_are_no_unicode_are_escaped() -> None:
    made = classic()
    made.run.arguments = ["all", "caf\udce9.toml"]
    again = from_json(to_json(made))
    assert again.run.arguments == ["all", r"caf\udce9.toml"]
    made.run.arguments = again.run.arguments
    assert to_json(again) == to_json(made)


def test_fields_of_a_newer_minor_version_are_ignored() -> None:
    newer: dict[str, Any] = decoded(to_json(classic()))
    newer["schema_version"] = "1.7"
    newer["mood"] = "good"
    newer["site"]["community"] = {"host": "mux.example.com"}
    newer["site"]["tls"] = {"targets": ["a.example.com"], "later": 1}
    newer["checks"][0]["new"] = [1]
    read = from_json(msgspec.json.encode(newer))
    assert read.site.tls.targets == ["a.example.com"]
    assert read.site.stproxy == classic().site.stproxy
    assert read.verdict == classic().verdict


def test_a_byte_order_mark_is_tolerated() -> None:
    assert from_json(b"\xef\xbb\xbf" + to_json(healthy())).verdict.decision is Decision.GO


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"", "not a JSON report"),
        (b"\x00\xff", "not a JSON report"),
        (b'{"schema_version": "1.0"', "not a JSON report"),
        (b'{"schema_version": "1.0"} {}', "not a JSON report"),
        (b"[" * 200_000, "not a report"),
        (b'{"x": ' + b"[" * 200_000, "not a JSON report"),
        (b"[]", "no schema_version"),
        (b"{}", "no schema_version"),
        (b'{"schema_version": 1}', "no schema_version"),
        (b'{"schema_version": "2.0"}', "newer stdiag"),
        (b'{"schema_version": "one"}', "a number like 1.0 is expected"),
        (b'{"schema_version": "1.\xd9\xa3"}', "a number like 1.0 is expected"),
        (b'{"schema_version": "1.0"}', "does not hold together"),
        (b'{"schema_version": "1.0", "site": []}', "does not hold together"),
        (b'{"schema_version": "\x1b[2J"}', "not a JSON report"),
        (b'{"schema_version": "\\u001b[2J\\n"}', "a number like 1.0 is expected"),
    ],
)
def test_what_is_no_report_costs_one_sentence(document: bytes, words: str) -> None:
    with pytest.raises(ReportError, match=words) as caught:
        from_json(document)
    assert str(caught.value).isprintable()
    assert str(caught.value).endswith(".")


def test_a_wrong_type_is_named_with_its_place() -> None:
    broken: dict[str, Any] = decoded(to_json(classic()))
    broken["checks"][0]["outcome"] = "so-so"
    with pytest.raises(ReportError, match=r"\$\.checks\[0\]\.outcome|\$\.checks\[\.\.\.\]\.outcome"):
        from_json(msgspec.json.encode(broken))


def test_the_size_is_capped() -> None:
    class Huge(bytes):
        def __len__(self) -> int:
            return LARGEST + 1

    with pytest.raises(ReportError, match="at most"):
        from_json(Huge(b"{}"))


@settings(deadline=None)  # a loaded machine is no failure
@given(st.binary(max_size=200))
def test_garbage_raises_nothing_else(document: bytes) -> None:
    with pytest.raises(ReportError):
        from_json(document)
