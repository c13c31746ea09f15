"""Reading provisioning URLs: tolerant, and without keeping a password."""

from __future__ import annotations

import msgspec
import pytest
from tests.unit.formats.provisioning.examples import DOCUMENTED, FOR_SERVERS

from stdiag.formats.errors import FormatError
from stdiag.formats.provisioning.parse import LONGEST, parse_provisioning
from stdiag.formats.provisioning.url import DefectKind, Generation, ProvisioningUrl, Scheme, UrlContext


def test_the_parts_of_an_old_url() -> None:
    url = parse_provisioning(
        " sametime://dmisawa%40auto_sales@Stproxy.Example.com.:9080/?action=AddCommunity&communityName=A%20b&ssl=false\n"
    )
    assert (url.scheme, url.generation) == (Scheme.SAMETIME, Generation.OLD)
    assert (url.user, url.has_password) == ("dmisawa@auto_sales", False)
    assert (url.host, url.port, url.effective_port) == ("stproxy.example.com", 9080, 9080)
    assert url.uses_tls is False
    assert [(one.name, one.raw, one.value) for one in url.parameters] == [
        ("action", "AddCommunity", "AddCommunity"),
        ("communityName", "A%20b", "A b"),
        ("ssl", "false", "false"),
    ]
    assert url.defects == []


@pytest.mark.parametrize(
    ("text", "port", "tls"),
    [
        ("hclsametime://h", 443, True),
        ("hclsametime://h:9080/?ssl=false", 9080, True),
        ("hclsametime://h:http/", None, True),
        ("sametime://h", None, True),
        ("sametime://h/?ssl=true", None, True),
        ("sametime://h/?ssl=false&ssl=false", None, False),
        ("sametime://h/?ssl=false&ssl=true", None, None),
        ("sametime://h/?ssl=no", None, None),
        ("sametime://h/?SSL=false", None, True),
    ],
)
def test_defaults_go_by_the_scheme(text: str, port: int | None, *, tls: bool | None) -> None:
    url = parse_provisioning(text)
    assert (url.effective_port, url.uses_tls) == (port, tls)


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("sametime://h:1", None),
        ("sametime://@h:1", ""),
        ("sametime://a@h:1", "a"),
        ("sametime://%s@h:1", "%s"),
        ("sametime://%s%40x@h:1", "%s@x"),
        ("sametime://100%@h:1", "100%"),
        ("sametime://a@b@h:1", "a@b"),
        ("sametime://us/er@h:1/?action=AddCommunity", "us/er"),
        ("sametime://%FF@h:1", "�"),
    ],
)
def test_users(text: str, user: str | None) -> None:
    url = parse_provisioning(text)
    assert (url.user, url.host, url.port) == (user, "h", 1)


@pytest.mark.parametrize(
    ("place", "host", "port"),
    [
        ("[2001:DB8::1]:443", "2001:db8::1", 443),
        ("[2001:db8::1]", "2001:db8::1", None),
        ("2001:db8::1", "2001:db8::1", None),
        ("[fe80::1%25eth0]:443", "fe80::1%eth0", 443),
        ("192.0.2.1:80", "192.0.2.1", 80),
        ("münchen.example", "xn--mnchen-3ya.example", None),
        ("m%C3%BCnchen.example:1", "xn--mnchen-3ya.example", 1),
        ("%65xample.com:00443", "example.com", 443),
        ("<host>:443", "<host>", 443),
        ("a..b", "a..b", None),
        ("h:", "h", None),
        ("h:0", "h", None),
        ("h:65536", "h", None),
        ("h:１", "h", None),
    ],
)
def test_hosts_and_ports(place: str, host: str, port: int | None) -> None:
    url = parse_provisioning(f"hclsametime://{place}/?action=AddCommunity")
    assert (url.host, url.port) == (host, port)


