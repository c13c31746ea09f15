"""Finds the few lines of a log that may matter, at the speed of a search for fixed texts.

Logs repeat themselves: without their digits most lines are the same few thousand. Each such form of a line is searched
once; afterwards it is known to matter or not to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_DIGITS = b"0123456789"
_KNOWN_MOST = 32_768
_KNOWN_BYTES = 16 * 1024**2


class LineSieve:
    """Remembers forms of lines over all blocks of a log; what it remembers is bounded."""

    def __init__(self, needles: Iterable[str]) -> None:
        encoded = sorted({needle.encode() for needle in needles})
        # A text that holds another one needs no search of its own.
        shortest = [one for one in encoded if not any(other != one and other in one for other in encoded)]
        self._needles = [one for one in shortest if not _has_digit(one)]
        self._exact = [one for one in shortest if _has_digit(one)]
        self._known: set[bytes] = set()
        self._known_bytes = 0
        self._interesting: set[bytes] = set()

    def lines_of_interest(self, block: bytes, lines: Sequence[bytes]) -> list[int]:
        """Indexes of the lines that hold one of the texts, in order. `lines` are those of `block`."""
        forms = block.translate(None, _DIGITS).split(b"\n")
        fresh = set(forms).difference(self._known)
        if fresh:
            self._sift(fresh)
        found = {index for index, form in enumerate(forms) if form in self._interesting} if self._interesting else set()
        for needle in self._exact:
            if needle in block:
                found.update(index for index, line in enumerate(lines) if needle in line)
        if fresh:
            self._forget()
        return sorted(found)

    def _sift(self, fresh: set[bytes]) -> None:
        joined = b"\n".join(fresh)
        for needle in self._needles:
            position = joined.find(needle)
            while position >= 0:
                start = joined.rfind(b"\n", 0, position) + 1
                end = joined.find(b"\n", position)
                end = len(joined) if end < 0 else end
                self._interesting.add(joined[start:end])
                position = joined.find(needle, end)
        self._known |= fresh
        self._known_bytes += len(joined)

    def _forget(self) -> None:
        if len(self._known) > _KNOWN_MOST or self._known_bytes > _KNOWN_BYTES:
            self._known.clear()
            self._interesting.clear()
            self._known_bytes = 0


def _has_digit(text: bytes) -> bool:
    return any(character in _DIGITS for character in text)
