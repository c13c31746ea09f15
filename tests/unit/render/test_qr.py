"""QR codes, read back by another program's decoder (ZXing) from every form in which they are shown or written."""

from __future__ import annotations

import re
import struct
import zlib
from itertools import pairwise

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from stdiag.render.qr import QUIET_ZONE, Level, QrTooLongError, make_qr, module_mm, png, svg, terminal_text

URL = "hclsametime://joe%40acme.com@chat.example.com:8443/?action=AddCommunity&communityName=R%26D%20Sametime"
LEVELS: tuple[Level, ...] = ("L", "M", "Q", "H")
_PIXELS = 4


def scanned(rows: list[list[bool]]) -> bytes:
    """What ZXing reads in a picture of these modules, True for dark."""
    lines = [bytes(0 if dark else 255 for dark in row for _ in range(_PIXELS)) for row in rows]
    picture = b"".join(line * _PIXELS for line in lines)
    shape = (len(rows) * _PIXELS, len(rows[0]) * _PIXELS)
    (found,) = zxingcpp.read_barcodes(memoryview(picture).cast("B", shape))
    return bytes(found.bytes)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300), st.sampled_from(LEVELS))
def test_any_text_is_read_back(text: str, level: Level) -> None:
    assert scanned([list(row) for row in make_qr(text, level).rows]) == text.encode()


@pytest.mark.parametrize("level", LEVELS)
def test_half_blocks_are_read_back(level: Level) -> None:
    qr = make_qr(URL, level)
    coloured = terminal_text(qr, unicode=True, colour=True)
    lines = [re.fullmatch("\x1b\\[30;107m(.*)\x1b\\[0m", line) for line in coloured.splitlines()]
    black_on_white = [line[1] for line in lines if line]
    assert len(black_on_white) == (qr.width + 1) // 2
    assert scanned(_half_blocks(black_on_white, qr.width)) == URL.encode()
    on_white = terminal_text(qr, unicode=True, colour=False, invert=True).split("\n")
    assert _half_blocks(on_white, qr.width) == _half_blocks(black_on_white, qr.width)
    on_black = terminal_text(qr, unicode=True, colour=False).split("\n")
    assert _half_blocks(on_black, qr.width) == [[not dark for dark in row] for row in _half_blocks(on_white, qr.width)]


def test_ascii_is_read_back() -> None:
    qr = make_qr(URL)
    lines = terminal_text(qr, unicode=False, colour=False, invert=True).splitlines()
    assert all(line.isascii() for line in lines)
    padded = [line.ljust(2 * qr.width) for line in lines]
    assert scanned([[line[column] == "#" for column in range(0, len(line), 2)] for line in padded]) == URL.encode()
    dark = terminal_text(qr, unicode=False, colour=False)
    assert dark.splitlines()[0] == "##" * qr.width


def _half_blocks(lines: list[str], width: int) -> list[list[bool]]:
    """The modules of a text: True where something is drawn."""
    rows = []
    for line in lines:
        padded = line.ljust(width)
        rows += [[c in "█▀" for c in padded], [c in "█▄" for c in padded]]
    return rows[:width]


@pytest.mark.parametrize("width_mm", [20.0, 40.0, 100.0])
def test_png_is_read_back_and_as_wide_as_wanted(width_mm: float) -> None:
    qr = make_qr(URL)
    image = png(qr, width_mm)
    chunks = dict(_png_chunks(image))
    width, height, depth, colour = struct.unpack(">IIBB", chunks["IHDR"][:10])
    assert (width, depth, colour) == (height, 1, 0)
    assert width % qr.width == 0
    dots_per_metre, _, unit = struct.unpack(">IIB", chunks["pHYs"])
    assert unit == 1
    assert width / dots_per_metre * 1000 == pytest.approx(width_mm, rel=0.02)
    stride = (width + 7) // 8 + 1
    data = zlib.decompress(chunks["IDAT"])
    rows = _unfiltered([data[start : start + stride] for start in range(0, len(data), stride)])
    pixels = [[not row[x // 8] >> (7 - x % 8) & 1 for x in range(width)] for row in rows]
    scale = width // qr.width
    assert scanned([line[::scale] for line in pixels[::scale]]) == URL.encode()


def _unfiltered(rows: list[bytes]) -> list[bytes]:
    """PNG's rows without their filters, of which two occur: none, and the difference to the row above."""
    found = [bytes(len(rows[0]) - 1)]
    for row in rows:
        assert row[0] in (0, 2)
        above = found[-1] if row[0] == 2 else bytes(len(row) - 1)
        found.append(bytes((one + other) & 0xFF for one, other in zip(row[1:], above, strict=True)))
    return found[1:]


def _png_chunks(image: bytes) -> list[tuple[str, bytes]]:
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, place = [], 8
    while place < len(image):
        length, name = struct.unpack(">I4s", image[place : place + 8])
        chunks.append((name.decode(), image[place + 8 : place + 8 + length]))
        place += 12 + length
    return chunks


def test_svg_is_read_back_and_as_wide_as_wanted() -> None:
    qr = make_qr(URL)
    image = svg(qr, 50).decode()
    assert re.search('<svg [^>]*width="50(?:.0)?mm" height="50(?:.0)?mm"', image)
    white, dark = re.findall(r'<path[^>]* d="([^"]+)"', image)
    assert white.startswith("M0 0")  # a background of its own: pages may be dark
    rows = [[False] * qr.width for _ in range(qr.width)]
    x = y = 0.0
    for name, numbers in re.findall(r"([Mmh])([-0-9. ]+)", dark):
        values = [float(value) for value in numbers.split()]
        match name:
            case "M":
                x, y = values
            case "m":
                x, y = x + values[0], y + values[1]
            case _:
                for column in range(int(values[0])):
                    rows[int(y)][int(x) + column] = True
                x += values[0]
    assert scanned(rows) == URL.encode()


@pytest.mark.parametrize("level", LEVELS)
def test_a_quiet_zone_is_kept_on_all_sides(level: Level) -> None:
    rows = make_qr(URL, level).rows
    for turned in (rows, tuple(zip(*rows, strict=True))):
        for edge in (turned[:QUIET_ZONE], turned[-QUIET_ZONE:]):
            assert not any(any(row) for row in edge)


def test_a_higher_level_takes_no_less_room() -> None:
    widths = [make_qr(URL, level).width for level in LEVELS]
    assert all(one <= other for one, other in pairwise(widths))


@pytest.mark.parametrize(("level", "most"), [("L", 2953), ("M", 2331), ("Q", 1663), ("H", 1273)])
def test_what_is_too_long_is_refused(level: Level, most: int) -> None:
    assert make_qr("x" * most, level).width == 177 + 2 * QUIET_ZONE
    with pytest.raises(QrTooLongError, match=f"{most + 1} bytes do not fit into a QR code of level {level}"):
        make_qr("x" * (most + 1), level)


def test_the_size_of_a_module() -> None:
    qr = make_qr(URL)
    assert module_mm(qr, float(qr.width)) == 1.0
