"""What the beginning and the end of a file say of a picture: its form, its size, whether it is whole. Nothing is
decoded, so that a hostile picture costs no more than its length."""

from __future__ import annotations

import re

import msgspec

JPEG = "JPEG"
GIF = "GIF"
PNG = "PNG"
WEBP = "WebP"
SVG = "SVG"

MIME = {
    JPEG: ("image/jpeg", "image/jpg", "image/pjpeg"),
    GIF: ("image/gif",),
    PNG: ("image/png", "image/x-png"),
    WEBP: ("image/webp",),
    SVG: ("image/svg+xml",),
    "BMP": ("image/bmp", "image/x-ms-bmp"),
    "ICO": ("image/x-icon", "image/vnd.microsoft.icon"),
    "TIFF": ("image/tiff",),
    "AVIF": ("image/avif",),
    "HEIC": ("image/heic", "image/heif"),
}
"""Form → media types that servers send for it, the registered one first."""

_TEXT_LIMIT = 4096
_FTYP = {b"avif": "AVIF", b"avis": "AVIF", b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"msf1": "HEIC"}
_SVG = re.compile(rb"\s*(?:<\?xml[^<>]*>\s*|<!--[^<>]*-->\s*|<!DOCTYPE[^<>]*>\s*){0,5}<svg\b", re.IGNORECASE)
# Start of frame, of whatever kind: C4, C8 and CC mean other things (ITU T.81, table B.1).
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_STAND_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_SCAN, _END = 0xDA, 0xD9


class ImageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A picture, as far as its header tells."""

    form: str
    """JPEG, GIF, PNG, WebP, SVG, BMP, ICO, TIFF, AVIF or HEIC, by the bytes' own signature."""
    width: int | None = None
    """Pixels; None where the header does not say it, or is not read here."""
    height: int | None = None
    whole: bool | None = None
    """False: the mark that ends such a file is missing. None: this form has none that is looked for."""


def image_facts(data: bytes) -> ImageFacts | None:
    """What `data`, a file's content, says of itself; None when it is no picture that is known here."""
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _gif(data)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    if data[4:8] == b"ftyp" and data[8:12] in _FTYP:
        return ImageFacts(form=_FTYP[data[8:12]])
    if data[:4] in (b"II*\0", b"MM\0*"):
        return ImageFacts(form="TIFF")
    if data[:4] == b"\0\0\1\0" and len(data) > 22:
        return ImageFacts(form="ICO", width=data[6] or 256, height=data[7] or 256)
    if data[:2] == b"BM" and len(data) >= 26 and data[6:10] == bytes(4):
        return ImageFacts(form="BMP", width=_little(data[18:22]), height=abs(_signed(data[22:26])))
    if _SVG.match(data[:_TEXT_LIMIT].removeprefix(b"\xef\xbb\xbf")):
        return ImageFacts(form=SVG, whole=b"</svg" in data[-_TEXT_LIMIT:].lower() or b"/>" in data[-8:])
    return None


def _jpeg(data: bytes) -> ImageFacts:
    """Segment by segment up to the picture itself (ITU T.81, annex B)."""
    width: int | None = None
    height: int | None = None
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes
            at += 1
            continue
        if marker in _STAND_ALONE:
            at += 2
            continue
        if marker in (_SCAN, _END):
            break
        if marker in _FRAMES and at + 9 <= len(data):
            height, width = _big(data[at + 5 : at + 7]), _big(data[at + 7 : at + 9])
        at += 2 + max(2, _big(data[at + 2 : at + 4]))
    return ImageFacts(form=JPEG, width=width, height=height, whole=data.find(b"\xff\xd9", at) >= 0)


def _gif(data: bytes) -> ImageFacts:
    if len(data) < 10:
        return ImageFacts(form=GIF, whole=False)
    whole = data.rstrip(b"\0").endswith(b"\x3b")
    return ImageFacts(form=GIF, width=_little(data[6:8]), height=_little(data[8:10]), whole=whole)


def _png(data: bytes) -> ImageFacts:
    if len(data) < 24 or data[12:16] != b"IHDR":
        return ImageFacts(form=PNG, whole=False)
    return ImageFacts(form=PNG, width=_big(data[16:20]), height=_big(data[20:24]), whole=b"IEND" in data[-64:])


def _webp(data: bytes) -> ImageFacts:
    """RFC 9649 §2.4 to §2.7: what the first chunk says."""
    whole = len(data) >= _little(data[4:8]) + 8
    width: int | None = None
    height: int | None = None
    match data[12:16]:
        case b"VP8X" if len(data) >= 30:
            width, height = _little(data[24:27]) + 1, _little(data[27:30]) + 1
        case b"VP8 " if len(data) >= 30:
            width, height = _little(data[26:28]) & 0x3FFF, _little(data[28:30]) & 0x3FFF
        case b"VP8L" if len(data) >= 25:
            bits = _little(data[21:25])
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return ImageFacts(form=WEBP, width=width, height=height, whole=whole)


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _signed(data: bytes) -> int:
    return int.from_bytes(data, "little", signed=True)
