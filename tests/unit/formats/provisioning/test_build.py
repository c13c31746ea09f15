"""What is built is right, says what it was to say, and every finding about it was announced."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stdiag.formats.errors import FormatError
from stdiag.formats.provisioning.build import UrlOptions, build_url
from stdiag.formats.provisioning.check import check_url
from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.formats.provisioning.url import DefectKind, Generation, UrlContext, UrlDefect

_TEXT = st.text(min_size=1, max_size=50) | st.sampled_from(["R&D", "a b", "joe@acme.com", "100%20", "%s", "%s@x", "ü"])
_BOOLEANS = st.none() | st.booleans()
_PORTS = st.none() | st.sampled_from([80, 443, 8080, 9080, 9443, 8881]) | st.integers(1, 65535)


@st.composite
def options(draw: st.DrawFn) -> UrlOptions:
    """Anything that options can say, sensible or not."""
    generation = draw(st.sampled_from(Generation))
    old = generation is Generation.OLD
    return UrlOptions(
        generation=generation,
        host=draw(st.sampled_from(["chat.example.com", "Chat.Example.com.", "192.0.2.1", "2001:db8::1", "ü.example"])),
        port=draw(_PORTS),
        user=draw(st.none() | st.just("") | _TEXT),
        context=draw(st.sampled_from(UrlContext)),
        community_name=draw(st.none() | _TEXT),
        ssl=draw(_BOOLEANS) if old else None,
        save_password=draw(_BOOLEANS),
        photo_port=draw(st.none() | st.integers(0, 65535)) if old else None,
        auth_proxy=draw(_BOOLEANS),
        auth_proxy_reuse=draw(st.booleans()),
        auth_proxy_user=None if old else draw(st.none() | _TEXT),
        allow_untrusted_ssl=None if old else draw(_BOOLEANS),
    )


def _usable(text: str | None, *, name: bool = False) -> bool:
    if text is None or (name and text == ""):
        return True
    return bool(text.strip()) and text.isprintable() and "�" not in text and not (name and ":" in text)


@settings(max_examples=1_000, deadline=None)
@given(options())
def test_the_check_finds_nothing_that_was_not_announced(wanted: UrlOptions) -> None:
    usable = all([_usable(wanted.user, name=True), _usable(wanted.community_name), _usable(wanted.auth_proxy_user)])
    if not usable:
        with pytest.raises(FormatError):
            build_url(wanted)
        return
    built = build_url(wanted)
    url = parse_provisioning(built.url, wanted.context)
    assert check_url(url) == _in_order(built.notes)
    assert built.url.isascii()
    assert (url.generation, url.port, url.user) == (wanted.generation, wanted.port, wanted.user)
    assert url.has_password is False
    assert url.value("action") == "AddCommunity"
    assert url.value("communityName") == wanted.community_name
    assert url.value("authProxyUser") == wanted.auth_proxy_user
    for name, value in {
        "ssl": wanted.ssl,
        "savePassword": wanted.save_password,
        "authProxyEnabled": wanted.auth_proxy,
        "authProxyReuseCredentials": wanted.auth_proxy_reuse or None,
        "allowUntrustedSSL": wanted.allow_untrusted_ssl,
    }.items():
        assert url.value(name) == {None: None, True: "true", False: "false"}[value]
    assert url.value("photoPort") == (None if wanted.photo_port is None else str(wanted.photo_port))


def _in_order(notes: list[UrlDefect]) -> list[UrlDefect]:
    order = list(DefectKind)
    return sorted(notes, key=lambda one: (order.index(one.kind), str(sorted(one.params.items()))))


@pytest.mark.parametrize(
    ("wanted", "url"),
    [
        (
            UrlOptions(
                generation=Generation.OLD,
                host="stproxyserver.example.com",
                port=9080,
                ssl=False,
                community_name="Sametime Server",
            ),
            "sametime://stproxyserver.example.com:9080/?action=AddCommunity&communityName=Sametime%20Server&ssl=false",
        ),
        (
            UrlOptions(
                generation=Generation.NEW,
                host="stproxyserver.example.com",
                user="%s",
                context=UrlContext.SERVER,
                community_name="Sametime Server",
            ),
            "hclsametime://%s@stproxyserver.example.com/?action=AddCommunity&communityName=Sametime%20Server",
        ),
        (
            UrlOptions(
                generation=Generation.NEW, host="2001:DB8::1", port=8881, user="joe@acme.com", auth_proxy_reuse=True
            ),
            "hclsametime://joe%40acme.com@[2001:db8::1]:8881/?action=AddCommunity&authProxyReuseCredentials=true",
        ),
        (
            UrlOptions(generation=Generation.NEW, host="ü.example", auth_proxy_user="ACME\\jö", save_password=True),
            "hclsametime://xn--tda.example/?action=AddCommunity&savePassword=true&authProxyUser=ACME%5Cj%C3%B6",
        ),
    ],
)
def test_urls(wanted: UrlOptions, url: str) -> None:
    built = build_url(wanted)
    assert (built.url, built.notes) == (url, [])


NEW = UrlOptions(generation=Generation.NEW, host="h.example")
OLD = UrlOptions(generation=Generation.OLD, host="h.example", port=443)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"ssl": True}, "ssl does not exist in hclsametime:// URLs; leave it out: the connection is always encrypted."),
        ({"photo_port": 0}, "photoPort does not exist in hclsametime:// URLs; leave it out: photos"),
        ({"host": "a b"}, "the host 'a b' has a space in it"),
        ({"host": ""}, "the host is missing"),
        ({"port": 0}, "the port 0 is not a number from 1 to 65535."),
        ({"port": 65536}, "the port 65536 is not a number from 1 to 65535."),
        ({"community_name": " "}, "the community name is empty; leave it out instead."),
        ({"community_name": "a\nb"}, r"the community name 'a\x0ab' holds characters that do not print"),
        ({"community_name": "\ud800"}, r"the community name '\xd800' holds characters that do not print"),
        ({"user": "joe:hunter2"}, "the user name holds a colon; end it there"),
        ({"auth_proxy_user": ""}, "the reverse proxy's user name is empty"),
    ],
)
def test_what_no_url_can_say_is_refused(wanted: dict[str, str | int | bool], sentence: str) -> None:
    with pytest.raises(FormatError) as caught:
        build_url(_with(NEW, wanted))
    assert str(caught.value).startswith(sentence)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("wanted", [{"auth_proxy_user": "x"}, {"allow_untrusted_ssl": False}, {"photo_port": 65536}])
def test_what_an_old_url_cannot_say_is_refused(wanted: dict[str, str | int | bool]) -> None:
    with pytest.raises(FormatError):
        build_url(_with(OLD, wanted))


def _with(base: UrlOptions, changes: dict[str, str | int | bool]) -> UrlOptions:
    values = {name: getattr(base, name) for name in base.__struct_fields__}
    return UrlOptions(**(values | changes))
