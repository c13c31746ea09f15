"""Lines of text of a given width: measuring, wrapping, colouring. Knows nothing of what is said."""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Iterable, Iterator

import msgspec

from stdiag.model import Mark
from stdiag.render.safe import LIMIT, plain, to_ascii

SYMBOLS = {Mark.GOOD: "✓", Mark.BAD: "✗", Mark.UNSURE: "?", Mark.NOTE: "!", Mark.PLAIN: "·"}
ASCII_SYMBOLS = {Mark.GOOD: "[ok]", Mark.BAD: "[!!]", Mark.UNSURE: "[??]", Mark.NOTE: "[! ]", Mark.PLAIN: "  - "}


class Tone(enum.Enum):
    """What a colour means. The value is the parameter of the SGR sequence (ECMA-48 §8.3.117)."""

    GOOD = "32"
    BAD = "1;31"
    UNSURE = "33"
    HEAD = "1"
    QUIET = "2"
    COMMAND = "36"


TONES = {Mark.GOOD: Tone.GOOD, Mark.BAD: Tone.BAD, Mark.UNSURE: Tone.UNSURE, Mark.NOTE: Tone.UNSURE}


class Style(msgspec.Struct, frozen=True):
    """What the place that is written to can show."""

    width: int = 80
    unicode: bool = True
    colour: bool = False

    def text(self, text: str, limit: int = LIMIT) -> str:
        """`text`, harmless and in the characters that can be shown."""
        text = plain(text, limit)
        return text if self.unicode else to_ascii(text)

    def symbol(self, mark: Mark) -> str:
        """The symbol of a mark; all symbols of one style are equally wide."""
        return (SYMBOLS if self.unicode else ASCII_SYMBOLS)[mark]

    def marked(self, mark: Mark) -> str:
        """The symbol of a mark in its colour."""
        tone = TONES.get(mark)
        return self.paint(self.symbol(mark), tone) if tone else self.symbol(mark)

    def paint(self, text: str, tone: Tone) -> str:
        """`text` in the colour of `tone`, when there is colour."""
        return f"\x1b[{tone.value}m{text}\x1b[0m" if self.colour and text else text

    def wrap(self, text: str, first: str = "", rest: str | None = None) -> list[str]:
        """`text` (made harmless here) in lines no wider than the style's, led by `first`, then by `rest`.

        `first` and `rest` are our own and may hold colour; they are taken to be as wide as `rest` is.
        """
        return self.set(self.text(text, limit=4 * LIMIT).split(" "), first, rest)

    def set(self, words: Iterable[str], first: str = "", rest: str | None = None) -> list[str]:
        """Lines made of `words` that are harmless already; see `wrap`."""
        rest = " " * width_of(uncoloured(first)) if rest is None else rest
        room = max(self.width - max(width_of(uncoloured(first)), width_of(rest)), 8)
        lines = list(broken(words, room))
        return [(first if number == 0 else rest) + line for number, line in enumerate(lines or [""])]


def uncoloured(text: str) -> str:
    """`text` without the colour sequences that `Style.paint` adds."""
    if "\x1b" not in text:
        return text
    parts = text.split("\x1b[")
    return parts[0] + "".join(part.partition("m")[2] for part in parts[1:])


def width_of(text: str) -> int:
    """Columns that printable `text` takes in a terminal: East Asian wide characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fitted(text: str, width: int) -> str:
    """`text` filled with spaces up to `width` columns."""
    return text + " " * (width - width_of(text))


def broken(words: Iterable[str], room: int) -> Iterator[str]:
    """Lines of `words`, of at most `room` columns: a word is broken only when it is wider than a line."""
    line, used = "", 0
    for word in words:
        while True:
            needed = width_of(word) + (1 if line else 0)
            if used + needed <= room:
                line, used = (f"{line} {word}" if line else word), used + needed
                break
            if line:
                yield line
                line, used = "", 0
                continue
            head = _head(word, room)
            yield head
            word = word[len(head) :]  # noqa: PLW2901 - the rest of a word that is wider than a line
            if not word:
                break
    if line:
        yield line


def _head(word: str, room: int) -> str:
    """The longest beginning of `word` that fits, and at least one character."""
    used = 0
    for number, character in enumerate(word):
        used += _columns(character)
        if used > room and number:
            return word[:number]
    return word
