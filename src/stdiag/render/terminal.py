"""What the stream that is written to can show: width, characters, colour."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TextIO

from stdiag.render.layout import Style

WIDEST = 100
"""Longer lines are hard to read, and break when they are pasted into a mail."""
NARROWEST = 40


def style_of(stream: TextIO, environment: Mapping[str, str] | None = None) -> Style:
    """The style for `stream`: as wide as the terminal, at most 100 columns; 80 when it is no terminal."""
    environment = os.environ if environment is None else environment
    return Style(width=_width(stream, environment), unicode=_unicode(stream), colour=_colour(stream, environment))


def is_terminal(stream: TextIO) -> bool:
    """True when somebody looks at `stream` through a terminal. A closed or replaced stream is none."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def can_redraw(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """True when lines on `stream` can be overwritten: live progress makes sense."""
    return is_terminal(stream) and environment.get("TERM", "") not in ("dumb", "unknown")


def _width(stream: TextIO, environment: Mapping[str, str]) -> int:
    if not is_terminal(stream):
        return 80
    columns = environment.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and int(columns[:6]):
        return min(max(int(columns[:6]), NARROWEST), WIDEST)
    try:
        return min(max(os.get_terminal_size(stream.fileno()).columns or 80, NARROWEST), WIDEST)
    except (OSError, ValueError):
        return 80


def _unicode(stream: TextIO) -> bool:
    """True when the stream's encoding holds our symbols."""
    try:
        "✓✗…→".encode(getattr(stream, "encoding", None) or "ascii")
    except (LookupError, UnicodeError):
        return False
    return True


def _colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """NO_COLOR (no-color.org: any value but the empty one) wins, then FORCE_COLOR, then what the terminal can."""
    if environment.get("NO_COLOR"):
        return False
    forced = environment.get("FORCE_COLOR", "")
    if forced and forced != "0":
        _understands_sequences(stream)
        return True
    return forced != "0" and can_redraw(stream, environment) and _understands_sequences(stream)


def _understands_sequences(stream: TextIO) -> bool:
    """True when `stream` interprets ANSI sequences; asks a Windows console to (ENABLE_VIRTUAL_TERMINAL_PROCESSING)."""
    if sys.platform == "win32":
        import ctypes
        import msvcrt
        from ctypes import wintypes

        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
        mode = wintypes.DWORD()
        try:
            handle = wintypes.HANDLE(msvcrt.get_osfhandle(stream.fileno()))
        except (OSError, ValueError):
            return False
        if not kernel32.GetConsoleMode(handle, ctypes.byref(mode)):
            return False
        return bool(kernel32.SetConsoleMode(handle, mode.value | 0x0004))
    else:  # noqa: RET505 - after the `if`, mypy calls it unreachable when it checks for Windows
        return True
