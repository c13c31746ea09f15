"""Environment files as docker compose reads them, with places; what it would refuse is noted."""

from __future__ import annotations

import msgspec
import pytest

from stdiag.formats.config.document import ConfigDocument, ConfigKind, Place
from stdiag.formats.config.environment_reader import read_environment
from stdiag.formats.config.environment_slips import EnvironmentSlip as Slip
from stdiag.formats.errors import FormatError


def read(text: str) -> ConfigDocument:
    return read_environment(text.encode(), "custom.env")


def values(text: str) -> dict[str, str]:
    return {setting.name: setting.value for setting in read(text).settings}


def slips(text: str) -> list[tuple[str, str, str]]:
    return [(slip.kind, slip.name, slip.detail) for slip in read(text).slips]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=b", "b"),
        ("A=", ""),
        ("A = b", "b"),
        ("  export A=b", "b"),
        ("A=b # comment", "b"),
        ("A=b# no comment", "b# no comment"),
        ("A=# comment", ""),
        ("A='b # no comment' # comment", "b # no comment"),
        ('A="b"', "b"),
        ('A="b\\tc\\n\\"d\\" \\\\ \\$e"', 'b\tc\n"d" \\ $e'),
        ("A='let\\'s go'", "let's go"),
        ("A='b\\tc'", "b\\tc"),
        ("A=b=c", "b=c"),
        ("A=b\r", "b"),
        ("A='one\ntwo'", "one\ntwo"),
        ("A=${B}/c", "${B}/c"),
    ],
)
def test_values_are_what_docker_compose_makes_of_them(line: str, value: str) -> None:
    assert values(line) == {"A": value}
    assert slips(line) == []


def test_every_setting_has_its_places() -> None:
    document = read("# comment\n\nFIRST=1\n  export SECOND = 'two'\n")
    assert [(one.name, one.place, one.value_place) for one in document.settings] == [
        ("FIRST", Place(line=3, column=1), Place(line=3, column=7)),
        ("SECOND", Place(line=4, column=10), Place(line=4, column=19)),
    ]
    assert document.kind is ConfigKind.ENVIRONMENT
    assert document.file == "custom.env"
    assert len(document.sha256) == 64


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A\\_B=1", [(Slip.NAME_ESCAPED, "A\\_B", "A_B")]),
        ("`A_B`=1", [(Slip.NAME_IN_BACKTICKS, "`A_B`", "A_B")]),
        ("`A\\_B`=1", [(Slip.NAME_IN_BACKTICKS, "`A\\_B`", "A_B"), (Slip.NAME_ESCAPED, "`A\\_B`", "A_B")]),
        ("A-B=1", [(Slip.NAME_INVALID, "A-B", "a hyphen stands in it")]),
        ("A B=1", [(Slip.NAME_INVALID, "A B", "a blank stands in it")]),
        ("1A=1", [(Slip.NAME_INVALID, "1A", "it begins with a digit")]),
        ("A: 1", [(Slip.COLON, "A", "")]),
        ("no setting at all", [(Slip.NOT_A_SETTING, "", "")]),
        ("=1", [(Slip.NOT_A_SETTING, "", "")]),
        ("A='b", [(Slip.QUOTE_OPEN, "A", "")]),
        ("A='b'c", [(Slip.TEXT_AFTER_QUOTE, "A", "")]),
        ("A=“b”", [(Slip.TYPOGRAPHIC_QUOTES, "A", "")]),
        ("A=' b'", [(Slip.KEPT, "A", "a blank at its beginning")]),
        ('A=b"', [(Slip.KEPT, "A", "a quote")]),
        ("A=a\\_b", [(Slip.ESCAPED_VALUE, "A", "")]),
        ("A=1\nA=1", [(Slip.DUPLICATE, "A", "the same value")]),
        ("A=1\nA=2", [(Slip.DUPLICATE, "A", "different values")]),
        ("X_PASSWORD=a$b", [(Slip.DOLLAR, "X_PASSWORD", "")]),
        ('X_PASSWORD="a${b}"', [(Slip.DOLLAR, "X_PASSWORD", "")]),
        ("MONGO_URL=mongodb://u:a$b@h", [(Slip.DOLLAR, "MONGO_URL", "")]),
        ("X_PASSWORD=a #b", [(Slip.CUT_AT_HASH, "X_PASSWORD", "")]),
    ],
)
def test_slips(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert slips(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "X_PASSWORD='a$b #c'",
        "X_PASSWORD=${OTHER}",
        "X_PASSWORD=a$$b",
        "MONGO_URL=mongodb://u:${PW}@h",
        'A={"b": "c"}',
        "NAME_ALONE",
        "X_PASSWORD=",
    ],
)
def test_no_slips(text: str) -> None:
    assert slips(text) == []


def test_an_open_quote_swallows_no_other_setting() -> None:
    assert values("A='b\nC=d\nE='f\ng'") == {"A": "b", "C": "d", "E": "f\ng"}


def test_lines_of_a_key_are_no_settings_and_are_not_kept() -> None:
    text = "A=1\nKEY=-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq=\nhkiG9w0B+/=\n-----END PRIVATE KEY-----\nB=2\n"
    document = read(text)
    assert [one.name for one in document.settings] == ["A", "KEY", "B"]
    assert b"MIIE" not in msgspec.json.encode(document)
    assert b"hkiG" not in msgspec.json.encode(document)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    document = read_environment(b"\xef\xbb\xbfA='b'\r\nC=d\r\n", "x")
    assert [(one.name, one.value) for one in document.settings] == [("A", "b"), ("C", "d")]
    assert [slip.kind for slip in document.slips] == [Slip.BYTE_ORDER_MARK]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"A=1\nB=\xe4\n", "custom.env line 2: it is not UTF-8; save it as UTF-8 (in Notepad: Save as, Encoding)."),
        ("A=1".encode("utf-16"), "custom.env: it is UTF-16 or not text at all"),
        (b"A=1\nB=\x07x", "custom.env line 2, column 3: it is not text: a control character stands here."),
        (b"x" * (1024 * 1024 + 1), "custom.env: it is larger than 1024 KiB; is it the right file?"),
        (b"\n" * 20_001, "custom.env: it has more than 20000 lines; is it the right file?"),
        (b"A=1\n" + b"x" * 65_537, "custom.env line 2: the line is longer than 65536 characters."),
    ],
)
def test_what_is_no_environment_file_costs_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(FormatError) as error:
        read_environment(data, "custom.env")
    assert str(error.value).startswith(sentence)