@pytest.mark.parametrize(
    "text",
    [
        "hclsametime://h?action=AddCommunity&communityName=x",
        "hclsametime://h/action=AddCommunity&communityName=x",
        "hclsametime://h&action=AddCommunity&communityName=x",
        "hclsametime://h/&action=AddCommunity&communityName=x",
        "hclsametime://h/?action=AddCommunity&amp;communityName=x",
        "hclsametime://h/?action=AddCommunity%26communityName=x",
        "hclsametime://h/?action=AddCommunity;communityName=x",
        "hclsametime://h/?action=AddCommunity?communityName=x",
        "hclsametime://h\\?action=AddCommunity&communityName=x",
        "hclsametime://h/?action=AddCommu\r\n   nity&communityName=x",
        "hclsametime://h/?&action=AddCommunity&&communityName=x&",
        '"hclsametime://h/?action=AddCommunity&communityName=x"',
        "<HCLSametime://h/?action=AddCommunity&communityName=x>",
    ],
)
def test_what_was_meant_is_understood(text: str) -> None:
    url = parse_provisioning(text)
    assert (url.host, url.value("action"), url.value("communityName")) == ("h", "AddCommunity", "x")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("sametime://u:hunter2@h:1/?a=b", "sametime://u:***@h:1/?a=b"),
        ("sametime://:hunter2@h:1", "sametime://:***@h:1"),
        ("sametime://u%3Ahunter2@h:1", "sametime://u:***@h:1"),
        ("sametime://u:hunter2@x@h:1", "sametime://u:***@h:1"),
        ("sametime://u@x:hunter2@h:1", "sametime://u@x:***@h:1"),
        ("sametime://u:hunter2:hunter2@h:1", "sametime://u:***@h:1"),
        ("sametime://u:1/hunter2@h:1/?action=AddCommunity", "sametime://u:***@h:1/?action=AddCommunity"),
        ("sametime://u:1?hunter2@h:1/?action=AddCommunity", "sametime://u:***@h:1/?action=AddCommunity"),
        ("sametime://u:1#hunter2@h:1/?action=AddCommunity", "sametime://u:***@h:1/?action=AddCommunity"),
        ("sametime://u:1?b=hunter2@h:1/?action=AddCommunity", "sametime://u:***@h:1/?action=AddCommunity"),
        ("sametime://u:a@b/hunter2@h:1/?action=AddCommunity", "sametime://u:***@h:1/?action=AddCommunity"),
        ("sametime://u:hunter2", "sametime://u:***"),
        ("sametime://h:1/?password=hunter2&x=1", "sametime://h:1/?password=***&x=1"),
        ("sametime://h:1/?p%61ssword=hunter2", "sametime://h:1/?password=***"),
        ("sametime://h:1/?ssl=true%26st_password=hunter2", "sametime://h:1/?ssl=true%26st_password=***"),
        ("sametime://h:1/?savePassword=hunter2", "sametime://h:1/?savePassword=***"),
        ("sametime://h:1/#password=hunter2", "sametime://h:1/#password=***"),
    ],
)
def test_a_password_is_nowhere(text: str, masked: str) -> None:
    url = parse_provisioning(text)
    assert url.masked == masked
    assert "hunter2" not in msgspec.json.encode(url).decode()
    assert "hunter2" not in repr(url)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("hclsametime://h/?action=AddCommunity&authProxyUser=joe@acme.com", None),
        ("hclsametime://h:443/?action=AddCommunity&authProxyUser=joe@acme.com", None),
        ("sametime://u:@h:1/?savePassword=true", "sametime://u@h:1/?savePassword=true"),
        ("sametime://h:1/?%73sl=%66alse&communityName=%c3%bc%2d", "sametime://h:1/?ssl=false&communityName=%C3%BC-"),
        ("sametime://h:1/?x=\x1b[2J\u202e", "sametime://h:1/?x=%1B[2J%E2%80%AE"),
    ],
)
def test_nothing_else_is_masked(text: str, masked: str | None) -> None:
    url = parse_provisioning(text)
    assert url.masked == (masked or text)
    assert not url.has_password


@pytest.mark.parametrize("text", DOCUMENTED)
def test_masked_examples_are_as_typed(text: str) -> None:
    assert parse_provisioning(text).masked == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "this is no provisioning URL; expected hclsametime://HOST/"),
        ("chat.example.com", "this is no provisioning URL; expected hclsametime://HOST/"),
        ("joe:hunter2@chat.example.com", "this is no provisioning URL; expected hclsametime://HOST/"),
        ("https://joe:hunter2@h/", "https:// is not the scheme of a provisioning URL; expected hclsametime://HOST/"),
        ("samtime://joe:hunter2@h", "samtime:// is not the scheme of a provisioning URL; did you mean sametime://?"),
        ("hclsamtime://h", "hclsamtime:// is not the scheme of a provisioning URL; did you mean hclsametime://?"),
        ("hclsametime:joe:hunter2@h", "after hclsametime must stand :// and the host; write hclsametime://HOST"),
        ("SAMETIME:/h:1", "after sametime must stand :// and the host; write sametime://HOST"),
        (r"hclsametime:\\h", "after hclsametime must stand :// and the host; write hclsametime://HOST"),
        ("hclsametime:///h", "after hclsametime must stand :// and the host; write hclsametime://HOST"),
        ("hclsametime://", "the host is missing; expected hclsametime://HOST/"),
        ("hclsametime://?action=AddCommunity", "the host is missing; expected hclsametime://HOST/"),
        ("hclsametime://joe:hunter2@/?action=AddCommunity", "the host is missing; expected hclsametime://HOST/"),
        ("hclsametime://:443", "the host is missing; expected hclsametime://HOST/"),
        ("hclsametime://h/?" + "x" * LONGEST, "it is longer than 8192 characters"),
    ],
)
def test_what_cannot_be_one_costs_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_provisioning(text)
    assert str(caught.value).startswith(sentence)
    assert "hunter2" not in str(caught.value)


def test_the_placeholder_is_right_for_servers_only() -> None:
    server = parse_provisioning(FOR_SERVERS, "server")
    assert (server.context, server.user, server.defects) == (UrlContext.SERVER, "%s", [])
    assert [one.kind for one in parse_provisioning(FOR_SERVERS).defects] == [DefectKind.PLACEHOLDER]


def test_an_ampersand_in_the_name_is_recognised() -> None:
    url = parse_provisioning("hclsametime://h/?action=AddCommunity&communityName=R&D&savePassword=true")
    assert [one.name for one in url.parameters] == ["action", "communityName", "savePassword"]
    (found,) = url.defects
    assert found.params["right"] == "R%26D"


def test_reading_takes_time_in_proportion_to_the_length() -> None:
    for piece in ("&amp;", "%26ssl=", "@", "?a=", ";ssl=", "%", "=", "/", ":", "[", "&pass"):
        parse_provisioning("sametime://h/" + piece * ((LONGEST - 20) // len(piece)))


def test_a_url_survives_json() -> None:
    url = parse_provisioning(DOCUMENTED[0])
    assert msgspec.json.decode(msgspec.json.encode(url), type=ProvisioningUrl) == url
