"""The map of what is covered: every row has an answer that exists, or says that there is none yet."""

from __future__ import annotations

import re

import pytest
from tests.unit.docs.test_written_pages import ROOT, wrong

from stdiag.catalogue.registry import ALL, FAMILIES
from stdiag.cli.docs.pages import generated

PAGE = ROOT / "docs" / "what-is-covered.md"
TEXT = PAGE.read_text(encoding="utf-8")
HEADER = ("System", "Symptom", "What answers for it")
NOT_YET = "**not yet**"


def rows() -> list[tuple[str, str, str]]:
    """(system, symptom, answer) of every table."""
    found = []
    for line in TEXT.splitlines():
        if not line.startswith("|") or set(line) <= set("|-"):
            continue
        cells = tuple(cell.strip() for cell in line.strip("|").split(" | "))
        assert len(cells) == 3, line
        if cells != HEADER:
            found.append(cells)
    return found


ROWS = rows()


def codes(answer: str) -> list[str]:
    return re.findall(r"\[`([a-z0-9-]+)`\]\(findings/", answer)


def commands(answer: str) -> list[str]:
    return re.findall(r"`(stdiag [^`]*)`", answer)


def test_the_tables_are_whole() -> None:
    assert len(ROWS) >= 90
    tables = re.findall(r"^\|---\|---\|---\|$", TEXT, flags=re.MULTILINE)
    headers = [line for line in TEXT.splitlines() if line == f"| {' | '.join(HEADER)} |"]
    headings = re.findall(r"^## ", TEXT, flags=re.MULTILINE)
    assert len(tables) == len(headers) == len(headings)
    symptoms = [(system, symptom) for system, symptom, _ in ROWS]
    assert len(set(symptoms)) == len(symptoms)


@pytest.mark.parametrize("row", ROWS, ids=[f"{system}: {symptom[:30]}" for system, symptom, _ in ROWS])
def test_a_row_has_an_answer_or_says_that_there_is_none(row: tuple[str, str, str]) -> None:
    system, symptom, answer = row
    assert system
    assert symptom
    assert codes(answer) or commands(answer) or NOT_YET in answer.lower()
    assert set(codes(answer)) <= ALL.keys()
    for code, page in re.findall(r"\[`([a-z0-9-]+)`\]\(findings/([a-z0-9-]+)\.md\)", answer):
        assert ALL[code].page == page
    assert re.findall(r"\[`[^`]+`\](?!\(findings/[a-z0-9-]+\.md\))", answer) == []
    assert {line: mistake for line in commands(answer) if (mistake := wrong(line))} == {}


def test_what_is_not_covered_says_what_can_be_done() -> None:
    for system, symptom, answer in ROWS:
        if NOT_YET in answer.lower() and not codes(answer) and not commands(answer):
            assert re.search(r"\bby hand\b|\bno fault\b", answer.lower()), (system, symptom)


def test_a_code_that_only_a_log_tells_is_said_to_be_read() -> None:
    """A log is a claim about the past: the row must not read as if it were measured."""
    for _, symptom, answer in ROWS:
        if any(code.startswith("log-") for code in codes(answer)):
            assert "in a log" in answer or "stdiag log" in answer, symptom


def test_every_family_of_findings_answers_for_something() -> None:
    named = set(codes(TEXT))
    for family, kinds in FAMILIES.items():
        assert named & {kind.code for kind in kinds}, family


def test_the_systems_that_documents_speak_of_are_all_there() -> None:
    """Also those for which nothing answers yet."""
    spoken_of = (
        "LTPA",
        "DB2",
        "HADR",
        "MongoDB",
        "LDAP",
        "STUN",
        "TURN",
        "SIP",
        "Whiteboard",
        "federation",
        "CCM",
        "LO83144",
        "LO69429",
        "disableSystemNoficiations",
        "onetoonefeature",
        "apnstest",
        "WebSEAL",
        "httpsIndicatorHeader",
        "CommunityCBR",
        "STPluginActivePage",
        "photoCache",
        "photoPort",
        "SOCKS4",
        "Let's Encrypt",
        "Websockets",
        "OIDC",
        "SAML",
        "VPMX_TRUSTED_CLIENT_IPS",
        "im.mobile.disableUntrustedSsl",
        "LtpaToken2",
    )
    assert [word for word in spoken_of if word not in TEXT] == []


def test_the_map_is_linked() -> None:
    assert "(docs/what-is-covered.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(../what-is-covered.md)" in generated()["README.md"]
