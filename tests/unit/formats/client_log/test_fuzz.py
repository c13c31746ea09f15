"""No bytes break the reader, and it counts what is there."""

from __future__ import annotations

import gzip

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.formats.client_log.logs import (
    ANDROID,
    CCM_BROKEN,
    CCM_HEALTHY,
    CCM_START,
    OKHTTP,
    SAMETIME,
    WEBSPHERE,
    read,
)

from stdiag.catalogue.log_patterns import PATTERNS
from stdiag.catalogue.registry import ALL

_LOGS = (ANDROID, OKHTTP, WEBSPHERE, CCM_HEALTHY, CCM_BROKEN, CCM_START, SAMETIME)
_KNOWN = [line.encode() for text in _LOGS for line in text.splitlines()]
_KNOWN += [pattern.example.encode() for pattern in PATTERNS]
_ODD = [
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\0",
    b"\r",
    b"\x1b[2J",
    b'{"log":"',
    b'"}',
    b" | ",
    "\u202e\u2028".encode(),
    b"\x1f\x8b\x08",
]
_piece = st.one_of(st.sampled_from(_KNOWN), st.sampled_from(_ODD), st.binary(max_size=40), st.just(b"\n"))


@settings(deadline=None)
@given(st.lists(_piece, max_size=30).map(b"".join))
def test_anything_is_read(content: bytes) -> None:
    if content[:2] == b"PK" or content[:3] == b"BZh" or content[:3] == b"\x1f\x8b\x08":
        content = b"x" + content
    log = read(content)
    document = msgspec.json.encode(log)
    assert msgspec.json.decode(document)["lines"] == log.lines
    assert 0 <= log.recognised <= log.lines
    if log.encoding == "utf-8":
        body = content.removeprefix(b"\xef\xbb\xbf")
        assert log.lines == body.count(b"\n") + (bool(body) and not body.endswith(b"\n"))
    for one in log.exceptions:
        assert one.code in ALL
        assert 1 <= one.first_line <= one.last_line <= log.lines
        assert one.said.isprintable() or "\\x" in ascii(one.said)
    assert [run.first_line for run in log.timeline] == sorted(run.first_line for run in log.timeline)
    for run in log.timeline:
        assert 1 <= run.first_line <= run.last_line <= log.lines


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 300), st.integers(0, 255))
def test_damaged_gzip_is_read_as_far_as_it_goes(content: bytes, at: int, value: int) -> None:
    packed = bytearray(gzip.compress(content))
    packed[at % len(packed)] = value
    if packed[:3] == b"\x1f\x8b\x08":
        read(bytes(packed))


@settings(deadline=None)
@given(st.lists(st.sampled_from(_KNOWN), min_size=1, max_size=12))
def test_how_a_log_is_stored_changes_nothing(lines: list[bytes]) -> None:
    content = b"\n".join(lines) + b"\n"
    plain = read(content)
    for stored in (gzip.compress(content), content.decode().encode("utf-16"), content.replace(b"\n", b"\r\n")):
        other = read(stored)
        assert (other.exceptions, other.timeline, other.endpoints) == (
            plain.exceptions,
            plain.timeline,
            plain.endpoints,
        )
