"""--resolve NAME[:PORT]=ADDRESS[:PORT]."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.formats.errors import FormatError
from stdiag.formats.resolve import parse_resolve


@pytest.mark.parametrize(
    ("typed", "pair"),
    [
        ("chat.example.com=192.0.2.10", ("chat.example.com", "192.0.2.10")),
        ("Chat.example.com.:443=192.0.2.10:8443", ("chat.example.com:443", "192.0.2.10:8443")),
        (" chat.example.com = 192.0.2.10 , 2001:DB8::1 ", ("chat.example.com", "192.0.2.10,[2001:db8::1]")),
        ("c.example=[2001:db8::1],[2001:db8::2]:8443", ("c.example", "[2001:db8::1],[2001:db8::2]:8443")),
        ("bücher.example=192.0.2.1", ("xn--bcher-kva.example", "192.0.2.1")),
    ],
)
def test_reads(typed: str, pair: tuple[str, str]) -> None:
    assert parse_resolve(typed) == pair


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("", "has no ="),
        ("chat.example.com:443:192.0.2.10", "expected NAME[:PORT]=ADDRESS[:PORT]"),
        ("=192.0.2.10", "the host is missing"),
        ("chat.example.com=", "an address is missing"),
        ("chat.example.com=192.0.2.10,", "an address is missing"),
        ("chat.example.com=other.example.com", "'other.example.com' is not an address"),
        ("chat.example.com=192.0.2.10:0", "from 1 to 65535"),
        ("chat.example.com:x=192.0.2.10", "from 1 to 65535"),
        ("chat.example.com=192.0.2.10:", "from 1 to 65535"),
        ("chat.example.com=[192.0.2.10]:443", "IPv6"),
        ("chat.example.com=[2001:db8::1]443", "brackets"),
        ("chat.example.com=2001:db8::g", "is not an address"),
        ("192.0.2.1=192.0.2.10", "is an address already"),
        ("192.0.2.1:443=192.0.2.10", "is an address already"),
        ("[2001:db8::1]=192.0.2.10", "is an address already"),
        ("a:1:2=192.0.2.10", "is not NAME or NAME:PORT"),
    ],
)
def test_refuses_in_one_sentence(typed: str, part: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_resolve(typed)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.text(alphabet=st.characters() | st.sampled_from("[]:=,.1a"), max_size=50))
def test_anything_is_a_pair_or_a_sentence(typed: str) -> None:
    pair = _pair_or_sentence(typed)
    if isinstance(pair, str):
        assert "\n" not in pair
    else:
        assert parse_resolve("=".join(pair)) == pair


def _pair_or_sentence(typed: str) -> tuple[str, str] | str:
    try:
        return parse_resolve(typed)
    except FormatError as error:
        return str(error)
