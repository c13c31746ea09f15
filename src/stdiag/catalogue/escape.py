"""How characters are shown that must not reach a terminal as they are. Imports nothing: every view uses it."""

from __future__ import annotations


def escape(character: str) -> str:
    """How one character is shown that must not be sent: `\\n`, `\\x1b`, `\\u202e`, `\\U000e0001`."""
    match character:
        case "\n":
            return "\\n"
        case "\r":
            return "\\r"
        case "\t":
            return "\\t"
    number = ord(character)
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
