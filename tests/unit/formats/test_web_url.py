"""Addresses of web pages as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.formats.errors import FormatError
from stdiag.formats.site_file import parse_site
from stdiag.formats.web_url import parse_web_url


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("https://chat.example.com", "https://chat.example.com/"),
        ("HTTPS://Chat.Example.com:443/help", "https://chat.example.com/help"),
        ("http://chat.example.com", "http://chat.example.com/"),
        ("http://chat.example.com:80/", "http://chat.example.com/"),
        ("http://chat.example.com:443/", "http://chat.example.com:443/"),
        ("https://chat.example.com:8443/stmeetings/", "https://chat.example.com:8443/stmeetings/"),
        ("https://user:hunter2@chat.example.com/a?token=hunter2#hunter2", "https://chat.example.com/a"),
        ("http://[2001:db8::1]:9080/", "http://[2001:db8::1]:9080/"),
        ("http://[2001:db8::1]", "http://[2001:db8::1]/"),
        (" https://bücher.example/ ", "https://xn--bcher-kva.example/"),
    ],
)
def test_right_ones(typed: str, canonical: str) -> None:
    url = parse_web_url(typed)
    assert str(url) == canonical
    assert parse_web_url(str(url)) == url
    assert url.tls is canonical.startswith("https")


@pytest.mark.parametrize(
    "typed",
    ["", "chat.example.com", "https:/chat.example.com", "ftp://x.example", "https://", "https://h:0/", "https://h/a b"],
)
def test_wrong_ones_are_a_sentence(typed: str) -> None:
    with pytest.raises(FormatError):
        parse_web_url(typed)


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_secret_is_told(before: str, after: str) -> None:
    try:
        told = str(parse_web_url(f"{before}://user:hunter2@{after}"))
    except FormatError as mistake:
        told = str(mistake)
    assert "hunter2" not in told


def test_the_table_is_made_canonical() -> None:
    site = parse_site(
        '[health]\nmeetings_url = "https://Meet.example.com"\npages = ["http://a:b@h.example/x?y"]\n', "s"
    )
    assert site.health.meetings_url == "https://meet.example.com/"
    assert site.health.pages == ["http://h.example/x"]
