"""Whatever is in a file: a document or a FormatError, never anything else."""

from __future__ import annotations

from pathlib import Path

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stdiag.formats.config.compare import compare
from stdiag.formats.config.document import ConfigDocument, ConfigKind
from stdiag.formats.config.xml_reader import read_xml
from stdiag.formats.errors import FormatError
from stdiag.model import Site
from stdiag.probes.config.rules_communities import RULES as COMMUNITIES
from stdiag.probes.config.rules_stproxy import RULES as STPROXY

SAMPLES = Path(__file__).parent / "samples"
GOOD = (SAMPLES / "stproxy" / "good.xml").read_text(encoding="utf-8")
MANAGED = (SAMPLES / "communities" / "good.xml").read_text(encoding="utf-8")
KINDS = st.sampled_from([ConfigKind.STPROXY_XML, ConfigKind.MANAGED_COMMUNITIES])
MARKS = (
    "<",
    ">",
    "&",
    "&amp;",
    "&gt;",
    "&#0;",
    '"',
    "'",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "\0",
    "\ue000",
    "\r",
    "\n",
)
WORDS = (
    "<mobile>",
    "</mobile>",
    "<a b='",
    "<?xml?>",
    "<!DOCTYPE a>",
    "ä",
    "😀",
    "://u:p@h",
    "password=",
    "%26",
    "/@id",
)
PIECES = st.sampled_from([*MARKS, *WORDS])
FAST = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def survives(content: bytes, kind: ConfigKind) -> ConfigDocument | None:
    document, said = None, ""
    try:
        document = read_xml(content, "f.xml", kind)
    except FormatError as error:
        said = str(error)
        document = None
    if document is None:
        assert said.isprintable()
        return None
    lines = content.count(b"\n") + content.count(b"\r") + 1
    for setting in document.settings:
        assert 1 <= setting.place.line <= lines
        assert setting.place.column >= 1
    for rule in (*STPROXY, *COMMUNITIES):
        for finding in rule(document, Site()):
            assert finding.params["place"]
    assert compare(document, document) == []
    assert msgspec.json.decode(msgspec.json.encode(document), type=ConfigDocument).file == "f.xml"
    return document


@FAST
@given(st.binary(max_size=200), KINDS)
def test_any_bytes(content: bytes, kind: ConfigKind) -> None:
    survives(content, kind)


@FAST
@given(st.lists(PIECES, max_size=12), KINDS)
def test_pieces_of_xml(pieces: list[str], kind: ConfigKind) -> None:
    survives(f"<configuration>{''.join(pieces)}</configuration>".encode(), kind)


@FAST
@given(st.sampled_from([GOOD, MANAGED]), st.integers(0, 1000), st.integers(0, 40), PIECES, KINDS)
def test_a_good_file_with_a_slip_of_the_hand(good: str, at: int, gone: int, piece: str, kind: ConfigKind) -> None:
    at %= len(good)
    survives((good[:at] + piece + good[at + gone :]).encode(), kind)


@FAST
@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<>&]\ufffe\uffff"), max_size=60))
def test_what_was_written_is_read(text: str) -> None:
    document = survives(f"<configuration><a>{text}</a></configuration>".encode(), ConfigKind.STPROXY_XML)
    assert document is not None
    assert document.settings[0].value in (text.strip(), "***") or "***" in document.settings[0].value


@FAST
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="<>&"), min_size=8, max_size=20))
def test_no_password_gets_out(secret: str) -> None:
    user, host = "someuser", "host.example.com"
    for url in (f"https://{user}:{secret}@{host}/", f"hclsametime://{user}:{secret}@{host}/?action=AddCommunity"):
        document = survives(f"<configuration><u>{url}</u></configuration>".encode(), ConfigKind.STPROXY_XML)
        assert document is not None
        assert secret not in document.settings[0].value or secret in f"{user}:***@{host}/?action=AddCommunity"
