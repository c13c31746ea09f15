"""Bombs, huge files and wrong encodings: one sentence, in bounded time and memory."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from stdiag.formats.config.document import ConfigDocument, ConfigKind
from stdiag.formats.config.xml_collect import DEEPEST, LONGEST_NAME, LONGEST_VALUE, MOST_ELEMENTS, MOST_SLIPS
from stdiag.formats.config.xml_reader import LARGEST, read_xml
from stdiag.formats.config.xml_text import MOST_AMPERSANDS
from stdiag.formats.errors import FormatError

SECONDS = 10.0
"""Far above what is needed (half a second at most, in measurements), and far below what a bomb would need."""


def read(content: bytes) -> ConfigDocument:
    return read_xml(content, "stproxyconfig.xml", ConfigKind.STPROXY_XML)


def refused(content: bytes) -> str:
    begun = time.monotonic()
    with pytest.raises(FormatError) as caught:
        read(content)
    assert time.monotonic() - begun < SECONDS
    said = str(caught.value)
    assert said.startswith("stproxyconfig.xml")
    assert "\n" not in said
    assert len(said) < 400
    return said


def inside(content: str) -> bytes:
    return f"<configuration>{content}</configuration>".encode()


LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {to} "{f"&{of};" * 10}">' for of, to in zip("abcdefghi", "bcdefghij", strict=True))
    + "]><configuration>&j;</configuration>"
)


@pytest.mark.parametrize(
    "bomb",
    [
        LAUGHS,
        f'<!DOCTYPE l [<!ENTITY a "{"x" * 100_000}">]><configuration>{"&a;" * 10_000}</configuration>',
        '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><configuration>&a;</configuration>',
        '<!DOCTYPE l SYSTEM "http://192.0.2.1/x.dtd"><configuration/>',
        '<!DOCTYPE l PUBLIC "-//X//Y" "ftp://192.0.2.1/x.dtd"><configuration/>',
        '<!DOCTYPE l [<!ENTITY % p SYSTEM "http://192.0.2.1/p"> %p;]><configuration/>',
        "<!DOCTYPE configuration><configuration/>",
    ],
    ids=["laughs", "quadratic", "external", "dtd", "public", "parameter", "bare"],
)
def test_a_document_type_is_refused_before_anything_of_it_is_read(bomb: str) -> None:
    tracemalloc.start()
    assert "it has a document type (<!DOCTYPE …>)" in refused(bomb.encode())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000


def test_a_bomb_in_another_encoding_is_one_too() -> None:
    assert "document type" in refused(LAUGHS.encode("utf-16"))


def test_what_is_larger_than_the_limit_is_not_looked_at() -> None:
    content = bytes(LARGEST + 1)
    tracemalloc.start()
    assert "it is larger than 4 MiB; is it the right file?" in refused(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (inside("<a/>" * MOST_ELEMENTS), f"it has more than {MOST_ELEMENTS} elements and attributes"),
        (inside("<a " + " ".join(f"b{n}=''" for n in range(MOST_ELEMENTS)) + "/>"), "too many or too long attributes"),
        (inside("<a>" * DEEPEST + "</a>" * DEEPEST), f"nested more than {DEEPEST} deep"),
        (inside("<" + "a" * (LONGEST_NAME + 1) + "/>"), f"longer than {LONGEST_NAME} characters"),
        (inside(f"<a {'b' * (LONGEST_NAME + 1)}=''/>"), "too many or too long attributes"),
        (inside("<a>" + "b" * (LONGEST_VALUE + 1) + "</a>"), "the value of <a> is longer than 16 KiB"),
        (inside("<a>b" + "\n" * (LONGEST_VALUE + 1) + "</a>"), "the value of <a> is longer than 16 KiB"),
        (inside(f"<a b='{'c' * (LONGEST_VALUE + 1)}'/>"), "the value of b is longer than 16 KiB"),
        (inside("<a>" + "&" * (MOST_AMPERSANDS + 1) + "</a>"), "an & begins no reference here"),
        (inside("<!--" * 200_000), "not well-formed"),
        (b"<configuration>" + b"<" * 1_000_000, "a < stands before this"),
        (b"<configuration>" * 100_000, f"nested more than {DEEPEST} deep"),
    ],
    ids=[
        "elements",
        "attributes",
        "deep",
        "name",
        "attribute",
        "text",
        "lines",
        "value",
        "and",
        "comments",
        "lt",
        "open",
    ],
)
def test_bounds_are_one_sentence(content: bytes, words: str) -> None:
    assert words in refused(content)


def test_at_the_bounds_files_are_read() -> None:
    assert len(read(inside("<a/>" * (MOST_ELEMENTS - 1))).settings) == MOST_ELEMENTS - 1
    assert read(inside("<a>" * (DEEPEST - 1) + "</a>" * (DEEPEST - 1))).settings
    assert len(read(inside(f"<a>{'b' * LONGEST_VALUE}</a>")).settings[0].value) == LONGEST_VALUE
    slips = read(inside("<a>" + "&" * MOST_AMPERSANDS + "</a>")).slips
    assert len(slips) == MOST_SLIPS


def test_large_white_space_costs_little() -> None:
    content = b"<configuration>" + b"\n" * 50_000 + b"<a>1</a></configuration>"
    tracemalloc.start()
    document = read(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (document.settings[0].place.line, document.settings[0].value) == (50_001, "1")
    assert peak < 1_000_000


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "iso-8859-1", "windows-1252", "cp850"],
)
def test_encodings_that_are_declared_or_marked_are_read(encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(encoding, encoding)
    content = f'<?xml version="1.0" encoding="{declared}"?>\n<configuration><a>Grüße</a></configuration>'
    setting = read(content.encode(encoding)).settings[0]
    assert (setting.value, setting.place.line, setting.place.column) == ("Grüße", 2, 16)


def test_east_asian_encodings_are_read() -> None:
    for encoding, text in (("Shift_JIS", "日本"), ("GB18030", "中文"), ("Big5", "中文"), ("EUC-KR", "한국")):
        content = f'<?xml version="1.0" encoding="{encoding}"?><configuration><a>{text}</a></configuration>'
        assert read(content.encode(encoding)).settings[0].value == text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<configuration>\n<a>ä</a></configuration>".encode("latin-1"), "line 2, column 4: it is not UTF-8"),
        (b"<?xml version='1.0' encoding='ascii'?>\n<a>\xe4</a>", "line 2, column 4: it is not ASCII"),
        (b"<?xml version='1.0' encoding='UTF-16'?><a/>", "its first line declares UTF-16, but the file is not"),
        (b"<?xml version='1.0' encoding='UTF16LE'?><a/>", "its first line declares UTF16LE, but the file is not"),
        ("<?xml version='1.0' encoding='UTF-8'?><a/>".encode("utf-16"), "it is written in UTF-16, but its first line"),
        (b"<?xml version='1.0' encoding='rot13'?><a/>", "the encoding 'rot13', which is not known"),
        (b"<?xml version='1.0' encoding='unicode_escape'?><a/>", "which is not known"),
        (b"<?xml version='1.0' encoding='idna'?><a/>", "which is not known"),
        (b"<?xml version='1.0' encoding='cp999'?><a/>", "which is not known"),
        (b"<?xml version='1.0' encoding='gb18030'?><configuration>" + b"\xff" * 100_000, "it is not GB18030"),
        ("<?xml version='1.0'?>".encode("cp037"), "it is written in EBCDIC"),
        (b"\xff\xfe<\0a", "it is not UTF-16-LE"),
        (b"\xff\xfe\0\0" + b"\xff" * 8, "it is not UTF-32-LE"),
        (b"\x00\x00\x00\x00", "this is no XML"),
        (b"PK\x03\x04\x14\x00\x00\x00\x08\x00\xd8\xff", "it is not UTF-8"),
    ],
)
def test_wrong_encodings_are_one_sentence(content: bytes, words: str) -> None:
    assert words in refused(content)
