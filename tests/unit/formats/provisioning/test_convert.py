"""From the old generation to the new one: a clean URL, and everything that is lost is said."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.formats.provisioning.examples import DOCUMENTED

from stdiag.formats.errors import FormatError
from stdiag.formats.provisioning.check import check_url
from stdiag.formats.provisioning.convert import ConvertedUrl, convert_url
from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.formats.provisioning.url import UrlContext
from stdiag.model import Severity

_PROXY = "&authProxyEnabled=true"
START = "sametime://h.example:9443/?action=AddCommunity"


def converted(text: str, context: UrlContext = UrlContext.HANDED_OUT, port: int | None = None) -> ConvertedUrl:
    return convert_url(parse_provisioning(text, context), port)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (START, "hclsametime://h.example:9443/?action=AddCommunity&savePassword=true"),
        (f"{START}&savePassword=false", "hclsametime://h.example:9443/?action=AddCommunity&savePassword=false"),
        ("sametime://h.example:443", "hclsametime://h.example/?action=AddCommunity&savePassword=true"),
        ("sametime://h.example", "hclsametime://h.example/?action=AddCommunity&savePassword=true"),
        (f"{START}&ssl=false", "hclsametime://h.example/?action=AddCommunity&savePassword=true"),
        (
            "sametime://joe%40acme.com:hunter2@h.example:443/?communityName=R%26D&photoPort=81&authProxyEnabled=true",
            "hclsametime://joe%40acme.com@h.example/?action=AddCommunity&communityName=R%26D&savePassword=true"
            + _PROXY,
        ),
        (
            f"{START}&authProxyReuseCredentials=true&authProxyUser=x&allowUntrustedSSL=true",
            "hclsametime://h.example:9443/?action=AddCommunity&savePassword=true&authProxyReuseCredentials=true",
        ),
        (
            f"{START}&communityName=a%2520b&savePassword=true",
            "hclsametime://h.example:9443/?action=AddCommunity&communityName=a%20b&savePassword=true",
        ),
        ("sametime://%s@h.example:443", "hclsametime://h.example/?action=AddCommunity&savePassword=true"),
    ],
)
def test_urls(old: str, new: str) -> None:
    assert converted(old).url == new


def test_the_servers_placeholder_is_kept_for_servers() -> None:
    new = converted("sametime://%s@h.example:443/?savePassword=false", UrlContext.SERVER)
    assert new.url == "hclsametime://%s@h.example/?action=AddCommunity&savePassword=false"


@pytest.mark.parametrize(
    ("old", "said"),
    [
        (f"{START}&ssl=false", "was not encrypted on port 9443; the new one always is, on port 443"),
        (f"{START}&ssl=maybe", "may not have been encrypted"),
        ("sametime://h.example", "named no port; the new one means 443"),
        (START, "savePassword=true is added"),
        (START, "no longer for the same community name"),
        (START, "Android 6 or iOS 13"),
        (f"{START}&photoPort=81", "photoPort is lost"),
        (f"{START}&colour=red", 'The parameter "colour", which no client knows, is left out.'),
        (f"{START}&comunityName=x", "it was probably meant to be communityName"),
        (f"{START}&authProxyUser=x", "authProxyUser is left out"),
        (f"{START}&savePassword=yes", "savePassword is unclear"),
        (f"{START}&authProxyEnabled=yes", "authProxyEnabled is unclear"),
        (f"{START}&authProxyReuseCredentials=false", "it may say true only"),
        (f"{START}&authProxyEnabled=false&authProxyReuseCredentials=true", "authProxyEnabled=false contradicts it"),
        (f"{START}&communityName=a&communityName=b", "the first is kept"),
        (f"{START}&communityName=a%2520b", 'was "a%20b", and is "a b" now'),
        ("sametime://joe:hunter2@h.example:443", "The password is left out"),
        ("sametime://%s@h.example:443", "The user name is left out"),
    ],
)
def test_what_is_lost_is_said(old: str, said: str) -> None:
    (sentence,) = [one for one in converted(old).changes if said in one]
    assert sentence.endswith(".")
    assert "hunter2" not in sentence


@pytest.mark.parametrize("old", [f"{START}&photoPort=0", START])
def test_what_is_not_lost_is_not_said(old: str) -> None:
    assert not [one for one in converted(old).changes if "photoPort" in one or "is left out" in one]


def test_the_port_can_be_another_one() -> None:
    assert converted(START, port=443).url.startswith("hclsametime://h.example/")
    new = converted(f"{START}&ssl=false", port=8443)
    assert new.url.startswith("hclsametime://h.example:8443/")
    assert "the new one always is, on port 8443" in new.changes[0]


@pytest.mark.parametrize(
    ("old", "sentence"),
    [
        ("hclsametime://h.example", "hclsametime:// is the new generation already; there is nothing to convert."),
        ("sametime://oauth2redirect", "this is the address to which an OIDC login returns, not a provisioning URL."),
        ("sametime://a..b:443", "the URL names no usable host; mend the host first."),
    ],
)
def test_what_cannot_be_converted_is_refused(old: str, sentence: str) -> None:
    with pytest.raises(FormatError) as caught:
        converted(old)
    assert str(caught.value) == sentence


_NAMES = st.sampled_from(
    ["communityName", "ssl", "savePassword", "photoPort", "authProxyEnabled", "authProxyReuseCredentials", "x", "acton"]
)
_VALUES = st.sampled_from(["true", "false", "yes", "81", "", "a%2520b", "%2%35", "%252525", "%FF%00", "%s", "a+b"])
# Without a documented parameter before it, an @ is taken for the end of a password.
_TEXT = st.text(st.characters(exclude_characters="@"), max_size=50)
_PIECES = st.tuples(_NAMES, _VALUES | _TEXT).map("=".join)


@settings(max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    user=st.sampled_from(["", "@", "joe@", "%s@", "a%25%32%35b@", "a%3Ab@", "%20@", "%00%25%00%34%31@"]),
    port=st.sampled_from(["", ":443", ":9080", ":x"]),
    pieces=st.lists(_PIECES, max_size=5),
    context=st.sampled_from(UrlContext),
)
def test_the_new_url_is_clean_whatever_the_old_one_is(
    user: str, port: str, pieces: list[str], context: UrlContext
) -> None:
    old = f"sametime://{user}h.example{port}/?{'&'.join(pieces)}"
    new = converted(old, context)
    found = check_url(parse_provisioning(new.url, context))
    assert [one for one in found if one.severity is not Severity.INFO] == []
    assert all(sentence.isprintable() for sentence in new.changes)


@pytest.mark.parametrize("old", [one for one in DOCUMENTED if one.startswith("sametime:")])
def test_documented_examples_are_converted(old: str) -> None:
    assert converted(old).url.startswith("hclsametime://")
