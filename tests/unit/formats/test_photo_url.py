"""PhotoURL values: where they lead to, what is wrong with them, and what they are in small letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.formats.errors import FormatError
from stdiag.formats.photo_url import LONGEST, SlipKind, parse_photo_url
from stdiag.formats.site_file import parse_site
from stdiag.formats.site_text import site_toml
from stdiag.model import PhotoAccess, PhotoSite

MAIL = "https://photos.example.com/joe.bloggs@example.com.jpg"


def slips(text: str) -> list[str]:
    return [slip.slip.value for slip in parse_photo_url(text).slips]


@pytest.mark.parametrize(
    ("typed", "text", "host", "port", "tls"),
    [
        (MAIL, MAIL, "photos.example.com", 443, True),
        (f"  {MAIL}#face ", MAIL, "photos.example.com", 443, True),
        ("HTTP://Photos.Example.COM:80/a.jpg", "http://photos.example.com/a.jpg", "photos.example.com", 80, False),
        ("http://p.example:8080", "http://p.example:8080/", "p.example", 8080, False),
        ("https://[2001:db8::1]/a.jpg", "https://[2001:db8::1]/a.jpg", "2001:db8::1", 443, True),
        ("https://bücher.example/a.gif", "https://xn--bcher-kva.example/a.gif", "xn--bcher-kva.example", 443, True),
        (
            "http://c.example:9080/profiles/photo.do?email=joe@example.com",
            "http://c.example:9080/profiles/photo.do?email=joe@example.com",
            "c.example",
            9080,
            False,
        ),
    ],
)
def test_where_it_leads_to(typed: str, text: str, host: str, port: int, tls: bool) -> None:
    url = parse_photo_url(typed)
    assert (url.text, url.host, url.port, url.tls) == (text, host, port, tls)
    assert url.askable
    assert url.slips == ()


def test_a_user_and_a_password_are_dropped() -> None:
    url = parse_photo_url("https://joe:hunter2@photos.example.com/a.jpg?size=2")
    assert url.had_credentials
    assert url.text == "https://photos.example.com/a.jpg?size=2"
    assert "hunter2" not in repr(url)


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ("joe.jpg", "form"),
        ("/photos/joe.jpg", "form"),
        ("//photos.example.com/joe.jpg", "form"),
        ("ftp://photos.example.com/joe.jpg", "form"),
        ("file:///photos/joe.jpg", "form"),
        ("https:///joe.jpg", "form"),
        ("https://photos.example.com:99999/joe.jpg", "form"),
        ("https://pho_t*os/joe.jpg", "form"),
        ("https://photos.example.com/{mail}.jpg", "placeholder"),
        ("https://photos.example.com/%s.jpg", "placeholder"),
        ("https://photos.example.com/%mail%.jpg", "placeholder"),
        ("https://photos.example.com/$mail.jpg", "placeholder"),
        ("https://photos.example.com/${mail}.jpg", "placeholder"),
        ("https://photos.example.com/<mail>.jpg", "placeholder"),
        ("https://{host}/joe.jpg", "placeholder"),
        ("https://photos.example.com/joe bloggs.jpg", "encoding"),
        ("https://photos.example.com/Zoë.jpg", "encoding"),
        ("https://photos.example.com/100%.jpg", "encoding"),
        ("http://c.example/profiles/photo.do?distinguishedName=CN=Joe,O=Example", "encoding"),
    ],
)
def test_what_is_wrong_with_it(typed: str, slip: str) -> None:
    found = slips(typed)
    assert slip in found
    assert parse_photo_url(typed).askable == (found == ["encoding"])


@pytest.mark.parametrize(
    "typed",
    [
        "https://photos.example.com/Joe%20Bloggs.jpg",
        "https://photos.example.com/Zo%C3%ABcor%20a.jpg",
        "http://c.example/profiles/photo.do?distinguishedName=CN%3DJoe%2CO%3DExample",
        "https://photos.example.com/a.jpg?price=5$",
        "https://photos.example.com/~joe/a+b,c;d=e.jpg",
    ],
)
def test_what_only_looks_wrong(typed: str) -> None:
    assert slips(typed) == []


def test_what_has_to_be_encoded_is_when_it_is_asked() -> None:
    assert (
        parse_photo_url("https://p.example/a b/Zoë 100%25.jpg").request
        == "https://p.example/a%20b/Zo%C3%AB%20100%25.jpg"
    )


@pytest.mark.parametrize(
    ("typed", "lower"),
    [
        (MAIL, None),
        (MAIL.replace("joe", "Joe"), MAIL),
        (MAIL.replace(".jpg", ".JPG"), MAIL),
        ("https://p.example/Photos/Joe@Example.com.jpg", "https://p.example/Photos/joe@example.com.jpg"),
        ("https://p.example/Zo%C3%AB.B@example.com.jpg", "https://p.example/zo%C3%AB.b@example.com.jpg"),
        ("https://p.example/Joe.jpg", None),
        ("https://p.example/photo.do?email=Joe@example.com", None),
        ("https://p.example/{Mail}@example.com.jpg", None),
    ],
)
def test_in_small_letters(typed: str, lower: str | None) -> None:
    assert parse_photo_url(typed).in_lower_case == lower


@pytest.mark.parametrize(
    "typed", ["", " \t", "https://p.example/a\x00.jpg", "https://p.example/\r\nCookie: a=b", "h" * (LONGEST + 1)]
)
def test_what_is_none_at_all(typed: str) -> None:
    with pytest.raises(FormatError):
        parse_photo_url(typed)


@given(st.text(min_size=1, max_size=200))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    for typed in (text, f"https://{text}", f"https://p.example/{text}"):
        try:
            url = parse_photo_url(typed)
        except FormatError:
            continue
        assert url.request.isascii()
        assert (url.port is not None) == url.askable
        assert url.in_lower_case is None or url.in_lower_case.startswith("http")


def test_slips_are_closed_words() -> None:
    assert {slip.value for slip in SlipKind} == {"placeholder", "form", "encoding"}


def test_the_table_of_a_site_file() -> None:
    site = parse_site(
        f"""[photo]
urls = ["https://joe:hunter2@photos.example.com/a.jpg", "{{mail}}.jpg"]
stproxy_urls = ["{MAIL}"]
access = "public"
ltpa_token = " env:LTPA_TOKEN "
ltpa_token2 = "prompt"
""",
        "stdiag.toml",
    )
    assert site.photo == PhotoSite(
        urls=["https://photos.example.com/a.jpg", "{mail}.jpg"],  # what the directory has is judged, not refused
        stproxy_urls=[MAIL],
        access=PhotoAccess.PUBLIC,
        ltpa_token="env:LTPA_TOKEN",  # noqa: S106 - where it is, not what it is
        ltpa_token2="prompt",
    )
    assert parse_site(site_toml(site), "stdiag.toml") == site
