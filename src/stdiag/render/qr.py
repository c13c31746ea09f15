"""QR codes (ISO/IEC 18004) for terminals and for paper."""

from __future__ import annotations

import io
from typing import Any, Literal

import msgspec
import segno

QUIET_ZONE = 4
"""Modules of white around the code, which scanners need (ISO/IEC 18004, 9.1)."""

SMALLEST_MODULE_MM = 0.4
"""Below this, phones with an average camera no longer tell the modules of a printed code apart."""

_MM_PER_INCH = 25.4
_PRINT_DPI = 300

Level = Literal["L", "M", "Q", "H"]


class QrTooLongError(ValueError):
    """The text does not fit into the largest code of this level. `str()` says how much would."""


class QrCode(msgspec.Struct, frozen=True, eq=False):
    """A code as rows of modules, True for dark, with its quiet zone."""

    rows: tuple[tuple[bool, ...], ...]
    code: segno.QRCode

    @property
    def width(self) -> int:
        """Modules across, the quiet zone included."""
        return len(self.rows)


# Bytes that fit into a code of version 40 (ISO/IEC 18004, table 7).
_CAPACITY = {"L": 2953, "M": 2331, "Q": 1663, "H": 1273}


def make_qr(text: str, level: Level = "M") -> QrCode:
    """The code for `text`, as UTF-8, of at least this error correction level. Raises QrTooLongError."""
    content = text.encode("utf-8", "surrogateescape")
    if len(content) > _CAPACITY[level]:
        raise QrTooLongError(
            f"{len(content)} bytes do not fit into a QR code of level {level}, which holds {_CAPACITY[level]}"
        )
    code = segno.make_qr(content, error=level, mode="byte")
    rows = tuple(tuple(bool(module) for module in row) for row in code.matrix_iter(border=QUIET_ZONE))
    return QrCode(rows, code)


def terminal_text(qr: QrCode, *, unicode: bool, colour: bool, invert: bool = False) -> str:
    """The code as lines of text.

    With colour it is black on white whatever the terminal's colours are. Without, the light modules are drawn, as for a
    dark background; `invert` draws the dark ones. `unicode` uses half blocks, two rows a line; else # signs.
    """
    drawn_is_dark = colour or invert
    rows = [[module is drawn_is_dark for module in row] for row in qr.rows]
    if not unicode:
        return "\n".join("".join("##" if module else "  " for module in row).rstrip() for row in rows)
    if len(rows) % 2:
        rows.append([not drawn_is_dark] * qr.width)
    lines = []
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        line = "".join(_HALF_BLOCKS[pair] for pair in zip(upper, lower, strict=True))
        lines.append(f"\x1b[30;107m{line}\x1b[0m" if colour else line.rstrip())
    return "\n".join(lines)


_HALF_BLOCKS = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}


def module_mm(qr: QrCode, width_mm: float) -> float:
    """How large one module gets when the code with its quiet zone is printed this wide."""
    return width_mm / qr.width


def svg(qr: QrCode, width_mm: float) -> bytes:
    """An SVG image of this width on paper."""
    return _saved(qr, kind="svg", scale=module_mm(qr, width_mm), unit="mm", light="white")


def png(qr: QrCode, width_mm: float) -> bytes:
    """A PNG image of this width on paper: whole pixels for each module, about 300 dots an inch."""
    scale = max(1, round(module_mm(qr, width_mm) / _MM_PER_INCH * _PRINT_DPI))
    dpi = max(1, round(scale * qr.width / (width_mm / _MM_PER_INCH)))
    return _saved(qr, kind="png", scale=scale, dpi=dpi)


def _saved(qr: QrCode, **options: Any) -> bytes:
    out = io.BytesIO()
    qr.code.save(out, border=QUIET_ZONE, **options)
    return out.getvalue()
