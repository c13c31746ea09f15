"""What people type for a TLS endpoint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.formats.errors import FormatError
from stdiag.formats.target import Target, parse_target, parse_targets_file


@pytest.mark.parametrize(
    ("typed", "host", "port", "server_name"),
    [
        ("chat.example.com", "chat.example.com", 443, "chat.example.com"),
        ("  chat.example.com\n", "chat.example.com", 443, "chat.example.com"),
        ("Chat.Example.COM:8443", "chat.example.com", 8443, "chat.example.com"),
        ("chat.example.com.", "chat.example.com", 443, "chat.example.com"),
        ("chat.example.com.:1533", "chat.example.com", 1533, "chat.example.com"),
        ("localhost:65535", "localhost", 65535, "localhost"),
        ("st_proxy", "st_proxy", 443, "st_proxy"),
        ("192.0.2.10", "192.0.2.10", 443, None),
        ("192.0.2.10:8443", "192.0.2.10", 8443, None),
        ("2001:DB8::1", "2001:db8::1", 443, None),
        ("[2001:db8:0:0::1]:8443", "2001:db8::1", 8443, None),
        ("[2001:db8::1]", "2001:db8::1", 443, None),
        ("fe80::1%eth0", "fe80::1%eth0", 443, None),
        ("https://chat.example.com", "chat.example.com", 443, "chat.example.com"),
        ("HTTPS://chat.example.com:8443/stwebclient/?a=b#c", "chat.example.com", 8443, "chat.example.com"),
        ("https://chat.example.com?x=:", "chat.example.com", 443, "chat.example.com"),
        ("https://chat.example.com:/", "chat.example.com", 443, "chat.example.com"),
        ("https://[2001:db8::1]:8443/x", "2001:db8::1", 8443, None),
        ("https://[fe80::1%25eth0]/", "fe80::1%eth0", 443, None),
        ("https://host.example/@user:x", "host.example", 443, "host.example"),
        ("bücher.example", "xn--bcher-kva.example", 443, "xn--bcher-kva.example"),
        ("BÜCHER.example:993", "xn--bcher-kva.example", 993, "xn--bcher-kva.example"),
        ("https://faß.example/", "xn--fa-hia.example", 443, "xn--fa-hia.example"),
        (
            "hclsametime://stproxyserver.example.com/?action=AddCommunity",
            "stproxyserver.example.com",
            443,
            "stproxyserver.example.com",
        ),
        (
            "hclsametime://%s@st.example.com/?action=AddCommunity&communityName=Sametime%20Server",
            "st.example.com",
            443,
            "st.example.com",
        ),
        ("hclsametime://dmisawa@st.example.com:9080/?action=AddCommunity", "st.example.com", 9080, "st.example.com"),
        (
            "sametime://Your_Sametime_ID@lmc.example.com:443/?action=AddCommunity&ssl=true",
            "lmc.example.com",
            443,
            "lmc.example.com",
        ),
        ("sametime://@st.example.com:9443/?action=AddCommunity", "st.example.com", 9443, "st.example.com"),
    ],
)
def test_reads(typed: str, host: str, port: int, server_name: str | None) -> None:
    target = parse_target(typed)
    assert (target.host, target.port, target.server_name) == (host, port, server_name)


def test_the_default_port_is_the_callers_but_a_scheme_knows_its_own() -> None:
    assert parse_target("mux.example.com", default_port=1533).port == 1533
    assert parse_target("2001:db8::1", default_port=1533).port == 1533
    assert parse_target("https://chat.example.com", default_port=1533).port == 443


def test_international_names_are_shown_as_typed() -> None:
    target = parse_target("https://Bücher.example/")
    assert target.shown == "Bücher.example"
    assert str(target) == "xn--bcher-kva.example:443"
    assert parse_target("[2001:DB8::1]:1").shown == "2001:db8::1"


def test_url_keeps_the_path_only() -> None:
    assert (
        parse_target("https://u:p@Chat.example.com:443/sametime/?t=secret#x").url
        == "https://chat.example.com/sametime/"
    )
    assert parse_target("https://[2001:db8::1]:8443").url == "https://[2001:db8::1]:8443"


@pytest.mark.parametrize("user", ["admin:hunter2", "hunter2", "admin:p@hunter2", "admin:hunter2%40x", ":hunter2"])
def test_credentials_are_flagged_and_dropped(user: str) -> None:
    target = parse_target(f"https://{user}@chat.example.com/x")
    assert target.had_credentials
    assert target.host == "chat.example.com"
    assert "hunter2" not in repr(target) + target.url + str(target)


def test_an_empty_user_is_no_credential() -> None:
    assert not parse_target("sametime://@st.example.com:9443/").had_credentials
    assert not parse_target("https://st.example.com/").had_credentials


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("", "write HOST or HOST:PORT"),
        ("   ", "write HOST or HOST:PORT"),
        (":443", "the host is missing"),
        ("https://", "the host is missing"),
        ("https:///path", "the host is missing"),
        ("chat.example.com:0", "not a number from 1 to 65535"),
        ("chat.example.com:65536", "not a number from 1 to 65535"),
        ("chat.example.com:99999999999999999999", "not a number from 1 to 65535"),
        ("chat.example.com:https", "not a number from 1 to 65535"),
        ("chat.example.com:", "not a number from 1 to 65535"),
        ("chat.example.com:４４３", "not a number from 1 to 65535"),
        ("https://chat.example.com:+443/", "not a number from 1 to 65535"),
        ("chat example.com", "has a space in it"),
        ("chat.example.com 8443", "has a space in it"),
        ("a..example", "an empty part"),
        (f"{'a' * 64}.example", "more than 63 characters"),
        (".".join(["abcdefgh"] * 30), "longer than the 253 characters"),
        ("ü" * 300, "longer than the 253 characters"),
        ("-oProxyCommand", "is not a host name"),
        ("chat.example.com;id", "is not a host name"),
        ("chat\x1b[31m.example", "'chat\\x1b[31m.example'"),
        ("xn--ü.example", "international host name"),
        ("*.example.com", "is a wildcard"),
        ("192.0.2", "not an IPv4 address"),
        ("010.0.0.1", "not an IPv4 address"),
        ("192.0.2.256", "not an IPv4 address"),
        ("0x7f000001", "not an IPv4 address"),
        ("192.0.2.0/24", "is a network"),
        ("chat.example.com/path", "write only HOST:PORT or an https:// URL"),
        ("1:2:3", "not an IPv6 address"),
        ("chat.example.com:443:192.0.2.1", "not an IPv6 address"),
        ("[2001:db8::1", "brackets"),
        ("fe80::1%eth0;id", "not an IPv6 address"),
        ("[2001:db8::1]443", "brackets"),
        ("[chat.example.com]:443", "not an IPv6 address"),
        ("[192.0.2.1]:443", "not an IPv6 address"),
        ("https:/chat.example.com", "write https:// before the host"),
        ("https//chat.example.com", "write https:// before the host"),
        ("http://chat.example.com/x", "write https://chat.example.com or, with the port that speaks TLS, chat.exa"),
        ("http://[::1]:8080/", "[::1]:PORT"),
        ("ldaps://dir.example.com", "dir.example.com:636"),
        ("gopher://x.example", "x.example:PORT"),
        ("sametime://st.example.com/?action=AddCommunity", "no default is documented"),
        ("admin@example.com", "names a user"),
    ],
)
def test_refuses_in_one_sentence(typed: str, part: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_target(typed)
    sentence = str(caught.value)
    assert part in sentence
    assert "\n" not in sentence
    assert "\x1b" not in sentence


@pytest.mark.parametrize(
    "typed",
    [
        "https://admin:hunter2@chat.example.com:99999/",
        "https://admin:hun/ter2@chat.example.com",
        "https://admin:hunter2@",
        "http://admin:hunter2@chat.example.com",
        "ldaps://admin:hunter2@chat.example.com",
        "ldaps://admin:hunter2/x@chat.example.com",
        "sametime://admin:hunter2@chat.example.com/",
        "admin:hunter2@chat.example.com:443",
        "https:/admin:hunter2@chat.example.com",
        "https//admin:hunter2@chat.example.com",
        "https://admin:hunter2@a:b:c",
        "https://admin:hunter2@[x]",
    ],
)
def test_no_sentence_repeats_a_password(typed: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_target(typed)
    assert "hunter2" not in str(caught.value)
    assert "ter2" not in str(caught.value)


@given(st.text(alphabet=st.characters() | st.sampled_from("[]:/@.%?#-*1a é"), max_size=60))
def test_anything_is_a_target_or_a_sentence(typed: str) -> None:
    target = _target_or_sentence(typed)
    if isinstance(target, str):
        assert "\n" not in target
    else:
        again = parse_target(str(target))
        assert (again.host, again.port, again.server_name) == (target.host, target.port, target.server_name)


def _target_or_sentence(typed: str) -> Target | str:
    try:
        return parse_target(typed)
    except FormatError as error:
        return str(error)


def test_a_targets_file() -> None:
    text = "\ufeff# our servers\r\n\r\nchat.example.com\r\n  [::1]:8443   # the lab\nhttps://x.example/#frag\nCHAT.example.com:443\n"
    assert [str(target) for target in parse_targets_file(text)] == [
        "chat.example.com:443",
        "[::1]:8443",
        "x.example:443",
    ]


def test_a_targets_file_names_the_bad_line() -> None:
    with pytest.raises(FormatError, match=r"^hosts\.txt line 3: the port in 'b:0'"):
        parse_targets_file("a\r\n\r\nb:0\r\n", "hosts.txt")


def test_a_targets_file_without_targets() -> None:
    with pytest.raises(FormatError, match=r"^hosts\.txt: no target stands in it"):
        parse_targets_file("# nothing\n", "hosts.txt")
