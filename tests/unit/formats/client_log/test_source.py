"""Whatever a log is stored in, the same lines come out, and never more than fits."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zlib

import pytest
from tests.unit.formats.client_log.logs import ANDROID, read

from stdiag.formats.client_log.source import BLOCK, LINE_LIMIT, LogSource
from stdiag.formats.errors import FormatError


def lines(content: bytes, **more: int) -> list[bytes]:
    source = LogSource(io.BytesIO(content), "x", **more)
    return [line for block in source.blocks() for line in block.split(b"\n")]


@pytest.mark.parametrize(
    ("stored", "encoding", "compressed"),
    [
        (ANDROID.encode("utf-8-sig"), "utf-8", False),
        (ANDROID.encode("utf-16"), "utf-16-le", False),
        (ANDROID.encode("utf-16-le"), "utf-16-le", False),
        (ANDROID.encode("utf-16-be"), "utf-16-be", False),
        (b"\xfe\xff" + ANDROID.encode("utf-16-be"), "utf-16-be", False),
        (ANDROID.replace("\n", "\r\n").encode(), "utf-8", False),
        (gzip.compress(ANDROID.encode()), "utf-8", True),
        (gzip.compress(ANDROID.encode()) + b"\0" * 600, "utf-8", True),
        (gzip.compress(ANDROID[:500].encode()) + gzip.compress(ANDROID[500:].encode()), "utf-8", True),
        (gzip.compress(ANDROID.replace("\n", "\r\n").encode("utf-16")), "utf-16-le", True),
    ],
    ids=["bom", "utf16", "le", "be", "be-bom", "crlf", "gzip", "padded", "members", "gzip-utf16-crlf"],
)
def test_the_same_is_read_however_it_is_stored(stored: bytes, encoding: str, compressed: bool) -> None:
    plain, log = read(ANDROID), read(stored)
    assert (log.encoding, log.compressed, log.size) == (encoding, compressed, len(stored))
    assert (log.lines, log.exceptions, log.timeline, log.notes) == (
        plain.lines,
        plain.exceptions,
        plain.timeline,
        plain.notes,
    )


def test_a_truncated_log_is_read_to_its_end_and_says_so() -> None:
    log = read(ANDROID[:-20])
    assert log.timeline[0].code == "log-chain-not-trusted"
    assert log.notes == ["It does not end with a whole line: it may be cut off."]


def test_truncated_and_damaged_gzip() -> None:
    packed = gzip.compress(ANDROID.encode() * 50)
    log = read(packed[: len(packed) - 20])
    assert log.recognised > 0
    assert "The compressed data ends early: the log is cut off." in log.notes
    damaged = read(packed[:60] + b"\xff" * 50 + packed[110:])
    assert any("damaged" in note for note in damaged.notes)
    assert any("damaged" in note for note in read(packed + b"no gzip at all").notes)


def test_a_gzip_bomb_is_left_alone_in_time() -> None:
    log = read(gzip.compress(b"\0" * 30_000_000), unpacked_limit=8 * 1024**2)
    assert any("more than 8 MiB" in note for note in log.notes)


def test_a_bomb_of_lines_costs_no_memory() -> None:
    packer = zlib.compressobj(wbits=31)
    packed = b"".join(packer.compress(b"2013/06/21 nothing\n" * 50_000) for _ in range(8)) + packer.flush()
    read(ANDROID)
    tracemalloc.start()
    try:
        log = read(packed)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert log.lines == 400_000
    assert peak < 20_000_000


def test_a_line_without_end_is_passed_over() -> None:
    long = b"x" * (40 * BLOCK)
    found = lines(b"first\n" + long + b" Trust anchor\nlast\n")
    assert found == [b"first", b"x" * LINE_LIMIT, b"last"]
    log = read(b"first\n" + long + b"\n" + ANDROID.encode())
    assert any("Lines longer than 64 KiB: 1." in note for note in log.notes)
    assert log.timeline[0].first_line == 3


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_pipes_bring_what_they_like(size: int) -> None:
    class Dripping(io.BytesIO):
        def read(self, wanted: int | None = -1) -> bytes:
            return super().read(min(size, wanted or size))

    for stored in (ANDROID.encode(), gzip.compress(ANDROID.encode()), ANDROID.encode("utf-16")):
        source = LogSource(Dripping(stored), "x")
        text = b"\n".join(source.blocks()).decode()
        assert text == ANDROID.removesuffix("\n")
        assert not source.ends_within_line


@pytest.mark.parametrize(
    ("magic", "word"),
    [(b"PK\x03\x04", "ZIP"), (b"\xfd7zXZ\x00", "xz"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"BZh9", "bzip2")],
)
def test_archives_are_refused_in_one_sentence(magic: bytes, word: str) -> None:
    with pytest.raises(FormatError, match=f"{word}.*unpack it"):
        read(magic + b"x" * 100)


def test_an_error_of_the_disk_is_a_sentence() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:  # noqa: ARG002 - the signature of a stream
            raise OSError(5, "Input/output error")

    with pytest.raises(FormatError, match="cannot be read"):
        list(LogSource(Broken(), "x").blocks())
