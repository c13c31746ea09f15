"""The fast search finds exactly the lines that a slow one would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stdiag.formats.client_log import sieve
from stdiag.formats.client_log.sieve import LineSieve

NEEDLES = ("timed out", "Exception", " 407", "xy", "y")
_pieces = st.sampled_from(
    [b"timed out", b"timed 1out", b"Exception", b" 407", b" 40", b"7", b"x", b"y", b" ", b"\xff", b"1"]
)
_lines = st.lists(st.lists(_pieces, max_size=5).map(b"".join), max_size=8)


def slow(lines: list[bytes]) -> set[int]:
    return {
        index
        for index, line in enumerate(lines)
        if any(needle.encode() in line for needle in NEEDLES if not any(c.isdigit() for c in needle)) or b" 407" in line
    }


@given(st.lists(_lines, min_size=1, max_size=4))
def test_no_line_is_lost(blocks: list[list[bytes]]) -> None:
    """A line whose text only appears without its digits may come too: the patterns have the last word."""
    fast = LineSieve(NEEDLES)
    for lines in blocks:
        lines = lines or [b""]  # noqa: PLW2901 - a block has at least one line
        found = fast.lines_of_interest(b"\n".join(lines), lines)
        assert found == sorted(set(found))
        assert slow(lines) <= set(found)
        without = [bytes(c for c in line if c not in b"0123456789") for line in lines]
        assert set(found) <= slow(lines) | slow(without)


def test_what_is_remembered_is_bounded() -> None:
    fast = LineSieve(("needle",))
    letters = "abcdefghijklmnopqrstuvwxyz"
    for round_ in range(40):
        words = [
            f"{letters[round_ % 26]}{a}{b}{c} needle".encode() for a in letters for b in letters for c in letters[:3]
        ]
        assert len(fast.lines_of_interest(b"\n".join(words), words)) == len(words)
        assert len(fast._known) <= sieve._KNOWN_MOST
        assert len(fast._interesting) <= sieve._KNOWN_MOST
