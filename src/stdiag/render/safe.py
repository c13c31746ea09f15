"""Text from a server, a file or a user made harmless for whoever prints it."""

from __future__ import annotations

import re

from stdiag.catalogue.escape import escape

LIMIT = 400
"""Characters that are kept of one text, unless the caller says otherwise."""

# What str.isprintable() lets pass although nothing is drawn for it (Unicode's Default_Ignorable_Code_Point and the
# blank letters): two names that look alike must not be different ones.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)

# What our own texts are set with, for terminals and files that know ASCII only.
_ASCII = str.maketrans(
    {
        "…": "...",
        "–": "-",
        "—": "-",
        "→": "->",
        "←": "<-",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "·": "-",
        "×": "x",
        "≤": "<=",
        "≥": ">=",
        "§": "section ",
    }
)


def plain(text: str, limit: int = LIMIT) -> str:
    """`text` on one line, drawn as it is stored: nothing in it moves the cursor, colours, hides or reorders.

    Controls (C0, DEL, C1), bidirectional overrides and isolates, zero-width and line-separating characters, lone
    surrogates, private and unassigned code points are shown as escapes (`\\x1b`, `\\u202e`). Of a longer text the
    first `limit` characters are kept, with an ellipsis. Idempotent; not meant to be undone.
    """
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isprintable() and (text.isascii() or not _INVISIBLE.search(text)):
        return text
    escaped = "".join(c if c.isprintable() and not _INVISIBLE.match(c) else escape(c) for c in text)
    # Escapes are longer than what they stand for; the cap holds for what is shown.
    return escaped if len(escaped) <= limit else escaped[: limit - 1] + "…"


def to_ascii(text: str) -> str:
    """`text` with our typographic characters spelled in ASCII and every other non-ASCII character escaped."""
    if text.isascii():
        return text
    return "".join(c if c.isascii() else escape(c) for c in text.translate(_ASCII))
