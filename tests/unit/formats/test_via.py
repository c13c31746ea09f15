"""Ways to a community server as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.formats.errors import FormatError
from stdiag.formats.via import ViaKind, parse_via, via_of, without_password
from stdiag.model import CommunityPath


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("http://Proxy.example.com:3128", ViaKind.PROXY, "http://proxy.example.com:3128"),
        (" socks5h://proxy.example.com ", ViaKind.PROXY, "socks5h://proxy.example.com:1080"),
        ("SYSTEM", ViaKind.SYSTEM, "system"),
        ("direct", ViaKind.DIRECT, "direct"),
        ("reverse:https://front.example.com/sales/", ViaKind.REVERSE, "reverse:https://front.example.com/sales"),
        ("Reverse:http://front.example.com:81/sales", ViaKind.REVERSE, "reverse:http://front.example.com:81/sales"),
        ("reverse:https://[2001:db8::1]:8443/a/b", ViaKind.REVERSE, "reverse:https://[2001:db8::1]:8443/a/b"),
        ("reverse:https://u@front.example.com/sales", ViaKind.REVERSE, "reverse:https://front.example.com/sales"),
    ],
)
def test_ways(text: str, kind: ViaKind, shown: str) -> None:
    via, had_password = parse_via(text)
    assert (via.kind, str(via), had_password) == (kind, shown, False)
    assert parse_via(str(via))[0].kind is kind


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("reverse:https://front.example.com", "names no affinity id"),
        ("reverse:https://front.example.com/", "names no affinity id"),
        ("reverse:front.example.com/sales", "is not the URL of a reverse proxy"),
        ("reverse:ftp://front.example.com/sales", "is not the URL of a reverse proxy"),
        ("reverse:https://front.example.com/sales?x=1", "has a query"),
        ("reverse:https://front.example.com/sa les", "characters in its path"),
        ("reverse:https://front.example.com:0/sales", "port"),
        ("proxy.example.com:3128", "what kind of proxy"),
        ("", "empty"),
    ],
)
def test_mistakes(text: str, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        parse_via(text)


def test_a_path_brings_its_user_and_where_its_password_is() -> None:
    via = via_of(CommunityPath(via="http://proxy.example.com:3128", user="u", password="env:X"))  # noqa: S106 - where it is, not what
    assert via.proxy is not None
    assert (via.proxy.user, via.proxy.password_ref) == ("u", "env:X")


@pytest.mark.parametrize(
    "path",
    [
        CommunityPath(user="u"),
        CommunityPath(via="system", user="u"),
        CommunityPath(via="http://p.example.com", password="env:X"),  # noqa: S106 - where it is, not what
        CommunityPath(via="socks4://p.example.com", user="u", password="env:X"),  # noqa: S106 - the same
        CommunityPath(via="http://p.example.com", user="u", password="hunter2"),  # noqa: S106 - a mistake
    ],
)
def test_users_and_passwords_that_fit_nothing(path: CommunityPath) -> None:
    with pytest.raises(FormatError) as caught:
        via_of(path)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["http://u:hunter2@p.example.com", "http://u:hun@ter2@p.example.com", "reverse:https://u:hunter2@p.example.com/x"],
)
def test_a_password_is_taken_out_and_the_user_stays(text: str) -> None:
    kept = without_password(text)
    assert "ter2" not in kept
    assert "u@p.example.com" in kept
    assert parse_via(text)[1]
    assert not parse_via(kept)[1]


@given(st.text() | st.text().map("reverse:https://u:hunter2@h/{}".format))
def test_any_text_is_a_way_or_one_sentence(text: str) -> None:
    assert "hunter2" not in _way_or_sentence(text)


def _way_or_sentence(text: str) -> str:
    try:
        return str(parse_via(text)[0])
    except FormatError as error:
        return str(error)
