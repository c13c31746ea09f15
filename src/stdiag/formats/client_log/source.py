"""The bytes of a log as blocks of whole lines in UTF-8, whatever they are stored in, with a bound on everything."""

from __future__ import annotations

import codecs
import itertools
import zlib
from collections.abc import Iterator
from typing import IO

from stdiag.formats.errors import FormatError

BLOCK = 256 * 1024
"""Bytes that are read, or unpacked, at a time."""
LINE_LIMIT = 64 * 1024
"""Bytes of a line that are looked at; the rest is passed over."""
UNPACKED_LIMIT = 4 * 1024**3
"""Bytes that a compressed file may unpack to: a few megabytes of gzip can hold as much as this."""

_GZIP = b"\x1f\x8b\x08"
_OTHERS = {
    b"PK\x03\x04": "a ZIP archive",
    b"\xfd7zXZ\x00": "compressed with xz",
    b"\x28\xb5\x2f\xfd": "compressed with zstd",
    b"BZh": "compressed with bzip2",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
}
_ENOUGH = 64
"""Bytes from which an encoding is told where no byte order mark tells it."""


class LogSource:
    """Reads a binary stream once. The attributes hold what was noticed so far."""

    def __init__(self, stream: IO[bytes], name: str, *, unpacked_limit: int = UNPACKED_LIMIT) -> None:
        self._stream = stream
        self._name = name
        self._unpacked_limit = unpacked_limit
        self.size = 0
        self.compressed = False
        self.encoding = "utf-8"
        self.long_lines = 0
        self.ends_within_line = False
        self.notes: list[str] = []

    def blocks(self) -> Iterator[bytes]:
        """Blocks of whole lines, without the line end of the last one. Raises FormatError for an archive."""
        tail = b""
        skipping = False
        for chunk in self._utf8(self._unpacked()):
            if skipping:
                end = chunk.find(b"\n")
                if end < 0:
                    continue
                chunk = chunk[end + 1 :]  # noqa: PLW2901 - what is left of it
                skipping = False
            cut = chunk.rfind(b"\n")
            if cut >= 0:
                yield tail + chunk[:cut]
                tail = chunk[cut + 1 :]
            else:
                tail += chunk
            if len(tail) > LINE_LIMIT:
                yield tail[:LINE_LIMIT]
                tail, skipping = b"", True
                self.long_lines += 1
        self.ends_within_line = bool(tail) or skipping
        if tail:
            yield tail

    def _raw(self) -> Iterator[bytes]:
        try:
            while chunk := self._stream.read(BLOCK):
                self.size += len(chunk)
                yield chunk
        except OSError as error:
            raise FormatError(f"it cannot be read ({error.strerror or 'input error'})", file=self._name) from None

    def _unpacked(self) -> Iterator[bytes]:
        chunks = self._raw()
        first = next(chunks, b"")
        while 0 < len(first) < _ENOUGH and (more := next(chunks, b"")):  # a pipe may bring a few bytes at a time
            first += more
        for magic, what in _OTHERS.items():
            if first.startswith(magic):
                raise FormatError(f"it is {what}", file=self._name, suggestion="unpack it and name the log itself")
        if not first.startswith(_GZIP):
            yield first
            yield from chunks
            return
        self.compressed = True
        yield from self._gunzipped(first, chunks)

    def _gunzipped(self, first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """All members of a gzip file (RFC 1952 §2.2); what is damaged ends the log with a note."""
        unpacker = zlib.decompressobj(wbits=31)
        unpacked = 0
        begun = False  # of the member that is being unpacked, something has been read
        for chunk in itertools.chain([first], chunks):
            data = chunk
            while data or unpacker.unconsumed_tail:
                begun = True
                try:
                    block = unpacker.decompress(unpacker.unconsumed_tail or data, BLOCK)
                except zlib.error:
                    self.notes.append("The compressed data is damaged: what follows the damage was not read.")
                    return
                unpacked += len(block)
                if unpacked > self._unpacked_limit:
                    limit = self._unpacked_limit // 1024**2
                    self.notes.append(f"It unpacks to more than {limit} MiB: the rest was not read. Unpack it first.")
                    return
                yield block
                data = b""
                if unpacker.eof:
                    data = unpacker.unused_data
                    if data.rstrip(b"\0") == b"":
                        data = b""  # padding, as some tools leave it
                    unpacker = zlib.decompressobj(wbits=31)
                    begun = False
        if begun:
            self.notes.append("The compressed data ends early: the log is cut off.")

    def _utf8(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        first = next(chunks, b"")
        encoding, mark = _encoding_of(first)
        self.encoding = encoding
        if encoding == "utf-8":
            yield first[mark:]
            yield from chunks
            return
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        yield decoder.decode(first[mark:]).encode("utf-8", "replace")
        for chunk in chunks:
            yield decoder.decode(chunk).encode("utf-8", "replace")
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _encoding_of(first: bytes) -> tuple[str, int]:
    """The encoding, and the length of the byte order mark. Without one, every second byte of western text is 0."""
    if first.startswith(codecs.BOM_UTF8):
        return "utf-8", 3
    if first.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le", 2
    if first.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be", 2
    sample = first[:4096]
    half = len(sample) // 2
    if len(sample) >= _ENOUGH:
        if sample[1::2].count(0) > half * 0.7 and sample[0::2].count(0) < half * 0.1:
            return "utf-16-le", 0
        if sample[0::2].count(0) > half * 0.7 and sample[1::2].count(0) < half * 0.1:
            return "utf-16-be", 0
    return "utf-8", 0
