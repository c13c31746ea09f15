"""Secrets never enter a document."""

from __future__ import annotations

import msgspec
import pytest

from stdiag.formats.config.document import ConfigKind
from stdiag.formats.config.xml_reader import read_xml
from stdiag.formats.config.xml_secrets import masked_value

SECRET = "hunter2"  # noqa: S105 - opens nothing


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "dbPassword",
        "mongo/user-password",
        "keyStorePassword",
        "ldap_pwd",
        "a/clientSecret",
        "connection/@proxyPassword",
        "token",
        "accessToken",
        "apiKey",
        "private-key",
        "@key",
        "Passwd[2]",
        "credentials",
        "bindPW",
    ],
)
def test_a_name_that_says_it_masks_the_whole_value(name: str) -> None:
    assert masked_value(name, SECRET) == "***"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tokenDomain", ".example.com"),
        ("multiTenancy/key", "O"),
        ("managed-community/@savePassword", "true"),
        ("managed-community/@loginByToken", "False"),
        ("keyStore", "/opt/keys/store.p12"),
        ("monkey", "Bob"),
        ("compass", "north"),
        ("photoCache/proxyServerURL", "https://chat.example.com:8443/a?b=c@d"),
        ("photo", "http://h:80/photo.do?email=joe@acme.com"),
        ("mobile/configUrl", "hclsametime://%s@h.example.com/?action=AddCommunity&communityName=A%20B"),
        ("mobile/configUrl", '"hclsametime://h.example.com/?action=AddCommunity"'),
        ("tokenDomain[2]", "x"),
    ],
)
def test_what_is_no_secret_is_kept_as_written(name: str, value: str) -> None:
    assert masked_value(name, value) == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (f"https://joe:{SECRET}@h.example.com/p", "https://joe:***@h.example.com/p"),
        (f"mongodb://u:{SECRET}/x?@h:27017/a?b=c", "mongodb://u:***@h:27017/a?b=c"),
        (f"see http://a:{SECRET}@b and http://c:{SECRET}@d", "see http://a:***@b and http://c:***@d"),
        (f"http://u:{SECRET}@h:80/x?email=joe@acme.com", "http://u:***@h:80/x?email=joe@acme.com"),
        (f"http://u:a@{SECRET}/x@h/", "http://u:***@h/"),
        (f"https://u:0?0{SECRET}@h/", "https://u:***@h/"),
        (f"jdbc:db2://h:50000/STPR:user=db2;password={SECRET};", "jdbc:db2://h:50000/STPR:user=db2;password=***;"),
        (f"-Djavax.net.ssl.trustStorePassword={SECRET} -Xmx1g", "-Djavax.net.ssl.trustStorePassword=*** -Xmx1g"),
        (f"https://h/?access_token={SECRET}&x=1", "https://h/?access_token=***&x=1"),
        (f"hclsametime://joe:{SECRET}@h.example.com/?action=AddCommunity", None),
        (f"hclsametime:joe:{SECRET}@h.example.com/?action=AddCommunity", None),
        (f"sametime://h.example.com:443/?action=AddCommunity&password={SECRET}", None),
        (f"'hclsametime://joe:{SECRET}/x@h.example.com/?action=AddCommunity'", None),
    ],
)
def test_secrets_in_urls_and_options_are_masked(value: str, shown: str | None) -> None:
    masked = masked_value("anything", value)
    assert masked == (shown if shown is not None else masked)
    assert "***" in masked or shown == value
    assert shown == value or SECRET not in masked


def test_neither_document_nor_its_text_holds_a_secret() -> None:
    content = f"""<configuration a="1" dbPassword="{SECRET}"><mobile><configUrl>hclsametime://joe:{SECRET}@h.example.com/
?action=AddCommunity</configUrl></mobile><secret><![CDATA[{SECRET}]]></secret>
<x password="{SECRET}">{SECRET[:3]}</x></configuration>"""
    document = read_xml(content.encode(), "f", ConfigKind.STPROXY_XML)
    assert SECRET not in msgspec.json.encode(document).decode()
    assert SECRET not in repr(document)
    assert sum("***" in setting.value for setting in document.settings) == 4


def test_a_password_in_the_provisioning_url_stays_visible_as_one() -> None:
    shown = masked_value("mobile/configUrl", f"hclsametime://joe:{SECRET}@h.example.com/?action=AddCommunity")
    assert shown == "hclsametime://joe:***@h.example.com/?action=AddCommunity"
