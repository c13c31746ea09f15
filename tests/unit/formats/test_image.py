"""Pictures by their header: every form, cut at every byte, and bytes that are none."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.formats.image import MIME, ImageFacts, image_facts
from stdiag.lab.picture import grey_jpeg


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def webp(body: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


JPEG = grey_jpeg(40, side=48)
# As cameras write it: a preview with a size of its own inside the first segment, and fill bytes.
CAMERA = (
    b"\xff\xd8"
    + segment(0xE1, b"Exif\0\0" + grey_jpeg(40, side=16))
    + b"\xff\xff"
    + segment(0xC2, b"\x08\x0b\xd0\x0f\xc0\x01\x01\x11\0")
    + segment(0xDA, b"\x01\x01\0\0\x3f\0")
    + b"data\xff\xd9"
)
GIF = b"GIF89a" + struct.pack("<HH", 100, 80) + b"\0\0\0" + b"\x2c" + bytes(9) + b"\x02\x00" + b"\x3b"
PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 65, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(bytes(65 * 65)))
    + chunk(b"IEND", b"")
)
LOSSY = webp(b"VP8 " + struct.pack("<I", 20) + b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 33, 34) + bytes(10))
LOSSLESS = webp(b"VP8L" + struct.pack("<I", 9) + b"\x2f" + struct.pack("<I", (20 - 1) | (21 - 1) << 14) + bytes(4))
EXTENDED = webp(b"VP8X" + struct.pack("<I", 10) + bytes(4) + (499).to_bytes(3, "little") + (299).to_bytes(3, "little"))
SVG = b'<?xml version="1.0"?>\n<!-- a face -->\n<svg width="10" height="10"></svg>\n'


@pytest.mark.parametrize(
    ("data", "form", "width", "height"),
    [
        (JPEG, "JPEG", 48, 48),
        (CAMERA, "JPEG", 4032, 3024),
        (GIF, "GIF", 100, 80),
        (PNG, "PNG", 64, 65),
        (LOSSY, "WebP", 33, 34),
        (LOSSLESS, "WebP", 20, 21),
        (EXTENDED, "WebP", 500, 300),
        (SVG, "SVG", None, None),
    ],
)
def test_a_whole_picture(data: bytes, form: str, width: int | None, height: int | None) -> None:
    assert image_facts(data) == ImageFacts(form=form, width=width, height=height, whole=True)
    assert form in MIME


@pytest.mark.parametrize("data", [JPEG, CAMERA, GIF, PNG, LOSSY, EXTENDED])
def test_one_that_was_cut_off_is_not_whole(data: bytes) -> None:
    facts = image_facts(data[: len(data) * 3 // 4])
    assert facts is not None
    assert facts.whole is False


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b"BM" + struct.pack("<I", 100) + bytes(4) + bytes(8) + struct.pack("<ii", 7, -9), "BMP"),
        (b"\0\0\1\0\1\0" + bytes([16, 16]) + bytes(20), "ICO"),
        (b"II*\0" + bytes(20), "TIFF"),
        (b"\0\0\0\x1cftypavif" + bytes(20), "AVIF"),
        (b"\0\0\0\x1cftypheic" + bytes(20), "HEIC"),
    ],
)
def test_forms_of_which_only_the_beginning_is_looked_at(data: bytes, form: str) -> None:
    facts = image_facts(data)
    assert facts is not None
    assert (facts.form, facts.whole) == (form, None)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!DOCTYPE html><html><svg></svg></html>",
        b"<html><body>not a picture</body></html>",
        b'{"photo": null}',
        b"GIF88a" + bytes(20),
        b"\xff\xd8",
        b"BMW is a car",
        b"RIFF\0\0\0\0WAVE",
        b"<svgalib>",
    ],
)
def test_what_is_no_picture(data: bytes) -> None:
    assert image_facts(data) is None


@given(
    st.binary(max_size=300),
    st.sampled_from([b"\xff\xd8\xff", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"RIFF1234WEBPVP8 ", b"BM"]),
)
def test_hostile_bytes_do_no_harm(data: bytes, begins: bytes) -> None:
    for whole in (data, begins + data):
        facts = image_facts(whole)
        assert facts is None or facts.form in MIME


@pytest.mark.parametrize("unit", [b"\xff", b"\xff\xd0", b"\xff\xe0\0\x02", b"<!---->", b"<?xml?>"])
def test_a_long_header_costs_no_more_than_its_length(unit: bytes) -> None:
    image_facts(b"\xff\xd8\xff" + unit * 250_000)
    image_facts(unit * 250_000)
