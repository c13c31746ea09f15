from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.formats.errors import FormatError
from stdiag.formats.proxy import masked_proxy, parse_password_ref, parse_proxy, password_in
from stdiag.model import Proxy, ProxyKind

WORD = "geheim"


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("http://proxy.example.com:3128", Proxy(ProxyKind.HTTP, "proxy.example.com", 3128)),
        ("HTTP://Proxy.Example.com./", Proxy(ProxyKind.HTTP, "proxy.example.com", 80)),
        ("https://proxy.example.com", Proxy(ProxyKind.HTTPS, "proxy.example.com", 443)),
        ("socks4://192.0.2.1", Proxy(ProxyKind.SOCKS4, "192.0.2.1", 1080)),
        ("socks4a://joe@proxy", Proxy(ProxyKind.SOCKS4A, "proxy", 1080, user="joe")),
        ("socks5://[2001:db8::1]:1081", Proxy(ProxyKind.SOCKS5, "2001:db8::1", 1081)),
        ("socks5h://[fe80::1%25eth0]", Proxy(ProxyKind.SOCKS5H, "fe80::1%eth0", 1080)),
        ("socks5h://j%40e@prüfung.example:1", Proxy(ProxyKind.SOCKS5H, "xn--prfung-4ya.example", 1, "j@e")),
        (" http://@proxy:8080 ", Proxy(ProxyKind.HTTP, "proxy", 8080)),
    ],
)
def test_proxies(text: str, proxy: Proxy) -> None:
    assert parse_proxy(text) == (proxy, False)
    assert password_in(text) is None


@pytest.mark.parametrize(
    ("text", "user", "password"),
    [
        (f"http://joe:{WORD}@proxy:3128", "joe", WORD),
        ("http://joe:a%3Ab%40c@proxy:3128", "joe", "a:b@c"),
        ("socks5://joe:a/b#c?d@e@proxy", "joe", "a/b#c?d@e"),
        ("socks5h://joe:@proxy", "joe", ""),
        ("http://joe:pass word@proxy", "joe", "pass word"),
    ],
)
def test_a_password_is_apart_from_the_proxy(text: str, user: str, password: str) -> None:
    proxy, had_password = parse_proxy(text)
    assert (had_password, password_in(text)) == (True, password)
    assert (proxy.user, proxy.password_ref) == (user, "url")
    assert not password or password not in repr(proxy)
    assert user not in str(proxy)


def test_a_proxy_says_who_looks_names_up() -> None:
    by = {kind: parse_proxy(f"{kind}://p")[0].resolves for kind in ProxyKind}
    assert [kind for kind in by if by[kind] == "here"] == [ProxyKind.SOCKS4, ProxyKind.SOCKS5]


def test_where_a_password_comes_from() -> None:
    assert parse_proxy("http://joe@p", "env:PROXY")[0].password_ref == "env:PROXY"  # noqa: S105 - says where it is
    assert parse_password_ref(" file:C:\\secret.txt ") == "file:C:\\secret.txt"
    assert parse_password_ref("prompt") == "prompt"
    for wrong in (WORD, "env:", "file:", "prompt:x", "env:A=B", "", "ENV:X"):
        with pytest.raises(FormatError) as caught:
            parse_password_ref(wrong)
        assert WORD not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("proxy.example.com:3128", "kind of proxy"),
        ("htp://proxy", "did you mean http://?"),
        ("socks://proxy", "did you mean socks"),
        ("ftp://proxy", "socks5h"),
        ("http://proxy:3128/path", "something after"),
        ("http://proxy:3128?x", "something after"),
        ("http://proxy:0", "1 to 65535"),
        ("http://proxy:http", "1 to 65535"),
        ("http://a:b:c", "more than one colon"),
        ("http://", "names no host"),
        ("http://joe@", "names no host"),
        ("http://[::1", "brackets"),
        ("http://[1.2.3.4]:80", "brackets"),
        (f"http://:{WORD}@proxy", "names no user"),
        (f"socks4://joe:{WORD}@proxy", "no password"),
        ("socks4://jo%00e@proxy", "NUL"),
        ("http://j%3Aoe@proxy", "colon"),
        (f"http://joe:{WORD}%zz@proxy", "begins no code"),
        (f"http://joe:{WORD}%ff@proxy", "UTF-8"),
        (f"http://joe:{WORD}%0d%0a@proxy", "line end"),
        (f"socks5://joe:{'x' * 256}@proxy", "255 bytes"),
        (f"joe:{WORD}@proxy:3128", "kind of proxy"),
    ],
)
def test_mistakes_cost_a_sentence_without_the_password(text: str, says: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_proxy(text)
    assert says in str(caught.value)
    assert WORD not in str(caught.value)


def test_two_passwords_are_one_too_many() -> None:
    with pytest.raises(FormatError, match="another one is named"):
        parse_proxy(f"http://joe:{WORD}@proxy", "env:X")
    with pytest.raises(FormatError, match="names no user"):
        parse_proxy("http://proxy", "env:X")


@given(st.text(max_size=60))
def test_any_text_has_an_answer(text: str) -> None:
    try:
        proxy, _ = parse_proxy(text)
    except FormatError:
        return
    assert parse_proxy(str(proxy))[0].host == proxy.host


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=3, max_size=20))
def test_no_error_tells_a_password(password: str) -> None:
    typed = f"socks4://joe:{password}@proxy:x"
    assert f":{password}@" not in masked_proxy(typed)
    with pytest.raises(FormatError) as caught:
        parse_proxy(typed)
    assert f"joe:{password}" not in str(caught.value)
