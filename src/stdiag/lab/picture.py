"""A picture for the lab's photo host, made of nothing: one shade of grey, as JPEG (ITU T.81, baseline)."""

from __future__ import annotations

_BLOCK = 8  # pixels
_CATEGORY = 6  # of the first block's difference: 32 to 63, or the same below zero
_SMALLEST = 1 << (_CATEGORY - 1)


def grey_jpeg(shade: int, side: int = 96) -> bytes:
    """A square of `side` pixels, a multiple of 8. `shade` is from 32 to 63: another one makes another picture."""
    if side % _BLOCK or not _SMALLEST <= shade < 2 * _SMALLEST:
        raise ValueError(f"no picture of {side} pixels in shade {shade}")
    bits = f"10{shade:0{_CATEGORY}b}0" + "00" * ((side // _BLOCK) ** 2 - 1)
    bits += "1" * (-len(bits) % 8)
    data = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)).replace(b"\xff", b"\xff\0")
    return b"".join(
        [
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            _segment(0xDB, b"\0" + b"\x10" * 64),
            _segment(0xC0, b"\x08" + side.to_bytes(2, "big") * 2 + b"\x01\x01\x11\0"),
            # Huffman tables: DC knows "no difference" (0) and the category (10), AC the end of the block (0).
            _segment(0xC4, b"\0" + bytes([1, 1, *[0] * 14]) + bytes([0, _CATEGORY])),
            _segment(0xC4, b"\x10" + bytes([1, *[0] * 15]) + b"\0"),
            _segment(0xDA, b"\x01\x01\0\0\x3f\0"),
            data,
            b"\xff\xd9",
        ]
    )


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body
