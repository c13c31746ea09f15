"""sametime.ini and plugin_customization.ini: settings with places, in the encodings that such files have."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stdiag.formats.config.document import ConfigDocument, ConfigKind, Place
from stdiag.formats.config.environment_reader import read_environment
from stdiag.formats.config.environment_slips import EnvironmentSlip as Slip
from stdiag.formats.config.ini_reader import read_plugin_customization, read_sametime_ini
from stdiag.formats.errors import FormatError

INI = """\
; comment
# another
BEFORE=1
[Connectivity]
VPS_PORT=1516
  VPMX_PORT = 1533
[ Debug ] ; comment
VPMX_PORT=1534
no setting
"""


def test_keys_have_their_section_and_their_places() -> None:
    document = read_sametime_ini(INI.encode(), "sametime.ini")
    assert document.kind is ConfigKind.SAMETIME_INI
    assert [(one.name, one.value, one.place, one.value_place) for one in document.settings] == [
        ("BEFORE", "1", Place(line=3, column=1), Place(line=3, column=8)),
        ("Connectivity/VPS_PORT", "1516", Place(line=5, column=1), Place(line=5, column=10)),
        ("Connectivity/VPMX_PORT", "1533", Place(line=6, column=3), Place(line=6, column=15)),
        ("Debug/VPMX_PORT", "1534", Place(line=8, column=1), Place(line=8, column=11)),
    ]
    assert [(slip.kind, slip.place) for slip in document.slips] == [(Slip.NOT_A_SETTING, Place(line=9, column=1))]


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("a.b/c=d", "a.b/c", "d"),
        ("a.b/c = d", "a.b/c", "d"),
        ("a.b/c:d", "a.b/c", "d"),
        ("a.b/c d", "a.b/c", "d"),
        ("a.b/c", None, None),
        ("  a.b/c=d", "a.b/c", "d"),
        ("a.b/c=D\\:\\\\Notes", "a.b/c", "D:\\Notes"),
        ("a.b/c=gr\\u00fcn", "a.b/c", "grün"),
        ("a.b/c=x\\ud800y", "a.b/c", "x\ufffdy"),
        ("a.b/c=one,\\\n   two", "a.b/c", "one,two"),
        ("a.b/c=one\\\\\nd=2", "a.b/c", "one\\"),
        ("a.b/host\\:port=d", "a.b/host:port", "d"),
        ("# a=b", None, None),
        ("! a=b", None, None),
        ("a.b/c=http://x/?a=b", "a.b/c", "http://x/?a=b"),
    ],
)
def test_preferences_are_java_properties(line: str, name: str | None, value: str | None) -> None:
    settings = read_plugin_customization(line.encode(), "p").settings
    assert [(one.name, one.value) for one in settings[:1]] == ([] if name is None else [(name, value)])


def test_a_joined_line_counts_as_its_first() -> None:
    document = read_plugin_customization(b"a/b=1\nc/d=x\\\ny\\\nz\ne/f=2\n", "p")
    assert [(one.name, one.value, one.place.line) for one in document.settings] == [
        ("a/b", "1", 1),
        ("c/d", "xyz", 2),
        ("e/f", "2", 5),
    ]


@pytest.mark.parametrize(
    ("encoding", "slip"),
    [
        ("utf-8", None),
        ("utf-8-sig", (Slip.BYTE_ORDER_MARK, "")),
        ("utf-16", (Slip.ENCODING, "UTF-16")),
        ("cp1252", (Slip.ENCODING, "Windows-1252")),
    ],
)
def test_encodings_of_windows(encoding: str, slip: tuple[str, str] | None) -> None:
    data = "[Config]\r\nNAME=Grüße\r\n".encode(encoding)
    for reader in (read_sametime_ini, read_plugin_customization):
        document = reader(data, "x")
        assert [one.value for one in document.settings if one.name.endswith("NAME")] == ["Grüße"]
        kept = [(one.kind, one.detail) for one in document.slips if one.kind in (Slip.BYTE_ORDER_MARK, Slip.ENCODING)]
        assert kept == ([slip] if slip else [])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xff\xfea", "x: it begins as UTF-16 and goes on as something else."),
        (b"A=\x00\xe4\x00\x00", "x: it is not text; is it the right file?"),
        (b"A=1\nB=\x81\n", "x line 2: it is not UTF-8; save it as UTF-8 (in Notepad: Save as, Encoding)."),
        (b"A=\x01", "x line 1, column 3: it is not text: a control character stands here."),
        (b"A" * (1024 * 1024 + 1), "x: it is larger than 1024 KiB; is it the right file?"),
    ],
)
def test_what_is_no_text_costs_one_sentence(data: bytes, sentence: str) -> None:
    for reader in (read_sametime_ini, read_plugin_customization):
        with pytest.raises(FormatError) as error:
            reader(data, "x")
        assert str(error.value) == sentence


@pytest.mark.parametrize(
    "line",
    [
        "a" * 65_000,
        "\\" * 65_000,
        "=" * 65_000,
        "a=" + "@x" * 32_000,
        "a=" + "://a:" * 13_000,
        "a=" + "password" * 8_000,
        "a=" + "a" * 60_000 + "://",
        "a=mongodb://" + "a:@" * 20_000,
        "a=hclsametime:" + "@" * 60_000,
        "a=" + "pwd=" * 16_000,
        "a=" + "&token" * 10_000,
        "a=" + " #" * 30_000,
        "A_PASSWORD='" + "\\'" * 30_000,
        "A_PASSWORD=" + "$A" * 30_000,
        "a=" + "é" * 30_000,
        " " * 65_000,
        "ldap" * 16_000 + "port=1516",
    ],
)
def test_long_lines_take_no_time(line: str) -> None:
    started = time.perf_counter()
    for reader in (read_sametime_ini, read_plugin_customization, read_environment):
        reader(line.encode(), "x")
    assert time.perf_counter() - started < 1.5


def test_many_lines_take_little_time() -> None:
    started = time.perf_counter()
    read_plugin_customization(b"a/b=\\\n" * 19_000, "x")
    read_sametime_ini(b"A_PASSWORD=x\n" * 19_000, "x")
    read_environment(b"A='\n" * 4_000, "x")
    assert time.perf_counter() - started < 3


_WORDS = """
a b= = : \\ ' " ` # ; ! [ ] [Config] $ { } X_PASSWORD mongodb:// hclsametime: @ / \\u00 \\ud800 %s “ STI__A__B é export
"""
_MORE = ("\n", "\r\n", " ", "\t", "\ufeff", "\u2028", "\xa0", "-----BEGIN PRIVATE KEY-----")
_LINES = st.lists(st.sampled_from((*_WORDS.split(), *_MORE)), max_size=40)
_READERS = (read_sametime_ini, read_plugin_customization, read_environment)


def read_or_refused(reader: Callable[[bytes, str], ConfigDocument], data: bytes) -> ConfigDocument:
    """What is refused is an empty document here; any other exception fails the test."""
    sentence = ""
    try:
        return reader(data, "x")
    except FormatError as error:
        sentence = str(error)
    assert sentence.isprintable()
    return ConfigDocument(file="x", kind=ConfigKind.ENVIRONMENT)


@settings(deadline=None)
@given(_LINES)
def test_any_text_is_read_or_refused(pieces: list[str]) -> None:
    for reader in _READERS:
        document = read_or_refused(reader, "".join(pieces).encode())
        msgspec.json.encode(document)
        assert all(one.name and one.place.line > 0 and one.place.column > 0 for one in document.settings)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for reader in _READERS:
        msgspec.json.encode(read_or_refused(reader, data))
